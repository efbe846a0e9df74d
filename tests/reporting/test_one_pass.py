"""Figures counted together say what each of them says by itself, and the queries do not grow (I5)."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.applications.models import CaseEvent
from gongkai.applications.models import Matter as CaseMatter
from gongkai.disclosure.models import DecisionCount, NormativeDocument, NormativeEvent
from gongkai.journal import clock
from gongkai.remedies.models import Remedy, RemedyEvent
from gongkai.reporting import compiling, figures
from gongkai.reporting.figures import Period
from gongkai.reporting.sources import ledger
from gongkai.rulebook.receipt import Channel
from gongkai.supervision import kinds
from gongkai.supervision.models import Entry
from gongkai.supervision.models import Kind as EntryKind
from tests import items
from tests.reporting.reports import KINDS, LEAVES, case

pytestmark = pytest.mark.django_db
PERIODS = (Period.of_year(2021), Period.of_month(2021, 3), Period(date(2020, 11, 5), date(2021, 2, 3)))


def day(draw):
    return date(2020, 10, 1) + timedelta(days=draw.randrange(560))


def some_applications(office, draw, count):
    for _n in range(count):
        answered = draw.choice((None, day(draw)))
        row = case(
            office,
            day(draw),
            row=draw.choice(LEAVES) if answered else "",
            answered=answered,
            kind=draw.choice(KINDS),
            channel=draw.choice(list(Channel)).value,
        )
        row.due_on = draw.choice((None, day(draw)))
        if not draw.randrange(6):
            row.matter = CaseMatter.AMENDMENT
        if not draw.randrange(10):
            row.received_on = None
        row.save()
        for seq in range(draw.randrange(5)):
            kind = draw.choice(("fee_notified", "fee_paid", "extended", "correction_requested", "received"))
            data = {"amount": str(draw.randrange(1, 900))} if kind == "fee_notified" else {}
            if not draw.randrange(4):
                data["of"] = "A-1"
            CaseEvent.objects.create(
                application=row, seq=seq + 1, type=kind, on=day(draw), data=data, at=clock.now()
            )


def some_documents(office, draw, count):
    for n in range(count):
        row = NormativeDocument.objects.create(
            agency=office.agency,
            kind=draw.choice(NormativeDocument.Kind.values),
            title=f"第{n}号",
            document_number=f"西〔2021〕{n}号",
            issued_on=day(draw),
        )
        for _n in range(draw.randrange(3)):
            NormativeEvent.objects.create(
                document=row,
                kind=draw.choice(NormativeEvent.Kind.values),
                on=day(draw),
                paper="决定",
                person=office.people["handler"],
                at=clock.now(),
            )


def some_decisions(office, draw, count):
    for _n in range(count):
        on, alone = day(draw), draw.randrange(2)
        kind = draw.choice(DecisionCount.Kind.values)
        DecisionCount.objects.create(
            agency=office.agency,
            kind=kind,
            month=on.replace(day=1),
            amount=draw.randrange(2) if alone else draw.randrange(30),
            source="台账",
            number=f"第{draw.randrange(12)}号" if alone else None,
            decided_on=on if alone else None,
            person=office.people["handler"],
            at=clock.now(),
        )


def some_entries(office, draw, count):
    kinds.load()
    codes = [kind for kind, *_said in ledger.FIGURES.values()]
    for n in range(count):
        kind = EntryKind.objects.get(pk=draw.choice(codes))
        on, ended = day(draw), draw.choice((None, day(draw)))
        Entry.objects.create(
            kind=kind,
            number=f"T{Entry.objects.count():04d}",
            agency=office.agency,
            issuer=office.agency,
            subject=f"事项{n}",
            due_on=on,
            occurred_on=on,
            year=on.year,
            fields={"effective_on": day(draw).isoformat()} if kind.pk == "rule" else {},
            state=draw.choice(("in_force", "repealed", "open")),
            closed_as=draw.choice(("", Entry.End.DONE, Entry.End.DROPPED)) if ended else "",
            closed_on=ended,
            created_by=office.people["handler"],
            created_at=clock.now(),
        )


def some_remedies(office, draw, count):
    for n in range(count):
        row = Remedy.objects.create(
            agency=office.agency,
            number=f"R{Remedy.objects.count()}",
            kind=draw.choice(Remedy.Kind.values),
            subject=f"案{n}",
            body="机关",
            received_on=day(draw),
            copy_received_on=day(draw),
            created_by=office.people["handler"],
            created_at=clock.now(),
        )
        for _n in range(draw.randrange(3)):
            RemedyEvent.objects.create(
                remedy=row,
                kind=draw.choice((RemedyEvent.Kind.DECIDED, RemedyEvent.Kind.APPEALED)),
                column=draw.choice(("upheld", "corrected", "other_result")),
                on=day(draw),
                person=office.people["handler"],
                at=clock.now(),
            )


SOME = (some_applications, some_documents, some_decisions, some_entries, some_remedies)


@pytest.mark.parametrize("seed", range(4))
def test_one_pass_says_of_each_figure_what_its_own_query_says(office, at, seed):
    draw = Random(seed)
    for month in (3, 3, 4):
        with at(2021, month, 4):
            items.released(office)
    for some in SOME:
        some(office, draw, 40)
    seen = set()
    for period in PERIODS:
        counted = compiling.compile_figures(office.agency, period).counted
        for each in figures.every():
            rows = each.records(office.agency, period)
            own = sorted(str(pk) for pk in rows.values_list("pk", flat=True))
            assert list(counted[each.key].records) == own, each.key
            assert counted[each.key].value == each.measure(rows, office.agency, period), each.key
            seen.update({each.key} if own else ())
    # The records were of many kinds, or the comparison would say little.
    assert len(seen) > 80


def test_queries_do_not_grow_with_the_records(office):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            compiling.compile_figures(office.agency, Period.of_year(2021))
        return len(seen)

    draw = Random(0)
    some_applications(office, draw, 8)
    some_remedies(office, draw, 3)
    few = queries()
    some_applications(office, draw, 80)
    some_documents(office, draw, 30)
    some_entries(office, draw, 30)
    assert queries() <= few + 1
    assert few <= 32


def test_every_figure_that_counts_many_records_is_counted_in_one_pass():
    alone = [each.key for each in figures.every() if each.family is None]
    assert alone == []
