"""The register of normative documents."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, allowed
from gongkai.disclosure import normative, policies
from gongkai.disclosure.forms import NormativeEventForm
from gongkai.disclosure.models import Item, NormativeDocument
from gongkai.disclosure.tables import NormativeFilters, NormativeTable
from gongkai.journal import clock

WORDS = {
    "pending": gettext_lazy("not yet in force"),
    "valid": gettext_lazy("in force"),
    "amended": gettext_lazy("amended"),
    "repealed": gettext_lazy("repealed"),
    "invalid": gettext_lazy("no longer valid"),
}


class NormativeList(StaffList):
    """Normative documents of the reader's agencies."""

    model = NormativeDocument
    table_class = NormativeTable
    filterset_class = NormativeFilters
    act = "item.read"
    title = gettext_lazy("Normative documents")
    intro = gettext_lazy("A document enters this register when an item marked as normative is released.")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency")


@staff_only
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: its validity, its events, and a form for what happened to it."""
    row = get_object_or_404(NormativeDocument.objects.select_related("agency", "item"), pk=pk)
    actor = actor_of(request)
    if not allowed(actor, "item.read", row.agency):
        raise Http404
    form = NormativeEventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _enter(actor, row, form)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Entered; the public page shows it."))
            return redirect("disclosure:normative", pk=row.pk)
    state = normative.validity(row, clock.today())
    return render(
        request,
        "disclosure/normative.html",
        {
            "title": row.title,
            "number": row.document_number,
            "form": form,
            "submit_label": _("Enter this event"),
            "facts": [
                {"label": _("validity"), "value": WORDS[state]},
                {"label": _("agency"), "value": row.agency.name},
                {"label": _("issued on"), "value": row.issued_on},
                {"label": _("in force from"), "value": row.effective_on},
                {"label": _("valid to"), "value": row.expires_on},
                {"label": _("kind of document"), "value": row.get_kind_display()},
                {
                    "label": _("item"),
                    "value": row.item.title if row.item else "",
                    "url": reverse("disclosure:item", args=[row.item_id]) if row.item_id else "",
                },
            ],
            "timeline": [
                {
                    "when": event.on,
                    "title": event.get_kind_display(),
                    "detail": event.paper,
                    "url": reverse("disclosure:item", args=[event.by_id]) if event.by_id else "",
                    "link": _("Open that document"),
                }
                for event in row.events.order_by("on")
            ],
        },
    )


def _enter(actor: Actor, row: NormativeDocument, form: NormativeEventForm) -> None:
    """Write what the form says; a paper that was published here is linked by its number. Raises Refused."""
    by, number = None, form.cleaned_data["by"].strip()
    if number:
        found = policies.find(row.agency, number)
        by = found.item if found is not None else Item.objects.filter(index_number=number).first()
        if by is None:
            raise Refused(
                _(
                    "No document of this agency has the number %(number)s; leave it empty if the paper is not published here."
                )
                % {"number": number}
            )
    said = form.cleaned_data
    normative.happen(actor, row, said["kind"], on=said["on"], paper=said["paper"], by=by)
