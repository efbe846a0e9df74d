"""Where addresses of before lead."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Person
from gongkai.disclosure.models import Item
from gongkai.journal.models import AppendOnly


class Redirect(AppendOnly):
    """Where an address of before leads. The newest row of an address counts.

    old: path and query in the form of `moved.key`; shard: the file of the site in which it stands; item, or path: an
    address of this site; with neither the address is given up.
    """

    old = models.CharField(_("address of before"), max_length=1000)
    shard = models.CharField(max_length=3)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, related_name="redirects", verbose_name=_("leads to the item")
    )
    path = models.CharField(_("leads to the address"), max_length=300, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("moved address")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=("old", "-id"), name="redirect_newest"),
            models.Index(fields=("shard", "-id"), name="redirect_shard"),
        ]

    def __str__(self) -> str:
        return self.old
