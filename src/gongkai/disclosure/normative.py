"""The register of normative documents (行政规范性文件), from which the report's table two counts."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.disclosure.content import day
from gongkai.disclosure.models import Item, NormativeDocument, NormativeEvent
from gongkai.journal import chain, clock, outbox


def register(item: Item, content: dict[str, object]) -> None:
    """Enter an item marked as normative document, inside its release; a second release changes its title only."""
    if not content["normative"]:
        return
    NormativeDocument.objects.update_or_create(
        agency=item.agency,
        document_number=item.document_number,
        defaults={
            "item": item,
            "title": item.title,
            "issued_on": item.formed_on,
            "effective_on": day(str(content["effective_on"])) or item.formed_on,
        },
    )


def happen(actor: Actor, document: NormativeDocument, kind: str, *, on: date, paper: str) -> NormativeEvent:
    """Enter that a document was repealed, declared invalid or amended. Raises Refused."""
    require(actor, "item.draft", document.agency)
    if kind not in NormativeEvent.Kind.values:
        raise Refused(_("Choose what happened to the document."))
    if not paper.strip():
        raise Refused(_("Name the document by which this happened."))
    if on < document.issued_on:
        raise Refused(_("That day lies before the document was issued."))
    with transaction.atomic():
        row = NormativeEvent.objects.create(
            document=document, kind=kind, on=on, paper=paper.strip(), person=actor.person, at=clock.now()
        )
        chain.record(
            "normative.event",
            actor.who,
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
    for event in document.events.filter(on__lte=on).order_by("on", "pk"):
        state = event.kind
    return state


def counts(agency: Agency, year: int) -> dict[str, dict[str, int]]:
    """Per kind: made and repealed in the year, and in force at its end (31 December)."""
    end = date(year, 12, 31)
    ended = (NormativeEvent.Kind.REPEALED, NormativeEvent.Kind.INVALID)
    answer = {}
    for kind in NormativeDocument.Kind.values:
        rows = NormativeDocument.objects.filter(agency=agency, kind=kind)
        gone = rows.filter(events__kind__in=ended, events__on__lte=end).distinct()
        answer[kind] = {
            "made": rows.filter(issued_on__year=year).count(),
            "repealed": rows.filter(events__kind__in=ended, events__on__year=year).distinct().count(),
            "in_force": rows.filter(issued_on__lte=end).exclude(pk__in=gone.values("pk")).count(),
        }
    return answer
