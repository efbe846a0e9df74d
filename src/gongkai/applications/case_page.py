"""What the page of a case shows, part by part, from its events."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import internal_dates
from gongkai.agencies.deadlines import deadline
from gongkai.agencies.models import Person
from gongkai.agencies.policy import Actor, allowed
from gongkai.applications import (
    act_groups,
    acts,
    beside,
    calls,
    consultations,
    events,
    excess,
    explained,
    intake,
    interval,
    likeness,
    papers,
    personal,
    redo,
    relations,
    searching,
    verdicts,
    wording,
)
from gongkai.applications.models import APPLICANT_KINDS, KIND, Application, CaseEvent, Letter, Matter, State
from gongkai.files import sealing, storage
from gongkai.journal import clock
from gongkai.rulebook.calendar import CalendarError
from gongkai.rulebook.clock_result import Clock
from gongkai.rulebook.events import EventType
from gongkai.rulebook.receipt import Channel

PATH = (
    (State.REGISTERED, gettext_lazy("Registered")),
    (State.PROCESSING, gettext_lazy("In hand")),
    (State.DECIDED, gettext_lazy("Decided")),
    (State.ANSWERED, gettext_lazy("Answered")),
    (State.CLOSED, gettext_lazy("Closed")),
)
# Their words stand in parts of their own.
_OWN_PARTS = frozenset({"searched", "called", "note"})
# While these last, a repeated application or a published item may still be told.
_UNDECIDED = frozenset({State.REGISTERED, State.PROCESSING, State.CORRECTING, State.PAYING})
# Without a person these came from the public page.
_ONLINE = frozenset({"registered", "received", "suggested"})


def context(actor: Actor, row: Application) -> dict[str, Any]:
    """The context of applications/case.html. Reading the applicant leaves a journal entry (I7)."""
    rows = events.of(row)
    term = explained.term_of(row, rows)
    found = verdicts.of(actor, row, rows)
    letters = list(relations.letters_of(row).select_related("dispatch", "proof", "release"))
    destroyed = sealing.destroyed(row.case_key)
    see = allowed(actor, "application.personal", row.agency) and not destroyed
    person, wanted = personal.show(actor, row, "case") if see else (None, None)
    held_back = verdicts.held_back(row, rows)
    primary = None if held_back else verdicts.primary(row, found, letters)
    may = {each.act.key for each in found if each.allowed}
    return {
        "title": _("Application")
        if row.matter == Matter.INFORMATION
        else str(Matter(row.matter).label).capitalize(),
        "number": row.number,
        "case": row,
        "destroyed": sealing.DESTROYED if destroyed else "",
        "deadline": explained.deadline_of(row, term),
        "days": explained.days(term),
        "receipt": intake.received(Channel(row.channel), intake.arrival_of(row)) if term is None else None,
        "tried": calls.tried(rows),
        "dates": dates(row, rows, term),
        "steps": _path(row),
        "facts": [
            *_facts(row, person, wanted),
            *redo.facts(rows),
            *(relations.facts(actor, row, rows) if see else ()),
        ],
        "primary": primary,
        "primary_refused": held_back,
        "groups": act_groups.grouped(row, found, primary["url"] if primary else ""),
        "many": _many(row) if see else None,
        "alike": _alike(actor, row) if see else None,
        "consultations": consultations.of(row, rows) if see else [],
        "searches": searching.of(rows) if see else [],
        "calls": calls.of(rows) if see else [],
        "notes": _notes(rows) if see else [],
        "add": {
            key: act_groups.act_url(row, key) for key in ("record_search", "log_call", "note") if key in may
        },
        "linked": [*_joined(row), *beside.of(actor, row)],
        "timeline": _timeline(row, rows, see),
        "letters": [_letter(each) for each in letters],
        "files": [*papers.links(row), *_files(row)] if see else [],
        "receipt_url": reverse("applications:receipt", args=[row.pk]) if term and see else "",
        "alike_url": reverse("applications:alike", args=[row.pk]) if see else "",
    }


def dates(row: Application, rows: Sequence[CaseEvent], term: Clock | None) -> list[dict[str, Any]]:
    """The days beside the due day that matter now, as [{label, deadline}]; the office's own dates among them."""
    found: list[dict[str, Any]] = []

    def add(label: str, day: Any, **more: Any) -> None:
        found.append({"label": label, "deadline": deadline(day, **more)})

    if term is None or term.answered is not None:
        return found
    limit = term.correction_limit
    if row.state == State.PROCESSING and not term.correction_requested and clock.today() <= limit.on:
        add(_("last day to ask for a correction"), limit.on, provisional=limit.provisional)
    if row.waits_until is not None:
        waits = _("correction due") if row.state == State.CORRECTING else _("payment due")
        add(waits, row.waits_until)
    asked = excess.reasons(rows)
    if asked is not None and asked.until is not None and asked.received_on is None:
        add(_("reasons due"), asked.until)
    if (other := relations.due_before(row)) is not None:
        add(_("due first of those joined: %(number)s") % {"number": other.number}, other.due_on)
    held = interval.of(row, rows)
    if held is not None and held.first is not None:
        late = term.due is not None and held.first > term.due
        words = _("after the due day: have an extension approved in time") if late else ""
        add(_("answer may go out from"), held.first, done=True, words=words)
    if term.due is not None:
        try:
            add(
                _("draft date"),
                internal_dates.draft_day(row.agency, term.due),
                done=row.state == State.DECIDED,
            )
            coming = [
                day for day in internal_dates.reminder_days(row.agency, term.due) if day >= clock.today()
            ]
        except CalendarError:
            return found
        if coming:
            add(_("next reminder"), coming[0], done=True)
    return found


