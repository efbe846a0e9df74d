"""The course of a case, each step with its article: corrections, consultations, extension, fee, withdrawal."""

from dataclasses import replace
from datetime import date

import pytest

from gongkai.agencies.models import VoidNumber
from gongkai.agencies.policy import Refused
from gongkai.applications import closing, decisions, incoming, letters, notices, service
from gongkai.applications.models import State
from gongkai.review.submission import Incomplete, content_of
from gongkai.rulebook.receipt import Arrival, Channel
from tests.applications.cases import REQUEST, came, decided, released, sent, web


def day(text):
    return date.fromisoformat(text)


def counter(office, at, on):
    with at(on.year, on.month, on.day):
        return came(office, Channel.COUNTER, Arrival(on))


def correction(office, case, until):
    return notices.request_correction(
        office.actor("handler"), case, unclear="未说明年份", items="请补充所需信息的年份", until=until
    )


def refused(article, act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    assert article in refusal.value.article
    return refusal.value


def test_a_correction_stops_the_term_and_starts_a_fresh_one(office, at):
    """Rulebook 4.4: received 2026-03-02, notice due 03-11, corrected 03-20, answer due 04-20."""
    case = counter(office, at, day("2026-03-02"))
    with at(2026, 3, 11):
        sent(office, correction(office, case, day("2026-03-25")), day("2026-03-11"))
        case.refresh_from_db()
        assert (case.state, case.due_on, case.waits_until) == (State.CORRECTING, None, day("2026-03-25"))
        refused("第三十条", decided, office, case)
    with at(2026, 3, 20):
        incoming.receive_correction(office.actor("handler"), case, day("2026-03-20"), text="2020年")
        case.refresh_from_db()
        assert (case.state, case.due_on) == (State.PROCESSING, day("2026-04-20"))
        # Once only.
        refused("第三十条", correction, office, case, day("2026-04-01"))


def test_no_correction_after_the_seventh_working_day(office, at):
    case = counter(office, at, day("2026-03-02"))
    with at(2026, 3, 12):
        refused("第三十条", correction, office, case, day("2026-03-25"))


def test_a_notice_released_in_time_but_sent_too_late_is_refused(office, at):
    case = counter(office, at, day("2026-03-02"))
    with at(2026, 3, 11):
        letter = released(office, correction(office, case, day("2026-03-25")))
    with at(2026, 3, 12):
        refused(
            "第三十条",
            service.dispatch,
            office.actor("handler"),
            letter,
            way="direct",
            on=day("2026-03-12"),
        )


def test_a_missed_correction_ends_the_case_only_by_a_person(office, at):
    case = counter(office, at, day("2026-03-02"))
    with at(2026, 3, 10):
        sent(office, correction(office, case, day("2026-03-25")), day("2026-03-10"))
    with at(2026, 3, 25):
        refused("第三十条", decided, office, case, "not_corrected", no_good_reason=True)
    with at(2026, 3, 26):
        case.refresh_from_db()
        assert case.state == State.CORRECTING
        refused("第三十条", decided, office, case, "not_corrected")
        letter = decided(office, case, "not_corrected", no_good_reason=True)
        sent(office, letter, day("2026-03-26"))
        case.refresh_from_db()
    assert (letter.kind, case.row, case.state) == (27, "r3_6_1", State.ANSWERED)


def test_a_missed_term_waits_with_its_letter_drafted(office, at, client):
    """Nothing closes by itself: inbox and case lead to the letter, whose facts and days are filled in."""
    case, unpaid = counter(office, at, day("2026-03-02")), counter(office, at, day("2026-02-25"))
    with at(2026, 3, 10):
        asked = sent(office, correction(office, case, day("2026-03-25")), day("2026-03-10"))
        fee = notices.notify_fee(
            office.actor("handler"), unpaid, ladder="by_pages", units=250, payment="财政专户"
        )
        sent(office, fee, day("2026-03-10"))
    client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
    with at(2026, 4, 9):
        for row, outcome, more, words in (
            (case, "not_corrected", {"no_good_reason": "on"}, f"（{asked.number}），补正期限至2026年3月25日"),
            (unpaid, "not_paid", {}, f"于2026年3月10日收到收费通知（{fee.number}），缴费期限至2026年4月8日"),
        ):
            assert row.number in client.get("/workbench/").content.decode()
            page = f"/workbench/applications/{row.pk}/"
            assert f"{page}decide/?outcome={outcome}" in client.get(page).content.decode()
            form = client.get(f"{page}decide/?outcome={outcome}").context["form"]
            facts = form["facts"].value()
            assert "期限" in facts
            client.post(f"{page}decide/", {"outcome_key": outcome, "facts": facts} | more)
            letter = row.letters.get(act="answer")
            said = letters.opened(letters.draft_of(letter).content).elements
            assert words in said["lapse_dates"]
            assert letter.kind == 27
            # Complete as it is: the handler reads it and submits.
            letters.submit(office.actor("handler"), letter, version=letters.draft_of(letter).version)
            row.refresh_from_db()
            assert row.answered_on is None


def test_asking_a_third_party_excludes_its_time(office, at):
    """Rulebook 4.4: received 2026-03-02, asked 03-09, answered 03-26, due 04-17."""
    case = counter(office, at, day("2026-03-02"))
    with at(2026, 3, 9):
        refused("第三十二条", decided, office, case, "third_party_rights")
        letter = notices.consult_third_party(
            office.actor("handler"), case, name="某建筑公司", information="补偿协议"
        )
        sent(office, letter, day("2026-03-09"))
        case.refresh_from_db()
        refused("第三十二条", decided, office, case, "provided", third_party="silent")
    with at(2026, 3, 26):
        incoming.third_party_answered(
            office.actor("handler"), case, day("2026-03-26"), ref=letter.terms["ref"], opinion="disagree"
        )
        case.refresh_from_db()
        assert case.due_on == day("2026-04-17")
        refused("第三十二条", decided, office, case, "provided")
        refused("第三十二条", decided, office, case, "provided", third_party="upheld")
        assert decided(office, case, "third_party_rights", third_party="upheld").kind == 17


def test_the_term_of_a_posted_consultation_runs_from_its_arrival(office, at):
    """Rulebook 4.4: the third party received the letter 2026-03-11, opinion due 04-01."""
    case = counter(office, at, day("2026-03-02"))
    with at(2026, 3, 9):
        letter = notices.consult_third_party(
            office.actor("handler"), case, name="某建筑公司", information="补偿协议"
        )
        sent(office, letter, day("2026-03-09"), way="post", tracking="EMS1")
        assert not case.events.filter(type="third_party_asked").exists()
    with at(2026, 3, 12):
        service.prove(office.actor("handler"), letter, day("2026-03-11"), words="门卫签收")
        event = case.events.get(type="third_party_asked")
        assert (event.on, event.data["sent"]) == (day("2026-03-11"), "2026-03-09")
    with at(2026, 4, 1):
        refused("第三十二条", decided, office, case, third_party="silent")
    with at(2026, 4, 2):
        assert decided(office, case, third_party="silent").kind == 14


def test_a_letter_to_a_third_party_does_not_tell_who_applied(office, at):
    case = counter(office, at, day("2026-03-02"))
    with at(2026, 3, 9):
        letter = notices.consult_third_party(
            office.actor("handler"), case, name="某建筑公司", information="张三丰申请的补偿协议"
        )
        with pytest.raises(Incomplete, match="张三丰"):
            letters.submit(office.actor("handler"), letter, version=1)


def test_an_extension_needs_the_head_and_a_notice_in_time(office, at):
    case = counter(office, at, day("2021-04-23"))
    handler, head = office.actor("handler"), office.actor("head")
    with at(2021, 5, 20):
        refused("第三十三条第二款", notices.extend, handler, case)
        with pytest.raises(Refused):
            incoming.approve_extension(handler, case, working_days=20, reason="资料较多")
        refused("第三十三条第二款", incoming.approve_extension, head, case, working_days=21, reason="多")
        incoming.approve_extension(head, case, working_days=20, reason="资料较多")
        refused("第三十三条第二款", incoming.approve_extension, head, case, working_days=20, reason="多")
        letter = released(office, notices.extend(handler, case))
        case.refresh_from_db()
        assert case.due_on == day("2021-05-24")
    with at(2021, 5, 24):
        service.dispatch(handler, letter, way="post", on=day("2021-05-24"), tracking="EMS2")
        case.refresh_from_db()
        assert case.due_on == day("2021-06-22")
        refused("第三十三条第二款", incoming.approve_extension, head, case, working_days=1, reason="再延")


def test_after_the_term_nothing_extends_it(office, at):
    case = counter(office, at, day("2021-04-23"))
    with at(2021, 5, 25):
        refused(
            "第三十三条第二款",
            incoming.approve_extension,
            office.actor("head"),
            case,
            working_days=20,
            reason="资料较多",
        )


def test_a_fee_stops_the_term_until_it_is_paid(office, at):
    """Rulebook 4.4: notice received 2026-03-02, pay by 03-30."""
    case = counter(office, at, day("2026-02-25"))
    handler = office.actor("handler")
    with at(2026, 3, 2):
        refused(
            "第四十二条", notices.notify_fee, handler, case, ladder="by_pages", units=-1, payment="财政专户"
        )
        letter = notices.notify_fee(handler, case, ladder="by_pages", units=250, payment="财政专户")
        sent(office, letter, day("2026-03-02"))
        case.refresh_from_db()
        assert (case.state, case.waits_until, letter.terms["amount"]) == (
            State.PAYING,
            day("2026-03-30"),
            4700,
        )
    with at(2026, 3, 30):
        refused("第四十二条", decided, office, case, "not_paid")
        incoming.receive_fee(handler, case, day("2026-03-30"), receipt="财政票据1号")
        case.refresh_from_db()
        assert (case.state, case.due_on) == (State.PROCESSING, day("2026-04-28"))


def test_an_unpaid_fee_ends_the_case_after_its_term(office, at):
    case = counter(office, at, day("2026-02-25"))
    with at(2026, 3, 2):
        letter = notices.notify_fee(
            office.actor("handler"), case, ladder="by_items", units=1, already=10, payment="财政专户"
        )
        sent(office, letter, day("2026-03-02"))
    with at(2026, 3, 31):
        refused("第四十二条", incoming.receive_fee, office.actor("handler"), case, day("2026-03-31"))
        sent(office, decided(office, case, "not_paid"), day("2026-03-31"))
        case.refresh_from_db()
    assert case.row == "r3_6_2"


def test_a_withdrawal_becomes_its_own_outcome(office, at):
    case = counter(office, at, day("2021-04-23"))
    with at(2021, 4, 26):
        letter = decisions.withdraw(
            office.actor("handler"), case, day("2021-04-26"), words="来信撤回，原件附卷"
        )
        sent(office, letter, day("2021-04-26"))
        case.refresh_from_db()
        closing.close(office.actor("handler"), case)
        case.refresh_from_db()
    assert (letter.kind, case.row, case.sub_reason) == (29, "r3_6_3", "withdrawn")
    assert case.state == State.CLOSED


def test_other_needs_a_sub_reason(office, at):
    case = counter(office, at, day("2021-04-23"))
    with at(2021, 4, 26):
        with pytest.raises(Refused):
            decided(office, case, "other")
        with pytest.raises(Refused):
            decided(office, case, "provided", sub_reason="enquiry")
        assert decided(office, case, "other", sub_reason="not_government_information").kind == 33


def test_a_later_decision_voids_the_letter_of_the_earlier(office, at):
    case = counter(office, at, day("2021-04-23"))
    with at(2021, 4, 26):
        first = released(office, decided(office, case))
        second = released(office, decided(office, case, "not_found"))
        first.refresh_from_db()
        assert first.dropped and second.number == "西城改公复〔2021〕2号"
        assert VoidNumber.objects.get().number.text == first.number == "西城改公复〔2021〕1号"
        with pytest.raises(Refused):
            service.dispatch(office.actor("handler"), first, way="direct", on=day("2021-04-26"))


def test_a_decision_can_be_taken_back_before_it_is_sent(office, at):
    case = counter(office, at, day("2021-04-23"))
    with at(2021, 4, 26):
        decided(office, case)
        decisions.drop(office.actor("handler"), case, "需先征求第三方意见")
        case.refresh_from_db()
        assert (case.state, case.outcome) == (State.PROCESSING, "")
        sent(office, decided(office, case), day("2021-04-26"))
        case.refresh_from_db()
        refused("第四十五条", decisions.drop, office.actor("handler"), case, "改变")


def test_what_stays_unclear_was_corrected_once(office, at):
    case = counter(office, at, day("2021-04-23"))
    with at(2021, 4, 26):
        refused("第三十条", decided, office, case, "still_unclear")


def test_what_three_people_did_not_release_is_not_sent(office, at):
    case = counter(office, at, day("2021-04-23"))
    with at(2021, 4, 26):
        letter = decided(office, case)
        refused(
            "第十七条", service.dispatch, office.actor("handler"), letter, way="direct", on=day("2021-04-26")
        )


@pytest.mark.parametrize(
    ("way", "tracking", "article"),
    [("post", "", "送达"), ("electronic", "", "第四十条"), ("exchange", "", "送达"), ("drone", "", "送达")],
)
def test_the_way_of_service_is_one_that_the_rules_allow(office, at, way, tracking, article):
    with at(2021, 4, 23):
        case = came(
            office, Channel.COUNTER, Arrival(day("2021-04-23")), request=replace(REQUEST, way="pick_up")
        )
        letter = released(office, decided(office, case))
        refused(
            article,
            service.dispatch,
            office.actor("handler"),
            letter,
            way=way,
            on=day("2021-04-23"),
            tracking=tracking,
        )


def test_nothing_is_sent_before_its_date_or_tomorrow(office, at):
    case = counter(office, at, day("2021-04-23"))
    with at(2021, 4, 26):
        letter = released(office, decided(office, case))
        for on in ("2021-04-25", "2021-04-27"):
            with pytest.raises(Refused):
                service.dispatch(office.actor("handler"), letter, way="direct", on=day(on))


@pytest.mark.parametrize(
    ("on", "variant"),
    [("2021-04-26", "R-old"), ("2023-12-29", "R-old"), ("2024-01-02", "R-1"), ("2026-03-02", "R-1")],
)
def test_a_refusal_tells_the_remedies_of_its_day(office, at, on, variant):
    moment = day(on)
    case = counter(office, at, moment)
    with at(moment.year, moment.month, moment.day):
        letter = released(office, decided(office, case, "deliberative"))
        content = content_of(letter.release.digest)
    assert content["remedy"]["variant"] == variant
    assert ("应当先" in content["remedy"]["text"]) == (variant == "R-1")


def test_a_letter_that_slips_into_new_law_goes_back_to_review(office, at):
    case = counter(office, at, day("2023-12-20"))
    with at(2023, 12, 29):
        letter = released(office, decided(office, case, "deliberative"))
    with at(2024, 1, 2):
        refused(
            "行政复议法",
            service.dispatch,
            office.actor("handler"),
            letter,
            way="direct",
            on=day("2024-01-02"),
        )
        again = released(office, decided(office, case, "deliberative"))
        service.dispatch(office.actor("handler"), again, way="direct", on=day("2024-01-02"))


def test_a_case_is_closed_only_with_its_proof_of_service(office, at):
    case = counter(office, at, day("2021-04-23"))
    with at(2021, 4, 26):
        letter = sent(office, decided(office, case), day("2021-04-26"), way="post", tracking="EMS3")
        refused("第四十五条", closing.close, office.actor("handler"), case)
    with at(2021, 4, 28):
        service.prove(office.actor("handler"), letter, day("2021-04-28"))
        # The day alone is no proof: a signature, a log or a paper is, or else the reason why there is none.
        refused("第四十五条", closing.close, office.actor("handler"), case)
        service.file_proof(office.actor("handler"), letter, "签收单".encode(), "签收单.txt")
        closing.close(office.actor("handler"), case)
        case.refresh_from_db()
    assert (case.answered_on, case.closed_on) == (day("2021-04-26"), day("2021-04-28"))


def test_a_note_moves_nothing(office, at):
    case = web_at(office, at)
    before = (case.state, case.due_on)
    with at(2021, 4, 26):
        incoming.note(office.actor("reviewer"), case, "在档案室按“补偿方案”检索，无结果")
        case.refresh_from_db()
    assert (case.state, case.due_on) == before


def web_at(office, at):
    with at(2021, 4, 23):
        return web(office)
