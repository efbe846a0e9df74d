"""The register: staff enter what came in by another way than the public page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, require
from gongkai.applications import amendments, intake, receiving
from gongkai.applications.amendment_forms import AmendmentRegisterForm
from gongkai.applications.models import Application
from gongkai.applications.request_forms import RegisterForm, with_one_more, without
from gongkai.journal import clock
from gongkai.rulebook.receipt import Channel


@dataclass(frozen=True)
class Entry:
    """One kind of matter in the register: its form, its use case and its words. elsewhere: (label, URL name) of
    the register's page for the other kind."""

    form: type[RegisterForm]
    register: Callable[..., Application]
    title: Any
    about: Any
    consequence: Any
    elsewhere: tuple[Any, str]
    intro: Any = ""


APPLICATION = Entry(
    RegisterForm,
    intake.register,
    gettext_lazy("Register an application"),
    gettext_lazy("What is wanted"),
    gettext_lazy("It gets its number at once; the term runs from the receipt day of art. 31."),
    (
        gettext_lazy("A record about the applicant is to be amended (art. 41)"),
        "applications:register_amendment",
    ),
)
AMENDMENT = Entry(
    AmendmentRegisterForm,
    amendments.register,
    gettext_lazy("Register a request to amend a record"),
    gettext_lazy("What is to be amended"),
    gettext_lazy("It gets its number at once. Art. 41 names no term: this agency follows art. 33."),
    (gettext_lazy("Information is wanted (art. 27)"), "applications:register"),
    gettext_lazy("Counted in no row of the report."),
)


@staff_only
def register(request: HttpRequest) -> HttpResponse:
    """Register what came in at the counter, by post, fax, e-mail or orally."""
    return entered(request, APPLICATION)


@staff_only
def register_amendment(request: HttpRequest) -> HttpResponse:
    """Register a request to amend a record, however it came in (art. 41)."""
    return entered(request, AMENDMENT)


def entered(request: HttpRequest, entry: Entry) -> HttpResponse:
    """The page of the register for one kind of matter: shown, retyped, refused with what was typed, or done."""
    actor = actor_of(request)
    agencies = agencies_for(actor, "application.register")
    if not agencies.exists():
        require(actor, "application.register", None)
    fresh = {"agency": agencies.first(), "arrived": clock.today(), "submission": uuid4()}
    if request.method != "POST":
        return _form(request, entry, entry.form(agencies=agencies, initial=fresh))
    if {"more", "fewer", "look"} & set(request.POST):
        typed = request.POST
        changed = with_one_more(typed) if "more" in typed else without(typed, typed.get("fewer", ""))
        return _form(request, entry, entry.form(agencies=agencies, initial=changed))
    form = entry.form(request.POST, request.FILES, agencies=agencies)
    if form.is_valid():
        try:
            row = registered(actor, entry, form)
        except intake.Incomplete as refusal:
            form.blame(refusal.problems)
        except intake.RegisteredAlready as refusal:
            form.add_error(None, refusal.message)
            form.name_anew()
        except Refused as refusal:
            form.add_error(
                None, f"{refusal.message}（{refusal.article}）" if refusal.article else refusal.message
            )
        else:
            words = _("Registered as %(number)s; query code %(code)s.")
            messages.success(request, words % {"number": row.number, "code": intake.query_code(row)})
            return redirect("applications:case", pk=row.pk)
    return _form(request, entry, form)


def registered(actor: Actor, entry: Entry, form: RegisterForm) -> Application:
    """The case of a form that is filled in and valid, registered. Raises Incomplete, RegisteredAlready, Refused."""
    said = form.cleaned_data
    return entry.register(
        actor,
        said["agency"],
        form.taken(),
        channel=Channel(said["channel"]),
        arrival=form.arrival(),
        submission=said["submission"],
        read_back=said["read_back"],
        unreached=said["unreached"],
        evidence=said["evidence"],
    )


def _form(request: HttpRequest, entry: Entry, form: RegisterForm) -> HttpResponse:
    def fields(names: tuple[str, ...]) -> list[Any]:
        return [form[name] for name in names]

    typed = request.POST if request.method == "POST" else form.initial
    context = {
        "form": form,
        "again": [file.name[:100] for _name, files in request.FILES.lists() for file in files],
        "told": receiving.told(typed),
        "arrival": fields(form.ARRIVAL),
        "applicant": fields((*form.WHO, *form.ACTING, *form.CONTACT)),
        "parties": form.further(),
        "speaking": form.speaking(),
        "agent": fields(form.AGENT),
        "wanted": fields(form.WANTED),
        "access": fields(form.ACCESS),
        "title": entry.title,
        "intro": entry.intro,
        "elsewhere": {"label": entry.elsewhere[0], "url": reverse(entry.elsewhere[1])},
        "about": entry.about,
        "submit_label": _("Register"),
        "consequence": entry.consequence,
        "cancel_url": reverse("applications:list"),
    }
    return render(request, "applications/register.html", context)


@staff_only
@require_POST
def receipt_day(request: HttpRequest) -> HttpResponse:
    """The words on the receipt day that follows from what is entered so far, as a piece of the register's page."""
    if not agencies_for(actor_of(request), "application.register").exists():
        require(actor_of(request), "application.register", None)
    return render(request, "applications/receipt_day.html", {"told": receiving.told(request.POST)})
