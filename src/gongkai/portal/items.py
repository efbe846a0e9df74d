"""The page of an item, the public copies of its files, and what stands there after a withdrawal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.channels import addresses, validity
from gongkai.channels.renderers import Page
from gongkai.disclosure import body
from gongkai.disclosure import content as contents
from gongkai.disclosure import varieties as of_type
from gongkai.disclosure.models import Item
from gongkai.files import storage
from gongkai.files.models import StoredFile
from gongkai.portal import linked, lists, machine_items, outline, qr, rendering, varieties
from gongkai.review.models import STEPS, Approval, Release, Withdrawal
from gongkai.review.subjects import Content
from gongkai.rulebook import catalogue, page_tags


@dataclass(frozen=True)
class Readable:
    """What the public reads of an item now: the text as frozen HTML, attachments as frozen, what its type adds."""

    body: str
    attachments: list[dict[str, Any]]
    more: varieties.Shown
    facts: list[dict[str, Any]]
    context: dict[str, Any]


def readable(
    item: Item, release: Release, content: Content, picture: varieties.Picture = lambda digest: ""
) -> Readable:
    """What a page or a document of a released item shows."""
    content = of_type.present(content)
    with translation.override(rendering.LANGUAGE):
        more = varieties.shown(item, release, content, picture)
        context = _context(item, release, content, more.facts)
    text = content["body"] if more.body is None else more.body
    return Readable(text, content["attachments"], more, context["facts"], context)


def pages(release: Release, content: Content) -> list[Page]:
    """The files of a released item: its page, its attachments, the pictures of its text."""
    item = Item.objects.select_related("agency", "column", "normative").get(pk=release.subject_id)
    folder = addresses.item_folder(item.index_number)
    copies: dict[str, bytes] = {}

    def public(digest: str, name: str) -> str:
        path = f"{folder}/files/{addresses.file_name(digest, name)}"
        copies[path] = storage.read(digest)
        return addresses.url(path)

    def picture(digest: str) -> str:
        return public(digest, f"picture.{StoredFile.objects.get(pk=digest).extension}")

    shown = readable(item, release, content, picture)
    text = body.show(shown.body, picture)
    files = [
        {
            "name": file["name"],
            "url": public(file["digest"], file["name"]),
            "kind": file["extension"].upper(),
            "size": file["size"],
            "media_type": file["media_type"],
            "digest": file["digest"],
        }
        for file in shown.attachments
    ]
    outlined, contents = outline.outlined(text)
    page = rendering.page(
        "portal/item.html",
        level="article",
        body=outlined,
        contents=contents,
        files=files,
        more=shown.more,
        address_code=qr.printed(shown.context["article"]["url"]),
        **shown.context,
    )
    data = machine_items.item_file(
        item,
        release,
        of_type.present(content),
        text=text,
        files=files,
        context=shown.context,
        page=page,
    )
    return [*copies.items(), (f"{folder}/index.html", page), data]


def until(release: Release, content: Content) -> datetime | None:
    """From which moment on the files of a released item may no longer be read as they are now, if any."""
    return of_type.until(content)


def _context(
    item: Item, release: Release, content: Content, further: Iterable[dict[str, Any]]
) -> dict[str, Any]:
    standing = validity.standing(item)
    changed = release.released_at if release.released_at != item.released_at else None
    attribute = catalogue.DisclosureAttribute(content["attribute"])
    column = item.column
    facts = [
        {"label": _("Index number"), "value": item.index_number},
        {"label": _("Issued by"), "value": item.agency.name},
        {"label": _("Formed on"), "value": item.formed_on},
        {"label": _("Published on"), "value": _day(item.released_at)},
        {"label": _("Document number"), "value": content["document_number"]},
        {"label": _("First published at"), "value": contents.original_words(content), "wide": True},
        {"label": _("Corrected on"), "value": _day(changed)},
        {"label": _("Theme"), "value": content["theme"]},
        {"label": _("Genre"), "value": content["genre"]},
        {"label": _("Disclosure attribute"), "value": attribute.label},
        {"label": _("Five disclosures"), "value": contents.FIVE_OPEN.get(content["five_open"], "")},
        {"label": _("In force from"), "value": contents.day(content["effective_on"])},
        {
            "label": _("Validity"),
            "mark": {"code": standing.code, "label": standing.label} if standing else None,
        },
        {
            "label": _("Repealed or amended by"),
            "value": standing.paper if standing else "",
            "url": standing.url if standing else "",
        },
        *further,
        {"label": _("Keywords"), "value": content["keywords"], "wide": True},
        {"label": _("Summary"), "value": content["summary"], "wide": True},
    ]
    address = lists.item_url(item)
    return {
        "title": content["title"],
        "column": lists.tags_of(column) if column else None,
        "article": {
            "title": content["title"],
            "published": item.released_at,
            "source": content["source"] or item.agency.name,
            "keywords": page_tags.joined(content["keywords"]),
            "author": "",
            "description": content["summary"],
            "image": "",
            "url": rendering.site_origin() + address,
        },
        "facts": [fact for fact in facts if fact.get("value") or fact.get("mark")],
        "origin": rendering.site_origin(),
        "mark": attribute.mark,
        "downloads": item_documents(item),
        "share_url": address.replace("/items/", "/share/", 1),
        "standing": standing,
        "review": steps(release),
        "digest": release.digest,
        **linked.of_item(item, content, standing),
        "breadcrumb": [
            {"label": pgettext("portal navigation", "Disclosed by law"), "url": "/catalogue/"},
            *(
                [{"label": column.name, "url": addresses.folder_url(addresses.column_folder(column.code))}]
                if column
                else []
            ),
            {"label": _("Text")},
        ],
        "section": column.board if column and column.board in ("guide", "rules") else "catalogue",
    }


def item_documents(item: Item) -> list[dict[str, str]]:
    """The text of an item as files to keep (rulebook 8.1); the server makes them when they are asked for."""
    stem = addresses.item_folder(item.index_number).removeprefix("items/")
    return [
        {"label": _("Download as Word"), "url": f"/documents/{quote(stem)}.docx"},
        {"label": _("Download as PDF"), "url": f"/documents/{quote(stem)}.pdf"},
    ]


def _day(moment: Any) -> Any:
    return timezone.localtime(moment).date() if moment else None


def steps(release: Release) -> list[dict[str, Any]]:
    """The three steps with their times and the release itself; no names."""
    passed = release.revision.approvals.filter(decision=Approval.PASSED).order_by("step")
    return [
        *({"label": str(STEPS[row.step]), "when": row.at} for row in passed),
        {"label": pgettext("step", "published"), "when": release.released_at},
    ]


def tombstone(withdrawal: Withdrawal) -> bytes:
    """What stands where a withdrawn item stood: number, date and reason; after a leak the fixed words alone."""
    item = Item.objects.filter(pk=withdrawal.release.subject_id).first()
    return grave(withdrawal, item.index_number if item else "")


def grave(withdrawal: Withdrawal, number: str) -> bytes:
    """The tombstone of any kind of subject. The title is shown only where the withdrawing person said so."""
    with translation.override(rendering.LANGUAGE):
        leak = withdrawal.reason == Withdrawal.Reason.LEAK
        words = str(Withdrawal.Reason.LEAK.label) if leak else ""
        title = withdrawal.release.revision.title if withdrawal.show_title and not leak else ""
        reason = "" if leak else withdrawal.get_reason_display()
    return rendering.page(
        "portal/gone.html",
        index_number=number,
        withdrawn=_day(withdrawal.at),
        fixed_words=words,
        title=title,
        reason=reason,
    )


def folder(subject: UUID) -> str:
    """The folder of an item on the site; empty before its first release."""
    return addresses.folder_of_item(subject)
