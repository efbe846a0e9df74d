"""Staff pages of the ledger: list, registration, the page of a case, its files."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed, require
from gongkai.applications import acts, events, explained, intake, personal, receipts, verdicts, wording
from gongkai.applications.forms import RegisterForm
from gongkai.applications.models import APPLICANT_KINDS, KIND, Application, CaseEvent, Letter, State
from gongkai.applications.tables import CaseFilters, CaseTable
from gongkai.files import sealing, storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.paperwork.errors import PaperworkError
from gongkai.rulebook.events import EventType
from gongkai.rulebook.receipt import Channel

PATH = (
    (State.REGISTERED, gettext_lazy("Registered")),
    (State.PROCESSING, gettext_lazy("In hand")),
    (State.DECIDED, gettext_lazy("Decided")),
    (State.ANSWERED, gettext_lazy("Answered")),
    (State.CLOSED, gettext_lazy("Closed")),
)


class CaseList(StaffList):
    """The ledger of the reader's agencies."""

    model = Application
    table_class = CaseTable
    filterset_class = CaseFilters
    act = "application.read"
    title = gettext_lazy("Applications")
    primary = {"label": gettext_lazy("Register an application"), "url": "/workbench/applications/new/"}

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency")


def case_for(request: HttpRequest, pk: UUID) -> Application:
    """The case, where the policy lets the reader see it; else 404."""
    row = get_object_or_404(Application.objects.select_related("agency"), pk=pk)
    if not allowed(actor_of(request), "application.read", row.agency):
        raise Http404
    return row


