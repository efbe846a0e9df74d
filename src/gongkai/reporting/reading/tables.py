"""The three tables of a report from its lines, by the heads and rows of the forms of 2021 and 2019."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from gongkai.reporting.reading.heads import fill_columns, heads_in
from gongkai.reporting.reading.placing import (
    Cells,
    Span,
    Surroundings,
    TableReading,
    cannot_read,
    ends_inside,
    everywhere,
    is_furniture,
    label_spans,
    place_rows,
    runs_by_row,
    say_left_out,
    say_missing,
    say_slips,
    stray_rows,
    tolerant_spans,
    whole_counts,
    without_ordinal,
)
from gongkai.reporting.reading.stream import Figure, Stream, Unplaced, build_stream, letters_of, settle
from gongkai.rulebook.report_form import (
    APPLICANT_COLUMNS,
    APPLICATION_ROWS,
    CHARGE_COLUMNS,
    DECISION_COLUMNS,
    DISCLOSURE_2019,
    DISCLOSURE_HEAD_2019,
    DIVIDED_KEYS,
    DOCUMENT_COLUMNS,
    HEADER_NOTE,
    LEGAL_PERSON,
    LITIGATION,
    NOT_PROCESSED,
    OTHERWISE,
    PARTS,
    RECONSIDERATION,
    REMEDY_COLUMNS,
    REMEDY_ROWS,
    RESULTS,
    ROW_HEAD,
    TOTAL_COLUMN,
    UNAVAILABLE,
    UNDIVIDED_ROW,
    WITHHELD,
    Cell,
    FormName,
    columns_of,
    row_keys,
    row_of,
)

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


_ITEMS = tuple(f"第二十条第{item}项" for item in "一五六八九")
_AROUND_DISCLOSURE = Surroundings(
    side=(),
    phrases=(
        ROW_HEAD,
        *_ITEMS,
        *(item.replace("二十", "20") for item in _ITEMS),
        *(column.label for column in (*DOCUMENT_COLUMNS, *DECISION_COLUMNS)),
        *_CHARGE_HEADS,
        letters_of(CHARGE_COLUMNS[0].label),
        *_DISCLOSURE_OTHERS,
        "本年新制作数量",
        "本年新公开数量",
        "对外公开总数量",
        "上一年项目数量",
        "本年增减",
        "处理决定数量",
        "采购项目数量",
        "采购总金额",
        "本年收费金额",
        "续表",
    ),
)
_FIRST_HEADS = (ROW_HEAD, DOCUMENT_COLUMNS[0].label, DISCLOSURE_HEAD_2019)


def _disclosure_heads(
    stream: Stream, spans: Sequence[Span], old: bool, reading: TableReading
) -> list[Span] | None:
    """The heads of the columns of table two; None where they are not those of the form."""
    if old:
        return []
    names = [column.label for column in DOCUMENT_COLUMNS]
    found = [*heads_in(stream.letters, names)]
    decisions = [*heads_in(stream.letters, [DECISION_COLUMNS[0].label])]
    if not decisions:
        return None
    if found:
        for head in (*found, *decisions):
            say_slips(head, stream, reading)
        return [Span(head.start, head.stop, None) for head in (*found, *decisions)]
    first = min((span.start for span in spans if span.row), default=0)
    words = stream.words_by_line(stream.letters.find(ROW_HEAD[:2]), first)
    own = [[word for word in line if word not in ROW_HEAD] for line in words.values()]
    return [] if fill_columns(own, [names], []) else None


def read_disclosure(lines: Mapping[int, str]) -> TableReading:
    """Table two from the lines of part two."""
    reading = TableReading("disclosure", expected=row_keys("disclosure"))
    stream = build_stream(lines)
    letters = stream.letters
    old = DISCLOSURE_HEAD_2019 in letters
    spans = label_spans(stream, _DISCLOSURE_LABELS, reading)
    spans += tolerant_spans(stream, spans, _DISCLOSURE_LABELS, _AROUND_DISCLOSURE, reading)
    heads = _disclosure_heads(stream, spans, old, reading)
    if heads is None:
        reading.refuse("表二的列标题与规定格式不符，数字无法对应到列；请对照原件核对。")
        return reading
    if not old and "万元" not in letters:
        reading.refuse("表二收费金额没有注明单位“万元”，金额无法确定；请对照原件核对。", "charges")

    def width(row: str) -> int:
        return DISCLOSURE_2019[row][0] if old else len(columns_of("disclosure", row))

    others = (*_DISCLOSURE_OTHERS, *_CHARGE_HEADS)
    spans += [Span(at, at + len(words), None) for words in others for at in everywhere(letters, words)]
    first = min((letters.find(words) for words in _FIRST_HEADS if words in letters), default=0)
    last = max((span.start for span in spans if span.row), default=0)
    owned = runs_by_row(stream, spans, reading)

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
            reading.rows[row] = whole_counts(row, cells, lines, reading)

    stray = stray_rows(stream, spans, owned, _AROUND_DISCLOSURE)
    told = [span for span in spans if span.row not in stray]
    told += [Span(span.start, stream.line_end(span.stop), None) for span in spans if span.row in stray]
    if word := _AROUND_DISCLOSURE.unknown(stream, [*told, *heads], first, last):
        reading.refuse(f"表二中有规定格式没有的“{word[:12]}”，数字无法对应到行和列；请对照原件核对。")
        return reading
    place_rows(owned, width, reading, accept, stray)
    if any(one.where.row == "charges" and one.severity == "error" for one in reading.findings):
        reading.rows.pop("charges", None)
        reading.charges = None
    reading.ends_inside = ends_inside(reading, owned, width)
    say_missing(reading)
    return reading


# Table three ---------------------------------------------------------------------------------------------

_SHORT = ("r3_6_3", "r3_7")
_APPLICATION_LABELS: Mapping[str, Sequence[str]] = {
    row.key: (without_ordinal(row.label),) for row in APPLICATION_ROWS if row.key not in _SHORT
}
# As they are often shortened.
_ALSO_APPLICATIONS: Mapping[str, Sequence[str]] = {
    "r3_2": ("部分公开",),
    "r3_6_1": ("申请人无正当理由逾期不补正",),
    "r3_6_2": ("申请人逾期未按收费通知要求缴纳费用",),
}
_COLUMN_NAMES = tuple(column.label for column in APPLICANT_COLUMNS[1:-1])
_OTHERWISE = without_ordinal(OTHERWISE)
_AROUND_APPLICATIONS = Surroundings(
    side=tuple(map(letters_of, (RESULTS, WITHHELD, UNAVAILABLE, NOT_PROCESSED, OTHERWISE))),
    phrases=(
        letters_of(HEADER_NOTE),
        "申请人情况",
        APPLICANT_COLUMNS[0].label,
        LEGAL_PERSON,
        APPLICANT_COLUMNS[-1].label,
        *_COLUMN_NAMES,
        letters_of(PARTS[2].heading),
        "单位件",
        "续表",
    ),
)


def read_applications(lines: Mapping[int, str]) -> TableReading:
    """Table three from the lines of part three, in the layout of 2021 or 2019."""
    reading = TableReading("applications", expected=row_keys("applications"))
    stream = build_stream(lines)
    spans = label_spans(stream, _APPLICATION_LABELS, reading)
    if not spans:
        reading.refuse("表三没有找到规定的行；请对照原件核对。")
        return reading
    labels = {row: (*own, *_ALSO_APPLICATIONS.get(row, ())) for row, own in _APPLICATION_LABELS.items()}
    first = min(span.start for span in spans)
    begin = max((head.stop for head in heads_in(stream.letters[:first], _COLUMN_NAMES)), default=0)
    spans += tolerant_spans(stream, spans, labels, _AROUND_APPLICATIONS, reading, begin)
    first = min(span.start for span in spans)
    heads = _applicant_heads(stream, first, reading)
    if heads is None:
        return reading
    if any(run.at <= first and len(run.figures) >= len(APPLICANT_COLUMNS) for run in stream.runs):
        reading.refuse("表三的数字排在行标题之前，无法对应到行；请对照原件核对。")
        return reading
    spans += _short_spans(stream, spans, reading)
    found = {span.row for span in spans}
    reading.form = _layout(found)
    reading.expected = row_keys("applications", reading.form)
    spans += heads
    owned = runs_by_row(stream, spans, reading)
    _refuse_lost_ordinals(stream, spans, owned, reading)

    def accept(row: str, cells: Cells, lines: Sequence[int]) -> None:
        reading.rows[row] = whole_counts(row, cells, lines, reading)

    stray = stray_rows(stream, spans, owned, _AROUND_APPLICATIONS)
    place_rows(owned, lambda row: len(APPLICANT_COLUMNS), reading, accept, stray)
    reading.ends_inside = ends_inside(reading, owned, lambda row: len(APPLICANT_COLUMNS))
    say_missing(reading)
    return reading


def _applicant_heads(stream: Stream, first: int, reading: TableReading) -> list[Span] | None:
    """The heads of the columns of table three, also where they are repeated; None, said, where they are others."""
    found = [*heads_in(stream.letters, _COLUMN_NAMES)]
    above = [head for head in found if head.stop <= first]
    words = stream.words_by_line(0, first)
    start = min((stream.letters.find(words) for words in _HEAD_BEGINS if words in stream.letters), default=0)
    if above:
        spans = [Span(head.start, head.stop, None) for head in found]
        if word := _AROUND_APPLICATIONS.unknown(stream, spans, min(start, above[0].start), first):
            reading.refuse(f"表三的列标题中有规定格式没有的“{word[:12]}”，数字无法对应到列；请对照原件核对。")
            return None
        for head in above:
            say_slips(head, stream, reading)
        # The first and the last column stand beside the others in a row of heads of their own.
        if (
            0
            <= stream.letters.find(APPLICANT_COLUMNS[0].label, start)
            < stream.letters.find(TOTAL_COLUMN, start, first)
        ):
            return spans
    else:
        note = letters_of(HEADER_NOTE) + letters_of(PARTS[2].numbered_heading)
        own = [[w for w in line if len(w) < 4 or w not in note] for line in words.values()]
        free = ("申请人情况", APPLICANT_COLUMNS[0].label, LEGAL_PERSON, TOTAL_COLUMN)
        if fill_columns(own, [_COLUMN_NAMES], free, _COLUMN_NAMES[-1:]):
            return []
    reading.refuse("表三的列标题与规定格式不符，数字无法对应到列；请对照原件核对。")
    return None


_HEAD_BEGINS = ("申请人情况", "自然人")


def _layout(found: set[str | None]) -> FormName | None:
    if found & set(DIVIDED_KEYS):
        return "2021"
    return "2019" if UNDIVIDED_ROW.key in found else None


def _short_spans(stream: Stream, spans: Sequence[Span], reading: TableReading) -> list[Span]:
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
    found = []
    total = between.rfind("总计")
    if total < 0 and (slip := re.search(r"七([^七]计|总[^七])四?$", between)):
        total = slip.start(1)
        reading.taken["r3_7"] = slip[1]
        reading.say("行标题", slip[1], "（七）总计", stream.lines[start + total], "r3_7")
    if total >= 0:
        found.append(Span(start + total, start + total + 2, "r3_7"))
    rest = between if total < 0 else between[:total].removesuffix("七")
    divided = any(span.row in DIVIDED_KEYS for span in spans)
    if divided and not rest.endswith("其他") and (slip := re.search(r"3(其[^3]|[^3]他)$", rest)):
        at = start + slip.start(1)
        reading.taken["r3_6_3"] = slip[1]
        reading.say(
            "行标题", slip[1], row_of("applications", "r3_6_3").full_label, stream.lines[at], "r3_6_3"
        )
        found.append(Span(at, at + 2, "r3_6_3"))
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
                cannot_read("applications", span.row or "", "最后一个数字可能是下一行的序号"), span.row
            )
            del owned[span.row or ""]


# Table four ----------------------------------------------------------------------------------------------

_REMEDY_NAMES = tuple(column.label for column in REMEDY_COLUMNS)
_AROUND_REMEDIES = Surroundings(
    side=(),
    phrases=(
        RECONSIDERATION,
        LITIGATION,
        *(row.label for row in REMEDY_ROWS),
        *_REMEDY_NAMES,
        letters_of(PARTS[3].heading),
        "单位件",
        "续表",
    ),
)


def read_remedies(lines: Mapping[int, str]) -> TableReading:
    """Table four from the lines of part four: one row of fifteen figures under three equal heads."""
    reading = TableReading("remedies", expected=row_keys("remedies"))
    stream = build_stream(lines)
    end = _remedy_heads(stream, reading)
    if end is None:
        reading.refuse("表四的列标题与规定格式不符，数字无法对应到列；请对照原件核对。")
        return reading
    width = len(REMEDY_ROWS) * len(REMEDY_COLUMNS)
    early = [run for run in stream.runs if run.at < end and not is_furniture(run, None)]
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
    say_left_out(figures, settled, reading)
    step = len(REMEDY_COLUMNS)
    for place, row in enumerate(REMEDY_ROWS):
        own = settled[place * step : (place + 1) * step]
        cells = tuple(figure.value for figure in own) or (None,) * step
        reading.rows[row.key] = whole_counts(row.key, cells, [figure.line for figure in own], reading)
    return reading


def _remedy_heads(stream: Stream, reading: TableReading) -> int | None:
    """Where the heads of table four end and its figures begin; None where they are not those of the form.

    The whole head may be printed again at the head of the next page.
    """
    letters = stream.letters
    direct, after = letters.find(REMEDY_ROWS[1].label), letters.find(REMEDY_ROWS[2].label)
    first = letters.find(RECONSIDERATION, len(letters_of(PARTS[3].numbered_heading)))
    heads = [*heads_in(letters, _REMEDY_NAMES)]
    if heads and len(heads) % len(REMEDY_ROWS) == 0:
        spans = [Span(head.start, head.stop, None) for head in heads]
        if not 0 <= direct < after or _AROUND_REMEDIES.unknown(stream, spans, max(first, 0), heads[-1].stop):
            return None
        for head in heads:
            say_slips(head, stream, reading)
        return heads[-1].stop
    if not 0 <= direct < after or first < 0:
        return None
    figures = [run.at for run in stream.runs if run.at > after and not is_furniture(run, None)]
    end = figures[0] if figures else len(letters)
    names = [name for _ in REMEDY_ROWS for name in _REMEDY_NAMES]
    groups = [names[at : at + 5] for at in range(0, len(names), 5)]
    free = [RECONSIDERATION, LITIGATION, *(row.label for row in REMEDY_ROWS[1:])]
    words = stream.words_by_line(first, end)
    return end if fill_columns([*words.values()], groups, free, (TOTAL_COLUMN,)) else None
