"""Subscriptions by e-mail to a column or a search: asked for, confirmed by a link, changed and ended by a link.

An address is sealed and found by its keyed digest; nobody on the staff sees one. It is kept for one purpose, with the
consent of its owner, until the owner ends it, and then deleted at once (个人信息保护法第十三条、第十七条、第四十七条).
Whoever asks for somebody else's address learns nothing: the answer is the same, and the mail goes to the owner.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Refused
from gongkai.applications import throttle
from gongkai.channels import validity
from gongkai.channels.subscription_models import Anchor, Subscription, SubscriptionKey, Wanted
from gongkai.disclosure.models import Column
from gongkai.files import sealing
from gongkai.journal import clock
from gongkai.search import entries, percolating
from gongkai.search.index import FACETS

CONFIRM_WITHIN = timedelta(days=3)
# Mails that the form may send to one address in a day, and times that one network may send it in an hour.
MAILS_A_DAY = 3
TIMES_AN_HOUR, UNPROVED_AN_HOUR = 20, 4
MOST = 50
DAY_WINDOWS = 24 * 6
NAMES = (*FACETS, "from", "to", "exact")
_CONFIRM, _MANAGE, _END = (f"gongkai.subscriptions.{name}" for name in ("confirm", "manage", "end"))


class NoSuchLink(Exception):
    """A link that was changed, has expired, or whose subscription is gone."""


def offered() -> bool:
    """Whether this instance sends mail at all."""
    return bool(settings.MAIL_FROM)


# What is wanted


def wanted_of(query: str, chosen: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """A search in the one form by which it is kept. Raises Refused where it would find everything."""
    said = {name: str(chosen[name]) for name in NAMES if chosen.get(name)}
    if not percolating.anchors(query, said, exact=bool(said.get("exact"))):
        raise Refused(_("Choose a column, or search for something first: to this one can subscribe."))
    return query, said


def _kept(query: str, chosen: dict[str, str]) -> Wanted:
    """The row of what is wanted, with its anchors, made at first need."""
    digest = hashlib.sha256(json.dumps([query, chosen], sort_keys=True).encode()).hexdigest()
    row = Wanted.objects.select_for_update().filter(digest=digest).first()
    if row is not None:
        return row
    column = chosen.get("column", "") if not query and set(chosen) == {"column"} else ""
    row = Wanted.objects.create(digest=digest, query=query, chosen=chosen, column=column)
    found = percolating.anchors(query, chosen, exact=bool(chosen.get("exact")))
    Anchor.objects.bulk_create(Anchor(wanted=row, term=term) for term in found)
    return row


def label(wanted: Wanted) -> str:
    """What a subscription is for, in words for its owner."""
    said = wanted.chosen
    named = []
    if code := said.get("column"):
        named.append(Column.objects.filter(code=code).values_list("name", flat=True).first() or code)
    if code := said.get("agency"):
        named.append(Agency.objects.filter(code=code).values_list("name", flat=True).first() or code)
    if value := said.get("type"):
        named.append(str(entries.type_label(value)))
    if value := said.get("validity"):
        named.append(str(dict(validity.MARKS.values()).get(value, value)))
    named += [said[name] for name in ("year", "from", "to") if said.get(name)]
    if not wanted.query:
        return "、".join(named)
    return f"“{wanted.query}”" + (f"（{'、'.join(named)}）" if named else "")


def days(chosen: Mapping[str, str]) -> tuple[date | None, date | None]:
    """The first and last day that a search is narrowed to."""
    since, until = (date.fromisoformat(chosen[name]) if chosen.get(name) else None for name in ("from", "to"))
    return since, until


# Asking and confirming


def ask(
    address: str, query: str, chosen: Mapping[str, str], frequency: str, *, network: str, proved: bool
) -> None:
    """Take a wish from the form. Nothing told depends on whether the address is known here; a mail tells its owner.

    Raises Refused where the network sent too many, nothing is wanted, or no mail is sent from here.
    """
    if not offered():
        raise Refused(_("This site sends no e-mail; use the feed instead."))
    query, said = wanted_of(query, chosen)
    limit = TIMES_AN_HOUR if proved else UNPROVED_AN_HOUR
    if throttle.spent("subscribe", network, limit):
        raise Refused(_("Too many subscriptions came from your network in the last hour; try again later."))
    throttle.count("subscribe", network)
    told = address.strip()
    mark = sealing.fingerprint(told)
    # Whoever types an address again and again sends its owner nothing more (no mail bombing).
    if throttle.spent("subscribe-mail", mark, MAILS_A_DAY, windows=DAY_WINDOWS):
        return
    throttle.count("subscribe-mail", mark)
    for _attempt in range(3):
        try:
            with transaction.atomic():
                _take(told, mark, _kept(query, said), frequency)
            return
        except IntegrityError:
            # The same was asked for at the same moment; now it is there.
            continue


def _take(address: str, mark: str, wanted: Wanted, frequency: str) -> None:
    now = clock.now()
    row = Subscription.objects.select_for_update().filter(print=mark, wanted=wanted).first()
    if row is None:
        if Subscription.objects.filter(print=mark).count() >= MOST:
            return
        sealed = sealing.seal(_key(), address)
        row = Subscription(wanted=wanted, address=sealed, print=mark, frequency=frequency)
    if row.confirmed_at is None:
        row.asked_at, row.frequency = now, frequency
    row.ask_due = now
    row.save()


def _key() -> UUID:
    row = SubscriptionKey.objects.first()
    if row is None:
        row = SubscriptionKey.objects.create(pk=1, key=sealing.new_key().pk)
    key: UUID = row.key
    return key


def address_of(subscription: Subscription) -> str:
    """The address, for the one who sends to it. Raises sealing.Sealed."""
    return sealing.unseal(subscription.address)


def confirm_token(subscription: Subscription) -> str:
    return signing.dumps(str(subscription.pk), salt=_CONFIRM)


def manage_token(subscription: Subscription) -> str:
    """Opens everything that goes to this address; it only ever goes there itself."""
    return signing.dumps(subscription.print, salt=_MANAGE)


def end_token(subscription: Subscription) -> str:
    return signing.dumps(str(subscription.pk), salt=_END)


def _load(token: str, salt: str, age: timedelta | None = None) -> str:
    try:
        return str(signing.loads(token, salt=salt, max_age=age))
    except signing.BadSignature as error:
        raise NoSuchLink from error


def asked_by(token: str) -> Subscription:
    """The subscription that a link confirms. Raises NoSuchLink, also after three days."""
    pk = _load(token, _CONFIRM, CONFIRM_WITHIN)
    row = Subscription.objects.select_related("wanted").filter(pk=pk).first()
    if row is None:
        raise NoSuchLink
    return row


def confirm(token: str) -> Subscription:
    """From now on the owner is told. Raises NoSuchLink."""
    row = asked_by(token)
    Subscription.objects.filter(pk=row.pk, confirmed_at__isnull=True).update(
        confirmed_at=clock.now(), ask_due=None
    )
    return row


# Changing and ending


def all_of(token: str) -> list[Subscription]:
    """Everything that goes to the address of a managing link. Raises NoSuchLink where that is nothing."""
    mark = _load(token, _MANAGE)
    rows = Subscription.objects.select_related("wanted").filter(print=mark, confirmed_at__isnull=False)
    found = list(rows.order_by("confirmed_at"))
    if not found:
        raise NoSuchLink
    return found


def change(token: str, pk: str, frequency: str) -> None:
    """How often from now on; what waits is told at the new time. Raises NoSuchLink, Refused."""
    row = next((row for row in all_of(token) if str(row.pk) == pk), None)
    if row is None:
        raise NoSuchLink
    if frequency not in Subscription.Frequency.values:
        raise Refused(_("Choose how often: at once, once a day, or once a week."))
    with transaction.atomic():
        Subscription.objects.filter(pk=row.pk).update(frequency=frequency)
        row.notifications.filter(claimed_at__isnull=True).update(due_at=due(frequency))


def end(token: str) -> bool:
    """End the subscription of an unsubscribing link; whether there was one. Raises NoSuchLink for a changed link."""
    return _delete(pk=_load(token, _END))


def ends(token: str) -> str:
    """What an unsubscribing link ends, in words. Raises NoSuchLink."""
    pk = _load(token, _END)
    row = Subscription.objects.select_related("wanted").filter(pk=pk).first()
    if row is None:
        raise NoSuchLink
    return label(row.wanted)


def end_of(token: str, pk: str) -> None:
    """End one subscription, or all with pk "all", of a managing link. Raises NoSuchLink."""
    rows = all_of(token)
    mine = [row.pk for row in rows if pk in ("all", str(row.pk))]
    if not mine:
        raise NoSuchLink
    _delete(pk__in=mine)


def drop(subscription: Subscription) -> None:
    """End a subscription whose address does not take mail any more."""
    _delete(pk=subscription.pk)


def _delete(**which: Any) -> bool:
    """Delete at once, with all that was kept for it; a search that nobody else wants goes too."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Otherwise SQLite leaves the address in the free pages of its file.
            cursor.execute("PRAGMA secure_delete=ON")
    with transaction.atomic():
        rows = Subscription.objects.filter(**which)
        wanted = set(rows.values_list("wanted_id", flat=True))
        there = bool(rows.delete()[0])
    _forget(wanted)
    return there


def _forget(wanted: set[int]) -> None:
    for row in Wanted.objects.filter(pk__in=wanted, subscriptions__isnull=True):
        try:
            with transaction.atomic():
                row.delete()
        except (ProtectedError, IntegrityError):
            # Somebody subscribed to it at this moment.
            continue


def forget_unconfirmed() -> int:
    """Delete what nobody confirmed in time; how many."""
    rows = Subscription.objects.filter(confirmed_at__isnull=True, asked_at__lt=clock.now() - CONFIRM_WITHIN)
    found = list(rows.values_list("pk", flat=True)[:1000])
    _delete(pk__in=found)
    return len(found)


def due(frequency: str) -> datetime:
    """When something that is released now is told: at once, or at eight of the next morning or Monday."""
    now = timezone.localtime(clock.now())
    if frequency == Subscription.Frequency.ONCE:
        return now
    morning = now.replace(hour=8, minute=0, second=0, microsecond=0)
    if morning <= now:
        morning += timedelta(days=1)
    if frequency == Subscription.Frequency.WEEKLY:
        morning += timedelta(days=-morning.weekday() % 7)
    return morning
