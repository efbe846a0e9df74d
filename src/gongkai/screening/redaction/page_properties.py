"""What OFD documents (GB/T 33190-2016, 7.4) and web pages say of their makers, taken out; all else stays."""

import posixpath
import re

from gongkai.screening.passage import Unreadable
from gongkai.screening.readers.package import BROKEN, local
from gongkai.screening.redaction.bundle import Bundle, detach

_INDEX = "OFD.xml"
# The number of the document must be there; what it is used for names nobody.
_KEPT = frozenset({"DocID", "DocUsage"})
_MAKER = rb"author|generator|creator|publisher|owner|copyright|contact|dc\.[a-z.]+"
_META = re.compile(
    rb"<meta\b[^<>]*\bname\s*=\s*(?:\"(?:M)\"|'(?:M)'|(?:M)(?=[\s/>]))[^<>]*>[ \t]*\r?\n?".replace(
        b"M", _MAKER
    ),
    re.IGNORECASE,
)
# What Word writes into a page that it saves.
_OFFICE = re.compile(rb"<o:DocumentProperties>.*?</o:DocumentProperties>\s*", re.IGNORECASE | re.DOTALL)


def ofd(data: bytes, *, void: bool = False) -> bytes | None:
    """The document without author, program, title, times and cover; None where it is signed and not `void`.

    The same bytes where it says nothing. Raises Unreadable where it is damaged.
    """
    bundle = Bundle(data)
    if _INDEX not in bundle.parts:
        raise Unreadable(BROKEN)
    root = bundle.look(_INDEX)
    if not void and any(local(element) == "Signatures" for element in root.iter()):
        return None
    gone = []
    for info in (element for element in root.iter() if local(element) == "DocInfo"):
        gone += [child for child in info if isinstance(child.tag, str) and local(child) not in _KEPT]
    if not gone:
        return data
    for element in gone:
        if local(element) == "Cover":
            place = posixpath.normpath(posixpath.join("/", (element.text or "").strip())).lstrip("/")
            bundle.parts.pop(place, None)
        detach(element)
    bundle.put_tree(_INDEX, root)
    return bundle.write()


def html(data: bytes) -> bytes:
    """The page without the tags that name its author and program; comments are the screening's to find."""
    return _OFFICE.sub(b"", _META.sub(b"", data))
