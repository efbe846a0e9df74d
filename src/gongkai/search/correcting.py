"""A character that was confused with one that looks or sounds like it: tried only where nothing is found."""

import tantivy

from gongkai.search import sounds, variants, words

LONGEST = 40
# Others tried for one character.
TRIED = 60


def corrected(searcher: tantivy.Searcher, text: str) -> str | None:
    """The folded text with single characters put right, so that each stands beside its neighbours in some title;
    None where no character is wrong or none fits."""
    if len(text) > LONGEST:
        return None
    chars = list(text)
    changed = False
    for at, char in enumerate(chars):
        if "一" <= char <= "鿿" and _lonely(searcher, chars, at):
            better = _better(searcher, chars, at)
            if better:
                chars[at], changed = better, True
    return "".join(chars) if changed else None


def _frequency(searcher: tantivy.Searcher, chars: list[str], at: int, char: str) -> int:
    """In how many titles the character stands beside its neighbours: the lesser of both sides."""
    sides = []
    if at > 0 and words.is_word(chars[at - 1]):
        sides.append(searcher.doc_freq("gram", chars[at - 1] + char))
    if at + 1 < len(chars) and words.is_word(chars[at + 1]):
        sides.append(searcher.doc_freq("gram", char + chars[at + 1]))
    return min(sides, default=1)


def _lonely(searcher: tantivy.Searcher, chars: list[str], at: int) -> bool:
    return _frequency(searcher, chars, at, chars[at]) == 0


def _better(searcher: tantivy.Searcher, chars: list[str], at: int) -> str:
    like = variants.lookalikes().get(chars[at], "") + sounds.homophones(chars[at])
    tried = list(dict.fromkeys(like))[:TRIED]
    best = max(tried, key=lambda char: _frequency(searcher, chars, at, char), default="")
    return best if best and _frequency(searcher, chars, at, best) > 0 else ""
