"""What the review puts into the inbox."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor, agencies_for
from gongkai.review import manifests, referrals, subjects
from gongkai.review.manifests import ManifestKind
from gongkai.review.models import STEPS, Manifest, Referral, Release, ReviewState
from gongkai.review.roles import STEP_ROLES

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
        if number > 1:
            # What was referred upward waits for its answer, and stands in the inbox as that.
            found = found.exclude(revision__in=_unanswered())
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


def _unanswered() -> Any:
    return Referral.objects.filter(answer__isnull=True).values("revision")


def referred(actor: Actor) -> list[Waiting]:
    """Referrals whose answer those who may enter it wait for; the term for disclosure runs on, and is told."""
    seats = [
        a.agency_id
        for a in actor.appointments
        if a.role in (Role.HANDLER, Role.REVIEWER, Role.DISCLOSURE_HEAD)
    ]
    rows = Referral.objects.filter(
        revision__agency__in=seats, answer__isnull=True, revision__state__state__in=ReviewState.OPEN
    ).select_related("revision__agency", "revision__state")
    return [
        Waiting(
            kind=subjects.kind_of(row.revision.subject_kind).label,
            title=row.revision.title,
            step=referrals.term(row.revision.state.due_on),
            url=reverse("review:page", args=[row.revision_id]),
            agency=row.revision.agency,
            due_on=row.revision.state.due_on,
            since=row.at,
        )
        for row in rows.order_by("sent_on")[:SHOWN]
    ]


def listed(actor: Actor) -> list[Waiting]:
    """Import manifests that nobody has submitted, that came back, or of which something could not go out: for who began
    them, and the handlers of the agency."""
    seats = [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]
    mine = Q(agency__in=seats) | Q(created_by=actor.person, agency__in=agencies_for(actor, "review.draft"))
    own = ReviewState.objects.filter(subject_kind=manifests.KIND, subject_id=OuterRef("pk"))
    inside = ReviewState.objects.filter(state=ReviewState.State.LISTED, revision__batch=OuterRef("pk"))
    rows = (
        Manifest.objects.filter(mine)
        .annotate(
            running=Exists(own.filter(state__in=ReviewState.OPEN)),
            back=Exists(own.filter(state=ReviewState.State.RETURNED)),
            approved=Exists(Release.objects.filter(subject_kind=manifests.KIND, subject_id=OuterRef("pk"))),
            inside=Exists(inside),
        )
        .filter(Q(approved=False, running=False, inside=True) | Q(approved=True) & ~Q(stuck={}))
        .select_related("agency")
    )
    return [
        Waiting(
            kind=ManifestKind.label,
            title=row.name,
            step=_manifest_step(row),
            url=reverse("review:manifest", args=[row.pk]),
            agency=row.agency,
            since=row.created_at,
        )
        for row in rows.order_by("created_at")[:SHOWN]
    ]


def _manifest_step(row: Any) -> object:
    if row.approved:
        return _("some items could not be released: see why, then try again")
    return _("it was returned: mend it and submit it again") if row.back else _("submit it for approval")


def register() -> None:
    """The room's entries of the navigation; called once, from its AppConfig.ready."""
    navigation.add(
        Link(
            _("Review and screening"),
            _("Referrals upward"),
            "review:referrals",
            "review.read",
            26,
            seldom=True,
        ),
        Link(_("Review and screening"), _("Leading group"), "review:rosters", "review.read", 27, seldom=True),
    )
