"""The register of policy documents (规章、行政规范性文件、其他政策文件): their validity, and what the report's table two counts."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency, Person
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.disclosure.content import day
from gongkai.disclosure.models import Item, NormativeDocument, NormativeEvent
from gongkai.journal import chain, clock, outbox
from gongkai.journal.chain import Who

ENDED = (NormativeEvent.Kind.REPEALED, NormativeEvent.Kind.INVALID)
# What the yearly report counts; other policy documents stand in the register for their validity alone.
COUNTED = (NormativeDocument.Kind.RULES.value, NormativeDocument.Kind.NORMATIVE.value)
LAPSED = "有效期届满"
# So many documents lapse in one sweep; the next one takes the rest.
SWEPT = 500


def register(item: Item, content: Mapping[str, Any]) -> None:
    """Enter an item marked as normative document, inside its release; a second release changes its title only."""
    if content["normative"]:
        enter(item, content, {})


def enter(item: Item, content: Mapping[str, Any], more: Mapping[str, Any]) -> NormativeDocument:
    """Enter a released item with its days, inside its release. more: further columns of the row."""
    row, _made = NormativeDocument.objects.update_or_create(
        agency=item.agency,
        document_number=item.document_number,
        defaults={
            "item": item,
            "title": item.title,
            "issued_on": item.formed_on,
            "effective_on": day(str(content["effective_on"])) or item.formed_on,
            **more,
        },
    )
    return row


def happen(
    actor: Actor, document: NormativeDocument, kind: str, *, on: date, paper: str, by: Item | None = None
) -> NormativeEvent:
    """Enter that a document was repealed, declared invalid or amended. by: the paper, where it is an item that is
    public here. Raises Refused."""
    require(actor, "item.draft", document.agency)
    if kind not in NormativeEvent.Kind.values:
        raise Refused(_("Choose what happened to the document."))
    if by is not None and by.state != Item.State.PUBLIC:
        raise Refused(_("The document by which this happened is not public here: name it in words."))
    if by is not None and by.pk == document.item_id:
        raise Refused(_("A document does not end or amend itself."))
    if not paper.strip():
        raise Refused(_("Name the document by which this happened."))
    if on < document.issued_on:
        raise Refused(_("That day lies before the document was issued."))
    with transaction.atomic():
        return write(actor.who, actor.person, document, kind, on=on, paper=paper.strip(), by=by)


def write(
    who: Who,
    person: Person,
    document: NormativeDocument,
    kind: str,
    *,
    on: date,
    paper: str,
    by: Item | None = None,
) -> NormativeEvent:
    """Write what happened to a document, inside the caller's transaction, which has asked the policy. person: who
    decided it."""
    row = NormativeEvent.objects.create(
        document=document, kind=kind, on=on, paper=paper[:300], by=by, person=person, at=clock.now()
    )
    chain.record(
        "normative.event",
        who,
        agency=document.agency_id,
        subject=("normative", document.pk),
        covers=[row],
        kind=kind,
    )
    if document.item_id:
        outbox.emit("item.changed", item=str(document.item_id))
    return row


def validity(document: NormativeDocument, on: date) -> str:
    """How the document stands on a day: pending, valid, amended, repealed or invalid."""
    state = "valid" if (document.effective_on or document.issued_on) <= on else "pending"
    # In order here, not in the database, so that a list can fetch the events of many documents at once.
    for event in sorted(document.events.all(), key=lambda row: (row.on, row.pk)):
        if event.on <= on:
            state = event.kind
    if state not in ENDED and document.expires_on is not None and document.expires_on < on:
        return str(NormativeEvent.Kind.INVALID.value)
    return state


def lapse() -> int:
    """Enter that documents have lapsed whose period of validity is over; how many. The sweeper's task.

    They lapse by the text that was approved, so the leader who approved it stands in the row.
    """
    today = clock.today()
    over = NormativeDocument.objects.filter(expires_on__lt=today, item__live__isnull=False)
    over = over.exclude(Exists(NormativeEvent.objects.filter(document=OuterRef("pk"), kind__in=ENDED)))
    done = 0
    for pk in list(over.order_by("expires_on", "pk").values_list("pk", flat=True)[:SWEPT]):
        with transaction.atomic():
            row = NormativeDocument.objects.select_for_update(of=("self",)).get(pk=pk)
            if row.events.filter(kind__in=ENDED).exists() or row.expires_on is None or row.item is None:
                continue
            leader = approver_of(row.item)
            if leader is not None:
                on = row.expires_on + timedelta(days=1)
                write(chain.SWEEPER, leader, row, NormativeEvent.Kind.INVALID, on=on, paper=LAPSED)
                done += 1
    return done


def bring_to_the_day(since: date, today: date) -> int:
    """Tell of the public documents whose standing changed with the days after `since` up to `today`: they came into
    force, lapsed, or what was entered for such a day holds now. How many were told."""
    days = (since + timedelta(days=1), today)
    changed = NormativeDocument.objects.filter(
        Q(effective_on__range=days)
        | Q(effective_on=None, issued_on__range=days)
        | Q(expires_on__range=(since, today - timedelta(days=1)))
        | Exists(NormativeEvent.objects.filter(document=OuterRef("pk"), on__range=days)),
        item__live__isnull=False,
    )
    told = list(changed.order_by("pk").values_list("item", flat=True))
    for item in told:
        with transaction.atomic():
            outbox.emit("item.changed", item=str(item))
    return len(told)


def approver_of(item: Item) -> Person | None:
    """The leader who approved what is public of an item."""
    if item.live is None:
        return None
    # What came in by a manifest was approved with it.
    approved = item.live.manifest or item.live.revision
    third = approved.approvals.filter(step=3).select_related("person").order_by("-pk").first()
    return third.person if third else None


def counts(agency: Agency, year: int) -> dict[str, dict[str, int]]:
    """Per kind: made and repealed in the year, and in force at its end (31 December)."""
    end = date(year, 12, 31)
    answer = {}
    for kind in COUNTED:
        rows = NormativeDocument.objects.filter(agency=agency, kind=kind)
        gone = rows.filter(events__kind__in=ENDED, events__on__lte=end).distinct()
        answer[kind] = {
            "made": rows.filter(issued_on__year=year).count(),
            "repealed": rows.filter(events__kind__in=ENDED, events__on__year=year).distinct().count(),
            "in_force": rows.filter(issued_on__lte=end).exclude(pk__in=gone.values("pk")).count(),
        }
    return answer
