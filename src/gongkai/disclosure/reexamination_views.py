"""Pages of what is not disclosed: the list, and the examination whether it can be opened (art. 18)."""

from datetime import date
from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.deadlines import deadline_cell
from gongkai.agencies.pages import Filters, StaffList, YearFilter, actor_of, kind, staff_only
from gongkai.agencies.policy import Refused, allowed
from gongkai.disclosure import content as contents
from gongkai.disclosure import reexamination
from gongkai.disclosure.models import Item, Reexamination
from gongkai.disclosure.views import item_for
from gongkai.journal import clock
from gongkai.rulebook import catalogue
from gongkai.rulebook.examination import GROUNDS_TO_WITHHOLD


class WithheldTable(tables.Table):
    """What is not proactively public: on which ground, since when, when it is looked at again."""

    title = tables.Column(attrs=kind("main"))
    attribute = tables.Column()
    ground = tables.Column(verbose_name=gettext_lazy("legal ground"))
    why = tables.Column(verbose_name=gettext_lazy("reason"), orderable=False)
    decided_on = tables.DateColumn(verbose_name=gettext_lazy("withheld on"), attrs=kind("date"))
    looked_at = tables.DateColumn(
        verbose_name=gettext_lazy("last examined on"), default="", attrs=kind("date")
    )
    examined_next = tables.Column(verbose_name=gettext_lazy("next examination"), attrs=kind("date"))

    class Meta:
        model = Item
        fields = (
            "title",
            "agency",
            "attribute",
            "ground",
            "why",
            "decided_on",
            "looked_at",
            "examined_next",
        )
        order_by = ("examined_next",)

    def render_title(self, record: Item) -> dict[str, Any]:
        return {"text": record.title, "url": reverse("disclosure:item", args=[record.pk])}

    def value_title(self, record: Item) -> str:
        return record.title

    def render_attribute(self, value: str) -> str:
        return str(contents.ATTRIBUTES.get(value, value))

    def render_ground(self, value: str) -> Any:
        found = catalogue.GROUNDS.get(value)
        return {"text": found.label, "note": found.law} if found else ""

    def value_ground(self, value: str) -> str:
        found = catalogue.GROUNDS.get(value)
        return f"{found.label}（{found.law}）" if found else ""

    def render_examined_next(self, value: date) -> Any:
        return deadline_cell(value)

    def value_examined_next(self, value: date) -> date:
        return value


class WithheldFilters(Filters):
    """By words of the title, attribute, ground, year of the decision, and whether the examination is due."""

    q = django_filters.CharFilter(
        field_name="title", lookup_expr="icontains", label=gettext_lazy("Title contains")
    )
    attribute = django_filters.ChoiceFilter(
        choices=[(key, label) for key, label in contents.ATTRIBUTES.items() if key != contents.PROACTIVE],
        label=gettext_lazy("Disclosure attribute"),
    )
    ground = django_filters.ChoiceFilter(
        field_name="ground",
        choices=[(key, each.label) for key, each in catalogue.GROUNDS.items()],
        label=gettext_lazy("Legal ground"),
    )
    due = django_filters.ChoiceFilter(
        method="by_due",
        choices=[
            ("soon", gettext_lazy("due within 30 days")),
            ("overdue", gettext_lazy("overdue")),
        ],
        label=gettext_lazy("Examination"),
    )
    year = YearFilter(field_name="decided_on", label=gettext_lazy("Withheld in year"))

    class Meta:
        model = Item
        fields = ("q", "attribute", "ground", "due", "year")

    def by_due(self, rows: QuerySet[Item], name: str, value: str) -> QuerySet[Item]:
        """The rows whose examination is due, or overdue."""
        today = clock.today()
        if value == "overdue":
            return rows.filter(examined_next__lt=today)
        return rows.filter(examined_next__lte=today + reexamination.AHEAD)


class WithheldList(StaffList):
    """The withheld items of the reader's agencies."""

    queryset = reexamination.withheld()
    table_class = WithheldTable
    filterset_class = WithheldFilters
    act = "item.read"
    title = gettext_lazy("Register of withheld information")
    intro = gettext_lazy(
        "Each is examined again regularly; what need no longer be withheld is disclosed (art. 18)."
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency")


class ReexaminationForm(forms.Form):
    """Whether what is withheld can be opened."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome of the examination"),
        choices=Reexamination.Outcome.choices,
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Legal ground"),
        required=False,
        choices=[("", "—")] + [(g.code, f"{g.label}（{g.law}）") for g in GROUNDS_TO_WITHHOLD.values()],
        help_text=gettext_lazy("Where it stays withheld."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What has changed, or why it has not."),
    )


@staff_only
def reexamine(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter what looking again at a withheld item came to; what may be opened is opened in the editor next."""
    item = item_for(request, pk)
    actor = actor_of(request)
    if not allowed(actor, "item.draft", item.agency):
        raise Http404
    row = reexamination.withheld().filter(pk=item.pk).first()
    form = ReexaminationForm(request.POST or None, initial={"ground": row.ground if row else ""})
    if request.method == "POST" and form.is_valid():
        try:
            done = reexamination.examine(actor, item, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(
                None, f"{refusal.message}（{refusal.article}）" if refusal.article else refusal.message
            )
        else:
            return _next(request, item, done)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Examine again: %(title)s") % {"title": item.title},
            "intro": row.why if row else "",
            "submit_label": _("Enter the examination"),
            "consequence": _("What may be opened goes back to drafting, and out only through the review."),
            "cancel_url": reverse("disclosure:item", args=[item.pk]),
        },
    )


def _next(request: HttpRequest, item: Item, done: Reexamination) -> HttpResponse:
    if done.next_on is not None:
        messages.success(request, _("It stays withheld; the next examination is set."))
        return redirect("disclosure:item", pk=item.pk)
    messages.success(
        request,
        _("It may be opened: set the attribute to proactive, take out what stays closed, and submit it."),
    )
    return redirect("disclosure:edit", pk=item.pk)
