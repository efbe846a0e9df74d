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
_FIGURE = re.compile(r"[+\-−]?(?:\d{1,3}(?:,\d{3})+|(?!0\d)\d{1,18})(?:\.\d{1,18})?", re.ASCII)
_UNITS = frozenset("件个项次份宗条起例")
_SCALES = frozenset("万亿千百余多元%‰")
_ABOUT = frozenset(("约", "近", "超", "逾", "超过", "大约", "不足", "共约"))
_COUNTED = re.compile(r"([\d,]+)[件个项次份宗条起例]", re.ASCII)
# Words that stand for a number which nobody can tell for sure: 约10, 10万, 10余件, 1(1), 1-2, 5*, 05, 1,23, a date,
# a time, a power, an error of a spreadsheet, ①.
_ODD = re.compile(
    r"(?:约|近|超过?|逾|大约|不足)\d[\d,.]*[件个项次份宗条起例]?"
    r"|\d[\d,.]*(?:万元|[万千百亿余多元%‰])+[件个项次份宗条起例]?"
    r"|\d[\d,]*(?:[(\[〔【].{1,3}[)\]〕】]|[*#†‡¹²³⁴-⁹]+|注\d?|[~\-−—–]\d+|[a-zA-Z]+)"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\d\d:\d\d(?::\d\d)?)?|\d{1,2}:\d\d(?::\d\d)?"
    r"|\d+(?:\.\d+)?[eE][+-]?\d+|0\d+(?:\.\d+)?|\d+(?:[,.]\d+)+|#[A-Z/0!?]+"
    r"|[①-⓿㈠-㈩㊀-㊉Ⅰ-ↈ❶-➓]+[件个项次]?",
    re.ASCII,
)
# Signs that stand for a number only where other numbers or borders show it.
_SIGN = re.compile(
    r"[〇○零一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]+[件个项次份宗条起例]?|[OoIl|○〇◯]+|无|没有|空"
)
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

    `lines` has for each letter the number of its line in the file, `words` for each word, or each text of a cell,
    where it begins and ends in `letters`.
    """

    letters: str
    runs: tuple[Run, ...]
    lines: tuple[int, ...]
    words: tuple[tuple[int, int], ...]

    def line_end(self, stop: int) -> int:
        """Where the letters of the line end that holds the letter before `stop`."""
        line = self.lines[stop - 1]
        return next(
            (at for at in range(stop, len(self.letters)) if self.lines[at] != line), len(self.letters)
        )

    def words_by_line(self, start: int, stop: int) -> dict[int, list[str]]:
        """The words that stand wholly between two places, by their lines."""
        found: dict[int, list[str]] = {}
        for first, last in self.words:
            if start <= first and last <= stop:
                found.setdefault(self.lines[first], []).append(self.letters[first:last])
        return found


def letters_of(text: str) -> str:
    """The letters and digits of a text, by which labels are compared."""
    return "".join(filter(str.isalnum, text))


def figure_of(word: str) -> Decimal | None:
    """The number a word stands for: nil marks are 0, thousands separators are read; None for other words."""
    if word in NIL:
        return Decimal(0)
    # 05 may be a 0 and a page number.
    if _FIGURE.fullmatch(word):
        return Decimal(word.replace(",", "").replace("−", "-"))
    return None


def stands_for_number(word: str) -> bool:
    """Whether a word is one that is written for a number but is none: 无, 一, O."""
    return _SIGN.fullmatch(word) is not None


def build_stream(lines: Mapping[int, str]) -> Stream:
    """The stream of a region: number in the file → line. Page footers in words are left out; bare page numbers
    are only marked."""
    letters: list[str] = []
    places: list[int] = []
    spans: list[tuple[int, int]] = []
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
                if found:
                    spans.append((length, length + len(found)))
                length += len(found)
                continue
            figure = Figure(value, word, number, len(words) == 1, page_mark, bordered)
            if runs and runs[-1][0] == length:
                runs[-1][1].append(figure)
            else:
                runs.append((length, [figure]))
    return Stream(
        "".join(letters), tuple(Run(at, tuple(figures)) for at, figures in runs), tuple(places), tuple(spans)
    )


def _words(line: str) -> list[tuple[str, bool]]:
    """The words of a line with "" for a blank cell, and whether the format drew borders between them.

    Behind a word that stands for a number, but not for one that can be told, stands UNSURE.
    """
    if CELL not in line:
        return [(word, False) for word in _told([part for word in line.split() for part in _unglue(word)])]
    cells = [_cell(cell.strip()) for cell in line.split(CELL)]
    # Signs that may be numbers (一, 无) are none left of the row's label.
    last_text = max(
        (place for place, word in enumerate(cells) if word and not _like_figure(word)), default=-1
    )
    words = [
        word + UNSURE if _SIGN.fullmatch(word) and place > last_text else word
        for place, word in enumerate(cells)
    ]
    # Blank cells left of the last label belong to merged labels, and a row of labels only has no figures.
    if not any(UNSURE in word or (word and figure_of(word) is not None) for word in words):
        return [(word, True) for word in words if word]
    return [(word, True) for place, word in enumerate(words) if word or place > last_text]


def _like_figure(word: str) -> bool:
    return UNSURE in word or figure_of(word) is not None or _SIGN.fullmatch(word) is not None


def _cell(content: str) -> str:
    """A cell's content; a number without its unit and its inner spaces, which the border shows to be inner."""
    pieces = content.split()
    word = "".join(pieces)
    if UNSURE in content or not word:
        return word
    if counted := _COUNTED.fullmatch(word):
        word = counted[1]
    if figure_of(word) is not None:
        # 1 234 is one number; of 1 2 nobody knows, except where a sign or a point parts it.
        apart = [piece for piece in pieces if piece[:1].isdigit() and piece[-1:].isdigit()]
        grouped = all(len(piece) == 3 for piece in apart[1:])
        return word if len(apart) < 2 or grouped else content + UNSURE
    return word + UNSURE if _ODD.fullmatch(word) else content


def _told(words: Sequence[str]) -> list[str]:
    """The words of a line of text, with units (5 件) left out and doubtful numbers (约 10, 10 万) marked."""
    told: list[str] = []
    figures = 0
    for word in words:
        number = counted[1] if (counted := _COUNTED.fullmatch(word)) else word
        if figure_of(number) is not None:
            doubtful = told and told[-1] in _ABOUT
            told.append(number + UNSURE * bool(doubtful))
            figures += 1
        elif told and figure_of(told[-1]) is not None and word in _UNITS:
            continue
        elif told and figure_of(told[-1]) is not None and word[0] in _SCALES:
            told[-1] += UNSURE
        elif _ODD.fullmatch(word) or (figures and _SIGN.fullmatch(word)):
            told.append(word + UNSURE)
            figures += 1
        else:
            told.append(word)
    return told


def _unglue(word: str) -> list[str]:
    if figure_of(word) is None and not _ODD.fullmatch(word) and (match := _GLUED.fullmatch(word)):
        return [match[1], match[2]]
    return [word]


class Unplaced(ValueError):
    """Figures that cannot be told apart by cells; the message says why, in one clause."""


def settle(figures: Sequence[Figure], width: int, row_per_line: bool) -> tuple[Figure, ...]:
    """The cells of a row of `width` columns, none where there is no figure; Unplaced where unsure."""
    if not figures:
        return ()
    for figure in figures:
        if UNSURE in figure.text:
            shown = figure.text.removesuffix(UNSURE)
            if shown and figure_of(shown) is None:
                raise Unplaced(f"“{shown}”不能确定是什么数字")
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
