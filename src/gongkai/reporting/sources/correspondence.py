"""Figures of correspondence: matters answered by formal documents (S20 to S24)."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.correspondence import figures as counts
from gongkai.correspondence.models import Matter
from gongkai.correspondence.procedure import Kind
from gongkai.reporting import figures
from gongkai.reporting.figures import Figure, Opened, Period

SOURCE = _("Matters whose formal reply was approved by three people and first sent in the period.")


def _answered(kind: str) -> Any:
    def rows(agency: Agency, period: Period) -> QuerySet[Any]:
        return counts.answered(agency, period.first, period.last, kind)

    return rows


def open_matter(matter: Matter) -> Opened:
    url = reverse("correspondence:matter", args=[matter.pk])
    return Opened(matter.number, url, matter.answered_on, matter.shown_title)


def declare() -> None:
    """One figure a kind of correspondence, and all of them together."""
    figures.declare(
        *(
            Figure(kind.value, kind.label, SOURCE, _answered(kind.value), open_matter, unit="件")
            for kind in Kind
        ),
        Figure(
            "replies",
            _("matters answered by formal documents"),
            SOURCE,
            _answered(""),
            open_matter,
            unit="件",
        ),
    )
