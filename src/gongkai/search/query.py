"""Asking the index: every thing that was asked must stand somewhere in the entry; titles weigh more."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import tantivy

from gongkai.review.models import Release
from gongkai.search import correcting, index, ranking, snippets, words
from gongkai.search.asking import LONGEST_QUERY, MOST_WORDS, Asked, understand
from gongkai.search.index import FACETS
from gongkai.search.matching import Matching, all_of, some_of, term

PAGE = 20
LAST_PAGE = 50
# The best of these are put in order by their whole title.
WINDOW = 3 * PAGE
# The share of a description's words that an entry must have to be offered for it.
LIKELY = 0.6
RELEVANCE, DATE = "relevance", "date"
MOST_VALUES = 60


@dataclass(frozen=True)
class Hit:
    """One result, ready to be shown; snippet is safe HTML with <mark>."""

    title: str
    url: str
    day: int
    agency: str
    number: str
    column: str
    column_name: str
    mark: tuple[str, str] | None
    snippet: str
    release: int


@dataclass(frozen=True)
class Results:
    """Results of one page.

    loose: no entry has all that was asked, these have some of it; facets: by filter the (value, count) under the
    question and the other filters; asked: what was understood; corrected: the text that was searched instead,
    because nothing has the typed one.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 1
    loose: bool = False
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    asked: Asked = field(default_factory=lambda: Asked(""))
    corrected: str = ""

    @property
    def shortened(self) -> bool:
        return self.asked.shortened

    @property
    def columns(self) -> tuple[tuple[str, int], ...]:
        return self.facets.get("column", ())

    @property
    def years(self) -> tuple[tuple[str, int], ...]:
        return self.facets.get("year", ())


