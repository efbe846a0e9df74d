"""Generic pages of the ledger, the same for every kind: overview, list, entry, its forms."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongkai.agencies.deadlines import deadline
from gongkai.agencies.models import Agency
from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed
from gongkai.files import storage
from gongkai.journal import clock
from gongkai.supervision import entries, gaps, moves, pages, rights, values
from gongkai.supervision.definition import GROUPS, SYSTEM, Definition
from gongkai.supervision.forms import (
    PARENTS_SHOWN,
    AgencyForm,
    EntryForm,
    EvidenceForm,
    MoveForm,
    NoteForm,
    initial_of,
)
from gongkai.supervision.models import Entry, EntryEvent, Kind
from gongkai.supervision.tables import EntryFilters, EntryTable, columns

CHILDREN_SHOWN = 200


def kind_for(code: str) -> Kind:
    """The kind, or 404."""
    return get_object_or_404(Kind, pk=code)


def entry_for(request: HttpRequest, pk: UUID) -> Entry:
    """The entry, where the policy lets the reader see it; else 404."""
    rows = Entry.objects.select_related("kind", "agency", "issuer", "responsible", "parent", "created_by")
    entry = get_object_or_404(rows, pk=pk)
    if not entries.visible(actor_of(request), entry):
        raise Http404
    return entry


@staff_only
def overview(request: HttpRequest) -> HttpResponse:
    """Every kind by group, with how many of its entries are open."""
    actor = actor_of(request)
    mine = agencies_for(actor, "ledger.read")
    if not mine.exists():
        raise Refused(_("You may not see the ledger of any agency."))
    open_ones: dict[str, int] = {}
    for code in Entry.objects.filter(agency__in=mine, closed_as="").values_list("kind", flat=True):
        open_ones[code] = open_ones.get(code, 0) + 1
    groups = [
        {
            "label": label,
            "kinds": [
                {"kind": kind, "about": kind.definition.about, "open": open_ones.get(kind.pk, 0)}
                for kind in Kind.objects.filter(group=group, active=True)
            ],
        }
        for group, label in GROUPS.items()
    ]
    return render(
        request,
        "supervision/overview.html",
        {"title": _("Ledger"), "groups": [g for g in groups if g["kinds"]]},
    )


class EntryList(StaffList):
    """The entries of one kind in the reader's agencies."""

    model = Entry
    table_class = EntryTable
    filterset_class = EntryFilters
    template_name = "supervision/list.html"
    act = "ledger.read"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kind = kind_for(kwargs["code"])
        self.title = self.kind.name
        self.intro = self.kind.definition.about

    def get_queryset(self) -> Any:
        rows = super().get_queryset().filter(kind=self.kind)
        return rows.select_related("agency", "responsible").prefetch_related("kind")

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        more = {"what": self.kind.definition, "agencies": self.agencies()}
        return super().get_filterset_kwargs(filterset_class) | more

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"extra_columns": columns(self.kind.definition)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.kind.active and openable(self.actor, self.kind).exists():
            url = reverse("supervision:open", args=[self.kind.pk])
            self.primary = {"label": _("Open: %(kind)s") % {"kind": self.kind.name}, "url": url}
        missing = gaps.missing(self.kind, self.agencies())
        return super().get_context_data(**kwargs) | {"law": self.kind.definition.law, "missing": missing}


def openable(actor: Actor, kind: Kind) -> Any:
    """The agencies about which the actor may open an entry of this kind."""
    found = Agency.objects.none()
    for role in kind.definition.open_by:
        if role == SYSTEM:
            continue
        found = found | agencies_for(actor, rights.act_of(role))
    return found.distinct()


