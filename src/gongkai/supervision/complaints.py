"""What the supervisor does about the agency complained of, beside the page of the complaint (条例 47, 51, 53).

The complaint itself, with its writer, is a matter of correspondence of the agency above. What is asked of the agency
below is an entry of the ledger about it: its statement, whether the complaint is justified, and below that the problem to
be mended (问题与整改) or the order to correct (督促整改通知).
"""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.papers import on_record
from gongkai.agencies.policy import Actor, agencies_for
from gongkai.correspondence import beside
from gongkai.correspondence.models import Channel, Matter
from gongkai.correspondence.procedure import State
from gongkai.supervision import rights
from gongkai.supervision.models import Entry, Kind

KIND = "complaint"
# How a matter came in → the choices of the ledger's kind.
_CHANNELS = {
    Channel.WEB: "web",
    Channel.EMAIL: "web",
    Channel.POST: "post",
    Channel.COUNTER: "counter",
    Channel.PHONE: "phone",
    Channel.PLATFORM: "transfer",
    Channel.DOCUMENT: "transfer",
}


def entries_of(actor: Actor, matter: Matter) -> list[Entry]:
    """The entries about a complaint that the actor may see, oldest first."""
    rows = Entry.objects.filter(
        kind=KIND, agency=matter.about, issuer=matter.agency, fields__matter=matter.number
    )
    seen = rows.filter(agency__in=agencies_for(actor, "ledger.read"))
    return list(seen.select_related("kind").order_by("created_at", "number"))


def _facts(actor: Actor, matter: Matter) -> list[dict[str, Any]]:
    if matter.about is None:
        return []
    return [
        {
            "label": entry.kind.name,
            "value": f"{entry.number}（{entry.state_name}）",
            "url": reverse("supervision:entry", args=[entry.pk]),
        }
        for entry in entries_of(actor, matter)
    ]


def _acts(actor: Actor, matter: Matter) -> list[dict[str, Any]]:
    kind = Kind.objects.filter(pk=KIND, active=True).first()
    if matter.about is None or kind is None or matter.state != State.IN_HAND:
        return []
    if not rights.may_open(actor, kind.definition, matter.about):
        return []
    said = {
        "agency": str(matter.about.pk),
        "subject": matter.shown_title,
        "matter": matter.number,
        "channel": _CHANNELS[Channel(matter.channel)],
        "about": on_record(matter.get_topic_display()),
        "occurred_on": matter.received_on.isoformat(),
    }
    url = f"{reverse('supervision:open', args=[KIND])}?{urlencode(said)}"
    return [{"label": _("Examine it with the agency"), "url": url}]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    beside.provide("supervision", facts=_facts, acts=_acts)
