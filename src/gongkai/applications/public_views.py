"""Staff pages on those who apply: finding an applicant, how content they were, who found it without applying."""

from datetime import date
from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as tables
from django import forms
from django.db import transaction
from django.db.models import Avg, Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.deadlines import deadline_cell
from gongkai.agencies.pages import Filters, StaffList, actor_of, look, staff_only
from gongkai.agencies.pages import kind as looks
from gongkai.agencies.policy import agencies_for, allowed, require
from gongkai.applications import diverting, identities, personal, satisfaction
from gongkai.applications.models import Application, Diverted, Satisfaction
from gongkai.journal import chain

# A name that many bear leads to more than anybody reads; a number or a telephone tells them apart.
SHOWN = 200


class FindForm(forms.Form):
    """What is known of somebody, exactly as it was given; every field that is filled in must be right."""

    number = forms.CharField(
        label=gettext_lazy("Number of the identity document"), max_length=identities.LONGEST, required=False
    )
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=100, required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        if not any(value.strip() for value in self.cleaned_data.values()):
            raise forms.ValidationError(_("Enter a number, a full name or a telephone."))
        return self.cleaned_data


class FoundTable(tables.Table):
    """Cases of somebody; nothing personal stands in it."""

    number = tables.Column(attrs=looks("main"))
    received_on = tables.Column(attrs=looks("date"))
    due_on = tables.Column(attrs=looks("date"))

    class Meta:
        model = Application
        fields = ("number", "agency", "matter", "received_on", "due_on", "state", "outcome")

    def render_number(self, record: Application) -> dict[str, Any]:
        return {"text": record.number, "url": reverse("applications:case", args=[record.pk])}

    def render_received_on(self, value: date) -> date:
        return value

    def render_due_on(self, value: date, record: Application) -> Any:
        return deadline_cell(value, done=record.answered_on is not None, provisional=record.provisional)


@staff_only
def find(request: HttpRequest) -> HttpResponse:
    """The cases of somebody, by exact look-up over keyed digests. By POST alone, so that nothing typed stands in
    an address or a log; the journal says who looked, by which facts and how many cases there were (I7)."""
    actor = actor_of(request)
    agencies = agencies_for(actor, "application.personal")
    if not agencies.exists():
        require(actor, "application.personal", None)
    form = FindForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "title": _("Find an applicant")}
    if form.is_valid():
        said = form.cleaned_data
        found = personal.find(
            agencies, name=said["name"], identity=identities.folded(said["number"]), phone=said["phone"]
        ).select_related("agency")
        with transaction.atomic():
            chain.record(
                "applicant.looked_up",
                actor.who,
                by=sorted(name for name, value in said.items() if value.strip()),
                found=found.count(),
            )
        table = FoundTable(found.order_by("-number")[:SHOWN], orderable=False)
        context |= {"searched": True, "table": look(table, _("Applications")), "many": found.count() > SHOWN}
    return render(request, "applications/find.html", context)


