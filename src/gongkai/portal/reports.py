"""The page of an annual report with its documents, and what stands there after a withdrawal."""

from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gongkai.channels import addresses
from gongkai.channels.renderers import Page
from gongkai.portal import items, rendering, report_picture
from gongkai.portal.report_data import BOARD, SHELF, agency_folder, report_folder
from gongkai.portal.templatetags.portal_look import file_size
from gongkai.reporting import corrections, document, publication
from gongkai.reporting.models import AnnualReport
from gongkai.review.models import Release, Withdrawal
from gongkai.review.subjects import Content
from gongkai.review.submission import content_of
from gongkai.search.entries import Entry


def folder(subject: UUID) -> str:
    """The folder of a report on the site: reports/<agency code>/<year>."""
    report = AnnualReport.objects.select_related("agency").filter(pk=subject).first()
    return report_folder(report.agency.code, report.year) if report else ""


def pages(release: Release, content: Content) -> list[Page]:
    """The files of a released report: its page, docx, PDF/A, xlsx, csv and json, its pictures; and those of the versions that it
    corrected, which stay readable at an address of their own (I10)."""
    report = AnnualReport.objects.select_related("agency").get(pk=release.subject_id)
    inside = report_folder(report.agency.code, report.year)
    made: list[Page] = []
    earlier: list[dict[str, Any]] = []
    for older in corrections.versions(report)[1:]:
        said = content_of(older.digest)
        if said is not None:
            place = f"{inside}/v{older.revision.number}"
            made += _version(older, said, place, current=inside)
            day = timezone.localtime(older.released_at).date()
            earlier.append({"url": addresses.folder_url(place), "day": day, "digest": older.digest})
    return [*made, *_version(release, content, inside, earlier=earlier)]


def _version(
    release: Release,
    content: Content,
    place: str,
    *,
    earlier: list[dict[str, Any]] | None = None,
    current: str = "",
) -> list[Page]:
    """One version of a report in its folder. current: the folder of the version that is in force, if not this."""
    files = publication.files(release, content)
    with translation.override(rendering.LANGUAGE):
        context = _context(release, content, addresses.folder_url(place), files)
        day = timezone.localtime(release.released_at).date()
        context["correction"] = corrections.note(content, day=day, earlier=earlier or ())
        in_force = addresses.folder_url(current) if current else ""
        pictures = report_picture.pages(release, content, place, context, current=in_force)
    page = rendering.page("reporting/public.html", level="article", current=in_force, **context)
    return [
        *((f"{place}/{name}", data) for name, data in files),
        *pictures,
        (f"{place}/index.html", page),
    ]


def _context(
    release: Release, content: Content, address: str, files: list[tuple[str, bytes]]
) -> dict[str, Any]:
    sizes = {name: len(data) for name, data in files}
    day = timezone.localtime(release.released_at).date()
    years = addresses.folder_url(agency_folder(release.agency.code))
    return {
        "title": content["title"],
        "column": {"name": BOARD, "description": BOARD, "keywords": BOARD, "kind": BOARD},
        "article": {
            "title": content["title"],
            "published": release.released_at,
            "source": content["agency"],
            "keywords": f"{content['agency']};{content['year']}年;{BOARD}",
            "url": rendering.site_origin() + address,
        },
        "facts": [
            {"label": _("Issued by"), "value": content["agency"]},
            {"label": _("Published on"), "value": day},
            {"label": _("In pictures"), "value": _("The report in pictures"), "url": report_picture.PAGE},
            {
                "label": _("Earlier years"),
                "value": _("All years of this agency side by side"),
                "url": years,
                "wide": True,
            },
        ],
        "document": document.html(content, day),
        "downloads": [
            {"label": f"{label}（{file_size(sizes[name])}）", "url": name}
            for label, name in publication.DOWNLOADS
        ],
        "review": items.steps(release),
        "digest": release.digest,
        "schema_type": "Report",
        "section": SHELF,
        "breadcrumb": [
            {"label": BOARD, "url": f"/{SHELF}/"},
            {"label": content["agency"], "url": years},
            {"label": content["title"]},
        ],
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
