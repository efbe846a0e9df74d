"""Applications that were not needed: what was wanted had been published, and was found while the form was open.

Counted by agency, item and day; of who looked, and of what they typed, nothing is kept.
"""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Refused
from gongkai.applications import intake, throttle
from gongkai.applications.models import Diverted
from gongkai.disclosure.models import Item
from gongkai.journal import clock

# From one network address in an hour; what comes on top is answered, and not counted.
HOURLY = 20


def found(item: UUID | str, agency: UUID | str, address: str) -> Item:
    """Count that somebody found `item` instead of applying to `agency`; an agency that takes no applications
    stands for the item's own. Once an hour for an item and network address. Raises Refused for an item that is
    not public."""
    row = _public(item)
    if not (throttle.spent(f"found {row.pk}", address, 1) or throttle.spent("found", address, HOURLY)):
        throttle.count(f"found {row.pk}", address)
        throttle.count("found", address)
        _count(row, _agency(agency) or row.agency)
    return row


def _public(item: UUID | str) -> Item:
    public = Item.objects.filter(state=Item.State.PUBLIC).select_related("agency")
    try:
        row = public.filter(pk=UUID(str(item))).first()
    except ValueError:
        row = None
    if row is None:
        raise Refused(_("This item is not public; go on with your application."))
    return row


def _agency(agency: UUID | str) -> Agency | None:
    return next((row for row in intake.open_agencies() if str(row.pk) == str(agency)), None)


def _count(item: Item, agency: Agency) -> None:
    said = {"agency": agency, "item": item, "day": clock.today()}
    try:
        with transaction.atomic():
            Diverted.objects.get_or_create(**said)
    except IntegrityError:
        # Another visitor's count made the row a moment ago.
        pass
    Diverted.objects.filter(**said).update(count=F("count") + 1)


def total(rows: QuerySet[Diverted]) -> int:
    """How many applications these rows say were not needed."""
    return int(rows.aggregate(total=Sum("count"))["total"] or 0)


def by_item(rows: QuerySet[Diverted]) -> QuerySet[Any]:
    """The figure opened: {item_id, title, owner_id, owner, times} for each item, the most wanted first."""
    named = {"title": F("item__title"), "owner_id": F("item__agency"), "owner": F("item__agency__name")}
    said = rows.order_by().values("item_id", **named)
    return said.annotate(times=Sum("count")).order_by("-times", "title")
