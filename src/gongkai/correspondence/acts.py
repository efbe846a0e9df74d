"""What may be done with a matter now: one primary act, others in the menu, refused ones with their reason."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, allowed
from gongkai.correspondence import beside, happenings, procedure, publication, replies
from gongkai.correspondence.forms import EVENTS
from gongkai.correspondence.models import Matter
from gongkai.correspondence.procedure import Event, State
from gongkai.review import drafts, releases
from gongkai.review.models import ReviewState

Act = dict[str, Any]

# The event that brings a matter on, by state; in hand and cleared it is the reply.
_ONWARD = {
    State.REGISTERED: (Event.SIGNED, Event.PROPOSED, Event.ASSIGNED),
    State.SIGNED: (Event.ASSIGNED,),
    State.PROPOSED: (Event.ASSIGNED,),
    State.ANSWERED: (Event.CLOSED,),
}


def acts_of(actor: Actor, matter: Matter) -> tuple[Act | None, list[Act], list[Act]]:
    """(primary act, further acts, refused acts) for pages that extend workbench/detail.html."""
    primary = _reply_act(actor, matter)
    acts: list[Act] = []
    refused: list[Act] = []
    for step in procedure.steps_from(matter.kind, matter.state):
        if step.event not in EVENTS:
            continue
        try:
            happenings.permit(actor, matter, step.event)
        except Refused as refusal:
            refused.append({"label": step.event.label, "reason": refusal.message})
            continue
        url = reverse("correspondence:happen", args=[matter.pk, step.event.value])
        act = {"label": step.event.label, "url": url}
        if primary is None and step.event in _ONWARD.get(State(matter.state), ()):
            primary = act
        else:
            acts.append(act)
    return primary, acts + _further(actor, matter) + beside.acts(actor, matter), refused


def onward_refused(matter: Matter, refused: list[Act]) -> Act | None:
    """The refused act that would bring the matter on: whoever looks sees for whom it waits."""
    labels = [event.label for event in _ONWARD.get(State(matter.state), ())]
    return next((act for act in refused if act["label"] in labels), None)


def _reply_act(actor: Actor, matter: Matter) -> Act | None:
    if not allowed(actor, "correspondence.handle", matter.agency):
        return None
    reply = replies.open_reply(matter)
    if matter.state == State.CLEARED and reply:
        return {"label": _("Send the reply"), "url": reverse("correspondence:send", args=[reply.pk])}
    if matter.state != State.IN_HAND:
        return None
    if reply is None:
        url = reverse("correspondence:reply_begin", args=[matter.pk])
        return {"label": _("Write the formal reply"), "url": url, "method": "post"}
    for revision in releases.history(replies.KIND, reply.pk):
        if revision.state.state in ReviewState.OPEN:
            return {"label": _("Open the review"), "url": reverse("review:page", args=[revision.pk])}
    return {"label": _("Go on writing the reply"), "url": reverse("correspondence:reply", args=[reply.pk])}


def _further(actor: Actor, matter: Matter) -> list[Act]:
    acts: list[Act] = []
    reply = replies.open_reply(matter)
    if matter.state == State.CLEARED and reply and allowed(actor, "review.withdraw", matter.agency):
        url = reverse("correspondence:reply_recall", args=[reply.pk])
        acts.append({"label": Event.RECALLED.label, "url": url})
    if not allowed(actor, "correspondence.handle", matter.agency):
        return acts
    published = getattr(matter, "publication", None)
    if not publication.hindrance(matter):
        begun = drafts.draft_of(publication.KIND, matter.pk) is not None
        words = _("Go on with the publication") if begun else _("Publish question and answer")
        acts.append({"label": words, "url": reverse("correspondence:publish", args=[matter.pk])})
    if published and published.live_id and allowed(actor, "item.draft", matter.agency):
        url = reverse("disclosure:question_from_letter", args=[matter.pk])
        acts.append({"label": _("Take over into the questions and answers"), "url": url, "method": "post"})
    if published and published.live_id and allowed(actor, "review.withdraw", matter.agency):
        url = reverse("correspondence:unpublish", args=[matter.pk])
        acts.append({"label": Event.UNPUBLISHED.label, "url": url})
    return acts
