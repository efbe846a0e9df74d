"""Staff pages of the catalogue's columns: their state by the check of sites, changing one, the key fields."""

from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.deadlines import deadline_cell
from gongkai.agencies.pages import Filters, StaffList, actor_of, staff_only
from gongkai.agencies.pages import kind as looks
from gongkai.agencies.policy import Refused, allowed, require
from gongkai.disclosure import column_state, key_fields
from gongkai.disclosure.column_forms import ColumnForm, KeyFieldsForm, NewColumnForm
from gongkai.disclosure.models import Column
from gongkai.journal import clock
from gongkai.rulebook import site_checks


class ColumnTable(tables.Table):
    """Columns with what they hold and when the next update is due."""

    name = tables.Column(attrs=looks("main"))
    held = tables.Column(verbose_name=gettext_lazy("public items"), attrs=looks("number"))
    last = tables.DateTimeColumn(verbose_name=gettext_lazy("last update"), attrs=looks("date"))
    due = tables.Column(
        verbose_name=gettext_lazy("update due"),
        accessor="last",
        orderable=False,
        empty_values=(),
        attrs=looks("date"),
    )
    state = tables.Column(verbose_name=gettext_lazy("state"), empty_values=(), orderable=False)

    class Meta:
        model = Column
        fields = ("name", "code", "agency", "held", "last", "cycle", "due", "state", "active")

    def render_name(self, record: Column) -> dict[str, Any]:
        return {"text": record.name, "url": reverse("disclosure:column", args=[record.code])}

    def value_name(self, record: Column) -> str:
        return record.name

    def render_last(self, value: Any) -> Any:
        return timezone.localtime(value).date() if value else ""

    def render_due(self, record: Column) -> Any:
        return deadline_cell(column_state.due(record, record.last), done=not record.active)

    def value_due(self, record: Column) -> Any:
        return column_state.due(record, record.last)

    def render_state(self, record: Column) -> Any:
        words = self.value_state(record)
        late = record.active and words
        return (
            {"light": {"state": "overdue" if late else "ok", "words": words or _("in order")}}
            if record.active
            else ""
        )

    def value_state(self, record: Column) -> str:
        if not record.active:
            return _("not in use")
        if not record.held:
            return _("nothing in it")
        day: date | None = column_state.due(record, record.last)
        return _("not updated in time") if day and day < clock.today() else ""


class ColumnFilters(Filters):
    """By words, cycle, use, and what the check of sites would object to."""

    q = django_filters.CharFilter(
        field_name="name", lookup_expr="icontains", label=gettext_lazy("Words in the name")
    )
    state = django_filters.ChoiceFilter(
        choices=[("empty", gettext_lazy("nothing in it")), ("stale", gettext_lazy("not updated in time"))],
        method="by_state",
        label=gettext_lazy("State"),
    )
    active = django_filters.BooleanFilter(label=gettext_lazy("In use"))

    class Meta:
        model = Column
        fields = ("q", "state", "cycle", "active")

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        used = rows.filter(active=True)
        return used.filter(held=0) if value == "empty" else used.filter(column_state.stale(clock.today()))


class ColumnList(StaffList):
    """All columns of the site."""

    model = Column
    table_class = ColumnTable
    filterset_class = ColumnFilters
    act = column_state.READ
    title = gettext_lazy("Columns and their updates")
    template_name = "disclosure/columns.html"
    export_only = ("code", "active")

    def get_queryset(self) -> Any:
        return column_state.rows()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        may = allowed(self.actor, column_state.EDIT, None)
        return context | {
            "check": column_state.check(clock.today()),
            "limits": {"empty": site_checks.EMPTY, "stale": site_checks.NOT_UPDATED, "law": site_checks.LAW},
            "primary": {"label": _("New column"), "url": reverse("disclosure:column_new")} if may else None,
            "may": may,
        }


@staff_only
def column(request: HttpRequest, code: str = "") -> HttpResponse:
    """Change a column, or make one."""
    actor = actor_of(request)
    row = get_object_or_404(Column, code=code) if code else None
    require(actor, column_state.EDIT, None)
    kind = ColumnForm if row else NewColumnForm
    form = kind(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            # The form has put its values into its own instance; what stands is asked anew.
            stands = Column.objects.get(pk=row.pk) if row else None
            column_state.save(actor, stands, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved; the public pages show it."))
            return redirect("disclosure:columns")
    context = {
        "form": form,
        "title": _("Column: %(name)s") % {"name": row.name} if row else _("New column"),
        "consequence": _("The catalogue, the column's page and the home page are written anew."),
        "cancel_url": reverse("disclosure:columns"),
    }
    return render(request, "workbench/form.html", context)


@staff_only
def chosen(request: HttpRequest) -> HttpResponse:
    """The key fields of the home page."""
    actor = actor_of(request)
    require(actor, key_fields.EDIT, None)
    form = KeyFieldsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            key_fields.choose(actor, form.rows())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved; the home page shows it."))
            return redirect("disclosure:key_fields")
    context = {
        "form": form,
        "title": _("Key fields of the home page"),
        "intro": _(
            "Lines of one group stand together, in this order. What is empty is not shown to the public."
        ),
        "sections": form.sections(),
        "cancel_url": reverse("disclosure:columns"),
    }
    return render(request, "workbench/form.html", context)
