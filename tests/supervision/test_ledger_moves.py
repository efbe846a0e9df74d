"""Steps of an entry: every kind, every move, every role; what a step needs; two people at once."""

from datetime import date

import pytest
from django.db import transaction

from gongkai.agencies.policy import Refused
from gongkai.supervision import attendance, entries, history, moves, rights, values
from gongkai.supervision.definition import SYSTEM
from gongkai.supervision.models import Entry, EntryEvent, Kind
from tests.supervision.records import opened, sample

PEOPLE = ("handler", "second_handler", "reviewer", "approver", "head", "supervisor", "audit")
# What each word of a kind's data means, written out by hand: for entries that the agency opened itself, with
# the handler responsible, and for those that the supervisor opened.
OWN = {
    "responsible": {"handler"},
    "staff": {"handler", "second_handler", "reviewer", "approver", "head"},
    "lead": {"approver", "head"},
    "principal": {"approver"},
    "issuer": {"approver", "head"},
    "supervisor": {"supervisor"},
    # What is decided elsewhere nobody moves in the ledger.
    "system": set(),
}
ISSUED = OWN | {"issuer": {"supervisor"}}


@pytest.fixture
def day(at):
    with at(2021, 6, 15):
        yield


def placed(office, kind, state, by=""):
    """An entry of the kind put in a state behind the ledger's back: the matrix asks about roles, not paths."""
    more = {"responsible": office.people["handler"]} if kind.definition.responsible != "none" else {}
    entry = opened(office, kind.pk, by=by, **more)
    Entry.objects.filter(pk=entry.pk).update(state=state.code, closed_as=state.end)
    entry.refresh_from_db()
    return entry


def test_every_move_of_every_kind_is_open_to_its_roles_alone(ledger, day):
    checked = 0
    for kind in Kind.objects.all():
        for by, meaning in (("", OWN), ("supervisor", ISSUED)):
            if by and "supervisor" not in kind.definition.open_by:
                continue
            if not by and kind.definition.open_by[0] == "supervisor":
                meaning = ISSUED
            for state in kind.definition.states:
                entry = placed(ledger, kind, state, by)
                for move in kind.definition.moves_from(state.code):
                    expected = set().union(*(meaning[role] for role in move.by))
                    found = {n for n in PEOPLE if rights.may_take(ledger.actor(n), move, entry)}
                    assert found == expected, (kind.pk, state.code, move.code, by)
                    checked += 1
    assert checked > 120


def test_taking_a_step_asks_the_same_question_as_showing_it(ledger, day):
    entry = opened(ledger, "rule")
    for name in ("handler", "head", "reviewer", "supervisor", "audit"):
        with pytest.raises(Refused, match="主要领导"):
            moves.take(ledger.actor(name), entry, "approve")
    assert moves.take(ledger.actor("approver"), entry, "approve").state == "approved"


def walk(office, entry, path):
    """Take the steps of `path`, each with all it asks for, by somebody who may."""
    for code in path:
        move = entry.kind.definition.move(code)
        if move.by == (SYSTEM,):
            with transaction.atomic():
                entry = moves.take_of_itself(entry, code, outcome="已落实")
            continue
        actor = next(a for n in PEOPLE if rights.may_take(a := office.actor(n), move, entry))
        if "evidence" in move.needs:
            entries.add_evidence(office.actor("handler"), entry, "演示材料".encode(), "材料.txt")
        if "attendance" in move.needs:
            attendance.everyone(office.actor("handler"), entry)
        entry.refresh_from_db()
        fields = {name: sample(entry.kind.definition.field(name), office) for name in move.asks}
        entry = moves.take(actor, entry, code, outcome="已落实", note="演示原因", fields=fields)
    return entry


def shortest_paths(what):
    """State → the shortest path of moves from the first state."""
    paths, queue = {what.first.code: ()}, [what.first.code]
    while queue:
        here = queue.pop(0)
        for move in what.moves_from(here):
            if move.target not in paths:
                paths[move.target] = (*paths[here], move.code)
                queue.append(move.target)
    return paths


