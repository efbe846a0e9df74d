"""The three tables of a report from its lines: every figure in its cell, or said to be unplaced.

A row's figures are the run that stands behind its label or within it. Figures behind words that are no label
belong to nobody; figures that do not fill a row exactly are not distributed. Either becomes a finding.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from gongkai.reporting.reading.source import UNSURE, UnreadableReport
from gongkai.reporting.reading.stream import Figure, Run, Stream, Unplaced, build_stream, letters_of, settle
from gongkai.rulebook.report_form import (
    APPLICANT_COLUMNS,
    APPLICATION_ROWS,
    DECISION_COLUMNS,
    DISCLOSURE_2019,
    DISCLOSURE_HEAD_2019,
    DIVIDED_KEYS,
    DOCUMENT_COLUMNS,
    OTHERWISE,
    REMEDY_COLUMNS,
    REMEDY_ROWS,
    TABLE_LABELS,
    UNDIVIDED_ROW,
    Cell,
    Counts,
    FormName,
    TableName,
    columns_of,
    row_keys,
    row_of,
)
from gongkai.rulebook.report_rules import Finding, Where

Cells = tuple[Decimal | None, ...]


@dataclass(slots=True)
class TableReading:
    """What was read of one table. `rows` holds the rows that were placed, blank ones included.

    `lines` has for each cell that was placed the number of its line in the file. `ends_inside`: the text stops
    before the table does, so its last figure cannot be trusted.
    """

    table: TableName
    rows: dict[str, Counts] = field(default_factory=dict)
    charges: Decimal | None = None
    form: FormName | None = None
    expected: tuple[str, ...] = ()
    lines: dict[Cell, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    ends_inside: bool = False

    @property
    def complete(self) -> bool:
        return bool(self.expected) and all(key in self.rows for key in self.expected)

    def refuse(
        self, message: str, row: str | None = None, column: str | None = None, rule: str = "READ"
    ) -> None:
        self.findings.append(Finding(rule, "error", message, Where(self.table, row, column)))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of letters: a row's label, or with `row` None other known words of the form."""

    start: int
    stop: int
    row: str | None


# Finding labels ------------------------------------------------------------------------------------------


def _everywhere(letters: str, words: str) -> list[int]:
    places, start = [], letters.find(words)
    while start >= 0:
        places.append(start)
        start = letters.find(words, start + 1)
    return places


def _without_ordinal(label: str) -> str:
    """The letters of a row label without its number: 一、 （一） 1. — these are often lost or changed."""
    for separator in ("、", "）", "."):
        head, found, rest = label.partition(separator)
        if found and len(head) <= 2:
            return letters_of(rest)
    return letters_of(label)


def _label_spans(stream: Stream, labels: Mapping[str, Sequence[str]], reading: TableReading) -> list[Span]:
    """One span per row whose label occurs exactly once; twice is a finding, and the row is left out.

    UnreadableReport where most labels occur more than once.
    """
    spans = []
    repeated = 0
    for row, wordings in labels.items():
        for words in wordings:
            places = _everywhere(stream.letters, words)
            if len(places) > 1:
                repeated += 1
                reading.refuse(_cannot(reading.table, row, "行标题出现多次"), row)
            elif places:
                spans.append(Span(places[0], places[0] + len(words), row))
            if places:
                break
    if repeated * 2 > len(labels):
        raise UnreadableReport(
            f"{TABLE_LABELS[reading.table]}的各行重复出现，文件里可能不止一份报告，请把每份报告存为单独的文件"
        )
    return spans


def _cannot(table: TableName, row: str, reason: str) -> str:
    label = row_of(table, row).full_label
    return f"{TABLE_LABELS[table]}“{label}”无法读取：{reason}；请对照原件核对该行。"


