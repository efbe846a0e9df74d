"""OFD documents (GB/T 33190-2016): pages, templates, annotations, attachments, properties.

The standard is named by its chapters: 7.4 OFD.xml, 7.5 the document, 7.7 pages, 8 and 11 objects of a page,
15 annotations, 20 attachments.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from gongkai.screening.finding import Kind, Layer
from gongkai.screening.passage import Concealed, Part, Remark, Unreadable, Weaver
from gongkai.screening.readers import office
from gongkai.screening.readers.nest import Nest
from gongkai.screening.readers.ofd_page import Box, Fragment, numbers, woven
from gongkai.screening.readers.package import BROKEN, Package, attribute, local

MAX_PAGES = 5_000
# Drawings of drawings may multiply: eight levels of ten are a hundred million.
MAX_OBJECTS = 2_000_000
_INDEX = "OFD.xml"
_PERSONS = {"Author": "作者", "Creator": "创建者"}
_LABELS = {
    "Author": "作者",
    "Creator": "创建程序",
    "Title": "标题",
    "Subject": "主题",
    "Abstract": "摘要",
    "Keyword": "关键词",
    "CustomData": "自定义数据",
}
_NO_WORDS = ("DocID", "CreationDate", "ModDate", "DocUsage", "Cover", "CreatorVersion")
# Seals, signatures and fonts hold no words that could be screened; that a seal is there is no finding.
_SILENT = (".esl", ".dat", ".otf", ".ttc", ".ttf", ".eot")
_OPAQUE = 255
_ANYWHERE = Box(0, 0, 1e9, 1e9)
_FAINT = 16
_THIN = 1.0
_MAX_LEVELS = 8
_WHY_DEEP = "图形嵌套过深或包含自身，其中的内容未能全部读取，须由人查看"
_WHITE = re.compile(r"^\s*255\s+255\s+255\s*$|^\s*(?:#FF|255)\s*$", re.IGNORECASE)


@dataclass(slots=True)
class _Document:
    """What the pages of one document share: where resources lie, and the size of a page."""

    package: Package
    folder: str
    seen: set[str]
    area: Box = _ANYWHERE
    templates: dict[str, str] = field(default_factory=dict)
    units: dict[str, etree._Element] = field(default_factory=dict)
    left: int = MAX_OBJECTS
    too_deep: bool = False

    def at(self, place: str, base: str = "") -> str:
        """The name of the part that a location names: from the root, or from where it is written."""
        place = place.strip()
        joined = place if place.startswith("/") else posixpath.join("/", base or self.folder, place)
        return posixpath.normpath(joined).lstrip("/")

    def tree(self, place: str, base: str = "") -> tuple[str, etree._Element] | None:
        """The part at a location and its root, unless there is no such part."""
        name = self.at(place, base)
        if name not in self.package.sizes:
            return None
        self.seen.add(name)
        return name, self.package.tree(name)


def read(data: bytes, nest: Nest) -> Iterator[Part]:
    """All parts of an OFD file. Raises Unreadable if it is damaged or not what it seems."""
    package = Package(data, nest.allowance)
    if _INDEX not in package.sizes:
        raise Unreadable(BROKEN)
    seen = {_INDEX}
    bodies = [element for element in package.tree(_INDEX) if local(element) == "DocBody"]
    for body in bodies:
        yield from _info(body)
        root = next((_text(child) for child in body if local(child) == "DocRoot"), "")
        name = posixpath.normpath(posixpath.join("/", root)).lstrip("/")
        if name not in package.sizes:
            raise Unreadable(BROKEN)
        seen.add(name)
        document = _Document(package, posixpath.dirname(name), seen)
        yield from _document(document, package.tree(name), nest)
    for name in package.names():
        if name.lower().endswith(_SILENT) or posixpath.basename(name).lower() in (
            "signature.xml",
            "signatures.xml",
        ):
            seen.add(name)
    yield from office.leftovers(package, seen, nest)


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _info(body: etree._Element) -> Iterator[Part]:
    """Properties of the document (7.4, table 4)."""
    weaver = Weaver()
    for info in (child for child in body if local(child) == "DocInfo"):
        for element in info.iter():
            key, value = local(element), _text(element)
            if not value or key in _NO_WORDS:
                continue
            label = _PERSONS.get(key)
            # The creator is by the standard the program; some write the person there.
            if label == "作者" and not office.names_nobody(value):
                yield office.person_remark(label, value)
            named = element.get("Name", "")
            weaver.add(
                f"{named}\t{value}" if named else value,
                Layer.METADATA,
                f"文档属性，{_LABELS.get(key, key)}",
            )
            weaver.break_with("\t\n")
    yield from weaver.passages()


def _document(document: _Document, root: etree._Element, nest: Nest) -> Iterator[Part]:
    weaver = Weaver()
    pages: list[str] = []
    for element in root.iter():
        name = local(element)
        if name == "PhysicalBox":
            document.area = _area(element) or document.area
        elif name == "TemplatePage":
            document.templates[element.get("ID", "")] = element.get("BaseLoc", "")
        elif name == "Page" and element.get("BaseLoc"):
            pages.append(element.get("BaseLoc", ""))
        elif name == "OutlineElem":
            weaver.add(element.get("Title", ""), Layer.TEXT, "大纲")
            weaver.break_with("\t\n")
        elif name == "Bookmark":
            weaver.add(element.get("Name", ""), Layer.METADATA, "书签")
            weaver.break_with("\t\n")
        elif name == "URI":
            weaver.add(element.get("URI", ""), Layer.METADATA, "链接")
            weaver.break_with("\t\n")
    yield from weaver.passages()
    if len(pages) > MAX_PAGES:
        raise Unreadable(f"文件超过 {MAX_PAGES} 页，未读取，请拆分后再试")
    _resources(document, root)
    for number, place in enumerate(pages, 1):
        found = document.tree(place)
        if found is None:
            raise Unreadable(BROKEN)
        yield from _page(document, found[1], f"第 {number} 页")
    for place in document.templates.values():
        found = document.tree(place)
        if found is not None:
            yield from _page(document, found[1], "模板页")
    for element in root:
        if local(element) == "Annotations":
            yield from _annotations(document, _text(element))
        elif local(element) == "Attachments":
            yield from _attachments(document, _text(element), nest)
    if document.too_deep:
        yield Remark(Kind.UNREADABLE_PART, Layer.TEXT, "图形", "嵌套的图形", _WHY_DEEP)


def _resources(document: _Document, root: etree._Element) -> None:
    """Resource lists are taken as read; drawings in them that pages show are kept by their number (7.9)."""
    for element in root.iter():
        if local(element) not in ("PublicRes", "DocumentRes"):
            continue
        found = document.tree(_text(element))
        if found is None:
            continue
        for unit in found[1].iter():
            if local(unit) == "CompositeGraphicUnit":
                document.units[unit.get("ID", "")] = unit


def _area(element: etree._Element) -> Box | None:
    values = numbers(_text(element))
    return Box(*values[:4]) if len(values) >= 4 and values[2] > 0 and values[3] > 0 else None


def _page(document: _Document, root: etree._Element, location: str) -> Iterator[Part]:
    """The text objects of a page by lines; what nobody sees of them apart (11.3)."""
    area = document.area
    for element in root.iter():
        if local(element) == "PhysicalBox":
            area = _area(element) or area
    fragments: list[Fragment] = []
    covers: list[tuple[int, Box]] = []
    grounds: list[tuple[int, Box]] = []
    _objects(document, root, fragments, covers, grounds, visible=True, depth=0)
    shown: list[Fragment] = []
    apart: dict[Layer, list[Fragment]] = {}
    for fragment in fragments:
        layer = _layer(fragment, area, covers, grounds)
        if layer is Layer.TEXT:
            shown.append(fragment)
        else:
            apart.setdefault(layer, []).append(fragment)
    yield from woven(shown, Layer.TEXT, location)
    for layer, hidden in apart.items():
        yield from woven(hidden, layer, location)
        yield Concealed(layer, location, "".join(fragment.text for fragment in hidden))
    yield from _links(root, location)


def _layer(
    fragment: Fragment, area: Box, covers: list[tuple[int, Box]], grounds: list[tuple[int, Box]]
) -> Layer:
    if fragment.unseen or not fragment.box.touches(area):
        return Layer.HIDDEN_TEXT
    if any(order > fragment.order and box.holds(fragment.box) for order, box in covers):
        return Layer.UNDER_COVER
    if fragment.white and not any(
        order < fragment.order and box.touches(fragment.box) for order, box in grounds
    ):
        return Layer.HIDDEN_TEXT
    return Layer.TEXT


def _objects(
    document: _Document,
    parent: etree._Element,
    fragments: list[Fragment],
    covers: list[tuple[int, Box]],
    grounds: list[tuple[int, Box]],
    *,
    visible: bool,
    depth: int,
) -> None:
    """Text, and what may lie over or under it, in the order of drawing."""
    for element in parent:
        name = local(element)
        if name == "Clips":
            continue
        document.left -= 1
        if document.left < 0:
            raise Unreadable(f"版面对象过多（超过 {MAX_OBJECTS} 个），未读取，请拆分后再试")
        shown = visible and element.get("Visible", "true").lower() not in ("false", "0")
        order = len(fragments) + len(covers) + len(grounds)
        if name == "TextObject":
            fragments.extend(_fragments(element, order, shown))
        elif name in ("PathObject", "ImageObject"):
            box = _boundary(element)
            laid = name == "ImageObject" or _filled(element)
            if box is not None and shown and laid and _alpha(element) > _FAINT:
                grounds.append((order, box))
                # Lines and the strokes of drawn letters cover nothing; a map has ten thousands of them.
                if _alpha(element) == _OPAQUE and min(box.width, box.height) >= _THIN:
                    covers.append((order, box))
        elif name == "CompositeObject":
            unit = document.units.get(element.get("ResourceID", ""))
            # A drawing may be made of drawings; one that holds itself has no end.
            if unit is not None and depth >= _MAX_LEVELS:
                document.too_deep = True
            elif unit is not None:
                _objects(document, unit, fragments, covers, grounds, visible=shown, depth=depth + 1)
        elif name:
            _objects(document, element, fragments, covers, grounds, visible=shown, depth=depth)


def _boundary(element: etree._Element) -> Box | None:
    values = numbers(element.get("Boundary", ""))
    return Box(*values[:4]) if len(values) >= 4 else None


def _alpha(element: etree._Element) -> int:
    values = numbers(element.get("Alpha", str(_OPAQUE)))
    alpha = int(values[0]) if values else _OPAQUE
    for child in element:
        if local(child) == "FillColor":
            own = numbers(child.get("Alpha", str(_OPAQUE)))
            alpha = min(alpha, int(own[0]) if own else _OPAQUE)
    return alpha


def _filled(element: etree._Element) -> bool:
    return element.get("Fill", "false").lower() in ("true", "1")


def _fragments(element: etree._Element, order: int, shown: bool) -> Iterator[Fragment]:
    box = _boundary(element) or Box(0, 0, 0, 0)
    size = (numbers(element.get("Size", "")) or [3.5])[0] or 3.5
    matrix = numbers(element.get("CTM", ""))
    transform = tuple(matrix[:6]) if len(matrix) >= 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    unfilled = element.get("Fill", "true").lower() in ("false", "0") and element.get(
        "Stroke", "false"
    ).lower() in ("false", "0", "")
    unseen = not shown or _alpha(element) <= _FAINT or unfilled
    white = any(
        local(child) == "FillColor" and _WHITE.match(child.get("Value", "")) is not None for child in element
    )
    at = (0.0, 0.0)
    for code in element:
        if local(code) != "TextCode" or not code.text:
            continue
        at = (
            (numbers(code.get("X", "")) or [at[0]])[0],
            (numbers(code.get("Y", "")) or [at[1]])[0],
        )
        yield Fragment.of(code.text, box, at, size, transform, code.get("DeltaX", ""), order, unseen, white)


def _links(root: etree._Element, location: str) -> Iterator[Part]:
    weaver = Weaver()
    for element in root.iter():
        if local(element) == "URI":
            weaver.add(element.get("URI", ""), Layer.METADATA, f"{location}，链接")
            weaver.break_with("\t\n")
    yield from weaver.passages()


def _annotations(document: _Document, place: str) -> Iterator[Part]:
    """Notes, marks and their appearances, page by page (15)."""
    found = document.tree(place)
    if found is None:
        return
    index, root = found
    for page in (element for element in root.iter() if local(element) == "Page"):
        for location in (child for child in page if local(child) == "FileLoc"):
            inner = document.tree(_text(location), posixpath.dirname(index))
            if inner is not None:
                yield from _annotated(document, inner[1])


def _annotated(document: _Document, root: etree._Element) -> Iterator[Part]:
    for number, annotation in enumerate((e for e in root.iter() if local(e) == "Annot"), 1):
        location = f"批注，第 {number} 条"
        weaver = Weaver()
        for element in annotation.iter():
            if local(element) in ("Remark", "Parameter"):
                weaver.add(_text(element), Layer.COMMENT, location)
                weaver.break_with("\t\n")
        weaver.add(annotation.get("Creator", ""), Layer.COMMENT, f"{location}，批注者")
        said = "".join(_text(e) for e in annotation.iter() if local(e) in ("Remark", "Parameter"))
        yield from weaver.passages()
        fragments: list[Fragment] = []
        _objects(document, annotation, fragments, [], [], visible=True, depth=0)
        yield from woven(fragments, Layer.COMMENT, location)
        said += "".join(fragment.text for fragment in fragments)
        # Links and watermarks are annotations too; those without words conceal nothing.
        if said:
            yield Concealed(Layer.COMMENT, location, said)


def _attachments(document: _Document, place: str, nest: Nest) -> Iterator[Part]:
    """Files that travel with the document (20)."""
    found = document.tree(place)
    if found is None:
        return
    index, root = found
    for element in (e for e in root.iter() if local(e) == "Attachment"):
        shown = element.get("Name", "") or "附件"
        location = next((_text(child) for child in element if local(child) == "FileLoc"), "")
        name = document.at(location, posixpath.dirname(index))
        if name not in document.package.sizes:
            name = document.at(location)
        if name not in document.package.sizes:
            yield office.object_remark(f"附件“{shown}”", shown)
            continue
        document.seen.add(name)
        ending = attribute(element, "Format") or posixpath.splitext(name)[1].lstrip(".")
        full = shown if "." in shown else f"{shown}.{ending}"
        yield from office.embedded(document.package.read(name), full, nest, "附件")
