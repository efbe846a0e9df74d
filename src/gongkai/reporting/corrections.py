"""Corrections of a published report: the note that says what and why, and the versions before."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from gongkai.reporting.models import AnnualReport
from gongkai.review.models import Release


def note(content: dict[str, Any], *, day: date | None = None, earlier: Sequence[dict[str, Any]] = ()) -> str:
    """The note of a corrected report as safe HTML; empty where the content corrects nothing.

    day: of the correction, once it is released. earlier: the versions before, as {url, day, digest}.
    """
    said = content.get("correction")
    if not said and not earlier:
        return ""
    return render_to_string(
        "reporting/partials/correction.html", {"note": said or "", "day": day, "earlier": earlier}
    )


def versions(report: AnnualReport) -> list[Release]:
    """Every release of a report that was not withdrawn, the newest first, with its revision: what the public page
    shows and what stays readable (I10). Of a withdrawn report there is none."""
    if report.live_id is None:
        return []
    return list(
        Release.objects.filter(subject_kind="report", subject_id=report.pk, withdrawal__isnull=True)
        .select_related("revision", "agency")
        .order_by("-pk")
    )
