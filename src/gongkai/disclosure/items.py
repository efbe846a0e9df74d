"""Use cases of an item before it reaches the review: begin, file as not public, re-examine."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import NUMBER, Option
from gongkai.agencies.policy import Actor, Refused, grant, head, oversees, require, staff, three
from gongkai.disclosure import content as contents
from gongkai.disclosure import varieties
from gongkai.disclosure.models import AttributeDecision, Item
from gongkai.files import cleaning, storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.review import drafts
from gongkai.review.models import Draft, ReviewState, Revision
from gongkai.rulebook import catalogue
from gongkai.rulebook.norms import cite

grant("item.read", staff | oversees, gettext_lazy("see the items of this agency"))
grant("item.draft", three | head, gettext_lazy("draft items for this agency"))
EXAMINATION = "withheld_examination_months"
options.declare(
    Option(
        EXAMINATION, gettext_lazy("Proactive disclosure"),
        gettext_lazy("Months until withheld information is examined again"), NUMBER, 12,
        words=gettext_lazy("What was withheld is examined regularly; what need no longer be withheld is disclosed."),
        least=1, most=60, law=cite("regulation", 18),
    )
)  # fmt: skip


def begin(
    actor: Actor, agency: Agency, content: dict[str, Any], *, origin: tuple[str, UUID | None] = ("", None)
) -> tuple[Item, Draft]:
    """A new item with its first draft. origin: (kind, id) of the case it came from (art. 44). Raises Refused."""
    require(actor, "item.draft", agency)
    said = contents.EMPTY | content
    with transaction.atomic():
        item = Item.objects.create(
            agency=agency,
            **_shown(said),
            created_by=actor.person,
            created_at=clock.now(),
            origin_kind=origin[0],
            origin_id=origin[1],
        )
        draft = drafts.save(actor, contents.KIND, item.pk, agency, said, version=0)
        varieties.saved(item, said)
        chain.record("item.begun", actor.who, agency=agency.pk, subject=(contents.KIND, item.pk))
    return item, draft


def save(actor: Actor, item: Item, content: dict[str, Any], *, version: int) -> Draft:
    """Save the draft as typed, and the title the lists show while nothing is public. Raises Refused, Overtaken."""
    said = contents.EMPTY | content
    draft = drafts.save(actor, contents.KIND, item.pk, item.agency, said, version=version)
    if item.live_id is None and item.state == Item.State.DRAFT:
        Item.objects.filter(pk=item.pk).update(**_shown(said))
        varieties.saved(item, said)
    return draft


def _shown(said: dict[str, Any]) -> dict[str, Any]:
    """What lists and inbox show of an item that is still in drafting."""
    return {
        "title": said["title"].strip()[:300] or _("untitled"),
        "attribute": said["attribute"],
        "variety": varieties.of(said).code,
        "document_number": said["document_number"][:80],
        "formed_on": contents.day(said["formed_on"]),
    }


def file_closed(actor: Actor, item: Item, *, attribute: str, ground: str, reason: str) -> AttributeDecision:
    """File an item as open on application only, or withheld, with ground and reason; it never goes to release.

    The next examination falls a year later unless the agency says otherwise (art. 18 gives no interval).
    Raises Refused.
    """
    require(actor, "item.draft", item.agency)
    if attribute not in (contents.ON_APPLICATION, contents.WITHHELD):
        raise Refused(_("Choose “on application” or “withheld”."))
    if attribute == contents.WITHHELD and ground not in catalogue.GROUNDS:
        raise Refused(
            _("Name the ground on which the item is withheld."), "《政府信息公开条例》第十四条至第十六条"
        )
    if not reason.strip():
        raise Refused(_("Give the reason: a choice not to disclose needs one."), "《政府信息公开条例》第五条")
    today = clock.today()
    months = options.read(item.agency, EXAMINATION)
    with transaction.atomic():
        held = Item.objects.select_for_update().get(pk=item.pk)
        if held.state == Item.State.PUBLIC:
            raise Refused(_("This item is public: withdraw it first."))
        running = ReviewState.objects.filter(
            subject_kind=contents.KIND, subject_id=item.pk, state__in=ReviewState.OPEN
        )
        if running.exists():
            raise Refused(_("A review of this item is running: take it back first."))
        row = AttributeDecision.objects.create(
            item=held,
            attribute=attribute,
            ground=ground,
            reason=reason.strip()[:500],
            person=actor.person,
            on=today,
            next_examination=months_later(today, months),
        )
        held.state = Item.State.WITHHELD
        held.attribute = attribute
        held.save(update_fields=["state", "attribute"])
        chain.record(
            "item.closed",
            actor.who,
            agency=item.agency_id,
            subject=(contents.KIND, item.pk),
            covers=[row],
            attribute=attribute,
            ground=ground,
        )
    return row


def months_later(day: date, months: int) -> date:
    """The same day so many months on; at most the 28th, which every month has."""
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, 28))


def discard(actor: Actor, item: Item) -> None:
    """Remove an item that was begun and never submitted. Raises Refused where it was."""
    require(actor, "item.draft", item.agency)
    with transaction.atomic():
        if Revision.objects.filter(subject_kind=contents.KIND, subject_id=item.pk).exists():
            raise Refused(_("This item was submitted for review; it stays on record."))
        Draft.objects.filter(subject_kind=contents.KIND, subject_id=item.pk).delete()
        Attachment.objects.filter(owner_kind=contents.KIND, owner_id=item.pk).delete()
        chain.record("item.discarded", actor.who, agency=item.agency_id, subject=(contents.KIND, item.pk))
        Item.objects.filter(pk=item.pk).delete()


def attach(
    actor: Actor, item: Item, data: bytes, name: str, *, tell: Callable[[str], None] | None = None
) -> Attachment:
    """Add a file to the draft; why its properties stayed, if they did, is said to `tell`. Raises Refused with the reason."""
    require(actor, "item.draft", item.agency)
    row = _stored(actor, item, data, name, "attachment", tell)
    _change_files(actor, item, lambda chosen: [*chosen, str(row.pk)])
    return row


def picture(actor: Actor, item: Item, data: bytes, name: str) -> Attachment:
    """Store a picture for the text. Raises Refused where it is not one that web pages show."""
    require(actor, "item.draft", item.agency)
    if storage.accept(data, name).extension not in storage.PICTURES:
        raise Refused(
            _("“%(name)s” is not a picture that web pages show (PNG, JPEG, GIF, WebP).") % {"name": name}
        )
    return _stored(actor, item, data, name, "picture")


def detach(actor: Actor, item: Item, attachment: UUID) -> None:
    """Take a file off the draft; revisions and releases keep it by digest."""
    require(actor, "item.draft", item.agency)
    _change_files(actor, item, lambda chosen: [pk for pk in chosen if pk != str(attachment)])


def _stored(
    actor: Actor,
    item: Item,
    data: bytes,
    name: str,
    purpose: str,
    tell: Callable[[str], None] | None = None,
) -> Attachment:
    return cleaning.attach(
        data,
        name,
        who=actor.who,
        agency=item.agency,
        owner=(contents.KIND, item.pk),
        purpose=purpose,
        tell=tell,
        person=actor.person,
    )


def _change_files(actor: Actor, item: Item, change: Callable[[list[str]], list[str]]) -> None:
    draft = drafts.draft_of(contents.KIND, item.pk)
    if draft is None:
        raise Refused(_("This item has no draft."))
    said = draft.content | {"attachments": change(list(draft.content.get("attachments", [])))}
    drafts.save(actor, contents.KIND, item.pk, item.agency, said, version=draft.version)
