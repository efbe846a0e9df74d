"""What staff do with a matter before and after its reply: sign, return, propose, assign, extend, close …"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import calendars
from gongkai.agencies.models import Person
from gongkai.agencies.policy import Actor, Refused
from gongkai.correspondence import happenings, terms, writer
from gongkai.correspondence.models import Grade, Matter, MatterEvent
from gongkai.correspondence.procedure import Event, State
from gongkai.journal import clock

# What a mailbox does not decide: it guides the writer to the procedure that does (rulebook 10).
REDIRECTIONS = {
    "application": gettext_lazy("it asks for government information: guided to the application form"),
    "petition": gettext_lazy("it is a petition: handed to the petition office"),
    "remedy": gettext_lazy("it is before a court or a reconsideration body"),
    "other_agency": gettext_lazy("another agency is responsible: handed to it"),
    "duplicate": gettext_lazy("the same matter is being handled already"),
}
RETURN_GROUNDS = {
    "not_ours": gettext_lazy("not a duty of this agency"),
    "remedy": gettext_lazy("before a court or a reconsideration body"),
    "disclosure": gettext_lazy("belongs to the procedure for government information"),
    "petition": gettext_lazy("the petition procedure has begun"),
    "unclear": gettext_lazy("what is asked for cannot be made out"),
}


def _happen(
    actor: Actor, matter: Matter, event: str, *, words: str = "", data: dict[str, object] | None = None
) -> MatterEvent:
    with transaction.atomic():
        held = happenings.held(matter)
        happenings.permit(actor, held, event)
        return _written(actor, held, event, words=words, data=data)


def _written(
    actor: Actor, held: Matter, event: str, *, words: str = "", data: dict[str, object] | None = None
) -> MatterEvent:
    writer.refuse_particulars(held, words)
    return happenings.write(actor.who, held, event, person=actor.person, words=words, data=data)


def sign(actor: Actor, matter: Matter) -> MatterEvent:
    """Sign for a hotline ticket (签收). Raises Refused."""
    return _happen(actor, matter, Event.SIGNED)


def return_ticket(actor: Actor, matter: Matter, *, ground: str, words: str) -> MatterEvent:
    """Return a hotline ticket (退回) within its term, with a ground of the list and the reason. Raises Refused."""
    if ground not in RETURN_GROUNDS:
        raise Refused(_("Choose the ground from the list."))
    _said(words)
    with transaction.atomic():
        held = happenings.held(matter)
        happenings.permit(actor, held, Event.RETURNED)
        days = terms.return_days(held.agency)
        if clock.today() > calendars.current().add_working_days(held.received_on, days):
            raise Refused(
                _("The %(n)d working days for returning this ticket have passed: handle it.") % {"n": days}
            )
        return _written(actor, held, Event.RETURNED, words=words, data={"ground": ground})


def propose(actor: Actor, matter: Matter, *, words: str) -> MatterEvent:
    """Propose how an assigned matter is handled and by whom (拟办意见). Raises Refused."""
    _said(words)
    return _happen(actor, matter, Event.PROPOSED, words=words)


def assign(
    actor: Actor,
    matter: Matter,
    *,
    lead: Person,
    helpers: Iterable[str] = (),
    title: str = "",
    words: str = "",
) -> MatterEvent:
    """Give a matter to the person in charge (承办), with units or people that help (协办).

    title: neutral words for the lists, required while the matter has none. Raises Refused.
    """
    helping = [name.strip() for name in helpers if name.strip()]
    with transaction.atomic():
        held = happenings.held(matter)
        happenings.permit(actor, held, Event.ASSIGNED)
        if lead.agency_id != held.agency_id or not lead.is_active:
            raise Refused(_("Choose a person of this agency."))
        if not (title.strip() or held.title):
            raise Refused(_("Give a title in neutral words, without names: lists show it."))
        writer.refuse_particulars(held, title, *helping)
        if title.strip():
            held.title = title.strip()[:200]
            held.save(update_fields=["title"])
        data: dict[str, object] = {"lead": str(lead.pk), "helpers": helping[:20]}
        return _written(actor, held, Event.ASSIGNED, words=words, data=data)


def note(actor: Actor, matter: Matter, *, words: str) -> MatterEvent:
    """Note progress. Raises Refused."""
    _said(words)
    return _happen(actor, matter, Event.PROGRESS, words=words)


def extend(actor: Actor, matter: Matter, *, days: int, words: str) -> MatterEvent:
    """Extend the term once, before it ends, with a reason. Raises Refused."""
    _said(words)
    with transaction.atomic():
        held = happenings.held(matter)
        happenings.permit(actor, held, Event.EXTENDED)
        most = terms.longest_extension(held.agency)
        if not 1 <= days <= most:
            raise Refused(_("An extension has 1 to %(n)d working days.") % {"n": most})
        if held.extra_days:
            raise Refused(_("The term was extended already; it is extended once."))
        last = terms.due(held).on
        if last is not None and clock.today() > last:
            raise Refused(_("The term has ended already; what is overdue is not extended."))
        return _written(actor, held, Event.EXTENDED, words=words, data={"days": days})


def redirect(actor: Actor, matter: Matter, *, to: str, words: str) -> MatterEvent:
    """Refer a letter to the procedure or agency that decides it; the writer reads it. Raises Refused."""
    if to not in REDIRECTIONS:
        raise Refused(_("Choose the ground from the list."))
    _said(words)
    return _happen(actor, matter, Event.REDIRECTED, words=words, data={"to": to})


def call_back(actor: Actor, matter: Matter, *, grade: str, words: str = "") -> MatterEvent:
    """Record how content the writer is, as asked in a call (回访). Raises Refused; a later grade counts."""
    if grade not in Grade.values:
        raise Refused(_("Choose one of the three grades."))
    return _happen(actor, matter, Event.RATED, words=words, data={"grade": grade, "by": "call"})


def reopen(actor: Actor, matter: Matter, *, words: str) -> MatterEvent:
    """Handle an answered matter again, after a dissatisfied writer or new facts. Raises Refused."""
    _said(words)
    return _happen(actor, matter, Event.REOPENED, words=words)


def close(actor: Actor, matter: Matter, *, words: str = "") -> MatterEvent:
    """Close an answered matter (办结). Raises Refused where no formal reply went out (S23)."""
    with transaction.atomic():
        held = happenings.held(matter)
        if held.state not in (State.ANSWERED, State.CLOSED) and not held.answered_on:
            raise Refused(_("Close it after the formal reply was sent: nothing ends without one."))
        happenings.permit(actor, held, Event.CLOSED)
        return _written(actor, held, Event.CLOSED, words=words)


def people_of(matter: Matter) -> QuerySet[Person]:
    """Who can be put in charge of a matter."""
    return Person.objects.filter(agency=matter.agency_id, is_active=True).order_by("name")


def lead_of(event: MatterEvent) -> Person | None:
    """The person in charge by an assignment."""
    return Person.objects.filter(pk=UUID(event.data["lead"])).first() if "lead" in event.data else None


def _said(words: str) -> None:
    if not words.strip():
        raise Refused(_("Say why, in a sentence."))
