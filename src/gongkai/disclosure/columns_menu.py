"""Navigation and inbox of the catalogue: columns, standard catalogues, projects."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor
from gongkai.disclosure import column_state, projects, standards
from gongkai.disclosure.models import Project
from gongkai.journal import clock

SHOWN = 50
# A column stands in the inbox from so long before its next update is due.
AHEAD = timedelta(days=14)


def lacking(actor: Actor) -> list[Waiting]:
    """Open projects of a clerk's agencies that break a rule of disclosure by stages."""
    seats = [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]
    if not seats:
        return []
    rows = Project.objects.filter(agency__in=seats, closed_on=None).select_related("agency")
    found = []
    for row in rows.prefetch_related("items", "postings")[:SHOWN]:
        if wrong := projects.breaches(row):
            found.append(
                Waiting(
                    kind=_("project"),
                    title=row.name,
                    step=wrong[0].words,
                    url=reverse("disclosure:project", args=[row.pk]),
                    agency=row.agency,
                )
            )
    return found


def due_columns(actor: Actor) -> list[Waiting]:
    """Columns that the actor's agencies keep and that are empty, or whose next update is near or overdue."""
    seats = [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]
    if not seats:
        return []
    found = []
    for row in column_state.rows().filter(active=True, agency__in=seats)[:SHOWN]:
        due = column_state.due(row, row.last)
        if row.held and (due is None or due > clock.today() + AHEAD):
            continue
        found.append(
            Waiting(
                kind=_("column"),
                title=row.name,
                step=_("update the column") if row.held else _("publish into the empty column"),
                url=f"{reverse('disclosure:items')}?column={row.pk}",
                agency=row.agency,
                due_on=due,
            )
        )
    return found


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(_("Disclosure"), _("Projects by stages"), "disclosure:projects", projects.READ, 25, seldom=True),
        Link(
            _("Public site"),
            _("Standard catalogues"),
            "disclosure:standards",
            standards.READ,
            57,
            seldom=True,
        ),
        Link(_("Public site"), _("Columns"), "disclosure:columns", column_state.READ, 57),
    )
    navigation.provide("projects", lacking)
    navigation.provide("columns", due_columns)
