"""Pages of the coverage: agencies and fields, and the entries of one agency with tasks for what is missing."""

from functools import cached_property
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.bulk import Bulk
from gongkai.agencies.models import ADMINISTRATORS, Agency, Appointment, Person
from gongkai.agencies.pages import Filters, StaffList
from gongkai.agencies.pages import kind as looks
from gongkai.agencies.policy import allowed, effective
from gongkai.disclosure import standards
from gongkai.disclosure.models import StandardDuty, StandardEntry
from gongkai.journal import clock
from gongkai.supervision import coverage


class CoverageTable(tables.Table):
    """Agency and field with what is owed and what is public."""

    field = tables.Column(attrs=looks("main"))
    total = tables.Column(verbose_name=gettext_lazy("entries owed"), attrs=looks("number"))
    answered = tables.Column(verbose_name=gettext_lazy("with something public"), attrs=looks("number"))
    missing = tables.Column(verbose_name=gettext_lazy("missing"), attrs=looks("number"))
    late = tables.Column(verbose_name=gettext_lazy("items that came late"), attrs=looks("number"))
    rate = tables.Column(
        verbose_name=gettext_lazy("coverage"), empty_values=(), orderable=False, attrs=looks("number")
    )

    class Meta:
        model = StandardDuty
        fields = ("field", "agency", "total", "answered", "missing", "late", "rate")
        order_by = ("-missing",)

    def render_field(self, record: StandardDuty) -> dict[str, Any]:
        url = f"{reverse('supervision:coverage_of', args=[record.agency_id])}?field={record.field.code}"
        return {"text": record.field.name, "url": url}

    def value_field(self, record: StandardDuty) -> str:
        return record.field.name

    def render_rate(self, record: Any) -> str:
        return f"{record.answered * 100 // record.total}%" if record.total else "—"


class CoverageFilters(Filters):
    """By field, and whether something is missing."""

    missing = django_filters.BooleanFilter(
        field_name="missing", method="lacking", label=gettext_lazy("Something is missing")
    )

    class Meta:
        model = StandardDuty
        fields = ("field", "missing")

    def lacking(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(missing__gt=0) if value else rows.filter(missing__lte=0)


class CoverageList(StaffList):
    """The coverage of the reader's agencies."""

    model = StandardDuty
    table_class = CoverageTable
    filterset_class = CoverageFilters
    act = standards.READ
    title = gettext_lazy("Coverage of the standard catalogues")
    intro = gettext_lazy("Entries owed on the agency's own initiative, in the edition in force today.")
    queryset = StandardDuty.objects.none()

    def get_queryset(self) -> Any:
        self.queryset = coverage.by_duty(clock.today())
        return super().get_queryset()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "empty_title": _("No agency answers a field yet"),
            "empty_text": _("Say which fields an agency answers on the page of the standard catalogues."),
            "empty_actions": [{"label": _("Standard catalogues"), "url": reverse("disclosure:standards")}],
        }


class OwedTable(tables.Table):
    """Entries of one agency."""

    matter = tables.Column(attrs=looks("main"))
    held = tables.Column(verbose_name=gettext_lazy("public items"), attrs=looks("number"))
    late = tables.Column(verbose_name=gettext_lazy("items that came late"), attrs=looks("number"))
    newest = tables.DateTimeColumn(verbose_name=gettext_lazy("newest"), attrs=looks("date"))
    state = tables.Column(verbose_name=gettext_lazy("state"), empty_values=(), orderable=False)

    class Meta:
        model = StandardEntry
        fields = ("matter", "topic", "term", "held", "late", "newest", "state")

    def render_matter(self, record: StandardEntry) -> dict[str, Any]:
        return {"text": record.matter, "note": record.contents}

    def value_matter(self, record: StandardEntry) -> str:
        return record.matter

    def render_state(self, record: Any) -> dict[str, Any]:
        light = "overdue" if not record.held else "soon" if record.late else "ok"
        return {"light": {"state": light, "words": self.value_state(record)}}

    def value_state(self, record: Any) -> str:
        if not record.held:
            return _("missing")
        return _("came late") if record.late else _("in order")


class OwedFilters(Filters):
    """By field and state."""

    field = django_filters.CharFilter(field_name="edition__field__code", widget=forms.HiddenInput)
    state = django_filters.ChoiceFilter(
        choices=[("missing", gettext_lazy("missing")), ("late", gettext_lazy("came late"))],
        method="by_state",
        label=gettext_lazy("State"),
    )

    class Meta:
        model = StandardEntry
        fields = ("field", "state")

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(held=0) if value == "missing" else rows.filter(late__gt=0)


class TaskForm(forms.Form):
    """Who publishes what is missing, until when."""

    responsible = forms.ModelChoiceField(
        label=gettext_lazy("Responsible person"), queryset=Person.objects.none()
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, agency: Agency) -> None:
        super().__init__(data)
        held = Person.objects.filter(appointments__in=_appointed(agency)).distinct().order_by("name")
        self.fields["responsible"].queryset = held


def _appointed(agency: Agency) -> Any:
    rows = Appointment.objects.filter(effective(clock.today()), agency=agency)
    return rows.exclude(role__in=ADMINISTRATORS).values("pk")


class OwedList(StaffList):
    """The entries that one agency owes; tasks are opened for those chosen."""

    model = StandardEntry
    table_class = OwedTable
    filterset_class = OwedFilters
    act = standards.READ

    @cached_property
    def agency(self) -> Agency:
        agency = get_object_or_404(Agency, pk=self.kwargs["pk"])
        if not allowed(self.actor, standards.READ, agency):
            raise Http404
        return agency

    @property
    def title(self) -> str:
        return _("Coverage: %(agency)s") % {"agency": self.agency.name}

    @property
    def bulk(self) -> tuple[Bulk, ...]:
        agency = self.agency
        return (
            Bulk(
                "task",
                _("Open a task for each"),
                "ledger.open",
                lambda actor, row, said, state: coverage.open_task(actor, agency, row, said),
                form=lambda data, actor, agencies: TaskForm(data, agency),
                consequence=_("Each becomes a task in the ledger, with the day and the person."),
            ),
        )

    def get_queryset(self) -> Any:
        return coverage.by_entry(self.agency, clock.today())
