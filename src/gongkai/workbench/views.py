"""Log-in, the inbox, switching hats, and the set-up page."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gongkai.agencies import navigation, setup
from gongkai.agencies.deadlines import deadline, light, remaining
from gongkai.agencies.middleware import HAT
from gongkai.agencies.models import Person
from gongkai.agencies.navigation import Waiting
from gongkai.agencies.pages import actor_of, agency_cell, staff_only
from gongkai.agencies.policy import ADMINISTRATION, BUSINESS, Refused
from gongkai.journal import chain
from gongkai.workbench import reminders
from gongkai.workbench.forms import SetUpForm
from gongkai.workbench.reminders import Notice


class LogIn(LoginView):
    """Log-in by name and password; five failures close the pair of name and address for a while."""

    template_name = "workbench/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        with transaction.atomic():
            chain.record(
                "person.logged_in",
                chain.Who(str(form.get_user().pk), form.get_user().name, "", _address(self.request)),
                agency=form.get_user().agency_id,
            )
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"demo": settings.INSTANCE.demo}


class ChangePassword(PasswordChangeView):
    """Changing one's own password."""

    template_name = "workbench/form.html"
    success_url = reverse_lazy("workbench:inbox")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        with transaction.atomic():
            Person.objects.filter(pk=self.request.user.pk).update(password_given=False)
            chain.record("person.password_changed", actor_of(self.request).who)
        messages.success(self.request, _("Your password is changed."))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "title": _("Change the password"),
            "submit_label": _("Change the password"),
        }


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@staff_only
@require_POST
def hat(request: HttpRequest) -> HttpResponse:
    """Switch between business and administration; the rights of the two never add up."""
    actor = actor_of(request)
    wanted = request.POST.get("hat", "")
    if wanted not in (BUSINESS, ADMINISTRATION) or wanted not in actor.hats:
        raise Refused(_("You hold no role of that kind."))
    request.session[HAT] = wanted
    with transaction.atomic():
        chain.record("person.switched", actor.who, agency=actor.person.agency_id, hat=wanted)
    return redirect("workbench:inbox")


# So many reminders stand open above the inbox, the others behind them.
FIRST = 3


@staff_only
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this person, soonest due first; the tiles above open to a part of it."""
    actor = actor_of(request)
    rows = navigation.waiting(actor)
    lit = [(row, light(remaining(row.due_on))) for row in rows]
    chosen = request.GET.get("light", "")
    kind = request.GET.get("kind", "")
    shown = [
        (row, state)
        for row, state in lit
        if (not chosen or state == chosen) and (not kind or str(row.kind) == kind)
    ]
    counts = {name: sum(state == name for _row, state in lit) for name in ("overdue", "soon", "ok", "none")}
    kinds = sorted({str(row.kind) for row in rows})
    notices = reminders.notices(actor.person, rows)
    context = {
        "title": _("Inbox"),
        "tiles": [
            {"label": label, "value": counts[name], "url": f"?light={name}", "state": name}
            for name, label in (
                ("overdue", _("overdue")),
                ("soon", _("due within 3 working days")),
                ("ok", _("in time")),
                ("none", _("without a term")),
            )
        ],
        "kinds": [{"label": label, "url": f"?kind={label}", "current": label == kind} for label in kinds],
        "chosen": bool(chosen or kind),
        "count": len(shown),
        "notices": list(notices.values())[:FIRST],
        "more_notices": list(notices.values())[FIRST:],
        "table": _table(shown, notices),
        "empty_title": _("Nothing waits for you"),
        "empty_text": _("New work appears here by itself."),
    }
    return render(request, "workbench/inbox.html", context)


def _table(rows: list[tuple[Waiting, str]], notices: dict[str, Notice]) -> dict[str, Any]:
    return {
        "caption": _("What waits for you"),
        "columns": [
            {"label": _("term"), "sort": "", "kind": "date"},
            {"label": _("matter"), "sort": "", "kind": "main"},
            {"label": _("kind"), "sort": "", "kind": ""},
            {"label": _("next step"), "sort": "", "kind": ""},
            {"label": _("agency"), "sort": "", "kind": ""},
        ],
        "rows": [
            {
                "state": state,
                "cells": [
                    {"deadline": deadline(row.due_on, provisional=row.provisional)},
                    {"text": row.title, "url": _opening(row, notices), "note": _note(row)},
                    str(row.kind),
                    str(row.step),
                    agency_cell(row.agency),
                ],
            }
            for row, state in rows
        ],
    }


def _opening(row: Waiting, notices: dict[str, Notice]) -> str:
    """Where a row leads: by its reminder, where one stands unopened, so that it is put away."""
    return notices[row.url].url if row.url in notices else row.url


def _note(row: Waiting) -> str:
    return "" if row.number in row.title else row.number


# A guesser of the one-time code gets this many tries an hour from all addresses together.
TRIES = 10


@sensitive_post_parameters()
def set_up(request: HttpRequest) -> HttpResponse:
    """The set-up page of an empty instance; it does not exist once the three administrators are appointed."""
    if not setup.is_open():
        raise Http404
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and not setup.may_try(TRIES, timedelta(hours=1)):
        raise Refused(_("Too many tries; wait an hour, or print a new code with “gongkai init”."))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            setup.complete(said["code"], said["agency_name"], said["agency_code"], form.three())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Set up. The system administrator can log in and add people now."))
            return redirect("workbench:login")
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Set up this instance"),
            "submit_label": _("Appoint the three administrators"),
            "intro": _(
                "The three are different people: one runs the system, one sets who may do what, one audits."
            ),
        },
    )
