"""What a person sets for themselves: the gateways they want, and the address of their calendar feed."""

import secrets
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Person
from gongkai.agencies.policy import Actor, Refused
from gongkai.journal import canon, chain, clock
from gongkai.workbench import reminders
from gongkai.workbench.models import Feed, Subscription


def choose(actor: Actor, wanted: Mapping[str, str]) -> None:
    """Want reminders through these gateways (name → address) and no others. Raises Refused.

    The journal keeps the names of the gateways, not the addresses.
    """
    offered = reminders.offered()
    rows = {}
    for name, address in wanted.items():
        if name not in offered:
            raise Refused(_("The instance does not offer this gateway any more."))
        rows[name] = offered[name].cleaned(address)
    with transaction.atomic():
        person = _held(actor)
        # What was chosen and is not offered now stays: its reminders begin again when it comes back.
        held = dict(
            Subscription.objects.filter(person=person, gateway__in=offered).values_list("gateway", "address")
        )
        if held == rows:
            return
        Subscription.objects.filter(person=person, gateway__in=offered).delete()
        Subscription.objects.bulk_create(
            Subscription(person=person, gateway=name, address=address) for name, address in rows.items()
        )
        _record("reminders.chosen", actor, before=sorted(held), after=sorted(rows))


def issue_feed(actor: Actor) -> str:
    """A new secret for the address of the person's feed; an older one ends. It is shown now and never again."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        person = _held(actor)
        Feed.objects.update_or_create(
            person=person, defaults={"digest": canon.sm3(token.encode()), "issued_at": clock.now()}
        )
        _record("feed.issued", actor)
    return token


def revoke_feed(actor: Actor) -> bool:
    """End the person's feed; whether there was one."""
    with transaction.atomic():
        gone, _rows = Feed.objects.filter(person=_held(actor)).delete()
        if gone:
            _record("feed.revoked", actor)
    return bool(gone)


def feed_of(token: str) -> Feed | None:
    """The feed of this secret, where its person still has an account."""
    digest = canon.sm3(token.encode())
    return Feed.objects.filter(digest=digest, person__is_active=True).select_related("person").first()


def _held(actor: Actor) -> Person:
    return Person.objects.select_for_update().get(pk=actor.person.pk)


def _record(action: str, actor: Actor, **data: object) -> None:
    chain.record(
        action,
        actor.who,
        agency=actor.person.agency_id,
        subject=("person", actor.person.pk),
        **data,
    )
