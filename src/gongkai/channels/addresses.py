"""Where things stand on the site: folders inside it, and the addresses they have."""

import re
import unicodedata
from urllib.parse import quote
from uuid import UUID

from gongkai.disclosure.models import Item

_UNSAFE = re.compile(r"[^\w.\-()（）〔〕《》、，]+", re.UNICODE)
LONGEST_NAME = 80


def item_folder(index_number: str) -> str:
    """The folder of the item with that index number: 000014349/2021-00001 → items/000014349-2021-00001."""
    return f"items/{segment(index_number.replace('/', '-'))}"


def folder_of_item(subject: UUID | str) -> str:
    """The folder of an item by its id; empty while it has no index number."""
    number = Item.objects.filter(pk=subject).values_list("index_number", flat=True).first()
    return item_folder(number) if number else ""


def column_folder(code: str) -> str:
    return f"columns/{segment(code)}"


def segment(text: str) -> str:
    """`text` as one part of a path: letters, digits, hyphens and dots, never beginning with a dot."""
    safe = re.sub(r"[^A-Za-z0-9.\-]+", "-", unicodedata.normalize("NFKC", text)).strip("-.")
    return safe or "x"


def file_name(digest: str, name: str) -> str:
    """The name under which a public copy stands: <12 digits of its digest>-<its name made safe>."""
    stem, dot, extension = unicodedata.normalize("NFC", name).rpartition(".")
    if not dot:
        stem, extension = extension, ""
    stem = _UNSAFE.sub("-", stem).strip("-.")[:LONGEST_NAME] or "file"
    extension = re.sub(r"[^A-Za-z0-9]", "", extension)[:10].lower()
    return f"{digest[:12]}-{stem}{'.' if extension else ''}{extension}"


def url(path: str) -> str:
    """The address of a path inside the site: items/x/index.html → /items/x/, other files as they are."""
    for index in ("index.html", "gone.html"):
        if path == index or path.endswith(f"/{index}"):
            path = path.removesuffix(index)
    return "/" + quote(path)


def folder_url(folder: str) -> str:
    return f"/{quote(folder)}/"
