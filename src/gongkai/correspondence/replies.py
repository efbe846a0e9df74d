"""Formal replies: begin, write, send. Nothing is answered without one that three people cleared (S23)."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.papers import in_chinese
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.correspondence import documents, happenings, procedure, writer
from gongkai.correspondence.models import Matter, MatterEvent, Reply
from gongkai.correspondence.procedure import Event, Kind
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.review import drafts
from gongkai.review.models import Draft
from gongkai.review.submission import live_release

KIND = "reply"
WAYS = {
    "web": gettext_lazy("to be read with number and query code"),
    "post": gettext_lazy("by post"),
    "hand": gettext_lazy("handed over"),
    "email": gettext_lazy("by e-mail"),
    "phone": gettext_lazy("told by telephone, the document kept ready"),
    "platform": gettext_lazy("on the platform of the sender"),
    "document": gettext_lazy("by official document exchange"),
}
EMPTY: dict[str, Any] = {
    "title": "", "to_writer": False, "addressee": "", "body": "", "contact": "", "phone": "", "copies": ""
}  # fmt: skip


@in_chinese
def opening(matter: Matter) -> dict[str, Any]:
    """The first draft of a reply: title and addressee as each kind of matter asks for."""
    about = matter.title or str(matter.get_topic_display())
    if matter.kind == Kind.ASSIGNED:
        said = {"title": f"关于{about}办理情况的报告", "addressee": matter.source}
    elif matter.kind == Kind.MAILBOX:
        said = {"title": f"关于{about}来信的答复", "to_writer": True}
    elif matter.kind == Kind.COMPLAINT:
        said = {"title": f"关于{about}的答复", "to_writer": True}
    else:
        said = {"title": f"关于{about}有关情况的复函", "addressee": matter.source}
    return EMPTY | said | {"contact": matter.agency.disclosure_office, "phone": matter.agency.phone}


def begin(actor: Actor, matter: Matter, content: dict[str, Any] | None = None) -> tuple[Reply, Draft]:
    """Begin the formal reply to a matter in hand; content: what is known of it. Raises Refused."""
    require(actor, "correspondence.handle", matter.agency)
    try:
        with transaction.atomic():
            held = happenings.held(matter)
            happenings.refuse_partial(actor, held)
            procedure.step(held.kind, held.state, Event.CLEARED)
            said = opening(held) | (content or {})
            refuse(held, said)
            reply = Reply.objects.create(matter=held, agency=held.agency, begun_at=clock.now())
            draft = drafts.save(actor, KIND, reply.pk, held.agency, said, version=0)
            chain.record(
                "correspondence.reply_begun",
                actor.who,
                agency=held.agency_id,
                subject=(KIND, reply.pk),
                matter=str(held.pk),
            )
    except IntegrityError as error:
        raise Refused(_("A reply to this matter has been begun already.")) from error
    return reply, draft


def save(actor: Actor, reply: Reply, content: dict[str, Any], *, version: int) -> Draft:
    """Save the draft as typed. Raises Refused (also where it names the writer), Overtaken."""
    require(actor, "correspondence.handle", reply.agency)
    happenings.refuse_partial(actor, reply.matter)
    if reply.number:
        raise Refused(_("This reply is approved and numbered; begin a new one instead."))
    refuse(reply.matter, content)
    return drafts.save(actor, KIND, reply.pk, reply.agency, EMPTY | content, version=version)


def refuse(matter: Matter, content: dict[str, Any]) -> None:
    """Refuse the writer's particulars in a text: the name is put on the paper when it is made."""
    writer.refuse_particulars(matter, *(str(value) for value in content.values() if isinstance(value, str)))


def open_reply(matter: Matter) -> Reply | None:
    """The reply that is being written, reviewed or waits to be sent."""
    return matter.replies.filter(dispatched_on__isnull=True, recalled=False).first()


def dispatch(actor: Actor, reply: Reply, *, way: str, on: date | None = None) -> MatterEvent:
    """Send an approved reply: the matter is answered on that day (default today). Raises Refused.

    way: a key of WAYS. The documents are made here if they are missing, so nothing is sent that does not exist.
    """
    if way not in WAYS:
        raise Refused(_("Choose the way from the list."))
    day = on or clock.today()
    if reply.release_id and not documents.made(reply):
        documents.make(reply)
    with transaction.atomic():
        matter = happenings.held(reply.matter)
        happenings.permit(actor, matter, Event.DISPATCHED)
        locked = Reply.objects.select_for_update().get(pk=reply.pk)
        release = live_release(KIND, locked.pk)
        if release is None or locked.recalled or locked.dated is None:
            raise Refused(_("Only a reply that three people approved is sent."))
        if locked.dispatched_on:
            raise Refused(_("This reply was sent already."))
        if not locked.dated <= day <= clock.today():
            raise Refused(_("It is sent on or after the date of the document, and not in the future."))
        locked.dispatched_on = day
        locked.save(update_fields=["dispatched_on"])
        row = happenings.write(
            actor.who,
            matter,
            Event.DISPATCHED,
            person=actor.person,
            on=day,
            data={"way": way, "reply": str(locked.pk), "number": locked.number},
        )
    reply.refresh_from_db()
    return row


def document(actor: Actor, row: Attachment, matter: Matter) -> bytes:
    """The bytes of a document of a reply, for staff, with a journal entry. Raises Refused."""
    require(actor, "correspondence.read", matter.agency)
    happenings.refuse_partial(actor, matter)
    with transaction.atomic():
        chain.record(
            "correspondence.document_opened",
            actor.who,
            agency=matter.agency_id,
            subject=("matter", matter.pk),
            extension=row.file.extension,
        )
    return documents.read(row)
