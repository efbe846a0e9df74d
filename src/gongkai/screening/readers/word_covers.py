"""What hides words of a Word document from the eye: shapes and pictures laid over them, letters in the colour of
their shading.

A Word file does not say where its lines fall. Heights are estimated from the size of the letters and the spacing
of the paragraphs; where a shape is placed by the page or its margins, the paragraph it is anchored to is taken.
A paragraph that is touched counts as covered as a whole.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from gongkai.screening.readers.package import attribute, local

# The opacity in thousandths of a percent from which a fill hides what it lies on.
_HIDING = 70_000
_EMU = 12_700
_TEXT_WIDTH = 430.0
_LEFT_MARGIN = 85.0
_LETTER = 12.0
_ROW = 22.0
# So much of a line, and so much of its length, must be touched (points).
_TOUCHED, _TOUCHED_LENGTH = 5.0, 12.0
_THICK_LINE = 6.0
_NEAR_COLOUR = 24
_FILLS = ("solidFill", "gradFill", "pattFill", "blipFill", "grpFill")
_AROUND = ("square", "tight", "topAndBottom", "through", "topandbottom")
_LENGTH = re.compile(r"(-?[0-9.]+)(pt|in|cm|mm|px|pc)?")
_UNITS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "pc": 12.0}
_LINE = re.compile(r"line$|(?:straight|bent|curved)Connector")
_WORD_ART = "t136"
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "darkBlue": "000080", "darkCyan": "008080",
    "darkGray": "808080", "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000",
    "darkYellow": "808000", "green": "00FF00", "lightGray": "C0C0C0", "magenta": "FF00FF", "red": "FF0000",
    "white": "FFFFFF", "yellow": "FFFF00",
}  # fmt: skip

# Whether the picture behind a relation hides what it lies on.
OpaquePicture = Callable[[str], bool]


class _Cover(NamedTuple):
    """Top and bottom below the top of the anchoring paragraph, left and right from the margin, in points.

    `top` is None where only the page knows it.
    """

    top: float | None
    bottom: float
    left: float
    right: float


def covered_paragraphs(root: etree._Element, opaque: OpaquePicture) -> frozenset[etree._Element]:
    """The paragraphs of a story that lie, wholly or in part, under a shape or a picture."""
    found: set[etree._Element] = set()
    containers: dict[etree._Element, None] = {}
    anchored: dict[etree._Element, list[_Cover]] = {}
    for element in root.iter("{*}anchor", "{*}pict", "{*}object"):
        paragraph = next((above for above in element.iterancestors() if local(above) == "p"), None)
        container = paragraph.getparent() if paragraph is not None else None
        if paragraph is None or container is None:
            continue
        covers = list(_anchor(element, opaque) if local(element) == "anchor" else _vml(element, opaque))
        if covers:
            anchored.setdefault(paragraph, []).extend(covers)
            containers[container] = None
    for each in containers:
        found.update(_under(each, anchored))
    return frozenset(found)


def _under(
    container: etree._Element, anchored: dict[etree._Element, list[_Cover]]
) -> Iterator[etree._Element]:
    """Lay the blocks of a container out, one below the other, and the covers over them."""
    lines: list[tuple[float, float, float, list[etree._Element]]] = []
    spans: list[tuple[float, float, _Cover]] = []
    at = 0.0
    for block in container:
        if local(block) == "p":
            height, width = _measures(block)
            for cover in anchored.get(block, ()):
                if cover.top is None:
                    yield block
                else:
                    spans.append((at + cover.top, at + cover.bottom, cover))
            lines.append((at, at + height, width, [block]))
            at += height
        elif local(block) == "tbl":
            for row in block.iter("{*}tr"):
                height = _row_height(row)
                lines.append((at, at + height, _TEXT_WIDTH, list(row.iter("{*}p"))))
                at += height
    for top, bottom, cover in spans:
        for above, below, width, blocks in lines:
            touched = min(bottom, below) - max(top, above)
            length = min(cover.right, width) - max(cover.left, 0.0)
            if touched >= min(_TOUCHED, (below - above) / 2) and length >= min(_TOUCHED_LENGTH, width):
                yield from blocks


def _measures(paragraph: etree._Element) -> tuple[float, float]:
    """Estimated height of a paragraph and length of its first line, in points."""
    size, spacing, rule, around = _LETTER, 0.0, "auto", 0.0
    for element in paragraph.iter("{*}sz", "{*}spacing"):
        value = attribute(element, "val") or ""
        if local(element) == "sz" and value.isdigit():
            size = max(int(value) / 2, 1.0)
        elif local(element) == "spacing" and attribute(element, "line"):
            spacing, rule = _number(attribute(element, "line")), attribute(element, "lineRule") or "auto"
            around = (_number(attribute(element, "before")) + _number(attribute(element, "after"))) / 20
    text = "".join(node.text or "" for node in paragraph.iter("{*}t", "{*}delText"))
    length = sum(size if ord(char) > 0xFF else size * 0.55 for char in text)
    line = size * 1.3 * (spacing / 240 if spacing and rule == "auto" else 1.0)
    if spacing and rule != "auto":
        line = spacing / 20
    count = max(int(-(-length // _TEXT_WIDTH)), 1)
    return count * line + around, min(length, _TEXT_WIDTH)


def _row_height(row: etree._Element) -> float:
    given = max((_number(attribute(mark, "val")) / 20 for mark in row.iter("{*}trHeight")), default=0.0)
    cells = [
        sum(_measures(block)[0] for block in cell if local(block) == "p")
        for cell in row
        if local(cell) == "tc"
    ]
    return max(given, _ROW, max(cells, default=0.0))


def _number(value: str | None) -> float:
    try:
        return float(value or 0)
    except ValueError:
        return 0.0


def _anchor(anchor: etree._Element, opaque: OpaquePicture) -> Iterator[_Cover]:
    """The cover that a floating drawing is, if it floats before the text and hides it."""
    if attribute(anchor, "behindDoc") not in (None, "0", "false"):
        return
    if any(local(child).startswith("wrap") and local(child) != "wrapNone" for child in anchor):
        return
    width = height = 0.0
    for child in anchor:
        if local(child) == "extent":
            width = _number(attribute(child, "cx")) / _EMU
            height = _number(attribute(child, "cy")) / _EMU
    if _hides(anchor, opaque):
        pass
    elif thick := _thick_line(anchor):
        height = max(height, thick)
    else:
        return
    left, top = 0.0, 0.0
    known = True
    for child in anchor:
        if local(child) not in ("positionH", "positionV"):
            continue
        offset = next((_number(node.text) / _EMU for node in child if local(node) == "posOffset"), None)
        align = next((node.text or "" for node in child if local(node) == "align"), "")
        base = attribute(child, "relativeFrom")
        if local(child) == "positionV":
            known = base in ("paragraph", "line", None) and offset is not None
            top = offset or 0.0
        else:
            left = (
                _aligned(align, width)
                if offset is None
                else offset - (_LEFT_MARGIN if base == "page" else 0.0)
            )
    yield _Cover(top if known else None, top + height, left, left + width)


def _aligned(align: str, width: float) -> float:
    return {"center": (_TEXT_WIDTH - width) / 2, "right": _TEXT_WIDTH - width}.get(align, 0.0)


def _hides(drawing: etree._Element, opaque: OpaquePicture) -> bool:
    """Whether a drawing holds a filled shape or a picture without holes."""
    for element in drawing.iter("{*}spPr", "{*}grpSpPr", "{*}blip"):
        if local(element) == "blip":
            if opaque(attribute(element, "embed") or ""):
                return True
        elif filled(element):
            return True
    return False


def filled(properties: etree._Element) -> bool:
    """Whether shape properties of DrawingML fill the shape so that nothing shows through.

    The fill of a picture's own properties does not count: its pixels do.
    """
    owner = properties.getparent()
    if owner is not None and local(owner) == "pic":
        return False
    for child in properties:
        if local(child) == "prstGeom" and _LINE.match(child.get("prst") or ""):
            return False
        if local(child) == "noFill":
            return False
        if local(child) in _FILLS:
            return all(_number(mark.get("val")) >= _HIDING for mark in child.iter("{*}alpha"))
    style = (
        next((sister for sister in owner if local(sister) == "style"), None) if owner is not None else None
    )
    if style is None:
        return False
    return any(local(mark) == "fillRef" and mark.get("idx") not in (None, "0", "1000") for mark in style)


def _thick_line(drawing: etree._Element) -> float:
    """The width of the thickest coloured line of a drawing if it can hide a line of text, else 0."""
    widths = [
        _number(line.get("w")) / _EMU
        for line in drawing.iter("{*}ln")
        if any(local(child) == "solidFill" for child in line)
    ]
    return max((width for width in widths if width >= _THICK_LINE), default=0.0)


def _vml(picture: etree._Element, opaque: OpaquePicture) -> Iterator[_Cover]:
    """Covers among the shapes of the older drawing language, which WPS still writes."""
    for shape in picture:
        rules = (rule.partition(":") for rule in (shape.get("style") or "").split(";"))
        style = {key.strip().lower(): value.strip() for key, _, value in rules}
        if style.get("position") != "absolute" or style.get("z-index", "0").startswith("-"):
            continue
        if style.get("visibility") == "hidden" or _WORD_ART in (shape.get("type") or ""):
            continue
        if any(child.get("type") in _AROUND for child in shape if local(child) == "wrap"):
            continue
        if not _vml_hides(shape, opaque):
            continue
        left, top = _length(style.get("margin-left", "0")), _length(style.get("margin-top", "0"))
        width, height = _length(style.get("width", "0")), _length(style.get("height", "0"))
        placed = style.get("mso-position-vertical-relative", "text")
        known = placed in ("text", "line", "paragraph") and "mso-position-vertical" not in style
        if style.get("mso-position-horizontal-relative") == "page":
            left -= _LEFT_MARGIN
        yield _Cover(top if known else None, top + height, left, left + width)


def _vml_hides(shape: etree._Element, opaque: OpaquePicture) -> bool:
    pictures = list(shape.iter("{*}imagedata"))
    if pictures:
        return any(opaque(attribute(child, "id") or attribute(child, "embed") or "") for child in pictures)
    if local(shape) == "group":
        return any(_vml_hides(child, opaque) for child in shape if isinstance(child.tag, str))
    if local(shape) == "line":
        return _length(shape.get("strokeweight") or "0") >= _THICK_LINE
    if local(shape) not in ("rect", "roundrect", "oval", "shape", "polyline", "curve"):
        return False
    if (shape.get("filled") or "t").lower() in ("f", "false", "0"):
        return False
    opacities = [
        shape.get("opacity") or "",
        *(child.get("opacity") or "" for child in shape if local(child) == "fill"),
    ]
    return all(_opacity(value) * 100_000 >= _HIDING for value in opacities if value)


def _opacity(value: str) -> float:
    if value.endswith("f"):
        return _number(value[:-1]) / 65_536
    return _number(value[:-1]) / 100 if value.endswith("%") else _number(value)


def _length(value: str) -> float:
    match = _LENGTH.match(value.strip())
    return float(_number(match.group(1)) * _UNITS[match.group(2) or "px"]) if match else 0.0


@dataclass(frozen=True, slots=True)
class Look:
    """Colour of letters and of what is right behind them, as far as it is said (six hex digits)."""

    colour: str = ""
    shading: str = ""
    highlight: str = ""

    def over(self, below: "Look") -> "Look":
        """This look where it says something, else the one below."""
        return Look(
            self.colour or below.colour, self.shading or below.shading, self.highlight or below.highlight
        )

    def hides(self, ground: str = "") -> bool:
        """Whether the letters have the colour of their highlighting, their shading or the ground of paragraph or cell.

        Letters of no colour of their own count as black. On dark ground Word draws them white, so they hide only
        under a highlighting or a shading of their own, which looks like a bar and is drawn as one elsewhere.
        """
        own = self.highlight or self.shading
        if own:
            return own != "FFFFFF" and _near(self.colour or "000000", own)
        return bool(ground) and ground != "FFFFFF" and bool(self.colour) and _near(self.colour, ground)


def look(properties: etree._Element) -> Look:
    """What run properties say of the colours of their letters."""
    colour = shading = highlight = ""
    for child in properties:
        name, value = local(child), attribute(child, "val") or ""
        if name == "color":
            colour = _hex(value)
        elif name == "shd":
            shading = ground(child)
        elif name == "highlight":
            highlight = _HIGHLIGHTS.get(value, "")
    return Look(colour, shading, highlight)


def ground(shading: etree._Element) -> str:
    """The colour of a shading: a solid pattern shows its own colour, the others their fill."""
    if attribute(shading, "val") == "solid":
        return _hex(attribute(shading, "color") or "") or "000000"
    return _hex(attribute(shading, "fill") or "")


def _hex(value: str) -> str:
    return value.upper() if re.fullmatch(r"[0-9A-Fa-f]{6}", value) else ""


def _near(one: str, other: str) -> bool:
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (0, 2, 4))
    return all(abs(a - b) < _NEAR_COLOUR for a, b in pairs)
