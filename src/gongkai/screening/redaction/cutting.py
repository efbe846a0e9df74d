"""Finding the stretches that an order names, and taking them out of wherever the text is kept."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gongkai.screening.finding import KIND_LABELS, Kind, Layer
from gongkai.screening.passage import Passage, Place, fold
from gongkai.screening.redaction.orders import BLOT, CUTTABLE, Order, Removed, Target
from gongkai.screening.rules import hits

_SQUEEZED = re.compile(r"[\s\-.]+")
_SHORTEST_SWEPT = 4
_LISTED = 500
_PASSES = 4
_SHOWN = 40


@dataclass(slots=True)
class _Piece:
    """A stretch of a thread; without `put` it cannot be changed."""

    text: str
    put: Callable[[str], None] | None = None
    layer: Layer = Layer.TEXT
    location: str = ""
    heading: str = ""


@dataclass(slots=True)
class Thread:
    """Connected text whose pieces lie in different places, each of which can be written anew."""

    _pieces: list[_Piece] = field(default_factory=list)

    def add(
        self, text: str, put: Callable[[str], None], layer: Layer, location: str, heading: str = ""
    ) -> None:
        """Append a piece; `put` writes its new text back."""
        if text:
            self._pieces.append(_Piece(text, put, layer, location, heading))

    def gap(self, separator: str) -> None:
        """Append what stands between two pieces and cannot be changed."""
        if self._pieces:
            self._pieces.append(_Piece(separator))

    def passage(self) -> Passage | None:
        """The whole text with its places; None if there is none."""
        places, length = [], 0
        for piece in self._pieces:
            if piece.put is not None:
                places.append(Place(length, piece.layer, piece.location, piece.heading))
            length += len(piece.text)
        return Passage("".join(piece.text for piece in self._pieces), places) if places else None

    def cut(self, spans: list[tuple[int, int]]) -> None:
        """Write every piece anew without the stretches, which are sorted and do not overlap."""
        at = start = 0
        for piece in self._pieces:
            end = start + len(piece.text)
            while at < len(spans) and spans[at][1] <= start:
                at += 1
            if at == len(spans):
                return
            if spans[at][0] < end and piece.put is not None:
                piece.text = _without(piece.text, start, spans, at)
                piece.put(piece.text)
            start = end


def _without(text: str, start: int, spans: list[tuple[int, int]], at: int) -> str:
    """A piece that begins at `start`, without the stretches from number `at` on that touch it."""
    kept, position, end = [], start, start + len(text)
    for index in range(at, len(spans)):
        first, last = spans[index]
        if first >= end:
            break
        kept.append(text[position - start : max(first, position) - start])
        # What began in an earlier piece has left its blot there.
        if first >= start:
            kept.append(BLOT)
        position = max(position, min(last, end))
    kept.append(text[position - start :])
    return "".join(kept)


class Cutter:
    """Carries an order out over all texts of one file, and remembers what went."""

    def __init__(self, order: Order, salt: bytes) -> None:
        self._order = order
        self._salt = hashlib.blake2b(salt).digest()
        self._removed: dict[tuple[str, str, str], int] = {}
        self._values: dict[str, None] = {}
        self._words = [_spelled(word) for word in order.words if word.strip()]

    def key(self, kind: Kind, value: str) -> str:
        """The name of one value in this file; it tells nothing of the value outside it."""
        digest = hashlib.blake2b(f"{kind}:{_squeeze(value)}".encode(), digest_size=10, key=self._salt)
        return digest.hexdigest()

    def cut(self, thread: Thread) -> int:
        """Take what is ordered out of a text; how many stretches went."""
        count = 0
        # What is left may be a finding too: without its door an address still has its house.
        for _ in range(_PASSES):
            passage = thread.passage()
            spans = self.spans(passage) if passage is not None else []
            if not spans:
                break
            thread.cut(spans)
            count += len(spans)
        return count

    def stretches(self, text: str, place: Place) -> list[tuple[int, int]]:
        """All stretches of a text that go, also those found only when others are gone; offsets are of the text."""
        found: list[tuple[int, int]] = []
        for _ in range(_PASSES):
            spans = self.spans(Passage(text, [place]))
            if not spans:
                break
            found += spans
            for start, end in spans:
                text = text[:start] + "■" * (end - start) + text[end:]
        return _joined(found)

    def spans(self, passage: Passage) -> list[tuple[int, int]]:
        """The stretches of a text that go, sorted, joined where they touch; each is noted as removed."""
        found: list[tuple[int, int]] = []
        if self._order.kinds or self._order.targets:
            for hit in hits(passage):
                value = passage.text[hit.start : hit.end]
                if hit.kind not in CUTTABLE:
                    continue
                if hit.kind in self._order.kinds or self.key(hit.kind, value) in self._order.targets:
                    found.append((hit.start, hit.end))
                    self._note(KIND_LABELS[hit.kind], passage, hit.start, hit.shown)
                    self.forget(value)
        folded = fold(passage.text) if self._words else ""
        for pattern in self._words:
            for match in pattern.finditer(folded):
                found.append(match.span())
                shown = match.group()[0] + "*" * (len(match.group()) - 1)
                value = passage.text[slice(*match.span())]
                self._note("指定的字词", passage, match.start(), shown)
                if len(value) >= _SHORTEST_SWEPT or not value.isascii():
                    self._values[value] = None
        return _joined(found)

    def _note(self, what: str, passage: Passage, start: int, shown: str) -> None:
        self.note(what, passage.places_over(start, start + 1)[0].location, shown)

    def note(self, what: str, location: str, excerpt: str = "", count: int = 1) -> None:
        """Remember that something went."""
        key = (what, location, excerpt)
        if key in self._removed or len(self._removed) < _LISTED:
            self._removed[key] = self._removed.get(key, 0) + count
        else:
            rest = (what, "全文", "其余同类内容")
            self._removed[rest] = self._removed.get(rest, 0) + count

    def forget(self, value: str) -> None:
        """Sweep this value out of every other place too, where it is a number: words also mean something else."""
        for form in (value.strip(), _squeeze(value)):
            if sum(char.isdigit() for char in fold(form)) >= _SHORTEST_SWEPT:
                self._values[form] = None

    def swept(self, text: str) -> str:
        """A text of any kind without the values that went elsewhere: field codes, addresses, names of parts."""
        for value in self._values:
            if value in text:
                text = text.replace(value, BLOT)
        return text

    @property
    def sweeps(self) -> bool:
        """Whether anything went that may stand elsewhere too."""
        return bool(self._values)

    def removed(self) -> tuple[Removed, ...]:
        """All that went."""
        return tuple(Removed(*key, count) for key, count in self._removed.items())


class Surveyor(Cutter):
    """A cutter that cuts nothing: it lists what could be removed."""

    def __init__(self, salt: bytes) -> None:
        super().__init__(Order(), salt)
        self._targets: dict[str, Target] = {}

    def spans(self, passage: Passage) -> list[tuple[int, int]]:
        """No stretch; what could go is remembered."""
        for hit in hits(passage):
            if hit.kind not in CUTTABLE:
                continue
            key = self.key(hit.kind, passage.text[hit.start : hit.end])
            known = self._targets.get(key)
            if known is None and len(self._targets) >= _LISTED:
                continue
            location = passage.places_over(hit.start, hit.start + 1)[0].location
            self._targets[key] = (
                Target(key, hit.kind, hit.shown[:_SHOWN], location, 1)
                if known is None
                else Target(key, known.kind, known.excerpt, known.location, known.count + 1)
            )
        return []

    def targets(self) -> tuple[Target, ...]:
        """What could be removed, by kind in the order in which kinds are listed."""
        order = {kind: number for number, kind in enumerate(CUTTABLE)}
        return tuple(sorted(self._targets.values(), key=lambda target: order[target.kind]))


def _spelled(word: str) -> re.Pattern[str]:
    """A word as people write it: wide or narrow, with blanks between its characters (张　三)."""
    letters = [re.escape(char) for char in fold(word) if char != " "]
    return re.compile(" *".join(letters), re.IGNORECASE)


def _squeeze(value: str) -> str:
    return _SQUEEZED.sub("", fold(value))


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined
