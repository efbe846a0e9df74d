"""What a person orders to be removed from a file, and what is told afterwards of what went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

from gongkai.screening.finding import Kind

# What stands where something was: always the same, so that not even its length is told.
BLOT = "■■■"


class Concealment(StrEnum):
    """What may be dropped as a whole: nearly all of it is what the printed page does not show."""

    COMMENTS = "comments"
    TRACKED_CHANGES = "tracked_changes"
    HIDDEN_TEXT = "hidden_text"
    HIDDEN_SHEETS = "hidden_sheets"
    HIDDEN_CELLS = "hidden_cells"
    LEFTOVERS = "leftovers"
    EMBEDDED_FILES = "embedded_files"
    PICTURES = "pictures"


CONCEALMENT_LABELS: Mapping[Concealment, str] = MappingProxyType(
    {
        Concealment.COMMENTS: "批注",
        Concealment.TRACKED_CHANGES: "修订痕迹（接受插入，去掉删除的文字）",
        Concealment.HIDDEN_TEXT: "隐藏文字",
        Concealment.HIDDEN_SHEETS: "隐藏的工作表、幻灯片",
        Concealment.HIDDEN_CELLS: "隐藏行和隐藏列中的内容",
        Concealment.LEFTOVERS: "缓存、外部链接、定义的名称、书签等遗留内容",
        Concealment.EMBEDDED_FILES: "内嵌文件",
        Concealment.PICTURES: "图片（换成灰色图块）",
    }
)
# Dropped unless a person keeps it: nobody who reads the printed page misses any of it.
USUALLY_DROPPED = frozenset(Concealment) - {Concealment.EMBEDDED_FILES, Concealment.PICTURES}

# Kinds that are a stretch of text and so can be cut out; the others are dropped with what holds them.
CUTTABLE = (
    Kind.RESIDENT_ID,
    Kind.BANK_CARD,
    Kind.PASSPORT,
    Kind.MOBILE_NUMBER,
    Kind.VEHICLE_PLATE,
    Kind.HOME_ADDRESS,
    Kind.CLASSIFICATION_MARK,
    Kind.INTERNAL_MARK,
    Kind.DRAFT_MARK,
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle to be painted over: the page (1 for a picture) and shares of its width and height, 0 to 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        inside = 0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1
        if self.page < 1 or not inside:
            raise ValueError("涂去的范围须在页面之内，请重新框选")


@dataclass(frozen=True, slots=True)
class Masking:
    """One column of a list and the rule (masks.RULES) by which its cells below the heading are masked."""

    table: int
    column: int
    rule: str


@dataclass(frozen=True, slots=True)
class Order:
    """All that is to go from one file.

    kinds: every finding of these kinds; targets: single findings by the key that `survey` gave them; words:
    names or other words given by a person; drop: what goes as a whole; pages: pages of a PDF to be flattened
    into a picture; boxes: rectangles; maskings: columns of lists.
    """

    kinds: frozenset[Kind] = frozenset()
    targets: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    drop: frozenset[Concealment] = frozenset()
    pages: frozenset[int] = frozenset()
    boxes: tuple[Box, ...] = ()
    maskings: tuple[Masking, ...] = ()

    @property
    def searches(self) -> bool:
        """Whether anything is looked for in words, and so in the words of pictures too."""
        return bool(self.kinds or self.targets or self.words)

    def to_json(self) -> dict[str, Any]:
        """As plain values for json; `from_json` gives the same order back."""
        return {
            "kinds": sorted(map(str, self.kinds)),
            "targets": sorted(self.targets),
            "words": list(self.words),
            "drop": sorted(map(str, self.drop)),
            "pages": sorted(self.pages),
            "boxes": [[b.page, b.left, b.top, b.right, b.bottom] for b in self.boxes],
            "maskings": [[m.table, m.column, m.rule] for m in self.maskings],
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """The order that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            kinds=frozenset(map(Kind, row["kinds"])),
            targets=frozenset(map(str, row["targets"])),
            words=tuple(map(str, row["words"])),
            drop=frozenset(map(Concealment, row["drop"])),
            pages=frozenset(map(int, row["pages"])),
            boxes=tuple(Box(*box) for box in row["boxes"]),
            maskings=tuple(Masking(int(t), int(c), str(r)) for t, c, r in row["maskings"]),
        )


@dataclass(frozen=True, slots=True)
class Removed:
    """What went: what it was, where, a masked excerpt, how many times."""

    what: str
    location: str
    excerpt: str
    count: int = 1

    def to_json(self) -> list[Any]:
        """As plain values for json."""
        return [self.what, self.location, self.excerpt, self.count]


@dataclass(frozen=True, slots=True)
class Target:
    """One value that can be removed: its kind, masked form, where it first stands, how often; `key` names it."""

    key: str
    kind: Kind
    excerpt: str
    location: str
    count: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its number from 1, its heading, the item of `masks.ITEMS` it looks like ("" if none)."""

    number: int
    heading: str
    item: str


@dataclass(frozen=True, slots=True)
class List:
    """A table with a heading row: its number from 0, its name, columns, first rows as they stand, all rows."""

    number: int
    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The new bytes and what went; `notes` are sentences for people."""

    data: bytes
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = field(default=())
