"""Pages for the decisions and charges of a month."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Refused, agencies_for
from gongkai.disclosure.models import DecisionCount
from gongkai.reporting import entries
from gongkai.reporting.forms import EntryForm
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
