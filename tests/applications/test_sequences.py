"""Sequences that look lawful step by step and are not as a whole: letters on their way, days that moved, two clerks."""

from gongkai.agencies.policy import Refused
from gongkai.applications import (
    closing,
    decisions,
    events,
    incoming,
    letters,
    merging,
    notices,
    service,
    states,
)
from gongkai.applications.models import State
from gongkai.rulebook.receipt import Arrival, Channel
from tests.applications.cases import FACTS, came, decided, released, sent, web
from tests.applications.test_case_events import correction, counter, day, refused
from tests.applications.test_invariants import at_once

BACKEND = "django.contrib.auth.backends.ModelBackend"
POST = {"way": "post", "tracking": "EMS9"}


def asked(office, case, name="某建筑公司", **way):
    letter = notices.consult_third_party(office.actor("handler"), case, name=name, information="补偿协议")
    return sent(office, letter, events.clock.today(), **way)


def charged(office, case, **way):
    letter = notices.notify_fee(
        office.actor("handler"), case, ladder="by_pages", units=250, payment="财政专户"
    )
    return sent(office, letter, events.clock.today(), **way)


# On its way


def test_nothing_is_given_while_the_letter_to_the_third_party_is_on_its_way(office, at):
    case = counter(office, at, day("2026-03-02"))
    handler = office.actor("handler")
    with at(2026, 3, 9):
        asked(office, case, **POST)
        for outcome in ("provided", "partly_provided", "third_party_rights"):
            refusal = refused("第三十二条", decided, office, case, outcome, third_party="silent")
            assert "某建筑公司" in refusal.message
        # What is decided without regard to the third party needs no waiting.
        decided(office, case, "not_found")
        decisions.drop(handler, case, "再查")
    with at(2026, 3, 12):
        # It came back; asked again by hand, the lost letter holds nothing up any more.
        again = asked(office, case)
    with at(2026, 4, 3):
        assert again.proof.on == day("2026-03-12")
        assert decided(office, case, third_party="silent").kind == 14


def test_nothing_is_decided_while_the_fee_notice_is_on_its_way(office, at):
    case = counter(office, at, day("2026-02-25"))
    with at(2026, 3, 2):
        charged(office, case, **POST)
        for outcome in ("provided", "not_found", "petition"):
            refused("第四十二条", decided, office, case, outcome)
    with at(2026, 3, 9):
        again = charged(office, case)
        case.refresh_from_db()
        assert (case.state, case.waits_until) == (State.PAYING, day("2026-04-07"))
        incoming.receive_fee(office.actor("handler"), case, day("2026-03-09"))
        assert decided(office, case).kind == 14
    assert again.proof.on == day("2026-03-09")


def test_the_applicant_may_withdraw_whatever_is_on_its_way(office, at):
    case = counter(office, at, day("2026-02-25"))
    with at(2026, 3, 2):
        charged(office, case, **POST)
        letter = decisions.withdraw(office.actor("handler"), case, day("2026-03-02"), words="来信撤回")
    assert letter.kind == 29


def test_a_fee_notice_is_not_posted_after_the_term_and_one_that_arrives_after_it_moves_nothing(
    office, at, client
):
    late, slow = counter(office, at, day("2026-02-25")), counter(office, at, day("2026-02-25"))
    handler = office.actor("handler")
    with at(2026, 3, 24):
        assert late.due_on == day("2026-03-24")
        letter = released(
            office, notices.notify_fee(handler, late, ladder="by_pages", units=250, payment="财政专户")
        )
        posted = charged(office, slow, **POST)
    with at(2026, 3, 27):
        refused(
            "第四十二条", service.dispatch, handler, letter, way="post", on=day("2026-03-27"), tracking="EMS1"
        )
        client.force_login(office.people["handler"], backend=BACKEND)
        answer = client.post(
            f"/workbench/letters/{posted.pk}/served/", {"on": "2026-03-27", "words": "本人签收"}, follow=True
        )
        posted.refresh_from_db()
        slow.refresh_from_db()
        assert posted.proof.on == day("2026-03-27") and service.without_effect(posted.proof)
        assert (slow.state, slow.due_on) == (State.PROCESSING, day("2026-03-24"))
        note = slow.events.get(type="note")
        assert "收费通知应在答复期限内送达" in events.words(note)
        assert "不再由此起算" in answer.content.decode()
        decided(office, slow)


