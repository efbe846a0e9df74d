"""What the writer sees and does with number and query code: progress, the reply, satisfaction."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Refused
from gongkai.correspondence import documents, happenings, terms
from gongkai.correspondence.handling import REDIRECTIONS
from gongkai.correspondence.models import Grade, Matter, MatterEvent, Reply
from gongkai.correspondence.procedure import Event
from gongkai.files import codes
from gongkai.files.models import Attachment
from gongkai.journal import chain

# Names of staff, internal notes and proposals stay inside.
_SHOWN = {
    Event.REGISTERED, Event.ASSIGNED, Event.EXTENDED, Event.REDIRECTED, Event.DISPATCHED, Event.REOPENED,
    Event.CLOSED, Event.RATED,
}  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """A matter as its writer sees it. deadline: context of a deadline; entries: of the time line; replies:
    sent replies with their documents; grade: the latest grade or empty."""

    matter: Matter
    deadline: dict[str, Any]
    entries: list[dict[str, Any]]
    replies: list[tuple[Reply, list[Attachment]]]
    grade: str
    may_rate: bool


def find(number: str, code: str) -> Matter:
    """The matter of a number and query code. Raises Refused with one sentence for both wrong."""
    print_of = codes.typed(number, code)
    # Only rows with a code stand in the index.
    rows = Matter.objects.exclude(code_print="").select_related("agency")
    row = rows.filter(code_print=print_of).first() if print_of else None
    if row is None:
        raise Refused(_("No letter has this number and query code; compare both with your receipt."))
    return row


def progress(number: str, code: str) -> Progress:
    """What the writer may see. Raises Refused."""
    matter = find(number, code)
    events = list(matter.events.filter(kind__in=_SHOWN).order_by("n"))
    sent = matter.replies.filter(dispatched_on__isnull=False).select_related("matter__agency", "release")
    return Progress(
        matter=matter,
        deadline=terms.deadline(matter),
        entries=[_entry(row) for row in events],
        replies=[(reply, documents.made(reply)) for reply in sent],
        grade=latest_grade(matter),
        may_rate=matter.answered_on is not None and _may_rate(matter),
    )


def _may_rate(matter: Matter) -> bool:
    last = matter.events.filter(kind__in=(Event.DISPATCHED, Event.RATED)).order_by("-n").first()
    return last is not None and last.kind == Event.DISPATCHED


def _entry(row: MatterEvent) -> dict[str, Any]:
    titles = {
        Event.REGISTERED: _("Received and registered"),
        Event.ASSIGNED: _("Being handled"),
        Event.EXTENDED: _("Term extended"),
        Event.REDIRECTED: _("Referred"),
        Event.DISPATCHED: _("Answered"),
        Event.REOPENED: _("Being handled again"),
        Event.CLOSED: _("Closed"),
        Event.RATED: _("You rated the answer"),
    }
    detail = ""
    if row.kind == Event.REDIRECTED:
        detail = f"{REDIRECTIONS[row.data['to']]}。{row.words}"
    elif row.kind == Event.EXTENDED:
        detail = _("%(n)d working days more: %(why)s") % {"n": row.data["days"], "why": row.words}
    elif row.kind == Event.DISPATCHED:
        detail = row.data["number"]
    elif row.kind == Event.RATED:
        detail = str(Grade(row.data["grade"]).label)
    return {"when": row.on, "title": titles[Event(row.kind)], "detail": detail}


def latest_grade(matter: Matter) -> str:
    """The latest grade of a matter, empty where there is none."""
    row = matter.events.filter(kind=Event.RATED).order_by("-n").first()
    return row.data["grade"] if row else ""


def rate(number: str, code: str, grade: str) -> MatterEvent:
    """The writer's grade, once for each answer. Raises Refused."""
    if grade not in Grade.values:
        raise Refused(_("Choose one of the three grades."))
    matter = find(number, code)
    with transaction.atomic():
        held = happenings.held(matter)
        if held.answered_on is None or not _may_rate(held):
            raise Refused(_("An answer is rated once, after it was sent."))
        return happenings.write(happenings.WEB, held, Event.RATED, data={"grade": grade, "by": "writer"})


def document(number: str, code: str, attachment: UUID) -> tuple[Attachment, bytes]:
    """A document of a sent reply, for its writer, with a journal entry. Raises Refused."""
    found = progress(number, code)
    rows = {row.pk: row for _reply, files in found.replies for row in files}
    if attachment not in rows:
        raise Refused(_("This letter has no such document."))
    with transaction.atomic():
        chain.record(
            "correspondence.document_read",
            happenings.WEB,
            agency=found.matter.agency_id,
            subject=("matter", found.matter.pk),
            extension=rows[attachment].file.extension,
        )
    return rows[attachment], documents.read(rows[attachment])
