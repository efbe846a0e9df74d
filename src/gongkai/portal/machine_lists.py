"""What is public besides items, for programs: the catalogue, agencies, normative documents, statistics.

What grows with the years is cut by year; the rest grows with the number of columns and agencies.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from uuid import UUID

from gongkai.agencies.models import Agency
from gongkai.agencies.papers import in_chinese
from gongkai.channels import addresses, atom, feeds
from gongkai.channels.identity import Identity, identity
from gongkai.channels.renderers import Page, Standing
from gongkai.journal import clock
from gongkai.portal import figures, lists, machine, policies
from gongkai.portal.machine import SHELF, Row, day
from gongkai.rulebook import catalogue as law

CATALOGUE = {
    "栏目代码": "code",
    "栏目": "name",
    "板块": "board_name",
    "依据": "article",
    "说明": "description",
    "公开条数": "items",
    "网址": "url",
    "订阅地址": "feed",
    "数据": "data",
}
AGENCIES = {
    "机关代码": "code",
    "机关": "name",
    "上级机关代码": "parent_code",
    "政府信息公开工作机构": "office",
    "地址": "address",
    "邮编": "postcode",
    "办公时间": "hours",
    "电话": "phone",
    "传真": "fax",
    "电子邮箱": "email",
    "公开指南": "guide",
}
NORMATIVE = {
    "标题": "title",
    "发文字号": "number",
    "制定机关": "agency",
    "种类": "kind",
    "印发日期": "issued_on",
    "施行日期": "effective_on",
    "有效期至": "expires_on",
    "有效性": "validity",
    "变更日期": "since",
    "依据文件": "by",
    "网址": "url",
}
STATISTICS = {
    "指标": "label",
    "数值": "value",
    "单位": "unit",
    "说明": "explanation",
    "网址": "url",
}
BOARDS = {entry.code: entry.label for entry in law.BOARDS}


def csv_of(fields: dict[str, str], rows: Iterable[Row]) -> bytes:
    """A table of these fields, with their Chinese headings."""
    return machine.table(fields, ([row[field] for field in fields.values()] for row in rows))


@in_chinese
def catalogue() -> list[Page]:
    """The catalogue: every column in use, how many items it has, where its lists and its feed are."""
    site = identity()
    parts: dict[str, int] = {}
    for column, _number in feeds.maps():
        parts[column.code] = parts.get(column.code, 0) + 1
    rows = [_column(column, parts.get(column["code"], 0), site) for column in lists.columns()]
    pages = [
        (
            f"{machine.column_folder(row['code'])}/index.json",
            machine.dumped(machine.head("column", site) | row),
        )
        for row in rows
    ]
    return [
        *pages,
        (f"{SHELF}/catalogue.json", machine.listed(machine.head("catalogue", site), "columns", rows)),
        (f"{SHELF}/catalogue.csv", csv_of(CATALOGUE, rows)),
    ]


def _column(column: Row, parts: int, site: Identity) -> Row:
    folder = machine.column_folder(column["code"])
    return {
        "code": column["code"],
        "name": column["name"],
        "board": column["board"],
        "board_name": BOARDS.get(column["board"], column["board"]),
        "article": column["article"],
        "description": column["description"],
        "items": column["count"],
        "url": site.origin + column["url"],
        "feed": site.origin + addresses.url(atom.feed_path(column["code"])),
        "data": f"{site.origin}/{folder}/index.json",
        "parts": parts,
        "json": f"{site.origin}/{folder}/{{part}}.json",
        "csv": f"{site.origin}/{folder}/{{part}}.csv",
    }


@in_chinese
def agencies() -> list[Page]:
    """Agencies with their disclosure offices (art. 12)."""
    site = identity()
    rows = [
        {
            "code": agency.code,
            "name": agency.name,
            "parent_code": agency.parent.code if agency.parent else "",
            "office": agency.disclosure_office,
            "address": agency.address,
            "postcode": agency.postcode,
            "hours": agency.hours,
            "phone": agency.phone,
            "fax": agency.fax,
            "email": agency.email,
            "guide": f"{site.origin}/guide/{addresses.segment(agency.code)}/",
        }
        for agency in Agency.objects.select_related("parent").order_by("path")
    ]
    return [
        (f"{SHELF}/agencies.json", machine.listed(machine.head("agencies", site), "agencies", rows)),
        (f"{SHELF}/agencies.csv", csv_of(AGENCIES, rows)),
    ]


@in_chinese
def statistics() -> list[Page]:
    """The figures of the running year, as the home page shows them."""
    site = identity()
    year = clock.today().year
    rows = [
        {
            "label": str(figure["label"]),
            "value": str(figure["value"]),
            "unit": str(figure["unit"]),
            "explanation": str(figure.get("explanation", "")),
            "url": site.origin + figure["url"] if figure.get("url") else "",
        }
        for figure in figures.of_the_year()
    ]
    said = machine.head("statistics", site, year=year)
    return [
        (f"{SHELF}/statistics.json", machine.listed(said, "figures", rows)),
        (f"{SHELF}/statistics.csv", csv_of(STATISTICS, rows)),
    ]


# Normative documents


def normative_beside(item: UUID | None) -> Iterator[Standing]:
    """The files of the register that an item changes; all of them for None."""
    years = policies.years_beside(item)
    for year in years:
        paths = tuple(f"{SHELF}/normative/{year}.{form}" for form in ("json", "csv"))
        yield Standing(f"data-normative:{year}", partial(_normative_of, year), places=paths)
    if years or item is None:
        yield Standing("data-normative", normative_index)


@in_chinese
def _normative_of(year: int) -> list[Page]:
    site = identity()
    rows = [
        {
            **row,
            "issued_on": day(row["issued_on"]),
            "effective_on": day(row["effective_on"]),
            "expires_on": day(row["expires_on"]),
            "since": day(row["since"]),
            "kind": str(row["kind"]),
            "validity": str(row["validity"]["label"]),
            "url": site.origin + row["url"],
            "by_url": site.origin + row["by_url"] if row["by_url"] else None,
        }
        for row in policies.rows(year)
    ]
    if not rows:
        return []
    said = machine.head("normative", site, year=year)
    return [
        (f"{SHELF}/normative/{year}.json", machine.listed(said, "documents", rows)),
        (f"{SHELF}/normative/{year}.csv", csv_of(NORMATIVE, rows)),
    ]


def normative_index() -> list[Page]:
    """Which years the register has."""
    site = identity()
    found = policies.documents().order_by().values_list("issued_on__year", flat=True).distinct()
    folder = f"{site.origin}/{SHELF}/normative"
    years = [
        {"year": year, "json": f"{folder}/{year}.json", "csv": f"{folder}/{year}.csv"}
        for year in sorted(set(found), reverse=True)
    ]
    return [
        (f"{SHELF}/normative/index.json", machine.listed(machine.head("years", site), "years", years)),
    ]
