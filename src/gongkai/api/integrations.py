"""Integrations: proposed by the system administrator, confirmed by the security administrator, revoked by either.

A token is 256 random bits, shown once; the database holds its keyed digest. Issuing a new one ends the old one.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from ipaddress import ip_network

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import policy
from gongkai.agencies.models import ADMINISTRATORS, Agency, Appointment, Person
from gongkai.agencies.policy import Actor, Refused, effective, require
from gongkai.api.models import (
    INTEGRATION,
    Integration,
    IntegrationConfirmation,
    Revocation,
    Scope,
    TokenIssue,
    Use,
)
from gongkai.files import sealing
from gongkai.journal import chain, clock

PREFIX = "gk_"
LONGEST_TERM = timedelta(days=731)
MOST_NETWORKS = 20
LEAST_PER_MINUTE, MOST_PER_MINUTE = 1, 6000
# What acts or opens personal data on a case first has to see the case.
_ON_CASES = frozenset({Scope.WRITE_CASES.value, Scope.READ_PERSONAL.value})

policy.grant(
    "api.read", policy.system | policy.security | policy.audit, gettext_lazy("see which programs may call")
)
policy.grant("api.propose", policy.system, gettext_lazy("propose integrations and issue their tokens"))
policy.grant("api.confirm", policy.security, gettext_lazy("confirm integrations"))
policy.grant("api.revoke", policy.system | policy.security, gettext_lazy("revoke integrations"))


def appointed(person: Person, agency: Agency) -> bool:
    """Whether the person holds a business role in the agency today: without one an integration has no right."""
    held = Appointment.objects.filter(effective(clock.today()), person=person, agency=agency)
    return held.exclude(role__in=ADMINISTRATORS).exists()


def propose(
    actor: Actor,
    *,
    name: str,
    purpose: str,
    contact: str,
    agency: Agency,
    person: Person,
    scopes: Iterable[str],
    expires_on: date,
    networks: Iterable[str] = (),
    per_minute: int = 120,
) -> Integration:
    """Write down a program that is to call; nothing is open before the confirmation. Raises Refused."""
    require(actor, "api.propose", agency)
    wanted = _scopes(scopes)
    if not (name.strip() and purpose.strip() and contact.strip()):
        raise Refused(_("Name the program, what it is for, and who answers for it."))
    today = clock.today()
    if not today < expires_on <= today + LONGEST_TERM:
        raise Refused(_("The last day lies after today and within two years."))
    if not LEAST_PER_MINUTE <= per_minute <= MOST_PER_MINUTE:
        bounds = {"least": LEAST_PER_MINUTE, "most": MOST_PER_MINUTE}
        raise Refused(_("Allow %(least)d to %(most)d calls a minute.") % bounds)
    if not appointed(person, agency):
        words = _("%(name)s holds no business role in this agency; an integration needs somebody appointed.")
        raise Refused(words % {"name": person.name})
    with transaction.atomic():
        row = Integration.objects.create(
            name=name.strip(),
            purpose=purpose.strip(),
            contact=contact.strip(),
            agency=agency,
            person=person,
            scopes=wanted,
            networks=_networks(networks),
            per_minute=per_minute,
            expires_on=expires_on,
            proposed_by=actor.person,
            proposed_at=clock.now(),
        )
        chain.record(
            "integration.proposed",
            actor.who,
            agency=agency.pk,
            subject=(INTEGRATION, row.pk),
            covers=[row],
            name=row.name,
            person=str(person.pk),
            scopes=wanted,
        )
    return row


def _scopes(given: Iterable[str]) -> list[str]:
    wanted = [scope.value for scope in Scope if scope.value in set(given)]
    if not wanted or set(given) - set(Scope.values):
        raise Refused(_("Choose what the program may do."))
    if _ON_CASES & set(wanted) and Scope.READ_CASES.value not in wanted:
        raise Refused(_("Who acts on cases or reads personal data also needs to read cases."))
    return wanted


def _networks(given: Iterable[str]) -> list[str]:
    found: list[str] = []
    for text in given:
        try:
            found.append(str(ip_network(text.strip(), strict=False)))
        except ValueError:
            words = _("“%(text)s” is no network address; write 10.1.2.3 or 10.1.0.0/16.")
            raise Refused(words % {"text": text.strip()[:50]}) from None
    if len(found) > MOST_NETWORKS:
        raise Refused(_("At most %(n)d networks.") % {"n": MOST_NETWORKS})
    return list(dict.fromkeys(found))


def confirm(actor: Actor, integration: Integration) -> IntegrationConfirmation:
    """The security administrator's confirmation; never of what oneself proposed or lends rights to. Raises Refused."""
    require(actor, "api.confirm", integration.agency)
    if integration.proposed_by_id == actor.person.pk:
        raise Refused(_("Another person than the proposer confirms an integration."))
    if integration.person_id == actor.person.pk:
        raise Refused(_("Nobody confirms an integration that acts for them."))
    if hasattr(integration, "revocation"):
        raise Refused(_("This integration was revoked; propose a new one."))
    try:
        with transaction.atomic():
            row = IntegrationConfirmation.objects.create(
                integration=integration, confirmed_by=actor.person, confirmed_at=clock.now()
            )
            _record("integration.confirmed", actor, integration, [row])
    except IntegrityError as error:
        raise Refused(_("This integration is confirmed already.")) from error
    return row


