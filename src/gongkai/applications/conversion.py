"""From an answer to proactive disclosure (art. 44): what one applicant got, all may read.

An answered case becomes an item draft with one click; it goes through the three reviews like any other. What
tells of the applicant does not go along: paragraphs and file names that hold it are left out, and counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.applications import events, letters, likeness, personal, rendering, suggesting
from gongkai.applications.acts import ACTS, demand
from gongkai.applications.models import (
    KIND,
    Application,
    CaseEvent,
    Conversion,
    DeclinedWish,
    Letter,
    Likeness,
)
from gongkai.disclosure import content as contents
from gongkai.disclosure import items
from gongkai.disclosure.models import Item
from gongkai.files import storage
from gongkai.journal import chain, clock
from gongkai.review.submission import content_of
from gongkai.rulebook.norms import cite

# Outcomes by which information was given.
GIVEN = ("provided", "partly_provided")
# What a letter says of the information itself, by kind of letter.
TOLD = ("information_list", "opened_part")
LAW = cite("regulation", 44)
# So many of the newest answers of an agency are looked through for wishes of several, at each view of an inbox.
NEWEST = 200
# So long a suggestion stands in the inbox; the list of wishes keeps it.
WAITS = timedelta(days=366)
# The title of an item drawn from a request, without the words of asking.
_TITLE = 60

options.declare(
    options.Option(
        "wishes_proposed_from",
        gettext_lazy("Proactive disclosure"),
        gettext_lazy("Applicants from whom on a wish is proposed for proactive disclosure"),
        options.NUMBER,
        2,
        gettext_lazy("So many different applicants were given the same information (art. 44)."),
        least=2,
        most=50,
        law=LAW,
    )
)


@dataclass(frozen=True)
class Converted:
    """The item drafted from a case; left_out: paragraphs and files that told of a person."""

    item: Item
    left_out: int


def refuse_unless_given(case: Application) -> Letter:
    """The answer by which information was given. Raises Refused, with the way out."""
    done = case.conversions.select_related("item").first()
    if done is not None:
        words = _("This case was proposed already, as the item “%(title)s”: go on there.")
        raise Refused(words % {"title": done.item.title}, LAW)
    answer = (
        Letter.objects.filter(application__in=[case.pk, case.lead_id], act="answer", dispatch__isnull=False)
        .select_related("release", "agency", "application")
        .first()
    )
    if answer is None or case.outcome not in GIVEN:
        words = _("No information was given in this case; enter an item under “Items” instead.")
        raise Refused(words, LAW)
    return answer


def convert(actor: Actor, case: Application) -> Converted:
    """Draft an item from what was given in an answered case (art. 44). Raises Refused with the way out."""
    answer = refuse_unless_given(case)
    files = [
        (row.name, storage.read(row.file_id, case_key=row.case_key)) for row in rendering.enclosures(answer)
    ]
    private = facts(case)
    with transaction.atomic():
        held = events.lock(case.pk)
        demand(actor, held, "convert")
        refuse_unless_given(held)
        said, left_out = _content(held, answer, private)
        item, _draft = items.begin(actor, held.agency, said, origin=(KIND, held.pk))
        row = Conversion.objects.create(application=held, item=item, person=actor.person, at=clock.now())
        events.write(held, "converted", clock.today(), actor, covers=[row], item=str(item.pk))
        for n, (name, data) in enumerate(files, start=1):
            named = name
            if _tells(name, private):
                named, left_out = f"附件{n}{PurePath(name).suffix}", left_out + 1
            items.attach(actor, item, data, named)
    return Converted(item, left_out)


def facts(case: Application) -> frozenset[str]:
    """The texts that tell of the people of a case: names, numbers, addresses; none shorter than two characters."""
    person = personal.person(case)
    found = {text for text in _texts(vars(person).values()) if len(text) >= 2}
    return frozenset(found - set(personal.IDENTITIES))


def _texts(values: Iterable[object]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value.strip()
        elif isinstance(value, tuple | list):
            yield from _texts(value)
        elif hasattr(value, "__dict__"):
            yield from _texts(vars(value).values())


def _tells(text: str, private: frozenset[str]) -> bool:
    squeezed = "".join(text.split())
    return any("".join(each.split()) in squeezed for each in private)


def _content(case: Application, answer: Letter, private: frozenset[str]) -> tuple[dict[str, object], int]:
    request = personal.request(case)
    content = content_of(answer.release.digest) if answer.release else None
    if content is None:
        raise Refused(_("The text of this answer was erased; enter an item under “Items” instead."), LAW)
    elements = letters.opened(content).elements
    lines = [line.strip() for name in TOLD for line in elements.get(name, "").splitlines() if line.strip()]
    kept = [line for line in lines if not _tells(line, private)]
    named = next((text for text in (request.title, *kept) if text and not _tells(text, private)), "")
    title = named.strip("《》")[:_TITLE]
    said = {
        "title": title,
        "body": "".join(f"<p>{escape(line)}</p>" for line in kept),
        "attribute": contents.PROACTIVE,
        "document_number": "" if _tells(request.number, private) else request.number,
        "source": "依申请公开转主动公开",
    }
    return said, len(lines) - len(kept)


def wishes(agencies: Iterable[object]) -> QuerySet[Likeness, dict[str, Any]]:
    """What several applicants were given, as rows of agency, print, applicants, cases, latest (application id),
    converted and declined.

    The same wish is the same wording but for boilerplate, width and punctuation; what is only alike is shown on
    the page of each case.
    """
    mine = {"agency": OuterRef("agency"), "print": OuterRef("print")}
    given = Likeness.objects.filter(
        agency__in=agencies, application__outcome__in=GIVEN, application__answered_on__isnull=False
    ).exclude(print=likeness.nothing())
    latest = Likeness.objects.filter(application__answered_on__isnull=False, **mine).order_by("-pk")
    done = Conversion.objects.filter(
        application__likeness__print=OuterRef("print"), application__agency=OuterRef("agency")
    )
    return (
        given.values("agency", "print")
        .annotate(applicants=Count("application__identity_print", distinct=True), cases=Count("pk"))
        .annotate(
            latest=Subquery(latest.values("application")[:1], output_field=UUIDField()),
            converted=Exists(done),
            declined=Exists(DeclinedWish.objects.filter(**mine)),
        )
        .order_by("-applicants", "-cases", "print")
    )


def proposed(agency: Agency) -> QuerySet[Likeness, dict[str, Any]]:
    """The wishes of an agency that are neither converted nor declined, from the number of applicants on that it set."""
    least = options.read(agency, "wishes_proposed_from")
    return wishes([agency.pk]).filter(applicants__gte=least, converted=False, declined=False)


def several(agencies: Sequence[object]) -> QuerySet[Likeness, dict[str, Any]]:
    """The wishes of more than one applicant, and those whose applicant suggested it (art. 44(2))."""
    told = CaseEvent.objects.filter(type=suggesting.EVENT, application__agency__in=agencies)
    marks = list(told.values_list("application__likeness__print", flat=True).distinct())
    return wishes(agencies).filter(Q(applicants__gte=2) | Q(print__in=marks))


def lately(agency: Agency) -> list[dict[str, Any]]:
    """Of the wishes proposed in an agency, those that the newest answers met: for the inbox, which asks at each
    view and counts no more than these."""
    newest = Application.objects.filter(agency=agency, outcome__in=GIVEN, answered_on__isnull=False)
    keys = list(newest.order_by("-answered_on", "-number").values_list("pk", flat=True)[:NEWEST])
    marks = Likeness.objects.filter(application__in=keys).exclude(print=likeness.nothing())
    return list(proposed(agency).filter(print__in=list(marks.values_list("print", flat=True).distinct())))


def suggested(agencies: Sequence[object]) -> list[CaseEvent]:
    """The applicants' suggestions of a year that nobody considered yet (art. 44(2)), the oldest first."""
    # Asked by themselves first: along the agency, every case of it would be looked through.
    newest = CaseEvent.objects.filter(type=suggesting.EVENT, on__gte=clock.today() - WAITS)
    keys = list(newest.order_by().values_list("pk", flat=True))
    rows = (
        CaseEvent.objects.filter(pk__in=keys, application__agency__in=agencies)
        .exclude(application__conversions__isnull=False)
        .select_related("application__agency", "application__likeness")
        .order_by("pk")
    )
    found = list(rows)
    marks = {each.pk: _mark(each.application) for each in found}
    declined = set(
        DeclinedWish.objects.filter(agency__in=agencies, print__in=set(marks.values())).values_list(
            "agency", "print"
        )
    )
    return [each for each in found if (each.application.agency_id, marks[each.pk]) not in declined]


def _mark(case: Application) -> str:
    """By what a wish is known; a case that is in no index, or whose wish tells nothing, is known by itself."""
    row = getattr(case, "likeness", None)
    return row.print if row is not None and row.print != likeness.nothing() else f"case:{case.pk.hex}"


def decline(actor: Actor, case: Application, reason: str) -> DeclinedWish:
    """Say that what is wanted here is not to be disclosed proactively, and why; it is not proposed again.

    Raises Refused.
    """
    require(actor, ACTS["convert"].right, case.agency)
    if not reason.strip():
        raise Refused(_("Say why this is not to be disclosed proactively."), LAW)
    with transaction.atomic():
        row = DeclinedWish.objects.create(
            agency=case.agency,
            print=_mark(case),
            reason=reason.strip()[:500],
            person=actor.person,
            at=clock.now(),
        )
        chain.record(
            "application.wish_declined",
            actor.who,
            agency=case.agency_id,
            subject=(KIND, case.pk),
            covers=[row],
        )
    return row
