"""Questions to the index: what was understood as queries, bounded in what each may cost."""

import math

import tantivy

from gongkai.search import sounds, words
from gongkai.search.asking import Asked, Slot

WEIGHTS = {"title": 4.0, "summary": 2.0, "names": 1.5, "body": 1.0}
# A run of characters is looked up by position only where its rarest character stands in fewer entries.
COSTLY_RUN = 50_000
LONGEST_RUN = 60
# So large a share of the pairs of characters in a title makes it a result, whatever the words.
NEARLY = 0.7
LEAST_PAIRS = 5
# The share of what was asked that a loose result has.
SOME = 0.6
_Q, _MUST, _SHOULD = tantivy.Query, tantivy.Occur.Must, tantivy.Occur.Should
Query = tantivy.Query


def some_of(queries: list[Query], least: int = 1) -> Query:
    """At least so many of them."""
    if not queries:
        return _Q.empty_query()
    return _Q.boolean_query([(_SHOULD, query) for query in queries], minimum_number_should_match=least)


def all_of(*queries: Query | None) -> Query:
    return _Q.boolean_query([(_MUST, query) for query in queries if query is not None])


def term(schema: tantivy.Schema, field: str, value: str, weight: float = 1.0) -> Query:
    return _Q.boost_query(_Q.term_query(schema, field, value), weight)


class Matching:
    """Queries over one state of the index."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self.searcher, self.schema = searcher, schema

    def strict(self, asked: Asked) -> Query | None:
        """Every thing somewhere, or nearly the whole title, or the number; None where nothing was asked."""
        if not asked.slots:
            return None
        ways = [all_of(*(self.slot(slot) for slot in asked.slots))]
        pairs = words.grams(asked.text)
        if len(pairs) >= 2:
            title = [term(self.schema, "gram", pair, 0.7) for pair in dict.fromkeys(pairs)]
            least = len(title) if len(title) < LEAST_PAIRS else math.ceil(NEARLY * len(title))
            ways.append(some_of(title, least))
        if run := self.run(words.characters(asked.text)):
            ways.append(run)
        return some_of([*ways, *self.numbers(asked)])

    def numbers(self, asked: Asked) -> list[Query]:
        """The document and index numbers; with the issuer's mark one is worth the more."""
        return [
            term(self.schema, "number", number, 60.0 if number[0] != "[" else 30.0)
            for number in asked.numbers
        ]

    def loose(self, asked: Asked) -> Query:
        """Some of the words, or of the characters or sounds of a title."""
        ways = [
            self.anywhere(way)
            for slot in asked.slots
            for way in slot.ways
            if len(way) > 1 and not slot.letters
        ]
        chars = list(dict.fromkeys(words.characters(asked.text)))
        if len(chars) > 2:
            each = [term(self.schema, "title_run", char, 0.5) for char in chars]
            ways.append(some_of(each, math.ceil(SOME * len(each))))
        pairs = list(dict.fromkeys(words.grams(asked.text)))
        if len(pairs) > 2:
            each = [term(self.schema, "gram", pair) for pair in pairs]
            ways.append(some_of(each, math.ceil(SOME * len(each) / 2)))
        heard = list(dict.fromkeys(sounds.pairs_of([sounds.fuzzy(one) for one in self._spoken(asked)])))
        if len(heard) > 2:
            each = [term(self.schema, "sound", pair) for pair in heard]
            ways.append(some_of(each, math.ceil(SOME * len(each))))
        return some_of(ways)

    @staticmethod
    def _spoken(asked: Asked) -> list[str]:
        found: list[str] = []
        for slot in asked.slots:
            if slot.letters:
                found += sounds.split(sounds.typed(slot.ways[0]) or "") or []
            else:
                found += sounds.spoken(slot.ways[0])
        return found

    def slot(self, slot: Slot) -> Query:
        """One thing in any of its ways; the typed one weighs more."""
        typed = self.way(slot.ways[0])
        ways = [typed, *(_Q.boost_query(self.way(other), 0.6) for other in slot.ways[1:])]
        if slot.letters and (letters := sounds.typed(slot.ways[0])):
            ways += self.sounds(letters)
        return some_of(ways)

    def way(self, text: str) -> Query:
        """A term of one word or several: all of them."""
        asked = words.asked(text)
        return all_of(*(self.anywhere(word) for word in asked)) if asked else _Q.empty_query()

    def sounds(self, letters: str) -> list[Query]:
        """Typed pinyin in a title: its syllables side by side, or the initials."""
        ways = []
        pairs = sounds.pairs_of([sounds.fuzzy(one) for one in sounds.split(letters) or []])
        if pairs:
            ways.append(all_of(*(term(self.schema, "sound", pair, 2.0) for pair in pairs)))
        initials = sounds.initials(letters) if len(letters) <= 16 else []
        if initials:
            ways.append(all_of(*(term(self.schema, "sound", each) for each in initials)))
        return ways

    def anywhere(self, word: str) -> Query:
        """The word in any field; a word that the index cut otherwise is found as a run of characters."""
        ways = [term(self.schema, field, word, weight) for field, weight in WEIGHTS.items()]
        chars = words.characters(word)
        if len(chars) == 1:
            ways.append(term(self.schema, "run", chars[0], 0.2))
        elif run := self.run(chars):
            ways.append(_Q.boost_query(run, 0.5))
        elif pairs := words.grams(word):
            ways.append(all_of(*(term(self.schema, "gram", pair, 0.3) for pair in pairs)))
        return some_of(ways)

    def run(self, chars: list[str]) -> Query | None:
        """Characters side by side anywhere; None where that would cost too much."""
        if not 2 <= len(chars) <= LONGEST_RUN:
            return None
        if min(self.searcher.doc_freq("run", char) for char in set(chars)) > COSTLY_RUN:
            return None
        return _Q.phrase_query(self.schema, "run", chars)
