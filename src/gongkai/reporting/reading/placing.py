"""Labels of a table → its rows, with every figure in its cell, or said to be unplaced.

A row's figures are the run that stands behind its label or within it. Figures behind words that are no label
belong to nobody; figures that do not fill a row exactly are not distributed. Either becomes a finding.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from gongkai.reporting.reading.heads import Head
from gongkai.reporting.reading.labels import ONE_LETTER, place_labels, unlikeness
from gongkai.reporting.reading.source import UNSURE, UnreadableReport
from gongkai.reporting.reading.stream import (
    Figure,
    Run,
    Stream,
    Unplaced,
    letters_of,
    settle,
    stands_for_number,
)
from gongkai.rulebook.report_form import TABLE_LABELS, Cell, Counts, FormName, TableName, columns_of, row_of
from gongkai.rulebook.report_rules import Finding, Side, Where

Cells = tuple[Decimal | None, ...]


@dataclass(slots=True)
class TableReading:
    """What was read of one table. `rows` holds the rows that were placed, blank ones included.

    `lines` has for each cell that was placed the number of its line in the file, `taken` for each row that was
    found under another label what is printed there. `ends_inside`: the text stops
    before the table does, so its last figure cannot be trusted.
    """

    table: TableName
    rows: dict[str, Counts] = field(default_factory=dict)
    charges: Decimal | None = None
    form: FormName | None = None
    expected: tuple[str, ...] = ()
    lines: dict[Cell, int] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    ends_inside: bool = False

    @property
    def complete(self) -> bool:
        """Whether every row that the table must have was placed."""
        return bool(self.expected) and all(key in self.rows for key in self.expected)

    def refuse(
        self, message: str, row: str | None = None, column: str | None = None, rule: str = "READ"
    ) -> None:
        """Add an error about a place of this table."""
        self.findings.append(Finding(rule, "error", message, Where(self.table, row, column)))

    def say(self, what: str, printed: str, meant: str, line: int, row: str | None = None) -> None:
        """A warning that words which are not the form's were taken for the form's."""
        message = f"{TABLE_LABELS[self.table]}的{what}“{printed}”按“{meant}”读取，请核对。"
        sides = (Side(printed, lines=(line,)), Side(meant))
        self.findings.append(Finding("READ", "warning", message, Where(self.table, row), sides=sides))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of letters: a row's label, or with `row` None other known words of the form."""

    start: int
    stop: int
    row: str | None


# Finding labels ------------------------------------------------------------------------------------------


def everywhere(letters: str, words: str) -> list[int]:
    places, start = [], letters.find(words)
    while start >= 0:
        places.append(start)
        start = letters.find(words, start + 1)
    return places


def without_ordinal(label: str) -> str:
    """The letters of a row label without its number: 一、 （一） 1. — these are often lost or changed."""
    for separator in ("、", "）", "."):
        head, found, rest = label.partition(separator)
        if found and len(head) <= 2:
            return letters_of(rest)
    return letters_of(label)