@staff_only
def register(request: HttpRequest) -> HttpResponse:
    """Register what came in at the counter, by post, fax, e-mail or orally."""
    actor = actor_of(request)
    agencies = agencies_for(actor, "application.register")
    if not agencies.exists():
        require(actor, "application.register", None)
    initial = {"agency": agencies.first(), "arrived": clock.today(), "submission": uuid4()}
    form = RegisterForm(request.POST or None, request.FILES or None, agencies=agencies, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = intake.register(
                actor,
                said["agency"],
                form.taken(),
                channel=Channel(said["channel"]),
                arrival=form.arrival(),
                submission=said["submission"],
                read_back=said["read_back"],
            )
        except intake.Incomplete as refusal:
            form.blame(refusal.problems)
        except Refused as refusal:
            form.add_error(None, with_article(refusal))
        else:
            words = _("Registered as %(number)s; query code %(code)s.")
            messages.success(request, words % {"number": row.number, "code": intake.query_code(row)})
            return redirect("applications:case", pk=row.pk)
    sections = [
        {
            "legend": _("How it came in"),
            "fields": [
                form[n]
                for n in ("agency", "channel", "arrived", "signed", "confirmed", "addressee", "read_back")
            ],
        },
        {"legend": _("Applicant"), "fields": [form[name] for name in form.PERSON]},
        {"legend": _("What is wanted"), "fields": [form[name] for name in form.WANTED]},
        {"legend": _("Form and way"), "fields": [form[name] for name in form.ACCESS]},
    ]
    context = {
        "form": form,
        "sections": sections,
        "title": _("Register an application"),
        "submit_label": _("Register"),
        "consequence": _("It gets its number at once; the term runs from the receipt day of art. 31."),
        "cancel_url": reverse("applications:list"),
    }
    return render(request, "workbench/form.html", context)


def with_article(refusal: Refused) -> str:
    """A refusal as one line, with its article."""
    return f"{refusal.message}（{refusal.article}）" if refusal.article else refusal.message


@staff_only
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A case: term with its reasoning, where it stands, the one next act, what is wanted, what has happened."""
    row = case_for(request, pk)
    actor = actor_of(request)
    rows = events.of(row)
    term = explained.term_of(row, rows)
    found = verdicts.of(actor, row, rows)
    letters = list(row.letters.select_related("dispatch", "release").order_by("created_at"))
    see = allowed(actor, "application.personal", row.agency)
    if sealing.destroyed(row.case_key):
        see = False
        messages.info(request, sealing.DESTROYED)
    person, wanted = personal.show(actor, row, "case") if see else (None, None)
    primary = verdicts.primary(row, found, letters)
    context = {
        "title": _("Application"),
        "number": row.number,
        "case": row,
        "deadline": explained.deadline_of(row, term),
        "days": explained.days(term),
        "receipt": intake.received(Channel(row.channel), intake.arrival_of(row)) if term is None else None,
        "steps": _path(row),
        "facts": _facts(row, person, wanted),
        "primary": primary,
        "acts": [
            {"label": each.act.label, "url": act_url(row, each.act.key)}
            for each in found
            if each.allowed and not (primary and primary["url"] == act_url(row, each.act.key))
        ],
        "refused": [
            {"label": each.act.label, "reason": each.reason, "article": each.article}
            for each in found
            if not each.allowed
        ],
        "timeline": [_entry(each, see) for each in rows],
        "letters": [_letter(each) for each in letters],
        "files": _files(row, wanted) if see else [],
        "receipt_url": reverse("applications:receipt", args=[row.pk]) if term and see else "",
    }
    return render(request, "applications/case.html", context)


def act_url(row: Application, key: str) -> str:
    """The page of an act."""
    if key == "decide":
        return reverse("applications:decide", args=[row.pk])
    return reverse("applications:act", args=[row.pk, key])


def _path(row: Application) -> list[dict[str, Any]]:
    states = [state for state, _words in PATH]
    beside = {State.CORRECTING, State.PAYING}
    here = states.index(State.PROCESSING if row.state in beside else State(row.state))
    return [
        {
            "label": words,
            "state": "done" if n < here or row.state == State.CLOSED else "current" if n == here else "todo",
            "words": State(row.state).label if n == here and row.state in beside else "",
        }
        for n, (_state, words) in enumerate(PATH)
    ]


def _facts(row: Application, person: Any, wanted: Any) -> list[dict[str, Any]]:
    facts = [
        {"label": _("state"), "value": row.get_state_display()},
        {"label": _("agency"), "value": row.agency.name},
        {"label": _("channel"), "value": row.get_channel_display()},
        {"label": _("received on"), "value": row.received_on},
        {"label": _("kind of applicant"), "value": dict(APPLICANT_KINDS)[row.applicant_kind]},
        {"label": _("outcome"), "value": row.get_outcome_display() if row.outcome else ""},
        {"label": _("answered on"), "value": row.answered_on},
        {"label": _("closed on"), "value": row.closed_on},
        {"label": _("help"), "value": _("needs help with reading") if row.reading_help else ""},
    ]
    if person is None:
        return facts
    identity = f"{personal.IDENTITIES.get(person.identity, '')} {person.identity_number}"
    contact = "，".join(
        part for part in (person.phone, person.email, person.postcode, person.address) if part
    )
    agent = " ".join(
        part for part in (person.agent, person.agent_identity_number, person.agent_phone) if part
    )
    return [
        *facts,
        {"label": _("applicant"), "value": person.name},
        {"label": _("identity document"), "value": identity if person.identity_number else ""},
        {"label": _("contact"), "value": contact},
        {"label": _("acting for the organisation"), "value": person.representative},
        {"label": _("agent"), "value": agent},
        {"label": _("form"), "value": personal.FORMS.get(wanted.form, "")},
        {"label": _("way"), "value": personal.WAYS.get(wanted.way, "")},
        {"label": _("information wanted"), "value": wanted.excerpt, "wide": True},
    ]


def _entry(row: CaseEvent, see: bool) -> dict[str, Any]:
    own = acts.OWN_EVENTS.get(row.type)
    words = events.words(row) if see else ""
    entry = {
        "when": row.on,
        "title": own if own is not None else EventType(row.type).label,
        "who": row.person.name if row.person else _("online"),
        "detail": words,
    }
    if row.letter_id:
        entry |= {
            "url": reverse("applications:letter", args=[row.letter_id]),
            "link": _("Open the drafted letter"),
        }
    return entry


def _letter(row: Letter) -> dict[str, Any]:
    return {
        "title": wording.TEMPLATES[row.kind].title,
        "number": row.number,
        "url": reverse("applications:letter", args=[row.pk]),
        "words": verdicts.standing(row),
    }


def _files(row: Application, wanted: Any) -> list[dict[str, Any]]:
    names = list(wanted.materials)
    found = []
    for each in storage.attached(KIND, row.pk):
        name = each.name
        if each.purpose.startswith("material-"):
            position = int(each.purpose.removeprefix("material-")) - 1
            name = names[position] if position < len(names) else name
        found.append(
            {
                "name": name,
                "url": reverse("applications:file", args=[row.pk, each.pk]),
                "kind": each.file.extension,
                "size": each.file.size,
            }
        )
    return found


@staff_only
def file(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """A sealed file of the case, opened with a journal entry."""
    row = case_for(request, pk)
    actor = actor_of(request)
    require(actor, "application.personal", row.agency)
    found = get_object_or_404(Attachment, pk=attachment, owner_kind=KIND, owner_id=row.pk)
    with transaction.atomic():
        chain.record(
            "application.file_opened",
            actor.who,
            agency=row.agency_id,
            subject=(KIND, row.pk),
            file=str(found.pk),
        )
    return download(storage.read(found.file_id, case_key=found.case_key), found.file.media_type, found.name)


def download(data: bytes, media_type: str, name: str) -> HttpResponse:
    """A private file as an answer: never run, never kept."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response


@staff_only
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt with the query code, for handing over."""
    row = case_for(request, pk)
    actor: Actor = actor_of(request)
    personal.show(actor, row, "receipt")
    if row.received_on is None:
        raise Refused(_("The receipt day is not known yet; confirm the receipt first."))
    try:
        data = receipts.receipt_pdf(row, query_address=request.build_absolute_uri("/track/"))
    except PaperworkError as error:
        raise Refused(str(error)) from error
    return download(data, "application/pdf", f"{row.number}.pdf")
