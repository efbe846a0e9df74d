"""What search keeps in the database: the synonyms, which are data of the instance."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SynonymGroup(models.Model):
    """Terms that are searched along with one another. Every change is in the journal.

    why: why they mean the same, with the source; loaded: it came with the software.
    """

    terms = models.JSONField(_("synonymous terms"))
    why = models.CharField(_("reason"), max_length=300)
    active = models.BooleanField(_("in use"), default=True)
    loaded = models.BooleanField(default=False)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("synonyms")
        ordering = ("pk",)

    def __str__(self) -> str:
        return " = ".join(self.terms)


class SynonymState(models.Model):
    """One row: counts the changes of the synonyms, so that every process reads them anew after one."""

    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.version)
