"""The list of cases whose due day moved with a holiday notice, read from the journal."""

import json
from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.pages import Filters
from gongkai.agencies.pages import kind as looks
from gongkai.applications.models import Application
from gongkai.journal.models import Entry


class MovedTable(tables.Table):
    """One line for each case and notice: from which day to which."""

    number = tables.Column(
        accessor="subject_id", verbose_name=_("application"), orderable=False, attrs=looks("main")
    )
    before = tables.Column(
        accessor="data", verbose_name=_("due before"), orderable=False, attrs=looks("date")
    )
    after = tables.Column(accessor="data", verbose_name=_("due now"), orderable=False, attrs=looks("date"))
    at = tables.Column(verbose_name=_("notice loaded"), order_by="seq", attrs=looks("date"))

    class Meta:
        model = Entry
        fields = ("number", "before", "after", "at")
        order_by = ("-at",)

    def render_number(self, value: str) -> Any:
        case = Application.objects.filter(pk=value).only("number").first()
        return {"text": case.number, "url": reverse("applications:case", args=[case.pk])} if case else value

    def value_number(self, value: str) -> str:
        return Application.objects.filter(pk=value).values_list("number", flat=True).first() or value

    def render_before(self, value: str) -> date | str:
        return _day(value, "before")

    def render_after(self, value: str) -> date | str:
        return _day(value, "after")

    def render_at(self, value: Any) -> date:
        return timezone.localtime(value).date()


def _day(data: str, name: str) -> date | str:
    day = json.loads(data).get(name)
    return date.fromisoformat(day) if day else "—"


class MovedFilters(Filters):
    """By the day on which the notice was loaded."""

    since = django_filters.DateFilter(
        field_name="at",
        lookup_expr="date__gte",
        label=_("Loaded since"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Entry
        fields = ("since",)
