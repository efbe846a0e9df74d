"""The ledgers of the room: one table for all kinds."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.deadlines import deadline_cell
from gongkai.agencies.models import Agency
from gongkai.agencies.pages import Filters, kind
from gongkai.correspondence import terms
from gongkai.correspondence.models import Matter, Topic
from gongkai.correspondence.procedure import Kind, State
from gongkai.files import prints


class MatterTable(tables.Table):
    """Matters of the agencies the reader may see; nothing of the writer stands here."""

    # A letter that nobody has titled yet is shown by topic, so that it can be opened.
    title = tables.Column(attrs=kind("main"), empty_values=())
    received_on = tables.Column(attrs=kind("date"))
    answered_on = tables.Column(attrs=kind("date"))
    due = tables.Column(verbose_name=_("answer by"), accessor="runs_from", attrs=kind("date"))

    class Meta:
        model = Matter
        fields = (
            "number", "title", "about", "topic", "agency", "kind", "source", "received_on", "due", "state", "handler",
            "answered_on",
        )  # fmt: skip
        order_by = ("-received_on",)

    def render_title(self, record: Matter) -> dict[str, Any]:
        return {"text": record.shown_title, "url": reverse("correspondence:matter", args=[record.pk])}

    def value_title(self, record: Matter) -> str:
        return record.shown_title

    def render_due(self, record: Matter) -> Any:
        due = terms.due(record)
        return deadline_cell(due.on, done=terms.done(record), provisional=due.provisional)

    def value_due(self, record: Matter) -> Any:
        return terms.due(record).on


def _day(field: str, lookup: str, label: Any) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return django_filters.DateFilter(field_name=field, lookup_expr=lookup, label=label, widget=widget)


class MatterFilters(Filters):
    """By number, title, state, topic and days; by the writer's exact name or telephone, through their digests."""

    q = django_filters.CharFilter(method="by_words", label=_("Number or title contains"))
    writer = django_filters.CharFilter(method="by_writer", label=_("Writer's full name or telephone"))
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"))
    about = django_filters.ModelChoiceFilter(queryset=Agency.objects.none(), label=_("Agency complained of"))
    topic = django_filters.ChoiceFilter(choices=Topic.choices, label=_("Topic"))
    received_from = _day("received_on", "gte", _("Received from"))
    received_to = _day("received_on", "lte", _("Received until"))
    answered_from = _day("answered_on", "gte", _("Answered from"))
    answered_to = _day("answered_on", "lte", _("Answered until"))

    class Meta:
        model = Matter
        fields = ("q", "writer", "state", "about", "topic")

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["topic"].extra["choices"] = Topic.of(kind)
        if kind == Kind.COMPLAINT:
            named = self.queryset.exclude(about=None).order_by().values("about")
            self.filters["about"].queryset = Agency.objects.filter(pk__in=named)
        else:
            del self.filters["about"]

    def by_words(self, rows: QuerySet[Matter], _name: str, value: str) -> QuerySet[Matter]:
        return rows.filter(
            Q(number__icontains=value) | Q(title__icontains=value) | Q(source_number__icontains=value)
        )

    def by_writer(self, rows: QuerySet[Matter], _name: str, value: str) -> QuerySet[Matter]:
        name, phone = prints.either(prints.NAME, value), prints.either(prints.PHONE, value)
        return rows.filter(Q(name_print__in=name) | Q(phone_print__in=phone))
