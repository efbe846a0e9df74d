"""All public reports side by side: the board of reports, each agency's years, each year's agencies, the open data.

Every file is a function of what is released now (reporting.open_data): a withdrawn report leaves all of them with
the same call that takes its page away. A release writes the pages of its agency and of its years, the board and
the files of all reports; the pages of other agencies are not touched.
"""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from gongkai.channels import addresses
from gongkai.channels.renderers import Page, Standing
from gongkai.portal import machine, rendering
from gongkai.reporting import open_data, rows, schema
from gongkai.reporting.document import printed
from gongkai.reporting.models import AnnualReport, EarlierReport
from gongkai.reporting.open_data import Published
from gongkai.rulebook import catalogue
from gongkai.rulebook.report_form import APPLICANT_COLUMNS, Cell

SHELF = "reports"
BOARD = next(entry.label for entry in catalogue.BOARDS if entry.code == SHELF)
DATA, YEARS = f"{SHELF}/data", f"{SHELF}/years"
NEWEST = 20
Row = dict[str, Any]


def agency_folder(code: str) -> str:
    """The folder of an agency's reports; never that of the data or of the years."""
    folder = f"{SHELF}/{addresses.segment(code)}"
    return f"{folder}-" if folder in (DATA, YEARS) else folder


def report_folder(code: str, year: int) -> str:
    """The folder of the report of one agency and year."""
    return f"{agency_folder(code)}/{year}"


def beside(subject: UUID | None) -> Iterator[Standing]:
    """What shows a report beside others; for None what shows any."""
    reports = AnnualReport.objects.select_related("agency")
    taken = EarlierReport.objects.select_related("agency")
    if subject is not None:
        one = reports.get(pk=subject)
        reports, taken = reports.filter(pk=subject), taken.filter(agency=one.agency)
    agencies = {row.agency.code: row.agency for row in reports}
    years = {row.year for row in reports} | {row.year for row in taken}
    # What gives most away comes first, so that after a withdrawal it goes first.
    yield Standing("report-data", _whole)
    for year in sorted(years):
        paths = (f"{DATA}/{year}.csv", f"{YEARS}/{year}/index.html")
        yield Standing(f"reports-in:{year}", partial(_of_year, year), places=paths)
    for code, agency in sorted(agencies.items()):
        folder = agency_folder(code)
        paths = tuple(f"{folder}/{name}" for name in ("reports.csv", "reports.json", "index.html"))
        yield Standing(f"reports-of:{code}", partial(_of_agency, agency), places=paths)
    yield Standing("reports", board)


def _page(template: str, title: str, **context: Any) -> bytes:
    """A page of the board, with the tags of a column (rulebook 7.1)."""
    tags = {"name": BOARD, "description": title, "keywords": BOARD, "kind": BOARD}
    with translation.override(rendering.LANGUAGE):
        return rendering.page(
            template, level="column", column=tags, article=None, section=SHELF, title=title, **context
        )


def _trail(*labels: str) -> list[Row]:
    return [{"label": BOARD, "url": f"/{SHELF}/"}, *({"label": label} for label in labels)]


# The board


def newest(limit: int) -> list[Row]:
    """The reports released last, as item_list.html takes them."""
    shown = (row for row in open_data.live().order_by("-release__released_at", "-release_id")[:limit])
    return [
        {
            "title": row.title,
            "url": addresses.folder_url(report_folder(row.report.agency.code, row.report.year)),
            "date": row.release.released_at,
            "agency": row.agency_name,
        }
        for row in shown
    ]


def board() -> list[Page]:
    """The board of annual reports: by agency, by year, what came last, and the way to the data."""
    found = open_data.published()
    agencies: dict[str, Row] = {}
    years: dict[int, int] = {}
    for one in found:
        place = agencies.setdefault(
            one.code,
            {"name": one.agency, "url": addresses.folder_url(agency_folder(one.code)), "years": []},
        )
        place["years"].append(one.year)
        years[one.year] = years.get(one.year, 0) + 1
    page = _page(
        "portal/reports.html",
        BOARD,
        twin="/reports/",
        items=newest(NEWEST),
        agencies=list(agencies.values()),
        years=[
            {"year": year, "count": years[year], "url": addresses.folder_url(f"{YEARS}/{year}")}
            for year in sorted(years, reverse=True)
        ],
        data=addresses.folder_url(DATA),
        breadcrumb=[{"label": BOARD}],
    )
    return [(f"{SHELF}/index.html", page)]


