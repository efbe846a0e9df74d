"""Lists of the archive: what is ready to be filed, what is filed, appraisals, lists of destruction."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.pages import Filters, YearFilter
from gongkai.agencies.pages import kind as looks
from gongkai.files.archives import kinds, packages
from gongkai.files.models import Appraisal, DestructionList, Filing, FilingState
from gongkai.journal import clock


def kind_choices() -> list[tuple[str, str]]:
    """Every kind that can be filed, for a filter."""
    return [(each.kind, str(each.label)) for each in kinds.kinds()]


class ReadyTable(tables.Table):
    """Finished subjects of one kind that are not filed."""

    archive_title = tables.Column(verbose_name=_("title"), attrs=looks("main"), empty_values=())
    archive_reference = tables.Column(verbose_name=_("number"))
    agency = tables.Column(verbose_name=_("agency"))
    archive_ended = tables.DateColumn(verbose_name=_("finished on"), attrs=looks("date"))

    class Meta:
        order_by = ("archive_ended",)

    def __init__(self, *args: Any, archive_kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.archive_kind = archive_kind

    def render_archive_title(self, record: Any) -> dict[str, Any]:
        url = reverse("files:archives:file", args=[self.archive_kind, record.pk])
        return {"text": record.archive_title or record.archive_reference, "url": url}

    def value_archive_title(self, record: Any) -> str:
        return str(record.archive_title or record.archive_reference)


class ReadyFilters(Filters):
    """By kind, words, and the year in which it was finished."""

    kind = django_filters.ChoiceFilter(
        method="chosen_before", choices=kind_choices, label=_("Kind"), empty_label=None
    )
    q = django_filters.CharFilter(method="by_words", label=_("Title or number contains"))
    year = YearFilter(field_name="archive_ended", label=_("Finished in year"))

    def chosen_before(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """The list shows one kind at a time; the view has asked for it."""
        return rows

    def by_words(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(archive_title__icontains=value) | Q(archive_reference__icontains=value))


class FilingTable(tables.Table):
    """What is filed; titles hold no personal data."""

    number = tables.Column(attrs=looks("main"))
    years = tables.Column()
    state = tables.Column(verbose_name=_("state"), accessor="state__state")
    appraise_on = tables.DateColumn(
        verbose_name=_("appraisal possible from"), accessor="state__appraise_on", attrs=looks("date")
    )

    class Meta:
        model = Filing
        fields = ("number", "title", "kind", "agency", "year", "years", "filed_on", "state", "appraise_on")
        order_by = ("-filed_on", "number")

    def render_number(self, record: Filing) -> dict[str, Any]:
        return {"text": record.number, "url": reverse("files:archives:filing", args=[record.pk])}

    def value_number(self, record: Filing) -> str:
        return record.number

    def render_kind(self, value: str) -> str:
        return str(kinds.kind_of(value).label)

    def render_years(self, value: int) -> str:
        return packages.period(value)


class FilingFilters(Filters):
    """By words, kind, year, retention period, state, and whether the appraisal is due."""

    q = django_filters.CharFilter(method="by_words", label=_("Number or title contains"))
    kind = django_filters.ChoiceFilter(choices=kind_choices, label=_("Kind"))
    year = django_filters.NumberFilter(field_name="year", label=_("Year of filing"))
    years = django_filters.NumberFilter(field_name="years", label=_("Retention period in years"))
    state = django_filters.ChoiceFilter(
        field_name="state__state", choices=FilingState.State.choices, label=_("State")
    )
    due = django_filters.BooleanFilter(method="by_due", label=_("Appraisal is due"))

    class Meta:
        model = Filing
        fields = ("q", "kind", "year", "years", "state", "due")

    def by_words(self, rows: QuerySet[Filing], _name: str, value: str) -> QuerySet[Filing]:
        return rows.filter(
            Q(number__icontains=value) | Q(title__icontains=value) | Q(reference__icontains=value)
        )

    def by_due(self, rows: QuerySet[Filing], _name: str, value: bool) -> QuerySet[Filing]:
        due = Q(state__state=FilingState.State.FILED, state__appraise_on__lte=clock.today())
        return rows.filter(due) if value else rows.exclude(due)


class AppraisalTable(tables.Table):
    """Appraisals, with the leader's word."""

    result = tables.Column(attrs=looks("main"))
    decided = tables.Column(verbose_name=_("decision"), accessor="pk", orderable=False)

    class Meta:
        model = Appraisal
        fields = ("result", "agency", "on_day", "person", "opinion", "decided")
        order_by = ("-on_day",)

    def render_result(self, record: Appraisal) -> dict[str, Any]:
        url = reverse("files:archives:appraisal", args=[record.pk])
        return {"text": record.get_result_display(), "url": url}

    def value_result(self, record: Appraisal) -> str:
        return record.get_result_display()

    def render_decided(self, record: Appraisal) -> str:
        decision = getattr(record, "decision", None)
        if decision is None:
            return str(_("waits for the leader"))
        return str(_("the leader agreed") if decision.agreed else _("the leader did not agree"))


class AppraisalFilters(Filters):
    """By result, and whether it waits."""

    result = django_filters.ChoiceFilter(choices=Appraisal.Result.choices, label=_("Result"))
    open = django_filters.BooleanFilter(
        field_name="decision", lookup_expr="isnull", label=_("Not decided yet")
    )

    class Meta:
        model = Appraisal
        fields = ("result", "open")


class ListTable(tables.Table):
    """Lists of destruction."""

    number = tables.Column(attrs=looks("main"))
    standing = tables.Column(verbose_name=_("state"), accessor="pk", orderable=False)

    class Meta:
        model = DestructionList
        fields = ("number", "agency", "count", "on_day", "made_by", "witness", "standing")
        order_by = ("-on_day", "-number")

    def render_number(self, record: DestructionList) -> dict[str, Any]:
        return {"text": record.number, "url": reverse("files:archives:list", args=[record.pk])}

    def value_number(self, record: DestructionList) -> str:
        return record.number

    def render_standing(self, record: DestructionList) -> str:
        return list_words(record)


def list_words(made: DestructionList) -> str:
    """Where a list of destruction stands, in words."""
    taken = {row.step: row for row in made.steps.all()}
    if hasattr(made, "destruction"):
        return str(_("carried out"))
    if any(not row.agreed for row in taken.values()):
        return str(_("ended without destruction"))
    if "witness" in taken:
        return str(_("witnessed, to be carried out"))
    if "approve" in taken:
        return str(_("approved, waits for the witness"))
    if "review" in taken:
        return str(_("waits for the leader"))
    return str(_("waits for the confidentiality reviewer"))


class ListFilters(Filters):
    """By number and year, and whether it was carried out."""

    q = django_filters.CharFilter(field_name="number", lookup_expr="icontains", label=_("Number contains"))
    year = YearFilter(field_name="on_day", label=_("Made in year"))
    done = django_filters.BooleanFilter(
        field_name="destruction", lookup_expr="isnull", exclude=True, label=_("Carried out")
    )

    class Meta:
        model = DestructionList
        fields = ("q", "year", "done")