def test_every_state_of_every_kind_is_reached_by_real_steps_and_told_by_events(ledger, day):
    for kind in Kind.objects.all():
        for state, path in shortest_paths(kind.definition).items():
            entry = walk(ledger, opened(ledger, kind.pk), path)
            target = kind.definition.state(state)
            assert (entry.state, entry.closed_as) == (state, target.end)
            assert (entry.closed_on is not None) == bool(target.end)
            events = list(entry.events.order_by("pk"))
            assert events[0].act == EntryEvent.Act.OPENED
            assert [event.move for event in events if event.move] == list(path)
            assert history.replay(events) == history.snapshot(entry)
    assert list(history.faults()) == []


def test_a_task_goes_from_report_to_confirmation_and_back(ledger, day):
    task = opened(ledger, "task")
    handler, head = ledger.actor("handler"), ledger.actor("head")
    with pytest.raises(values.Wrong) as wrong:
        moves.take(handler, task, "report")
    assert "outcome" in wrong.value.problems
    with pytest.raises(Refused, match="佐证材料"):
        moves.take(handler, task, "report", outcome="已公开")
    entries.add_evidence(handler, task, b"page", "网页截图.txt")
    task = moves.take(handler, task, "report", outcome="已公开")
    with pytest.raises(Refused):
        moves.take(handler, task, "confirm")
    with pytest.raises(values.Wrong):
        moves.take(head, task, "return")
    task = moves.take(head, task, "return", note="缺少链接")
    assert (task.state, task.closed_on) == ("open", None)
    task = moves.take(handler, task, "report", outcome="已公开，附链接")
    task = moves.take(head, task, "confirm")
    assert (task.closed_as, task.closed_on) == ("done", date(2021, 6, 15))
    assert [event.act for event in task.events.order_by("pk")] == [
        "opened",
        "evidence",
        "moved",
        "moved",
        "moved",
        "moved",
    ]


def test_of_two_steps_at_once_one_is_told(ledger, day):
    entry = opened(ledger, "rule")
    seen_by_two = Entry.objects.get(pk=entry.pk)
    moves.take(ledger.actor("approver"), entry, "approve")
    with pytest.raises(entries.Overtaken):
        moves.take(ledger.actor("head"), seen_by_two, "abandon", note="不再需要")
    with pytest.raises(entries.Overtaken):
        entries.change(ledger.actor("handler"), seen_by_two, subject="改名")
    entry.refresh_from_db()
    assert entry.state == "approved"


def test_a_step_that_is_gone_says_where_the_entry_stands(ledger, day):
    entry = moves.take(ledger.actor("approver"), opened(ledger, "rule"), "approve")
    with pytest.raises(Refused, match="已审定"):
        moves.take(ledger.actor("approver"), entry, "approve")
    with pytest.raises(Refused):
        moves.take(ledger.actor("approver"), entry, "unheard_of")


@pytest.mark.parametrize("on", [date(2021, 6, 16), date(2021, 6, 14)])
def test_a_closing_day_lies_between_the_entry_and_today(ledger, day, on):
    entry = opened(ledger, "deployment")
    with pytest.raises(Refused):
        moves.take(ledger.actor("head"), entry, "arrange", outcome="已部署", on=on)


def test_a_key_point_closes_after_its_tasks(ledger, day):
    point = opened(ledger, "key_point")
    task = opened(ledger, "task", parent=point)
    with pytest.raises(Refused, match="1"):
        moves.take(ledger.actor("head"), point, "finish", outcome="已落实")
    walk(ledger, task, ["report", "confirm"])
    assert moves.take(ledger.actor("head"), point, "finish", outcome="已落实").closed_as == "done"


def test_a_new_edition_of_a_rule_repeals_the_one_before_it(ledger, day):
    first = walk(ledger, opened(ledger, "rule"), ["approve", "enforce"])
    second = opened(ledger, "rule", parent=first, fields={"edition": "第2版"})
    walk(ledger, second, ["approve"])
    first.refresh_from_db()
    assert first.state == "in_force"
    second.refresh_from_db()
    walk(ledger, second, ["enforce"])
    first.refresh_from_db()
    assert first.state == "repealed"
    assert second.number in first.events.order_by("-pk").first().note
    assert list(history.faults()) == []


def test_a_meeting_that_has_not_come_cannot_have_been_held(ledger, day):
    meeting = opened(ledger, "meeting", occurred_on=date(2021, 6, 16))
    with pytest.raises(Refused, match="2021-06-16"):
        moves.take(ledger.actor("handler"), meeting, "hold", fields={"minutes": "纪要"})
