"""Several applications, one handling and one letter: each with its own clock, each counted."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.agencies.policy import Refused
from gongkai.applications import (
    closing,
    decisions,
    events,
    evidence,
    figures,
    intake,
    letters,
    merging,
    notices,
    relations,
    rendering,
    service,
    splitting,
    tracking,
)
from gongkai.applications.acts import ACTS, verdict
from gongkai.applications.models import Application, State
from gongkai.applications.personal import Person, Request
from gongkai.journal import chain
from gongkai.journal import clock as now
from gongkai.review.submission import content_of
from gongkai.rulebook.receipt import Channel
from tests.applications.cases import PERSON, decided, released, web

OTHER = Person(name="李四光", identity="passport", identity_number="E12345678", phone="13900139000")


def two(office, at, first=(2021, 4, 23), second=(2021, 4, 27)):
    """A case that leads and one that follows it, of one applicant."""
    with at(*first):
        lead = web(office)
    with at(*second):
        joining = web(office, request=Request(description="安置房源清单"))
    return lead, joining


def joined(office, at):
    lead, joining = two(office, at)
    with at(2021, 4, 28):
        merging.merge(office.actor("handler"), joining, lead)
    lead.refresh_from_db()
    joining.refresh_from_db()
    return lead, joining


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value


def test_what_happens_to_the_lead_happens_to_both_each_by_its_own_clock(office, at):
    lead, joining = joined(office, at)
    assert joining.lead == lead and lead.lead is None
    assert (lead.due_on, joining.due_on) == (date(2021, 5, 24), date(2021, 5, 27))
    assert relations.due_before(joining) == lead and relations.due_before(lead) is None
    with at(2021, 4, 29):
        held = events.lock(lead.pk)
        events.write(held, "third_party_asked", date(2021, 4, 29), office.actor("handler"), ref="a")
    with at(2021, 5, 10):
        held = events.lock(lead.pk)
        events.write(
            held, "third_party_answered", date(2021, 5, 10), office.actor("handler"), ref="a", opinion="agree"
        )
    lead.refresh_from_db()
    joining.refresh_from_db()
    # 30 April, 6, 7, 8 (made up) and 10 May are not counted, for either.
    assert (lead.due_on, joining.due_on) == (date(2021, 5, 31), date(2021, 6, 3))
    shared = joining.events.get(type="third_party_answered")
    assert shared.data == {"ref": "a", "opinion": "agree", "of": str(lead.pk)}
    assert list(evidence.faults()) == []


def test_what_one_of_the_clocks_does_not_allow_is_refused_for_all(office, at):
    """The correction notice by day 7 of the earlier case; the later one alone would still be in time."""
    lead, joining = two(office, at, (2021, 4, 23), (2021, 5, 6))
    with at(2021, 5, 6):
        merging.merge(office.actor("handler"), lead, joining)
    with at(2021, 5, 7):
        error = refused(events.check, joining, "correction_requested", date(2021, 5, 7))
    assert "第三十条" in error.article


def test_one_letter_answers_all_and_names_each(office, at):
    lead, joining = joined(office, at)
    with at(2021, 5, 10):
        letter = decided(office, lead)
        said = letters.opened(letters.draft_of(letter).content)
    assert said.addressee == PERSON.name
    assert said.elements["registration_number"] == f"{lead.number}、{joining.number}"
    assert said.elements["received_on"] == "2021年4月23日、2021年4月27日分别"
    excerpt = said.elements["request_excerpt"]
    assert f"{lead.number}：《健康路棚户区改造项目征收补偿方案》" in excerpt
    assert f"{joining.number}：安置房源清单" in excerpt
    joining.refresh_from_db()
    assert (joining.state, joining.outcome, joining.row) == (State.DECIDED, "provided", "r3_1")


def test_each_is_answered_and_counted_by_the_common_letter(office, at):
    lead, joining = joined(office, at)
    with at(2021, 5, 10):
        letter = decided(office, lead)
        events.write(
            events.lock(lead.pk), "answered", date(2021, 5, 10), office.actor("handler"), letter=letter
        )
        joining.refresh_from_db()
        assert (joining.state, joining.answered_on) == (State.ANSWERED, date(2021, 5, 10))
        assert list(relations.letters_of(joining)) == [letter]
        table = figures.table(office.agency, 2021)
    assert (table["r1"]["total"], table["r3_1"]["total"], table["r3_7"]["total"]) == (2, 2, 2)


def test_by_its_own_code_a_joined_case_shows_the_common_letter_and_closes_with_it(office, at):
    lead, joining = joined(office, at)
    with at(2021, 5, 10):
        letter = released(office, decided(office, lead))
        rendering.make({"kind": "letter", "subject": str(letter.pk)})
        service.dispatch(office.actor("handler"), letter, way="electronic", on=date(2021, 5, 10))
        case = tracking.find(joining.number, intake.query_code(joining))
        shown = tracking.follow(case)
        assert [paper.number for paper in shown.papers] == [letter.number]
        [pdf] = [row for row in shown.papers[0].files if row.purpose == "pdf"]
        _row, data = tracking.file_of(case, pdf.pk)
        assert data.startswith(b"%PDF") and shown.remedy.reconsideration_last == date(2021, 7, 9)
        closing.close(office.actor("handler"), lead)
        joining.refresh_from_db()
        assert (joining.state, joining.closed_on) == (State.CLOSED, date(2021, 5, 10))
        paper = rendering.paper(letter, content_of(letter.release.digest))
    body = "".join(paragraph.text for paragraph in paper.body)
    assert (
        f"本机关于2021年4月23日、2021年4月27日分别收到您通过{Channel.WEB.label}提出的政府信息公开申请"
        f"（登记编号：{lead.number}、{joining.number}）"
    ) in body
    assert list(evidence.faults()) == []
    assert [fault.message for fault in chain.verify() if "链头" not in fault.message] == []


def test_joint_applicants_are_joined_by_a_finding_with_its_reason(office, at):
    with at(2021, 4, 23):
        lead, joining = web(office), web(office, person=OTHER)
        actor = office.actor("handler")
        assert "第四十五条" in refused(merging.merge, actor, joining, lead).article
        merging.merge(actor, joining, lead, reason="夫妻就同一房屋提出，均同意合并答复")
        letter = decided(office, lead)
        assert letters.opened(letters.draft_of(letter).content).addressee == "张三丰、李四光"
        # Somebody else's case is not opened through one's own.
        assert tracking.parts(Application.objects.get(pk=joining.pk)) == []


def test_candidates_are_open_cases_of_the_same_applicant(office, at):
    lead, joining = two(office, at)
    with at(2021, 4, 28):
        web(office, person=OTHER)
        done = web(office)
        decided(office, done)
        assert merging.candidates(joining) == [lead]
        merging.merge(office.actor("handler"), joining, lead)
        lead.refresh_from_db()
        assert merging.candidates(lead) == []


def test_a_joined_case_acts_through_its_lead(office, at):
    lead, joining = joined(office, at)
    with at(2021, 4, 29):
        error = refused(decided, office, joining)
        assert lead.number in error.message
        allowed = {key for key, act in ACTS.items() if verdict(office.actor("handler"), joining, act).allowed}
    assert allowed == {"separate", "note", "log_call"}


def test_separated_again_each_goes_its_own_way(office, at):
    lead, joining = joined(office, at)
    with at(2021, 4, 29):
        merging.separate(office.actor("handler"), joining, reason="需分别征求意见")
        joining.refresh_from_db()
        assert joining.lead is None
        decided(office, lead)
        joining.refresh_from_db()
        assert (joining.state, joining.outcome) == (State.PROCESSING, "")
        said = letters.opened(letters.draft_of(decided(office, lead, "not_responsible")).content)
        assert said.elements["registration_number"] == lead.number
        # And joined once more, the other way round.
        decisions.drop(office.actor("handler"), lead, "合并答复")
        merging.merge(office.actor("handler"), lead, joining)
        lead.refresh_from_db()
        assert lead.lead == joining


def test_unlawful_joining_is_refused_with_its_article(office, at):
    lead, joining = two(office, at)
    actor = office.actor("handler")
    with at(2021, 4, 28):
        third = web(office)
        assert refused(merging.merge, actor, lead, lead).article
        assert refused(merging.separate, actor, lead, reason="无").article
        merging.merge(actor, joining, lead)
        for args in ((third, joining), (lead, third), (joining, third)):
            assert "第四十五条" in refused(merging.merge, actor, *args).article
        assert refused(merging.separate, actor, Application.objects.get(pk=joining.pk), reason=" ").article
        assert "第四条" in refused(splitting.split, actor, lead, ["一", "二"]).article
        notice = notices.consult_agency(actor, lead, name="区档案馆", items="查找方案")
        assert "第四十五条" in refused(merging.merge, actor, third, lead).article
        assert (
            "第四十五条"
            in refused(merging.separate, actor, Application.objects.get(pk=joining.pk), reason="分开").article
        )
        letters.give_up(actor, notice)
        decided(office, lead)
        assert "第四十五条" in refused(merging.merge, actor, third, lead).article
        joining.refresh_from_db()
        assert "第四十五条" in refused(merging.separate, actor, joining, reason="分开").article


def test_a_case_that_waits_for_an_opinion_is_not_joined(office, at):
    lead, joining = two(office, at)
    with at(2021, 4, 28):
        events.write(
            events.lock(lead.pk), "agency_consulted", date(2021, 4, 28), None, ref="a", co_maker=False
        )
        assert "第四十五条" in refused(merging.merge, office.actor("handler"), joining, lead).article


def test_the_list_of_work_shows_the_lead_for_all(office, at):
    lead, joining = two(office, at, (2021, 4, 27), (2021, 4, 23))
    with at(2021, 4, 28):
        merging.merge(office.actor("handler"), joining, lead)
    [row] = relations.in_lists(Application.objects.all())
    assert (row.pk, row.others, row.first_due) == (lead.pk, 1, date(2021, 5, 24))


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["apply", "split", "merge", "separate", "decide", "answer"]),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=14,
)


@settings(max_examples=25)
@given(moves=MOVES)
def test_whatever_is_split_joined_separated_and_decided_the_sums_hold(office, at, moves):
    """r1 is the number of registrations and never falls; r1 + r2 = r3_7 + r4; caches are those of the events."""
    actor = office.actor("handler")
    before = Application.objects.count()
    with transaction.atomic(), at(2021, 4, 23):
        web(office)
        last = before
        for move, one, other in moves:
            rows = list(Application.objects.order_by("number"))
            case, second = rows[one % len(rows)], rows[other % len(rows)]
            try:
                with transaction.atomic():
                    _move(office, actor, move, case, second)
            except Refused as refusal:
                assert refusal.message and refusal.article, move
            table = figures.table(office.agency, 2021)
            r1 = table["r1"]["total"]
            assert r1 == Application.objects.count() >= last
            assert r1 + table["r2"]["total"] == table["r3_7"]["total"] + table["r4"]["total"]
            last = r1
        assert list(evidence.faults()) == []
        for each in Application.objects.filter(lead__isnull=False):
            # Its clock is its own: the same events without a lead give the same due day.
            assert each.due_on == events.cached(events.of(each))["due_on"]
            assert each.lead.state == each.state
        transaction.set_rollback(True)


def _move(office, actor, move, case, second):
    if move == "apply":
        web(office)
    elif move == "split":
        splitting.split(actor, case, ["一", "二", "三"])
    elif move == "merge":
        merging.merge(actor, case, second)
    elif move == "separate":
        merging.separate(actor, case, reason="分别办理")
    elif move == "decide":
        decided(office, case, "not_responsible")
    elif case.state == State.DECIDED and case.lead is None:
        events.write(events.lock(case.pk), "answered", now.today(), actor)
