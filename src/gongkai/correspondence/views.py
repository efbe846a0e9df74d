"""Staff pages of a matter: ledgers, intake, the matter itself, the letter, events."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.models import Agency
from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed
from gongkai.correspondence import beside, enclosures, intake, procedure, terms, writer
from gongkai.correspondence.acts import acts_of, onward_refused
from gongkai.correspondence.forms import EVENTS, IntakeForm
from gongkai.correspondence.history import files, steps, timeline
from gongkai.correspondence.models import Matter
from gongkai.correspondence.procedure import Event, Kind
from gongkai.correspondence.tables import MatterFilters, MatterTable


class MatterList(StaffList):
    """The ledger of one kind, or of all where `kind` is empty."""

    model = Matter
    table_class = MatterTable
    filterset_class = MatterFilters
    act = "correspondence.read"
    title = gettext_lazy("Correspondence")
    kind = ""

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("agency", "handler", "about")
        return rows.filter(kind=self.kind) if self.kind else rows

    def get_table_kwargs(self) -> dict[str, Any]:
        """Columns that say the same in every row are left out."""
        left_out = ["kind"] if self.kind else []
        if self.kind in procedure.BY_CODE:
            left_out.append("source")
        left_out += [] if self.kind == Kind.COMPLAINT else ["about", "topic"]
        if self.agencies().count() == 1:
            left_out.append("agency")
        return super().get_table_kwargs() | {"exclude": left_out}

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        return super().get_filterset_kwargs(filterset_class) | {"kind": self.kind}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.kind:
            return context
        may = registering(self.actor, self.kind).exists()
        add = {"label": _("Register"), "url": reverse("correspondence:intake", args=[self.kind])}
        return context | {"title": Kind(self.kind).label, "primary": add if may else None}


def registering(actor: Actor, kind: str) -> QuerySet[Agency]:
    """The agencies that the actor may register a matter of this kind for; complaints where an agency stands below."""
    mine = agencies_for(actor, "correspondence.register")
    if kind != Kind.COMPLAINT:
        return mine
    above = Agency.objects.filter(children__isnull=False).values("pk")
    return (mine | agencies_for(actor, "correspondence.supervise")).filter(pk__in=above)


def matter_for(request: HttpRequest, pk: UUID) -> Matter:
    """The matter, where the policy lets the reader see it; else 404."""
    row = get_object_or_404(Matter.objects.select_related("agency", "handler", "about"), pk=pk)
    if not allowed(actor_of(request), "correspondence.read", row.agency):
        raise Http404
    return row


@staff_only
def register(request: HttpRequest, kind: str) -> HttpResponse:
    """Intake of one kind."""
    if kind not in Kind.values:
        raise Http404
    actor = actor_of(request)
    agencies = registering(actor, kind)
    if not agencies.exists():
        raise Refused(_("You may not register correspondence."))
    form = IntakeForm(request.POST or None, kind=kind, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        try:
            done = intake.register(actor, form.cleaned_data["agency"], kind, form.letter(), **form.facts())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Registered as %(number)s.") % {"number": done.number})
            if done.code:
                words = _(
                    "Query code for the writer: %(code)s. It is shown only now; write it on the receipt."
                )
                messages.warning(request, words % {"code": done.code})
            return redirect("correspondence:matter", pk=done.matter.pk)
    context = {
        "form": form,
        "title": _("Register: %(kind)s") % {"kind": Kind(kind).label},
        "submit_label": _("Register"),
        "consequence": _("A number is given; text and particulars of the writer are sealed."),
        "cancel_url": reverse(f"correspondence:{kind}"),
    }
    return render(request, "workbench/form.html", context)


@staff_only
def matter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a matter stands, the one next act, its history."""
    return _page(request, matter_for(request, pk))


@staff_only
@require_POST
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The matter with its letter in the clear; the journal says who opened it."""
    row = matter_for(request, pk)
    return _page(request, row, writer.open_letter(actor_of(request), row))


@staff_only
@require_POST
def enclosure(request: HttpRequest, pk: UUID, file: UUID) -> HttpResponse:
    """A file that came with the letter, as a download; the journal says who opened it."""
    came, data = enclosures.opened(actor_of(request), matter_for(request, pk), file)
    response = HttpResponse(data, content_type=came.file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, came.name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, row: Matter, opened: writer.Letter | None = None) -> HttpResponse:
    actor = actor_of(request)
    primary, acts, refused = acts_of(actor, row)
    context = {
        "title": row.shown_title,
        "number": row.number,
        "matter": row,
        "letter": opened,
        "particulars": _particulars(row, opened) if opened else [],
        "enclosures": enclosures.of(row),
        "facts": _facts(row) + beside.facts(actor, row),
        "deadline": terms.deadline(row),
        "steps": steps(row),
        "primary": primary,
        "primary_refused": None if primary else onward_refused(row, refused),
        "acts": acts,
        "refused": refused,
        "timeline": timeline(row),
        "files": files(row),
    }
    return render(request, "correspondence/matter.html", context)


def _facts(row: Matter) -> list[dict[str, Any]]:
    sources = {
        Kind.MEDIA_LINE: _("medium"),
        Kind.ASSIGNED: _("assigning leader"),
        Kind.HOTLINE: _("platform"),
    }
    number = _("number of the application") if row.about else _("number at the sender")
    return [
        {"label": _("kind"), "value": row.get_kind_display()},
        {"label": _("state"), "value": row.get_state_display()},
        {"label": _("agency"), "value": row.agency.name},
        {"label": _("agency complained of"), "value": row.about.name if row.about else ""},
        {"label": _("topic"), "value": row.get_topic_display()},
        {"label": sources.get(Kind(row.kind), _("sender")), "value": row.source},
        {"label": number, "value": row.source_number},
        {"label": _("received on"), "value": row.received_on},
        {"label": _("came in by"), "value": row.get_channel_display()},
        {"label": _("in charge"), "value": row.handler.name if row.handler else ""},
        {"label": _("answered on"), "value": row.answered_on},
    ]


def _particulars(row: Matter, opened: writer.Letter) -> list[dict[str, Any]]:
    return [
        {"label": _("Writer's name"), "value": opened.name},
        {"label": _("Telephone"), "value": opened.phone},
        {"label": _("E-mail"), "value": opened.email},
        {"label": _("Address"), "value": opened.address},
        {
            "label": _("publication"),
            "value": _("agreed to publication") if row.may_publish else _("did not agree to publication"),
        },
    ]


@staff_only
def happen(request: HttpRequest, pk: UUID, event: str) -> HttpResponse:
    """The form of one event, and its use case."""
    row = matter_for(request, pk)
    actor = actor_of(request)
    if event not in EVENTS:
        raise Http404
    form_class, use_case, consequence = EVENTS[event]
    form = form_class(request.POST if request.method == "POST" else None, matter=row)
    if request.method == "POST" and form.is_valid():
        try:
            use_case(actor, row, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Done: %(act)s") % {"act": Event(event).label})
            return redirect("correspondence:matter", pk=row.pk)
    elif request.method != "POST":
        # Nobody fills in a form for what is not possible.
        procedure.step(row.kind, row.state, event)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": f"{Event(event).label}：{row.shown_title}",
            "submit_label": Event(event).label,
            "consequence": consequence,
            "cancel_url": reverse("correspondence:matter", args=[row.pk]),
        },
    )
