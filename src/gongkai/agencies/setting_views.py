"""The settings page of an agency, with the trail of its changes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed
from gongkai.agencies.setting_forms import SettingsForm
from gongkai.agencies.tables import AgencyFilters, SettingsTable


class SettingsList(StaffList):
    """The agencies whose settings the reader may change; where there is one, its page."""

    model = Agency
    table_class = SettingsTable
    filterset_class = AgencyFilters
    act = options.CHANGE
    agency_field = "pk"
    title = gettext_lazy("Settings")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        seats = list(self.agencies().values_list("pk", flat=True)[:2])
        if len(seats) == 1:
            return redirect("agencies:settings_of", pk=seats[0])
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("parent").order_by("path")


@staff_only
def settings_of(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every declared setting of the agency; below it who changed what when."""
    row = get_object_or_404(Agency, pk=pk)
    actor = actor_of(request)
    if not allowed(actor, options.CHANGE, row):
        raise Http404
    form = SettingsForm(request.POST or None, agency=row)
    if request.method == "POST" and form.is_valid():
        try:
            changed = options.change(actor, row, form.values(), form.before())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            words = ngettext("%(n)d setting is changed.", "%(n)d settings are changed.", len(changed))
            messages.success(request, words % {"n": len(changed)} if changed else _("Nothing was changed."))
            return redirect("agencies:settings_of", pk=row.pk)
    context = {
        "title": _("Settings of %(agency)s") % {"agency": row.name},
        "intro": _(
            "What the agency itself decides. What the law fixes is no setting and cannot be changed here."
        ),
        "form": form,
        "sections": form.sections(),
        "submit_label": _("Save the settings"),
        "consequence": _("They hold from now on; what was numbered or computed before stays as it is."),
        "trail": options.trail(row),
        "cancel_url": reverse("agencies:agency", args=[row.pk]) if allowed(actor, "people.read", row) else "",
    }
    return render(request, "agencies/settings.html", context)