@staff_only
def open_entry(request: HttpRequest, code: str) -> HttpResponse:
    """A new entry: first which agency, where there is a choice, then the form of the kind."""
    kind = kind_for(code)
    actor = actor_of(request)
    agencies = openable(actor, kind)
    if not kind.active or not agencies.exists():
        raise Refused(_("You may not open “%(kind)s”.") % {"kind": kind.name})
    asked = {"agency": request.GET.get("agency") or _only(agencies)}
    choice = AgencyForm(asked, agencies=agencies)
    if not choice.is_valid():
        return _choose(request, kind, AgencyForm(agencies=agencies))
    agency = choice.cleaned_data["agency"]
    what = kind.definition
    form = EntryForm(
        request.POST or None,
        kind=what,
        agency=agency,
        parents=parents_for(actor, kind),
        initial={
            "occurred_on": clock.today(),
            "year": clock.today().year,
            "parent": request.GET.get("parent"),
        }
        | _proposed(request, what),
    )
    if request.method == "POST" and form.is_valid():
        try:
            entry = entries.open_entry(actor, kind, agency, fields=form.said(), **form.base())
        except values.Wrong as wrong:
            form.blame(wrong.problems)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Opened as %(number)s.") % {"number": entry.number})
            return redirect("supervision:entry", pk=entry.pk)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Open: %(kind)s") % {"kind": kind.name},
            "intro": f"{agency.name}　{what.about}",
            "submit_label": _("Open and number it"),
            "consequence": _(
                "It gets the next number of its series; the number stays, whatever becomes of it."
            ),
            "cancel_url": reverse("supervision:ledger", args=[kind.pk]),
        },
    )


def _proposed(request: HttpRequest, what: Definition) -> dict[str, str]:
    """What the page that led here proposes for the form; the person sees and changes it before it is kept."""
    open_fields = {field.name for field in what.form_fields if field.type != "private"}
    names = {"subject", "occurred_on"} | open_fields
    return {name: request.GET[name] for name in names & set(request.GET)}


def _only(agencies: Any) -> Any:
    two = list(agencies[:2])
    return two[0].pk if len(two) == 1 else None


def _choose(request: HttpRequest, kind: Kind, form: AgencyForm) -> HttpResponse:
    return render(
        request,
        "supervision/choose.html",
        {
            "form": form,
            "parent": request.GET.get("parent", ""),
            "title": _("Open: %(kind)s") % {"kind": kind.name},
            "cancel_url": reverse("supervision:ledger", args=[kind.pk]),
        },
    )


def parents_for(actor: Actor, kind: Kind) -> Any:
    """The open entries to which a new one of this kind may belong, newest first."""
    rows = Entry.objects.filter(
        kind__in=kind.definition.parents, agency__in=agencies_for(actor, "ledger.read")
    ).exclude(closed_as=Entry.End.DROPPED)
    newest = rows.order_by("-created_at").values_list("pk", flat=True)[:PARENTS_SHOWN]
    return Entry.objects.filter(pk__in=list(newest)).prefetch_related("kind")


@staff_only
def entry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where an entry stands, the next step, what belongs to it, its history and evidence."""
    row = entry_for(request, pk)
    return render(
        request, "supervision/entry.html", _page(request, row, values.shown(row.kind.definition, row.fields))
    )


@staff_only
@require_POST
def private(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The entry with its sealed fields opened; the journal says by whom."""
    row = entry_for(request, pk)
    facts = entries.private_facts(actor_of(request), row)
    return render(request, "supervision/entry.html", _page(request, row, facts))


