"""I2, I3, I6, I7 and I8 in this room."""

import json
import re
import threading
import uuid
from datetime import date
from itertools import product

import pytest
from django.db import connection, connections, transaction

from gongkai.agencies import calendars
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Refused
from gongkai.applications import (
    assigning,
    decisions,
    events,
    evidence,
    figures,
    intake,
    letters,
    notices,
    personal,
    rendering,
    wanted,
)
from gongkai.applications.acts import ACTS, OWN_ACTS, demand, verdict
from gongkai.applications.intake import Upload
from gongkai.applications.models import Application, Letter, Matter, State
from gongkai.applications.personal import Person, Request
from gongkai.files import sealing
from gongkai.journal.models import Entry, NeverChanged
from gongkai.rulebook.receipt import Arrival, Channel
from tests.applications.cases import FACTS, ID, came, complete, decided, released, sent, taken, web
from tests.invariants.attacks import unguarded

CANARIES = {
    "name": "欧阳鹤鸣",
    "identity_number": ID,
    "phone": "13912345678",
    "email": "canary@example.org",
    "address": "金丝雀胡同九号",
    "agent": "司徒代理",
    "title": "金丝雀项目拆迁协议",
    "description": "我父亲欧阳某名下的金丝雀房屋",
    "file": "金丝雀委托书",
}


def everything_stored():
    """Every value of every row of every table, as one text."""
    found = []
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{name}"')
            found += [str(value) for row in cursor.fetchall() for value in row if value is not None]
    return "\n".join(found)


def test_i7_no_personal_text_stands_in_the_database(office, at):
    with at(2026, 3, 2):
        case = intake.submit(
            office.agency,
            taken(
                person=Person(
                    name=CANARIES["name"],
                    identity_number=CANARIES["identity_number"],
                    phone=CANARIES["phone"],
                    email=CANARIES["email"],
                    address=CANARIES["address"],
                    agent=CANARIES["agent"],
                    agent_identity_number=ID,
                ),
                request=Request(title=CANARIES["title"], description=CANARIES["description"]),
                files=[Upload(f"{CANARIES['file']}.txt", CANARIES["file"].encode(), wanted.AUTHORITY)],
            ),
            submission=uuid.uuid4(),
            address="203.0.113.77",
        )
        letter = notices.consult_third_party(
            office.actor("handler"), case, name="金丝雀公司", information="金丝雀协议"
        )
        sent(office, letter, date(2026, 3, 2))
        answer = decided(office, case, "not_found", facts="经检索金丝雀档案，没有相关信息")
        complete(office, answer)
        released(office, answer)
        rendering.make({"kind": "letter", "subject": str(answer.pk)})
    stored = everything_stored()
    assert case.number in stored
    for name, canary in (*CANARIES.items(), ("third", "金丝雀公司"), ("facts", "经检索金丝雀")):
        assert canary not in stored, name
        assert json.dumps(canary).strip('"') not in stored, name


