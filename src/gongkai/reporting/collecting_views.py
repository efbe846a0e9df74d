"""The page on which an agency's collection of annual reports is set."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed
from gongkai.journal import clock
from gongkai.reporting import collecting
from gongkai.reporting.filing_forms import CollectingForm


@staff_only
def setting(request: HttpRequest, code: str) -> HttpResponse:
    """Whether an agency collects the reports of those below it, and by which days; with what was set before."""
    agency = get_object_or_404(Agency, code=code)
    actor = actor_of(request)
    if not allowed(actor, collecting.SETTING, agency):
        raise Http404
    history = list(agency.collection_rules.select_related("person").order_by("-pk")[:20])
    last = history[0] if history else None
    names = ("collects", "first_year", "file_by", "publish_by", "governments_by", "basis")
    initial = (
        {name: getattr(last, name) for name in names} if last else {"first_year": clock.today().year - 1}
    )
    form = CollectingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            collecting.set_rule(actor, agency, **{name: form.cleaned_data[name] for name in names})
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Set. It counts for what is approved from now on."))
            return redirect("reporting:collecting", code=code)
    return render(
        request,
        "reporting/collecting.html",
        {
            "form": form,
            "title": _("Collection of annual reports: %(agency)s") % {"agency": agency.name},
            "intro": _(
                "Where reports wait, the leader's approval files them here, and they are published once accepted; "
                "by the last day of the law an agency may publish without waiting."
            ),
            "submit_label": _("Set this"),
            "cancel_url": reverse("reporting:collection_now"),
            "timeline": [
                {
                    "when": timezone.localtime(row.at),
                    "title": _("collects from %(year)d") % {"year": row.first_year}
                    if row.collects
                    else _("does not collect"),
                    "who": row.person.name,
                    "detail": "；".join(
                        filter(None, (row.file_by, row.publish_by, row.governments_by, row.basis))
                    ),
                }
                for row in history
            ],
        },
    )
