"""The list of cases."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.deadlines import deadline_cell
from gongkai.agencies.pages import Filters, YearFilter, kind
from gongkai.remedies.due import answer_due
from gongkai.remedies.models import Remedy


class RemedyTable(tables.Table):
    """The cases of the agencies the reader may see."""

    subject = tables.Column(attrs=kind("main"))
    received_on = tables.Column(attrs=kind("date"))
    due = tables.Column(
        verbose_name=_("answer by"), accessor="copy_received_on", orderable=False, attrs=kind("date")
    )
    detail = tables.Column(verbose_name=_("finer result"))
    decided_on = tables.Column(attrs=kind("date"))

    class Meta:
        model = Remedy
        fields = (
            "subject",
            "number",
            "kind",
            "agency",
            "body",
            "case_number",
            "received_on",
            "due",
            "result",
            "detail",
            "decided_on",
        )
        order_by = ("-received_on",)

    def render_subject(self, record: Remedy) -> dict[str, Any]:
        return {"text": record.subject, "url": reverse("remedies:remedy", args=[record.pk])}

    def value_subject(self, record: Remedy) -> str:
        return record.subject

    def render_due(self, record: Remedy) -> Any:
        found = answer_due(record)
        done = record.answered_on is not None or record.result != Remedy.Column.PENDING
        return deadline_cell(found.on, done=done, provisional=found.provisional)

    def value_due(self, record: Remedy) -> Any:
        return answer_due(record).on

    def render_detail(self, record: Remedy) -> str:
        return record.detail_label


class RemedyFilters(Filters):
    """By words, kind, result and the years of receipt and decision."""

    q = django_filters.CharFilter(method="words", label=_("Cause of action or number contains"))
    received = YearFilter(field_name="received_on", label=_("Received in year"))
    decided = YearFilter(field_name="decided_on", label=_("Decided in year"))

    class Meta:
        model = Remedy
        fields = ("q", "kind", "result", "received", "decided")

    def words(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(
            Q(subject__icontains=value) | Q(number__icontains=value) | Q(case_number__icontains=value)
        )
