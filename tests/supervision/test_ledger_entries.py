"""Opening and changing entries: numbers, values, evidence, sealed fields, other agencies, forged rows."""

from datetime import date

import pytest
from django.db import connection

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Refused
from gongkai.journal.models import Entry as JournalEntry
from gongkai.supervision import entries, gaps, history, menu, moves, values
from gongkai.supervision.models import Entry, EntryEvent, Kind
from tests.supervision.records import opened


@pytest.fixture
def day(at):
    with at(2021, 6, 15):
        yield


def test_numbers_run_per_kind_issuer_and_year(ledger, at):
    with at(2021, 12, 30):
        numbers = [opened(ledger, code).number for code in ("task", "task", "meeting")]
    with at(2022, 1, 4):
        numbers.append(opened(ledger, "task").number)
    assert numbers == ["任务〔2021〕1号", "任务〔2021〕2号", "会议〔2021〕1号", "任务〔2022〕1号"]


def test_a_notice_bears_the_supervisors_number_and_reaches_the_agency(ledger, day):
    notice = opened(ledger, "notice")
    assert (notice.issuer, notice.agency) == (ledger.district, ledger.agency)
    assert [row.number for row in menu.waiting(ledger.actor("head"))] == [notice.number]
    assert menu.waiting(ledger.actor("handler")) == []
    with pytest.raises(Refused):
        opened(ledger, "notice", by="head")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"section": "profit"}, "section"),
        ({"full": "many"}, "full"),
        ({"full": "-1"}, "full"),
        ({"full": "NaN"}, "full"),
        ({"full": "1.00001"}, "full"),
        ({"standard": ""}, "standard"),
        ({"standard": "很" * 20_001}, "standard"),
        ({"score": "5"}, "score"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_opened(ledger, day, fields, name):
    with pytest.raises(values.Wrong) as wrong:
        opened(ledger, "indicator", fields=fields)
    assert set(wrong.value.problems) == {name}
    assert not Entry.objects.exists()
    assert not JournalEntry.objects.filter(action="number.issued").exists()


def test_a_score_is_at_most_the_points_of_its_indicator(ledger, day):
    entry = opened(ledger, "indicator", fields={"full": "10"})
    with pytest.raises(values.Wrong, match="10"):
        moves.take(ledger.actor("head"), entry, "score", fields={"score": "10.5", "ground": "演示"})
    entry = moves.take(ledger.actor("head"), entry, "score", fields={"score": "9.50", "ground": "演示"})
    assert entry.fields["score"] == "9.5"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.gov.cn", "example"])
def test_an_address_is_a_web_address(ledger, day, address):
    with pytest.raises(values.Wrong):
        opened(ledger, "learning_material", fields={"url": address})


def test_people_of_another_agency_are_not_named(ledger, day):
    with pytest.raises(values.Wrong):
        opened(ledger, "accountability", fields={"person": ledger.people["supervisor"]})
    with pytest.raises(values.Wrong) as wrong:
        opened(ledger, "task", responsible=ledger.people["supervisor"])
    assert "responsible" in wrong.value.problems


def test_all_that_is_wrong_is_said_at_once(ledger, day):
    with pytest.raises(values.Wrong) as wrong:
        opened(
            ledger,
            "task",
            subject=" ",
            responsible=None,
            due_on=date(2021, 6, 1),
            fields={"requirement": ""},
        )
    assert set(wrong.value.problems) == {"subject", "responsible", "due_on", "requirement"}


def test_an_entry_belongs_to_a_kind_above_it_and_not_to_itself(ledger, day):
    point = opened(ledger, "key_point")
    with pytest.raises(values.Wrong) as wrong:
        opened(ledger, "campaign", parent=point)
    assert "parent" in wrong.value.problems
    rule = opened(ledger, "rule")
    newer = opened(ledger, "rule", parent=rule)
    with pytest.raises(values.Wrong):
        entries.change(ledger.actor("handler"), rule, parent=newer)


def test_a_change_keeps_what_stood_there(ledger, day):
    task = opened(ledger, "task")
    before = task.due_on
    task = entries.change(ledger.actor("handler"), task, due_on=date(2021, 8, 1), note="上级要求延后")
    event = task.events.get(act=EntryEvent.Act.CHANGED)
    assert (event.old["due_on"], event.new["due_on"]) == (before.isoformat(), "2021-08-01")
    same = entries.change(ledger.actor("handler"), task, due_on=date(2021, 8, 1))
    assert same.version == task.version
    assert task.events.count() == 2


def test_the_agency_does_not_move_the_day_that_the_supervisor_set(ledger, day):
    task = opened(ledger, "task", by="supervisor")
    for name in ("handler", "head", "approver"):
        with pytest.raises(Refused):
            entries.change(ledger.actor(name), task, due_on=date(2022, 1, 1))
    task = entries.change(ledger.actor("supervisor"), task, due_on=date(2021, 9, 1))
    assert task.due_on == date(2021, 9, 1)


def test_what_waits_for_confirmation_is_not_changed(ledger, day):
    task = opened(ledger, "task")
    entries.add_evidence(ledger.actor("handler"), task, b"x", "x.txt")
    task = moves.take(ledger.actor("handler"), task, "report", outcome="完成")
    with pytest.raises(Refused, match="待确认"):
        entries.change(ledger.actor("handler"), task, subject="另一件")


def test_evidence_is_kept_with_its_digest_and_a_disguised_file_is_refused(ledger, day):
    task = opened(ledger, "task")
    row = entries.add_evidence(ledger.actor("handler"), task, b"hello", "说明.txt")
    event = task.events.get(act=EntryEvent.Act.EVIDENCE)
    assert event.new == {"file": "说明.txt", "digest": row.file_id}
    with pytest.raises(Refused):
        entries.add_evidence(ledger.actor("handler"), task, b"MZ\x90\x00" + b"\0" * 200, "说明.exe")
    with pytest.raises(Refused):
        entries.add_evidence(ledger.actor("audit", "administration"), task, b"hello", "说明.txt")
    assert [file.name for file in entries.evidence(task)] == ["说明.txt"]


def test_nothing_is_added_to_a_closed_entry(ledger, day):
    entry = moves.take(ledger.actor("head"), opened(ledger, "deployment"), "arrange", outcome="已部署")
    with pytest.raises(Refused):
        entries.note(ledger.actor("handler"), entry, "补记")


def test_who_complained_is_sealed_and_each_reading_is_journalled(ledger, day):
    entry = opened(ledger, "complaint", fields={"complainant": "演示·投诉人王某", "contact": "0379-00000000"})
    with connection.cursor() as cursor:
        for table in ("supervision_entry", "supervision_entryevent", "journal_entry"):
            cursor.execute(f"SELECT * FROM {table}")
            assert "王某" not in str(cursor.fetchall())
    shown = [fact["value"] for fact in values.shown(entry.kind.definition, entry.fields)]
    assert "演示·投诉人王某" not in shown
    facts = entries.private_facts(ledger.actor("head"), entry)
    assert "演示·投诉人王某" in [fact["value"] for fact in facts]
    read = JournalEntry.objects.get(action="ledger.private_read")
    assert (read.actor, read.subject_id) == (str(ledger.people["head"].pk), str(entry.pk))


def test_the_agency_complained_of_does_not_learn_who_complained(ledger, day):
    entry = opened(ledger, "complaint", by="supervisor")
    with pytest.raises(Refused):
        entries.private_facts(ledger.actor("head"), entry)
    assert not JournalEntry.objects.filter(action="ledger.private_read").exists()


def test_a_private_field_left_empty_keeps_what_is_there(ledger, day):
    entry = opened(ledger, "complaint")
    sealed = entry.fields["complainant"]
    entry = entries.change(ledger.actor("handler"), entry, fields={"complainant": "", "about": "改述"})
    assert (entry.fields["complainant"], entry.fields["about"]) == (sealed, "改述")


def test_missing_rules_are_listed_until_they_are_in_force(ledger, day):
    kind = Kind.objects.get(pk="rule")
    mine = Agency.objects.filter(pk=ledger.agency.pk)
    assert len(gaps.missing(kind, mine)) == 4
    rule = opened(ledger, "rule", fields={"category": "public_opinion"})
    rule = moves.take(ledger.actor("approver"), rule, "approve")
    assert "public_opinion" in [gap.code for gap in gaps.missing(kind, mine)]
    moves.take(ledger.actor("head"), rule, "enforce", fields={"effective_on": "2021-07-01"})
    assert [gap.code for gap in gaps.missing(kind, mine)] == ["proactive", "on_application", "new_media"]


def test_an_entry_changed_behind_the_ledgers_back_is_found(ledger, day):
    task, other = opened(ledger, "task"), opened(ledger, "task")
    Entry.objects.filter(pk=task.pk).update(closed_as="done", state="done")
    assert [fault.row for fault in history.faults()] == [f"supervision_entry:{task.pk}"]
    assert other.number not in "".join(fault.message for fault in history.faults())


def test_the_inbox_shows_an_entry_to_the_person_whose_step_is_next(ledger, day):
    task = opened(ledger, "task", responsible=ledger.people["second_handler"])
    everyone = ("handler", "second_handler", "head", "approver", "supervisor")
    waits = {name for name in everyone if menu.waiting(ledger.actor(name))}
    assert waits == {"second_handler"}
    [row] = menu.waiting(ledger.actor("second_handler"))
    assert (row.number, row.due_on, str(row.step)) == (task.number, task.due_on, "报告办结")
    entries.add_evidence(ledger.actor("second_handler"), task, b"x", "x.txt")
    moves.take(ledger.actor("second_handler"), task, "report", outcome="完成")
    assert {name for name in everyone if menu.waiting(ledger.actor(name))} == {"head"}


def test_what_the_supervisor_assigned_waits_for_the_supervisor_once_reported(ledger, day):
    task = opened(ledger, "task", by="supervisor")
    entries.add_evidence(ledger.actor("handler"), task, b"x", "x.txt")
    moves.take(ledger.actor("handler"), task, "report", outcome="完成")
    assert [row.number for row in menu.waiting(ledger.actor("supervisor"))] == [task.number]
    assert menu.waiting(ledger.actor("head")) == []
