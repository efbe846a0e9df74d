"""The public lists with their filters, as benchmarks.search asks them at each size: what counts is how they grow.

The search page and its JSON are asked with Django's test client, whole answers with every query, count and template, by
each filter, by several, with and without a question. The pages and the data of a column are files of the site; here they are
made as a release makes them, from the newest, a middle and the oldest cut of the fullest column. Processor time, the
shortest of some rounds for each address.
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from benchmarks import plans
from benchmarks.measuring import ms, note, percentile, table

AGENCIES = 60
QUESTIONS = 30
# Every fifth entry is a policy document with a validity.
MARKED = 5
Times = tuple[list[float], int]
Figures = dict[str, Times]
# As addresses ask: the names of the filters that are set, all from one entry.
FILTERS = {
    "agency": ("agency",),
    "column": ("column",),
    "year": ("year",),
    "type": ("type",),
    "validity": ("validity",),
    "from and to": ("from", "to"),
    "agency, column, year": ("agency", "column", "year"),
}


class Maker:
    """Entries of the index for texts, spread over agencies, columns, years, types and validities."""

    def __init__(self) -> None:
        from gongkai.channels.validity import MARKS
        from gongkai.disclosure import varieties
        from gongkai.disclosure.models import Column

        self.columns = list(Column.objects.filter(active=True).order_by("pk").values_list("code", "name"))
        self.varieties = ["", *(variety.code for variety in varieties.every() if variety.code)]
        self.marks = list(MARKS.values())

    def summary(self, title: str) -> str:
        return f"公布{title}。"

    def entry(self, n: int, texts: Any) -> Any:
        from gongkai.search.entries import Entry

        title, on = texts.title(n), texts.on(n)
        code, name = self.columns[n * 31 % len(self.columns)]
        agency = n * 17 % AGENCIES
        return Entry(
            title, f"/items/{n}/", on, self.summary(title), texts.text(n), (),
            (f"YS/{on.year}-{n:07d}", f"演政〔{on.year}〕{n % 300}号"), f"演示机关{agency:02d}", code, name,
            self.marks[n // MARKED % len(self.marks)] if n % MARKED == 0 else None, f"YS{agency:04d}",
            self.varieties[n * 7 % len(self.varieties)],
        )  # fmt: skip

    def chosen(self, n: int, texts: Any) -> dict[str, str]:
        """What the n-th entry is found by, filter by filter."""
        from gongkai.search.entries import type_of

        made = self.entry(n - n % MARKED, texts)
        return {
            "agency": made.agency_code, "column": made.column, "year": str(made.on.year), "type": type_of("item", made),
            "validity": made.mark[0], "from": f"{made.on.year}-01-01", "to": f"{made.on.year}-06-30",
        }  # fmt: skip


def addresses(texts: Any) -> dict[str, list[str]]:
    """Addresses by what they ask."""
    from gongkai.search import words

    makes, found = Maker(), {}

    def ask(path: str, n: int, names: tuple[str, ...], **more: str) -> str:
        chosen = makes.chosen(n, texts)
        return f"{path}?{urlencode(more | {name: chosen[name] for name in names})}"

    def question(n: int) -> str:
        cut = [word for word in words.asked(texts.title(n - n % MARKED)) if len(word) > 1]
        return "".join(cut[:2]) or texts.title(n)[:4]

    numbers = [n * 97 for n in range(QUESTIONS)]
    found["search page, a question"] = [ask("/search/", n, (), q=question(n)) for n in numbers]
    found["search page, a question, by day"] = [
        ask("/search/", n, (), q=question(n), sort="date") for n in numbers
    ]
    for name, filters in FILTERS.items():
        found[f"search page, a question, {name}"] = [
            ask("/search/", n, filters, q=question(n)) for n in numbers
        ]
    for name, filters in FILTERS.items():
        found[f"search page, no question, {name}"] = [ask("/search/", n, filters) for n in numbers]
    found["search page, no question, column, page 50"] = [
        ask("/search/", n, ("column",), page="50") for n in numbers
    ]
    for name in ("column", "year"):
        found[f"JSON, a question, {name}"] = [ask("/search/api/", n, (name,), q=question(n)) for n in numbers]
    found["JSON, no question, column, year"] = [ask("/search/api/", n, ("column", "year")) for n in numbers]
    found["suggestions, four characters"] = [
        f"/search/suggest/?{urlencode({'q': texts.title(n)[:4]})}" for n in numbers
    ]
    return found


def measure(texts: Any, rounds: int) -> Figures:
    """Each list: its times, and how many queries one of them asks."""
    from django.test import Client

    note("public lists …")
    client, figures = Client(), {}

    def page(address: str) -> Callable[[], object]:
        def call() -> object:
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
            return answer.content

        return call

    for name, found in addresses(texts).items():
        figures[name] = timed([page(address) for address in found], rounds)
    for name, way in cuts().items():
        figures[name] = timed([way], rounds * 5)
    return figures


def timed(ways: list[Callable[[], object]], rounds: int) -> Times:
    with plans.watched() as seen:
        ways[0]()
    shortest = [float("inf")] * len(ways)
    for _round in range(rounds):
        for n, way in enumerate(ways):
            begin = time.process_time()
            way()
            shortest[n] = min(shortest[n], time.process_time() - begin)
    return shortest, seen.count


def cuts() -> dict[str, Callable[[], object]]:
    """The pages and the data of the fullest column, as they are made when something there changes."""
    from gongkai.channels import atom, columns, feeds, renderers
    from gongkai.channels.identity import identity
    from gongkai.disclosure.models import Column

    fullest = max(Column.objects.all(), key=lambda column: columns.positions(column.pk))
    given = columns.positions(fullest.pk)
    closed = columns.closed_pages(given)

    def page(number: int) -> Callable[[], object]:
        def make() -> object:
            found = columns.page(fullest, number)
            return renderers.column_page(found), atom.column_feed(found, identity())

        return make

    def data(number: int) -> Callable[[], object]:
        return lambda: (
            feeds.column_map(fullest, number, identity()),
            renderers.column_data(fullest, number),
        )

    parts = feeds.map_of(given - 1)
    return {
        "column: newest page and feed": page(0),
        "column: a middle page": page(max(1, closed // 2)),
        "column: oldest page": page(1),
        "column: sitemap, JSON and CSV of the first cut": data(1),
        "column: sitemap, JSON and CSV of a middle cut": data(max(1, parts // 2)),
    }


def tell(found: dict[int, Figures]) -> None:
    """Each list at each size, and how it grew since the smallest."""
    sizes = list(found)
    first = found[sizes[0]]
    lines: list[tuple[object, ...]] = []
    for name in first:
        half = [percentile(found[size][name][0], 0.5) for size in sizes]
        most = [percentile(found[size][name][0], 0.95) for size in sizes]
        lines.append((
            name, " / ".join(str(found[size][name][1]) for size in sizes),
            *(f"{ms(one)} / {ms(other)}" for one, other in zip(half, most, strict=True)),
            *(f"{one / half[0]:.1f} / {other / most[0]:.1f}" for one, other in zip(half[1:], most[1:], strict=True)),
        ))  # fmt: skip
    head = (
        "p50 / p95, processor time in ms",
        "queries",
        *(f"{size:,}" for size in sizes),
        *(f"growth at {size:,}" for size in sizes[1:]),
    )
    table("Public lists with their filters", head, lines)
