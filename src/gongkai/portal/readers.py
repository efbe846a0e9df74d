"""How often the site is read, month by month: a page of numbers, made once a day of the months that are over."""

from datetime import timedelta

from django.utils.translation import gettext as _

from gongkai.agencies.papers import in_chinese
from gongkai.channels import visits
from gongkai.channels.renderers import Page, Standing, stand
from gongkai.journal import clock
from gongkai.portal import rendering

PLACE = "statistics/readers/index.html"
MONTHS = 24


@in_chinese
def pages() -> list[Page]:
    """The last two years of finished months; the running one is not told, so the page is the same all day."""
    running = clock.today().replace(day=1)
    rows = [(month, total) for month, total in visits.months() if month < running][:MONTHS]
    name = _("How often this site is read")
    page = rendering.page(
        "portal/readers.html",
        level="column",
        title=name,
        rows=[{"month": f"{month.year}年{month.month}月", "total": total} for month, total in rows],
        until=running - timedelta(days=1),
        column={
            "name": name,
            "description": _("How many pages of this site were read in each month."),
            "keywords": _("statistics;readers"),
            "kind": _("interaction"),
        },
        article=None,
        breadcrumb=[
            {"label": _("Applications and letters in figures"), "url": "/statistics/"},
            {"label": name},
        ],
    )
    return [(PLACE, page)]


def register() -> None:
    """Called once, at start-up."""
    stand(Standing("readers", pages, False))
