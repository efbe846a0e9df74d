"""The body of an item: HTML of a closed set of elements, its pictures named by digest.

While it is edited, a picture's address is that of a private attachment of this item; frozen, it is
`gongkai:<digest>`; on a page, whatever the page says (private for reviewers, public after release).
"""

import re
from collections.abc import Callable
from uuid import UUID

import lxml.etree
import lxml.html
import nh3

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "u", "sub", "sup", "br", "hr", "blockquote",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "colgroup", "col", "figure", "figcaption", "img", "a",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "p": {"class"},
}
CLASSES = {"p": {"center", "right", "flush"}}
PRIVATE = re.compile(r"^(?:https?://[^/]+)?/workbench/files/([0-9a-f-]{36})/$")
FROZEN = re.compile(r"^gongkai:([0-9a-f]{64})$")

_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={tag: allowed - {"class"} for tag, allowed in ATTRIBUTES.items()},
    allowed_classes=CLASSES,
    url_schemes={"http", "https", "mailto", "tel", "gongkai"},
    link_rel="noopener noreferrer",
)


def clean(html: str) -> str:
    """The body with nothing but allowed elements; scripts, styles, handlers and foreign pictures are gone."""
    return _pictures(_cleaner.clean(html), lambda src: src if _own(src) else None)


def _own(src: str) -> bool:
    return bool(PRIVATE.match(src) or FROZEN.match(src))


def pictures(html: str) -> list[UUID]:
    """Ids of the private attachments that the body shows."""
    found: list[UUID] = []

    def look(src: str) -> str:
        if match := PRIVATE.match(src):
            found.append(UUID(match[1]))
        return src

    _pictures(html, look)
    return found


def freeze(html: str, digest_of: Callable[[UUID], str | None]) -> str:
    """The cleaned body with each picture by digest; one that is not this item's is dropped."""

    def frozen(src: str) -> str | None:
        match = PRIVATE.match(src)
        if not match:
            return src if FROZEN.match(src) else None
        digest = digest_of(UUID(match[1]))
        return f"gongkai:{digest}" if digest else None

    return _pictures(clean(html), frozen)


def show(html: str, address_of: Callable[[str], str]) -> str:
    """A frozen body for a page: `address_of(digest)` gives each picture's address there."""

    def shown(src: str) -> str | None:
        match = FROZEN.match(src)
        return address_of(match[1]) if match else None

    return _pictures(html, shown)


def _pictures(html: str, change: Callable[[str], str | None]) -> str:
    if "<img" not in html:
        return html
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    for picture in list(root.iter("img")):
        address = change(picture.get("src", ""))
        if address is None:
            picture.drop_tree()
        else:
            picture.set("src", address)
    inner = (root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root)
    return inner


def text_lines(html: str) -> list[str]:
    """The body as lines of text, one a paragraph, row or heading."""
    if not html.strip():
        return []
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    for row in root.iter("tr"):
        for cell in row:
            cell.tail = " "
    lines: list[str] = []
    current: list[str] = []
    for event, node in lxml.etree.iterwalk(root, events=("start", "end")):
        if node.tag in {"p", "h2", "h3", "h4", "li", "tr", "blockquote", "figure", "figcaption", "hr", "br"}:
            lines.append("".join(current).strip())
            current = []
        if event == "start":
            current.append(node.text or "")
            if node.tag == "img":
                current.append(f"［图：{node.get('alt', '')}］")
        else:
            current.append(node.tail or "")
    lines.append("".join(current).strip())
    return [" ".join(line.split()) for line in lines if line]
