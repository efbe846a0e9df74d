"""A matter's history as its page shows it: steps, time line, documents."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.correspondence import documents, handling, procedure, replies
from gongkai.correspondence.models import Grade, Matter, MatterEvent
from gongkai.correspondence.procedure import Event, Kind, State


def steps(matter: Matter) -> list[dict[str, Any]]:
    """The way of a matter of its kind, for portal/partials/steps.html."""
    way = [State.REGISTERED]
    if matter.kind == Kind.HOTLINE:
        way.append(State.SIGNED)
    if matter.kind == Kind.ASSIGNED:
        way.append(State.PROPOSED)
    way += [State.IN_HAND, State.CLEARED, State.ANSWERED, State.CLOSED]
    if matter.state not in way:
        return [
            {"label": State.REGISTERED.label, "state": "done"},
            {"label": State(matter.state).label, "state": "returned"},
        ]
    now = way.index(State(matter.state))
    ended = matter.state in procedure.FINAL
    rows = []
    for at, state in enumerate(way):
        words = "current" if at == now else "done" if at < now else "todo"
        rows.append({"label": state.label, "state": "done" if ended else words})
    return rows


def timeline(matter: Matter) -> list[dict[str, Any]]:
    """Every event, newest first, for portal/partials/timeline.html."""
    rows = matter.events.select_related("person").order_by("-n")
    return [
        {
            "when": row.at,
            "title": Event(row.kind).label,
            "who": row.person.name if row.person else "",
            "detail": "；".join(filter(None, (_detail(row), row.words))),
        }
        for row in rows
    ]


def _detail(row: MatterEvent) -> str:
    data = row.data
    match row.kind:
        case Event.ASSIGNED:
            lead = handling.lead_of(row)
            words = [_("in charge: %(who)s") % {"who": lead.name if lead else ""}]
            if data.get("helpers"):
                words.append(_("helping: %(who)s") % {"who": "、".join(data["helpers"])})
            return "；".join(words)
        case Event.EXTENDED:
            return _("by %(n)d working days") % {"n": data["days"]}
        case Event.RETURNED:
            return str(handling.RETURN_GROUNDS[data["ground"]])
        case Event.REDIRECTED:
            return str(handling.REDIRECTIONS[data["to"]])
        case Event.DISPATCHED:
            return f"{data['number']}，{replies.WAYS[data['way']]}"
        case Event.CLEARED | Event.RECALLED:
            return str(data["number"])
        case Event.RATED:
            by = _("by call") if data["by"] == "call" else _("by the writer")
            return f"{Grade(data['grade']).label}（{by}）"
    return ""


def files(matter: Matter) -> list[dict[str, Any]]:
    """The documents of all formal replies, for portal/partials/files.html."""
    return [
        {
            "name": row.name,
            "url": reverse("correspondence:document", args=[row.pk]),
            "kind": documents.label(row),
            "size": row.file.size,
        }
        for reply in matter.replies.all()
        for row in documents.made(reply)
    ]
