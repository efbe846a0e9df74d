"""Redaction before the review: a new version of an attachment, a picture or the text takes the place of the old.

What goes is gone from the new version (rulebook 6.4: irreversible, the original in the closed store); the three
people then review exactly what will be public. Nothing that was released changes.
"""

import copy
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import lxml.html
from django.utils.translation import gettext as _

from gongkai import screening
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.disclosure import body, varieties
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
    for html in _bodies(draft.content).values():
        wanted += body.pictures(html)
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

    def instead(chosen: list[str]) -> list[str]:
        return [str(new.pk) if pk == str(old.pk) else pk for pk in chosen]

    said = _with_bodies(
        draft.content,
        {name: html.replace(_address(old), _address(new)) for name, html in _bodies(draft.content).items()},
    )
    said |= {"attachments": instead(draft.content.get("attachments", []))}
    for code, more in _by_type(said).items():
        more |= {name: instead(more[name]) for name in _type(code).files if more.get(name)}
    drafts.save(actor, contents.KIND, item.pk, item.agency, said, version=draft.version)
    return new


def _address(row: Attachment) -> str:
    return f"/workbench/files/{row.pk}/"


def _draft(item: Item) -> Draft:
    draft = drafts.draft_of(contents.KIND, item.pk)
    if draft is None:
        raise Refused(_("This item has no draft."))
    return draft


def _by_type(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The further fields of a draft by type: of its own, and what is set aside from others, which may come back."""
    return (content.get("set_aside") or {}) | {str(content.get("variety", "")): content.get("more") or {}}


def _type(code: str) -> varieties.Variety:
    return varieties.of({"variety": code})


def _bodies(content: dict[str, Any]) -> dict[str, str]:
    """The HTML of a draft: its text under an empty name, the further texts of each type under type and name."""
    return {"": str(content.get("body", ""))} | {
        f"{code}/{name}": str(more.get(name) or "")
        for code, more in _by_type(content).items()
        for name in _type(code).bodies
    }


def _with_bodies(content: dict[str, Any], bodies: dict[str, str]) -> dict[str, Any]:
    said = {"more": {}} | copy.deepcopy(content) | {"body": bodies[""]}
    for code, more in _by_type(said).items():
        more |= {name: bodies[f"{code}/{name}"] for name in _type(code).bodies if name in more}
    return said


def _together(bodies: dict[str, str]) -> str:
    """All texts as one, each in a section of its own, so that what goes from one goes from all."""
    return "".join(f"<section>{html}</section>" for html in bodies.values())


def _apart(html: str, names: Iterable[str]) -> dict[str, str]:
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    parts = [
        (part.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in part)
        for part in root
    ]
    return dict(zip(names, parts, strict=True))


def _texts(draft: Draft) -> dict[str, str]:
    """The plain fields of a draft by their names for people, those of its type too, and those set aside."""
    own = {words: str(draft.content.get(name, "")) for name, words in PLACES.items()}
    return own | {
        place: str(more.get(name, ""))
        for code, more in _by_type(draft.content).items()
        for name, place in _places(draft, code).items()
    }


def _places(draft: Draft, code: str) -> dict[str, str]:
    """Where the plain further fields of a type stand, in words; of what is set aside, with the type it is of."""
    if code == str(draft.content.get("variety", "")):
        return dict(_type(code).texts)
    return {name: f"{words}（{_type(code).label}，未采用）" for name, words in _type(code).texts.items()}


def survey_text(draft: Draft) -> tuple[Target, ...]:
    """What could be taken out of the text of a draft."""
    return redaction.survey_body(_together(_bodies(draft.content)), _texts(draft))


def redact_text(actor: Actor, item: Item, order: Order, *, version: int) -> tuple[Removed, ...]:
    """Take what is ordered out of title, fields and text of the draft. Raises Refused, Overtaken."""
    require(actor, "item.draft", item.agency)
    draft = _draft(item)
    bodies = _bodies(draft.content)
    made, texts, removed = redaction.redact_body(_together(bodies), _texts(draft), order)
    if not removed:
        raise Refused(_("Nothing of what you chose stands in the text."))
    said = _with_bodies(draft.content, _apart(made, bodies))
    said |= {name: texts[words] for name, words in PLACES.items()}
    for code, more in _by_type(said).items():
        more |= {name: texts[place] for name, place in _places(draft, code).items() if name in more}
    drafts.save(actor, contents.KIND, item.pk, item.agency, said, version=version)
    return removed


def screened(item: Item, row: Attachment) -> screening.Result:
    """What screening says of a file of the draft, by the rules under which it would be submitted."""
    draft = drafts.draft_of(contents.KIND, item.pk)
    column = str(draft.content.get("column", "")) if draft else ""
    rules = screening_rules.rules_for(item.agency, column)
    return screening.screen_file(storage.read(row.file_id), row.name, rules=rules)
