"""Redaction of Excel workbooks, by surgery on the package: no value stays in a place that is not seen."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from gongkai.screening.finding import Layer
from gongkai.screening.masking import mask_digits, sample
from gongkai.screening.passage import Unreadable
from gongkai.screening.readers.package import attribute, local
from gongkai.screening.redaction import markup, masks, recognition, tabular
from gongkai.screening.redaction.bundle import Bundle, detach, named
from gongkai.screening.redaction.columns import letters, number_of, without_column
from gongkai.screening.redaction.cutting import Cutter, Thread
from gongkai.screening.redaction.orders import Concealment, List, Order

_FLUSH_AT = 1 << 18
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ON = ("1", "true")
# Relations whose parts keep values of cells that may be gone.
_CACHES = frozenset(
    {"pivotTable", "pivotCacheDefinition", "externalLink", "externalLinkPath", "calcChain", "connections"}
    | {
        "queryTable",
        "printerSettings",
        "slicer",
        "slicerCache",
        "timeline",
        "timelineCache",
        "customProperty",
    }
    | {"customXml", "usernames", "revisionHeaders", "volatileDependencies", "xmlMaps", "metadata"}
)
_KEPT_NAMES = ("_xlnm.Print_Area", "_xlnm.Print_Titles")


@dataclass(slots=True)
class _Sheet:
    number: int
    name: str
    part: str
    hidden: bool


class _Book:
    def __init__(self, data: bytes) -> None:
        self.bundle = Bundle(data)
        self.part = self.bundle.main("xl/workbook.xml")
        if self.part not in self.bundle.parts:
            raise Unreadable("不是完整的 Excel 工作簿，请用办公软件重新另存后再试")
        targets = self.bundle.targets(self.part)
        self.sheets = []
        for number, element in enumerate(named(self.bundle.look(self.part), "sheet")):
            _, place, _ = targets.get(attribute(element, "id") or "", ("", "", False))
            if place in self.bundle.parts:
                hidden = element.get("state", "visible") != "visible"
                self.sheets.append(_Sheet(number, str(element.get("name", "")), place, hidden))
        self.strings_part = next((p for k, p, _ in targets.values() if k == "sharedStrings"), "")
        self.strings: list[str] = []
        if self.strings_part in self.bundle.parts:
            items = [each for each in self.bundle.look(self.strings_part) if local(each) == "si"]
            self.strings = [_words(each) for each in items]

    def text(self, cell: etree._Element) -> str:
        """The text of a cell as people see it."""
        kind, value = cell.get("t", "n"), ""
        for child in cell:
            if local(child) == "v":
                value = child.text or ""
            elif local(child) == "is":
                value = _words(child)
        if kind == "s":
            index = int(value) if value.isdigit() else -1
            return self.strings[index] if 0 <= index < len(self.strings) else ""
        return _figure(value) if kind == "n" else value


def redact(data: bytes, order: Order, cutter: Cutter) -> bytes:
    """A new workbook without what is ordered to go. Formulas become the values they showed. Raises Unreadable."""
    book = _Book(data)
    bundle = book.bundle
    for sheet in book.sheets:
        _freeze_formulas(book, sheet, cutter)
        _mask(book, sheet, order, cutter)
    if Concealment.HIDDEN_SHEETS in order.drop:
        _drop_sheets(book, cutter)
    for sheet in book.sheets:
        if Concealment.HIDDEN_CELLS in order.drop:
            _clear_hidden(book, sheet, cutter)
        if Concealment.HIDDEN_TEXT in order.drop:
            _clear_invisible(book, sheet, cutter)
        if Concealment.COMMENTS in order.drop:
            _drop_comments(bundle, sheet, cutter)
    if Concealment.COMMENTS in order.drop:
        markup.drop_parts(bundle, cutter, "批注者名单", "xl/persons/")
    if Concealment.LEFTOVERS in order.drop or order.maskings:
        _drop_leftovers(book, cutter, charts=bool(order.maskings))
    if Concealment.EMBEDDED_FILES in order.drop:
        markup.drop_embedded(bundle, cutter, "xl")
    if Concealment.PICTURES in order.drop:
        markup.grey_pictures(bundle, cutter, "xl")
    _cut(book, cutter)
    _blank_unused_strings(book)
    if order.searches:
        recognition.paint_pictures(bundle, "xl", cutter)
    markup.sweep(bundle, cutter)
    return bundle.write()


def survey(data: bytes, cutter: Cutter) -> None:
    """Show the cutter all texts, as redaction would."""
    book = _Book(data)
    _cut(book, cutter)
    recognition.survey_pictures(book.bundle, "xl", cutter)


def lists(data: bytes) -> list[List]:
    """The visible sheets that are lists: a heading row and at least one row below it."""
    book, found = _Book(data), []
    for sheet in book.sheets:
        if sheet.hidden:
            continue
        rows = [_row_texts(book, row) for row in named(book.bundle.look(sheet.part), "row")]
        heading = tabular.heading_row(rows)
        if heading is not None and len(rows) > heading + 1:
            found.append(tabular.described(sheet.number, sheet.name, rows, heading))
    return found


def _row_texts(book: _Book, row: etree._Element) -> list[str]:
    texts: list[str] = []
    for column, cell in _cells(row):
        texts += [""] * (column - len(texts) - 1) + [book.text(cell)]
    return texts


def _cells(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    column = 0
    for cell in list(row):
        if local(cell) == "c":
            column = number_of(cell.get("r", "")) or column + 1
            yield column, cell


def _words(item: etree._Element) -> str:
    pieces = []
    for child in item:
        if local(child) == "t":
            pieces.append(child.text or "")
        elif local(child) == "r":
            pieces += [node.text or "" for node in child if local(node) == "t"]
    return "".join(pieces)


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


def _write(cell: etree._Element, text: str) -> None:
    """Give a cell a text of its own: a shared string may be the text of other cells too."""
    space = cell.tag.rpartition("}")[0] + "}"
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    inline = etree.SubElement(etree.SubElement(cell, f"{space}is"), f"{space}t")
    inline.text = text
    if text != text.strip():
        inline.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _freeze_formulas(book: _Book, sheet: _Sheet, cutter: Cutter) -> None:
    """Values for formulas: whatever is taken out, no formula brings it back or breaks."""
    formulas = named(book.bundle.tree(sheet.part), "f")
    for formula in formulas:
        detach(formula)
    if formulas:
        label = f"工作表“{mask_digits(sheet.name)}”"
        cutter.note("公式", label, "改为计算结果，没有保存结果的留空", len(formulas))


def _mask(book: _Book, sheet: _Sheet, order: Order, cutter: Cutter) -> None:
    wanted = {m.column: m.rule for m in order.maskings if m.table == sheet.number and m.rule != masks.KEEP}
    if not wanted:
        return
    root = book.bundle.tree(sheet.part)
    rows = named(root, "row")
    heading = tabular.heading_row([_row_texts(book, row) for row in rows[: masks.HEADING_ROWS]])
    if heading is None:
        return
    for row in rows[heading + 1 :]:
        for column, cell in _cells(row):
            if column not in wanted:
                continue
            old = book.text(cell)
            cutter.forget(old)
            if (new := masks.mask(wanted[column], old)) != old:
                _write(cell, new)
    label = f"工作表“{mask_digits(sheet.name)}”"
    for column, rule in sorted(wanted.items()):
        cutter.note("名单遮盖", f"{label}，{letters(column)} 列", masks.label(rule))
    for column in sorted((c for c, rule in wanted.items() if rule == masks.DELETE), reverse=True):
        without_column(book.bundle, sheet.part, column)
        names = named(book.bundle.tree(book.part), "definedName")
        for name in [each for each in names if each.get("localSheetId") == str(sheet.number)]:
            detach(name)


def _drop_sheets(book: _Book, cutter: Cutter) -> None:
    gone = [sheet for sheet in book.sheets if sheet.hidden]
    if not gone or len(gone) == len(book.sheets):
        return
    bundle, root = book.bundle, book.bundle.tree(book.part)
    elements = named(root, "sheet")
    for sheet in gone:
        detach(elements[sheet.number])
        bundle.drop(sheet.part)
        cutter.note("隐藏的工作表", f"工作表“{mask_digits(sheet.name)}”")
    numbers = {sheet.number for sheet in gone}
    for name in named(root, "definedName"):
        local_sheet = name.get("localSheetId", "")
        quoted = (name.text or "").replace("'", "")
        if (local_sheet.isdigit() and int(local_sheet) in numbers) or any(
            f"{sheet.name}!" in quoted for sheet in gone
        ):
            detach(name)
        elif local_sheet.isdigit():
            name.set("localSheetId", str(int(local_sheet) - sum(n < int(local_sheet) for n in numbers)))
    for view in named(root, "workbookView"):
        for key in ("activeTab", "firstSheet"):
            view.attrib.pop(key, "")
    book.sheets = [sheet for sheet in book.sheets if not sheet.hidden]
    for sheet in book.sheets:
        for rule in named(bundle.tree(sheet.part), "dataValidation", "conditionalFormatting"):
            formulas = "".join(str(text) for text in rule.itertext()).replace("'", "")
            if any(f"{each.name}!" in formulas for each in gone):
                detach(rule)
    bundle.drop_unreached()


def _clear_hidden(book: _Book, sheet: _Sheet, cutter: Cutter) -> None:
    root = book.bundle.tree(sheet.part)
    columns = [
        (int(col.get("min", "0")), int(col.get("max", "0")))
        for col in named(root, "col")
        if col.get("hidden") in _ON or col.get("width") == "0"
    ]
    by_default = any(each.get("zeroHeight") in _ON for each in named(root, "sheetFormatPr"))
    label = f"工作表“{mask_digits(sheet.name)}”"
    for row in named(root, "row"):
        hidden = (
            row.get("hidden") in _ON or row.get("ht") == "0" or (by_default and row.get("hidden") is None)
        )
        for column, cell in _cells(row):
            in_column = any(first <= column <= last for first, last in columns)
            if not hidden and not in_column:
                continue
            if text := book.text(cell):
                what = "隐藏列" if in_column else "隐藏行"
                where = (
                    f"{label}，{letters(column)} 列" if in_column else f"{label}，第 {row.get('r', '')} 行"
                )
                cutter.note(what, where, sample(text, 12) if not in_column else "")
                cutter.forget(text)
            row.remove(cell)
    book.bundle.put(sheet.part, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _clear_invisible(book: _Book, sheet: _Sheet, cutter: Cutter) -> None:
    """Empty the cells that a format hides: the number format ;;; or white letters on no fill."""
    root = book.bundle.tree(sheet.part)
    # The style of a table, or a condition, may give white letters a ground of another colour.
    coloured = bool(named(root, "tablePart", "conditionalFormatting"))
    formats = _invisible_formats(book, white_too=not coloured)
    label = f"工作表“{mask_digits(sheet.name)}”"
    for row in named(root, "row") if formats else ():
        for column, cell in _cells(row):
            if cell.get("s") in formats and (text := book.text(cell)):
                cutter.note("隐藏文字", f"{label}，{letters(column)}{row.get('r', '')}", sample(text, 12))
                cutter.forget(text)
                for child in list(cell):
                    cell.remove(child)
                cell.attrib.pop("t", "")


def _invisible_formats(book: _Book, *, white_too: bool) -> frozenset[str]:
    part = next((place for kind, place, _ in book.bundle.targets(book.part).values() if kind == "styles"), "")
    if part not in book.bundle.parts:
        return frozenset()
    root = book.bundle.look(part)
    codes = {each.get("numFmtId"): each.get("formatCode", "") for each in named(root, "numFmt")}
    white = {
        str(number)
        for number, font in enumerate(_group(root, "fonts"))
        if any((attribute(node, "rgb") or "").upper()[-6:] == "FFFFFF" for node in named(font, "color"))
    }
    filled = {
        str(number)
        for number, fill in enumerate(_group(root, "fills"))
        if any(node.get("patternType", "none") != "none" for node in named(fill, "patternFill"))
    }
    return frozenset(
        str(number)
        for number, cell in enumerate(_group(root, "cellXfs"))
        if codes.get(cell.get("numFmtId"), "").startswith(";;;")
        or (white_too and cell.get("fontId") in white and cell.get("fillId") not in filled)
    )


def _group(root: etree._Element, name: str) -> list[etree._Element]:
    return [each for group in root if local(group) == name for each in group]


def _drop_comments(bundle: Bundle, sheet: _Sheet, cutter: Cutter) -> None:
    targets = bundle.targets(sheet.part)
    parts = [p for k, p, ext in targets.values() if k in ("comments", "threadedComment") and not ext]
    if not parts:
        return
    for part in parts:
        if part in bundle.parts:
            for comment in named(bundle.look(part), "comment", "threadedComment"):
                words = "".join(node.text or "" for node in named(comment, "t", "text"))
                cutter.note(
                    "批注", f"工作表“{mask_digits(sheet.name)}”，{comment.get('ref', '')}", sample(words, 20)
                )
        bundle.drop(part)
    # The drawing that shows comments as notes goes with them.
    for part in [p for k, p, ext in targets.values() if k == "vmlDrawing" and not ext]:
        bundle.drop(part)
    _unlink(bundle, sheet.part)


def _unlink(bundle: Bundle, name: str) -> None:
    """Take out what refers to a relation that is no more."""
    known = set(bundle.targets(name))
    for element in bundle.tree(name).iter():
        if not isinstance(element.tag, str):
            continue
        for key in [
            k for k in element.attrib if str(k).startswith(_RELATION) and element.get(k) not in known
        ]:
            del element.attrib[key]
            if local(element) != "pageSetup":
                holder = next((e for e in element.iterancestors() if local(e) == "ext"), element)
                detach(holder)
    for holder in named(bundle.tree(name), "pivotCaches", "externalReferences", "extLst", "tableParts"):
        if len(holder) == 0:
            detach(holder)


def _drop_leftovers(book: _Book, cutter: Cutter, *, charts: bool) -> None:
    bundle, root = book.bundle, book.bundle.tree(book.part)
    for source in [book.part, *(sheet.part for sheet in book.sheets)]:
        for kind, place, external in bundle.targets(source).values():
            if kind in _CACHES and not external and bundle.drop(place) and kind != "calcChain":
                cutter.note("遗留内容", _CACHE_WORDS.get(kind, "外部数据和缓存"))
        bundle.unrelate(source, kinds=_CACHES)
        _unlink(bundle, source)
    names = [name for name in named(root, "definedName") if name.get("name") not in _KEPT_NAMES]
    for name in names:
        cutter.note("遗留内容", "定义的名称", sample(str(name.get("name", "")), 20))
        detach(name)
    for holder in named(root, "definedNames"):
        if len(holder) == 0:
            detach(holder)
    for element in named(root, "fileSharing", "customWorkbookViews"):
        detach(element)
    if charts:
        for part in bundle.names("xl/charts/", ".xml"):
            for cache in named(bundle.tree(part), "strCache", "numCache", "multiLvlStrCache"):
                detach(cache)
    markup.drop_leftovers(bundle, cutter)


_CACHE_WORDS = {
    "pivotTable": "数据透视表（单元格里的数值保留）",
    "pivotCacheDefinition": "数据透视表缓存",
    "externalLink": "外部链接和外部数据缓存",
    "printerSettings": "打印机设置",
    "connections": "数据连接",
}


def _cut(book: _Book, cutter: Cutter) -> None:
    bundle = book.bundle
    done = {book.part, book.strings_part, "[Content_Types].xml"}
    for sheet in book.sheets:
        done.add(sheet.part)
        _cut_sheet(book, sheet, cutter)
    _cut_names(book, cutter)
    for name in bundle.names(ending=".xml") + bundle.names(ending=".rels") + bundle.names(ending=".vml"):
        if name in done or "/theme/" in name or name.endswith(("xl/styles.xml", "calcChain.xml")):
            continue
        root = bundle.look(name)
        if markup.cut_words(cutter, root, "图形、批注和其他部件"):
            bundle.put(name, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _cut_sheet(book: _Book, sheet: _Sheet, cutter: Cutter) -> None:
    root = book.bundle.tree(sheet.part)
    label = f"工作表“{mask_digits(sheet.name)}”"
    layer = Layer.HIDDEN_SHEET if sheet.hidden else Layer.TABLE
    thread, size = Thread(), 0
    headings: dict[int, str] = {}
    for number, row in enumerate(named(root, "row")):
        for column, cell in _cells(row):
            text = book.text(cell)
            if text:
                where = f"{label}，{letters(column)}{row.get('r', '')}"
                heading = headings.get(column, "")
                thread.add(text, _writer(cell), layer, where, heading)
                size += len(text)
                if number < masks.HEADING_ROWS and len(text) <= 30 and not any(c.isdigit() for c in text):
                    headings[column] = f"{heading} {text.strip()}".strip()
            thread.gap("\t")
        thread.gap("\n")
        if size >= _FLUSH_AT:
            cutter.cut(thread)
            thread, size = Thread(), 0
    cutter.cut(thread)
    rest = Thread()
    for element in root.iter():
        if local(element) in ("c", "row", "sheetData", "v", "is", "t", "r", "rPr", ""):
            continue
        if element.text and element.text.strip():
            rest.add(element.text, markup.put_text(element), Layer.HEADER_FOOTER, label)
            rest.gap("\t\n")
        for key, value in element.attrib.items():
            if str(key) in markup.WORDED and len(value) > 1:
                rest.add(str(value), markup.put_attribute(element, str(key)), Layer.HIDDEN_TEXT, label)
                rest.gap("\t\n")
    cutter.cut(rest)


def _writer(cell: etree._Element) -> Callable[[str], None]:
    def put(text: str) -> None:
        _write(cell, text)

    return put


def _cut_names(book: _Book, cutter: Cutter) -> None:
    """Names of sheets and defined names; two sheets never get the same name."""
    root, thread = book.bundle.tree(book.part), Thread()
    for element in named(root, "definedName"):
        if element.text:
            thread.add(element.text, markup.put_text(element), Layer.HIDDEN_TEXT, "定义的名称")
            thread.gap("\t\n")
    for number, element in enumerate(named(root, "sheet"), 1):
        thread.add(str(element.get("name", "")), _renamer(element, number), Layer.TEXT, "工作表名称")
        thread.gap("\t\n")
    cutter.cut(thread)


def _renamer(element: etree._Element, number: int) -> Callable[[str], None]:
    def put(text: str) -> None:
        element.set("name", f"{text[:24]}({number})")

    return put


def _blank_unused_strings(book: _Book) -> None:
    """Empty the shared strings that no cell shows any more."""
    if book.strings_part not in book.bundle.parts:
        return
    used = set()
    for sheet in book.sheets:
        for cell in named(book.bundle.tree(sheet.part), "c"):
            if cell.get("t") == "s":
                used |= {child.text for child in cell if local(child) == "v"}
    root = book.bundle.tree(book.strings_part)
    items = [each for each in root if local(each) == "si"]
    for index, item in enumerate(items):
        if str(index) not in used:
            for child in list(item):
                item.remove(child)
            etree.SubElement(item, re.sub(r"\}.*", "}t", item.tag) if "}" in item.tag else "t")