def _runs_by_row(stream: Stream, spans: Iterable[Span], reading: TableReading) -> dict[str, list[Figure]]:
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
        elif first <= run.at <= last and not _is_furniture(run, owner):
            lost.append(run)
    for run in lost:
        shown = "、".join(figure.text.removesuffix(UNSURE) or "空白" for figure in run.figures[:7])
        before = stream.letters[max(0, run.at - 12) : run.at]
        reading.refuse(
            f"{TABLE_LABELS[reading.table]}中“{before}”之后的数字{shown}不知属于哪一行；请对照原件核对。"
        )
    return owned


def _is_furniture(run: Run, owner: Span | None) -> bool:
    """Blank header cells and page marks, and the 4 of 保留4位小数: no figures of anybody."""
    if owner is not None and run.at < owner.stop:
        return True
    return all(figure.blank or figure.page_mark or figure.lone for figure in run.figures)


def _place(
    owned: Mapping[str, list[Figure]],
    width: Callable[[str], int],
    reading: TableReading,
    accept: Callable[[str, Cells, Sequence[int]], None],
) -> None:
    """Settle each row's figures and hand them to `accept`; a row that cannot be settled is left out."""
    by_line = [figures for figures in owned.values() if len({f.line for f in figures}) < len(figures)]
    row_per_line = bool(by_line)
    # Labels first, figures later, as some producers write columns: then an empty row is not a blank one.
    crowded = any(len(figures) >= 2 * width(row) > 2 for row, figures in owned.items())
    for row, figures in owned.items():
        try:
            if crowded and not figures:
                raise Unplaced("数字没有和行标题排在一起")
            settled = settle(figures, width(row), row_per_line)
            accept(
                row, tuple(f.value for f in settled) or (None,) * width(row), tuple(f.line for f in settled)
            )
        except Unplaced as reason:
            reading.refuse(_cannot(reading.table, row, str(reason)), row)


def _whole(row: str, cells: Cells, lines: Sequence[int], reading: TableReading) -> Counts:
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


def _say_missing(reading: TableReading) -> None:
    said = {finding.where.row for finding in reading.findings}
    for row in reading.expected:
        if row not in reading.rows and row not in said:
            reading.refuse(_cannot(reading.table, row, "没有找到这一行"), row)


def _ends_inside(
    reading: TableReading, owned: Mapping[str, list[Figure]], width: Callable[[str], int]
) -> bool:
    """Whether the last expected rows are missing or the last row found is not full."""
    if not owned:
        return False
    if reading.expected[-1] not in owned:
        return True
    last = owned[reading.expected[-1]]
    return 0 < len(last) < width(reading.expected[-1])


# Table two -----------------------------------------------------------------------------------------------

_DISCLOSURE_LABELS: Mapping[str, Sequence[str]] = {
    "rules": ("规章",),
    "normative_documents": ("行政规范性文件", "规范性文件"),
    "licences": ("行政许可",),
    "penalties": ("行政处罚",),
    "coercive_measures": ("行政强制",),
    "charges": ("行政事业性收费",),
}
_DISCLOSURE_OTHERS = ("其他对外管理服务事项", "政府集中采购", "采购项目数量采购总金额")
_CHARGE_HEADS = ("本年收费金额单位万元保留位小数", "本年收费金额单位万元保留四位小数", "本年收费金额单位万元")


