"""Items of government information, columns of the catalogue, and the register of normative documents."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.disclosure.count_models import PublicCount as PublicCount
from gongkai.disclosure.import_models import ItemImport as ItemImport
from gongkai.disclosure.import_models import ItemImportRow as ItemImportRow
from gongkai.disclosure.notice_models import Opinion as Opinion
from gongkai.disclosure.notice_models import OpinionAnswer as OpinionAnswer
from gongkai.disclosure.notice_models import OpinionKey as OpinionKey
from gongkai.disclosure.notice_models import OpinionTrace as OpinionTrace
from gongkai.disclosure.notice_models import ParticipationResult as ParticipationResult
from gongkai.disclosure.notice_models import Period as Period
from gongkai.disclosure.notice_models import PeriodWatch as PeriodWatch
from gongkai.disclosure.project_models import Posting as Posting
from gongkai.disclosure.project_models import Project as Project
from gongkai.disclosure.project_models import ProjectItem as ProjectItem
from gongkai.disclosure.relation_models import Interpretation as Interpretation
from gongkai.disclosure.relation_models import Question as Question
from gongkai.disclosure.standard_models import KeyField as KeyField
from gongkai.disclosure.standard_models import StandardAnswer as StandardAnswer
from gongkai.disclosure.standard_models import StandardCount as StandardCount
from gongkai.disclosure.standard_models import StandardDuty as StandardDuty
from gongkai.disclosure.standard_models import StandardEdition as StandardEdition
from gongkai.disclosure.standard_models import StandardEntry as StandardEntry
from gongkai.disclosure.standard_models import StandardField as StandardField
from gongkai.journal.models import AppendOnly
from gongkai.review.models import Release
from gongkai.rulebook import site_checks


class Column(models.Model):
    """A place in the public catalogue (栏目). Data: loaded once from the rulebook, then edited locally.

    board: one of the four boards of rulebook 8.1; article: the item of art. 20 or 21 it answers. agency: who keeps it
    up to date; cycle: how often (rulebook 7.2).
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    board = models.CharField(_("board"), max_length=20)
    article = models.CharField(_("article"), max_length=60, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    active = models.BooleanField(_("in use"), default=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible agency")
    )
    cycle = models.CharField(
        _("updated"),
        max_length=12,
        choices=[(cycle.code, cycle.label) for cycle in site_checks.CYCLES.values()],
        default="none",
    )

    class Meta:
        verbose_name = _("column")
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One piece of government information. Its text lives in drafts and revisions (review); the fields
    here name it, and cache what the releases and events say.

    index_number: given at the first release and never changed; released_at: of the first release;
    changed_at: of the latest; live: whether it is public now. origin_address, first_published_on: where and when it was
    public before it was imported here, by the import alone; listed_at: by which lists order it, the day it was public
    before or else released_at. It is no time of publication: that is given by the server alone (I9).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("in drafting")
        PUBLIC = "public", _("public")
        WITHDRAWN = "withdrawn", _("withdrawn")
        WITHHELD = "withheld", _("not proactively public")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="items", verbose_name=_("agency"))
    title = models.CharField(_("title"), max_length=300)
    attribute = models.CharField(_("disclosure attribute"), max_length=20, blank=True)
    column = models.ForeignKey(
        Column, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("column")
    )
    formed_on = models.DateField(_("formed on"), null=True, blank=True)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    index_number = models.CharField(_("index number"), max_length=80, blank=True)
    five_open = models.CharField(_("five disclosures"), max_length=20, blank=True)
    variety = models.CharField(_("information type"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    live = models.ForeignKey(Release, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("published"), null=True)
    changed_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    first_published_on = models.DateField(_("originally published on"), null=True)
    origin_address = models.CharField(_("original address"), max_length=1000, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("drafted by"))
    created_at = models.DateTimeField(_("drafted"))
    origin_kind = models.CharField(max_length=40, blank=True)
    origin_id = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ("-created_at",)
        indexes = [
            models.Index(fields=("agency", "-created_at")),
            models.Index(
                fields=("column", "-released_at", "-id"),
                condition=models.Q(state="public"),
                name="item_public_by_column",
            ),
            models.Index(
                fields=("-released_at", "-id"), condition=models.Q(state="public"), name="item_public"
            ),
            models.Index(fields=("agency", "released_at"), name="item_agency_released"),
            models.Index(fields=("agency", "listed_at"), name="item_agency_listed"),
            models.Index(
                fields=("column", "-listed_at", "-id"),
                condition=models.Q(state="public"),
                name="item_column_listed",
            ),
            models.Index(
                fields=("-listed_at", "-id"), condition=models.Q(state="public"), name="item_public_listed"
            ),
            models.Index(
                fields=("column", "-changed_at"),
                condition=models.Q(state="withdrawn"),
                name="item_withdrawn_of_column",
            ),
            models.Index(
                fields=("-changed_at",), condition=models.Q(state="withdrawn"), name="item_withdrawn"
            ),
            models.Index(
                fields=("agency", "origin_address"),
                condition=~models.Q(origin_address=""),
                name="item_origin",
            ),
            models.Index(
                fields=("variety", "-released_at", "-id"),
                condition=models.Q(state="public"),
                name="item_public_by_variety",
            ),
            models.Index(
                fields=("agency", "formed_on", "created_at"),
                condition=models.Q(state="draft"),
                name="item_drafts",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("index_number",), condition=~models.Q(index_number=""), name="index_number_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class AttributeDecision(AppendOnly):
    """That an item is not proactively public, on which ground, and when this is re-examined (art. 18)."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="attribute_decisions")
    attribute = models.CharField(max_length=20)
    ground = models.CharField(_("legal ground"), max_length=40)
    reason = models.CharField(_("reason"), max_length=500)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on = models.DateField()
    next_examination = models.DateField(_("next examination"))

    def __str__(self) -> str:
        return f"{self.item}: {self.attribute}"


class Reexamination(AppendOnly):
    """That a decision not to disclose was looked at again (art. 18): it stands, or the item may be opened.

    next_on: when to look again; none where it may be opened.
    """

    class Outcome(models.TextChoices):
        WITHHELD = "withheld", _("still not to be disclosed")
        PARTIAL = "partial", _("may be disclosed in part now")
        OPEN = "open", _("may be disclosed now")

    decision = models.ForeignKey(AttributeDecision, models.PROTECT, related_name="reexaminations")
    item = models.ForeignKey(Item, models.PROTECT, related_name="reexaminations")
    outcome = models.CharField(_("outcome of the examination"), max_length=10, choices=Outcome.choices)
    ground = models.CharField(_("legal ground"), max_length=40, blank=True)
    articles = models.CharField(_("articles"), max_length=300)
    reason = models.CharField(_("reason"), max_length=500)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on = models.DateField(_("examined on"))
    at = models.DateTimeField()
    next_on = models.DateField(_("next examination"), null=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="withheld", next_on__isnull=False)
                | models.Q(outcome__in=("open", "partial"), next_on__isnull=True),
                name="withheld_is_looked_at_again",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.outcome}"


class NormativeDocument(models.Model):
    """The register of policy documents and their validity. Of rules (规章) and normative documents (行政规范性文件) the
    report's table two counts; other policy documents stand beside them for their validity alone.

    expires_on: the last day of its period of validity (有效期). What happens to one is a NormativeEvent.
    """

    class Kind(models.TextChoices):
        RULES = "rules", _("government rules")
        NORMATIVE = "normative", _("normative document")
        OTHER = "other", _("other policy document")

    item = models.OneToOneField(Item, models.PROTECT, null=True, blank=True, related_name="normative")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="normative_documents")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.NORMATIVE)
    title = models.CharField(_("title"), max_length=300)
    document_number = models.CharField(_("document number"), max_length=80)
    issued_on = models.DateField(_("issued on"))
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    expires_on = models.DateField(_("valid to"), null=True, blank=True)
    imported = models.ForeignKey("RegisterImport", models.PROTECT, null=True, related_name="documents")

    class Meta:
        verbose_name = _("normative document")
        ordering = ("-issued_on",)
        constraints = [
            models.UniqueConstraint(fields=("agency", "document_number"), name="normative_number_once")
        ]
        indexes = [
            models.Index(
                fields=("expires_on",), condition=models.Q(expires_on__isnull=False), name="normative_expiry"
            ),
            models.Index(fields=("issued_on",), name="normative_issued"),
        ]

    def __str__(self) -> str:
        return self.title


class NormativeEvent(AppendOnly):
    """A normative document was repealed, declared invalid or amended, by which paper, from when.

    by: the item that is this paper, where it stands on this site.
    """

    class Kind(models.TextChoices):
        REPEALED = "repealed", _("repealed")
        INVALID = "invalid", _("no longer valid")
        AMENDED = "amended", _("amended")

    document = models.ForeignKey(NormativeDocument, models.PROTECT, related_name="events")
    kind = models.CharField(_("event"), max_length=12, choices=Kind.choices)
    on = models.DateField(_("from"))
    paper = models.CharField(_("by which document"), max_length=300)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Null where the paper is not on this site, as in all rows from before this column.
    by = models.ForeignKey(Item, models.PROTECT, null=True, related_name="ended")

    def __str__(self) -> str:
        return f"{self.document} {self.kind}"


class RegisterImport(AppendOnly):
    """A file from which a register was filled: its digest (SM3), and how many of its rows were added or changed.

    register: of `Register`. The file itself is not kept: its owner has it, and the digest tells whether it is the one.
    """

    class Register(models.TextChoices):
        DECISIONS = "decisions", _("single decisions and charges")
        MONTHS = "months", _("decisions and charges by month")
        NORMATIVE = "normative", _("normative documents")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="register_imports")
    register = models.CharField(_("register"), max_length=12, choices=Register.choices)
    name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(max_length=64)
    added = models.PositiveIntegerField(_("rows added"))
    changed = models.PositiveIntegerField(_("rows changed"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("imported"))

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:8]}"


class DecisionCount(AppendOnly):
    """Licences, penalties, coercive measures and charges, with their source: what the report's table two counts
    beside normative documents.

    A month's number (`number` None), or a single decision (`number`, `decided_on`, amount 1; of a charge its amount;
    0: it is struck out). No party is named. A correction is a further row: of a month, and of a number, the latest row
    counts. A month and kind is counted in one of the two ways, never in both (see reporting.entries).
    """

    class Kind(models.TextChoices):
        LICENCES = "licences", _("administrative licences")
        PENALTIES = "penalties", _("administrative penalties")
        COERCIVE = "coercive_measures", _("administrative coercive measures")
        CHARGES = "charges", _("administrative charges (10,000 yuan)")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="decision_counts")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    month = models.DateField(_("month"))
    amount = models.DecimalField(_("number or amount"), max_digits=14, decimal_places=4)
    source = models.CharField(_("source"), max_length=200)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Null and not empty: the digests of rows written before this column was still hold (canon.row_digest).
    number = models.CharField(_("decision number"), max_length=80, null=True)  # noqa: DJ001
    decided_on = models.DateField(_("day of the decision"), null=True)
    imported = models.ForeignKey(RegisterImport, models.PROTECT, null=True, related_name="rows")

    class Meta:
        indexes = [
            models.Index(fields=("agency", "kind", "month"), name="decision_count_month"),
            models.Index(
                fields=("agency", "kind", "number"),
                condition=models.Q(number__isnull=False),
                name="decision_count_number",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="decision_count_not_negative"),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True, decided_on__isnull=True)
                | models.Q(number__isnull=False, decided_on__isnull=False)
                & (models.Q(kind="charges") | models.Q(amount__in=(0, 1))),
                name="decision_counts_as_one",
            ),
        ]

    def __str__(self) -> str:
        if self.number is not None:
            return f"{self.kind} {self.number}: {self.amount}"
        return f"{self.kind} {self.month:%Y-%m}: {self.amount}"