def label_spans(stream: Stream, labels: Mapping[str, Sequence[str]], reading: TableReading) -> list[Span]:
    """One span per row whose label occurs exactly once; twice is a finding, and the row is left out.

    UnreadableReport where most labels occur more than once.
    """
    spans = []
    repeated = 0
    for row, wordings in labels.items():
        for words in wordings:
            places = everywhere(stream.letters, words)
            if len(places) > 1:
                repeated += 1
                reading.refuse(cannot_read(reading.table, row, "行标题出现多次"), row)
            elif places:
                spans.append(Span(places[0], places[0] + len(words), row))
            if places:
                break
    if repeated * 2 > len(labels):
        raise UnreadableReport(
            f"{TABLE_LABELS[reading.table]}的各行重复出现，文件里可能不止一份报告，请把每份报告存为单独的文件"
        )
    return spans


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words that stand in a table beside the labels of its rows.

    `side`: the side headings, of which single letters may stand between the rows. `phrases`: all known words.
    """

    side: tuple[str, ...]
    phrases: tuple[str, ...]

    def aside(self, stream: Stream) -> list[bool]:
        """For each letter whether its word is a piece of a side heading or of a repeated head."""
        found = [False] * len(stream.letters)
        for start, stop in stream.words:
            word = stream.letters[start:stop]
            if any(word in side for side in self.side) or (
                len(word) > 1 and any(word in one for one in self.phrases)
            ):
                found[start:stop] = [True] * (stop - start)
        return found

    def unknown(self, stream: Stream, spans: Iterable[Span], start: int, stop: int) -> str:
        """The first word between two places that is neither in a span nor known; '' where there is none."""
        covered = {place for span in spans for place in range(span.start, span.stop)}
        for first, last in stream.words:
            places = [at for at in range(max(first, start), min(last, stop)) if at not in covered]
            word = "".join(stream.letters[at] for at in places).strip(_ORDINALS)
            if word and not self._knows(word):
                return word
        return ""

    def _knows(self, word: str) -> bool:
        if any(word in one for one in (*self.phrases, *self.side)):
            return True
        for phrase in self.phrases:
            word = word.replace(phrase, "")
        # One letter of a known word may be another, twice there, or gone.
        return not word or any(len(one) > 3 and unlikeness(word, one) <= ONE_LETTER for one in self.phrases)


_ORDINALS = "一二三四五六七八九十0123456789"


def tolerant_spans(
    stream: Stream,
    spans: Sequence[Span],
    labels: Mapping[str, Sequence[str]],
    around: Surroundings,
    reading: TableReading,
    begin: int = 0,
) -> list[Span]:
    """Spans for rows whose labels are shortened, misspelt or mixed with side headings; each is said, if changed."""
    said = {finding.where.row for finding in reading.findings}
    sought = {row: wordings for row, wordings in labels.items() if row not in said}
    known = {span.row: (span.start, span.stop) for span in spans if span.row in sought}
    if len(known) == len(sought):
        return []
    aside = around.aside(stream)
    cuts = {run.at for run in stream.runs if not all(figure.page_mark for figure in run.figures)}
    found = []
    for row, place in place_labels(stream.letters, aside, sought, known, cuts, begin).items():
        found.append(Span(place.start, place.stop, row))
        printed = stream.letters[place.start : place.stop]
        without = "".join(stream.letters[at] for at in range(place.start, place.stop) if not aside[at])
        if place.cost or sought[row][0] not in (printed, without):
            reading.taken[row] = printed
            meant = row_of(reading.table, row).full_label
            reading.say("行标题", printed, meant, stream.lines[place.start], row)
    return found


def say_slips(head: Head, stream: Stream, reading: TableReading) -> None:
    """Say which column labels of a head were read for others than are printed."""
    for printed, meant in head.slips:
        reading.say("列标题", printed, meant, stream.lines[head.start])


def cannot_read(table: TableName, row: str, reason: str) -> str:
    """The sentence on a row that cannot be read, with the reason and the cure."""
    label = row_of(table, row).full_label
    return f"{TABLE_LABELS[table]}“{label}”无法读取：{reason}；请对照原件核对该行。"


def runs_by_row(stream: Stream, spans: Iterable[Span], reading: TableReading) -> dict[str, list[Figure]]:
    """Each row's figures. Figures of nobody between the first and the last label become a finding."""
    ordered = sorted(spans, key=lambda span: span.start)
    owned: dict[str, list[Figure]] = {span.row: [] for span in ordered if span.row}
    if not owned:
        return owned
    first = min(span.start for span in ordered if span.row)
    last = max(span.stop for span in ordered if span.row)
    lost: list[Run] = []
    for run in stream.runs:
        owner = next((span for span in ordered if span.start < run.at <= span.stop), None)
        if owner is not None and owner.row is not None:
            owned[owner.row] += run.figures
        elif first <= run.at <= last and not is_furniture(run, owner):
            lost.append(run)
    for run in lost:
        shown = "、".join(figure.text.removesuffix(UNSURE) or "空白" for figure in run.figures[:7])
        before = stream.letters[max(0, run.at - 12) : run.at]
        reading.refuse(
            f"{TABLE_LABELS[reading.table]}中“{before}”之后的数字{shown}不知属于哪一行；请对照原件核对。"
        )
    return owned


def is_furniture(run: Run, owner: Span | None) -> bool:
    """Blank header cells and page marks, and the 4 of 保留4位小数: no figures of anybody."""
    if owner is not None and run.at < owner.stop:
        return True
    return all(figure.blank or figure.page_mark or figure.lone for figure in run.figures)


def place_rows(
    owned: Mapping[str, list[Figure]],
    width: Callable[[str], int],
    reading: TableReading,
    accept: Callable[[str, Cells, Sequence[int]], None],
    stray: Mapping[str, str],
) -> None:
    """Settle each row's figures and hand them to `accept`; a row that cannot be settled is left out.

    `stray`: what is wrong with rows beyond their figures.
    """
    by_line = [figures for figures in owned.values() if len({f.line for f in figures}) < len(figures)]
    row_per_line = bool(by_line)
    # Labels first, figures later, as some producers write columns: then an empty row is not a blank one.
    crowded = any(len(figures) >= 2 * width(row) > 2 for row, figures in owned.items())
    for row, figures in owned.items():
        try:
            if row in stray:
                raise Unplaced(stray[row])
            if crowded and not figures:
                raise Unplaced("数字没有和行标题排在一起")
            if row in reading.taken and not figures:
                raise Unplaced(f"行标题“{reading.taken[row]}”与规定不符，后面没有数字")
            settled = settle(figures, width(row), row_per_line)
            say_left_out(figures, settled, reading, row)
            accept(
                row, tuple(f.value for f in settled) or (None,) * width(row), tuple(f.line for f in settled)
            )
        except Unplaced as reason:
            reading.refuse(cannot_read(reading.table, row, str(reason)), row)