def _of_year(year: int) -> list[Page]:
    """All agencies' reports of a year, with their figures as data."""
    found = open_data.published(year=year)
    if not found:
        return []
    data = rows.long_form(found)
    title = _chinese(lambda: _("Annual reports for %(year)d") % {"year": year})
    page = _page(
        "portal/report_year.html",
        title,
        year=year,
        reports=[_listed(one) for one in found],
        files=[_file(f"{year}.csv", f"{DATA}/{year}.csv", data)],
        breadcrumb=_trail(title),
    )
    return [(f"{DATA}/{year}.csv", data), (f"{YEARS}/{year}/index.html", page)]


def _listed(one: Published) -> Row:
    return {
        "agency": one.agency,
        "all": addresses.folder_url(agency_folder(one.code)),
        "year": one.year,
        "url": "" if one.taken_over else addresses.folder_url(report_folder(one.code, one.year)),
        "released": one.released,
        "source": one.source,
        "received": _shown(one, Cell("applications", "r1", "total")),
        "closed": _shown(one, Cell("applications", "r3_7", "total")),
        "carried": _shown(one, Cell("applications", "r4", "total")),
    }


def _shown(one: Published, cell: Cell) -> str:
    return printed(one.tables, cell) if cell in one.tables.cells() else ""


def _file(name: str, path: str, data: bytes) -> Row:
    return {
        "name": name,
        "url": addresses.url(path),
        "kind": name.rpartition(".")[2].upper(),
        "size": len(data),
    }


def _chinese(make: Any) -> str:
    with translation.override(rendering.LANGUAGE):
        return str(make())


# An agency, its years side by side


def _of_agency(agency: Any) -> list[Page]:
    """All years of an agency side by side, a table for each table of the form; and the same as data."""
    found = open_data.published(agency=agency)
    if not found:
        return []
    folder = agency_folder(agency.code)
    files = {"reports.csv": rows.long_form(found), "reports.json": collection(found)}
    title = _chinese(
        lambda: _("%(agency)s: annual reports, all years side by side") % {"agency": found[0].agency}
    )
    page = _page(
        "portal/report_agency.html",
        title,
        agency=found[0].agency,
        reports=[_listed(one) for one in found],
        tables=_chinese_tables(found),
        files=[_file(name, f"{folder}/{name}", data) for name, data in files.items()],
        breadcrumb=_trail(found[0].agency),
    )
    return [*((f"{folder}/{name}", data) for name, data in files.items()), (f"{folder}/index.html", page)]


def _chinese_tables(found: Sequence[Published]) -> list[Row]:
    with translation.override(rendering.LANGUAGE):
        return list(side_by_side(found))


def side_by_side(found: Sequence[Published]) -> Iterator[Row]:
    """A table for each table of the form: a row for each figure, a column for each year (newest first), and how
    each figure differs from the year before, where that is there too."""
    captions = {
        "disclosure": _("Proactive disclosure by year"),
        "applications": _("Applications by year"),
        "remedies": _("Reconsideration and litigation by year"),
    }
    for name, caption in captions.items():
        cells = [cell for cell in rows.cells() if cell.table == name]
        if name != "applications":
            yield _table(name, caption, found, cells)
            continue
        sums = [cell for cell in cells if cell.column == APPLICANT_COLUMNS[-1].key]
        yield _table(name, caption, found, sums)
        kinds = [cell for cell in cells if cell not in sums]
        yield _table(name, _("Applications by year and kind of applicant"), found, kinds) | {"folded": True}


def _table(name: str, caption: str, found: Sequence[Published], cells: Sequence[Cell]) -> Row:
    present = [set(one.tables.cells()) for one in found]
    lines = []
    for cell in cells:
        values = [
            one.tables.value(cell) if cell in there else None
            for one, there in zip(found, present, strict=True)
        ]
        lines.append(
            {
                "label": _label(cell),
                "values": [
                    {
                        "text": printed(one.tables, cell) if value is not None else "",
                        **_change(found, values, at),
                    }
                    for at, (one, value) in enumerate(zip(found, values, strict=True))
                ],
            }
        )
    years = [{"year": one.year, "source": one.source} for one in found]
    return {"name": name, "caption": caption, "years": years, "rows": lines}


