"""The picture edition (图解) of a report, made from its frozen content and nothing else.

It is derived from what three people released and says nothing that the report does not say: fixed words and
frozen figures. Older contents lack `columns` and `previous`; what they do not hold is not drawn.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from gongkai.paperwork.picture import Bar, Chart, Fact, Picture, picture_png
from gongkai.paperwork.text import chinese_date
from gongkai.reporting.document import Content, counted_of, tables_of
from gongkai.reporting.sources.columns import PREFIX
from gongkai.rulebook.report_form import (
    APPLICANT_COLUMNS,
    APPLICATION_ROWS,
    NOT_PROCESSED,
    OTHERWISE,
    REMEDY_COLUMNS,
    REMEDY_ROWS,
    RESULTS,
    SUM_ROW,
    UNAVAILABLE,
    WITHHELD,
    Cell,
    ReportTables,
)

CHANNELS = (
    ("by_counter", "当面申请"),
    ("by_fax", "传真申请"),
    ("by_web", "网络申请"),
    ("by_post", "信函申请"),
)
APPLICANTS = {
    "natural_person": "自然人",
    "commercial_enterprise": "商业企业",
    "research_institution": "科研机构",
    "public_benefit_organization": "社会公益组织",
    "legal_service_institution": "法律服务机构",
    "other": "其他法人或组织",
}
GROUPS = {WITHHELD: "不予公开", UNAVAILABLE: "无法提供", NOT_PROCESSED: "不予处理", OTHERWISE: "其他处理"}
REMEDIES = {
    "reconsideration": "行政复议",
    "direct_litigation": "行政诉讼（未经复议直接起诉）",
    "litigation_after_reconsideration": "行政诉讼（复议后起诉）",
}
COMPARED = (
    (Cell("applications", "r1", "total"), "新收申请"),
    (Cell("applications", "r2", "total"), "上年结转申请"),
    (Cell("applications", SUM_ROW, "total"), "办结申请"),
    (Cell("applications", "r4", "total"), "结转下年度继续办理"),
    (Cell("remedies", "reconsideration", "total"), "行政复议"),
    (Cell("remedies", "direct_litigation", "total"), "未经复议直接起诉"),
    (Cell("remedies", "litigation_after_reconsideration", "total"), "复议后起诉"),
    (Cell("disclosure", "normative_documents", "made"), "制发行政规范性文件"),
)


def picture(content: Content, day: date) -> Picture:
    """The picture edition of a frozen content, released on `day`."""
    return Picture(
        title=content["title"],
        agency=content["agency"],
        year=content["year"],
        facts=tuple(_facts(content)),
        charts=tuple(_charts(content)),
        source=f"数据来源：《{content['title']}》，统计期限为{content['year']}年1月1日至12月31日。",
        date=day,
    )


def png(content: Content, day: date) -> bytes:
    """The picture edition as one long PNG. Raises PaperworkError."""
    return picture_png(picture(content, day))


def _whole(content: Content, key: str) -> int | None:
    """A figure of the text as a whole number; None where it was not counted, or is none."""
    found = counted_of(content).get(key)
    if found is None or found.value is None or found.value != int(found.value):
        return None
    return int(found.value)


def _number(tables: ReportTables, row: str, column: str = "total") -> int:
    value = tables.value(Cell("applications", row, column))
    return int(value) if value is not None else 0


def _facts(content: Content) -> Iterator[Fact]:
    tables = tables_of(content)
    items = _whole(content, "items_released")
    if items is not None:
        start = content["starts"].get("items_released")
        since = f"（自{chinese_date(date.fromisoformat(start))}起）" if start else ""
        yield Fact(label=f"主动公开政府信息{since}", number=str(items), unit="项")
    yield Fact(label="新收政府信息公开申请", number=str(_number(tables, "r1")), unit="件")
    yield Fact(label="办结申请", number=str(_number(tables, SUM_ROW)), unit="件")
    yield Fact(
        label="行政复议和行政诉讼", number=str(sum(total for _row, total in _remedies(tables))), unit="件"
    )


def _remedies(tables: ReportTables) -> list[tuple[str, int]]:
    return [(row.key, int(tables.value(Cell("remedies", row.key, "total")) or 0)) for row in REMEDY_ROWS]


def _charts(content: Content) -> Iterator[Chart]:
    tables = tables_of(content)
    columns = [
        (name, _whole(content, f"{PREFIX}{code}") or 0)
        for code, name in (content.get("columns") or {}).items()
    ]
    if columns:
        columns.sort(key=lambda pair: -pair[1])
        yield _parts("columns", "主动公开：按栏目", "项", columns, f"{content['year']}年首次公开的政府信息")
    channels = [(label, _whole(content, key)) for key, label in CHANNELS]
    known = [(label, value) for label, value in channels if value is not None]
    if len(known) == len(channels):
        yield _parts("channels", "依申请公开：申请渠道", "件", known, "新收申请")
    yield _parts(
        "applicants",
        "依申请公开：申请人",
        "件",
        [
            (APPLICANTS.get(column.key, column.label), _number(tables, "r1", column.key))
            for column in APPLICANT_COLUMNS
            if column.key != "total"
        ],
        "新收申请",
    )
    yield _parts("outcomes", "依申请公开：办理结果", "件", _outcomes(tables), "办结申请")
    yield from _remedy_charts(tables)
    if content.get("previous"):
        yield _comparison(content, tables)


def _outcomes(tables: ReportTables) -> list[tuple[str, int]]:
    """The results of table three: those that stand alone, and each group as the sum of its rows."""
    found: dict[str, int] = {}
    for row in APPLICATION_ROWS:
        if row.part != RESULTS or row.key == SUM_ROW:
            continue
        label = GROUPS.get(row.group, "") or {"r3_1": "予以公开", "r3_2": "部分公开"}[row.key]
        found[label] = found.get(label, 0) + _number(tables, row.key)
    return list(found.items())


def _remedy_charts(tables: ReportTables) -> Iterator[Chart]:
    totals = _remedies(tables)
    if not any(total for _row, total in totals):
        words = "没有因政府信息公开引起的行政复议和行政诉讼（均为0件）。"
        yield Chart(key="remedies", title="行政复议和行政诉讼", note=words)
        return
    for row, total in totals:
        results = [
            (column.label, int(tables.value(Cell("remedies", row, column.key)) or 0))
            for column in REMEDY_COLUMNS
            if column.key != "total"
        ]
        title = REMEDIES[row]
        if total:
            yield _parts(f"remedies-{row}", title, "件", results, title)
        else:
            yield Chart(key=f"remedies-{row}", title=title, note=f"{title}0件。")


def _parts(key: str, title: str, unit: str, parts: list[tuple[str, int]], whole: str) -> Chart:
    """A chart of the parts of a whole; shares only where the whole is not nothing."""
    total = sum(value for _label, value in parts)
    if not total:
        return Chart(key=key, title=title, note=f"{whole}0{unit}。", unit=unit)
    bars = tuple(Bar(label=label, value=value, share=share(value, total)) for label, value in parts)
    return Chart(key=key, title=title, note=f"{whole}共{total}{unit}。", unit=unit, bars=bars)


def share(value: int, total: int) -> str:
    """A part of a whole in per cent, to one decimal; empty where there is no whole."""
    if not total:
        return ""
    return f"{(Decimal(value) * 100 / total).quantize(Decimal('0.1'))}%"


def _comparison(content: Content, tables: ReportTables) -> Chart:
    """Cells of this and last year's report side by side; a cell that either leaves blank is left out."""
    before = ReportTables.from_json(content["previous"])
    pairs = [
        Bar(label=label, value=int(now), before=int(then))
        for cell, label in COMPARED
        if (now := tables.value(cell)) is not None and (then := before.value(cell)) is not None
    ]
    year = content["year"]
    title = f"与{year - 1}年相比"
    moved = tuple(bar for bar in pairs if bar.value or bar.before)
    if not moved:
        return Chart(key="comparison", title=title, note="两年均为0件。")
    still = "、".join(bar.label for bar in pairs if bar not in moved)
    note = f"上一行为{year}年，下一行为{year - 1}年。" + (f"两年均为0件的有：{still}。" if still else "")
    return Chart(key="comparison", title=title, note=note, bars=moved, compared=True)
