"""Presentations (.pptx): slides in order, their notes and comments, hidden slides, what lies off the slide."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from gongkai.screening.finding import Layer
from gongkai.screening.passage import Concealed, Grid, Part, Piece, Weaver
from gongkai.screening.readers import office
from gongkai.screening.readers.nest import Nest
from gongkai.screening.readers.package import Package, local

_SHAPES = frozenset({"sp", "pic", "graphicFrame", "cxnSp"})
_BREAKS = {"br": "\n", "tab": "\t"}
_DEFAULT_SIZE = (9_144_000, 6_858_000)


class _Frame(NamedTuple):
    """How a group lays its members out: position = offset + scale × position inside."""

    left: float = 0.0
    top: float = 0.0
    across: float = 1.0
    down: float = 1.0


@dataclass(slots=True)
class _Slide:
    """One slide, layout or master: where it is and whether anybody sees it."""

    label: str
    size: tuple[int, int]
    hidden: bool = False

    def read(self, root: etree._Element) -> Iterator[Part]:
        """The text of all shapes, in their order."""
        tables = 0
        for shape, frame, concealed in _shapes(root, _Frame(), hidden=False):
            off = _off(shape, frame, self.size)
            where = self.label
            if concealed or self.hidden:
                layer = Layer.HIDDEN_TEXT
            else:
                layer = Layer.HIDDEN_TEXT if off else Layer.TEXT
            if concealed:
                where += "，隐藏的对象"
            elif off:
                where += "，页面之外"
            weaver = Weaver()
            for body in _named(shape, "txBody"):
                _paragraphs(body, weaver, layer, where)
            yield from weaver.passages()
            for table in _named(shape, "tbl"):
                tables += 1
                yield from _table(table, layer, f"{where}，表 {tables}")
            if (concealed or off) and not self.hidden:
                text = " ".join(_words(shape).split())
                if text:
                    yield Concealed(Layer.HIDDEN_TEXT, where, text)
        if self.hidden:
            yield Concealed(Layer.HIDDEN_TEXT, self.label, " ".join(_words(root).split()) or "隐藏幻灯片")
        yield from office.alternative_texts(root, self.label)


def read(data: bytes, nest: Nest) -> Iterator[Part]:
    """All parts of a presentation. Raises Unreadable if it is damaged or not what it seems."""
    package = Package(data, nest.allowance)
    main = next(
        (
            target
            for kind, target, external in package.relations("").values()
            if kind == "officeDocument" and not external
        ),
        "ppt/presentation.xml",
    )
    root = package.tree(main)
    seen = {main}
    size = _size(root)
    listed = _listed(package, root, main)
    for number, name in enumerate(listed, 1):
        yield from _slide(package, name, f"第 {number} 张幻灯片", size, seen)
    for name in package.names("ppt/slides/slide", ".xml"):
        if name not in seen:
            yield from _slide(package, name, "未列入放映的幻灯片", size, seen, unlisted=True)
    for folder, label in (
        ("ppt/slideLayouts/", "版式"),
        ("ppt/slideMasters/", "母版"),
        ("ppt/notesMasters/", "备注母版"),
        ("ppt/handoutMasters/", "讲义母版"),
    ):
        for name in package.names(folder, ".xml"):
            seen.add(name)
            yield from _Slide(label, size).read(package.tree(name))
            yield from _links(package, name, label)
    for name in package.names("ppt/notesSlides/", ".xml"):
        if name not in seen:
            yield from _notes(package, name, "备注", seen)
    for name in package.names("ppt/comments/", ".xml"):
        if name not in seen:
            yield from _comments(package, name, "批注", seen)
    for folder in ("ppt/charts/", "ppt/diagrams/", "ppt/drawings/"):
        for name in package.names(folder, ".xml"):
            seen.add(name)
            yield from office.drawing_words(package.tree(name), "图表")
    yield from _said(package, root, seen)
    yield from office.properties(package)
    yield from office.leftovers(package, seen, nest)


def _size(root: etree._Element) -> tuple[int, int]:
    for element in root:
        if local(element) == "sldSz":
            width, height = _number(element.get("cx")), _number(element.get("cy"))
            if width > 0 and height > 0:
                return width, height
    return _DEFAULT_SIZE


def _listed(package: Package, root: etree._Element, main: str) -> list[str]:
    """Names of the slides in the order they are shown."""
    relations = package.relations(main)
    names = []
    for element in root.iter():
        if local(element) == "sldId":
            # The attribute without a namespace is a number of its own.
            related = next(
                (str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), element.get("id", "")
            )
            _, target, external = relations.get(related, ("", "", True))
            if not external and target in package.sizes and target not in names:
                names.append(target)
    return names


def _slide(
    package: Package, name: str, label: str, size: tuple[int, int], seen: set[str], *, unlisted: bool = False
) -> Iterator[Part]:
    seen.add(name)
    root = package.tree(name)
    hidden = unlisted or root.get("show") in ("0", "false")
    shown = f"{label}（隐藏幻灯片）" if hidden else label
    yield from _Slide(shown, size, hidden).read(root)
    yield from _links(package, name, label)
    for kind, target, external in package.relations(name).values():
        if external or target not in package.sizes or target in seen:
            continue
        if kind == "notesSlide":
            yield from _notes(package, target, f"{label}备注", seen)
        elif kind == "comments":
            yield from _comments(package, target, f"{label}批注", seen)


def _links(package: Package, name: str, label: str) -> Iterator[Part]:
    weaver = Weaver()
    for kind, target, external in package.relations(name).values():
        if external:
            weaver.add(
                target, Layer.METADATA, f"{label}，链接" if kind == "hyperlink" else f"{label}，外部文件"
            )
            weaver.break_with("\t\n")
    yield from weaver.passages()


def _notes(package: Package, name: str, label: str, seen: set[str]) -> Iterator[Part]:
    """The notes of the speaker, which nobody sees on the slide."""
    seen.add(name)
    root = package.tree(name)
    weaver = Weaver()
    for shape, _, _ in _shapes(root, _Frame(), hidden=False):
        for body in _named(shape, "txBody"):
            _paragraphs(body, weaver, Layer.HIDDEN_TEXT, label)
        for table in _named(shape, "tbl"):
            yield from _table(table, Layer.HIDDEN_TEXT, label)
    yield from weaver.passages()
    said = " ".join(
        _words(shape) for shape, _, _ in _shapes(root, _Frame(), hidden=False) if not _is_field(shape)
    )
    if said.strip():
        yield Concealed(Layer.HIDDEN_TEXT, label, " ".join(said.split()))
    yield from office.alternative_texts(root, label)
    yield from _links(package, name, label)


def _is_field(shape: etree._Element) -> bool:
    """Whether a shape only holds the number, the date or the picture of the slide."""
    return any(
        local(node) == "ph" and node.get("type") in ("sldNum", "dt", "hdr", "ftr", "sldImg")
        for node in shape.iter()
    )


def _comments(package: Package, name: str, label: str, seen: set[str]) -> Iterator[Part]:
    seen.add(name)
    number = 0
    for comment in package.tree(name).iter():
        if local(comment) not in ("cm", "reply"):
            continue
        number += 1
        location = f"{label}，第 {number} 条"
        weaver = Weaver()
        texts = [
            node.text or ""
            for child in comment
            if local(child) in ("text", "txBody")
            for node in child.iter()
            if local(node) in ("text", "t")
        ]
        weaver.add("".join(texts), Layer.COMMENT, location)
        yield from weaver.passages()
        yield Concealed(Layer.COMMENT, location, "".join(texts) or "空批注")


def _said(package: Package, root: etree._Element, seen: set[str]) -> Iterator[Part]:
    """Who commented, tags that programs hang on slides, names of sections and shows."""
    weaver = Weaver()
    for name in ("ppt/commentAuthors.xml", "ppt/authors.xml"):
        if name in package.sizes:
            seen.add(name)
            for element in package.tree(name).iter():
                if local(element) in ("cmAuthor", "author"):
                    weaver.add(element.get("name", ""), Layer.COMMENT, "批注者")
                    weaver.break_with("\t\n")
    for name in package.names("ppt/tags/", ".xml"):
        seen.add(name)
        for element in package.tree(name).iter():
            if local(element) == "tag":
                weaver.add(f"{element.get('name', '')}\t{element.get('val', '')}", Layer.HIDDEN_TEXT, "标签")
                weaver.break_with("\t\n")
    for element in root.iter():
        if local(element) in ("section", "custShow"):
            weaver.add(element.get("name", ""), Layer.METADATA, "节或放映的名称")
            weaver.break_with("\t\n")
    yield from weaver.passages()


def _shapes(
    parent: etree._Element, frame: _Frame, *, hidden: bool
) -> Iterator[tuple[etree._Element, _Frame, bool]]:
    """Every shape, the frame it is laid out in, and whether it or its group is switched off."""
    for child in parent:
        name = local(child)
        if name in _SHAPES:
            yield child, frame, hidden or _switched_off(child)
        elif name == "grpSp":
            yield from _shapes(child, _inner(child, frame), hidden=hidden or _switched_off(child))
        elif name and not (name == "Fallback" and _has_choice(child)):
            yield from _shapes(child, frame, hidden=hidden)


def _has_choice(fallback: etree._Element) -> bool:
    """Whether an older form stands beside a newer one with the same words."""
    before = fallback.getprevious()
    return before is not None and _words(before) == _words(fallback)


def _switched_off(shape: etree._Element) -> bool:
    for group in shape:
        for node in group:
            if local(node) == "cNvPr" and node.get("hidden") in ("1", "true"):
                return True
    return False


def _inner(group: etree._Element, frame: _Frame) -> _Frame:
    box = _box(group)
    inside = _box(group, child=True)
    if box is None or inside is None or not inside[2] or not inside[3]:
        return frame
    across, down = box[2] / inside[2], box[3] / inside[3]
    return _Frame(
        frame.left + frame.across * (box[0] - inside[0] * across),
        frame.top + frame.down * (box[1] - inside[1] * down),
        frame.across * across,
        frame.down * down,
    )


def _box(shape: etree._Element, *, child: bool = False) -> tuple[int, int, int, int] | None:
    """Left, top, width, height as the shape itself says them; none where its layout does."""
    names = ("chOff", "chExt") if child else ("off", "ext")
    for part in shape:
        for transform in (part,) if local(part) == "xfrm" else part:
            if local(transform) != "xfrm":
                continue
            found = {local(node): node for node in transform}
            if names[0] in found and names[1] in found:
                off, ext = found[names[0]], found[names[1]]
                return (
                    _number(off.get("x")),
                    _number(off.get("y")),
                    _number(ext.get("cx")),
                    _number(ext.get("cy")),
                )
    return None


def _off(shape: etree._Element, frame: _Frame, size: tuple[int, int]) -> bool:
    """Whether a shape lies wholly off the slide."""
    box = _box(shape)
    if box is None:
        return False
    left, top = frame.left + frame.across * box[0], frame.top + frame.down * box[1]
    right, bottom = left + frame.across * box[2], top + frame.down * box[3]
    return right <= 0 or bottom <= 0 or left >= size[0] or top >= size[1]


def _number(value: str | None) -> int:
    try:
        return int(value or "0")
    except ValueError:
        return 0


def _named(shape: etree._Element, name: str) -> Iterator[etree._Element]:
    """Nearest descendants of a name; the text of the cells of a table is the table's."""
    for child in shape:
        found = local(child)
        if found == name:
            yield child
        elif found and found != "tbl":
            yield from _named(child, name)


def _paragraphs(body: etree._Element, weaver: Weaver, layer: Layer, where: str) -> None:
    for paragraph in body:
        if local(paragraph) != "p":
            continue
        weaver.add(_words(paragraph), layer, where)
        weaver.break_with("\n")


def _words(element: etree._Element) -> str:
    pieces = []
    for node in element.iter():
        name = local(node)
        if name == "t":
            pieces.append(node.text or "")
        elif name in _BREAKS:
            pieces.append(_BREAKS[name])
        elif name == "p" and pieces:
            pieces.append("\n")
    return "".join(pieces)


def _table(table: etree._Element, layer: Layer, label: str) -> Iterator[Part]:
    cell_layer = Layer.TABLE if layer is Layer.TEXT else layer
    grid = Grid()
    for row_number, row in enumerate((row for row in table if local(row) == "tr"), 1):
        cells: list[tuple[int, list[Piece]]] = []
        for column, cell in enumerate((cell for cell in row if local(cell) == "tc"), 1):
            text = _words(cell)
            if text:
                where = f"{label}，第 {row_number} 行第 {column} 列"
                cells.append((column, [(text, cell_layer, where)]))
        yield from grid.row(cells)
    yield from grid.end()
