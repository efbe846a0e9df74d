"""Redaction before the review: a new version of an attachment, a picture or the text takes the place of the old.

What goes is gone from the new version (rulebook 6.4: irreversible, the original in the closed store); the three
people then review exactly what will be public. Nothing that was released changes.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from gongkai import screening
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.disclosure import body
from gongkai.disclosure import content as contents
from gongkai.disclosure.kind import PLACES
from gongkai.disclosure.models import Item
from gongkai.files import cleaning, storage
from gongkai.files.models import Attachment
from gongkai.review import drafts, screening_rules
from gongkai.review.models import Draft
from gongkai.screening import redaction
from gongkai.screening.redaction import Order, Removed, Target


def chosen(item: Item) -> list[Attachment]:
    """The files of the draft: its attachments in their order, then the pictures of its text."""
    draft = drafts.draft_of(contents.KIND, item.pk)
    if draft is None:
        return []
    wanted = [UUID(pk) for pk in draft.content.get("attachments", [])]
    wanted += body.pictures(draft.content.get("body", ""))
    own = {row.pk: row for row in storage.attached(contents.KIND, item.pk)}
    return [own[pk] for pk in dict.fromkeys(wanted) if pk in own]


def redact(actor: Actor, item: Item, old: Attachment, order: Order) -> Attachment:
    """Put a version without what is ordered to go in the place of a file of the draft. Raises Refused, Overtaken.

    The draft keeps the old one where anything fails.
    """
    require(actor, "item.draft", item.agency)
    draft = _draft(item)
    outcome = cleaning.redact(old, order)
    new = cleaning.replace(actor, old, outcome)
    said = draft.content | {
        "attachments": [
            str(new.pk) if pk == str(old.pk) else pk for pk in draft.content.get("attachments", [])
        ],
        "body": draft.content.get("body", "").replace(_address(old), _address(new)),
    }
    drafts.save(actor, contents.KIND, item.pk, item.agency, said, version=draft.version)
    return new


def _address(row: Attachment) -> str:
    return f"/workbench/files/{row.pk}/"


def _draft(item: Item) -> Draft:
    draft = drafts.draft_of(contents.KIND, item.pk)
    if draft is None:
        raise Refused(_("This item has no draft."))
    return draft


def _texts(draft: Draft) -> dict[str, str]:
    """The plain fields of a draft by their names for people."""
    return {words: str(draft.content.get(name, "")) for name, words in PLACES.items()}


def survey_text(draft: Draft) -> tuple[Target, ...]:
    """What could be taken out of the text of a draft."""
    return redaction.survey_body(draft.content.get("body", ""), _texts(draft))


def redact_text(actor: Actor, item: Item, order: Order, *, version: int) -> tuple[Removed, ...]:
    """Take what is ordered out of title, fields and text of the draft. Raises Refused, Overtaken."""
    require(actor, "item.draft", item.agency)
    draft = _draft(item)
    made, texts, removed = redaction.redact_body(draft.content.get("body", ""), _texts(draft), order)
    if not removed:
        raise Refused(_("Nothing of what you chose stands in the text."))
    said = draft.content | {"body": made} | {name: texts[words] for name, words in PLACES.items()}
    drafts.save(actor, contents.KIND, item.pk, item.agency, said, version=version)
    return removed


def screened(item: Item, row: Attachment) -> screening.Result:
    """What screening says of a file of the draft, by the rules under which it would be submitted."""
    draft = drafts.draft_of(contents.KIND, item.pk)
    column = str(draft.content.get("column", "")) if draft else ""
    rules = screening_rules.rules_for(item.agency, column)
    return screening.screen_file(storage.read(row.file_id), row.name, rules=rules)
