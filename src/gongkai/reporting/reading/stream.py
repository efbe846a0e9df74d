"""Lines of a flattened table → a stream in which labels can be found and figures stay at their place.

The letters of a region are put into one string, `letters`, without spaces, punctuation and figures, so that a
label broken over lines, or with its figures in its midst, is found by a plain search. Every run of figures
keeps the position in `letters` at which it stands.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.reporting.reading.source import CELL, UNSURE

NIL = frozenset({"-", "—", "–", "―", "－", "/", "／", "——", "--", "−"})
_FIGURE = re.compile(r"[+\-−]?(?:\d{1,3}(?:,\d{3})+|\d{1,18})(?:\.\d{1,18})?", re.ASCII)
# A label with its figure behind it and no space between: （七）总计1.
_GLUED = re.compile(r"(.*[\u3400-\u9fff)）”\"])([+\-]?\d[\d,]*(?:\.\d+)?)", re.ASCII)
_PAGE_MARK = re.compile(r"[-—–―]\s*\d{1,4}\s*[-—–―]", re.ASCII)
_PAGE_WORDS = re.compile(
    r"第?\s*\d+\s*页\s*[,/]?\s*(?:共?\s*\d+\s*页)?|Page\s*\d+(?:\s*of\s*\d+)?|\d+\s*/\s*\d+", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell's content; `value` is None where it is blank or UNSURE. `lone`: nothing else stands on its line.

    `line` is the number of its line in the file.
    """

    value: Decimal | None
    text: str
    line: int
    lone: bool
    page_mark: bool
    bordered: bool

    @property
    def blank(self) -> bool:
        return not self.text


@dataclass(frozen=True, slots=True)
class Run:
    """Figures with no letters between them, and the position in `letters` before which they stand."""

    at: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Stream:
    """`letters` holds the letters and digits of all words; `runs` the figures, in reading order.

    `lines` has for each letter the number of its line in the file.
    """

    letters: str
    runs: tuple[Run, ...]
    lines: tuple[int, ...]


def letters_of(text: str) -> str:
    """The letters and digits of a text, by which labels are compared."""
    return "".join(filter(str.isalnum, text))


def figure_of(word: str) -> Decimal | None:
    """The number a word stands for: nil marks are 0, thousands separators are read; None for other words."""
    if word in NIL:
        return Decimal(0)
    if _FIGURE.fullmatch(word):
        return Decimal(word.replace(",", "").replace("−", "-"))
    return None


def build_stream(lines: Mapping[int, str]) -> Stream:
    """The stream of a region: number in the file → line. Page footers in words are left out; bare page numbers
    are only marked."""
    letters: list[str] = []
    places: list[int] = []
    runs: list[tuple[int, list[Figure]]] = []
    length = 0
    for number, line in lines.items():
        if _PAGE_WORDS.fullmatch(line.strip()):
            continue
        words = list(_words(line))
        page_mark = _PAGE_MARK.fullmatch(line.strip()) is not None
        for word, bordered in words:
            value = figure_of(word)
            if word and value is None and UNSURE not in word:
                found = letters_of(word)
                letters.append(found)
                places += [number] * len(found)
                length += len(found)
                continue
            figure = Figure(value, word, number, len(words) == 1, page_mark, bordered)
            if runs and runs[-1][0] == length:
                runs[-1][1].append(figure)
            else:
                runs.append((length, [figure]))
    return Stream("".join(letters), tuple(Run(at, tuple(figures)) for at, figures in runs), tuple(places))


def _words(line: str) -> list[tuple[str, bool]]:
    """The words of a line with "" for a blank cell, and whether the format drew borders between them."""
    if CELL not in line:
        return [(part, False) for word in line.split() for part in _unglue(word)]
    words: list[tuple[str, bool]] = []
    last_text = -1
    for cell in line.split(CELL):
        content = cell.strip()
        if UNSURE in content:
            words.append((content, True))
        elif not content:
            words.append(("", True))
        # A number with inner spaces is not two cells here: the border says that it is one.
        elif figure_of(joined := re.sub(r"\s", "", content)) is not None:
            words.append((joined, True))
        else:
            words.append((content, True))
            last_text = len(words) - 1
    # Blank cells left of the last label belong to merged labels, and a row of labels only has no figures.
    if not any(UNSURE in word or (word and figure_of(word) is not None) for word, _ in words):
        return [word for word in words if word[0]]
    return [word for place, word in enumerate(words) if word[0] or place > last_text]


def _unglue(word: str) -> list[str]:
    if figure_of(word) is None and (match := _GLUED.fullmatch(word)):
        return [match[1], match[2]]
    return [word]


class Unplaced(ValueError):
    """Figures that cannot be told apart by cells; the message says why, in one clause."""


def settle(figures: Sequence[Figure], width: int, row_per_line: bool) -> tuple[Figure, ...]:
    """The cells of a row of `width` columns, none where there is no figure; Unplaced where unsure."""
    if not figures:
        return ()
    if any(UNSURE in figure.text for figure in figures):
        raise Unplaced("数字越过表格线或者分成几行，无法确定属于哪一格")
    if any(figure.bordered for figure in figures):
        figures = _trim_blanks([f for f in figures if f.bordered], width)
    elif len(figures) != width:
        figures = _drop_page_marks(figures, width)
    if len(figures) != width:
        raise Unplaced(f"应有{width}个数字，读到{len(figures)}个")
    lines = {figure.line for figure in figures}
    if all(figure.page_mark for figure in figures):
        raise Unplaced("两侧有横线的数字可能是页码")
    uneven = len(lines) not in (1, width) and any(figure.lone for figure in figures)
    detached = width == 1 and row_per_line and figures[0].lone and not figures[0].bordered
    if uneven or detached:
        raise Unplaced("单独一行的数字可能是页码")
    return tuple(figures)


def _trim_blanks(figures: list[Figure], width: int) -> list[Figure]:
    """Without the blanks of merged label cells before the figures, or of spare columns behind them."""
    excess = len(figures) - width
    if excess <= 0 or all(figure.value is None for figure in figures):
        return figures[:width] if excess > 0 else figures
    first, last = figures[0].value is None, figures[-1].value is None
    if first and last:
        raise Unplaced("空白单元格多于表格的列数")
    blanks = figures[:excess] if first else figures[width:]
    if any(figure.value is not None for figure in blanks):
        return figures
    return figures[excess:] if first else figures[:width]


def _drop_page_marks(figures: Sequence[Figure], width: int) -> Sequence[Figure]:
    """Without page numbers, where exactly a full row on one line remains."""
    kept = [figure for figure in figures if not figure.page_mark]
    if len(kept) != width:
        kept = [figure for figure in kept if not figure.lone]
    whole = len(kept) == width and len({figure.line for figure in kept}) == 1
    return kept if whole else figures
