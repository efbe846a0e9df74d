"""Redaction of Word documents, by surgery on the package: what is not ordered to go stays as it was."""

from collections.abc import Iterator

from lxml import etree

from gongkai.screening.finding import Layer
from gongkai.screening.readers.package import attribute, local
from gongkai.screening.redaction import markup, masks, recognition, tabular
from gongkai.screening.redaction.bundle import Bundle, detach, named, unwrap
from gongkai.screening.redaction.cutting import Cutter, Thread
from gongkai.screening.redaction.orders import Concealment, List, Order

_OFF = ("0", "false", "off", "none")
_STORIES = (
    ("word/header", Layer.HEADER_FOOTER, "页眉"),
    ("word/footer", Layer.HEADER_FOOTER, "页脚"),
    ("word/footnotes", Layer.FOOTNOTE, "脚注"),
    ("word/endnotes", Layer.FOOTNOTE, "尾注"),
    ("word/comments", Layer.COMMENT, "批注"),
    ("word/glossary/document", Layer.HIDDEN_TEXT, "文档部件库"),
)
_CHANGE_RECORDS = (
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "tcPrChange", "trPrChange",
    "tblGridChange", "numberingChange", "cellIns", "cellDel", "cellMerge", "moveFromRangeStart", "moveFromRangeEnd",
    "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart",
    "customXmlDelRangeEnd", "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd",
    "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd",
)  # fmt: skip
_TINY_HALF_POINTS = 4
_WORDS = ("t", "delText", "instrText", "delInstrText")


def redact(data: bytes, order: Order, cutter: Cutter) -> bytes:
    """A new document without what is ordered to go. Raises Unreadable where it is damaged."""
    bundle = Bundle(data)
    for each in order.maskings:
        _mask(bundle, cutter, each.table, each.column, each.rule)
    _delete_columns(bundle, cutter, order)
    stories = list(_stories(bundle))
    if Concealment.COMMENTS in order.drop:
        _drop_comments(bundle, cutter, [name for name, _, _ in stories])
        stories = [story for story in stories if story[0] in bundle.parts]
    for name, _, label in stories:
        root = bundle.tree(name)
        if Concealment.TRACKED_CHANGES in order.drop:
            _settle_changes(root, cutter, label)
        if Concealment.HIDDEN_TEXT in order.drop:
            _drop_hidden(root, _hidden_styles(bundle), cutter, label)
    if Concealment.LEFTOVERS in order.drop:
        _drop_leftovers(bundle, cutter, stories)
        stories = [story for story in stories if story[0] in bundle.parts]
    if Concealment.EMBEDDED_FILES in order.drop:
        markup.drop_embedded(bundle, cutter, "word")
    if Concealment.PICTURES in order.drop:
        markup.grey_pictures(bundle, cutter, "word")
    _cut(bundle, cutter, stories)
    if order.searches:
        recognition.paint_pictures(bundle, "word", cutter)
    markup.sweep(bundle, cutter)
    return bundle.write()


def survey(data: bytes, cutter: Cutter) -> None:
    """Show the cutter all texts, as redaction would."""
    bundle = Bundle(data)
    _cut(bundle, cutter, list(_stories(bundle)))
    recognition.survey_pictures(bundle, "word", cutter)


def lists(data: bytes) -> list[List]:
    """The simple tables of the body: a heading row and at least one more, no merged cells."""
    bundle = Bundle(data)
    found = []
    for number, table in _simple_tables(bundle.look(bundle.main("word/document.xml"))):
        rows = [[_cell_text(cell) for cell in _cells(row)] for row in _rows(table)]
        found.append(tabular.described(number, f"表 {number + 1}", rows, 0))
    return found


def _stories(bundle: Bundle) -> Iterator[tuple[str, Layer, str]]:
    yield bundle.main("word/document.xml"), Layer.TEXT, "正文"
    for prefix, layer, label in _STORIES:
        for name in bundle.names(prefix, ".xml"):
            if name.rpartition("/")[2].rstrip("0123456789.xml") in prefix:
                yield name, layer, label


