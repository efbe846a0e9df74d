"""The synonyms of the search, for administrators: what there is, add a group, change or retire one."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.pages import Filters, StaffList, actor_of, kind, staff_only
from gongkai.agencies.policy import Refused, require
from gongkai.search import editing
from gongkai.search.forms import SynonymForm
from gongkai.search.models import SynonymGroup


class SynonymTable(tables.Table):
    """Groups of synonyms, those in use first."""

    terms = tables.Column(attrs=kind("main"), orderable=False)
    changed_at = tables.DateTimeColumn(attrs=kind("date"))

    class Meta:
        model = SynonymGroup
        fields = ("terms", "why", "active", "changed_at")
        order_by = ("-active", "pk")

    def render_terms(self, record: SynonymGroup) -> dict[str, Any]:
        return {"text": str(record), "url": reverse("search:synonyms_edit", args=[record.pk])}

    def value_terms(self, record: SynonymGroup) -> str:
        return str(record)

    def render_active(self, record: SynonymGroup) -> str:
        return _("yes") if record.active else _("retired")

    def value_active(self, record: SynonymGroup) -> str:
        return self.render_active(record)


class SynonymFilters(Filters):
    """By a term or the reason, whether in use, and whether it came with the software."""

    q = django_filters.CharFilter(method="named", label=gettext_lazy("Term or reason contains"))
    active = django_filters.BooleanFilter(label=gettext_lazy("in use"))
    loaded = django_filters.BooleanFilter(label=gettext_lazy("Came with the software"))

    class Meta:
        model = SynonymGroup
        fields = ("q", "active", "loaded")

    def named(self, rows: QuerySet[SynonymGroup], _name: str, value: str) -> QuerySet[SynonymGroup]:
        """The terms are one value to the database, which knows no Chinese in it; there are some hundred groups."""
        said = value.strip().casefold()
        return rows.filter(pk__in=[row.pk for row in rows if said in f"{row} {row.why}".casefold()])


class SynonymList(StaffList):
    """Every group, in use or retired."""

    model = SynonymGroup
    table_class = SynonymTable
    filterset_class = SynonymFilters
    act = editing.ACT
    title = gettext_lazy("Synonyms of the search")
    intro = gettext_lazy(
        "Who searches for one term of a group finds the others too, and is told so. A change acts at once."
    )

    def get_queryset(self) -> QuerySet[Any]:
        return SynonymGroup.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        primary = {"label": _("Add synonyms"), "url": reverse("search:synonyms_new")}
        return super().get_context_data(**kwargs) | {"primary": primary}


@staff_only
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a group; a refused one comes back with the sentence and what was typed."""
    actor = actor_of(request)
    require(actor, editing.ACT, None)
    row = get_object_or_404(SynonymGroup, pk=pk) if pk else None
    now = {"terms": "\n".join(row.terms), "why": row.why, "active": row.active} if row else None
    form = SynonymForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            saved = editing.save(actor, said["terms"], why=said["why"], active=said["active"], pk=pk)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": saved})
            return redirect("search:synonyms")
    context = {
        "form": form,
        "title": str(row) if row else _("Add synonyms"),
        "submit_label": _("Save the synonyms"),
        "consequence": _("The next search follows; nothing has to be rebuilt."),
        "cancel_url": reverse("search:synonyms"),
    }
    return render(request, "workbench/form.html", context)
