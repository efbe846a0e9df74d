"""Lists of the ledger: one table for all kinds, with columns from the kind's schema."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.deadlines import deadline_cell
from gongkai.agencies.models import Agency, Person
from gongkai.agencies.pages import Filters, kind
from gongkai.supervision.definition import Definition, Field
from gongkai.supervision.models import Entry

# So many fields of a kind stand in its list; the export holds all of them.
SHOWN_FIELDS = 2


class FieldColumn(tables.Column):
    """A column with a field of the kind's schema. Sealed fields never stand in a list."""

    def __init__(self, field: Field, **more: Any) -> None:
        self.field = field
        self._names: dict[str, str] = {}
        more["attrs"] = kind(field.type) if field.type in ("number", "date") else {}
        super().__init__(verbose_name=field.label, accessor="fields", orderable=False, **more)

    def render(self, value: dict[str, Any]) -> str:
        return self._words(value.get(self.field.name) or "")

    def value(self, value: dict[str, Any]) -> str:
        return self._words(value.get(self.field.name) or "")

    def _words(self, held: Any) -> str:
        if self.field.type == "choice":
            return dict(self.field.choices).get(held, held)
        if self.field.type in ("person", "people", "agency"):
            keys = held if isinstance(held, list) else [held] if held else []
            return "、".join(self._name(key) for key in keys)
        return str(held)

    def _name(self, key: str) -> str:
        if key not in self._names:
            model = Agency if self.field.type == "agency" else Person
            found = model._base_manager.filter(pk=key).first()
            self._names[key] = found.name if found else ""
        return self._names[key]


def columns(what: Definition) -> list[tuple[str, tables.Column]]:
    """The columns of a kind: choices and numbers first to be seen, everything in the export."""
    ready = [field for field in what.fields if field.type != "private"]
    seen = [field.name for field in ready if field.type in ("choice", "number", "person")][:SHOWN_FIELDS]
    return [(f"f_{field.name}", FieldColumn(field, visible=field.name in seen)) for field in ready]


class EntryTable(tables.Table):
    """Entries of one kind, in the agencies the reader may see."""

    subject = tables.Column(attrs=kind("main"))
    due_on = tables.Column(attrs=kind("date"))
    occurred_on = tables.Column(attrs=kind("date"))
    state = tables.Column()
    closed_on = tables.Column(attrs=kind("date"), visible=False)
    outcome = tables.Column(visible=False)

    class Meta:
        model = Entry
        fields = (
            "subject",
            "number",
            "agency",
            "responsible",
            "occurred_on",
            "due_on",
            "state",
            "closed_on",
            "outcome",
        )
        order_by = ("-occurred_on",)

    def render_subject(self, record: Entry) -> dict[str, Any]:
        return {"text": record.subject, "url": reverse("supervision:entry", args=[record.pk])}

    def value_subject(self, record: Entry) -> str:
        return record.subject

    def render_due_on(self, value: Any, record: Entry) -> Any:
        return deadline_cell(value, done=True) if not record.open else deadline_cell(value)

    def value_due_on(self, value: Any) -> Any:
        return value

    def render_state(self, record: Entry) -> str:
        return record.state_name

    def value_state(self, record: Entry) -> str:
        return record.state_name


class EntryFilters(Filters):
    """By words, state, agency, responsible person, year and due day."""

    q = django_filters.CharFilter(method="words", label=_("Subject or number contains"))
    state = django_filters.ChoiceFilter(choices=(), label=_("State"))
    closed_as = django_filters.ChoiceFilter(
        choices=[("open", _("open")), ("done", _("closed, aim reached")), ("dropped", _("closed, dropped"))],
        method="ends",
        label=_("Open or closed"),
    )
    agency = django_filters.ModelChoiceFilter(queryset=Agency.objects.none(), label=_("Agency"))
    year = django_filters.NumberFilter(field_name="year", label=_("Year"))
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("Due until"))

    class Meta:
        model = Entry
        fields = ("q", "state", "closed_as", "agency", "year", "due_before")

    def __init__(self, *args: Any, what: Definition, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["state"].extra["choices"] = [(s.code, s.name) for s in what.states]
        self.filters["agency"].queryset = agencies

    def words(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(Q(subject__icontains=value) | Q(number__icontains=value))

    def ends(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(closed_as="" if value == "open" else value)
