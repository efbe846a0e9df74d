"""The ledger, the load of the handlers and table three at several numbers of applications: time, queries, plans.

The peers of table three are the same page at the smallest number and, in the same run, one hand-written GROUP BY over
the same cases; its cells have to be equal. Every page is asked with Django's test client as three people see it: a
handler and head of the office (half of all applications), a handler of a small agency (one in 32), and the district's
supervisor (all of them, of seventeen agencies). A page ought to cost the same at every number; counting a year costs
what the year holds. Rows are loaded past the journal (rows.py).
"""

import argparse
import sys
from typing import Any

from benchmarks import instances, lists, plans
from benchmarks.measuring import best, ms, note, table

YEAR = 2021
LEDGER = "/workbench/applications/"
PAGES = {
    "ledger": LEDGER,
    "ledger, page 15": f"{LEDGER}?page=15",
    "ledger, page 300": f"{LEDGER}?page=300",
    "open": f"{LEDGER}?open=true",
    "by term": f"{LEDGER}?sort=due_on",
    "open, by term": f"{LEDGER}?open=true&sort=due_on",
    "mine": f"{LEDGER}?handler=mine",
    "mine, open": f"{LEDGER}?handler=mine&open=true",
    "nobody's, open": f"{LEDGER}?handler=nobody&open=true",
    "overdue": f"{LEDGER}?term=overdue",
    "due within 5 working days": f"{LEDGER}?within=5",
    "answered late": f"{LEDGER}?late=true",
    "received in 2021": f"{LEDGER}?received={YEAR}",
    "one cell of table three": f"{LEDGER}?cell={YEAR}.r3_1.natural_person",
    "number contains": f"{LEDGER}?q=0000777",
    "number contains, no match": f"{LEDGER}?q=nowhere",
    "letters": "/workbench/letters/",
    "letters not sent": "/workbench/letters/?sent=false",
    "load of a month": f"{LEDGER}load/?first={YEAR}-06-01&last={YEAR}-06-30",
    "table three": f"{LEDGER}year/?year={YEAR}",
}
GROUPED = (
    "SELECT row, applicant_kind, COUNT(*) FROM applications_application "
    "WHERE matter = 'information' AND answered_on BETWEEN '{year}-01-01' AND '{year}-12-31' "
    "GROUP BY row, applicant_kind"
)


def grouped() -> dict[tuple[str, str], int]:
    """The peer: the cases of all agencies answered in the year, by row and kind of applicant."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(GROUPED.format(year=YEAR))
        return {(row, kind): count for row, kind, count in cursor.fetchall()}


def year_lines(size: int, rounds: int) -> tuple[list[tuple[object, ...]], list[str]]:
    """Table three of one agency and of all together beside the peer, and the cells that differ."""
    from gongkai.agencies.models import Agency
    from gongkai.applications import figures

    everybody = Agency.objects.all()
    office = Agency.objects.get(applications__number__contains="0000000")
    ways = {
        "table three of the office": lambda: figures.table(office, YEAR),
        "table three of all together": lambda: figures.table(everybody, YEAR),
        "peer: one GROUP BY over all": grouped,
    }
    counted = figures.table(everybody, YEAR)
    wrong = [
        f"{row} {kind}: {counted[row][kind]}, not {count}"
        for (row, kind), count in grouped().items()
        if counted[row][kind] != count
    ]
    taken = best(ways, rounds, instances.clock())
    peer = taken["peer: one GROUP BY over all"]
    lines = []
    for name, used in taken.items():
        with plans.watched() as seen:
            ways[name]()
        lines.append((name, f"{size:,}", seen.count, ms(used), f"{used / peer:.1f}"))
    return lines, wrong


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=(1_000, 100_000), help="applications in all")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--open", type=int, default=60, help="open applications in the office")
    parser.add_argument("--postgresql", action="store_true", help=f"on the server of {instances.POSTGRESQL}")
    said = parser.parse_args(argv)
    sizes = sorted(said.sizes)
    body: list[tuple[object, ...]] = []
    wrong: list[str] = []
    measured: list[dict[lists.Key, Any]] = []
    with instances.temporary(postgresql=said.postgresql) as cast:
        from benchmarks import rows

        loader = rows.Loader(cast, open_work=said.open)
        for size in sizes:
            note(f"loading {size:,} applications past the journal …")
            loader.load(size, applications_only=True)
            rows.settle()
            measured.append(lists.measure(lists.clients(loader), PAGES, said.rounds))
            lines, differ = year_lines(size, said.rounds)
            body += lines
            wrong += differ
            if len(measured) > 1:
                lists.times(PAGES, measured[0], measured[-1], sizes[0], size)
        scans = lists.check(measured[-1], sizes[-1] // 2)
    table(f"Table three of {YEAR}", ("way", "applications", "queries", "ms", "ratio to the peer"), body)
    if scans:
        table("Tables read from end to end", ("pages", "table and step"), scans)
    for line in wrong:
        note(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
