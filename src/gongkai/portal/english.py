"""The English edition: what a reader without Chinese needs to find their way, to apply and to see how the law is kept."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.channels import addresses
from gongkai.channels.renderers import Page, Standing, stand
from gongkai.portal import editions, rendering, report_data, standing
from gongkai.reporting import open_data
from gongkai.reporting.statistics_models import PublicStatistics

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def _english(make: Callable[[], list[Page]]) -> Callable[[], list[Page]]:
    """What a function writes, in English and below /en/."""

    def made() -> list[Page]:
        with editions.writing(editions.ENGLISH), translation.override(editions.ENGLISH):
            return [
                (f"{editions.FOLDER}/{path}", page) for path, page in make() if path.endswith("index.html")
            ]

    return made


def _reports() -> list[Page]:
    """The board of reports: by agency, and what came last."""
    agencies: dict[str, dict[str, Any]] = {}
    years: dict[int, int] = {}
    for one in open_data.published():
        url = addresses.folder_url(report_data.agency_folder(one.code))
        agencies.setdefault(one.code, {"name": one.agency, "url": url, "years": []})["years"].append(one.year)
        years[one.year] = years.get(one.year, 0) + 1
    title = pgettext("portal navigation", "Annual reports")
    page = rendering.page(
        "portal/reports.html",
        level="column",
        twin="/reports/",
        column={"name": title, "description": title, "keywords": title, "kind": title},
        article=None,
        title=title,
        items=report_data.newest(report_data.NEWEST),
        agencies=list(agencies.values()),
        years=[
            {
                "year": year,
                "count": years[year],
                "url": addresses.folder_url(f"{report_data.YEARS}/{year}"),
            }
            for year in sorted(years, reverse=True)
        ],
        data=addresses.folder_url(report_data.DATA),
        section="reports",
        breadcrumb=[{"label": title}],
    )
    return [("reports/index.html", page)]


def _statistics() -> list[Page]:
    """The figures of each year as tables; the newest year stands at the front too."""
    found = list(PublicStatistics.objects.all())
    years = [row.year for row in found]
    pages = [(f"statistics/{row.year}/index.html", _year(row, years, front=False)) for row in found]
    return [("statistics/index.html", _year(found[0] if found else None, years, front=True)), *pages]


def _year(row: PublicStatistics | None, years: list[int], *, front: bool) -> bytes:
    name = _("Applications and letters in figures")
    said = row.data if row is not None else {}
    trail = [{"label": name, "url": "/en/statistics/"}] if not front and row else []
    return rendering.page(
        "portal/english/statistics.html",
        twin="/statistics/" if front or row is None else f"/statistics/{row.year}/",
        title=f"{name}: {row.year}" if row is not None else name,
        counted_on=row.counted_on if row is not None else None,
        parts=[
            {"key": key, "label": label, "said": said[key], "months": _months(said[key])}
            for key, label in (
                ("applications", _("Applications for information")),
                ("letters", _("Letters and calls")),
            )
            if key in said
        ],
        years=[
            {"year": year, "url": f"/statistics/{year}/", "current": row is not None and year == row.year}
            for year in years
        ],
        section="statistics",
        breadcrumb=[*trail, {"label": str(row.year) if trail and row else name}],
    )


def _months(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [row | {"name": MONTHS[row["month"] - 1]} for row in said.get("months", ())]


def _accessibility() -> list[Page]:
    return [page for page in standing.fixed() if page[0].startswith("accessibility/")]


REPORTS = Standing("english-reports", _english(_reports))
STATISTICS = Standing("english-statistics", _english(_statistics))


def reports_beside(subject: UUID | None) -> Iterator[Standing]:
    """What shows a report beside others, in both editions."""
    yield from report_data.beside(subject)
    yield REPORTS


def register() -> None:
    """Called once, at start-up."""
    stand(Standing("english-home", _english(standing.home), follows=True))
    stand(Standing("english-catalogue", _english(standing.catalogue), follows=True))
    stand(Standing("english-guide", _english(standing.guide)))
    stand(Standing("english-accessibility", _english(_accessibility)))
    stand(REPORTS)
    stand(STATISTICS)
