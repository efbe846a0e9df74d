"""What the review puts into the inbox."""

from django.urls import reverse

from gongkai.agencies.navigation import Waiting
from gongkai.agencies.policy import Actor
from gongkai.review import subjects
from gongkai.review.approvals import STEP_ROLES
from gongkai.review.models import STEPS, ReviewState

# A person's inbox shows no more of one step; the rest follows as these are done.
SHOWN = 200


def provide(actor: Actor) -> list[Waiting]:
    """The revisions whose next step this actor may take, soonest due first."""
    rows = []
    for number, role in STEP_ROLES.items():
        seats = [a.agency for a in actor.appointments if a.role == role]
        if not seats:
            continue
        found = ReviewState.objects.filter(agency__in=seats, state=f"step{number}").exclude(
            revision__approvals__person=actor.person
        )
        if number > 1:
            found = found.exclude(revision__editors__person=actor.person)
        for row in found.select_related("revision", "agency").order_by("due_on")[:SHOWN]:
            rows.append(
                Waiting(
                    kind=subjects.kind_of(row.subject_kind).label,
                    title=row.revision.title,
                    step=STEPS[number],
                    url=reverse("review:page", args=[row.revision_id]),
                    agency=row.agency,
                    due_on=row.due_on,
                    since=row.changed_at,
                )
            )
    return rows