def _label(cell: Cell) -> str:
    if cell.table == "applications" and cell.column == APPLICANT_COLUMNS[-1].key:
        return cell.row_label
    return f"{cell.row_label}·{cell.column_label}"


def _change(found: Sequence[Published], values: Sequence[int | Decimal | None], at: int) -> Row:
    """The difference from the year before, for the eye and in words; empty where there is none to compare."""
    before = at + 1
    if before == len(found) or found[before].year != found[at].year - 1:
        return {"change": "", "words": ""}
    now, then = values[at], values[before]
    if now is None or then is None or now == then:
        return {"change": "", "words": ""}
    more = now > then
    size = format(abs(Decimal(now) - Decimal(then)), "f")
    words = _("%(n)s more than the year before") if more else _("%(n)s fewer than the year before")
    return {"change": f"{'+' if more else '−'}{size}", "words": words % {"n": size}}


# The data of all reports


def entry(one: Published) -> Row:
    """A report in reports.json, by schema.collection."""
    page = None if one.taken_over else addresses.folder_url(report_folder(one.code, one.year))
    return {
        "agency_code": one.code,
        "agency": one.agency,
        "year": one.year,
        "source": rows.source(one),
        "file": one.source or None,
        "digest": one.digest,
        "released": machine.moment(one.released),
        "page": page,
        **one.tables.to_json(),
    }


def collection(found: Sequence[Published]) -> bytes:
    """reports.json: the tables of these reports, a report a line."""
    moment = open_data.updated()
    head = {
        "$schema": schema.COLLECTION_ADDRESS,
        "updated": machine.moment(moment),
        "licence": rendering.site()["data_licence"],
    }
    lines = ",\n".join(json.dumps(entry(one), ensure_ascii=False, separators=(",", ":")) for one in found)
    start = json.dumps(head, ensure_ascii=False, indent=0)[:-2]
    return f'{start},\n"reports": [\n{lines}\n]\n}}\n'.encode()


def _whole() -> list[Page]:
    """The files of all reports and the page that describes them."""
    found = open_data.published()
    files = {"reports.csv": rows.wide_form(found), "reports.json": collection(found)}
    years = sorted({one.year for one in found}, reverse=True)
    title = _chinese(lambda: _("Open data of the annual reports"))
    page = _page(
        "portal/report_data.html",
        title,
        files=[_file(name, f"{DATA}/{name}", data) for name, data in files.items()],
        years=[{"year": year, "url": addresses.url(f"{DATA}/{year}.csv")} for year in years],
        updated=open_data.updated(),
        reports=len(found),
        agencies=len({one.code for one in found}),
        schemas=[schema.COLLECTION_ADDRESS, schema.REPORT_ADDRESS],
        long=[{"name": name, "words": words} for name, words in zip(rows.LONG, _field_words(), strict=True)],
        breadcrumb=_trail(title),
    )
    return [*((f"{DATA}/{name}", data) for name, data in files.items()), (f"{DATA}/index.html", page)]


def _field_words() -> list[str]:
    with translation.override(rendering.LANGUAGE):
        return [
            _("code of the agency"),
            _("name of the agency"),
            _("year of the report"),
            _("table: disclosure (two), applications (three), remedies (four)"),
            _("row, as in the JSON form"),
            _("row, as printed on the form"),
            _("column, as in the JSON form"),
            _("column, as printed on the form"),
            _("the figure; empty where the cell is blank, which is not 0"),
            _(
                "records: counted from records and released here; taken_over: from the file of an earlier report"
            ),
        ]


def schemas() -> list[Page]:
    """The JSON Schemas at their stable addresses."""
    origin = rendering.site_origin()

    def page(address: str, said: Any) -> Page:
        return address.removeprefix("/"), (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()

    return [
        page(schema.REPORT_ADDRESS, schema.report(origin)),
        page(schema.COLLECTION_ADDRESS, schema.collection(origin)),
    ]