def search(
    text: str,
    *,
    page: int = 1,
    sort: str = RELEVANCE,
    exact: bool = False,
    since: date | None = None,
    until: date | None = None,
    **chosen: str,
) -> Results:
    """Find released entries for what a visitor typed; any text is answered. Raises index.IndexMissing.

    chosen: by name of a facet (index.FACETS) the value that results must have. Operators have no meaning: they are
    searched as the text they are. No text, with or without filters, lists the newest first; a page after the last is
    the last. exact: without synonyms, spellings and pinyin.
    """
    searcher, schema = index.searcher(), index.schema()
    page = max(1, min(page, LAST_PAGE))
    asked = understand(text, exact=exact)
    matching = Matching(searcher, schema)
    wanted = matching.strict(asked)
    if wanted is None and text.strip():
        # Nothing but punctuation was typed.
        return Results(asked=asked)
    filters = {name: term(schema, name, value, 0.0) for name, value in chosen.items() if value}
    if since or until:
        filters["day"] = _between(schema, since, until)
    loose, corrected = False, ""
    by_day = wanted is None or sort == DATE
    ask = wanted or tantivy.Query.all_query()
    found = _found(searcher, ask, filters, page, by_day)
    if wanted and not found.count and not (filters and _any(searcher, wanted)):
        corrected = "" if exact else correcting.corrected(searcher, asked.text) or ""
        better = understand(corrected) if corrected else asked
        again = matching.strict(better) if corrected else None
        if again and _any(searcher, again):
            asked, ask = better, again
        else:
            ask, loose, corrected = matching.loose(asked), True, ""
        found = _found(searcher, ask, filters, page, by_day)
    total = found.count or 0
    pages = max(1, min(LAST_PAGE, -(-total // PAGE)))
    if page > pages:
        page = pages
        found = _found(searcher, ask, filters, page, by_day)
    docs = [searcher.doc(address) for _score, address in found.hits]
    if not by_day and page * PAGE <= WINDOW:
        docs = _by_likeness([score for score, _address in found.hits], docs, asked)[
            (page - 1) * PAGE : page * PAGE
        ]
    return Results(
        hits=_hits(docs, asked.marked),
        total=total,
        page=page,
        pages=pages,
        loose=loose and total > 0,
        facets=_facets(searcher, ask, filters),
        asked=asked,
        corrected=corrected,
    )


def count(text: str) -> int:
    """How many released entries have all of a text. Raises index.IndexMissing."""
    searcher = index.searcher()
    wanted = Matching(searcher, index.schema()).strict(understand(text))
    return (searcher.search(wanted, limit=1).count or 0) if wanted else 0


def likely(text: str, *, limit: int = 5) -> tuple[Hit, ...]:
    """Entries that may hold what a longer text asks for: most of its telling words stand in them, or its
    document number. The likeliest first; none for a text without words. Raises index.IndexMissing."""
    text = text[:LONGEST_QUERY]
    asked = [word for word in words.asked(text) if len(word) > 1][:MOST_WORDS]
    if not asked:
        return ()
    searcher, schema = index.searcher(), index.schema()
    matching = Matching(searcher, schema)
    most = some_of([matching.anywhere(word) for word in asked], math.ceil(len(asked) * LIKELY))
    numbers = [term(schema, "number", number, 20.0) for number in words.numbers(text)]
    found = searcher.search(some_of([most, *numbers]), limit=limit)
    return _hits([searcher.doc(address) for _score, address in found.hits], asked)


def _any(searcher: tantivy.Searcher, query: tantivy.Query) -> bool:
    return bool(searcher.search(query, limit=1, count=False).hits)


def _between(schema: tantivy.Schema, since: date | None, until: date | None) -> tantivy.Query:
    """Those of the days from `since` to `until`, both included."""
    days = tantivy.Query.range_query(
        schema,
        "day",
        tantivy.FieldType.Integer,
        since.toordinal() if since else None,
        until.toordinal() if until else None,
    )
    return tantivy.Query.const_score_query(days, 0.0)


def _found(
    searcher: tantivy.Searcher,
    ask: tantivy.Query,
    filters: Mapping[str, tantivy.Query],
    page: int,
    by_day: bool,
) -> tantivy.SearchResult:
    """The hits of one page with the total; of a page inside the window, all of the window."""
    query, page = all_of(ask, *filters.values()), max(1, min(page, LAST_PAGE))
    if by_day:
        return searcher.search(query, limit=PAGE, offset=(page - 1) * PAGE, order_by_field="day")
    if page * PAGE <= WINDOW:
        return searcher.search(query, limit=WINDOW)
    return searcher.search(query, limit=PAGE, offset=(page - 1) * PAGE)


def _by_likeness(scores: list[float], docs: list[tantivy.Document], asked: Asked) -> list[tantivy.Document]:
    """The best of the index put in order by their whole titles."""
    wanted = ranking.Wanted(tuple(words.characters(asked.text)), frozenset(asked.numbers))
    shown = [json.loads(doc["shown"][0]) for doc in docs]
    found = [
        ranking.Found(score, words.characters(said["title"]), said["numbers"])
        for score, said in zip(scores, shown, strict=True)
    ]
    return [docs[at] for at in ranking.order(wanted, found)]


def _facets(
    searcher: tantivy.Searcher, ask: tantivy.Query, filters: Mapping[str, tantivy.Query]
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Each filter's values with their counts under the question and the other filters; those that no filter of
    their own narrows are counted in one pass."""
    passes: dict[tuple[str, ...], list[str]] = {}
    for name in FACETS:
        others = tuple(sorted(other for other in filters if other != name))
        passes.setdefault(others, []).append(name)
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for others, names in passes.items():
        query = all_of(ask, *(filters[other] for other in others))
        terms = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        said = searcher.aggregate(query, terms)
        for name in names:
            rows = ((str(row["key"]), int(row["doc_count"])) for row in said[name]["buckets"])
            found[name] = tuple(row for row in rows if row[0])
    return found


def _hits(docs: list[tantivy.Document], marked: list[str]) -> tuple[Hit, ...]:
    """The documents as results; one whose release is not live any more is left out, whatever the index says."""
    live = set(
        Release.objects.filter(
            pk__in=[doc["release"][0] for doc in docs], withdrawal__isnull=True
        ).values_list("pk", flat=True)
    )
    shown = []
    for doc in docs:
        if doc["release"][0] not in live:
            continue
        said = json.loads(doc["shown"][0])
        shown.append(
            Hit(
                title=said["title"],
                url=said["url"],
                day=int(doc["day"][0]),
                agency=said["agency"],
                number=said["number"],
                column=said["column"],
                column_name=said["column_name"],
                mark=tuple(said["mark"]) if said["mark"] else None,
                snippet=snippets.snippet(doc["text"][0], marked),
                release=int(doc["release"][0]),
            )
        )
    return tuple(shown)