def test_a_letter_that_arrives_after_the_answer_is_entered_and_moves_nothing(office, at):
    case = counter(office, at, day("2026-03-02"))
    with at(2026, 3, 9):
        letter = asked(office, case, **POST)
        answer = sent(office, decided(office, case, "not_found"), day("2026-03-09"))
    with at(2026, 3, 12):
        service.prove(office.actor("handler"), letter, day("2026-03-11"), words="门卫签收")
        case.refresh_from_db()
        assert (case.state, case.answered_on) == (State.ANSWERED, day("2026-03-09"))
        assert not case.events.filter(type="third_party_asked").exists()
        closing.close(office.actor("handler"), case)
    assert answer.proof.on == day("2026-03-09")


# Days that a letter names


def test_an_extension_is_not_sent_with_a_day_that_is_no_longer_the_day(office, at):
    case = counter(office, at, day("2026-03-02"))
    handler, head = office.actor("handler"), office.actor("head")
    with at(2026, 3, 9):
        question = asked(office, case)
    with at(2026, 3, 10):
        incoming.approve_extension(head, case, working_days=5, reason="资料较多")
        letter = released(office, notices.extend(handler, case))
        assert letters.opened(letters.draft_of(letter).content).elements["new_due"] == "2026年4月28日"
    with at(2026, 3, 12):
        incoming.third_party_answered(
            handler, case, day("2026-03-12"), ref=question.terms["ref"], opinion="agree"
        )
        refusal = refused(
            "第三十三条第二款",
            service.dispatch,
            handler,
            letter,
            way="direct",
            on=day("2026-03-12"),
            words="签收",
        )
        assert "2026年4月28日" in refusal.message and "2026-04-10" in refusal.message
        # The way out: the approval stands, the letter is written anew.
        letters.give_up(handler, letter)
        sent(office, notices.extend(handler, case), day("2026-03-12"))
        case.refresh_from_db()
        assert case.due_on == day("2026-04-10")


def test_a_correction_notice_leaves_time_on_the_day_on_which_it_goes_out(office, at):
    case = counter(office, at, day("2026-03-02"))
    handler = office.actor("handler")
    with at(2026, 3, 9):
        letter = released(office, correction(office, case, day("2026-03-10")))
    with at(2026, 3, 10):
        refused(
            "第三十条", service.dispatch, handler, letter, way="direct", on=day("2026-03-10"), words="签收"
        )
        letters.give_up(handler, letter)
        sent(office, correction(office, case, day("2026-03-24")), day("2026-03-10"))
    case.refresh_from_db()
    assert case.waits_until == day("2026-03-24")


def test_the_days_and_sums_that_count_are_not_written_by_hand(office, at, client):
    case = counter(office, at, day("2026-03-02"))
    handler = office.actor("handler")
    with at(2026, 3, 9):
        letter = correction(office, case, day("2026-03-24"))
        letters.save(handler, letter, {"correction_term": "2026年3月12日"}, version=1)
        assert letters.opened(letters.draft_of(letter).content).elements["correction_term"] == "2026年3月24日"
        client.force_login(office.people["handler"], backend=BACKEND)
        page = client.get(f"/workbench/letters/{letter.pk}/edit/").content.decode()
        assert "2026年3月24日" in page and 'name="correction_term"' not in page
        letters.give_up(handler, letter)
        fee = notices.notify_fee(handler, case, ladder="by_pages", units=250, payment="财政专户")
        letters.save(handler, fee, {"fee_amount": "1元"}, version=1)
        assert letters.opened(letters.draft_of(fee).content).elements["fee_amount"] == "4700元"


def test_a_withdrawal_does_not_come_before_the_application(office, at):
    case = counter(office, at, day("2026-03-09"))
    with at(2026, 3, 10):
        refused(
            "第三十一条",
            decisions.withdraw,
            office.actor("handler"),
            case,
            day("2026-03-06"),
            words="来信撤回",
        )


# Together


