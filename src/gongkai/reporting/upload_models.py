"""Files that were read and wait for the person who sent them in to look at them and to confirm."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.disclosure.models import RegisterImport

REPORT = "report"


class Upload(models.Model):
    """What was read from one file: nothing of it counts before it is confirmed, and then this row goes.

    purpose: a register (`RegisterImport.Register`), or REPORT for an earlier year's report; said: what was read, in the
    form of the one that reads it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+")
    purpose = models.CharField(
        max_length=12, choices=[*RegisterImport.Register.choices, (REPORT, _("earlier report"))]
    )
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    said = models.JSONField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