def _page(request: HttpRequest, row: Entry, facts: list[dict[str, Any]]) -> dict[str, Any]:
    actor = actor_of(request)
    what = row.kind.definition
    mine, others = moves.available(actor, row)
    steps = [_act(row, move.label, move.code) for move in mine]
    if (elsewhere := pages.page_of(row)) and row.open:
        steps.insert(0, {"label": _("Look at what was found and decide"), "url": elsewhere})
    return {
        "title": row.subject,
        "number": row.number,
        "entry": row,
        "law": what.law,
        "deadline": deadline(row.due_on, done=not row.open) if row.due_on else None,
        "facts": _base_facts(row, what.day_label) + facts,
        "primary": steps[0] if steps and row.open else None,
        "acts": _more_acts(actor, row, steps[1:] if row.open else steps),
        "refused": [{"label": move.label, "reason": rights.refuse(move.by).message} for move in others],
        "timeline": [_event(event, row) for event in row.events.select_related("person").order_by("-pk")],
        "evidence": [
            {
                "name": file.name,
                "url": reverse("files:attachment", args=[file.pk]),
                "kind": file.file.extension,
                "size": file.file.size,
            }
            for file in entries.evidence(row)
        ],
        "children": row.children.filter(agency__in=agencies_for(actor, "ledger.read"))
        .select_related("kind", "responsible")
        .order_by("kind__order", "due_on", "number")[:CHILDREN_SHOWN],
        "children_kinds": [
            kind for kind in Kind.objects.filter(active=True) if row.kind_id in kind.definition.parents
        ]
        if allowed(actor, "ledger.open", row.agency)
        else [],
        "may_add": row.open and rights.may_add(actor, row),
        "note_form": NoteForm(),
        "evidence_form": EvidenceForm(),
        "attendance_url": reverse("supervision:session", args=[row.pk])
        if row.kind.figure == "training"
        else "",
        "has_private": any(field.type == "private" for field in what.fields)
        and rights.may_see_private(actor, row),
    }


def _base_facts(row: Entry, day_label: str) -> list[dict[str, Any]]:
    parent = row.parent
    return [
        {
            "label": _("kind"),
            "value": row.kind.name,
            "url": reverse("supervision:ledger", args=[row.kind_id]),
        },
        {"label": _("state"), "value": row.state_name},
        {"label": _("agency"), "value": row.agency.name},
        {
            "label": _("opened by agency"),
            "value": row.issuer.name if row.issuer_id != row.agency_id else "",
        },
        {"label": _("responsible person"), "value": row.responsible.name if row.responsible else ""},
        {"label": day_label or _("day"), "value": row.occurred_on},
        {
            "label": _("year and period"),
            "value": f"{row.year} {row.get_period_display() if row.period else ''}".strip(),
        },
        {
            "label": _("belongs to"),
            "value": str(parent) if parent else "",
            "url": reverse("supervision:entry", args=[parent.pk]) if parent else "",
        },
        {"label": _("closed on"), "value": row.closed_on},
        {"label": _("outcome"), "value": row.outcome, "wide": True},
    ]


def _act(row: Entry, label: str, code: str) -> dict[str, Any]:
    return {"label": label, "url": reverse("supervision:move", args=[row.pk, code])}


