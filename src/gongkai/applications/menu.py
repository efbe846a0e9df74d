"""Navigation and inbox of the room."""

from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor, agencies_for
from gongkai.applications import assigning, conversion, ledger, relations, sending_menu
from gongkai.applications.acts import ACTS
from gongkai.applications.models import LETTER, Application, Letter, State
from gongkai.applications.wording import TEMPLATES
from gongkai.journal import clock
from gongkai.review.models import ReviewState

SHOWN = 200


def waiting(actor: Actor) -> list[Waiting]:
    """Cases that wait for this person, and letters to write or to send: see `assigning.concerns`."""
    if not any(a.role in assigning.SEATS for a in actor.appointments):
        return []
    return [*_cases(actor), *_letters(actor), *_wishes(actor)]


def _mine_first(actor: Actor, handler: str) -> Case:
    return Case(When(**{handler: actor.person}, then=0), default=1)


def _cases(actor: Actor) -> list[Waiting]:
    rows = relations.in_lists(Application.objects.filter(assigning.concerns(actor))).filter(
        Q(state__in=(State.REGISTERED, State.PROCESSING, State.ANSWERED)) | lapsed()
    )
    rows = rows.select_related("agency", "handler").order_by(_mine_first(actor, "handler"), "first_due")
    return [
        Waiting(
            kind=_("application"),
            title=row.number,
            step=_step(actor, ledger.STEPS[State(row.state)], row),
            url=reverse("applications:case", args=[row.pk]),
            agency=row.agency,
            due_on=row.first_due if row.state != State.ANSWERED else None,
            since=row.registered_at,
            number=row.number,
        )
        for row in rows[:SHOWN]
    ]


def _step(actor: Actor, words: object, row: Application) -> object:
    """The step, with how many cases are handled together; for the head and for who stands in, whose case it is."""
    if others := getattr(row, "others", 0):
        words = gettext("%(step)s, along with %(n)d more") % {"step": words, "n": others}
    if row.handler is None or row.handler_id == actor.person.pk:
        return words
    return gettext("%(step)s (with %(name)s)") % {"step": words, "name": row.handler.name}


def lapsed() -> Q:
    """Cases whose term for a correction or a payment has passed: a person decides, nothing closes by itself."""
    return Q(state__in=(State.CORRECTING, State.PAYING), waits_until__lt=clock.today())


def _letters(actor: Actor) -> list[Waiting]:
    running = ReviewState.objects.filter(subject_kind=LETTER, state__in=ReviewState.OPEN).values("subject_id")
    rows = (
        Letter.objects.filter(assigning.concerns(actor, "application__"), dropped=False, sent_on__isnull=True)
        .exclude(pk__in=running)
        .select_related("application__handler", "agency")
        .prefetch_related("endorsements")
        .order_by(_mine_first(actor, "application__handler"), "application__due_on")[:SHOWN]
    )
    return [
        Waiting(
            kind=_("letter"),
            title=f"{TEMPLATES[row.kind].title} {row.number or row.application.number}",
            step=_step(actor, sending_menu.next_step(row), row.application),
            url=reverse("applications:letter", args=[row.pk]),
            agency=row.agency,
            due_on=row.application.due_on,
            since=row.created_at,
            number=row.number or row.application.number,
        )
        for row in rows
    ]


def _wishes(actor: Actor) -> list[Waiting]:
    """What several were given, or what an applicant suggested: to be considered for proactive disclosure (art. 44)."""
    seats = {a.agency_id for a in actor.appointments if a.role in assigning.SEATS}
    agencies = list(agencies_for(actor, ACTS["convert"].right).filter(pk__in=seats))
    told = conversion.suggested(agencies)
    found = [
        _wish(row.application, gettext("the applicant suggests proactive disclosure: consider it"))
        for row in told
    ]
    named = {row.application_id for row in told}
    wishes = [each for agency in agencies for each in conversion.lately(agency)]
    latest = Application.objects.select_related("agency").in_bulk([each["latest"] for each in wishes])
    for each in wishes:
        if each["latest"] not in named:
            step = gettext("%(n)d applicants were given the same: consider proactive disclosure")
            found.append(_wish(latest[each["latest"]], step % {"n": each["applicants"]}))
    return found[:SHOWN]


def _wish(case: Application, step: str) -> Waiting:
    return Waiting(
        kind=_("wish for proactive disclosure"),
        title=case.number,
        step=step,
        url=reverse("applications:alike", args=[case.pk]),
        agency=case.agency,
        number=case.number,
    )


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(_("Applications"), _("Applications"), "applications:list", "application.read", 30),
        Link(_("Applications"), _("Load and punctuality"), "applications:load", ledger.LOAD, 31, seldom=True),
        Link(_("Applications"), _("Table three, live"), "applications:year", "application.read", 31),
        Link(
            _("Applications"),
            _("Wishes of several"),
            "applications:wishes",
            "application.convert",
            36,
            seldom=True,
        ),
        Link(_("Applications"), _("Letters"), "applications:letters", "application.read", 32),
        Link(_("Applications"), _("Find an applicant"), "applications:find", "application.personal", 34),
        Link(
            _("Applications"),
            _("Satisfaction"),
            "applications:satisfaction",
            "application.read",
            36,
            seldom=True,
        ),
        Link(
            _("Applications"),
            _("Found without applying"),
            "applications:diverted",
            "application.read",
            37,
            seldom=True,
        ),
        Link(
            _("Applications"),
            _("Wordings of letters"),
            "applications:wordings",
            "wording.read",
            39,
            seldom=True,
        ),
        Link(_("Administration"), _("Sub-reasons"), "applications:sub_reasons", "configuration.edit", 94),
        Link(
            _("Applications"), _("Moved due days"), "applications:moved", "application.read", 38, seldom=True
        ),
    )
    navigation.provide("applications", waiting)
