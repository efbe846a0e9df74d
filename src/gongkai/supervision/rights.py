"""Who may do what in the ledger: the words of a kind's data, tied to the one permission policy."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency, Role
from gongkai.agencies.policy import Actor, Refused, allowed, approver, grant, head, oversees, staff
from gongkai.supervision.definition import ROLES, SYSTEM, Definition, Move
from gongkai.supervision.models import Entry

grant("ledger.read", staff | oversees, gettext_lazy("see the ledger of this agency"))
grant("ledger.write", staff, gettext_lazy("keep the ledger of this agency"))
grant("ledger.lead", head | approver, gettext_lazy("decide on entries of this agency"))
grant("ledger.principal", approver, gettext_lazy("approve entries as principal leader of this agency"))
grant("ledger.supervise", oversees, gettext_lazy("supervise this agency"))
grant("ledger.open", staff | oversees, gettext_lazy("open entries for this agency"))

_ACTS = {
    "staff": "ledger.write",
    "lead": "ledger.lead",
    "principal": "ledger.principal",
    "supervisor": "ledger.supervise",
    "releasers": "review.withdraw",
}


def holds(actor: Actor, role: str, entry: Entry) -> bool:
    """Whether the actor is, for this entry, what the kind's data calls `role`."""
    if role == "responsible":
        return entry.responsible_id == actor.person.pk and allowed(actor, "ledger.read", entry.agency)
    if role == "issuer":
        own = entry.issuer_id == entry.agency_id
        return allowed(actor, "ledger.lead" if own else "ledger.supervise", entry.issuer)
    # Nobody is the system, whatever they are appointed to.
    return role != SYSTEM and allowed(actor, _ACTS[role], entry.agency)


def may_take(actor: Actor, move: Move, entry: Entry) -> bool:
    """Whether the actor may take this step, as far as roles go."""
    return any(holds(actor, role, entry) for role in move.by)


def may_open(actor: Actor, kind: Definition, agency: Agency) -> bool:
    """Whether the actor may open an entry of this kind about this agency."""
    return any(role != SYSTEM and allowed(actor, _ACTS[role], agency) for role in kind.open_by)


def may_change(actor: Actor, entry: Entry) -> bool:
    """Whether the actor may change what the entry says.

    What a supervisor opened is changed by the supervisor alone, so that nobody moves the day a superior set.
    """
    if entry.issuer_id != entry.agency_id:
        return allowed(actor, "ledger.supervise", entry.issuer)
    return may_open(actor, entry.kind.definition, entry.agency) or holds(actor, "responsible", entry)


def may_add(actor: Actor, entry: Entry) -> bool:
    """Whether the actor may note progress and add evidence."""
    return any(holds(actor, role, entry) for role in ("responsible", "staff", "supervisor"))


def may_see_private(actor: Actor, entry: Entry) -> bool:
    """Whether the actor may open the sealed fields: only on the side that took the matter in."""
    return allowed(actor, "ledger.read", entry.issuer)


def issuer_for(actor: Actor, kind: Definition, agency: Agency) -> Agency:
    """In whose name the actor opens an entry about `agency`: their own agency, or the supervising one above.

    Raises Refused where the kind's data gives them neither.
    """
    if any(
        role not in ("supervisor", SYSTEM) and allowed(actor, _ACTS[role], agency) for role in kind.open_by
    ):
        return agency
    if "supervisor" in kind.open_by and allowed(actor, "ledger.supervise", agency):
        above = [
            a.agency
            for a in actor.appointments
            if a.role == Role.SUPERVISOR and agency.path.startswith(a.agency.path)
        ]
        return max(above, key=lambda found: len(found.path))
    raise Refused(_("You may not open “%(kind)s” for this agency.") % {"kind": kind.name})


def refuse(roles: Iterable[str]) -> Refused:
    """The refusal of a step that others take."""
    words = "、".join(str(ROLES[role]) for role in roles)
    return Refused(_("This step is taken by: %(roles)s.") % {"roles": words})


def act_of(role: str) -> str:
    """The policy's act behind a role of the kind's data that stands for a whole agency."""
    return _ACTS[role]