class DivertedTable(tables.Table):
    """Published items by how often they made an application unnecessary."""

    title = tables.Column(verbose_name=gettext_lazy("item"), attrs=looks("main"))
    owner = tables.Column(verbose_name=gettext_lazy("agency"))
    times = tables.Column(verbose_name=gettext_lazy("times"), attrs=looks("number"))

    def __init__(self, *args: Any, mine: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mine = frozenset(mine)

    def render_title(self, value: str, record: dict[str, Any]) -> Any:
        if record["owner_id"] not in self.mine:
            return value
        return {"text": value, "url": reverse("disclosure:item", args=[record["item_id"]])}

    def value_title(self, value: str) -> str:
        return value


def _day(field: str, lookup: str, label: Any) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(field_name=field, lookup_expr=lookup, label=label, widget=widget)


class DivertedFilters(Filters):
    """By day."""

    since = _day("day", "gte", gettext_lazy("From"))
    until = _day("day", "lte", gettext_lazy("Until"))

    class Meta:
        model = Diverted
        fields = ("since", "until")


class DivertedList(StaffList):
    """The figure of applications that were not needed, opened by item."""

    model = Diverted
    table_class = DivertedTable
    filterset_class = DivertedFilters
    act = "application.read"
    title = gettext_lazy("Found without applying")

    def get_table_kwargs(self) -> dict[str, Any]:
        return super().get_table_kwargs() | {"mine": self.agencies().values_list("pk", flat=True)}

    def get_table_data(self) -> Any:
        return diverting.by_item(self.object_list)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        times = diverting.total(self.object_list)
        return context | {
            "intro": _(
                "%(n)d times somebody found what they wanted in a published item while the application form was open."
            )
            % {"n": times},
            "empty_title": _("Nobody has said so yet"),
            "empty_text": _(
                "The application form offers published items while one types; this counts the hits."
            ),
        }


class SatisfactionTable(tables.Table):
    """Ratings with their cases; the words open on a page of their own, for those who may read them."""

    number = tables.Column(
        accessor="application__number", verbose_name=gettext_lazy("application"), attrs=looks("main")
    )
    score = tables.Column(verbose_name=gettext_lazy("rating"))
    at = tables.Column(verbose_name=gettext_lazy("rated on"), attrs=looks("date"))
    outcome = tables.Column(accessor="application__outcome", verbose_name=gettext_lazy("outcome"))
    words = tables.Column(
        accessor="pk",
        verbose_name=gettext_lazy("in their own words"),
        orderable=False,
        exclude_from_export=True,
    )

    class Meta:
        model = Satisfaction
        fields = ("number", "score", "at", "outcome", "words")
        order_by = ("-at",)

    def render_number(self, value: str, record: Satisfaction) -> dict[str, Any]:
        return {"text": value, "url": reverse("applications:case", args=[record.application_id])}

    def value_number(self, value: str) -> str:
        return value

    def render_score(self, value: int) -> str:
        return f"{value}　{dict(satisfaction.SCORES)[value]}"

    def value_score(self, value: int) -> int:
        return value

    def render_at(self, value: Any) -> Any:
        return timezone.localtime(value).date()

    def render_outcome(self, record: Satisfaction) -> str:
        return str(record.application.get_outcome_display())

    def render_words(self, record: Satisfaction) -> Any:
        if not record.sealed:
            return "—"
        return {"text": _("Read"), "url": reverse("applications:rating", args=[record.application_id])}


class SatisfactionFilters(Filters):
    """By day and score."""

    since = _day("at", "date__gte", gettext_lazy("From"))
    until = _day("at", "date__lte", gettext_lazy("Until"))
    score = django_filters.ChoiceFilter(choices=satisfaction.SCORES, label=gettext_lazy("Rating"))

    class Meta:
        model = Satisfaction
        fields = ("since", "until", "score")


class SatisfactionList(StaffList):
    """How content applicants were in a period, opened to the cases."""

    model = Satisfaction
    table_class = SatisfactionTable
    filterset_class = SatisfactionFilters
    template_name = "applications/satisfaction.html"
    act = "application.read"
    agency_field = "application__agency"
    title = gettext_lazy("Satisfaction")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("application")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = self.object_list.order_by()
        counted = dict(rows.values_list("score").annotate(n=Count("pk")))
        query = self.request.GET.copy()
        query.pop("page", None)
        scores = []
        for score, words in satisfaction.SCORES:
            query["score"] = score
            scores.append({"words": words, "count": counted.get(score, 0), "url": f"?{query.urlencode()}"})
        return context | {
            "average": rows.aggregate(average=Avg("score"))["average"],
            "scores": scores,
            "empty_title": _("Nobody has rated yet"),
            "empty_text": _("Applicants are asked on their page, once the answer is there."),
        }


@staff_only
def rating(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The applicant's own words, opened with a journal entry."""
    row = get_object_or_404(Satisfaction.objects.select_related("application__agency"), application=pk)
    case: Application = row.application
    actor = actor_of(request)
    if not allowed(actor, "application.read", case.agency):
        raise Http404
    words = satisfaction.words_of(actor, row)
    context = {
        "title": _("Satisfaction"),
        "number": case.number,
        "facts": [
            {"label": _("rating"), "value": f"{row.score}　{dict(satisfaction.SCORES)[row.score]}"},
            {"label": _("rated on"), "value": timezone.localtime(row.at).date()},
            {"label": _("in their own words"), "value": words, "wide": True},
        ],
        "acts": [{"label": _("Open the case"), "url": reverse("applications:case", args=[case.pk])}],
    }
    return render(request, "workbench/detail.html", context)