def read_disclosure(lines: Mapping[int, str]) -> TableReading:
    """Table two from the lines of part two."""
    reading = TableReading("disclosure", expected=row_keys("disclosure"))
    stream = build_stream(lines)
    letters = stream.letters
    old = DISCLOSURE_HEAD_2019 in letters
    document_head = "".join(column.label for column in DOCUMENT_COLUMNS)
    if not old and (document_head not in letters or DECISION_COLUMNS[0].label not in letters):
        reading.refuse("表二的列标题与规定格式不符，数字无法对应到列；请对照原件核对。")
        return reading
    if not old and "万元" not in letters:
        reading.refuse("表二收费金额没有注明单位“万元”，金额无法确定；请对照原件核对。", "charges")

    def width(row: str) -> int:
        return DISCLOSURE_2019[row][0] if old else len(columns_of("disclosure", row))

    spans = _label_spans(stream, _DISCLOSURE_LABELS, reading)
    others = (*_DISCLOSURE_OTHERS, *_CHARGE_HEADS)
    spans += [Span(at, at + len(words), None) for words in others for at in _everywhere(letters, words)]
    owned = _runs_by_row(stream, spans, reading)

    def accept(row: str, cells: Cells, lines: Sequence[int]) -> None:
        if old:
            positions = DISCLOSURE_2019[row][1]
            keys = [column.key for column in columns_of("disclosure", row)]
            cells = tuple(cells[positions[key]] if key in positions else None for key in keys)
            # A cell that the form of 2019 does not have is blank in the row that stands there.
            lines = [lines[positions.get(key, 0)] for key in keys] if lines else ()
        if row == "charges":
            reading.charges = cells[0]
            reading.rows[row] = (None,)
            reading.lines |= {Cell("disclosure", row, "amount"): line for line in lines[:1]}
        else:
            reading.rows[row] = _whole(row, cells, lines, reading)

    _place(owned, width, reading, accept)
    if any(finding.where.row == "charges" for finding in reading.findings):
        reading.rows.pop("charges", None)
        reading.charges = None
    reading.ends_inside = _ends_inside(reading, owned, width)
    _say_missing(reading)
    return reading


# Table three ---------------------------------------------------------------------------------------------

_SHORT = ("r3_6_3", "r3_7")
_APPLICATION_LABELS: Mapping[str, Sequence[str]] = {
    row.key: (_without_ordinal(row.label),) for row in APPLICATION_ROWS if row.key not in _SHORT
}
_HEAD = letters_of("".join(column.label for column in APPLICANT_COLUMNS[1:-1]))
_OTHERWISE = _without_ordinal(OTHERWISE)


def read_applications(lines: Mapping[int, str]) -> TableReading:
    """Table three from the lines of part three, in the layout of 2021 or 2019."""
    reading = TableReading("applications", expected=row_keys("applications"))
    stream = build_stream(lines)
    spans = _label_spans(stream, _APPLICATION_LABELS, reading)
    if not spans:
        reading.refuse("表三没有找到规定的行；请对照原件核对。")
        return reading
    first = min(span.start for span in spans)
    head = stream.letters[:first]
    if APPLICANT_COLUMNS[0].label not in head or _HEAD not in head:
        reading.refuse("表三的列标题与规定格式不符，数字无法对应到列；请对照原件核对。")
        return reading
    if any(run.at <= first and len(run.figures) >= len(APPLICANT_COLUMNS) for run in stream.runs):
        reading.refuse("表三的数字排在行标题之前，无法对应到行；请对照原件核对。")
        return reading
    spans += _short_spans(stream, spans)
    found = {span.row for span in spans}
    reading.form = _layout(found)
    reading.expected = row_keys("applications", reading.form)
    spans += [Span(at, at + len(_HEAD), None) for at in _everywhere(stream.letters, _HEAD)]
    owned = _runs_by_row(stream, spans, reading)
    _refuse_lost_ordinals(stream, spans, owned, reading)

    def accept(row: str, cells: Cells, lines: Sequence[int]) -> None:
        reading.rows[row] = _whole(row, cells, lines, reading)

    _place(owned, lambda row: len(APPLICANT_COLUMNS), reading, accept)
    reading.ends_inside = _ends_inside(reading, owned, lambda row: len(APPLICANT_COLUMNS))
    _say_missing(reading)
    return reading


def _layout(found: set[str | None]) -> FormName | None:
    if found & set(DIVIDED_KEYS):
        return "2021"
    return "2019" if UNDIVIDED_ROW.key in found else None


