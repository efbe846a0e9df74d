"""Where an item stands in the lists of the site; the other models of the room stand in files of their own."""

from django.db import models

from gongkai.channels.export_models import (  # noqa: F401
    Export,
    Package,
    PackageEvent,
    Tampering,
    TamperingSeen,
)
from gongkai.channels.redirect_models import Redirect  # noqa: F401
from gongkai.channels.subscription_models import (  # noqa: F401
    Anchor,
    Heard,
    Notification,
    Subscription,
    SubscriptionKey,
    Wanted,
)
from gongkai.channels.visit_models import PageVisits, VisitsTaken  # noqa: F401
from gongkai.disclosure.models import Column, Item


class ColumnEntry(models.Model):
    """The place of an item in its column, given once and never moved: position counts from 0.

    An item that changes its column leaves a gap in the old one, so no other entry moves to another page.
    """

    column = models.ForeignKey(Column, models.PROTECT, related_name="entries")
    item = models.ForeignKey(Item, models.PROTECT, related_name="column_entries")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("column", "position"), name="column_position_once"),
            models.UniqueConstraint(fields=("column", "item"), name="item_in_column_once"),
        ]

    def __str__(self) -> str:
        return f"{self.column} {self.position}"
