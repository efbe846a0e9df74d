"""The text of a released item as a Word or PDF file, made from what its page shows now and kept for the next reader.

Only the server makes them: a site of files alone offers print. Whether the item is public is asked at each request, so
that what is withdrawn is gone with the next one.
"""

import os
import re
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.channels import addresses
from gongkai.disclosure.models import Item
from gongkai.files import storage
from gongkai.journal import canon, clock
from gongkai.paperwork import released, released_files
from gongkai.paperwork.errors import PaperworkError
from gongkai.paperwork.released import ReleasedText
from gongkai.paperwork.sheets import Fact
from gongkai.paperwork.text import chinese_date, chinese_time
from gongkai.portal import items, rendering
from gongkai.review.submission import content_of

_NAME = re.compile(r"(?P<stem>[A-Za-z0-9.\-]{3,90})\.(?P<kind>docx|pdf)")
_FROZEN = "gongkai:"
MAKERS = {"docx": released_files.released_docx, "pdf": released_files.released_pdf}
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
# What nobody asked for in a month is made again when somebody does.
KEPT = timedelta(days=30)


@require_safe
def document(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """GET /documents/<index number>.docx or .pdf; what was withdrawn leads to its page, which says so."""
    found = _NAME.fullmatch(name)
    item = _item(found["stem"]) if found else None
    if found is None or item is None:
        return render(request, "portal/not_found.html", {"site": rendering.site()}, status=404)
    page = addresses.folder_url(addresses.item_folder(item.index_number))
    text = text_of(item)
    if text is None:
        return redirect(page)
    try:
        made = _kept(item, text, found["kind"])
    except PaperworkError:
        return render(
            request, "portal/no_document.html", {"site": rendering.site(), "page": page}, status=503
        )
    stream = made.open("rb")
    if not Item.objects.filter(pk=item.pk, live=item.live).exists():
        # It was withdrawn while the file was made: nothing of it stays (I9).
        drop(item.pk)
        stream.close()
        return redirect(page)
    name = f"{item.title[:60]}.{found['kind']}"
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=TYPES[found["kind"]])
    response["Cache-Control"] = "no-cache"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _item(stem: str) -> Item | None:
    """The item whose folder has this name: the address has a hyphen where the index number has a stroke."""
    numbers = [stem, *(f"{stem[:at]}/{stem[at + 1 :]}" for at, char in enumerate(stem) if char == "-")]
    rows = Item.objects.filter(index_number__in=numbers).select_related(
        "agency", "column", "normative", "live__revision"
    )
    return next((row for row in rows if addresses.item_folder(row.index_number) == f"items/{stem}"), None)


def text_of(item: Item) -> ReleasedText | None:
    """What the file of an item says: what its page shows now. None where it is not public."""
    content = content_of(item.live.digest) if item.live else None
    if item.live is None or content is None:
        return None
    shown = items.readable(item, item.live, content)
    origin = rendering.site_origin()
    address = addresses.folder_url(addresses.item_folder(item.index_number))
    with translation.override(rendering.LANGUAGE):
        note = _("From %(site)s, %(address)s; published %(when)s; content %(digest)s.") % {
            "site": rendering.site()["name"],
            "address": f"{origin}{address}",
            "when": chinese_time(timezone.localtime(item.live.released_at)),
            "digest": item.live.digest[:16],
        }
    return ReleasedText(
        title=item.title,
        day=timezone.localtime(item.live.released_at).date(),
        facts=tuple(Fact(name=str(fact["label"]), value=_said(fact)) for fact in shown.facts if _said(fact)),
        blocks=released.blocks_of(shown.body),
        files=tuple(str(file["name"]) for file in shown.attachments),
        note=note,
        pictures=lambda source: storage.read(source.removeprefix(_FROZEN)),
    )


def _said(fact: dict[str, Any]) -> str:
    value = fact["mark"]["label"] if fact.get("mark") else fact.get("value", "")
    return chinese_date(value) if isinstance(value, date) else str(value or "")


def folder() -> Path:
    """Where made files are kept."""
    home: Path = settings.INSTANCE.home
    return home / "documents"


def _kept(item: Item, text: ReleasedText, kind: str) -> Path:
    """The file of a text, made where nobody asked for it before. Raises PaperworkError."""
    # Everything that the file depends on but the pictures, which stand in the blocks by digest.
    stem = canon.etag(repr((text.title, text.day, text.facts, text.blocks, text.files, text.note)).encode())
    place = folder() / str(item.pk) / f"{stem}.{kind}"
    if not place.exists():
        data = MAKERS[kind](text)
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        os.replace(beside, place)
    return place


def drop(item: UUID | str) -> None:
    """Remove what was made of an item: it is released anew, withdrawn or erased."""
    shutil.rmtree(folder() / str(UUID(str(item))), ignore_errors=True)


def on_release(payload: dict[str, Any]) -> None:
    """Handler of review.released, review.withdrawn and review.erased."""
    if payload["kind"] == "item":
        drop(payload["subject"])


def on_together(payload: dict[str, Any]) -> None:
    """Handler of review.together."""
    for row in payload["releases"]:
        on_release(row)


def forget() -> int:
    """Remove what was made a month ago, as the sweeper does; how many."""
    until = (clock.now() - KEPT).timestamp()
    gone = 0
    for place in folder().rglob("*"):
        if place.is_file() and place.stat().st_mtime < until:
            place.unlink(missing_ok=True)
            gone += 1
    return gone
