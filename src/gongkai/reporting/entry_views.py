"""Pages for the decisions and charges of a month, and for one decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Refused, agencies_for, allowed
from gongkai.disclosure.models import DecisionCount
from gongkai.reporting import entries
from gongkai.reporting.forms import EntryForm, StrikeOutForm
from gongkai.reporting.tables import EntryFilters, EntryTable


class EntryList(StaffList):
    """Numbers entered by month."""

    model = DecisionCount
    table_class = EntryTable
    filterset_class = EntryFilters
    act = "report.read"
    title = gettext_lazy("Decisions and charges by month")
    intro = gettext_lazy(
        "What table two of the report counts; of a month and of a decision the latest entry counts."
    )
    template_name = "reporting/entries.html"
    primary = {"label": gettext_lazy("Enter a month"), "url": "/workbench/reports/entries/new/"}

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency", "person").order_by("-month", "-pk")


@staff_only
def enter(request: HttpRequest) -> HttpResponse:
    """Enter the number of one month with its source."""
    actor = actor_of(request)
    form = EntryForm(request.POST or None, agencies=agencies_for(actor, "report.draft"))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            entries.enter(
                actor,
                said["agency"],
                said["kind"],
                month=said["month"],
                amount=said["amount"],
                source=said["source"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Entered; the report counts it."))
            return redirect("reporting:entries")
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Decisions and charges of a month"),
            "submit_label": _("Enter this number"),
            "consequence": _("It stays as it is; a correction is a further entry of the same month."),
            "cancel_url": reverse("reporting:entries"),
        },
    )


@staff_only
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """A single decision with its history; it is struck out here, or counted again."""
    actor = actor_of(request)
    row = get_object_or_404(DecisionCount.objects.select_related("agency"), pk=pk, number__isnull=False)
    if not allowed(actor, "report.read", row.agency):
        raise Http404
    now = entries.latest(row)
    form = StrikeOutForm(request.POST or None) if allowed(actor, "report.draft", row.agency) else None
    if request.method == "POST" and form is not None and form.is_valid():
        act = entries.strike_out if now.amount else entries.restore
        try:
            # Somebody else may have said something of this decision since the page was shown.
            if request.POST.get("seen") != str(now.pk):
                raise Refused(_("This decision has changed since it was shown; look at it again."))
            act(actor, now, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            said = _("Struck out; no report counts it.") if now.amount else _("It counts again.")
            messages.success(request, said)
            return redirect("reporting:decision", pk=pk)
    state = _("counts") if now.amount else _("struck out")
    return render(
        request,
        "reporting/decision.html",
        {
            "title": f"{now.get_kind_display()} {now.number}",
            "facts": [
                {"label": _("state"), "value": state},
                {"label": _("agency"), "value": now.agency.name},
                {"label": _field("decided_on"), "value": now.decided_on},
                {"label": _field("amount"), "value": f"{now.amount.normalize():f}"},
                {"label": _field("source") if now.amount else _("Reason"), "value": now.source},
            ],
            "form": form,
            "seen": {"seen": now.pk},
            "struck": not now.amount,
            "timeline": [
                {
                    "when": one.at,
                    "title": f"{one.decided_on}：{one.amount.normalize():f}"
                    if one.amount
                    else _("struck out"),
                    "who": one.person.name,
                    "detail": one.source,
                }
                for one in entries.history(row)
            ],
            "back": reverse("reporting:entries"),
        },
    )


def _field(name: str) -> str:
    return str(DecisionCount._meta.get_field(name).verbose_name)
