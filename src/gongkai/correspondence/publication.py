"""Publishing question and answer of an answered letter, without personal data; the writer may have said no."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.correspondence import procedure, writer
from gongkai.correspondence.models import Matter, Publication
from gongkai.correspondence.procedure import Event, Kind, State
from gongkai.review import drafts, releases
from gongkai.review.models import Draft, Withdrawal
from gongkai.review.submission import content_of, live_release

KIND = "answered_letter"
EMPTY: dict[str, Any] = {"title": "", "question": "", "answer": ""}


def hindrance(matter: Matter) -> str:
    """Why question and answer of this matter cannot be published, as one sentence; empty where they can."""
    if (Kind(matter.kind), State(matter.state), Event.PUBLISHED) not in procedure.TABLE:
        return _("Only an answered letter or media-line matter is published.")
    if not matter.may_publish:
        return _("The writer did not agree to publication.")
    return ""


def begin(actor: Actor, matter: Matter, content: dict[str, Any]) -> Draft:
    """The first draft of a publication: title, question and answer, all without personal data. Raises Refused."""
    return save(actor, matter, content, version=0)


def save(actor: Actor, matter: Matter, content: dict[str, Any], *, version: int) -> Draft:
    """Save the draft as typed. Raises Refused (also where it names the writer), Overtaken."""
    require(actor, "correspondence.handle", matter.agency)
    if reason := hindrance(matter):
        raise Refused(reason)
    said = {name: str(content.get(name, "")) for name in EMPTY}
    writer.refuse_particulars(matter, *said.values())
    return drafts.save(actor, KIND, matter.pk, matter.agency, said, version=version)


def withdraw(actor: Actor, matter: Matter, *, reason: str, note: str = "") -> Withdrawal:
    """Take a published question and answer off the public at once. Raises Refused."""
    release = live_release(KIND, matter.pk)
    if release is None:
        raise Refused(_("This is not public any more."))
    return releases.withdraw(actor, release, reason=reason, note=note)


def withdrawal_of(matter_id: UUID) -> Withdrawal | None:
    """The latest withdrawal of a publication, for the page that remains."""
    rows = Withdrawal.objects.filter(release__subject_kind=KIND, release__subject_id=matter_id)
    return rows.order_by("-pk").first()


def letters(agencies: Iterable[Agency] | None = None) -> QuerySet[Publication]:
    """What is public now, newest first; of these agencies only, where given."""
    rows = Publication.objects.filter(live__isnull=False).select_related("agency", "live", "matter")
    return rows if agencies is None else rows.filter(agency__in=agencies)


def page_of(matter_id: UUID) -> tuple[Publication, dict[str, Any] | None]:
    """A publication and its page context; None for the context where it was withdrawn. Raises DoesNotExist."""
    row = Publication.objects.select_related("agency", "live").get(pk=matter_id)
    content = content_of(row.live.digest) if row.live else None
    return row, shown(content, row.agency) if content is not None else None


def shown(content: dict[str, Any], agency: Agency) -> dict[str, Any]:
    """The frozen content as templates take it: texts as paragraphs, days as dates."""
    return {
        "title": content["title"],
        "kind": Kind(content["kind"]).label,
        "question": _paragraphs(content["question"]),
        "answer": _paragraphs(content["answer"]),
        "received_on": date.fromisoformat(content["received_on"]),
        "answered_on": date.fromisoformat(content["answered_on"]),
        "days": content["days"],
        "agency": agency,
    }


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
