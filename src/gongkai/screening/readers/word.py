"""Word documents (.docx): every layer of the text, also what the printed page does not show."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from lxml import etree

from gongkai.screening.finding import Layer
from gongkai.screening.masking import sample
from gongkai.screening.passage import Concealed, Grid, Part, Passage, Piece, Weaver
from gongkai.screening.readers import office
from gongkai.screening.readers.office import EmbeddedReader
from gongkai.screening.readers.package import Package, attribute, local
from gongkai.screening.readers.word_covers import Look, covered_paragraphs, ground, look

_OFF = ("0", "false", "off", "none")
_TINY_HALF_POINTS = 4
_VERSIONS = frozenset({Layer.TRACKED_CHANGE, Layer.HIDDEN_TEXT})
_PARTS = (
    ("word/header", Layer.HEADER_FOOTER, "页眉"),
    ("word/footer", Layer.HEADER_FOOTER, "页脚"),
    ("word/footnotes", Layer.FOOTNOTE, "脚注"),
    ("word/endnotes", Layer.FOOTNOTE, "尾注"),
    ("word/comments", Layer.COMMENT, "批注"),
    ("word/glossary/document", Layer.HIDDEN_TEXT, "文档部件库"),
)
_COMMENT_SIDE_PARTS = ("commentsExtended", "commentsIds", "commentsExtensible")


class _Run(NamedTuple):
    text: str
    deleted: bool
    inserted: bool
    hidden: bool
    covered: bool = False


@dataclass(slots=True)
class _Paragraph:
    """Runs of one paragraph in reading order, and the boxes that hang on it."""

    runs: list[_Run] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    # Under a shape as a whole; the colour of paragraph or cell behind it; what its style says of its letters.
    covered: bool = False
    ground: str = ""
    look: Look = field(default_factory=Look)


def read(data: bytes, read_embedded: EmbeddedReader) -> Iterator[Part]:
    """All parts of a Word document. Raises Unreadable if it is damaged or not what it seems."""
    package = Package(data, read_embedded.allowance)
    styles = _styles(package)
    seen: set[str] = set()
    main = _main_part(package)
    stories = [(main, Layer.TEXT, "正文")]
    for prefix, layer, label in _PARTS:
        stories += [
            (name, layer, label)
            for name in package.names(prefix, ".xml")
            if not any(side in name for side in _COMMENT_SIDE_PARTS)
        ]
    for name, layer, label in stories:
        root = package.tree(name)
        seen.add(name)
        number = "".join(char for char in name.rpartition("/")[2] if char.isdigit())
        covered = covered_paragraphs(root, _opaque_pictures(package, name))
        yield from _Story(layer, f"{label}{number}", styles, covered).read(root)
        yield from office.alternative_texts(root, label)
        for kind, target, external in package.relations(name).values():
            if external:
                yield from _link(kind, target, label)
    for folder in ("word/charts/", "word/diagrams/", "word/drawings/"):
        for name in package.names(folder, ".xml"):
            seen.add(name)
            yield from office.drawing_words(package.tree(name), "图表")
    if "word/settings.xml" in package.sizes:
        seen.add("word/settings.xml")
        yield from _variables(package.tree("word/settings.xml"))
    yield from office.properties(package)
    yield from office.leftovers(package, seen, read_embedded)


def _opaque_pictures(package: Package, part: str) -> Callable[[str], bool]:
    """Tells of the pictures of a part, by their relations, whether nothing can be seen through them."""

    @cache
    def opaque(relation: str) -> bool:
        from gongkai.screening.readers import picture

        _, target, external = package.relations(part).get(relation, ("", "", True))
        return not external and target in package.sizes and picture.opaque(package.read(target))

    return opaque


def _main_part(package: Package) -> str:
    for kind, target, external in package.relations("").values():
        if kind == "officeDocument" and not external and target in package.sizes:
            return target
    return "word/document.xml"


def _link(kind: str, target: str, label: str) -> Iterator[Part]:
    weaver = Weaver()
    weaver.add(target, Layer.METADATA, f"{label}，链接" if kind == "hyperlink" else f"{label}，外部文件")
    yield from weaver.passages()


def _variables(root: etree._Element) -> Iterator[Part]:
    weaver = Weaver()
    for element in root.iter():
        if local(element) == "docVar":
            weaver.add(attribute(element, "val") or "", Layer.METADATA, "文档变量")
            weaver.break_with("\t\n")
    yield from weaver.passages()


def _on(properties: etree._Element, name: str) -> bool | None:
    """A toggle of run properties: on, off, or not said."""
    for child in properties:
        if local(child) == name:
            return attribute(child, "val") not in _OFF
    return None


@dataclass(frozen=True, slots=True)
class _Styles:
    """What styles say of being seen: those that hide their text, and the colours of the others."""

    hidden: frozenset[str] = frozenset()
    looks: Mapping[str, Look] = field(default_factory=dict)


def _styles(package: Package) -> _Styles:
    """The styles of the document, each with what it takes over from the one it is based on."""
    if "word/styles.xml" not in package.sizes:
        return _Styles()
    vanish: dict[str, bool | None] = {}
    looks: dict[str, Look] = {}
    base: dict[str, str] = {}
    for style in package.tree("word/styles.xml"):
        if local(style) != "style":
            continue
        name = attribute(style, "styleId") or ""
        for child in style:
            if local(child) == "rPr":
                vanish[name], looks[name] = _on(child, "vanish"), look(child)
            elif local(child) == "basedOn":
                base[name] = attribute(child, "val") or ""
    hidden = set()
    whole: dict[str, Look] = {}
    for name in {*vanish, *base}:
        at, steps, gone, seen = name, 0, vanish.get(name), looks.get(name, Look())
        while at in base and steps < 32:
            at, steps = base[at], steps + 1
            gone = vanish.get(at) if gone is None else gone
            seen = seen.over(looks.get(at, Look()))
        if gone:
            hidden.add(name)
        if seen != Look():
            whole[name] = seen
    return _Styles(frozenset(hidden), whole)


class _Story:
    """One stream of paragraphs and tables: the body, a header, the notes, the comments."""

    def __init__(
        self,
        layer: Layer,
        label: str,
        styles: _Styles,
        covered: frozenset[etree._Element] = frozenset(),
    ) -> None:
        self._layer = layer
        self._label = label
        self._styles = styles
        self._covered = covered
        self._weaver = Weaver()
        self._paragraphs = 0
        self._tables = 0
        self._notes = 0
        self._boxes = 0

    def read(self, root: etree._Element) -> Iterator[Part]:
        """All of the stream."""
        yield from self._blocks(root, self._layer, self._label, deleted=False, inserted=False)
        yield from self._weaver.passages()

    def _blocks(
        self, parent: etree._Element, layer: Layer, where: str, *, deleted: bool, inserted: bool
    ) -> Iterator[Part]:
        for child in parent:
            name = local(child)
            if name == "p":
                self._paragraphs += 1
                location = f"{where}，第 {self._paragraphs} 段" if where == self._label else where
                paragraph = self._paragraph(child, deleted, inserted)
                yield from self._woven(paragraph, layer, location, self._weaver)
            elif name == "tbl":
                self._tables += 1
                yield from self._weaver.passages()
                yield from self._table(child, layer, deleted=deleted, inserted=inserted)
            elif name in ("footnote", "endnote", "comment"):
                yield from self._weaver.passages()
                self._notes += 1
                location = f"{self._label}，第 {self._notes} 条"
                if name == "comment":
                    yield from self._comment(child, location)
                yield from self._blocks(child, layer, location, deleted=deleted, inserted=inserted)
                yield from self._weaver.passages()
            elif name:
                yield from self._blocks(
                    child,
                    layer,
                    where,
                    deleted=deleted or name in ("del", "moveFrom"),
                    inserted=inserted or name in ("ins", "moveTo"),
                )

    def _comment(self, comment: etree._Element, location: str) -> Iterator[Part]:
        text = "".join(node.text or "" for node in comment.iter() if local(node) == "t")
        author = attribute(comment, "author") or ""
        weaver = Weaver()
        weaver.add(author, Layer.COMMENT, f"{location}，批注者")
        yield from weaver.passages()
        yield Concealed(Layer.COMMENT, location, text or author or "空批注")

    def _table(self, table: etree._Element, layer: Layer, *, deleted: bool, inserted: bool) -> Iterator[Part]:
        cell_layer = Layer.TABLE if layer is Layer.TEXT else layer
        label = f"{self._label}，表 {self._tables}"
        grid = Grid()
        for row_number, row in enumerate(_descendants(table, "tr"), 1):
            cells: list[tuple[int, list[Piece]]] = []
            row_deleted = deleted or _row_mark(row, "del")
            row_inserted = inserted or _row_mark(row, "ins")
            hidden = _row_mark(row, "hidden")
            for column, cell in enumerate(_descendants(row, "tc"), 1):
                location = f"{label}，第 {row_number} 行第 {column} 列"
                weaver = Weaver()
                for paragraph in _descendants(cell, "p"):
                    part = self._paragraph(paragraph, row_deleted, row_inserted, hidden)
                    yield from self._woven(part, cell_layer, location, weaver)
                cells.extend((column, _pieces(passage)) for passage in weaver.passages())
                for inner in _descendants(cell, "tbl"):
                    self._tables += 1
                    yield from self._table(inner, layer, deleted=row_deleted, inserted=row_inserted)
            yield from grid.row(cells)
        yield from grid.end()

    def _paragraph(
        self, element: etree._Element, deleted: bool, inserted: bool, hidden: bool = False
    ) -> _Paragraph:
        paragraph = _Paragraph(covered=element in self._covered, ground=_ground(element))
        for child in element:
            if local(child) == "pPr":
                for style in child:
                    if local(style) == "pStyle":
                        paragraph.look = self._styles.looks.get(attribute(style, "val") or "", Look())
                        hidden = hidden or attribute(style, "val") in self._styles.hidden
        self._inline(element, paragraph, deleted, inserted, hidden)
        return paragraph

    def _inline(
        self, parent: etree._Element, paragraph: _Paragraph, deleted: bool, inserted: bool, hidden: bool
    ) -> None:
        for child in parent:
            name = local(child)
            if name == "r":
                before = len(paragraph.runs)
                self._inline(child, paragraph, deleted, inserted, hidden or self._run_hidden(child))
                if paragraph.covered or self._run_covered(child, paragraph):
                    paragraph.runs[before:] = [run._replace(covered=True) for run in paragraph.runs[before:]]
            elif name in ("t", "delText"):
                gone = deleted or name == "delText"
                paragraph.runs.append(_Run(child.text or "", gone, inserted and not gone, hidden))
            elif name in ("tab", "ptab") and local(parent) == "r":
                paragraph.runs.append(_Run("\t", deleted, False, hidden))
            elif name in ("br", "cr"):
                paragraph.runs.append(_Run("\n", deleted, False, hidden))
            elif name == "noBreakHyphen":
                paragraph.runs.append(_Run("-", deleted, False, hidden))
            elif name in ("instrText", "delInstrText"):
                paragraph.codes.append(child.text or "")
            elif name == "txbxContent":
                paragraph.boxes.append(child)
            elif name not in ("rPr", "pPr", "") and not _repeats(child):
                paragraph.codes.append(attribute(child, "instr") or "")
                self._inline(
                    child,
                    paragraph,
                    deleted or name in ("del", "moveFrom"),
                    inserted or name in ("ins", "moveTo"),
                    hidden,
                )

    def _run_hidden(self, run: etree._Element) -> bool:
        properties = next((child for child in run if local(child) == "rPr"), None)
        if properties is None:
            return False
        vanish = _on(properties, "vanish")
        if vanish is not None:
            return vanish
        shaded = False
        faint = False
        for child in properties:
            name, value = local(child), attribute(child, "val") or ""
            if name == "rStyle" and value in self._styles.hidden:
                return True
            if name == "sz" and value.isdigit() and int(value) <= _TINY_HALF_POINTS:
                return True
            faint = faint or (name == "color" and value.upper() == "FFFFFF")
            shaded = shaded or name in ("shd", "highlight")
        return faint and not shaded and not _on_colour(run)

    def _run_covered(self, run: etree._Element, paragraph: _Paragraph) -> bool:
        """Whether the letters of a run have the colour of what is right behind them."""
        properties = next((child for child in run if local(child) == "rPr"), None)
        if properties is None:
            return paragraph.look.hides(paragraph.ground)
        style = next((attribute(child, "val") for child in properties if local(child) == "rStyle"), None)
        seen = look(properties).over(self._styles.looks.get(style or "", Look())).over(paragraph.look)
        return seen.hides(paragraph.ground)

    def _woven(self, paragraph: _Paragraph, layer: Layer, location: str, weaver: Weaver) -> Iterator[Part]:
        """The paragraph as people see it goes to the weaver; its other versions are parts of their own."""
        for run in paragraph.runs:
            if not run.deleted and not run.hidden:
                shown = Layer.TRACKED_CHANGE if run.inserted else layer
                weaver.add(run.text, Layer.UNDER_COVER if run.covered else shown, location)
        weaver.break_with("\n")
        covered = "".join(
            run.text for run in paragraph.runs if run.covered and not run.deleted and not run.hidden
        )
        if covered.strip():
            yield Concealed(Layer.UNDER_COVER, location, covered)
        if any(run.hidden and not run.deleted for run in paragraph.runs):
            yield from self._version(
                [run for run in paragraph.runs if not run.deleted], layer, location, Layer.HIDDEN_TEXT
            )
        if any(run.deleted for run in paragraph.runs):
            yield from self._version(
                [run for run in paragraph.runs if not run.inserted], layer, location, Layer.TRACKED_CHANGE
            )
        elif any(run.inserted for run in paragraph.runs):
            text = "".join(run.text for run in paragraph.runs if run.inserted)
            yield Concealed(Layer.TRACKED_CHANGE, location, text)
        yield from self._field_codes(paragraph, location)
        for box in paragraph.boxes:
            self._boxes += 1
            where = f"{self._label}，文本框 {self._boxes}"
            yield from _Story(layer, where, self._styles).read(box)

    def _version(self, runs: list[_Run], layer: Layer, location: str, version: Layer) -> Iterator[Part]:
        view = Weaver()
        concealed = []
        for run in runs:
            mine = run.deleted if version is Layer.TRACKED_CHANGE else run.hidden
            view.add(run.text, version if mine else layer, location)
            if mine:
                concealed.append(run.text)
        yield from view.passages(only=frozenset({version}))
        text = "".join(concealed)
        if text.strip():
            yield Concealed(version, location, sample(text))

    def _field_codes(self, paragraph: _Paragraph, location: str) -> Iterator[Part]:
        if any(paragraph.codes):
            weaver = Weaver()
            weaver.add("".join(paragraph.codes), Layer.HIDDEN_TEXT, f"{location}，域代码")
            yield from weaver.passages()


def _repeats(element: etree._Element) -> bool:
    """Whether this is what an older Word shows in place of the element before it, with the same words."""
    before = element.getprevious()
    if local(element) != "Fallback" or before is None:
        return False
    return "".join(map(str, element.itertext())) == "".join(map(str, before.itertext()))


def _descendants(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Nearest descendants of a name; those inside a nested table, cell or row of their own are not taken."""
    for child in parent:
        found = local(child)
        if found == name:
            yield child
        elif found not in ("tbl", "tr", "tc", "p", ""):
            yield from _descendants(child, name)