def say_left_out(
    figures: Sequence[Figure], settled: Sequence[Figure], reading: TableReading, row: str | None = None
) -> None:
    """A warning for each number on a line of its own that was taken for the number of a page."""
    kept = {id(figure) for figure in settled}
    for figure in figures:
        if id(figure) in kept or figure.blank or figure.page_mark:
            continue
        label = f"“{row_of(reading.table, row).full_label}”" if row else ""
        message = (
            f"{TABLE_LABELS[reading.table]}{label}旁单独一行的“{figure.text}”按页码处理，未计入，请核对。"
        )
        sides = (Side(figure.text, lines=(figure.line,)),)
        reading.findings.append(Finding("READ", "warning", message, Where(reading.table, row), sides=sides))


def stray_rows(
    stream: Stream, spans: Sequence[Span], owned: Mapping[str, list[Figure]], around: Surroundings
) -> dict[str, str]:
    """What is wrong with rows: words in place of figures, and figures that may be the neighbour's.

    A row without borders whose figures stand on lines of their own may have those of a neighbour without any.
    """
    ordered = sorted(spans, key=lambda span: span.start)
    rows = [span for span in ordered if span.row in owned]
    found: dict[str, str] = {}
    for span in rows:
        if span.row is None or owned[span.row]:
            continue
        following = [other.start for other in ordered if other.start >= span.stop]
        end = min(following, default=stream.line_end(span.stop))
        tail = stream.letters[span.stop : min(end, stream.line_end(span.stop))]
        word = tail if stands_for_number(tail) else around.unknown(stream, ordered, span.stop, end)
        if word:
            found[span.row] = f"行标题之后的“{word[:12]}”不是数字"
        elif any(span.stop < run.at < end and not is_furniture(run, None) for run in stream.runs):
            found[span.row] = "行标题和数字之间有其他文字"
    for span in rows:
        labelled = {stream.lines[at] for at in range(span.start, span.stop)}
        if any(figure.bordered and figure.line not in labelled for figure in owned[span.row or ""]):
            found.setdefault(span.row or "", "有数字不在行标题所在的一行")
    for one, other in pairwise(rows):
        if one.row is None or other.row is None:
            continue
        empty, full = (one, other) if not owned[one.row] else (other, one)
        figures = owned[full.row or ""]
        if owned[empty.row or ""] or not figures or any(figure.bordered for figure in figures):
            continue
        labelled = {stream.lines[at] for at in range(full.start, full.stop)}
        if not labelled & {figure.line for figure in figures}:
            for row in (one.row, other.row):
                found.setdefault(row, "数字和行标题不在一行，相邻的一行又没有数字，无法确定属于哪一行")
    return found


def whole_counts(row: str, cells: Cells, lines: Sequence[int], reading: TableReading) -> Counts:
    """Counts from figures and their lines; a figure with decimals breaks C6 and is left blank."""
    keys = [column.key for column in columns_of(reading.table, row)]
    reading.lines |= {Cell(reading.table, row, key): line for key, line in zip(keys, lines, strict=False)}
    counts: list[int | None] = []
    for column, value in zip(columns_of(reading.table, row), cells, strict=True):
        if value is None or value.as_tuple().exponent == 0:
            counts.append(None if value is None else int(value))
            continue
        counts.append(None)
        label = row_of(reading.table, row).full_label
        reading.refuse(
            f"{TABLE_LABELS[reading.table]}“{label}”“{column.label}”填报为{value}，不是整数；请改为非负整数。",
            row,
            column.label,
            rule="C6",
        )
    return tuple(counts)


def say_missing(reading: TableReading) -> None:
    """Say of each expected row that was not placed, and of which nothing was said, that it is missing."""
    said = {finding.where.row for finding in reading.findings}
    for row in reading.expected:
        if row not in reading.rows and row not in said:
            reading.refuse(cannot_read(reading.table, row, "没有找到这一行"), row)


def ends_inside(
    reading: TableReading, owned: Mapping[str, list[Figure]], width: Callable[[str], int]
) -> bool:
    """Whether the last expected rows are missing or the last row found is not full."""
    if not owned:
        return False
    if reading.expected[-1] not in owned:
        return True
    last = owned[reading.expected[-1]]
    return 0 < len(last) < width(reading.expected[-1])
