"""The page of an annual report with its documents, and what stands there after a withdrawal."""

from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gongkai.channels import addresses
from gongkai.channels.renderers import Page
from gongkai.portal import items, rendering
from gongkai.reporting import document, publication
from gongkai.reporting.models import AnnualReport
from gongkai.review.models import Release, Withdrawal
from gongkai.review.subjects import Content
from gongkai.rulebook import catalogue
from gongkai.search.entries import Entry

SHELF = "reports"


def folder(subject: UUID) -> str:
    """The folder of a report on the site: reports/<agency code>/<year>."""
    report = AnnualReport.objects.select_related("agency").filter(pk=subject).first()
    return f"reports/{addresses.segment(report.agency.code)}/{report.year}" if report else ""


def pages(release: Release, content: Content) -> list[Page]:
    """The files of a released report: its page, docx, PDF/A and json."""
    inside = folder(release.subject_id)
    files = publication.files(release, content)
    with translation.override(rendering.LANGUAGE):
        context = _context(release, content, addresses.folder_url(inside))
    page = rendering.page("reporting/public.html", level="article", **context)
    return [*((f"{inside}/{name}", data) for name, data in files), (f"{inside}/index.html", page)]


def _context(release: Release, content: Content, address: str) -> dict[str, Any]:
    board = next(entry.label for entry in catalogue.BOARDS if entry.code == SHELF)
    day = timezone.localtime(release.released_at).date()
    return {
        "title": content["title"],
        "column": {"name": board, "description": board, "keywords": board, "kind": board},
        "article": {
            "title": content["title"],
            "published": release.released_at,
            "source": content["agency"],
            "keywords": f"{content['agency']};{content['year']}年;{board}",
            "url": rendering.site_origin() + address,
        },
        "facts": [
            {"label": _("Issued by"), "value": content["agency"]},
            {"label": _("Published on"), "value": day},
        ],
        "document": document.html(content, day),
        "downloads": [{"label": label, "url": name} for label, name in publication.DOWNLOADS],
        "review": items.steps(release),
        "digest": release.digest,
        "section": SHELF,
        "breadcrumb": [{"label": board, "url": "/reports/"}, {"label": content["title"]}],
    }


def entry(release: Release, content: Content) -> Entry | None:
    """How a released report is found: by its title and its text."""
    inside = folder(release.subject_id)
    if not inside:
        return None
    return Entry(
        title=content["title"],
        url=addresses.folder_url(inside),
        on=timezone.localtime(release.released_at).date(),
        body="\n".join(document.text_of(content, part) for part in document.TEXTS.values()),
        agency=content["agency"],
    )


def tombstone(withdrawal: Withdrawal) -> bytes:
    """What stands where a withdrawn report stood."""
    return items.grave(withdrawal, "")