def _more_acts(actor: Actor, row: Entry, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    state = row.kind.definition.state(row.state)
    if not state.end and not state.fixed and rights.may_change(actor, row):
        url = reverse("supervision:change", args=[row.pk])
        return [*steps, {"label": _("Change what it says"), "url": url}]
    return steps


def _event(event: EntryEvent, row: Entry) -> dict[str, Any]:
    what = row.kind.definition
    title = event.get_act_display()
    if event.act == EntryEvent.Act.MOVED:
        label = next((move.label for move in what.moves if move.code == event.move), event.move)
        title = f"{label} → {what.state(event.new['state']).name}" if "state" in event.new else label
    if event.act == EntryEvent.Act.EVIDENCE:
        title = f"{title}：{event.new.get('file', '')}"
    return {
        "when": event.at,
        "title": title,
        "who": event.person.name if event.person else _("the system"),
        "detail": "；".join(part for part in (event.note, _difference(event)) if part),
    }


_WORDS = {"subject": "subject", "due_on": "due", "occurred_on": "day", "year": "year", "period": "period"}


def _difference(event: EntryEvent) -> str:
    """What a change changed, old to new; long texts and names are named without their content."""
    if event.act != EntryEvent.Act.CHANGED:
        return ""
    parts = []
    for name, new in event.new.items():
        old = event.old.get(name)
        label = str(Entry._meta.get_field(name.removesuffix("_id")).verbose_name) if name != "fields" else ""
        if name in _WORDS:
            parts.append(f"{label}：{old or '—'} → {new or '—'}")
        elif name != "fields":
            parts.append(_("%(label)s changed") % {"label": label})
    changed = [
        field.label
        for field in event.entry.kind.definition.fields
        if (event.old.get("fields") or {}).get(field.name) != (event.new.get("fields") or {}).get(field.name)
    ]
    if "fields" in event.new and changed:
        parts.append(_("%(label)s changed") % {"label": "、".join(changed)})
    return "；".join(parts)


@staff_only
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what an open entry says."""
    row = entry_for(request, pk)
    actor = actor_of(request)
    if not rights.may_change(actor, row):
        raise Refused(_("You may not change this entry."))
    what = row.kind.definition
    parents = parents_for(actor, row.kind) | Entry.objects.filter(pk=row.parent_id).select_related("kind")
    form = EntryForm(
        request.POST or None,
        kind=what,
        agency=row.agency,
        parents=parents,
        entry=row,
        initial={
            "subject": row.subject,
            "parent": row.parent_id,
            "responsible": row.responsible_id,
            "occurred_on": row.occurred_on,
            "due_on": row.due_on,
            "year": row.year,
            "period": row.period,
            "version": row.version,
        }
        | initial_of(what.form_fields, row),
    )
    if request.method == "POST" and form.is_valid():
        try:
            entries.change(
                actor, row, fields=form.said(), version=form.cleaned_data["version"], **form.base()
            )
        except values.Wrong as wrong:
            form.blame(wrong.problems)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Changed; the history keeps what stood there before."))
            return redirect("supervision:entry", pk=row.pk)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Change: %(subject)s") % {"subject": row.subject},
            "submit_label": _("Save the change"),
            "cancel_url": reverse("supervision:entry", args=[row.pk]),
        },
    )


@staff_only
def move(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """Take a step: what it asks for, and who may take it."""
    row = entry_for(request, pk)
    actor = actor_of(request)
    what = row.kind.definition
    step = next((m for m in what.moves_from(row.state) if m.code == code), None)
    if step is None:
        raise Refused(
            _("This step is not possible now: the entry is “%(state)s”.") % {"state": row.state_name}
        )
    if not rights.may_take(actor, step, row):
        raise rights.refuse(step.by)
    asked = [what.field(name) for name in step.asks]
    form = MoveForm(
        request.POST or None,
        move=step,
        kind=what,
        agency=row.agency,
        initial={"on": clock.today(), "outcome": row.outcome, "version": row.version}
        | initial_of(asked, row),
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            moves.take(
                actor,
                row,
                code,
                note=said["note"],
                outcome=said.get("outcome", ""),
                on=said["on"],
                fields=form.said(),
                version=said["version"],
            )
        except values.Wrong as wrong:
            form.blame(wrong.problems)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Entered: %(step)s.") % {"step": step.label})
            return redirect("supervision:entry", pk=row.pk)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": f"{step.label}：{row.subject}",
            "submit_label": step.label,
            "consequence": _("The entry is then “%(state)s”.") % {"state": what.state(step.target).name},
            "cancel_url": reverse("supervision:entry", args=[row.pk]),
        },
    )


@staff_only
@require_POST
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note progress."""
    row = entry_for(request, pk)
    try:
        entries.note(actor_of(request), row, request.POST.get("text", ""))
        messages.success(request, _("Noted."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("supervision:entry", pk=row.pk)


@staff_only
@require_POST
def evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add an evidence file; a refused one is told with its reason."""
    row = entry_for(request, pk)
    upload = request.FILES.get("evidence")
    if upload is None:
        messages.error(request, _("Choose a file first."))
        return redirect("supervision:entry", pk=row.pk)
    try:
        entries.add_evidence(actor_of(request), row, upload.read(storage.LARGEST + 1), upload.name or "")
        messages.success(request, _("Evidence added."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("supervision:entry", pk=row.pk)
