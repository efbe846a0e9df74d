"""The list of outgoing messages."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.pages import Filters, kind
from gongkai.workbench.models import Delivery

State = Delivery.State
# How the lights of the list show a state.
_LIGHTS = {
    State.SENT: "ok",
    State.QUEUED: "none",
    State.SENDING: "none",
    State.DROPPED: "none",
    State.UNKNOWN: "soon",
    State.FAILED: "overdue",
}


class DeliveryTable(tables.Table):
    """What went out, or did not, to whom and why."""

    queued_at = tables.DateTimeColumn(attrs=kind("date"))
    person = tables.Column(
        accessor="reminder__person__name", verbose_name=_("person"), order_by="reminder__person__name"
    )
    text = tables.Column(attrs=kind("main"), orderable=False, empty_values=())
    attempts = tables.Column(attrs=kind("number"))
    sent_at = tables.DateTimeColumn(attrs=kind("date"))
    next_at = tables.DateTimeColumn(attrs=kind("date"))

    class Meta:
        model = Delivery
        fields = (
            "queued_at",
            "person",
            "gateway",
            "state",
            "attempts",
            "text",
            "last_error",
            "sent_at",
            "next_at",
        )
        order_by = ("-queued_at",)

    def render_state(self, record: Delivery) -> dict[str, Any]:
        words = record.get_state_display()
        return {"light": {"state": _LIGHTS[State(record.state)], "words": words}}

    def value_state(self, record: Delivery) -> str:
        return record.get_state_display()

    def render_next_at(self, value: Any, record: Delivery) -> Any:
        return value if record.state == State.QUEUED else ""


class DeliveryFilters(Filters):
    """By state, gateway, person and days."""

    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"))
    gateway = django_filters.CharFilter(label=_("Gateway"))
    person = django_filters.CharFilter(
        field_name="reminder__person__name", lookup_expr="icontains", label=_("Name of the person contains")
    )
    since = django_filters.DateFilter(field_name="queued_at", lookup_expr="date__gte", label=_("Since"))

    class Meta:
        model = Delivery
        fields = ("state", "gateway", "person", "since")
