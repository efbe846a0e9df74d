"""A released letter that the law on remedies overtook before it went out returns to review (rulebook 5.7).

It keeps its decision, its words and its files. Its number stays in the series, void; when three people have
released it again, with the notice of the law in force, it gets another.
"""

from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.applications import events, letters, partial
from gongkai.applications.acts import ACTS
from gongkai.applications.letterkind import still_the_law
from gongkai.applications.models import KIND, LETTER, Letter
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.review import drafts
from gongkai.review.submission import content_of
from gongkai.rulebook.remedies import RemedyError


def overtaken(letter: Letter) -> str:
    """Why a released letter may not go out under the law of today, in words; empty where it may."""
    if letter.release is None or letter.dropped or hasattr(letter, "dispatch"):
        return ""
    content = content_of(letter.release.digest)
    try:
        if content is not None:
            still_the_law(letter, content, clock.today())
    except Refused as refusal:
        return refusal.message
    except RemedyError as error:
        return str(error)
    return ""


def return_to_review(actor: Actor, letter: Letter) -> Letter:
    """The letter anew, as a draft with the same words and files; the old one is given up. Raises Refused."""
    require(actor, ACTS[letter.act].right, letter.agency)
    with transaction.atomic():
        events.lock(letter.application_id)
        rows = Letter.objects.select_for_update(of=("self",))
        held = rows.select_related("application", "agency", "decision", "release").get(pk=letter.pk)
        if not overtaken(held):
            raise Refused(_("No other law of remedies has come between: this letter needs no new review."))
        draft = letters.draft_of(held)
        fresh = Letter.objects.create(
            id=uuid4(),
            application=held.application,
            agency=held.agency,
            kind=held.kind,
            act=held.act,
            terms=held.terms,
            decision=held.decision,
            wording=held.wording,
            created_by=actor.person,
            created_at=clock.now(),
        )
        going = _taken_over(actor, held, fresh, draft.content["attachments"])
        said = letters.opened(draft.content)
        own = letters.paragraphs(held.kind, draft.content)
        drafts.save(actor, LETTER, fresh.pk, held.agency, letters.content(fresh, said, going, own), version=0)
        letters.drop(actor, held, gettext_lazy("the law on remedies changed before it was sent"))
        chain.record(
            "letter.renewed",
            actor.who,
            agency=held.agency_id,
            subject=(KIND, held.application_id),
            letter=str(fresh.pk),
            kind=fresh.kind,
            instead_of=str(held.pk),
        )
    return fresh


def _taken_over(actor: Actor, old: Letter, fresh: Letter, going: list[str]) -> list[str]:
    """Copy the files of a letter to the one that takes its place; those of them that go out, in their order."""
    rows = Attachment.objects.filter(
        owner_kind=LETTER,
        owner_id=old.pk,
        purpose__in=(partial.ENCLOSURE, partial.REDACTED, partial.ORIGINAL),
    )
    copies = {
        str(row.pk): storage.attach(
            storage.read(row.file_id, case_key=row.case_key),
            row.name,
            who=actor.who,
            agency=old.agency,
            owner=(LETTER, fresh.pk),
            purpose=row.purpose,
            person=actor.person,
            case_key=row.case_key,
        )
        for row in rows.order_by("uploaded_at", "pk")
    }
    return [str(copies[pk].pk) for pk in going if pk in copies]
