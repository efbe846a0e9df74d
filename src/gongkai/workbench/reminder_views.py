"""Pages of the reminders: one's own, opening one, the calendar feed, and the list of what went out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from gongkai.agencies import internal_dates, options
from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Refused
from gongkai.applications import throttle
from gongkai.workbench import choices, feeds, gateways, icalendar, reminders
from gongkai.workbench.models import Delivery, Feed, Subscription
from gongkai.workbench.reminder_forms import GatewaysForm
from gongkai.workbench.tables import DeliveryFilters, DeliveryTable

# A calendar program asks a few times an hour; a feed answers no more often, nor does an address guess more often.
FETCHES, GUESSES = 60, 30


@staff_only
def mine(request: HttpRequest) -> HttpResponse:
    """“My reminders”: the gateways that a person wants, and the address of their calendar feed."""
    return _mine(request)


def _mine(request: HttpRequest, *, address: str = "") -> HttpResponse:
    """The page. address: of a feed issued a moment ago, shown this once."""
    actor = actor_of(request)
    offered = reminders.offered()
    saves = request.method == "POST" and not address
    form = GatewaysForm(request.POST if saves else None, gateways=offered, initial=_chosen(request))
    if saves and form.is_valid():
        try:
            choices.choose(actor, form.wanted())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your choice is saved."))
            return redirect("workbench:reminders")
    agency = actor.person.agency
    marks = sorted(options.read(agency, internal_dates.REMIND), reverse=True)
    context = {
        "title": _("My reminders"),
        "form": form,
        "offered": offered,
        "submit_label": _("Save the choice"),
        "marks": [mark for mark in marks if mark],
        "on_the_day": 0 in marks,
        "when_late": options.read(agency, internal_dates.OVERDUE),
        "feed": Feed.objects.filter(person=actor.person).first(),
        "address": address,
    }
    return render(request, "workbench/reminders.html", context)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    person = actor_of(request).person
    initial: dict[str, Any] = {}
    for row in Subscription.objects.filter(person=person):
        initial |= {f"use_{row.gateway}": True, f"address_{row.gateway}": row.address}
    return initial


@staff_only
@require_GET
def open_reminder(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the thing a reminder is about; the reminder leaves the inbox."""
    return redirect(reminders.opened(actor_of(request).person, pk))


@staff_only
@require_POST
def put_away(request: HttpRequest) -> HttpResponse:
    """Put away every notice in the inbox."""
    reminders.put_away(actor_of(request).person)
    return redirect("workbench:inbox")


@staff_only
@require_POST
def issue_feed(request: HttpRequest) -> HttpResponse:
    """A new address of the feed, shown on the page that answers and on no other."""
    token = choices.issue_feed(actor_of(request))
    return _mine(request, address=request.build_absolute_uri(reverse("workbench:feed", args=[token])))


@staff_only
@require_POST
def revoke_feed(request: HttpRequest) -> HttpResponse:
    """End the feed."""
    if choices.revoke_feed(actor_of(request)):
        messages.success(request, _("The calendar address has ended."))
    return redirect("workbench:reminders")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address; 404 for every other, and none of either too often."""
    found = choices.feed_of(token)
    if found is not None:
        key, limit = ("feed", str(found.pk)), FETCHES
    else:
        key, limit = ("feed.guess", str(request.META.get("REMOTE_ADDR", ""))), GUESSES
    if throttle.spent(*key, limit):
        return HttpResponse(status=429, headers={"Retry-After": "600", "Cache-Control": "no-store"})
    throttle.count(*key)
    if found is None:
        raise Http404
    answer = HttpResponse(
        feeds.calendar(found.person, request.build_absolute_uri), content_type=icalendar.MEDIA_TYPE
    )
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = 'inline; filename="gongkai.ics"'
    return answer


class MessageList(StaffList):
    """What went out through the gateways, for the system administrator."""

    model = Delivery
    table_class = DeliveryTable
    filterset_class = DeliveryFilters
    act = "message.read"
    agency_field = "reminder__agency"
    template_name = "workbench/messages.html"
    title = gettext_lazy("Outgoing messages")
    intro = gettext_lazy(
        "Each message is sent once. Where the answer never came it is unknown whether it was sent, and it is not "
        "sent again; the reminder stands in the inbox either way."
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("reminder__person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "fault": _fault(),
            "empty_title": _("No message has been queued"),
            "empty_text": _("Messages appear here when a reminder is due for who chose a gateway."),
        }


def _fault() -> str:
    try:
        gateways.offered()
    except gateways.Misconfigured as error:
        return str(error)
    return ""
