"""Lists of the room: reports, and the numbers entered by month."""

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.deadlines import deadline_cell
from gongkai.agencies.pages import Filters, YearFilter, kind
from gongkai.disclosure.models import DecisionCount
from gongkai.reporting import reports
from gongkai.reporting.collecting import Rules
from gongkai.reporting.models import AnnualReport


class ReportTable(tables.Table):
    """The reports of the agencies the reader may see."""

    title = tables.Column(verbose_name=_("report"), accessor="pk", order_by=("year",), attrs=kind("main"))
    year = tables.Column(attrs=kind("number"))
    due = tables.Column(verbose_name=_("publish by"), accessor="year", orderable=False, attrs=kind("date"))
    published_at = tables.Column(attrs=kind("date"))

    class Meta:
        model = AnnualReport
        fields = ("title", "agency", "year", "state", "due", "published_at")
        order_by = ("-year",)

    @cached_property
    def rules(self) -> Rules:
        """Who sets earlier days, asked for once."""
        return Rules.load()

    def render_title(self, record: AnnualReport) -> dict[str, Any]:
        return {
            "text": str(record),
            "url": reverse("reporting:report", args=[record.agency.code, record.year]),
        }

    def value_title(self, record: AnnualReport) -> str:
        return str(record)

    def render_due(self, record: AnnualReport) -> Any:
        return deadline_cell(self.value_due(record), done=record.published_at is not None)

    def value_due(self, record: AnnualReport) -> Any:
        return reports.due(record.agency, record.year, self.rules)


class ReportFilters(Filters):
    """By year and state."""

    class Meta:
        model = AnnualReport
        fields = ("year", "state")


class EntryTable(tables.Table):
    """Numbers entered by month; of one month the latest counts."""

    month = tables.Column(attrs=kind("date"))
    amount = tables.Column(attrs=kind("number"))
    agency = tables.Column(verbose_name=_("agency"))
    person = tables.Column(verbose_name=_("entered by"))
    at = tables.DateTimeColumn(verbose_name=_("time"), attrs=kind("date"))

    class Meta:
        model = DecisionCount
        fields = ("month", "kind", "number", "decided_on", "amount", "source", "agency", "person", "at")
        order_by = ("-month",)

    def render_month(self, value: date) -> str:
        return f"{value:%Y-%m}"

    def render_number(self, record: DecisionCount) -> dict[str, Any]:
        note = {} if record.amount else {"note": _("struck out")}
        return {"text": record.number, "url": reverse("reporting:decision", args=[record.pk])} | note

    def value_number(self, record: DecisionCount) -> str:
        return record.number or ""

    def render_amount(self, value: Decimal, record: DecisionCount) -> str:
        """A charge with the four decimals of the form; a number of decisions without."""
        return f"{value:.4f}" if record.kind == DecisionCount.Kind.CHARGES else f"{value:.0f}"


class EntryFilters(Filters):
    """By kind, year, and whether a single decision or a month."""

    year = YearFilter(field_name="month", label=_("Year"))
    month_only = django_filters.BooleanFilter(
        field_name="number", lookup_expr="isnull", label=_("Numbers of months")
    )

    class Meta:
        model = DecisionCount
        fields = ("kind", "year")
