"""Figures of the ledger: zero accountability, and every figure against a count made by hand."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from gongkai.journal import clock
from gongkai.supervision import entries, figures, moves
from gongkai.supervision.models import Entry
from tests.supervision.records import opened, scored


def test_no_case_means_zero_accountability(ledger, at):
    with at(2022, 1, 10):
        found = figures.year(ledger.agency, 2021)["accountability_cases"]
        assert (found.value, found.part, list(found.rows)) == (0, 0, [])
        assert figures.zero_accountability(found)


def test_a_case_still_examined_is_no_case_and_no_zero(ledger, at):
    with at(2021, 12, 1):
        case = opened(ledger, "accountability")
    with at(2022, 1, 10):
        found = figures.year(ledger.agency, 2021)["accountability_cases"]
        assert (found.value, found.part) == (0, 1)
        assert not figures.zero_accountability(found)
        moves.take(ledger.actor("head"), case, "clear", note="不属于违反条例的情形", on=date(2021, 12, 20))
        assert figures.zero_accountability(figures.year(ledger.agency, 2021)["accountability_cases"])


def test_a_case_counts_in_the_year_of_its_decision(ledger, at):
    with at(2021, 12, 1):
        case = opened(ledger, "accountability")
    with at(2022, 2, 10):
        entries.add_evidence(ledger.actor("head"), case, b"paper", "决定.txt")
        moves.take(
            ledger.actor("head"),
            case,
            "decide",
            outcome="通报批评",
            fields={"sanction": "criticism", "paper": "演示文书"},
        )
        by_year = {y: figures.year(ledger.agency, y)["accountability_cases"].value for y in (2021, 2022)}
    assert by_year == {2021: 0, 2022: 1}


def test_the_score_adds_up_by_group_and_waits_for_the_last_indicator(ledger, at):
    with at(2021, 12, 20):
        scored(ledger, "disclosure", "40", "36.5")
        scored(ledger, "e_government", "30", "28")
        last = opened(ledger, "indicator", fields={"section": "open_affairs", "full": "30"})
        found = figures.year(ledger.agency, 2021)["assessment_score"]
        assert (found.value, found.part, found.whole) == (None, Decimal("64.5"), 70)
        moves.take(ledger.actor("head"), last, "score", fields={"score": "25", "ground": "演示"})
        found = figures.year(ledger.agency, 2021)["assessment_score"]
        assert (found.value, found.whole) == (Decimal("89.5"), 100)
        groups = figures.assessment_groups(ledger.agency, 2021)
        assert [(g["group"], g["got"], g["full"]) for g in groups] == [
            ("政府信息公开", Decimal("36.5"), 40),
            ("电子政务", 28, 30),
            ("政务公开", 25, 30),
        ]
        assert figures.year(ledger.agency, 2020)["assessment_score"].value is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_equal_a_count_by_hand(ledger, at, seed):
    """Random entries with random days and ends; the figures of a random span, counted again in plain Python."""
    dice = random.Random(seed)
    with at(2021, 12, 31):
        rows = []
        for _n in range(30):
            code = dice.choice(["task", "finding", "accountability", "meeting"])
            begun = date(2020, 6, 1) + timedelta(days=dice.randrange(570))
            more = (
                {"due_on": begun + timedelta(days=dice.randrange(90))} if code in ("task", "finding") else {}
            )
            entry = opened(ledger, code, occurred_on=begun, **more)
            end = dice.choice(["", "done", "done", "dropped"])
            closed = min(begun + timedelta(days=dice.randrange(200)), date(2021, 12, 31)) if end else None
            # Only the dates matter to a figure; the way to them is tested elsewhere.
            Entry.objects.filter(pk=entry.pk).update(closed_as=end, closed_on=closed)
            entry.refresh_from_db()
            rows.append(entry)
        first = date(2020, 6, 1) + timedelta(days=dice.randrange(300))
        last = first + timedelta(days=dice.randrange(30, 270))
        found = figures.span(ledger.agency, first, last)

        def done(code):
            return {
                r.pk
                for r in rows
                if r.kind_id == code and r.closed_as == "done" and first <= r.closed_on <= last
            }

        def open_at(code, day):
            return {
                r
                for r in rows
                if r.kind_id == code and r.occurred_on <= day and (r.closed_on is None or r.closed_on > day)
            }

        day = min(last, clock.today())
        assert {r.pk for r in found["tasks_done"].rows} == done("task")
        assert found["tasks_done"].whole == len(done("task")) + len(open_at("task", last))
        assert {r.pk for r in found["tasks_overdue"].rows} == {
            r.pk for r in open_at("task", day) if r.due_on < day
        }
        assert {r.pk for r in found["findings_rectified"].rows} == done("finding")
        assert {r.pk for r in found["accountability_cases"].rows} == done("accountability")
        assert found["accountability_cases"].part == len(open_at("accountability", last))
        assert {r.pk for r in found["count:meeting"].rows} == {
            r.pk
            for r in rows
            if r.kind_id == "meeting" and first <= r.occurred_on <= last and r.closed_as != "dropped"
        }
        for figure in found.values():
            if figure.unit != "%" and figure.key not in ("training_hours", "assessment_score"):
                assert figure.value == figure.rows.count()
