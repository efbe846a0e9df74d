"""The reconsiderations and lawsuits about a case, as its page shows them."""

from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.policy import Actor, allowed
from gongkai.applications import beside, events, redo
from gongkai.applications.beside import Linked
from gongkai.applications.models import Application
from gongkai.remedies.models import Remedy


def linked(actor: Actor, case: Application) -> list[Linked]:
    """The remedies that the reader may see, oldest first, each with its result; that whose order the case carries
    out among them."""
    order = redo.order_of(events.of(case))
    mine = Q(application=case) | (Q(pk=UUID(order.data["remedy"])) if order else Q())
    rows = Remedy.objects.filter(mine).select_related("agency").order_by("received_on", "number")
    return [
        Linked(row.number, reverse("remedies:remedy", args=[row.pk]), str(row.get_result_display()))
        for row in rows
        if allowed(actor, "remedy.read", row.agency)
    ]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    beside.provide("remedies", _("Reconsideration and litigation"), linked)
