"""Requests to amend a record about oneself (art. 41): intake, term by analogy, three results, letter 28."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from gongkai.agencies import options
from gongkai.agencies.policy import Refused
from gongkai.applications import (
    amendments,
    decisions,
    events,
    evidence,
    explained,
    figures,
    letters,
    notices,
    personal,
    rendering,
)
from gongkai.applications.intake import Incomplete, Upload
from gongkai.applications.models import Application, State
from gongkai.review.submission import content_of
from gongkai.rulebook.amendments import AMENDMENTS
from gongkai.rulebook.receipt import Arrival, Channel
from tests.applications.cases import decided, released, sent, taken, web

WISH = amendments.Wish.of(
    record="健康路棚户区改造登记表第12号",
    wrong="登记的房屋面积为48平方米",
    proof="不动产权证书，载明84平方米",
    correction="84平方米",
)


def asked(office, wish=WISH, **more):
    return amendments.submit(office.agency, taken(request=wish, **more), submission=uuid4())


def amended(office, case, **more):
    said = {"result": "record_amended", "facts": "经核对权证原件，登记有误。", "amended": "84平方米"} | more
    return amendments.decide(office.actor("handler"), case, **said)


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value


def test_it_runs_by_analogy_says_so_and_counts_nowhere(office, at):
    with at(2021, 4, 23):
        case = asked(office)
        assert (case.matter, case.state, case.due_on) == ("amendment", State.PROCESSING, date(2021, 5, 24))
        [first, *_rest] = explained.term_of(case).steps
        assert "条例第四十一条未规定期限，本机关参照第三十三条办理" in first.effect
        assert amendments.wish(case) == WISH
        assert personal.request(case).excerpt == WISH.excerpt
        letter = amended(office, case)
        sent(office, letter, date(2021, 4, 23))
        case.refresh_from_db()
    assert (case.state, case.outcome, case.row) == (State.ANSWERED, "record_amended", "")
    assert case.get_outcome_display() == "更正：本机关有权更正，经审核属实"
    assert not any(value for row in figures.table(office.agency, 2021).values() for value in row.values())
    assert list(evidence.faults()) == []


def test_the_agency_may_be_quicker_for_requests_from_then_on(office, at):
    with at(2021, 4, 23):
        before = asked(office)
        options.change(office.actor("head"), office.agency, {amendments.DAYS: 7})
        after = asked(office)
        before.refresh_from_db()
        assert (before.due_on, after.due_on) == (date(2021, 5, 24), date(2021, 5, 6))
        with pytest.raises(Refused):
            options.change(office.actor("head"), office.agency, {amendments.DAYS: 21})


@pytest.mark.parametrize("lacking", ["record", "wrong", "proof", "correction"])
def test_what_art_41_asks_for_is_asked_for_beside_its_field(office, at, lacking):
    said = {name: getattr(WISH, name) for name in amendments.LIMITS} | {lacking: " "}
    with at(2021, 4, 23):
        with pytest.raises(Incomplete) as refusal:
            asked(office, amendments.Wish.of(**said))
        assert set(refusal.value.problems) == {lacking}
    assert not Application.objects.exists()


def test_evidence_may_be_a_file(office, at):
    with at(2021, 4, 23):
        case = asked(office, replace(WISH, proof=""), files=[Upload("权证.txt", "84平方米".encode())])
        assert amended(office, case).kind == 28


def test_a_letter_that_lacks_something_is_registered_and_completed_later(office, at):
    with at(2021, 4, 23):
        case = amendments.register(
            office.actor("handler"),
            office.agency,
            taken(request=amendments.Wish.of(record="登记表", wrong="面积", proof="", correction="")),
            channel=Channel.REGISTERED_MAIL,
            arrival=Arrival(date(2021, 4, 23), signed=date(2021, 4, 23)),
        )
        error = refused(amended, office, case)
        assert "第四十一条" in error.article
        letter = notices.request_correction(
            office.actor("handler"), case, unclear="未附证据", items="请提供证据", until=date(2021, 5, 10)
        )
        released(office, letter)
        body = paper_of(letter)
    assert "提出的更正申请" in body and "政府信息公开申请" not in body
    assert "依据《中华人民共和国政府信息公开条例》第四十一条，并参照第三十条" in body


def paper_of(letter):
    paper = rendering.paper(letter, content_of(letter.release.digest))
    return "\n".join(paragraph.text for paragraph in paper.body)


@pytest.mark.parametrize(
    ("result", "more", "words"),
    [
        ("record_amended", {"amended": "84平方米"}, ("更正后的内容为：84平方米。", "予以更正")),
        (
            "record_forwarded",
            {"organ": "区不动产登记中心", "contact": "0379-1", "way": "passed_on"},
            (
                "由区不动产登记中心（联系方式：0379-1）负责更正，本机关已将您的更正申请转送该机关处理。",
                "无权更正",
            ),
        ),
        (
            "record_forwarded",
            {"organ": "区不动产登记中心", "way": "told"},
            ("请您向该机关提出。", "无权更正"),
        ),
        ("record_kept", {}, ("原记录不作更正。", "不予更正")),
    ],
    ids=["amended", "passed_on", "told", "kept"],
)
@pytest.mark.parametrize(("on", "variant"), [("2021-04-26", "R-old"), ("2024-03-04", "R-2")])
def test_letter_28_says_the_result_and_the_remedies_of_its_day(office, at, result, more, words, on, variant):
    day = date.fromisoformat(on)
    with at(day.year, day.month, day.day):
        case = asked(office)
        said = {"result": result, "facts": "经核对档案，情况如上。"} | more
        letter = released(office, amendments.decide(office.actor("handler"), case, **said))
        body = paper_of(letter)
        content = content_of(letter.release.digest)
    assert letter.kind == 28 and content["remedy"]["variant"] == variant
    assert content["remedy"]["text"] in body
    assert all(each in body for each in words)
    assert "提出的更正申请（登记编号：" in body and WISH.excerpt in body
    assert "根据《中华人民共和国政府信息公开条例》第四十一条的规定" in body


@pytest.mark.parametrize(
    "said",
    [
        {"result": "provided"},
        {"facts": " "},
        {"amended": ""},
        {"result": "record_forwarded"},
        {"result": "record_forwarded", "organ": "区不动产登记中心", "way": "x"},
    ],
)
def test_an_incomplete_decision_is_refused_with_its_article(office, at, said):
    with at(2021, 4, 23):
        error = refused(amended, office, asked(office), **said)
    assert "第四十一条" in error.article


def test_neither_kind_is_decided_like_the_other(office, at):
    with at(2021, 4, 23):
        case, other = asked(office), web(office)
        assert "第三十六条" in refused(decided, office, case).article
        assert "第四十一条" in refused(amended, office, other).article
    assert set(AMENDMENTS).isdisjoint({case.outcome for case in Application.objects.all()})


def test_while_a_correction_is_awaited_it_is_not_decided_and_after_its_term_it_is(office, at):
    with at(2021, 4, 23):
        case = asked(office)
        held = events.lock(case.pk)
        events.write(held, "correction_requested", date(2021, 4, 23), None, until="2021-05-10")
    with at(2021, 5, 10):
        assert "第三十条" in refused(amended, office, case, result="record_kept").article
    with at(2021, 5, 11):
        assert amended(office, case, result="record_kept").kind == 28


def test_a_later_decision_takes_the_place_of_the_earlier_and_may_be_taken_back(office, at):
    with at(2021, 4, 23):
        case = asked(office)
        first, second = amended(office, case), amended(office, case, result="record_kept")
        first.refresh_from_db()
        assert first.dropped and not second.dropped
        decisions.drop(office.actor("handler"), case, "需核对原件")
        case.refresh_from_db()
    assert (case.state, case.outcome) == (State.PROCESSING, "")
    assert letters.carries_remedy(second)
