"""Drafts, revisions, screenings, approvals, releases and withdrawals of any kind of subject.

A subject is named by (subject_kind, subject_id) and belongs to one agency; what it is, its own room
knows (see subjects.py). All rows but drafts and the state cache are append-only.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Appointment, Person
from gongkai.journal.models import AppendOnly

STEPS = {
    1: _("confirmation by the handler"),
    2: _("confidentiality re-check"),
    3: _("approval by the leader"),
}


class Subject(models.Model):
    """The columns by which every record of a review names its subject."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Draft(Subject):
    """The working copy, saved as one types; typing changes nothing that is under review.

    version: counts saves; a save that names another version is refused, so two writers never
    overwrite each other silently.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("subject_kind", "subject_id"), name="one_draft_per_subject")
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} v{self.version}"


class DraftEditor(models.Model):
    """Everyone who saved the draft since the last release: they wrote it.

    frozen_in: the revision that holds all they saved; empty again once they save anew. A release ends the
    authorship of what it released, and only of that.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="editors")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    frozen_in = models.ForeignKey("Revision", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("draft", "person"), name="draft_editor_once")]

    def __str__(self) -> str:
        return str(self.person)


class Content(models.Model):
    """The canonical text of a revision, by its SM3 digest. Deleted only after an erasure row."""

    digest = models.CharField(primary_key=True, max_length=64)
    text = models.TextField()

    def __str__(self) -> str:
        return self.digest


class Revision(Subject, AppendOnly):
    """One exact content, frozen for review (送审稿). number counts within the subject.

    batch: the manifest for which it was frozen; it is released by that manifest or not at all.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("revision"))
    title = models.CharField(_("title"), max_length=300)
    digest = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    batch = models.ForeignKey("review.Manifest", models.PROTECT, null=True, related_name="revisions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("subject_kind", "subject_id", "number"), name="revision_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class RevisionEditor(AppendOnly):
    """Who wrote this revision: none of them may take steps two and three."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="editors")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("revision", "person"), name="revision_editor_once")]

    def __str__(self) -> str:
        return str(self.person)


class Cancellation(AppendOnly):
    """The end of a review without a decision: recalled, or superseded by a new submission."""

    revision = models.OneToOneField(Revision, models.PROTECT, related_name="cancellation")
    reason = models.CharField(
        max_length=20, choices=[("recalled", _("recalled")), ("superseded", _("superseded"))]
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.revision} {self.reason}"


class Screening(AppendOnly):
    """The machine's search of one revision, by rules of one version.

    persons: how many rows of lists name a person, over the whole content; empty where it was not counted.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="screenings")
    digest = models.CharField(max_length=64)
    rules_version = models.CharField(max_length=80)
    verdict = models.CharField(max_length=12)
    persons = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.revision}: {self.verdict}"


class Finding(AppendOnly):
    """One thing that the screening found; the excerpt is masked."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=30)
    layer = models.CharField(max_length=30)
    severity = models.CharField(max_length=8)
    excerpt = models.CharField(max_length=200, blank=True)
    location = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.location}"


class Dispute(AppendOnly):
    """The handler's word that a blocking finding is none, with the ground; step two decides."""

    finding = models.OneToOneField(Finding, models.PROTECT, related_name="dispute")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=500)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.finding}: {self.ground}"


class Resolution(AppendOnly):
    """The confidentiality reviewer's decision that a finding does not stand in the way, with the ground."""

    finding = models.OneToOneField(Finding, models.PROTECT, related_name="resolution")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=500)
    on_day = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.finding}: {self.ground}"


class Approval(AppendOnly):
    """One step of the review by one person: passed or returned, of exactly this digest."""

    PASSED, RETURNED = "passed", "returned"

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="approvals")
    digest = models.CharField(max_length=64)
    step = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10, choices=[(PASSED, _("passed")), (RETURNED, _("returned"))])
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    opinion = models.CharField(_("opinion"), max_length=1000, blank=True)
    ground = models.CharField(_("ground"), max_length=500, blank=True)
    checklist = models.JSONField(default=dict)
    release_at = models.DateTimeField(_("release at"), null=True, blank=True)
    on_day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("revision", "step"), name="step_once"),
            models.UniqueConstraint(fields=("revision", "person"), name="person_takes_one_step"),
            models.CheckConstraint(condition=models.Q(step__in=(1, 2, 3)), name="three_steps"),
        ]

    def __str__(self) -> str:
        return f"{self.revision} step {self.step} {self.decision}"


class Release(Subject, AppendOnly):
    """The act that makes a revision public, or lets a letter go out. Refused without its approvals.

    manifest: the revision of the manifest whose approvals are those of this release; none for what was approved itself.
    """

    revision = models.OneToOneField(Revision, models.PROTECT, related_name="release")
    digest = models.CharField(max_length=64)
    released_at = models.DateTimeField()
    manifest = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="let_through")

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("subject_kind", "subject_id", "-id"))]

    def __str__(self) -> str:
        return f"{self.revision} released"


class Withdrawal(AppendOnly):
    """The act that takes a subject off the public at once. The reason comes from a fixed list."""

    class Reason(models.TextChoices):
        LEAK = "leak", _("this information has been withdrawn")
        ERROR = "error", _("the content was wrong")
        EXPIRED = "expired", _("the period of posting has ended")
        REPEALED = "repealed", _("the document was repealed")
        PERSONAL = "personal", _("to protect the rights of a person concerned")
        DUPLICATE = "duplicate", _("published twice")

    release = models.OneToOneField(Release, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    show_title = models.BooleanField(_("show the title"), default=False)
    note = models.CharField(_("internal note"), max_length=500, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.release} withdrawn"


class Erasure(AppendOnly):
    """The only thing that lets content be deleted: a ground, the confidentiality reviewer who asks and the
    security administrator who erases."""

    digest = models.CharField(max_length=64, unique=True)
    ground = models.CharField(max_length=500)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    erased_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on_day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("erased_by")), name="two_people_erase"
            )
        ]

    def __str__(self) -> str:
        return self.digest


class ReviewState(Subject):
    """A cache of where the latest revision of a subject stands, for inbox and lists; rebuilt from the events."""

    class State(models.TextChoices):
        STEP1 = "step1", _("waits for the handler")
        STEP2 = "step2", _("waits for the confidentiality reviewer")
        STEP3 = "step3", _("waits for the leader")
        SCHEDULED = "scheduled", _("approved, release is scheduled")
        HELD = "held", _("approved, waits for the supervising agency")
        LISTED = "listed", _("stands in an import manifest")
        RELEASED = "released", _("released")
        RETURNED = "returned", _("returned")
        CANCELLED = "cancelled", _("cancelled")

    OPEN = (State.STEP1, State.STEP2, State.STEP3, State.SCHEDULED, State.HELD, State.LISTED)

    revision = models.OneToOneField(Revision, models.CASCADE, primary_key=True, related_name="state")
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    release_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("subject_kind", "subject_id"),
                condition=models.Q(state__in=("step1", "step2", "step3", "scheduled", "held", "listed")),
                name="one_open_review_per_subject",
            )
        ]
        # Whole, not only the open ones: SQLite takes an index on a part only where the query names that part by
        # a value, never by a list of them.
        indexes = [
            models.Index(fields=("agency", "state", "due_on"), name="review_waiting"),
            models.Index(fields=("subject_kind", "state", "subject_id"), name="review_running"),
            # All reviews of one subject, whatever their state.
            models.Index(fields=("subject_id", "subject_kind"), name="reviews_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.state}"
