"""Excel workbooks up to 2003 (.xls) and WPS workbooks (.et): cells by xlrd, all else from the records."""

import io
from collections.abc import Iterator

import xlrd  # type: ignore[import-untyped]

from gongkai.screening.finding import Layer
from gongkai.screening.masking import mask_digits, sample
from gongkai.screening.passage import Concealed, Grid, Part, Piece, Unreadable, Weaver
from gongkai.screening.readers import biff, office
from gongkai.screening.readers import compound as ole
from gongkai.screening.readers.compound import Compound
from gongkai.screening.readers.nest import Nest
from gongkai.screening.readers.package import BROKEN

_WHY_ENCRYPTED = "文件已加密，请去除密码后再试"
_WHY_OLD = "Excel 5.0/95 或更早的工作簿不能读取，请另存为 xlsx 后再试"
_STREAMS = frozenset({"Workbook", "Book", "User Names", "Revision Log"})
_CACHES = "_SX_DB_CUR"
_TEXT, _NUMBER, _DATE = xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE
_WHITE_INDICES = frozenset({1, 9})
_WHITE = (255, 255, 255)
_INVISIBLE_FORMAT = ";;;"
_NO_FILL = 0
# Of a hidden row, column or sheet so many cells are shown in the finding.
_SHOWN = 6


def read(data: bytes, nest: Nest) -> Iterator[Part]:
    """All parts of a workbook. Raises Unreadable if it is damaged, encrypted or too old."""
    yield from parts(Compound(data, nest.allowance), nest)


def parts(compound: Compound, nest: Nest) -> Iterator[Part]:
    """The same of a workbook that lies in a storage."""
    stream = compound.read("Workbook")
    if not stream:
        raise Unreadable(_WHY_OLD)
    if biff.version(stream) != biff.BIFF8:
        raise Unreadable(_WHY_OLD if biff.version(stream) else BROKEN)
    if biff.encrypted(stream):
        raise Unreadable(_WHY_ENCRYPTED)
    listed = biff.sheets(stream)
    weaver = Weaver()
    for sheet in listed:
        weaver.add(sheet.name, Layer.HIDDEN_SHEET if sheet.hidden else Layer.TEXT, "工作表名称")
        weaver.break_with("\t\n")
        if sheet.macro:
            yield office.macro_remark(f"工作表“{mask_digits(sheet.name)}”", "宏表")
    yield from weaver.passages()
    yield from _cells(stream)
    pictures: set[bytes] = set()
    yield from biff.beside_cells(stream, listed, pictures)
    if _CACHES in compound.storages():
        caches = compound.within(_CACHES)
        for name in caches.names():
            yield from biff.beside_cells(caches.read(name), [], pictures)
    yield from ole.properties(compound)
    yield from ole.objects(compound, {*_STREAMS, _CACHES}, nest)


def _cells(stream: bytes) -> Iterator[Part]:
    book = _opened(stream)
    yield from _names(book)
    for index in range(book.nsheets):
        try:
            sheet = book.sheet_by_index(index)
        except MemoryError:
            raise
        except Exception as error:
            raise Unreadable(BROKEN) from error
        yield from _Sheet(book, sheet).read()
        book.unload_sheet(index)


def _opened(stream: bytes) -> xlrd.Book:
    try:
        return xlrd.open_workbook(
            file_contents=stream,
            formatting_info=True,
            on_demand=True,
            ragged_rows=True,
            logfile=io.StringIO(),
        )
    except MemoryError:
        raise
    except Exception as error:
        # Of a damaged record the library raises whatever its arithmetic comes to.
        raise Unreadable(BROKEN) from error


def _names(book: xlrd.Book) -> Iterator[Part]:
    """Defined names, which stay when their cells are gone."""
    weaver = Weaver()
    for name in book.name_obj_list:
        constants = biff.constants(name.raw_formula) if isinstance(name.raw_formula, bytes) else []
        for text in (name.name, *constants):
            if text.strip("\x00 ") and len(text) > 1:
                weaver.add(text, Layer.HIDDEN_TEXT, "定义的名称")
                weaver.break_with("\t\n")
    yield from weaver.passages()


class _Sheet:
    """One sheet: its cells row by row, and its notes."""

    def __init__(self, book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self._label = f"工作表“{mask_digits(sheet.name)}”"
        self._hidden = bool(sheet.visibility)
        self._concealed: dict[Layer, list[str]] = {Layer.HIDDEN_SHEET: []} if self._hidden else {}

    def read(self) -> Iterator[Part]:
        """All parts of the sheet."""
        grid = Grid()
        for row in range(self._sheet.nrows):
            yield from grid.row(list(self._row(row)))
        yield from grid.end()
        yield from self._notes()
        for layer, samples in self._concealed.items():
            yield Concealed(layer, self._label, "；".join(samples) or self._sheet.name)

    def _row(self, row: int) -> Iterator[tuple[int, list[Piece]]]:
        info = self._sheet.rowinfo_map.get(row)
        default = bool(self._sheet.default_row_hidden)
        row_hidden = bool(info.hidden) or info.height == 0 if info is not None else default
        for column in range(self._sheet.row_len(row)):
            text = self._text(row, column)
            if not text:
                continue
            reference = f"{xlrd.colname(column)}{row + 1}"
            layer = self._layer(row, column, row_hidden)
            yield column + 1, [(text, layer, f"{self._label}，{reference}")]
            if layer is not Layer.TABLE:
                samples = self._concealed.setdefault(layer, [])
                if len(samples) < _SHOWN:
                    samples.append(f"{reference} {sample(text, 20)}")

    def _text(self, row: int, column: int) -> str:
        kind = self._sheet.cell_type(row, column)
        value = self._sheet.cell_value(row, column)
        if kind == _TEXT:
            return str(value)
        return biff.figure(value) if kind in (_NUMBER, _DATE) else ""

    def _layer(self, row: int, column: int, row_hidden: bool) -> Layer:
        if self._hidden:
            return Layer.HIDDEN_SHEET
        info = self._sheet.colinfo_map.get(column)
        if info is not None and (info.hidden or info.width == 0):
            return Layer.HIDDEN_COLUMN
        if row_hidden:
            return Layer.HIDDEN_ROW
        return Layer.HIDDEN_TEXT if self._invisible(self._sheet.cell_xf_index(row, column)) else Layer.TABLE

    def _invisible(self, index: int) -> bool:
        """Whether a cell format shows nothing: the number format ;;; or white on no fill."""
        if not 0 <= index < len(self._book.xf_list):
            return False
        style = self._book.xf_list[index]
        form = self._book.format_map.get(style.format_key)
        if form is not None and str(form.format_str).startswith(_INVISIBLE_FORMAT):
            return True
        if style.background.fill_pattern != _NO_FILL or style.font_index >= len(self._book.font_list):
            return False
        colour = self._book.font_list[style.font_index].colour_index
        return colour in _WHITE_INDICES or self._book.colour_map.get(colour) == _WHITE

    def _notes(self) -> Iterator[Part]:
        weaver = Weaver()
        for (row, column), note in sorted(self._sheet.cell_note_map.items()):
            location = f"{self._label}，批注 {xlrd.colname(column)}{row + 1}"
            weaver.add(note.text, Layer.COMMENT, location)
            weaver.break_with("\t\n")
            weaver.add(note.author, Layer.COMMENT, f"{location}，批注者")
            weaver.break_with("\t\n")
            yield from weaver.passages()
            yield Concealed(Layer.COMMENT, location, sample(note.text) or "空批注")
