"""Navigation and inbox of the room."""

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import REVIEWERS, Agency, Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor, agencies_for
from gongkai.disclosure import standards
from gongkai.supervision import pages, shortfalls
from gongkai.supervision.models import Entry, Kind

SHOWN = 200


def waiting(actor: Actor) -> list[Waiting]:
    """Open entries that wait for this person: by name, or because the step is that of their role."""
    readable = agencies_for(actor, "ledger.read")
    if not actor.appointments:
        return []
    wanted = _wanted(actor)
    if not wanted:
        return []
    rows = (
        Entry.objects.filter(wanted, closed_as="", agency__in=readable)
        .select_related("agency")
        # Entries of one kind share it, so that its definition is read once.
        .prefetch_related("kind")
        .order_by("due_on", "created_at")[:SHOWN]
    )
    return [
        Waiting(
            kind=entry.kind.name,
            title=entry.subject,
            step=_next_step(entry),
            url=pages.page_of(entry) or reverse("supervision:entry", args=[entry.pk]),
            agency=entry.agency,
            due_on=entry.due_on,
            since=entry.created_at,
            number=entry.number,
        )
        for entry in rows
    ]


def _next_step(entry: Entry) -> str:
    what = entry.kind.definition
    role = what.state(entry.state).waits_for
    moves = [move for move in what.moves_from(entry.state) if role in move.by]
    # What is decided on a page of its own has no step of the ledger.
    return moves[0].label if moves else str(_("decide on what was found"))


def _wanted(actor: Actor) -> Q:
    """Which entries wait for the actor, over all kinds and states; an empty Q where none can."""
    seats: dict[str, list[Agency]] = {}
    for appointment in actor.appointments:
        seats.setdefault(appointment.role, []).append(appointment.agency)
    heads = seats.get(Role.DISCLOSURE_HEAD, [])
    whom: dict[str, Q] = {
        # Who is named as responsible, or the head where nobody is.
        "responsible": Q(responsible=actor.person) | Q(responsible=None, agency__in=heads),
        "staff": Q(agency__in=seats.get(Role.HANDLER, [])),
        "lead": Q(agency__in=heads),
        "principal": Q(agency__in=seats.get(Role.APPROVER, [])),
        "issuer": Q(agency__in=heads, issuer__in=heads),
    }
    three = [agency for role in REVIEWERS for agency in seats.get(role, [])]
    whom["releasers"] = Q(agency__in=three)
    for seat in seats.get(Role.SUPERVISOR, []):
        below = Q(agency__path__startswith=seat.path)
        issued = Q(issuer__path__startswith=seat.path)
        whom["supervisor"] = whom.get("supervisor", Q(pk=None)) | below
        whom["releasers"] |= below
        # An agency's own entry waits for its own head, not for the supervisor above.
        whom["issuer"] |= issued & ~Q(issuer=F("agency"))
    wanted = Q()
    for kind in Kind.objects.all():
        by_role: dict[str, list[str]] = {}
        for state in kind.definition.states:
            if state.waits_for in whom and not state.end:
                by_role.setdefault(state.waits_for, []).append(state.code)
        for role, states in by_role.items():
            wanted |= Q(kind=kind, state__in=states) & whom[role]
    return wanted


def shortfalls_below(actor: Actor) -> list[Waiting]:
    """What is owed to the public in the agencies that a supervisor oversees: one row an agency, which leads to its
    findings, to the coverage where only entries of standard catalogues are missing, or to the one finding there is."""
    seats = [seat.agency for seat in actor.appointments if seat.role == Role.SUPERVISOR]
    below = Q()
    for seat in seats:
        below |= Q(agency__path__startswith=seat.path)
    if not seats:
        return []
    # Of an agency whose own head this is, each finding waits already.
    own = [seat.agency for seat in actor.appointments if seat.role == Role.DISCLOSURE_HEAD]
    open_ones = Entry.objects.filter(below, kind=shortfalls.KIND, closed_as="").exclude(agency__in=own)
    open_ones = open_ones.select_related("agency")
    by_agency: dict[Agency, list[Entry]] = {}
    for entry in open_ones.order_by("due_on", "created_at")[:SHOWN]:
        by_agency.setdefault(entry.agency, []).append(entry)
    return [_owed(agency, entries) for agency, entries in by_agency.items()]


def _owed(agency: Agency, entries: list[Entry]) -> Waiting:
    first = entries[0]
    if len(entries) == 1:
        title, url = first.subject, reverse("supervision:entry", args=[first.pk])
    elif all(entry.fields["sort"] == shortfalls.STANDARD for entry in entries):
        title = str(_("Standard catalogues: entries missing in %(n)d fields") % {"n": len(entries)})
        url = reverse("supervision:coverage_of", args=[agency.pk]) + "?state=missing"
    else:
        title = str(_("%(n)d findings of what is not published") % {"n": len(entries)})
        url = reverse("supervision:ledger", args=[shortfalls.KIND])
        url += f"?agency={agency.pk}&closed_as=open"
    return Waiting(
        kind=_("not published"),
        title=title,
        step=_("see that it is mended, or say that nothing need be done"),
        url=url,
        agency=agency,
        due_on=first.due_on,
        since=first.created_at,
        number=first.number if len(entries) == 1 else "",
    )


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    group = _("Supervision")
    navigation.add(
        Link(group, _("Tasks"), "supervision:tasks", "ledger.read", 60),
        Link(group, _("Plan of the year"), "supervision:plan", "ledger.read", 61, seldom=True),
        Link(group, _("Training"), "supervision:training", "ledger.read", 62, seldom=True),
        Link(group, _("Accountability"), "supervision:accountability", "ledger.read", 63, seldom=True),
        Link(group, _("Ledger"), "supervision:overview", "ledger.read", 64),
        Link(
            group,
            _("Coverage of the standard catalogues"),
            "supervision:coverage",
            standards.READ,
            63,
            seldom=True,
        ),
        Link(group, _("Kinds of entries"), "supervision:kinds", "configuration.edit", 65, seldom=True),
    )
    navigation.provide("ledger", waiting)
    navigation.provide("shortfalls", shortfalls_below)
