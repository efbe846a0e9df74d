"""A report as files: html, docx, PDF/A, xlsx, csv and json. Bytes only; the page and its place are the portal's."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.journal import clock
from gongkai.reporting import document, open_data, reports, rows, schema, workbook
from gongkai.reporting.document import Content, counted_of, tables_of
from gongkai.reporting.figures import Number
from gongkai.review.models import Release
from gongkai.review.submission import content_of
from gongkai.rulebook.report_form import FORM_2021

DOWNLOADS = (
    ("Word", "report.docx"),
    ("PDF", "report.pdf"),
    ("Excel", "report.xlsx"),
    ("CSV", "report.csv"),
    ("JSON", "report.json"),
)
STYLES = ("portal/tokens.css", "portal/document.css", "reporting/report.css")
TABLE_PREFIXES = ("disclosure.", "applications.", "remedies.")


def files(release: Release, content: Content) -> list[tuple[str, bytes]]:
    """What stands beside the public page of a live release: docx, PDF/A, xlsx, csv (a figure a line; all figures
    in one line) and json. Raises PaperworkError."""
    day = timezone.localtime(release.released_at).date()
    figures = [open_data.of_release(release, content)]
    return [
        ("report.docx", document.docx(content, day)),
        ("report.pdf", document.pdf_a(content, day)),
        ("report.xlsx", workbook.xlsx(content, day)),
        ("report.csv", rows.long_form(figures)),
        ("report-wide.csv", rows.wide_form(figures)),
        ("report.json", as_json(content, release).encode()),
    ]


def data(content: Content, release: Release | None = None) -> dict[str, Any]:
    """The report for programs: the three tables in the form of `gongkai report check --json`, then what the text
    counts, which figures were set by hand, and what was frozen when. Records are not named: they stay inside."""
    counted = counted_of(content)
    frozen = None
    if release is not None:
        frozen = {
            "digest": release.digest,
            "revision": release.revision.number,
            "submitted": timezone.localtime(release.revision.submitted_at).isoformat(),
            "released": timezone.localtime(release.released_at).isoformat(),
        }
    return {
        "$schema": schema.REPORT_ADDRESS,
        "form": "2021",
        "standard": FORM_2021,
        "agency_code": release.agency.code if release else None,
        "agency": content["agency"],
        "year": content["year"],
        "title": content["title"],
        **tables_of(content).to_json(),
        "narrative_figures": {
            key: number(each.value) for key, each in counted.items() if not key.startswith(TABLE_PREFIXES)
        },
        "manual_figures": {
            key: {"value": number(each.value), "reason": each.manual.reason}
            for key, each in counted.items()
            if each.manual
        },
        "starts": content["starts"],
        "narrative": {
            name: document.text_of(content, name) for name in ("opening", *document.TEXTS.values())
        },
        "correction": content.get("correction") or None,
        "frozen": frozen,
    }


def number(value: Number | None) -> int | str | None:
    """A whole number as it is; another as text, so that no digit is lost."""
    if value is None or value == int(value):
        return None if value is None else int(value)
    return format(value, "f")


def as_json(content: Content, release: Release | None = None) -> str:
    """`data` as a JSON text."""
    return json.dumps(data(content, release), ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True)
class Built:
    """The files of a report by name, and whether they are those of a released one."""

    files: tuple[tuple[str, bytes], ...]
    released: bool


def build(agency: Agency, year: int) -> Built:
    """The latest released report of an agency and year as files, else the report from the current records.

    Raises Refused for a year on which there is no report, PaperworkError where a document cannot be set.
    """
    reports.require_year(agency, year)
    report = reports.latest(agency, year)
    release = report.live if report else None
    content = content_of(release.digest) if release else None
    if content is None:
        content, release = reports.content_now(report, agency, year), None
    day = timezone.localtime(release.released_at).date() if release else clock.today()
    return Built(
        (
            ("report.json", as_json(content, release).encode()),
            ("report.html", standalone(content, day).encode()),
            ("report.docx", document.docx(content, day)),
            ("report.pdf", document.pdf_a(content, day)),
        ),
        release is not None,
    )


def standalone(content: Content, day: date) -> str:
    """The report as one HTML file that needs nothing beside it: for filing and for sending."""
    styles = (finders.find(name) for name in STYLES)
    return render_to_string(
        "reporting/standalone.html",
        {
            "title": content["title"],
            "document": document.html(content, day),
            "style": "\n".join(Path(found).read_text("utf-8") for found in styles if found),
        },
    )
