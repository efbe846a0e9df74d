"""Stored files by digest, the attachments that give them a name and an owner, and the archive made of them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Appointment, Person
from gongkai.journal.models import AppendOnly


class StoredFile(AppendOnly):
    """One content on disk, by the SM3 digest of its stored bytes; never replaced in place.

    sealed: the bytes are encrypted under a case key (I7), so the digest tells nothing of the content.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    extension = models.CharField(max_length=10)
    sealed = models.BooleanField(default=False)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class ErasedFile(AppendOnly):
    """That a stored content was erased from the disk; its digest stays, and it never comes back."""

    file = models.OneToOneField(StoredFile, models.PROTECT, primary_key=True, related_name="erased")
    ground = models.CharField(max_length=500)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.file_id)


class Attachment(models.Model):
    """A stored file as part of something: private until the thing it belongs to is released.

    owner_kind and owner_id name the subject, as in the review; case_key: id of the key that opens a
    sealed file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments")
    name = models.CharField(_("name"), max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    owner_kind = models.CharField(max_length=40)
    owner_id = models.UUIDField()
    purpose = models.CharField(max_length=30, blank=True)
    case_key = models.UUIDField(null=True, blank=True)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("uploaded_at", "pk")
        indexes = [models.Index(fields=("owner_kind", "owner_id"))]

    def __str__(self) -> str:
        return self.name


class Derived(AppendOnly):
    """That one stored file was made from another, which stays closed: what is released is `result`, never `original`.

    owner_kind, owner_id: the subject it belongs to; removed: what went, each [what, where, masked excerpt, how
    often]; person: None where a program sent the file in. It bears no name: a name may tell as much as the file, and
    would outlive its destruction.
    """

    class How(models.TextChoices):
        CLEANED = "cleaned", _("properties removed")
        MASKED = "masked", _("columns of a list masked")
        REDACTED = "redacted", _("redacted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    original = models.ForeignKey(StoredFile, models.PROTECT, related_name="made")
    result = models.ForeignKey(StoredFile, models.PROTECT, related_name="made_from")
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    owner_kind = models.CharField(max_length=40)
    owner_id = models.UUIDField()
    case_key = models.UUIDField(null=True)
    removed = models.JSONField(default=list)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        indexes = [models.Index(fields=("owner_kind", "owner_id"), name="derived_owner")]

    def __str__(self) -> str:
        return f"{self.how}: {self.result_id}"


class CaseKey(models.Model):
    """The key under which one case's personal data is sealed, itself wrapped by the instance's key.

    Destroying this row is the erasure of everything sealed under it (I7).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    algorithm = models.CharField(max_length=20)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Filing(AppendOnly):
    """A finished subject that was filed (归档): its archive number, how long it is kept, from when.

    kind, subject_id: as its room registered the kind (archives/kinds.py); reference: the subject's own number;
    title: without personal data, because it outlives a destruction; years: 0 keeps it permanently; case_key:
    the key under which the subject and its package are sealed, where it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    subject_id = models.UUIDField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    number = models.CharField(_("archive number"), max_length=80)
    serial = models.PositiveIntegerField(_("item number in the archive"))
    reference = models.CharField(_("number"), max_length=80)
    title = models.CharField(_("title"), max_length=300)
    year = models.PositiveSmallIntegerField(_("year of filing"))
    years = models.PositiveSmallIntegerField(_("retention period"))
    ended_on = models.DateField(_("finished on"))
    case_key = models.UUIDField(null=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("filed by"))
    filed_on = models.DateField(_("filed on"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("archive file")
        ordering = ("-year", "-serial")
        constraints = [
            models.UniqueConstraint(fields=("kind", "subject_id"), name="filed_once"),
            models.UniqueConstraint(fields=("agency", "number"), name="archive_number_once"),
        ]
        indexes = [models.Index(fields=("agency", "-filed_on"), name="filing_list")]

    def __str__(self) -> str:
        return self.number


class Package(AppendOnly):
    """One archive package (归档数据包) of a filing. digest: SM3 of the package itself, opened; a later version
    holds what came to the file after the one before."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="packages")
    version = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    documents = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("version",)
        constraints = [models.UniqueConstraint(fields=("filing", "version"), name="package_version_once")]

    def __str__(self) -> str:
        return f"{self.filing} v{self.version}"