def test_i7_reading_the_applicant_leaves_a_journal_entry(office, at, client):
    with at(2021, 4, 23):
        case = web(office)
        client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/workbench/applications/{case.pk}/").content.decode()
        assert "张三丰" in page
        [entry] = Entry.objects.filter(action="application.shown", subject_id=str(case.pk))
        assert entry.actor == str(office.people["handler"].pk)
        client.force_login(office.people["supervisor"], backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/workbench/applications/{case.pk}/").content.decode()
    assert case.number in page and "张三丰" not in page and "补偿标准" not in page


def test_i7_destroying_the_key_erases_the_applicant_and_keeps_the_counts(office, at):
    with at(2021, 4, 23):
        case = web(office)
        # What only an approved list may do (tests/files); here the key is simply gone.
        with unguarded():
            sealing.destroy(case.case_key)
        with pytest.raises(sealing.Sealed):
            personal.person(case)
    assert figures.table(office.agency, 2021)["r1"]["natural_person"] == 1


def test_exact_look_up_goes_through_keyed_digests(office, at):
    with at(2021, 4, 23):
        case = web(office)
    assert Application.objects.get(identity_print=sealing.fingerprint(ID.lower())) == case
    assert Application.objects.get(phone_print=sealing.fingerprint("138 0013 8000")) == case


def test_i2_events_are_never_changed_and_the_cache_is_found_out(office, at):
    with at(2021, 4, 23):
        case = web(office)
    row = case.events.first()
    row.on = date(2021, 1, 1)
    with pytest.raises(NeverChanged):
        row.save()
    with pytest.raises(Exception, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE applications_caseevent SET type = 'answered'")
    assert list(evidence.faults()) == []
    Application.objects.filter(pk=case.pk).update(due_on=date(2021, 12, 31))
    assert ["due_on" in fault.message for fault in evidence.faults()] == [True]
    case.refresh_from_db()
    events.refresh(case)
    assert list(evidence.faults()) == []
    Application.objects.filter(pk=case.pk).update(applicant_kind="other")
    assert ["登记内容" in fault.message for fault in evidence.faults()] == [True]


def test_i3_loading_a_holiday_notice_moves_the_open_cases(office, at):
    with at(2026, 12, 21):
        case = web(office)
        assert case.provisional
        before = case.due_on
        calendars.load(
            office.actor("security", "administration"),
            2027,
            off=["2027-01-01", "2027-01-04", "2027-01-05"],
            work=[],
            source="演示通知",
        )
        events.refresh_open()
        case.refresh_from_db()
    assert case.due_on > before and not case.provisional


def test_i6_another_agency_answers_like_what_does_not_exist(office, at, client):
    other = Agency.objects.create(name="另一机关", code="OTHER1", document_mark="另公")
    with at(2021, 4, 23):
        case = web(office)
        letter = released(office, decided(office, case))
        Application.objects.filter(pk=case.pk).update(agency=other)
        Letter.objects.filter(pk=letter.pk).update(agency=other)
        client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
        for address in (
            f"applications/{case.pk}/",
            f"applications/{case.pk}/receipt.pdf",
            f"applications/{case.pk}/decide/",
            f"applications/{case.pk}/act/note/",
            f"applications/{case.pk}/files/{uuid.uuid4()}/",
            f"letters/{letter.pk}/",
            f"letters/{letter.pk}/edit/",
            f"letters/{letter.pk}/send/",
            f"letters/{letter.pk}/served/",
            f"letters/{letter.pk}/pdf/",
            f"applications/{uuid.uuid4()}/",
        ):
            assert client.get(f"/workbench/{address}").status_code == 404, address
        assert case.number not in client.get("/workbench/applications/").content.decode()
        case.refresh_from_db()
        with pytest.raises(Refused):
            decisions.decide(office.actor("handler"), case, outcome_key="provided", facts=FACTS)


PEOPLE = ("handler", "head", "reviewer", "approver", "supervisor", "system", "security", "audit")


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("matter", list(Matter))
def test_matrix_of_role_state_matter_and_act(office, at, matter, person):
    """Every act, for every role, in every state of every matter, alone and joined with another: the verdict is
    what docs/case-matrix.md says; a refusal that is not one of role cites its article and says the way out."""
    with at(2021, 4, 23):
        case, lead = web(office), web(office)
        case.matter = matter
        actors = [office.actor(person), office.actor(person, "administration")]
        for state, joined, actor in product(State, (None, lead), actors):
            case.state, case.lead = state, joined
            roles = {each.role for each in actor.appointments}
            for act in ACTS.values():
                found = verdict(actor, case, act)
                holds = bool(roles & set(act.roles))
                there = state in act.states and matter in act.matters
                alone = joined is None or act.key in OWN_ACTS
                assert found.allowed == (holds and there and alone), (act.key, state, person)
                if holds and not found.allowed:
                    assert re.search(r"《.+》第.+条", found.article), act.key
                    assert len(found.reason) > 10 and found.reason.endswith("。"), found.reason


@pytest.mark.parametrize("person", ["handler", "head", "reviewer", "supervisor"])
def test_the_door_of_an_act_is_as_wide_as_its_verdict(office, at, person):
    """What the table refuses the use case refuses too, before it looks at anything else."""
    with at(2021, 4, 23):
        case = web(office)
        for act in ACTS.values():
            found = verdict(office.actor(person), case, act)
            if found.allowed:
                assert demand(office.actor(person), case, act.key) == act
            else:
                with pytest.raises(Refused) as refusal:
                    demand(office.actor(person), case, act.key)
                assert refusal.value.article == found.article or person in ("reviewer", "supervisor")


def at_once(*works):
    """Run the works in threads, each with its own connection; what each gave or raised, in order."""
    results = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(position, work):
        try:
            barrier.wait()
            results[position] = work()
        except Exception as error:
            results[position] = error
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_i8_numbers_under_concurrency_have_no_gap_and_no_duplicate(committed):
    def one():
        return intake.submit(committed.agency, taken(), submission=uuid.uuid4()).number

    found = at_once(*[one] * 8)
    year = found[0].split("-")[1]
    assert sorted(found) == [f"XG0123-{year}-{n:04d}" for n in range(1, 9)]


def test_i8_one_form_sent_at_the_same_time_is_one_application(committed):
    submission = uuid.uuid4()

    def one():
        return intake.submit(committed.agency, taken(), submission=submission).pk

    assert len(set(at_once(*[one] * 4))) == 1
    assert Application.objects.count() == 1


def test_two_clerks_at_once_one_is_told(committed):
    case = came(committed, Channel.FAX, Arrival(date(2026, 3, 2)))
    today = intake.clock.today()

    def work(name):
        actor = committed.actor(name)
        return lambda: intake.confirm(actor, case, today)

    results = at_once(work("handler"), work("second_handler"))
    refusals = [result for result in results if isinstance(result, Refused)]
    assert len(refusals) == 1 and "第三十一条" in refusals[0].article
    assert case.events.filter(type="received").count() == 1


def test_two_hand_a_case_over_at_once_one_is_told(committed):
    case = came(committed, Channel.FAX, Arrival(date(2026, 3, 2)))

    def to(name, by):
        actor = committed.actor(by)
        return lambda: assigning.assign(actor, case, committed.people[name])

    results = at_once(to("handler", "head"), to("second_handler", "handler"))
    [refusal] = [result for result in results if isinstance(result, Refused)]
    held = Application.objects.get(pk=case.pk)
    assert held.handler.name in refusal.message and "第四十五条" in refusal.article
    assert case.events.filter(type="assigned").count() == 1


def test_i7_a_letter_under_review_is_opened_by_the_agency_alone_and_the_journal_says_by_whom(
    office, at, client
):
    with at(2026, 3, 2):
        case = web(office)
        letter = decided(office, case, "not_found", facts="经检索没有相关信息")
        complete(office, letter)
        draft = letters.draft_of(letter)
        revision = letters.submit(office.actor("handler"), letter, version=draft.version)
        address = f"/workbench/review/{revision.pk}/"
        client.force_login(office.people["supervisor"], backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(address).status_code == 404
        before = Entry.objects.filter(action="application.shown").count()
        client.force_login(office.people["reviewer"], backend="django.contrib.auth.backends.ModelBackend")
        assert "张三丰" in client.get(address).content.decode()
    shown = Entry.objects.filter(action="application.shown").order_by("seq")
    assert shown.count() == before + 1
    assert shown.last().actor == str(office.people["reviewer"].pk)