def _cut(bundle: Bundle, cutter: Cutter, stories: list[tuple[str, Layer, str]]) -> None:
    done = set()
    for name, layer, label in stories:
        done.add(name)
        _Story(cutter, layer, label).cut(bundle.tree(name))
    for name in bundle.names(ending=".xml") + bundle.names(ending=".rels"):
        if name in done or name == "[Content_Types].xml" or name.startswith("word/theme/"):
            continue
        if name.rpartition("/")[2] in ("styles.xml", "fontTable.xml", "numbering.xml", "webSettings.xml"):
            continue
        root = bundle.look(name)
        if markup.cut_words(cutter, root, "链接" if name.endswith(".rels") else "图表和其他部件"):
            bundle.put(name, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


class _Story:
    """One stream of paragraphs and tables, cut as it is read: paragraphs together, each table as a grid."""

    def __init__(self, cutter: Cutter, layer: Layer, label: str) -> None:
        self._cutter = cutter
        self._layer = layer
        self._label = label
        self._paragraphs = 0
        self._tables = 0
        self._thread = Thread()

    def cut(self, root: etree._Element) -> None:
        self._blocks(root)
        self._cutter.cut(self._thread)

    def _blocks(self, parent: etree._Element) -> None:
        for child in parent:
            name = local(child)
            if name == "p":
                self._paragraphs += 1
                self._paragraph(child, self._thread, f"{self._label}，第 {self._paragraphs} 段", "")
                self._thread.gap("\n")
            elif name == "tbl":
                self._cutter.cut(self._thread)
                self._thread = Thread()
                self._tables += 1
                self._table(child)
            elif name:
                self._blocks(child)

    def _table(self, table: etree._Element) -> None:
        label, thread = f"{self._label}，表 {self._tables}", Thread()
        headings: dict[int, str] = {}
        inner: list[etree._Element] = []
        for number, row in enumerate(_rows(table), 1):
            for column, cell in enumerate(_cells(row), 1):
                where = f"{label}，第 {number} 行第 {column} 列"
                for paragraph in _nearest(cell, "p"):
                    self._paragraph(paragraph, thread, where, headings.get(column, ""))
                    thread.gap("\n")
                thread.gap("\t")
                inner += _nearest(cell, "tbl")
                if number <= masks.HEADING_ROWS:
                    text = _cell_text(cell)
                    if len(text) <= 30 and not any(char.isdigit() for char in text):
                        headings[column] = f"{headings.get(column, '')} {text}".strip()
            thread.gap("\n")
        self._cutter.cut(thread)
        for nested in inner:
            self._tables += 1
            self._table(nested)

    def _paragraph(self, paragraph: etree._Element, thread: Thread, where: str, heading: str) -> None:
        codes = Thread()
        layer = (
            Layer.TABLE if "表" in where.rpartition("，")[0] and self._layer is Layer.TEXT else self._layer
        )
        boxes: list[etree._Element] = []
        self._inline(paragraph, thread, codes, boxes, layer, where, heading)
        self._cutter.cut(codes)
        for box in boxes:
            _Story(self._cutter, self._layer, f"{self._label}，文本框").cut(box)

    def _inline(
        self,
        parent: etree._Element,
        thread: Thread,
        codes: Thread,
        boxes: list[etree._Element],
        layer: Layer,
        where: str,
        heading: str,
    ) -> None:
        for child in parent:
            name = local(child)
            if name in ("t", "delText"):
                thread.add(child.text or "", markup.put_text(child), layer, where, heading)
            elif name in ("instrText", "delInstrText"):
                codes.add(child.text or "", markup.put_text(child), Layer.HIDDEN_TEXT, f"{where}，域代码")
            elif name in ("tab", "ptab") and local(parent) == "r":
                thread.gap("\t")
            elif name in ("br", "cr"):
                thread.gap("\n")
            elif name == "noBreakHyphen":
                thread.gap("-")
            elif name == "txbxContent":
                boxes.append(child)
            elif name not in ("rPr", "pPr", ""):
                for key, value in child.attrib.items():
                    if str(key).rpartition("}")[2] in markup.WORDED and len(value) > 1:
                        words = Thread()
                        words.add(str(value), markup.put_attribute(child, str(key)), Layer.ALT_TEXT, where)
                        self._cutter.cut(words)
                self._inline(child, thread, codes, boxes, layer, where, heading)


def _nearest(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in parent:
        found = local(child)
        if found == name:
            yield child
        elif found not in ("tbl", "tr", "tc", "p", ""):
            yield from _nearest(child, name)


def _rows(table: etree._Element) -> list[etree._Element]:
    return list(_nearest(table, "tr"))


def _cells(row: etree._Element) -> list[etree._Element]:
    return list(_nearest(row, "tc"))


def _cell_text(cell: etree._Element) -> str:
    return "".join(node.text or "" for node in named(cell, "t")).strip()


def _drop_comments(bundle: Bundle, cutter: Cutter, stories: list[str]) -> None:
    comments = bundle.names("word/comments", ".xml") + bundle.names("word/people", ".xml")
    if not comments:
        return
    for name in comments:
        for comment in named(bundle.look(name), "comment"):
            markup.drop_element(cutter, comment, "批注", "批注")
        bundle.drop(name)
    for name in stories:
        if name not in bundle.parts:
            continue
        for mark in named(bundle.tree(name), "commentRangeStart", "commentRangeEnd", "commentReference"):
            run = mark.getparent()
            detach(mark)
            if run is not None and local(run) == "r" and all(local(child) == "rPr" for child in run):
                detach(run)


def _settle_changes(root: etree._Element, cutter: Cutter, label: str) -> None:
    """Accept every insertion and drop what was deleted, with every record of who changed what and when."""
    for row in named(root, "tr"):
        marks = [mark for properties in row if local(properties) == "trPr" for mark in properties]
        if any(local(mark) == "del" for mark in marks):
            markup.drop_element(cutter, row, "修订痕迹", label)
    for mark in named(root, "del", "ins", "moveFrom", "moveTo"):
        parent = mark.getparent()
        if parent is not None and local(parent) in ("rPr", "trPr", "ctrlPr"):
            _settle_mark(mark)
        elif local(mark) in ("del", "moveFrom"):
            markup.drop_element(cutter, mark, "修订痕迹", label)
        else:
            unwrap(mark)
            cutter.note("修订痕迹", label, "插入的文字已接受")
    for text in named(root, "delText", "delInstrText"):
        markup.drop_element(cutter, text, "修订痕迹", label)
    for record in named(root, *_CHANGE_RECORDS):
        detach(record)


def _settle_mark(mark: etree._Element) -> None:
    """A paragraph whose mark was deleted goes where nothing is left in it; rows and marks inserted stay."""
    gone = local(mark) in ("del", "moveFrom")
    paragraph = next((each for each in mark.iterancestors() if local(each) == "p"), None)
    of_paragraph = any(local(each) == "pPr" for each in mark.iterancestors())
    detach(mark)
    if not (gone and of_paragraph) or paragraph is None:
        return
    cell = paragraph.getparent()
    alone = cell is not None and local(cell) == "tc" and len(list(_nearest(cell, "p"))) == 1
    kept = named(paragraph, *_WORDS, "drawing", "pict", "sectPr", "br")
    if not alone and not any(_survives(node) for node in kept):
        detach(paragraph)


def _survives(node: etree._Element) -> bool:
    """Whether nothing around a piece of text says that it was deleted."""
    return local(node) not in ("delText", "delInstrText") and not any(
        local(each) in ("del", "moveFrom") for each in node.iterancestors()
    )


def _on(properties: etree._Element, name: str) -> bool | None:
    for child in properties:
        if local(child) == name:
            return attribute(child, "val") not in _OFF
    return None


def _hidden_styles(bundle: Bundle) -> frozenset[str]:
    """Ids of styles whose text is hidden, also through the style they are based on."""
    if "word/styles.xml" not in bundle.parts:
        return frozenset()
    own: dict[str, bool | None] = {}
    base: dict[str, str] = {}
    for style in named(bundle.look("word/styles.xml"), "style"):
        name = attribute(style, "styleId") or ""
        for child in style:
            if local(child) == "rPr":
                own[name] = _on(child, "vanish")
            elif local(child) == "basedOn":
                base[name] = attribute(child, "val") or ""
    hidden = set()
    for name in {*own, *base}:
        at, steps = name, 0
        while own.get(at) is None and at in base and steps < 32:
            at, steps = base[at], steps + 1
        if own.get(at):
            hidden.add(name)
    return frozenset(hidden)


def _drop_hidden(root: etree._Element, styles: frozenset[str], cutter: Cutter, label: str) -> None:
    for row in named(root, "tr"):
        if any(local(child) == "trPr" and _on(child, "hidden") for child in row):
            markup.drop_element(cutter, row, "隐藏文字", label)
    for run in named(root, "r"):
        if not _run_hidden(run, styles):
            continue
        text = "".join(node.text or "" for node in run if local(node) in _WORDS)
        if any(local(node) in ("drawing", "pict", "object") for node in run) or text.strip():
            markup.drop_element(cutter, run, "隐藏文字", label)


def _run_hidden(run: etree._Element, styles: frozenset[str]) -> bool:
    paragraph = next((each for each in run.iterancestors() if local(each) == "p"), None)
    styled = paragraph is not None and any(
        local(mark) == "pStyle" and attribute(mark, "val") in styles
        for child in paragraph
        if local(child) == "pPr"
        for mark in child
    )
    properties = next((child for child in run if local(child) == "rPr"), None)
    if properties is None:
        return styled
    vanish = _on(properties, "vanish")
    if vanish is not None:
        return vanish
    faint = shaded = False
    for child in properties:
        name, value = local(child), attribute(child, "val") or ""
        if name == "rStyle" and value in styles:
            return True
        if name == "sz" and value.isdigit() and int(value) <= _TINY_HALF_POINTS:
            return True
        faint = faint or (name == "color" and value.upper() == "FFFFFF")
        shaded = shaded or name in ("shd", "highlight")
    return styled or (faint and not shaded and not _on_colour(run))


def _on_colour(run: etree._Element) -> bool:
    """Whether the text lies on a shaded paragraph or cell, or in a box, where white can be read."""
    for ancestor in run.iterancestors():
        name = local(ancestor)
        if name == "txbxContent":
            return True
        if name in ("p", "tc"):
            for properties in (child for child in ancestor if local(child) == name + "Pr"):
                for mark in properties:
                    fill = (attribute(mark, "fill") or "auto").upper()
                    if local(mark) == "shd" and fill not in ("AUTO", "FFFFFF"):
                        return True
    return False


def _drop_leftovers(bundle: Bundle, cutter: Cutter, stories: list[tuple[str, Layer, str]]) -> None:
    for name, _, _ in stories:
        for binding in named(bundle.tree(name), "dataBinding"):
            detach(binding)
    settings = "word/settings.xml"
    if settings in bundle.parts and named(bundle.look(settings), "docVars", "mailMerge", "attachedTemplate"):
        for element in named(bundle.tree(settings), "docVars", "mailMerge", "attachedTemplate"):
            detach(element)
        kinds = frozenset({"attachedTemplate", "mailMergeSource", "mailMergeHeaderSource", "recipientData"})
        bundle.unrelate(settings, kinds=kinds)
        cutter.note("遗留内容", "文档变量和邮件合并")
    markup.drop_parts(
        bundle, cutter, "遗留内容", "word/glossary/", "word/webextensions/", "word/recipientData"
    )
    markup.drop_leftovers(bundle, cutter)


def _simple_tables(root: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    for number, table in enumerate(named(root, "tbl")):
        rows = _rows(table)
        widths = {len(_cells(row)) for row in rows}
        if len(rows) >= 2 and len(widths) == 1 and not named(table, "vMerge", "gridSpan", "hMerge"):
            yield number, table


def _table(bundle: Bundle, number: int) -> etree._Element | None:
    root = bundle.tree(bundle.main("word/document.xml"))
    return dict(_simple_tables(root)).get(number)


def _mask(bundle: Bundle, cutter: Cutter, number: int, column: int, rule: str) -> None:
    table = _table(bundle, number)
    if table is None or rule in (masks.KEEP, masks.DELETE):
        return
    for row in _rows(table)[1:]:
        cells = _cells(row)
        if not 0 < column <= len(cells):
            continue
        texts = named(cells[column - 1], "t")
        old = "".join(node.text or "" for node in texts)
        new = masks.mask(rule, old)
        if new != old:
            cutter.forget(old)
            cutter.note("名单遮盖", f"表 {number + 1}，第 {column} 列", masks.label(rule))
            for node in texts:
                node.text = ""
            markup.put_text(texts[0])(new)


def _delete_columns(bundle: Bundle, cutter: Cutter, order: Order) -> None:
    gone: dict[int, set[int]] = {}
    for masking in order.maskings:
        if masking.rule == masks.DELETE:
            gone.setdefault(masking.table, set()).add(masking.column)
    tables = {number: _table(bundle, number) for number in gone}
    for number, columns in gone.items():
        table = tables[number]
        if table is None:
            continue
        grid = [each for each in table if local(each) == "tblGrid"]
        for row in [*grid, *_rows(table)]:
            cells = list(row) if local(row) == "tblGrid" else _cells(row)
            for column in sorted(columns, reverse=True):
                if 0 < column <= len(cells):
                    if (
                        local(row) == "tr"
                        and (text := _cell_text(cells[column - 1]))
                        and row is not _rows(table)[0]
                    ):
                        cutter.forget(text)
                    detach(cells[column - 1])
        for column in sorted(columns):
            cutter.note("名单遮盖", f"表 {number + 1}，第 {column} 列", "整列删除")
