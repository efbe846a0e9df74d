"""Who handles a case, and handing it over (art. 45): the person is named in an event; nothing else moves."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import options
from gongkai.agencies.models import Agency, Appointment, Person, Role
from gongkai.agencies.options import FLAG, Option
from gongkai.agencies.policy import Actor, Refused, effective
from gongkai.applications import events
from gongkai.applications.acts import demand
from gongkai.applications.models import Application, CaseEvent
from gongkai.journal import clock
from gongkai.journal.chain import Who
from gongkai.rulebook.norms import cite

SEATS = (Role.HANDLER, Role.DISCLOSURE_HEAD)
ONLY_HANDLER = "assign_only_handler"
_LAW = cite("regulation", 45)
options.declare(
    Option(
        ONLY_HANDLER,
        gettext_lazy("Handling of applications"),
        gettext_lazy("Give a new application to the only handler"),
        FLAG,
        False,
        words=gettext_lazy(
            "While one person alone is appointed as handler, new applications are theirs from the start; "
            "otherwise they belong to nobody until somebody takes them."
        ),
        law=_LAW,
    )
)


def candidates(agency: Agency) -> QuerySet[Person]:
    """Who may handle cases of the agency today: its handlers and the head of its disclosure office, by name."""
    held = Appointment.objects.filter(effective(clock.today()), agency=agency, role__in=SEATS)
    return Person.objects.filter(pk__in=held.values("person")).order_by("name", "username")


def assign(
    actor: Actor, case: Application, to: Person, reason: str = "", *, seen: str | None = None
) -> CaseEvent:
    """Hand the case over to `to`, with all that is in it. Raises Refused with art. 45.

    reason: sealed; seen: key of the handler that the giver saw, empty for nobody (default: that of `case`). Where
    somebody else handed the case over in the meantime, the later one is told.
    """
    before = (str(case.handler_id) if case.handler_id else "") if seen is None else seen
    with transaction.atomic():
        held = events.lock(case.pk)
        act = demand(actor, held, "assign")
        if (str(held.handler_id) if held.handler_id else "") != before:
            raise Refused(
                _("In the meantime the case was given to %(name)s: open its page again and decide anew.")
                % {"name": held.handler},
                _LAW,
            )
        if held.handler_id == to.pk:
            raise Refused(_("%(name)s has this case already; choose somebody else.") % {"name": to}, _LAW)
        if not candidates(held.agency).filter(pk=to.pk).exists():
            raise Refused(
                _("%(name)s handles no applications of this agency today; choose one of its handlers.")
                % {"name": to},
                _LAW,
            )
        return events.write(held, act.event, clock.today(), actor, words=reason, to=str(to.pk))


def begin(case: Application, actor: Actor | None, who: Who) -> None:
    """Where the agency wants it, a new case belongs to the only handler; inside the transaction that takes it in."""
    if not options.read(case.agency, ONLY_HANDLER):
        return
    held = Appointment.objects.filter(effective(clock.today()), agency=case.agency, role=Role.HANDLER)
    people = set(held.values_list("person", flat=True))
    if len(people) == 1:
        events.write(case, "assigned", clock.today(), actor, who=who, to=str(people.pop()))


def concerns(actor: Actor, prefix: str = "") -> Q:
    """The condition of cases that stand in the inbox of a handler or head: their own, nobody's, and those whose
    handler has left; all of the agency for its head, and for who stands in for an absent colleague (代).

    prefix: the path from the row to its case, as "application__".
    """
    seats = [each for each in actor.appointments if each.role in SEATS]
    whole = [each.agency_id for each in seats if each.role == Role.DISCLOSURE_HEAD or each.deputy]
    still_here = Appointment.objects.filter(
        effective(clock.today()),
        agency=OuterRef(f"{prefix}agency"),
        person=OuterRef(f"{prefix}handler"),
        role__in=SEATS,
    )
    own: dict[str, Any] = {f"{prefix}handler": actor.person}
    nobodys: dict[str, Any] = {f"{prefix}handler__isnull": True}
    return Q(**{f"{prefix}agency__in": [each.agency_id for each in seats]}) & (
        Q(**own) | Q(**nobodys) | ~Exists(still_here) | Q(**{f"{prefix}agency__in": whole})
    )
