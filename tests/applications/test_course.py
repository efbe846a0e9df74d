"""What a case needs in its course: who handles it, searches, telephone talks, reasons of art. 35, the interval."""

from dataclasses import replace
from datetime import date, time

import pytest

from gongkai.agencies import appointing, navigation, options
from gongkai.agencies.models import Appointment, Person, Role
from gongkai.agencies.policy import Refused, actor_for
from gongkai.applications import (
    assigning,
    calls,
    decisions,
    events,
    excess,
    incoming,
    interval,
    letters,
    notices,
    service,
)
from gongkai.applications.models import Application, State
from gongkai.journal.models import Entry
from gongkai.rulebook.receipt import Arrival, Channel
from tests.applications.cases import PERSON, came, decided, released, searched, sent, web


def day(text):
    return date.fromisoformat(text)


def refused(article, act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    assert article in refusal.value.article
    return refusal.value


def numbers(office, name):
    return {each.number for each in navigation.waiting(office.actor(name)) if "/applications/" in each.url}


# Handing over


def test_a_case_is_handed_over_with_all_that_is_in_it(office, at):
    handler, other = office.actor("handler"), office.people["second_handler"]
    with at(2026, 3, 2):
        case = web(office)
        assert case.handler is None
        searched(office, case)
        before = (case.due_on, case.events.count())
        event = assigning.assign(handler, case, other, "原经办人出差")
        case.refresh_from_db()
    assert case.handler == other and case.due_on == before[0]
    assert case.events.count() == before[1] + 1
    assert event.data == {"to": str(other.pk)} and events.words(event) == "原经办人出差"
    assert "出差" not in event.sealed
    assert Entry.objects.filter(action="application.assigned", subject_id=str(case.pk)).count() == 1


def test_only_who_handles_applications_of_the_agency_is_given_one(office, at):
    with at(2026, 3, 2):
        case = web(office)
        refused("第四十五条", assigning.assign, office.actor("handler"), case, office.people["reviewer"])
        refused("第四十五条", assigning.assign, office.actor("handler"), case, office.people["supervisor"])
        found = set(assigning.candidates(office.agency))
    assert found == {office.people[name] for name in ("handler", "second_handler", "head")}


def test_who_hands_over_what_was_handed_over_meanwhile_is_told(office, at):
    with at(2026, 3, 2):
        case = web(office)
        stale = Application.objects.get(pk=case.pk)
        assigning.assign(office.actor("head"), case, office.people["second_handler"])
        told = refused(
            "第四十五条", assigning.assign, office.actor("handler"), stale, office.people["handler"]
        )
    assert office.people["second_handler"].name in told.message
    assert stale.events.filter(type="assigned").count() == 1


def test_an_agency_may_give_new_cases_to_its_only_handler(office, at):
    with at(2026, 3, 2):
        options.change(office.actor("head"), office.agency, {assigning.ONLY_HANDLER: True})
        # Two are appointed, so nobody is meant.
        assert web(office).handler is None
        [second] = Appointment.objects.filter(person=office.people["second_handler"])
        appointing.end(office.actor("system", "administration"), second, on=day("2026-03-02"), reason="调离")
    with at(2026, 3, 3):
        assert web(office).handler == office.people["handler"]


def test_the_inbox_shows_ones_own_cases_and_nobodys_the_head_sees_all(office, at):
    with at(2026, 3, 2):
        mine, theirs, nobodys = web(office), web(office), web(office)
        assigning.assign(office.actor("head"), mine, office.people["handler"])
        assigning.assign(office.actor("head"), theirs, office.people["second_handler"])
        assert numbers(office, "handler") == {mine.number, nobodys.number}
        assert numbers(office, "second_handler") == {theirs.number, nobodys.number}
        assert numbers(office, "head") == {mine.number, theirs.number, nobodys.number}
        shown = [each for each in navigation.waiting(office.actor("head")) if each.number == theirs.number]
        assert office.people["second_handler"].name in str(shown[0].step)
        letter = decided(office, theirs)
        assert letter.application.number not in {
            each.number for each in navigation.waiting(office.actor("handler"))
        }


def test_the_cases_of_who_has_left_come_back_to_the_others(office, at):
    with at(2026, 3, 2):
        case = web(office)
        assigning.assign(office.actor("head"), case, office.people["second_handler"])
        [held] = Appointment.objects.filter(person=office.people["second_handler"])
        appointing.end(office.actor("system", "administration"), held, on=day("2026-03-02"), reason="调离")
    with at(2026, 3, 3):
        assert case.number in numbers(office, "handler")


def test_a_deputy_sees_the_cases_of_the_absent_colleague(office, at):
    person = Person.objects.create_user("deputy", "deputy-password-1", name="演示·代办", agency=office.agency)
    with at(2026, 3, 2):
        case = web(office)
        assigning.assign(office.actor("head"), case, office.people["handler"])
        row = appointing.propose(
            office.actor("system", "administration"),
            person,
            office.agency,
            Role.HANDLER,
            deputy=True,
            paper="代理通知",
            starts_on=day("2026-03-02"),
        )
        appointing.confirm(office.actor("security", "administration"), row)
        waiting = {each.number for each in navigation.waiting(actor_for(person))}
    assert case.number in waiting


# The search record


def test_what_does_not_exist_was_searched_for_first(office, at):
    handler = office.actor("handler")
    with at(2026, 3, 2):
        case = web(office)
        refused(
            "第三十六条", decisions.decide, handler, case, outcome_key="not_found", facts="经检索没有相关信息"
        )
        searched(office, case, found=True, result="查到一份草稿")
        refused(
            "第三十六条", decisions.decide, handler, case, outcome_key="not_found", facts="经检索没有相关信息"
        )
        searched(office, case)
        searched(office, case, where="公文系统", period="", keywords="征收补偿", result="无结果。")
        letter = decisions.decide(handler, case, outcome_key="not_found", facts="经检索没有相关信息")
        said = letters.opened(letters.draft_of(letter).content).elements
    assert said["search_scope"] == "档案室（2018年至2020年）；公文系统"
    assert said["search_method"] == "在档案室以“补偿方案”检索；在公文系统以“征收补偿”检索"
    assert said["search_result"] == "2026年3月2日，没有查到；2026年3月2日，无结果"
    # Who searched is for the file, not for the letter.
    assert "演示·经办" not in "".join(said.values())


@pytest.mark.parametrize("lacking", ["where", "keywords", "result", "searcher"])
def test_a_search_says_where_how_who_and_with_what_result(office, at, lacking):
    with at(2026, 3, 2):
        case = web(office)
        refused("第三十六条", searched, office, case, **{lacking: " "})
        assert not case.events.filter(type="searched").exists()


# The telephone log


def test_a_call_in_vain_is_recorded_and_the_receipt_waits(office, at):
    handler = office.actor("handler")
    with at(2026, 3, 2):
        case = came(office, Channel.FAX, Arrival(day("2026-03-02")))
        for hour in (9, 15):
            calls.log(handler, case, day("2026-03-02"), number=PERSON.phone, reached=False, at=time(hour))
        rows = events.of(case)
        case.refresh_from_db()
        assert (case.state, case.due_on, calls.tried(rows)) == (State.REGISTERED, None, 2)
        refused("第四十五条", calls.log, handler, case, day("2026-03-02"), number="接不通", reached=False)
        refused("第四十五条", calls.log, handler, case, day("2026-03-02"), number=PERSON.phone, reached=True)
        calls.log(
            handler,
            case,
            day("2026-03-02"),
            number=PERSON.phone,
            reached=True,
            whom="申请人",
            said="已确认收到",
        )
        [first, _second, last] = calls.of(events.of(case))
    assert (first.masked, first.at, first.reached) == ("138****8000", "09:00", False)
    assert (last.whom, last.said) == ("申请人", "已确认收到")
    assert PERSON.phone not in "".join(row.sealed for row in rows)


def test_a_number_is_covered_however_short(office):
    assert [calls.masked(n) for n in ("0379-6666 0001", "12345", "110")] == ["037******0001", "***45", "*10"]


# Reasons and a later day, art. 35


def asked_for_reasons(office, case, on, until):
    letter = notices.ask_reasons(office.actor("handler"), case, until=until)
    return sent(office, letter, on)


def test_many_and_often_is_found_only_after_reasons_or_their_term(office, at):
    with at(2026, 3, 2):
        case = web(office)
        refused("第三十五条", decided, office, case, "excessive")
        asked_for_reasons(office, case, day("2026-03-02"), day("2026-03-16"))
    with at(2026, 3, 16):
        told = refused("第三十五条", decided, office, case, "excessive")
        assert "2026-03-16" in told.message
    with at(2026, 3, 17):
        letter = decided(office, case, "excessive")
        said = letters.opened(letters.draft_of(letter).content).elements
    assert said["frequency_facts"] == "申请人于2026年3月向本机关提出政府信息公开申请1件，本申请为其中第1件。"


def test_a_later_day_needs_reasons_and_that_the_applicant_was_told_in_time(office, at):
    handler, head = office.actor("handler"), office.actor("head")
    later = {"until": day("2026-04-30"), "reason": "数量大但有正当研究用途", "told": "当面告知，回执附卷"}
    with at(2026, 3, 2):
        case = web(office)
        refused("第三十五条", incoming.delay, head, case, **later)
        refused("第三十五条", incoming.receive_reasons, handler, case, day("2026-03-02"), text="用于研究")
        asked_for_reasons(office, case, day("2026-03-02"), day("2026-03-16"))
        refused("第三十五条", incoming.delay, head, case, **later)
    with at(2026, 3, 10):
        refused("第三十五条", incoming.receive_reasons, handler, case, day("2026-02-27"), text="用于研究")
        incoming.receive_reasons(handler, case, day("2026-03-10"), text="用于研究")
        refused("第三十五条", incoming.delay, head, case, **later | {"told": " "})
        refused("第三十五条", incoming.delay, head, case, **later | {"until": day("2026-03-20")})
        incoming.delay(head, case, **later)
        case.refresh_from_db()
    assert case.due_on == day("2026-04-30")
    [event] = case.events.filter(type="delayed")
    assert "回执附卷" in events.words(event)


def test_after_the_term_no_later_day_is_set(office, at):
    with at(2026, 3, 2):
        case = web(office)
        asked_for_reasons(office, case, day("2026-03-02"), day("2026-03-16"))
        incoming.receive_reasons(office.actor("handler"), case, day("2026-03-02"), text="用于研究")
    with at(2026, 4, 1):
        refused(
            "第三十五条",
            incoming.delay,
            office.actor("head"),
            case,
            until=day("2026-05-30"),
            reason="数量大",
            told="电话告知",
        )


def test_the_applications_of_one_applicant_in_a_month_are_counted_by_keyed_digests(office, at):
    other = replace(
        PERSON, name="李四", identity="passport", identity_number="E12345678", phone="13900139000"
    )
    with at(2026, 2, 27):
        web(office)
    with at(2026, 3, 2):
        cases = [web(office) for _each in range(11)]
        web(office, person=other)
        last = cases[-1]
        assert list(excess.month_of(last)) == cases
        assert (excess.alert(cases[0]), excess.earlier(last), excess.earlier(cases[0])) == (11, 10, 0)
        letter = notices.ask_reasons(office.actor("handler"), last, until=day("2026-03-16"))
        said = letters.opened(letters.draft_of(letter).content).elements
        fee = notices.notify_fee(
            office.actor("handler"), last, ladder="by_items", units=1, payment="财政专户"
        )
        refused(
            "第四条",
            notices.notify_fee,
            office.actor("handler"),
            cases[0],
            ladder="by_items",
            units=1,
            payment="财政专户",
        )
    assert (
        said["frequency_facts"] == "申请人于2026年3月向本机关提出政府信息公开申请11件，本申请为其中第11件。"
    )
    assert fee.terms["amount"] == 100


def test_the_alert_opens_to_the_counted_cases(office, at, client):
    with at(2026, 3, 2):
        cases = [web(office) for _each in range(11)]
        client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/workbench/applications/{cases[0].pk}/").content.decode()
        address = f"/workbench/applications/{cases[0].pk}/same-applicant/"
        assert address in page
        listed = client.get(address).content.decode()
        assert all(case.number in listed for case in cases)
        client.force_login(office.people["supervisor"], backend="django.contrib.auth.backends.ModelBackend")
        assert address not in client.get(f"/workbench/applications/{cases[0].pk}/").content.decode()
        assert client.get(address).status_code == 403


# The interval between telling an objecting third party and handing over, art. 32


def objected(office, case, on):
    letter = notices.consult_third_party(
        office.actor("handler"), case, name="某建筑公司", information="补偿协议"
    )
    sent(office, letter, on)
    incoming.third_party_answered(
        office.actor("handler"), case, on, ref=letter.terms["ref"], opinion="disagree", text="涉及商业秘密"
    )
    return letter


def test_what_a_third_party_objects_to_goes_out_only_after_the_interval(office, at):
    handler = office.actor("handler")
    with at(2026, 3, 2):
        case = web(office)
        objected(office, case, day("2026-03-02"))
        answer = released(office, decided(office, case, third_party="overruled"))

        def send(on):
            return service.dispatch(handler, answer, way="direct", on=on)

        refused("第三十二条", send, day("2026-03-02"))
        notice = notices.tell_third_party(
            handler, case, name="某建筑公司", content="补偿标准", reasons="涉及公共利益"
        )
        sent(office, notice, day("2026-03-02"), way="post", tracking="EMS1")
        # Posted is not arrived.
        refused("第三十二条", send, day("2026-03-02"))
    with at(2026, 3, 4):
        service.prove(handler, notice, day("2026-03-03"))
        told = refused("第三十二条", send, day("2026-03-04"))
        # Ten working days after 3 March end on 17 March.
        assert "2026-03-18" in told.message
    with at(2026, 3, 17):
        refused("第三十二条", send, day("2026-03-17"))
    with at(2026, 3, 18):
        send(day("2026-03-18"))
        case.refresh_from_db()
    assert case.state == State.ANSWERED


def test_the_interval_is_the_agencys_and_every_objector_is_told(office, at):
    handler = office.actor("handler")
    with at(2026, 3, 2):
        options.change(office.actor("head"), office.agency, {interval.WORKING_DAYS: 0})
        case = web(office)
        objected(office, case, day("2026-03-02"))
        second = notices.consult_third_party(handler, case, name="某设计院", information="图纸")
        sent(office, second, day("2026-03-02"))
        incoming.third_party_answered(
            handler, case, day("2026-03-02"), ref=second.terms["ref"], opinion="partly"
        )
        answer = released(office, decided(office, case, third_party="overruled"))
        notice = notices.tell_third_party(handler, case, name="某设计院", content="图纸", reasons="公共利益")
        sent(office, notice, day("2026-03-02"))
    with at(2026, 3, 3):
        refused("第三十二条", service.dispatch, handler, answer, way="direct", on=day("2026-03-03"))
        notice = notices.tell_third_party(
            handler, case, name="某建筑公司", content="标准", reasons="公共利益"
        )
        sent(office, notice, day("2026-03-03"))
    with at(2026, 3, 4):
        service.dispatch(handler, answer, way="direct", on=day("2026-03-04"))


def test_who_did_not_object_is_not_told_that_it_was_overruled(office, at):
    with at(2026, 3, 2):
        case = web(office)
        refused(
            "第三十二条",
            notices.tell_third_party,
            office.actor("handler"),
            case,
            name="某建筑公司",
            content="补偿标准",
            reasons="涉及公共利益",
        )
