"""Excel workbooks (.xlsx): cells of shown and hidden sheets, rows and columns, and what hangs on them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from gongkai.screening.finding import Layer
from gongkai.screening.masking import mask_digits
from gongkai.screening.passage import Concealed, Grid, Part, Piece, Weaver
from gongkai.screening.readers import office, sheet_covers
from gongkai.screening.readers.office import EmbeddedReader
from gongkai.screening.readers.package import Package, attribute, local

_LAST_COLUMN = 16_384
_INVISIBLE_FORMAT = ";;;"
# Colours of the old palette, and how white is written: the paper of a cell without fill.
_INDEXED = {"0": "000000", "8": "000000", "1": "FFFFFF", "9": "FFFFFF", "64": "", "65": "FFFFFF"}
_PAPER = ("FFFFFF", "theme 0")


def read(data: bytes, read_embedded: EmbeddedReader) -> Iterator[Part]:
    """All parts of a workbook. Raises Unreadable if it is damaged or not what it seems."""
    package = Package(data, read_embedded.allowance)
    seen: set[str] = set()
    book = _Book(package)
    yield from book.names(seen)
    for sheet in book.sheets:
        seen.add(sheet.part)
        yield from _Sheet(package, book, sheet).read(seen)
    for name in package.names("xl/comments", ".xml") + package.names("xl/threadedComments/", ".xml"):
        if name not in seen:
            seen.add(name)
            yield from _comments(package.tree(name), "批注")
    for name in package.names("xl/pivotCache/", ".xml") + package.names("xl/externalLinks/", ".xml"):
        seen.add(name)
        yield from _cached(package.tree(name), "数据透视表缓存" if "pivot" in name else "外部数据缓存")
    for folder in ("xl/drawings/", "xl/charts/", "xl/diagrams/"):
        for name in package.names(folder, ".xml") + package.names(folder, ".vml"):
            seen.add(name)
            yield from office.drawing_words(package.tree(name), "图形")
    yield from office.properties(package)
    yield from office.leftovers(package, seen, read_embedded)


@dataclass(slots=True)
class _SheetEntry:
    part: str
    name: str
    hidden: bool


@dataclass(slots=True)
class _Book:
    """What all sheets share: their list, the shared strings, the styles that hide a cell."""

    package: Package
    part: str = ""
    sheets: list[_SheetEntry] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    invisible: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.part = next(
            (target for kind, target, _ in self.package.relations("").values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        relations = self.package.relations(self.part)
        for element in self.package.tree(self.part).iter():
            if local(element) == "sheet":
                _, target, _ = relations.get(attribute(element, "id") or "", ("", "", False))
                if target in self.package.sizes:
                    name = str(element.get("name", ""))
                    self.sheets.append(
                        _SheetEntry(target, name, element.get("state", "visible") != "visible")
                    )
        listed = {sheet.part for sheet in self.sheets}
        for name in self.package.names("xl/worksheets/sheet", ".xml"):
            if name not in listed:
                self.sheets.append(_SheetEntry(name, name.rpartition("/")[2], True))
        for kind, target, _ in relations.values():
            if kind == "sharedStrings" and target in self.package.sizes:
                self.strings = list(_shared_strings(self.package, target))
            elif kind == "styles" and target in self.package.sizes:
                self.invisible = _invisible_styles(self.package.tree(target))

    def names(self, seen: set[str]) -> Iterator[Part]:
        """Names of sheets and defined names, which stay when their cells are gone."""
        seen.add(self.part)
        weaver = Weaver()
        for sheet in self.sheets:
            weaver.add(sheet.name, Layer.HIDDEN_SHEET if sheet.hidden else Layer.TEXT, "工作表名称")
            weaver.break_with("\t\n")
        yield from weaver.passages()
        for element in self.package.tree(self.part).iter():
            if local(element) == "definedName" and element.text:
                weaver.add(
                    f"{element.get('name', '')}\t{_unquoted(element.text)}", Layer.HIDDEN_TEXT, "定义的名称"
                )
                weaver.break_with("\t\n")
        yield from weaver.passages()


def _shared_strings(package: Package, part: str) -> Iterator[str]:
    for item in package.stream(part, ("{*}si",)):
        yield _words(item)
        _forget(item)


def _words(item: etree._Element) -> str:
    """Text of a string item: its runs joined, without the phonetic guides."""
    pieces = []
    for child in item:
        name = local(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces += [node.text or "" for node in child if local(node) == "t"]
    return "".join(pieces)


def _forget(element: etree._Element) -> None:
    """Free an element that was read, and what came before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _invisible_styles(root: etree._Element) -> frozenset[int]:
    """Indices of cell formats that show nothing: the number format ;;; or letters in the colour of the cell."""
    formats = {
        element.get("numFmtId"): element.get("formatCode", "")
        for element in root.iter()
        if local(element) == "numFmt"
    }
    fonts = [element for group in root if local(group) == "fonts" for element in group]
    fills = [element for group in root if local(group) == "fills" for element in group]
    found = set()
    cells = [element for group in root if local(group) == "cellXfs" for element in group]
    for index, cell in enumerate(cells):
        font = _chosen(fonts, cell.get("fontId"))
        fill = _chosen(fills, cell.get("fillId"))
        letters = (
            next((_tint(node) for node in font if local(node) == "color"), "") if font is not None else ""
        )
        ground = _ground(fill) if fill is not None else ""
        same = letters == ground if ground else letters in _PAPER
        if formats.get(cell.get("numFmtId"), "").startswith(_INVISIBLE_FORMAT) or (letters and same):
            found.add(index)
    return frozenset(found)


