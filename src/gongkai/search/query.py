"""Asking the index: every word must stand somewhere in the entry; runs of characters and titles weigh more."""

import math
from dataclasses import dataclass

import tantivy

from gongkai.review.models import Release
from gongkai.search import index, snippets, words

LONGEST_QUERY = 200
MOST_WORDS = 24
PAGE = 20
LAST_PAGE = 50
# The share of a description's words that an entry must have to be offered for it.
LIKELY = 0.6
WEIGHTS = {"title": 4.0, "summary": 2.0, "names": 1.5, "body": 1.0}
_Q, _MUST, _SHOULD = tantivy.Query, tantivy.Occur.Must, tantivy.Occur.Should


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

    loose: no entry has all the words, these have some of them; shortened: the query was longer than is
    searched; columns and years: (value, count) under the query without that filter.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 1
    loose: bool = False
    shortened: bool = False
    columns: tuple[tuple[str, int], ...] = ()
    years: tuple[tuple[str, int], ...] = ()


def search(text: str, *, column: str = "", year: str = "", page: int = 1) -> Results:
    """Find released entries for what a visitor typed; any text is answered. Raises index.IndexMissing.

    Operators have no meaning: they are searched as the text they are. No text, with or without filters,
    lists the newest first.
    """
    shortened = len(text) > LONGEST_QUERY
    text = text[:LONGEST_QUERY]
    searcher = index.searcher()
    schema = index.schema()
    loose = False
    wanted = _strict(schema, text)
    if wanted is None and text.strip():
        # Nothing but punctuation was typed.
        return Results(shortened=shortened)
    ask = wanted or _Q.all_query()
    filters = _filters(schema, column=column, year=year)
    order = None if wanted else "day"
    if wanted and searcher.search(ask, limit=1).count == 0:
        ask, loose = _loose(schema, text), True
    page = max(1, min(page, LAST_PAGE))
    found = searcher.search(
        _all(ask, *filters.values()),
        limit=PAGE,
        offset=(page - 1) * PAGE,
        **({"order_by_field": order} if order else {}),
    )
    total = found.count or 0
    shown = _hits(searcher, [address for _score, address in found.hits], words.asked(text))
    return Results(
        hits=shown,
        total=total,
        page=page,
        pages=max(1, min(LAST_PAGE, -(-total // PAGE))),
        loose=loose and total > 0,
        shortened=shortened,
        columns=_counts(searcher, _all(ask, filters["year"]), "column"),
        years=_counts(searcher, _all(ask, filters["column"]), "year"),
    )


def likely(text: str, *, limit: int = 5) -> tuple[Hit, ...]:
    """Entries that may hold what a longer text asks for: most of its telling words stand in them, or its
    document number. The likeliest first; none for a text without words. Raises index.IndexMissing."""
    text = text[:LONGEST_QUERY]
    asked = [word for word in words.asked(text) if len(word) > 1][:MOST_WORDS]
    if not asked:
        return ()
    searcher, schema = index.searcher(), index.schema()
    most = _Q.boolean_query(
        [(_SHOULD, _anywhere(schema, word)) for word in asked],
        minimum_number_should_match=math.ceil(len(asked) * LIKELY),
    )
    ways = [(_SHOULD, most)]
    for number in words.numbers(text):
        ways.append((_SHOULD, _Q.boost_query(_Q.term_query(schema, "number", number), 20.0)))
    found = searcher.search(_Q.boolean_query(ways), limit=limit)
    return _hits(searcher, [address for _score, address in found.hits], asked)


def _strict(schema: tantivy.Schema, text: str) -> tantivy.Query | None:
    """Every word somewhere, or the run as it stands, or the number; None where the text holds no word."""
    asked = words.asked(text)[:MOST_WORDS]
    if not asked:
        return None
    every = _Q.boolean_query([(_MUST, _anywhere(schema, word)) for word in asked])
    ways = [(_SHOULD, every)]
    run = words.characters(text)
    if 2 <= len(run) <= 60:
        ways.append((_SHOULD, _Q.boost_query(_Q.phrase_query(schema, "title_run", run), 3.0)))
        ways.append((_SHOULD, _Q.phrase_query(schema, "run", run)))
    for number in words.numbers(text):
        ways.append((_SHOULD, _Q.boost_query(_Q.term_query(schema, "number", number), 20.0)))
    return _Q.boolean_query(ways)


def _loose(schema: tantivy.Schema, text: str) -> tantivy.Query:
    return _Q.boolean_query(
        [(_SHOULD, _anywhere(schema, word)) for word in words.asked(text)[:MOST_WORDS] if len(word) > 1]
        or [(_SHOULD, _Q.empty_query())]
    )


def _anywhere(schema: tantivy.Schema, word: str) -> tantivy.Query:
    """The word in any field; a word that the index cut otherwise is found as a run of characters."""
    ways = [
        (_SHOULD, _Q.boost_query(_Q.term_query(schema, field, word), weight))
        for field, weight in WEIGHTS.items()
    ]
    run = words.characters(word)
    if len(run) > 1:
        ways.append((_SHOULD, _Q.boost_query(_Q.phrase_query(schema, "run", run), 0.5)))
    elif run:
        ways.append((_SHOULD, _Q.boost_query(_Q.term_query(schema, "run", run[0]), 0.2)))
    return _Q.boolean_query(ways)


def _filters(schema: tantivy.Schema, **chosen: str) -> dict[str, tantivy.Query | None]:
    return {
        field: _Q.const_score_query(_Q.term_query(schema, field, value), 0.0) if value else None
        for field, value in chosen.items()
    }


def _all(*queries: tantivy.Query | None) -> tantivy.Query:
    return _Q.boolean_query([(_MUST, query) for query in queries if query is not None])


def _counts(searcher: tantivy.Searcher, query: tantivy.Query, field: str) -> tuple[tuple[str, int], ...]:
    said = searcher.aggregate(query, {"of": {"terms": {"field": field, "size": 60}}})
    return tuple((str(row["key"]), int(row["doc_count"])) for row in said["of"]["buckets"] if row["key"])


def _hits(
    searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress], asked: list[str]
) -> tuple[Hit, ...]:
    """The documents as results; one whose release is not live any more is left out, whatever the index says."""
    docs = [searcher.doc(address) for address in addresses]
    live = set(
        Release.objects.filter(
            pk__in=[doc["release"][0] for doc in docs], withdrawal__isnull=True
        ).values_list("pk", flat=True)
    )
    shown = []
    for doc in docs:
        if doc["release"][0] not in live:
            continue
        said = {name: (doc[name] or [""])[0] for name in ("show_title", "url", "agency", "show_number")}
        mark = str(doc["mark"][0])
        shown.append(
            Hit(
                title=said["show_title"],
                url=said["url"],
                day=int(doc["day"][0]),
                agency=said["agency"],
                number=said["show_number"],
                column=doc["column"][0],
                column_name=doc["column_name"][0],
                mark=(mark.split("\t")[0], mark.split("\t")[1]) if mark else None,
                snippet=snippets.snippet(doc["show_text"][0], asked),
                release=int(doc["release"][0]),
            )
        )
    return tuple(shown)
