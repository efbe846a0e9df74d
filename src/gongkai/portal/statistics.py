"""Statistics of applications and letters on the public site, a page for each year; every number says how it is counted."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.agencies.papers import in_chinese
from gongkai.channels import parts
from gongkai.channels.renderers import Page, Standing, stand
from gongkai.correspondence.models import Grade
from gongkai.correspondence.procedure import Kind
from gongkai.journal import sweeping
from gongkai.paperwork.picture import Bar, Chart
from gongkai.portal import english, rendering
from gongkai.reporting import drawing, statistics
from gongkai.reporting.statistics_models import PublicStatistics

SHELF = "statistics"


@in_chinese
def pages() -> list[Page]:
    """The newest year at the front, and each year at its own address."""
    found = list(PublicStatistics.objects.all())
    years = [row.year for row in found]
    made = [(f"{SHELF}/{row.year}/index.html", _page(row, years, front=False)) for row in found]
    return [(f"{SHELF}/index.html", _page(found[0] if found else None, years, front=True)), *made]


def _page(row: PublicStatistics | None, years: list[int], *, front: bool) -> bytes:
    name = _("Applications and letters in figures")
    title = name if row is None else _("Applications and letters of %(year)d in figures") % {"year": row.year}
    data = row.data if row is not None else None
    trail = (
        [{"label": name}]
        if front or row is None
        else [{"label": name, "url": f"/{SHELF}/"}, {"label": str(row.year)}]
    )
    return rendering.page(
        "portal/statistics.html",
        level="column",
        twin=f"/{SHELF}/" if front or row is None else f"/{SHELF}/{row.year}/",
        title=title,
        data=data,
        counted_on=row.counted_on if row is not None else None,
        parts=[_applications(data), _letters(data)] if data is not None else [],
        years=[
            {"year": year, "url": f"/{SHELF}/{year}/", "current": row is not None and year == row.year}
            for year in years
        ],
        column={
            "name": name,
            "description": _(
                "How many applications and letters came in and were answered, by year and month."
            ),
            "keywords": _("statistics;applications;letters"),
            "kind": _("interaction"),
        },
        article=None,
        section="apply",
        breadcrumb=trail,
    )


def _figure(value: Any, unit: str, label: str, explanation: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "label": label, "explanation": explanation}


def _applications(data: dict[str, Any]) -> dict[str, Any]:
    said, year = data["applications"], data["year"]
    unit = pgettext("counted", "applications")
    figures = [
        _figure(
            said["received"],
            unit,
            _("applications received"),
            _("Applications whose day of receipt (art. 31) lies in this year, of all agencies here."),
        ),
        _figure(
            said["answered"],
            unit,
            _("applications answered"),
            _("Applications whose answer was given in this year, those of the year before among them."),
        ),
    ]
    if said["answered"]:
        figures.append(
            _figure(
                f"{said['in_time']}/{said['answered']}",
                unit,
                _("answered in time"),
                _(
                    "Of those answered in this year, the ones answered on or before their last day, as extended by law (art. 33)."
                ),
            )
        )
    if said["median_days"] is not None:
        figures.append(_median(said["median_days"]))
    charts = _months(_("Applications by month"), "applications", unit, said, year)
    told = [row for row in said["outcomes"] if row["count"] is not None]
    if told:
        bars = tuple(Bar(label=row["label"], value=row["count"]) for row in told)
        note = _(
            "By the rows of the annual report; outcomes with few cases stand together, so that nobody can be recognised."
        )
        charts.append(
            drawing.drawing(
                Chart(key="outcomes", title=_("Applications by outcome"), note=note, unit=unit, bars=bars),
                year,
            )
        )
    return {
        "key": "applications",
        "title": _("Applications for information"),
        "figures": figures,
        "charts": charts,
    }


def _letters(data: dict[str, Any]) -> dict[str, Any]:
    said, year = data["letters"], data["year"]
    unit = pgettext("counted", "letters")
    figures = [
        _figure(
            said["received"],
            unit,
            _("letters received"),
            _("Letters to the mailbox, matters of the media line and hotline tickets received in this year."),
        ),
        _figure(
            said["answered"],
            unit,
            _("letters answered"),
            _("Matters whose first formal reply was sent in this year, those of the year before among them."),
        ),
    ]
    if said["median_days"] is not None:
        figures.append(_median(said["median_days"]))
    if said["grades"] is not None:
        rated = sum(said["grades"].values())
        figures.append(
            _figure(
                f"{said['grades'][Grade.SATISFIED.value]}/{rated}",
                unit,
                _("rated satisfied"),
                _(
                    "Of the matters answered in this year that their writers rated, by the latest grade of each."
                ),
            )
        )
    charts = _months(_("Letters by month"), "letters", unit, said, year)
    if said["received"]:
        labels = {kind.value: str(kind.label) for kind in Kind}
        bars = tuple(
            Bar(label=labels[row["key"]], value=row["count"]) for row in said["kinds"] if row["count"]
        )
        chart = Chart(
            key="kinds", title=_("Letters by way"), note=_("By how they came in."), unit=unit, bars=bars
        )
        charts.append(drawing.drawing(chart, year))
    return {"key": "letters", "title": _("Letters and calls"), "figures": figures, "charts": charts}


def _median(days: float) -> dict[str, Any]:
    return _figure(
        f"{days:g}",
        pgettext("counted", "working days"),
        _("median time to an answer"),
        _("Half of those answered in this year took at most this many working days from the day of receipt."),
    )


def _months(title: str, key: str, unit: str, said: dict[str, Any], year: int) -> list[dict[str, Any]]:
    """Received by month as a chart; none where nothing was received."""
    if not said["received"]:
        return []
    bars = tuple(Bar(label=f"{row['month']}月", value=row["received"]) for row in said["months"])
    chart = Chart(key=f"{key}-months", title=title, note=_("Received in each month."), unit=unit, bars=bars)
    return [drawing.drawing(chart, year)]


def refresh() -> int:
    """Count anew and write the pages that changed; how many years did. The sweeper's task."""
    changed = statistics.refresh()
    if changed:
        for standing in (STANDING, english.STATISTICS):
            parts.settle(parts.standing_part(standing))
    return len(changed)


STANDING = Standing(SHELF, pages)


def register() -> None:
    """Called once, at start-up."""
    stand(STANDING)
    sweeping.register("statistics", timedelta(hours=1), refresh)