def _tint(colour: etree._Element) -> str:
    """A colour as the workbook names it; two that are written alike look alike."""
    rgb, theme = attribute(colour, "rgb"), attribute(colour, "theme")
    if rgb:
        return rgb.upper()[-6:]
    if theme is not None:
        return f"theme {theme} {attribute(colour, 'tint') or ''}".strip()
    indexed = attribute(colour, "indexed")
    return _INDEXED.get(indexed, f"indexed {indexed}") if indexed else ""


def _ground(fill: etree._Element) -> str:
    """What colour a fill has; empty if it is none, a mark of its own if it is a pattern."""
    for pattern in fill:
        kind = pattern.get("patternType", "none")
        if local(pattern) == "patternFill" and kind == "solid":
            return next((_tint(node) for node in pattern if local(node) == "fgColor"), "") or "pattern"
        if local(pattern) == "gradientFill" or kind != "none":
            return "pattern"
    return ""


def _chosen(elements: list[etree._Element], index: str | None) -> etree._Element | None:
    return elements[int(index)] if index and index.isdigit() and int(index) < len(elements) else None


class _Sheet:
    """One sheet: its cells row by row, then its headers, comments and validation texts."""

    def __init__(self, package: Package, book: _Book, entry: _SheetEntry) -> None:
        self._package = package
        self._book = book
        self._entry = entry
        self._label = f"工作表“{mask_digits(entry.name)}”"
        self._hidden_columns: list[tuple[int, int]] = []
        self._rows_hidden_by_default = False
        self._concealed: dict[Layer, list[str]] = {}
        self._covers = sheet_covers.of_sheet(package, entry.part)

    def read(self, seen: set[str]) -> Iterator[Part]:
        """All parts of the sheet."""
        grid = Grid()
        row_number = 0
        tags = (
            "{*}row",
            "{*}col",
            "{*}sheetFormatPr",
            "{*}headerFooter",
            "{*}dataValidation",
            "{*}conditionalFormatting",
        )
        if self._entry.hidden:
            self._concealed[Layer.HIDDEN_SHEET] = []
        for element in self._package.stream(self._entry.part, tags):
            name = local(element)
            if name == "row":
                given = element.get("r", "")
                row_number = int(given) if given.isdigit() else row_number + 1
                yield from grid.row(self._cells(element, row_number))
            elif name == "col":
                self._column(element)
            elif name == "sheetFormatPr":
                self._rows_hidden_by_default = element.get("zeroHeight") in ("1", "true")
                self._covers.row_points = float(_measure(element.get("defaultRowHeight")) or 15)
            elif name == "headerFooter":
                yield from _plain(
                    [child.text or "" for child in element], Layer.HEADER_FOOTER, f"{self._label}，页眉页脚"
                )
            else:
                yield from self._rules(element)
            _forget(element)
        yield from grid.end()
        yield from self._relations(seen)
        for layer, samples in self._concealed.items():
            yield Concealed(layer, self._label, "；".join(samples[:6]) or self._entry.name)

    def _rules(self, element: etree._Element) -> Iterator[Part]:
        """Prompts and lists of a validation rule, formulas of a conditional format."""
        texts = [
            node.text or "" for node in element.iter() if local(node) in ("formula1", "formula2", "formula")
        ]
        texts = [_unquoted(text) for text in texts]
        texts += [
            str(value)
            for key, value in element.attrib.items()
            if str(key) in ("prompt", "promptTitle", "error", "errorTitle")
        ]
        yield from _plain(texts, Layer.HIDDEN_TEXT, f"{self._label}，数据有效性")

    def _column(self, element: etree._Element) -> None:
        hidden = element.get("hidden") in ("1", "true") or element.get("width") == "0"
        first, last = element.get("min", ""), element.get("max", "")
        if first.isdigit() and last.isdigit():
            if hidden:
                self._hidden_columns.append((int(first), int(last)))
            elif width := _measure(element.get("width")):
                self._covers.column(int(first), int(last), width)

    def _cells(self, row: etree._Element, row_number: int) -> list[tuple[int, list[Piece]]]:
        row_hidden = (
            row.get("hidden") in ("1", "true")
            or row.get("ht") == "0"
            or (self._rows_hidden_by_default and row.get("hidden") is None)
        )
        cells: list[tuple[int, list[Piece]]] = []
        column = 0
        for cell in row:
            if local(cell) != "c":
                continue
            reference = cell.get("r", "")
            column = _column_number(reference) or column + 1
            text, formula = self._value(cell)
            if not text and not formula:
                continue
            layer = self._layer(column, row_number, row_hidden, cell)
            location = f"{self._label}，{_column_name(column)}{row_number}"
            pieces: list[Piece] = [(text, layer, location)]
            if formula:
                pieces.append(("\t" + formula, layer, f"{location}，公式"))
            cells.append((column, pieces))
            if layer is not Layer.TABLE and text and len(self._concealed.setdefault(layer, [])) < 6:
                self._concealed[layer].append(f"{_column_name(column)}{row_number} {text[:20]}")
        return cells

    def _layer(self, column: int, row_number: int, row_hidden: bool, cell: etree._Element) -> Layer:
        if self._entry.hidden:
            return Layer.HIDDEN_SHEET
        if any(first <= column <= last for first, last in self._hidden_columns):
            return Layer.HIDDEN_COLUMN
        if row_hidden:
            return Layer.HIDDEN_ROW
        style = cell.get("s", "")
        if style.isdigit() and int(style) in self._book.invisible:
            return Layer.HIDDEN_TEXT
        return Layer.UNDER_COVER if self._covers.hide(column, row_number) else Layer.TABLE

    def _value(self, cell: etree._Element) -> tuple[str, str]:
        """The shown text of a cell and the text of its formula."""
        kind = cell.get("t", "n")
        value = formula = ""
        for child in cell:
            name = local(child)
            if name == "v":
                value = child.text or ""
            elif name == "is":
                value = _words(child)
            elif name == "f":
                formula = _unquoted(child.text or "")
        if kind == "s":
            index = int(value) if value.isdigit() else -1
            value = self._book.strings[index] if 0 <= index < len(self._book.strings) else ""
        elif kind == "n" and value:
            value = _figure(value)
        return value, formula

    def _relations(self, seen: set[str]) -> Iterator[Part]:
        for kind, target, external in self._package.relations(self._entry.part).values():
            if external:
                yield from _plain([target], Layer.METADATA, f"{self._label}，链接")
            elif (
                kind in ("comments", "threadedComment")
                and target in self._package.sizes
                and target not in seen
            ):
                seen.add(target)
                yield from _comments(self._package.tree(target), self._label)