def issue(actor: Actor, integration: Integration) -> str:
    """A fresh token, to be shown once; the one before it is no longer admitted. Raises Refused."""
    require(actor, "api.propose", integration.agency)
    if not hasattr(integration, "confirmation"):
        raise Refused(_("The security administrator confirms the integration first."))
    if hasattr(integration, "revocation"):
        raise Refused(_("This integration was revoked; propose a new one."))
    if integration.expires_on < clock.today():
        raise Refused(_("This integration has run out; propose a new one."))
    token = f"{PREFIX}{secrets.token_hex(32)}"
    try:
        with transaction.atomic():
            row = TokenIssue.objects.create(
                integration=integration, digest=digest(token), issued_by=actor.person, issued_at=clock.now()
            )
            Use.objects.get_or_create(integration=integration)
            _record("integration.token_issued", actor, integration, [row])
    except IntegrityError as error:
        # The guard: somebody revoked it a moment ago.
        raise Refused(_("This integration was revoked; propose a new one.")) from error
    return token


def revoke(actor: Actor, integration: Integration, reason: str) -> Revocation:
    """End an integration for good, at once. Raises Refused."""
    require(actor, "api.revoke", integration.agency)
    if not reason.strip():
        raise Refused(_("Give the reason."))
    try:
        with transaction.atomic():
            row = Revocation.objects.create(
                integration=integration,
                reason=reason.strip()[:200],
                revoked_by=actor.person,
                revoked_at=clock.now(),
            )
            _record("integration.revoked", actor, integration, [row])
    except IntegrityError as error:
        raise Refused(_("This integration is revoked already.")) from error
    return row


def _record(action: str, actor: Actor, integration: Integration, covers: Sequence[object]) -> None:
    chain.record(
        action,
        actor.who,
        agency=integration.agency_id,
        subject=(INTEGRATION, integration.pk),
        covers=covers,  # type: ignore[arg-type]
        name=integration.name,
    )


def digest(token: str) -> str:
    """The keyed digest by which a token is found."""
    return sealing.fingerprint(f"integration token {token}")


def standing(integration: Integration) -> str:
    """Where an integration stands today: waiting, confirmed, open, expired or revoked."""
    if hasattr(integration, "revocation"):
        return "revoked"
    if integration.expires_on < clock.today():
        return "expired"
    if not hasattr(integration, "confirmation"):
        return "waiting"
    return "open" if integration.tokens.exists() else "confirmed"
