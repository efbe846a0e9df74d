"""Many words looked for in one pass: an Aho-Corasick automaton over UTF-8, with offsets in characters."""

from collections.abc import Sequence

from ahocorasick_rs import BytesAhoCorasick

_ENCODING, _LONE = "utf-8", "surrogatepass"


def encoded(text: str) -> bytes:
    """A text as the automaton reads it."""
    return text.encode(_ENCODING, _LONE)


class Automaton:
    """Words, looked for together; the time grows with the text and hardly with their number."""

    def __init__(self, words: Sequence[str]) -> None:
        self._found = BytesAhoCorasick([encoded(word) for word in words]) if words else None

    def find(self, raw: bytes) -> list[tuple[int, int, int]]:
        """(number of the word, start, end) of every occurrence in `encoded(text)`, by end, overlapping too.

        Offsets are those of the text: what lies between two occurrences is counted once.
        """
        if self._found is None:
            return []
        found = self._found.find_matches_as_indexes(raw, overlapping=True)
        places = {0: 0}
        at = characters = 0
        for offset in sorted({offset for _, start, end in found for offset in (start, end)}):
            characters += len(raw[at:offset].decode(_ENCODING, _LONE))
            places[offset] = characters
            at = offset
        return [(index, places[start], places[end]) for index, start, end in found]
