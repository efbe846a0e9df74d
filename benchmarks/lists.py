"""The workbench's lists and inbox at 1,000 and at 100,000 rows: time, number of queries, and their plans.

Every page is asked with Django's test client as three people see it: a handler of the office (half of all rows),
a handler of a small agency (one row in 32), and the district's supervisor (all rows). Pages ought to cost the
same at both sizes. On SQLite the time is processor time, which other work on the machine does not disturb. The plan check names every table that a page's query reads from end to end.
"""

import argparse
import sys
from collections.abc import Iterable
from typing import Any

from benchmarks import instances, plans
from benchmarks.measuring import best, ms, note, table

PEOPLE = ("office", "small", "supervisor")
PAGES = {
    "inbox": "/workbench/",
    "items": "/workbench/items/",
    "items, page 15": "/workbench/items/?page=15",
    "items, by title": "/workbench/items/?sort=title",
    "items, by day published": "/workbench/items/?sort=-released_at",
    "items, drafts": "/workbench/items/?state=draft",
    "items, published in 2021": "/workbench/items/?year=2021",
    "items, title contains": "/workbench/items/?q=棚户区",
    "items, title contains, no match": "/workbench/items/?q=无此标题",
    "applications": "/workbench/applications/",
    "applications, open": "/workbench/applications/?open=true",
    "applications, by term": "/workbench/applications/?sort=due_on",
    "applications, received in 2021": "/workbench/applications/?received=2021",
    "applications, number contains": "/workbench/applications/?q=0000777",
    "letters": "/workbench/letters/",
    "letters, not sent": "/workbench/letters/?sent=false",
    "mailbox": "/workbench/correspondence/mailbox/",
    "tasks": "/workbench/tasks/",
}
# A query is told as growing from so many times and so many seconds on.
GROWTH, LONG = 3.0, 0.005
Key = tuple[str, str]


def clients(loader: Any) -> dict[str, Any]:
    """A logged-in test client for each of the three people."""
    from django.test import Client

    people = {
        "office": loader.cast.people["jingban"],
        "small": loader.small_handler,
        "supervisor": loader.cast.people["quban"],
    }
    found = {}
    for name, person in people.items():
        found[name] = Client()
        found[name].force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return found


def measure(
    asked: dict[str, Any], pages: dict[str, str], rounds: int
) -> dict[Key, tuple[float, plans.Watched]]:
    """The shortest time of each page for each person, and the statements of one request; without rounds no time."""
    found, clock = {}, instances.clock()
    for who, client in asked.items():
        for page, address in pages.items():
            with plans.watched() as seen:
                answer = client.get(address)
            if answer.status_code in (403, 404):
                # Not for this person, or a short list without that page.
                continue
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
            if not rounds:
                found[who, page] = (0.0, seen)
                continue
            taken = best({page: lambda client=client, address=address: client.get(address)}, rounds, clock)[
                page
            ]
            found[who, page] = (taken, statements(client, address, rounds))
    return found


def statements(client: Any, address: str, rounds: int) -> plans.Watched:
    """The statements of one request, each with its shortest time in so many requests."""
    with plans.watched() as first:
        client.get(address)
    for _round in range(rounds):
        with plans.watched() as again:
            client.get(address)
        for one, other in zip(first.selects, again.selects, strict=False):
            one.taken = min(one.taken, other.taken)
    return first


def check(measured: dict[Key, tuple[float, plans.Watched]], over: int) -> list[tuple[str, str]]:
    """Full scans of tables that hold more than `over` rows, as (page and person, table and step), each once."""
    large = {name: rows for name, rows in plans.sizes().items() if rows > over}
    found: dict[str, list[str]] = {}
    # What many pages ask in the same words has one plan.
    known: dict[str, list[str]] = {}
    for (who, page), (_taken, seen) in measured.items():
        for select in seen.selects:
            if select.sql not in known:
                known[select.sql] = plans.full_scans(select, large)
            for scan in known[select.sql]:
                found.setdefault(scan, []).append(f"{page} ({who})")
    return [("; ".join(dict.fromkeys(where)), scan) for scan, where in found.items()]


def growing(
    before: dict[Key, tuple[float, plans.Watched]], after: dict[Key, tuple[float, plans.Watched]]
) -> list[tuple[str, str, str, str, str]]:
    """The queries that take much longer at the large size, the slowest first; those of one plan are told once."""
    found: dict[tuple[str, str], tuple[float, float, list[str]]] = {}
    for (who, page), (_taken, seen) in after.items():
        small = before[who, page][1].selects if (who, page) in before else []
        for n, select in enumerate(seen.selects):
            then = small[n].taken if n < len(small) and small[n].table == select.table else 0.0
            if select.taken < LONG or select.taken < GROWTH * then:
                continue
            key = (select.table, plans.gist(select))
            slowest = max(found.get(key, (0.0, 0.0, []))[:2], (select.taken, then))
            found[key] = (*slowest, [*found.get(key, (0, 0, []))[2], f"{page} ({who})"])
    rows = sorted(found.items(), key=lambda row: -row[1][0])
    return [
        ("; ".join(dict.fromkeys(where)), name, ms(then), ms(now), gist)
        for (name, gist), (now, then, where) in rows
    ]


def main(argv: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs=2, default=(1_000, 100_000), metavar=("SMALL", "LARGE"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--open", type=int, default=60, help="open pieces of each kind of work in the office")
    parser.add_argument("--open-share", type=float, default=0.0, help="instead: this share of all is open")
    parser.add_argument("--postgresql", action="store_true", help=f"on the server of {instances.POSTGRESQL}")
    parser.add_argument(
        "--plans-only", action="store_true", help="no times: the plan check at the large size"
    )
    said = parser.parse_args(None if argv is None else list(argv))
    small, large = said.sizes
    with instances.temporary(postgresql=said.postgresql) as cast:
        from benchmarks import rows

        loader = rows.Loader(cast, open_work=said.open, open_share=said.open_share)
        measured = []
        for size in (large,) if said.plans_only else (small, large):
            note(f"loading {size:,} rows of each kind past the journal …")
            loader.load(size)
            rows.settle()
            measured.append(measure(clients(loader), PAGES, 0 if said.plans_only else said.rounds))
        if not said.plans_only:
            times(PAGES, measured[0], measured[1], small, large)
        scans = check(measured[-1], large // 2)
    if scans:
        table("Tables read from end to end", ("pages", "table and step"), scans)
        return 1
    print(f"\nNo table of more than {large // 2:,} rows is read from end to end.")
    return 0


def times(
    pages: Iterable[str],
    before: dict[Key, tuple[float, plans.Watched]],
    after: dict[Key, tuple[float, plans.Watched]],
    small: int,
    large: int,
) -> None:
    """Print time and number of queries of each page at both sizes, and the queries that grow."""
    for who in PEOPLE:
        body = []
        for page in (page for page in pages if (who, page) in before and (who, page) in after):
            (one, few), (other, many) = before[who, page], after[who, page]
            body.append((page, few.count, many.count, ms(one), ms(other), f"{other / one:.1f}"))
        head = (
            "page",
            f"queries at {small:,}",
            f"at {large:,}",
            f"ms at {small:,}",
            f"at {large:,}",
            "ratio",
        )
        table(f"As the {who} sees it", head, body)
    if slow := growing(before, after):
        head = ("page", "table", f"ms at {small:,}", f"at {large:,}", "plan")
        table("Queries that grow with the records", head, slow)


if __name__ == "__main__":
    sys.exit(main())