def _path(row: Application) -> list[dict[str, Any]]:
    states = [state for state, _words in PATH]
    aside = {State.CORRECTING, State.PAYING}
    here = states.index(State.PROCESSING if row.state in aside else State(row.state))
    return [
        {
            "label": words,
            "state": "done" if n < here or row.state == State.CLOSED else "current" if n == here else "todo",
            "words": State(row.state).label if n == here and row.state in aside else "",
        }
        for n, (_state, words) in enumerate(PATH)
    ]


def _facts(row: Application, person: Any, wanted: Any) -> list[dict[str, Any]]:
    matter = Matter(row.matter)
    facts = [
        {"label": _("state"), "value": row.get_state_display()},
        {"label": _("handler"), "value": row.handler.name if row.handler else _("nobody yet")},
        {"label": _("agency"), "value": row.agency.name},
        {"label": _("matter"), "value": matter.label if matter is not Matter.INFORMATION else ""},
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
    return [
        *facts,
        *({"label": label, "value": value} for label, value in personal.facts(person)),
        {"label": _("form"), "value": personal.FORMS.get(wanted.form, "")},
        {"label": _("way"), "value": personal.WAYS.get(wanted.way, "")},
        {"label": _("information wanted"), "value": wanted.excerpt, "wide": True},
    ]


def _alike(actor: Actor, row: Application) -> dict[str, Any] | None:
    """What wants the same, or may hold it, before the answer is decided; the reasons are a link away."""
    if row.matter != Matter.INFORMATION or row.state not in _UNDECIDED:
        return None
    cases, items = likeness.of(actor, row), likeness.published(row)
    if not cases and not items:
        return None
    same = sum(each.same_applicant for each in cases)
    url = reverse("applications:alike", args=[row.pk])
    return {"cases": len(cases), "same": same, "items": len(items), "url": url}


def _many(row: Application) -> dict[str, Any] | None:
    """The alert above the free items of a month; what it means is for a person to find."""
    count = excess.alert(row)
    if not count:
        return None
    day = row.received_on or row.arrived_on
    return {
        "count": count,
        "year": day.year,
        "month": day.month,
        "free": excess.FREE_ITEMS,
        "law": excess.LAW,
        "url": reverse("applications:same_applicant", args=[row.pk]),
    }


def _notes(rows: Sequence[CaseEvent]) -> list[dict[str, Any]]:
    return [
        {"on": row.at, "who": row.person.name if row.person else "", "text": events.words(row)}
        for row in rows
        if row.type == "note"
    ]


def _joined(row: Application) -> list[dict[str, Any]]:
    """What belongs to this case: cases split off, joined or answered anew, and the item that came of it."""
    anew = relations.is_anew(row)
    parts = [
        (_("Handled together with"), [each for each in relations.joined(row) if each != row]),
        (_("Answers anew, as ordered") if anew else _("Split off from"), [row.origin] if row.origin else []),
        (_("Came of this case"), list(row.offspring.order_by("number"))),
    ]
    found = [{"title": title, "rows": [_linked(each) for each in cases]} for title, cases in parts if cases]
    items = [
        beside.Linked(each.item.index_number or _("draft"), reverse("disclosure:item", args=[each.item_id]))
        for each in row.conversions.select_related("item")
    ]
    return [*found, {"title": _("Proposed for proactive disclosure"), "rows": items}] if items else found


def _linked(case: Application) -> beside.Linked:
    where = reverse("applications:case", args=[case.pk])
    return beside.Linked(case.number, where, str(case.get_state_display()))


def _timeline(row: Application, rows: Sequence[CaseEvent], see: bool) -> list[dict[str, Any]]:
    named = {each.data["to"] for each in rows if each.type == "assigned"}
    people = {str(pk): name for pk, name in Person.objects.filter(pk__in=named).values_list("pk", "name")}
    return [_entry(each, see, people) for each in rows]


def _entry(row: CaseEvent, see: bool, people: dict[str, str]) -> dict[str, Any]:
    own = acts.OWN_EVENTS.get(row.type)
    words = events.words(row) if see and row.type not in _OWN_PARTS else ""
    if row.type == "assigned":
        to = _("to %(name)s") % {"name": people.get(row.data["to"], "")}
        words = f"{to}：{words}" if words else to
    entry = {
        "when": row.on,
        "title": own if own is not None else EventType(row.type).label,
        "who": row.person.name if row.person else _("online") if row.type in _ONLINE else _("by itself"),
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


def letter_without_text(row: Letter) -> dict[str, Any]:
    """The context of applications/letter.html once its text was destroyed: what is counted and filed stays."""
    sent = getattr(row, "dispatch", None)
    return {
        "title": wording.TEMPLATES[row.kind].title,
        "number": row.number,
        "destroyed": sealing.DESTROYED,
        "facts": [
            {
                "label": _("application"),
                "value": row.application.number,
                "url": reverse("applications:case", args=[row.application_id]),
            },
            {"label": _("state"), "value": verdicts.standing(row)},
            {"label": _("dated"), "value": row.dated},
            {"label": _("sent"), "value": sent.on if sent else None},
            {"label": _("how"), "value": sent.get_way_display() if sent else ""},
        ],
    }


def _files(row: Application) -> list[dict[str, Any]]:
    """The files of the case, of those that are handled together with it, and of the one that it comes from."""
    found = []
    for case in (row, *(relations.readable(row) if not row.lead_id else ()), *relations.before(row)):
        wanted = personal.request(case)
        found += [
            {
                "name": intake.given_name(each, wanted),
                "url": reverse("applications:file", args=[case.pk, each.pk]),
                "kind": each.file.extension,
                "size": each.file.size,
                "note": case.number if case != row else "",
            }
            for each in storage.attached(KIND, case.pk)
        ]
    return found