class Appraisal(AppendOnly):
    """What an archive handler proposes after examining files (鉴定); it counts once a leader agrees.

    until: the day before which an extended file is not examined again; receiver, receipt: who took over what
    is handed over, and the number of their receipt.
    """

    class Result(models.TextChoices):
        EXTEND = "extend", _("keep longer")
        TRANSFER = "transfer", _("hand over to the national archives")
        DESTROY = "destroy", _("destroy")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    opinion = models.CharField(_("opinion"), max_length=500)
    until = models.DateField(_("keep until"), null=True)
    receiver = models.CharField(_("archives that take over"), max_length=100, blank=True)
    receipt = models.CharField(_("number of the receipt"), max_length=100, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    on_day = models.DateField(_("proposed on"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("appraisal")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.on_day} {self.result}"


class AppraisedFiling(AppendOnly):
    """A file that an appraisal examined."""

    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="rows")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="appraised")

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("appraisal", "filing"), name="appraised_once")]

    def __str__(self) -> str:
        return f"{self.appraisal_id} {self.filing_id}"


class AppraisalDecision(AppendOnly):
    """The leader's word on an appraisal: the second person of the panel."""

    appraisal = models.OneToOneField(Appraisal, models.PROTECT, related_name="decision")
    agreed = models.BooleanField()
    opinion = models.CharField(max_length=500, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on_day = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.appraisal_id} {self.agreed}"


class DestructionList(AppendOnly):
    """销毁清册: what is to be destroyed, frozen as canonical JSON (content) with its digest.

    content: {"number", "agency", "entries": [{n, filing, kind, subject, key, number, title, year, years,
    opinion}]}. Nothing is destroyed that does not stand in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    number = models.CharField(_("number of the list"), max_length=80)
    content = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(_("files"))
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    witness = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("witness"))
    on_day = models.DateField(_("made on"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("list of destruction")
        ordering = ("-at",)
        constraints = [models.UniqueConstraint(fields=("agency", "number"), name="destruction_list_once")]

    def __str__(self) -> str:
        return self.number


class DestructionStep(AppendOnly):
    """One person's word on a list of exactly this digest; the first word that does not agree ends the list."""

    class Step(models.TextChoices):
        REVIEW = "review", _("confidentiality review")
        APPROVE = "approve", _("approval by the leader")
        WITNESS = "witness", _("witnessing")
        DROP = "drop", _("given up")

    list = models.ForeignKey(DestructionList, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=8, choices=Step.choices)
    agreed = models.BooleanField()
    digest = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    opinion = models.CharField(max_length=500, blank=True)
    on_day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("list", "step"), name="destruction_step_once")]

    def __str__(self) -> str:
        return f"{self.list_id} {self.step}"


class Destruction(AppendOnly):
    """That an approved list was carried out, by whom; refused by the database without its steps."""

    list = models.OneToOneField(DestructionList, models.PROTECT, related_name="destruction")
    digest = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on_day = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.list_id} {self.on_day}"


class DestroyedKey(AppendOnly):
    """The only thing that lets a case key be deleted; the key never comes back. key: its id, 32 hex digits."""

    key = models.CharField(primary_key=True, max_length=32)
    destruction = models.ForeignKey(Destruction, models.PROTECT, related_name="keys")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class FilingState(models.Model):
    """A cache of where a filing stands, for lists; made anew from the events by archives/standing.py.

    appraise_on: the day from which its appraisal is due; None: nothing is due any more, or ever.
    """

    class State(models.TextChoices):
        FILED = "filed", _("kept")
        PROPOSED = "proposed", _("appraisal waits for the leader")
        DOOMED = "doomed", _("to be destroyed")
        LISTED = "listed", _("on a list of destruction")
        TRANSFERRED = "transferred", _("handed over to the archives")
        DESTROYED = "destroyed", _("destroyed")

    filing = models.OneToOneField(Filing, models.CASCADE, primary_key=True, related_name="state")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.FILED)
    appraise_on = models.DateField(_("appraisal possible from"), null=True)

    class Meta:
        indexes = [models.Index(fields=("state", "appraise_on"), name="filing_due")]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.state}"