def _row_mark(row: etree._Element, mark: str) -> bool:
    return any(local(child) == "trPr" and _on(child, mark) for child in row)


def _pieces(passage: Passage) -> list[Piece]:
    ends = [place.start for place in passage.places[1:]] + [len(passage.text)]
    return [
        (passage.text[place.start : end], place.layer, place.location)
        for place, end in zip(passage.places, ends, strict=True)
    ]


def _ground(paragraph: etree._Element) -> str:
    """The colour on which a paragraph stands: its own shading, else that of its cell."""
    for element in (paragraph, next(paragraph.iterancestors("{*}tc"), None)):
        for properties in element if element is not None else ():
            if local(properties) in ("pPr", "tcPr"):
                for mark in properties:
                    if local(mark) == "shd" and (colour := ground(mark)):
                        return colour
    return ""


def _on_colour(run: etree._Element) -> bool:
    """Whether the text lies on a shaded paragraph or cell, or in a box, where white can be read."""
    for ancestor in run.iterancestors():
        name = local(ancestor)
        if name == "txbxContent":
            return True
        if name in ("p", "tc"):
            properties = (child for child in ancestor if local(child) == name + "Pr")
            for mark in (mark for child in properties for mark in child):
                fill = (attribute(mark, "fill") or "auto").upper()
                if local(mark) == "shd" and fill not in ("AUTO", "FFFFFF"):
                    return True
    return False