def test_a_refusal_names_the_case_handled_together_that_keeps_the_act_back(office, at):
    older, newer = counter(office, at, day("2026-03-02")), counter(office, at, day("2026-03-10"))
    with at(2026, 3, 10):
        merging.merge(office.actor("handler"), older, newer)
    with at(2026, 3, 12):
        newer.refresh_from_db()
        refusal = refused("第三十条", correction, office, newer, day("2026-03-25"))
        assert older.number in refusal.message and "2026-03-11" in refusal.message


def test_a_third_party_that_stayed_silent_keeps_no_cases_apart(office, at):
    case, lead = counter(office, at, day("2026-03-02")), counter(office, at, day("2026-03-02"))
    with at(2026, 3, 9):
        asked(office, case)
        refused("第四十五条", merging.merge, office.actor("handler"), case, lead)
    with at(2026, 3, 31):
        merging.merge(office.actor("handler"), case, lead)


# Two clerks


def test_who_decides_after_somebody_else_did_is_told_and_keeps_what_was_typed(office, at, client):
    case = counter(office, at, day("2026-03-02"))
    with at(2026, 3, 4):
        client.force_login(office.people["second_handler"], backend=BACKEND)
        address = f"/workbench/applications/{case.pk}/decide/"
        page = client.get(f"{address}?outcome=provided").content.decode()
        assert f'name="seen" value="{states.UNDECIDED}"' in page
        first = decided(office, case, "not_found")
        said = {
            "step": "answer",
            "outcome_key": "provided",
            "seen": states.UNDECIDED,
            "facts": "本机关制作并保存该信息",
        }
        for to in ("see", "confirm"):
            page = client.post(address, said | {"to": to}).content.decode()
            assert "演示·handler" in page and "第三十六条" in page
            assert "本机关制作并保存该信息" in page
        first.refresh_from_db()
        case.refresh_from_db()
        assert (case.outcome, first.dropped) == ("not_found", False)
        # Who has looked may decide otherwise: the later decision takes the place of the earlier.
        seen = states.decision_in_force(events.of(case))
        client.post(address, said | {"to": "confirm", "seen": seen})
        case.refresh_from_db()
        assert case.outcome == "provided"


def test_two_decide_at_once_one_is_told(committed):
    case = web(committed)

    def work(name, outcome):
        actor = committed.actor(name)
        return lambda: decisions.decide(actor, case, outcome_key=outcome, facts=FACTS, seen=states.UNDECIDED)

    results = at_once(work("handler", "provided"), work("second_handler", "petition"))
    [refusal] = [result for result in results if isinstance(result, Refused)]
    assert "第三十六条" in refusal.article
    assert case.events.filter(type="decided").count() == 1


def test_two_approve_an_extension_at_once_one_is_told(committed):
    case = web(committed)
    head = committed.actor("head")

    def work():
        return incoming.approve_extension(head, case, working_days=5, reason="资料较多")

    results = at_once(work, work)
    [refusal] = [result for result in results if isinstance(result, Refused)]
    assert "第三十三条第二款" in refusal.article
    assert case.events.filter(type="extension_approved").count() == 1


def test_two_send_one_letter_at_once_one_is_told(committed):
    today = events.clock.today()
    case = came(committed, Channel.COUNTER, Arrival(today))
    letter = released(committed, decided(committed, case))

    def work(name):
        actor = committed.actor(name)
        return lambda: service.dispatch(actor, letter, way="direct", on=today, words="签收")

    results = at_once(work("handler"), work("second_handler"))
    assert len([result for result in results if isinstance(result, Refused)]) == 1
    assert case.events.filter(type="answered").count() == 1


def test_who_writes_a_letter_that_was_given_up_meanwhile_is_told_and_keeps_the_text(office, at, client):
    case = counter(office, at, day("2026-03-02"))
    with at(2026, 3, 4):
        letter = correction(office, case, day("2026-03-24"))
        client.force_login(office.people["second_handler"], backend=BACKEND)
        letters.give_up(office.actor("handler"), letter)
        answer = client.post(
            f"/workbench/letters/{letter.pk}/edit/",
            {"version": "1", "what_is_unclear": "未说明是哪一年的方案", "correction_items": "年份"},
        )
        assert answer.status_code == 200
        assert "未说明是哪一年的方案" in answer.content.decode()
        assert client.get(f"/workbench/letters/{letter.pk}/edit/").status_code == 404
