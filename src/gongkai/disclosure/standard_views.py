"""Staff pages of the standard catalogues: fields, the entries of one, import of an edition, who answers which."""

from datetime import date
from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency
from gongkai.agencies.pages import Filters, StaffList, actor_of, staff_only
from gongkai.agencies.pages import kind as looks
from gongkai.agencies.policy import Refused, agencies_for, allowed, require
from gongkai.disclosure import standard_sheet, standards
from gongkai.disclosure.models import StandardDuty, StandardEntry, StandardField
from gongkai.journal import clock

SALT, KEPT = "standards.import", 3600


class FieldTable(tables.Table):
    """Fields with the edition in force."""

    name = tables.Column(attrs=looks("main"))
    entries = tables.Column(
        verbose_name=gettext_lazy("entries of the catalogue"),
        empty_values=(),
        orderable=False,
        attrs=looks("number"),
    )
    since = tables.Column(
        verbose_name=gettext_lazy("in force from"), empty_values=(), orderable=False, attrs=looks("date")
    )

    class Meta:
        model = StandardField
        fields = ("name", "entries", "since")

    def render_name(self, record: StandardField) -> dict[str, Any]:
        return {"text": record.name, "url": reverse("disclosure:standard", args=[record.code])}

    def value_name(self, record: StandardField) -> str:
        return record.name

    def render_entries(self, record: StandardField) -> int:
        edition = standards.edition_of(record, clock.today())
        return edition.entries.count() if edition else 0

    def render_since(self, record: StandardField) -> Any:
        edition = standards.edition_of(record, clock.today())
        return edition.starts_on if edition else ""


class FieldFilters(Filters):
    """By words of the name."""

    q = django_filters.CharFilter(
        field_name="name", lookup_expr="icontains", label=gettext_lazy("Words in the name")
    )

    class Meta:
        model = StandardField
        fields = ("q",)


class FieldList(StaffList):
    """The fields of the standard catalogues."""

    model = StandardField
    table_class = FieldTable
    filterset_class = FieldFilters
    act = standards.READ
    title = gettext_lazy("Standard catalogues")
    template_name = "disclosure/standards.html"

    def get_queryset(self) -> Any:
        return StandardField.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answering = list(agencies_for(self.actor, standards.DUTIES)[:20])
        return super().get_context_data(**kwargs) | {"answering": answering}


class EntryTable(tables.Table):
    """The entries of an edition, under the headings by which they are imported."""

    matter = tables.Column(attrs=looks("main"))
    basis = tables.Column(verbose_name=gettext_lazy("basis of disclosure"))
    term = tables.Column(verbose_name=gettext_lazy("term of disclosure"))
    level = tables.Column(verbose_name=gettext_lazy("level of disclosure"))

    class Meta:
        model = StandardEntry
        fields = (
            "code", "topic", "matter", "contents", "basis", "term", "subject", "channels", "audience", "way", "level",
        )  # fmt: skip
        order_by = ("order",)


class EntryFilters(Filters):
    """By words and way of disclosure."""

    q = django_filters.CharFilter(
        field_name="contents", lookup_expr="icontains", label=gettext_lazy("Contents contain")
    )

    class Meta:
        model = StandardEntry
        fields = ("q", "way")


class EntryList(StaffList):
    """The catalogue of one field as it is in force; its export can be imported again."""

    model = StandardEntry
    table_class = EntryTable
    filterset_class = EntryFilters
    act = standards.READ
    export_only = ("code", "basis", "channels", "level")

    @property
    def field(self) -> StandardField:
        return get_object_or_404(StandardField, code=self.kwargs["code"])

    @property
    def title(self) -> str:
        return _("Standard catalogue: %(field)s") % {"field": self.field.name}

    def get_queryset(self) -> Any:
        return standards.entries(clock.today(), [self.kwargs["code"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        may = allowed(self.actor, standards.EDIT, None)
        edition = standards.edition_of(self.field, clock.today())
        return context | {
            "intro": _("Edition in force from %(day)s, %(name)s")
            % {"day": edition.starts_on, "name": edition.name}
            if edition
            else _("No entries yet: import the catalogue of this field."),
            "primary": {
                "label": _("Import an edition"),
                "url": reverse("disclosure:standard_import", args=[self.kwargs["code"]]),
            }
            if may
            else None,
        }


class SheetForm(forms.Form):
    """A workbook with the catalogue of a field, and from when it is in force."""

    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"),
        help_text=gettext_lazy(
            "In the columns of the national form; export the present catalogue as a template."
        ),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=clock.today,
    )


@staff_only
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Read a workbook, show what it would change or which cell is wrong, and take it on confirmation."""
    actor = actor_of(request)
    require(actor, standards.EDIT, None)
    field = get_object_or_404(StandardField, code=code)
    if "kept" in request.POST:
        return _confirmed(request, field)
    form = SheetForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "form": form,
        "title": _("Import the catalogue of “%(field)s”") % {"field": field.name},
        "submit_label": _("Read this file"),
        "cancel_url": reverse("disclosure:standard", args=[code]),
    }
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            plan, digest = standards.read(actor, field, file.name, file.read(standard_sheet.LARGEST_FILE + 1))
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            kept = {
                "rows": plan.rows,
                "starts_on": form.cleaned_data["starts_on"].isoformat(),
                "name": file.name,
                "digest": digest,
                "field": code,
                "person": str(actor.person.pk),
            }
            context |= {
                "plan": plan,
                "findings": [
                    {"severity": "blocking", "title": place, "advice": words} for place, words in plan.faults
                ],
                "starts_on": form.cleaned_data["starts_on"],
                "kept": "" if plan.faults else signing.dumps(kept, salt=SALT, compress=True),
            }
            return render(request, "disclosure/standard_preview.html", context)
    return render(request, "workbench/form.html", context)


def _confirmed(request: HttpRequest, field: StandardField) -> HttpResponse:
    actor = actor_of(request)
    again = redirect("disclosure:standard_import", code=field.code)
    try:
        kept = signing.loads(request.POST["kept"], salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        messages.error(request, _("That preview is an hour old: read the file again."))
        return again
    if kept["field"] != field.code or kept["person"] != str(actor.person.pk):
        raise Http404
    try:
        standards.take(
            actor,
            field,
            kept["rows"],
            starts_on=date.fromisoformat(kept["starts_on"]),
            name=kept["name"],
            digest=kept["digest"],
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return again
    messages.success(request, _("The edition is taken; the public page shows it from its first day."))
    return redirect("disclosure:standard", code=field.code)


class DutiesForm(forms.Form):
    """Which fields an agency answers."""

    fields_answered = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Fields answered"),
        queryset=StandardField.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@staff_only
def duties(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which standard catalogues an agency answers; the coverage counts those."""
    actor = actor_of(request)
    agency = get_object_or_404(Agency, pk=pk)
    if not allowed(actor, standards.DUTIES, agency):
        raise Http404
    held = [row.field_id for row in StandardDuty.objects.filter(agency=agency)]
    form = DutiesForm(request.POST or None, initial={"fields_answered": held})
    if request.method == "POST" and form.is_valid():
        standards.set_duties(actor, agency, list(form.cleaned_data["fields_answered"]))
        messages.success(request, _("Saved; the coverage counts these fields."))
        return redirect("disclosure:standards")
    context = {
        "form": form,
        "title": _("Standard catalogues that %(agency)s answers") % {"agency": agency.name},
        "cancel_url": reverse("disclosure:standards"),
    }
    return render(request, "workbench/form.html", context)
