"""The list of outgoing messages."""

from datetime import datetime
from typing import Any

import django_filters
import django_tables2 as tables
from django.utils import timezone
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


class Minute(tables.Column):
    """A moment to the minute: a message comes in the course of a day, so its day alone does not do."""

    def render(self, value: datetime) -> str:
        return _minute(value)


def _minute(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _next(row: Delivery) -> str:
    return str(_("next attempt %(at)s") % {"at": _minute(row.next_at)})


class DeliveryTable(tables.Table):
    """What went out, or did not, to whom and why."""

    queued_at = Minute(attrs=kind("date"))
    person = tables.Column(
        accessor="reminder__person__name", verbose_name=_("person"), order_by="reminder__person__name"
    )
    text = tables.Column(attrs=kind("main"), orderable=False, empty_values=())
    attempts = tables.Column(attrs=kind("number"))
    sent_at = Minute(attrs=kind("date"))

    class Meta:
        model = Delivery
        fields = (
            "queued_at",
            "text",
            "person",
            "gateway",
            "state",
            "last_error",
            "attempts",
            "sent_at",
        )
        order_by = ("-queued_at",)

    def render_state(self, record: Delivery) -> dict[str, Any]:
        light = {"state": _LIGHTS[State(record.state)], "words": record.get_state_display()}
        waits = record.state == State.QUEUED and record.attempts
        return {"light": light, "note": _next(record) if waits else ""}

    def value_state(self, record: Delivery) -> str:
        return record.get_state_display()


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