def _measure(value: str | None) -> float:
    """A width or a height; 0 if there is none."""
    try:
        return float(value or 0)
    except ValueError:
        return 0.0


def _unquoted(formula: str) -> str:
    """A formula whose quoted strings stand each on its own."""
    return formula.replace('"', "\t")


def _figure(value: str) -> str:
    """A number as a cell shows it: 1.3800000000E10 is 13800000000."""
    if "E" in value or "e" in value or value.endswith(".0"):
        try:
            number = float(value)
        except ValueError:
            return value
        if number.is_integer() and abs(number) < 1e20:
            return str(int(number))
    return value


def _comments(root: etree._Element, label: str) -> Iterator[Part]:
    for comment in root.iter():
        if local(comment) not in ("comment", "threadedComment"):
            continue
        location = f"{label}，批注 {comment.get('ref', '')}".rstrip()
        text = "".join(node.text or "" for node in comment.iter() if local(node) in ("t", "text"))
        yield from _plain([text], Layer.COMMENT, location)
        yield Concealed(Layer.COMMENT, location, text or "空批注")


def _cached(root: etree._Element, label: str) -> Iterator[Part]:
    """Values that a pivot table or a link keeps of data that may be gone from the sheets."""
    values = [
        _figure(str(node.get("v") or "")) or (node.text or "")
        for node in root.iter()
        if local(node) in ("s", "n", "d", "v") and (node.get("v") or node.text)
    ]
    yield from _plain(values, Layer.HIDDEN_TEXT, label)
    if values:
        yield Concealed(Layer.HIDDEN_TEXT, label, "；".join(values[:6]))


def _plain(texts: list[str], layer: Layer, location: str) -> Iterator[Part]:
    weaver = Weaver()
    for text in texts:
        if text:
            weaver.add(text, layer, location)
            weaver.break_with("\t\n")
    yield from weaver.passages()


def _column_number(reference: str) -> int:
    """The number of the column in a reference like AB12; 0 if there is none."""
    number = 0
    for char in reference:
        if not "A" <= char <= "Z":
            break
        number = number * 26 + ord(char) - 64
        if number > _LAST_COLUMN:
            return 0
    return number


@lru_cache(maxsize=_LAST_COLUMN)
def _column_name(number: int) -> str:
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
