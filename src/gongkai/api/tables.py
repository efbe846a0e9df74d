"""The list of integrations."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.pages import Filters, kind
from gongkai.api.integrations import standing
from gongkai.api.models import Integration

STANDINGS = {
    "waiting": _("waits for confirmation"),
    "confirmed": _("confirmed, no token yet"),
    "open": _("may call"),
    "expired": _("run out"),
    "revoked": _("revoked"),
}


class IntegrationTable(tables.Table):
    """Programs that may call, with what became of them and their last use."""

    name = tables.Column(attrs=kind("main"))
    expires_on = tables.Column(attrs=kind("date"))
    state = tables.Column(empty_values=(), orderable=False, verbose_name=_("state"))
    used = tables.Column(accessor="use__at", orderable=False, verbose_name=_("last call"))

    class Meta:
        model = Integration
        fields = ("name", "agency", "person", "scopes", "expires_on", "state", "used")
        order_by = ("-proposed_at",)

    def render_name(self, record: Integration) -> dict[str, Any]:
        return {"text": record.name, "url": reverse("integrations:integration", args=[record.pk])}

    def value_name(self, record: Integration) -> str:
        return record.name

    def render_scopes(self, value: list[str]) -> str:
        return "、".join(value)

    def render_state(self, record: Integration) -> str:
        return str(STANDINGS[standing(record)])


class IntegrationFilters(Filters):
    """By name, and whether it waits for confirmation."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name contains"))
    waiting = django_filters.BooleanFilter(
        field_name="confirmation", lookup_expr="isnull", label=_("Waits for confirmation")
    )

    class Meta:
        model = Integration
        fields = ("q", "waiting")
