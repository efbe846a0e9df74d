"""The one permission policy (I6): who may do what in which agency.

Every view, file, search, export and API call asks `allowed` or narrows its rows with `agencies_for`.
An `Actor` is a person acting under one hat: business or administrator. A person who holds both kinds
of role switches between them explicitly; the rights never add up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import rules
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import ADMINISTRATORS, Agency, Appointment, Person, Role
from gongkai.journal import clock
from gongkai.journal.chain import Who

BUSINESS, ADMINISTRATION = "business", "administration"


class Refused(Exception):
    """The policy, or a rule of law, does not allow this act. `article` names the rule where there is one."""

    def __init__(self, message: object, article: str = "") -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.article = article


def effective(on: date) -> Q:
    """The condition of appointments that hold on a day: confirmed, begun, not ended."""
    return (
        Q(confirmation__isnull=False)
        & Q(starts_on__lte=on)
        & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        & (Q(end__isnull=True) | Q(end__ended_on__gt=on))
        & Q(person__is_active=True)
    )


@dataclass(frozen=True)
class Actor:
    """A person acting under one hat; only the appointments of that hat count.

    Made by `actor_for`, never from what a request says.
    """

    person: Person
    hat: str
    appointments: tuple[Appointment, ...] = ()
    address: str = ""
    hats: tuple[str, ...] = field(default=())

    @property
    def who(self) -> Who:
        """This actor as the journal names it."""
        return Who(str(self.person.pk), self.person.name, self.hat, self.address)

    def holds(self, role: str, agency: Agency) -> Appointment | None:
        """The appointment to `role` in exactly this agency, or None; one's own before a deputy's."""
        fitting = [a for a in self.appointments if a.role == role and a.agency_id == agency.pk]
        return min(fitting, key=lambda a: a.deputy, default=None)

    def oversees(self, agency: Agency) -> bool:
        """Whether the actor is supervisor of this agency or of one above it."""
        return any(
            a.role == Role.SUPERVISOR and agency.path.startswith(a.agency.path) for a in self.appointments
        )


def actor_for(person: Person, hat: str = BUSINESS, *, address: str = "") -> Actor:
    """The actor for a person and the hat wished; where they hold no role under it, the other one."""
    held = list(
        Appointment.objects.filter(effective(clock.today()), person=person).select_related("agency", "person")
    )
    by_hat = {
        ADMINISTRATION: tuple(a for a in held if a.role in ADMINISTRATORS),
        BUSINESS: tuple(a for a in held if a.role not in ADMINISTRATORS),
    }
    hats = tuple(name for name in (BUSINESS, ADMINISTRATION) if by_hat[name])
    worn = hat if hat in hats else (hats[0] if hats else BUSINESS)
    return Actor(person, worn, by_hat[worn], address, hats)


def _role(*roles: str) -> rules.predicates.Predicate:
    def test(actor: Actor, agency: Agency | None) -> bool:
        return agency is not None and any(actor.holds(role, agency) for role in roles)

    return rules.predicate(test, name="|".join(roles))


def _anywhere(*roles: str) -> rules.predicates.Predicate:
    """The role held in whichever agency: for acts on the instance as a whole."""

    def test(actor: Actor, agency: Agency | None) -> bool:
        return any(a.role in roles for a in actor.appointments)

    return rules.predicate(test, name="anywhere:" + "|".join(roles))


@rules.predicate(name="supervisor")
def oversees(actor: Actor, agency: Agency | None) -> bool:
    return agency is not None and actor.oversees(agency)


handler, reviewer, approver = _role(Role.HANDLER), _role(Role.REVIEWER), _role(Role.APPROVER)
head = _role(Role.DISCLOSURE_HEAD)
countersigner, legal_reviewer = _role(Role.COUNTERSIGNER), _role(Role.LEGAL_REVIEWER)
three = handler | reviewer | approver
staff = three | head
security, system, audit = (
    _anywhere(Role.SECURITY_ADMIN),
    _anywhere(Role.SYSTEM_ADMIN),
    _anywhere(Role.AUDIT_ADMIN),
)

# Act → who may do it. Rooms add their acts with `grant`; docs/permissions.md is made from this table.
POLICY = rules.RuleSet()
_WORDS: dict[str, object] = {}


def grant(act: str, predicate: rules.predicates.Predicate, words: object) -> None:
    """Declare an act. words: what is refused, for the reader, as _("approve this text")."""
    POLICY.set_rule(act, predicate)
    _WORDS[act] = words


grant("review.read", staff | oversees, _("read texts under review of this agency"))
grant("review.draft", three | head, _("draft for this agency"))
grant("review.step1", handler, _("confirm as handler of this agency"))
grant("review.step2", reviewer, _("re-check as confidentiality reviewer of this agency"))
grant("review.step3", approver, _("approve as principal leader of this agency"))
grant("review.withdraw", three | oversees, _("withdraw what this agency released"))
grant("review.erase", reviewer | security, _("erase content of this agency"))
grant("files.read", staff | oversees, _("read files of this agency"))
grant("files.upload", staff, _("upload files for this agency"))
grant("people.read", staff | oversees | system | security | audit, _("see the people of this agency"))
grant("people.appoint", system, _("propose appointments"))
grant("people.confirm", security, _("confirm appointments"))
grant("people.account", system, _("make and close accounts"))
grant("journal.read", audit, _("read the journal"))
grant("configuration.edit", security | system, _("change the configuration"))


def allowed(actor: Actor, act: str, agency: Agency | None) -> bool:
    """Whether the policy lets the actor do `act` in `agency` (None: the instance as a whole)."""
    return bool(POLICY.test_rule(act, actor, agency))


def require(actor: Actor, act: str, agency: Agency | None) -> None:
    """Raise Refused unless allowed."""
    if not allowed(actor, act, agency):
        raise Refused(_("You may not %(act)s.") % {"act": _WORDS[act]})


def anywhere(actor: Actor, act: str) -> bool:
    """Whether the actor may do `act` in the instance as a whole or in any agency; asks no database."""
    if allowed(actor, act, None) or any(allowed(actor, act, each.agency) for each in actor.appointments):
        return True
    supervisor = Actor(actor.person, actor.hat, _only_supervisor(actor))
    return any(allowed(supervisor, act, agency) for agency in _seats(actor))


def agencies_for(actor: Actor, act: str) -> QuerySet[Agency]:
    """The agencies in which the actor may do `act`: lists, searches and exports are narrowed to them.

    Asked of the agencies that the actor's appointments can reach, so it does not grow with the tree.
    """
    direct = {a.agency_id: a.agency for a in actor.appointments}
    wanted = Q(pk__in=[pk for pk, agency in direct.items() if allowed(actor, act, agency)])
    for agency in _seats(actor):
        # A supervisor's right is the same in the whole subtree.
        if POLICY.test_rule(act, Actor(actor.person, actor.hat, _only_supervisor(actor)), agency):
            wanted |= Q(path__startswith=agency.path)
    if POLICY.test_rule(act, actor, None):
        return Agency.objects.all()
    return Agency.objects.filter(wanted)


def _seats(actor: Actor) -> Iterable[Agency]:
    return [a.agency for a in actor.appointments if a.role == Role.SUPERVISOR]


def _only_supervisor(actor: Actor) -> tuple[Appointment, ...]:
    return tuple(a for a in actor.appointments if a.role == Role.SUPERVISOR)