def _short_spans(stream: Stream, spans: Sequence[Span]) -> list[Span]:
    """（六）其他处理 undivided, 3.其他 and （七）总计: words so short that only their neighbours tell them.

    They stand between the last of rows （五） and （六）1–2 and the row 四、结转下年度继续办理.
    """
    letters = stream.letters
    before = [s.stop for s in spans if s.row and s.row.startswith(("r3_5", "r3_6"))]
    if not before:
        return []
    start = max(before)
    stop = min((s.start for s in spans if s.row == "r4" and s.start >= start), default=len(letters))
    between = letters[start:stop]
    total = between.rfind("总计")
    found = [] if total < 0 else [Span(start + total, start + total + 2, "r3_7")]
    rest = between if total < 0 else between[:total].removesuffix("七")
    divided = any(span.row in DIVIDED_KEYS for span in spans)
    if not divided and (at := rest.find(_OTHERWISE)) >= 0 and at + len(_OTHERWISE) == len(rest):
        found.append(Span(start + at, start + at + len(_OTHERWISE), UNDIVIDED_ROW.key))
    elif divided and rest.endswith("其他"):
        found.append(Span(start + len(rest) - 2, start + len(rest), "r3_6_3"))
    return found


def _refuse_lost_ordinals(
    stream: Stream, spans: Sequence[Span], owned: dict[str, list[Figure]], reading: TableReading
) -> None:
    """Where the next row's number (1., 2. …) lost its point it looks like this row's last figure.

    Seven figures of which the last equals that number can then be six and the number: refused.
    """
    ordered = sorted((span for span in spans if span.row), key=lambda span: span.start)
    for span, following in pairwise(ordered):
        number = row_of("applications", following.row or "").label[0]
        figures = owned.get(span.row or "", [])
        if not number.isdigit() or len(figures) != len(APPLICANT_COLUMNS) or any(f.bordered for f in figures):
            continue
        if number not in stream.letters[span.stop : following.start] and figures[-1].text == number:
            reading.refuse(
                _cannot("applications", span.row or "", "最后一个数字可能是下一行的序号"), span.row
            )
            del owned[span.row or ""]


# Table four ----------------------------------------------------------------------------------------------

_REMEDY_HEAD = "".join(column.label for column in REMEDY_COLUMNS)


def read_remedies(lines: Mapping[int, str]) -> TableReading:
    """Table four from the lines of part four: one row of fifteen figures under three equal heads."""
    reading = TableReading("remedies", expected=row_keys("remedies"))
    stream = build_stream(lines)
    heads = _everywhere(stream.letters, _REMEDY_HEAD)
    direct = stream.letters.find(REMEDY_ROWS[1].label)
    after = stream.letters.find(REMEDY_ROWS[2].label)
    if len(heads) != len(REMEDY_ROWS) or not 0 <= direct < after:
        reading.refuse("表四的列标题与规定格式不符，数字无法对应到列；请对照原件核对。")
        return reading
    end = heads[-1] + len(_REMEDY_HEAD)
    width = len(REMEDY_ROWS) * len(REMEDY_COLUMNS)
    early = [run for run in stream.runs if run.at < end and not _is_furniture(run, None)]
    figures = [figure for run in stream.runs if run.at == end for figure in run.figures]
    if early:
        reading.refuse("表四的列标题之间有数字，无法对应到列；请对照原件核对。")
        return reading
    reading.ends_inside = len(figures) < width
    try:
        settled = settle(figures, width, row_per_line=True)
    except Unplaced as reason:
        reading.refuse(f"表四无法读取：{reason}；请对照原件核对。")
        return reading
    step = len(REMEDY_COLUMNS)
    for place, row in enumerate(REMEDY_ROWS):
        own = settled[place * step : (place + 1) * step]
        cells = tuple(figure.value for figure in own) or (None,) * step
        reading.rows[row.key] = _whole(row.key, cells, [figure.line for figure in own], reading)
    return reading
