"""Published letters on the site: a page each, lists by month, and how they are found.

The lists are cut by the month of publication, so that a new letter changes its month and the front page alone.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency
from gongkai.agencies.papers import in_chinese
from gongkai.channels import addresses
from gongkai.channels.renderers import Page, PublicKind, Standing
from gongkai.channels.renderers import register as show_kind
from gongkai.correspondence import publication
from gongkai.correspondence.models import Publication
from gongkai.portal import items, machine_letters, rendering
from gongkai.review.models import Release, Withdrawal
from gongkai.review.subjects import Content
from gongkai.search import entries
from gongkai.search.entries import Entry

# Beside /mailbox/, whose addresses the server answers itself.
SHELF = "letters"
NEWEST = 30


def folder(subject: UUID) -> str:
    """The folder of a letter; empty before its first publication."""
    return f"{SHELF}/{subject}" if Publication.objects.filter(pk=subject).exists() else ""


@in_chinese
def pages(release: Release, content: Content) -> list[Page]:
    """The page of a released question and answer."""
    row = Publication.objects.select_related("agency").get(pk=release.subject_id)
    place = f"{SHELF}/{row.pk}"
    letter = publication.shown(content, row.agency)
    page = rendering.page(
        "portal/mailbox/letter.html",
        level="article",
        letter=letter,
        published=row.published_at,
        column=_column(),
        article={
            "title": letter["title"],
            "published": row.published_at,
            "source": row.agency.name,
            "url": rendering.site_origin() + addresses.folder_url(place),
        },
        section="mailbox",
        breadcrumb=_trail(letter["title"]),
    )
    return [(f"{place}/index.html", page)]


def tombstone(withdrawal: Withdrawal) -> bytes:
    """What stands where a withdrawn letter stood."""
    return items.grave(withdrawal, "")


def entry(release: Release, content: Content) -> Entry | None:
    """How a published letter is found: by its title, question and answer."""
    row = Publication.objects.filter(pk=release.subject_id, live__isnull=False).first()
    if row is None:
        return None
    agency = Agency.objects.get(pk=release.agency_id)
    return Entry(
        title=content["title"],
        url=addresses.folder_url(f"{SHELF}/{row.pk}"),
        on=timezone.localtime(row.published_at).date(),
        summary=content["question"],
        body=content["answer"],
        agency=agency.name,
        agency_code=agency.code,
        column_name=_column()["name"],
    )


def beside(subject: UUID | None) -> Iterable[Standing]:
    """The lists that a letter changes; all of them for None."""
    if subject is None:
        yield Standing(SHELF, front)
        for month in _months():
            yield of_month(month)
        yield from machine_letters.beside(None)
        return
    row = Publication.objects.filter(pk=subject).first()
    if row is not None:
        yield Standing(SHELF, front)
        yield of_month(timezone.localtime(row.published_at).date().replace(day=1))
        yield from machine_letters.beside(row.pk)


def _months() -> Iterator[date]:
    """Every month from the first publication through the last, newest first."""
    found = Publication.objects.filter(live__isnull=False)
    span = found.aggregate(first=Min("published_at"), last=Max("published_at"))
    if span["first"] is None:
        return
    first = timezone.localtime(span["first"]).date().replace(day=1)
    month = timezone.localtime(span["last"]).date().replace(day=1)
    while month >= first:
        yield month
        month = date(month.year - (month.month == 1), month.month - 1 or 12, 1)


def of_month(month: date) -> Standing:
    """The list of a month; none where nothing of it is public."""
    path = f"{SHELF}/{month:%Y-%m}/index.html"
    return Standing(f"{SHELF}-{month:%Y-%m}", lambda: _month_pages(month, path), places=(path,))


@in_chinese
def _month_pages(month: date, path: str) -> list[Page]:
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    begin, end = (timezone.make_aware(datetime.combine(day, time())) for day in (month, after))
    rows = _rows(publication.letters().filter(published_at__gte=begin, published_at__lt=end))
    if not rows:
        return []
    title = _("Published letters of %(month)s") % {"month": f"{month.year}年{month.month}月"}
    return [(path, _list(title, rows))]


@in_chinese
def front() -> list[Page]:
    """The newest letters, and the months of all; a month without letters has no page to lead to."""
    months: dict[int, list[dict[str, Any]]] = {}
    for month in publication.letters().order_by().datetimes("published_at", "month", "DESC"):
        url = addresses.folder_url(f"{SHELF}/{month:%Y-%m}")
        months.setdefault(month.year, []).append({"label": f"{month.month}月", "url": url})
    rows = _rows(publication.letters()[:NEWEST])
    years = [{"year": year, "months": named[::-1]} for year, named in months.items()]
    return [(f"{SHELF}/index.html", _list(_("Published letters"), rows, years=years))]


def _rows(letters: Iterable[Publication]) -> list[dict[str, Any]]:
    return [
        {
            "title": row.title,
            "url": addresses.folder_url(f"{SHELF}/{row.pk}"),
            "date": row.published_at,
            "agency": row.agency.name,
            "note": row.matter.get_kind_display(),
        }
        for row in letters
    ]


def _list(title: str, rows: list[dict[str, Any]], **context: Any) -> bytes:
    return rendering.page(
        "portal/mailbox/letters.html",
        level="column",
        title=title,
        items=rows,
        column=_column(),
        article=None,
        section="mailbox",
        breadcrumb=_trail("" if "years" in context else title),
        **context,
    )


def _trail(last: str) -> list[dict[str, str]]:
    shelf: dict[str, str] = {"label": _("Published letters")}
    trail = [{"label": _("Mayor's mailbox"), "url": "/mailbox/"}]
    return [*trail, shelf | {"url": f"/{SHELF}/"}, {"label": last}] if last else [*trail, shelf]


def _column() -> dict[str, str]:
    """The page tags of the column (rulebook 7.1)."""
    return {
        "name": _("Published letters"),
        "description": _("Questions and answers of public interest, without names and particulars."),
        "keywords": _("Mayor's mailbox"),
        "kind": _("interaction"),
    }


def register() -> None:
    """Called once, at start-up."""
    show_kind(PublicKind(publication.KIND, folder, pages, tombstone, beside=beside))
    entries.register(publication.KIND, entry, gettext_lazy("Published letter"))
