"""The content of an item as people write it: fields, requirements, and how it is read.

The JSON object of a draft: title, summary, body (HTML), attribute, ground, reason, column (code),
five_open, formed_on (ISO), document_number, theme, genre, keywords, source, how_obtained, holding_form,
effective_on, standard (code of the standard entry that it answers), project_point (<project>/<point>),
normative (bool), attachments ([attachment id]), variety, more and set_aside (see `varieties`). Frozen, attachments are
[{digest, name, size, media_type, extension}] and pictures stand in the body by digest.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from gongkai.disclosure import body, varieties
from gongkai.disclosure.models import Column, Item, StandardEntry
from gongkai.files.models import Attachment
from gongkai.journal import clock
from gongkai.review.models import Draft
from gongkai.review.subjects import Problem
from gongkai.rulebook import catalogue

KIND = "item"
TEXTS = (
    "title", "summary", "body", "attribute", "ground", "reason", "column", "five_open", "formed_on",
    "document_number", "theme", "genre", "keywords", "source", "how_obtained", "holding_form", "effective_on",
    "standard", "project_point",
)  # fmt: skip
LONGEST = {
    "title": 300,
    "summary": 1000,
    "document_number": 80,
    "keywords": 200,
    "source": 100,
    "reason": 500,
}
PROACTIVE, ON_APPLICATION, WITHHELD = (attribute.value for attribute in catalogue.DisclosureAttribute)
FIVE_OPEN = {entry.code: entry.label for entry in catalogue.FIVE_DISCLOSURES}
ATTRIBUTES = {attribute.value: attribute.label for attribute in catalogue.DisclosureAttribute}

EMPTY: dict[str, Any] = dict.fromkeys(TEXTS, "") | {
    "normative": False,
    "attachments": [],
    "variety": "",
    "more": {},
    "set_aside": {},
}


def day(text: str) -> date | None:
    """A day from an ISO text; None where there is none or it is not one."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def problems(draft: Draft) -> list[Problem]:
    """What keeps this item from being submitted for release; each with its cure."""
    said = EMPTY | draft.content
    found: list[Problem] = []

    def need(field: str, message: str, wrong: bool) -> None:
        if wrong:
            found.append(Problem(field, message))

    need(
        "",
        _("This item is filed as not public: examine it again first, and open it there (art. 18)."),
        Item.objects.filter(pk=draft.subject_id, state=Item.State.WITHHELD).exists(),
    )
    need("title", _("Give the item a title."), not said["title"].strip())
    need("summary", _("Give a summary of one or two sentences (art. 12)."), not said["summary"].strip())
    need(
        "body",
        _("Write the text, or attach a file."),
        not body.text_lines(said["body"]) and not said["attachments"],
    )
    formed = day(said["formed_on"])
    need(
        "formed_on",
        _("Give the day on which the information was formed or obtained (art. 12)."),
        formed is None,
    )
    need(
        "formed_on",
        _("The day of forming lies in the future."),
        formed is not None and formed > clock.today(),
    )
    need(
        "attribute",
        _("Mark the disclosure attribute: without it nothing leaves the handler."),
        said["attribute"] not in (PROACTIVE, ON_APPLICATION, WITHHELD),
    )
    need(
        "attribute",
        _("Only what is marked for proactive disclosure goes to release; file the rest as not public."),
        said["attribute"] in (ON_APPLICATION, WITHHELD),
    )
    need(
        "column",
        _("Choose the column of the catalogue."),
        not Column.objects.filter(code=said["column"], active=True).exists(),
    )
    need(
        "document_number",
        _("A normative document needs its document number."),
        bool(said["normative"]) and not said["document_number"].strip(),
    )
    for field, length in LONGEST.items():
        need(field, _("Shorten this to %(n)d characters.") % {"n": length}, len(said[field]) > length)
    return found + varieties.of(said).problems(said["more"], draft)


def freeze(draft: Draft) -> dict[str, Any]:
    """The content as it is frozen: cleaned body, pictures and attachments by digest."""
    said = EMPTY | draft.content
    own = {
        row.pk: row
        for row in Attachment.objects.filter(
            owner_kind=KIND, owner_id=draft.subject_id, agency=draft.agency
        ).select_related("file")
    }

    def picture(pk: UUID) -> str | None:
        return own[pk].file_id if pk in own else None

    frozen = {name: said[name].strip() for name in TEXTS if name != "body"}
    frozen["body"] = body.freeze(said["body"], picture)
    frozen["normative"] = bool(said["normative"])
    frozen["attachments"] = [
        {
            "digest": own[pk].file_id,
            "name": own[pk].name,
            "size": own[pk].file.size,
            "media_type": own[pk].file.media_type,
            "extension": own[pk].file.extension,
        }
        for pk in map(UUID, said["attachments"])
        if pk in own
    ]
    further = varieties.freeze(said, picture, lambda pk: own[pk].name if pk in own else "")
    return frozen | further | _original(draft.subject_id)


def _original(pk: UUID) -> dict[str, Any]:
    """Where and when an imported item was public before: what its import kept, never what was typed (I9)."""
    item = Item.objects.filter(pk=pk).only("origin_address", "first_published_on").first()
    if item is None or not (item.origin_address or item.first_published_on):
        return {}
    day = item.first_published_on
    return {"original": {"address": item.origin_address, "published_on": day.isoformat() if day else ""}}


def original(content: dict[str, Any]) -> tuple[str, str]:
    """(address, day as ISO text) at which a frozen content was public before it came here; both may be empty."""
    said = content.get("original") or {}
    return said.get("address", ""), said.get("published_on", "")


def original_words(content: dict[str, Any]) -> str:
    """The same as one line: http://…，2019-05-06."""
    return "，".join(part for part in original(content) if part)


def metadata(content: dict[str, Any]) -> list[tuple[str, str]]:
    """The catalogue metadata people wrote (rulebook 8.2), as (label, value) in page order; numbers are not here."""
    column = Column.objects.filter(code=content["column"]).first()
    variety = varieties.of(content)
    rows = [
        (_("information type"), str(variety.label)),
        (_("formed on"), content["formed_on"]),
        (_("document number"), content["document_number"]),
        (_("column"), column.name if column else ""),
        (_("theme"), content["theme"]),
        (_("genre"), content["genre"]),
        (_("keywords"), content["keywords"]),
        (_("five disclosures"), FIVE_OPEN.get(content["five_open"], "")),
        (_("disclosure attribute"), ATTRIBUTES.get(content["attribute"], "")),
        (_("source"), content["source"]),
        (_("in force from"), content["effective_on"]),
        (_("first published at"), original_words(content)),
        (_("standard catalogue entry"), _named_entry(content.get("standard", ""))),
        (_("point of a project"), content.get("project_point", "")),
        *variety.metadata(content.get("more") or {}),
    ]
    return [(label, value) for label, value in rows if value]


def _named_entry(code: str) -> str:
    row = StandardEntry.objects.filter(code=code).order_by("-pk").first() if code else None
    return f"{row}（{code}）" if row else code
