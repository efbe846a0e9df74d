"""Lists of the room: items and normative documents."""

from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.deadlines import deadline, deadline_cell
from gongkai.agencies.pages import Filters, YearFilter, kind
from gongkai.disclosure.kind import publishing_due
from gongkai.disclosure.models import Column, Item, NormativeDocument
from gongkai.review import referrals


class ItemTable(tables.Table):
    """The items of the agencies the reader may see."""

    title = tables.Column(attrs=kind("main"))
    state = tables.Column()
    released_at = tables.DateTimeColumn(attrs=kind("date"))
    due = tables.Column(verbose_name=_("publish by"), accessor="formed_on", attrs=kind("date"))

    class Meta:
        model = Item
        fields = (
            "title",
            "agency",
            "column",
            "index_number",
            "formed_on",
            "due",
            "state",
            "released_at",
            "created_by",
        )
        order_by = ("-created_at",)

    def render_title(self, record: Item) -> dict[str, Any]:
        return {"text": record.title, "url": reverse("disclosure:item", args=[record.pk])}

    def value_title(self, record: Item) -> str:
        return record.title

    def render_due(self, value: date, record: Item) -> Any:
        due = publishing_due(value)
        if record.referred and record.state == Item.State.DRAFT:
            return {"deadline": deadline(due), "note": referrals.term(due)}
        return deadline_cell(due, done=record.state != Item.State.DRAFT)

    def value_due(self, value: date) -> Any:
        return publishing_due(value)


class ItemFilters(Filters):
    """By words of the title, state, column and days of forming and publication."""

    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("Title contains"))
    state = django_filters.ChoiceFilter(choices=Item.State.choices, label=_("State"))
    column = django_filters.ModelChoiceFilter(queryset=Column.objects.all(), label=_("Column"))
    year = YearFilter(field_name="released_at", label=_("Published in year"))

    class Meta:
        model = Item
        fields = ("q", "state", "column", "year")


class NormativeTable(tables.Table):
    """The register of normative documents."""

    title = tables.Column(attrs=kind("main"))
    agency = tables.Column(verbose_name=_("agency"))

    class Meta:
        model = NormativeDocument
        fields = ("title", "document_number", "agency", "kind", "issued_on", "effective_on", "expires_on")

    def render_title(self, record: NormativeDocument) -> dict[str, Any]:
        return {"text": record.title, "url": reverse("disclosure:normative", args=[record.pk])}

    def value_title(self, record: NormativeDocument) -> str:
        return record.title


class NormativeFilters(Filters):
    """By words of the title, kind and year of issue."""

    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("Title contains"))
    year = YearFilter(field_name="issued_on", label=_("Issued in year"))

    class Meta:
        model = NormativeDocument
        fields = ("q", "kind", "year")
