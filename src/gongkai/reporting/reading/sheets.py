"""Workbooks and csv files → rows of cells, as a reader of the printed sheet sees them."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import xlrd
from openpyxl.utils import column_index_from_string

from gongkai.reporting.reading.ruled import CellText

# The form has 60 rows of 15 columns; a merged range may run on over the rest of a sheet's width.
MAX_CELLS = 200_000
LONGEST_CELL = 131_072
MAX_SHEET_BYTES = 12 * 1024 * 1024
_MERGED = re.compile(
    rb"mergeCell\b[^>]*?\bref\s*=\s*[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"
)
# Shown in another unit than written: per cent, powers of ten, thousands left out, fractions.
_LITERAL = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|[_*\\].")
# Shown in another unit than written: per cent, powers of ten, thousands left out, fractions.
_SCALED = re.compile(r"%|E[+-]|[0#?],+(?![0#?])|/", re.IGNORECASE)
_DECIMALS = re.compile(r"[0#]\.(0+)")

# A page number, a date, a font in the printed head of a sheet.
_HEAD_CODE = re.compile(r"&(?:&|\"[^\"]*\"|\d+|K[0-9A-F]{6}|[A-Za-z])")

_TOO_LARGE = "电子表格过大，不是一份年度报告，请提供单独的报告文件"
_HIDDEN = "电子表格含有隐藏的行或列，请取消隐藏并核对后再试"


class SheetError(ValueError):
    """The file is no readable sheet; the message is one clause: what is wrong and what to do."""


def workbook_rows(data: bytes) -> Iterator[tuple[str, list[CellText]]]:
    """Each shown sheet: what is printed above it where that is new, its name as a line, then its rows, each behind its
    place; a merged cell stands once. A title often stands in the printed head alone.

    Raises SheetError for a workbook that cannot be read or is not shown whole.
    """
    _refuse_large_sheets(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # openpyxl lets errors of zipfile, its XML parser and its own through
        raise SheetError("电子表格已损坏或不完整，请用表格软件重新保存") from error
    printed: set[str] = set()
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        if sheet.max_row * sheet.max_column > MAX_CELLS:
            raise SheetError(_TOO_LARGE)
        hidden = (*sheet.row_dimensions.values(), *sheet.column_dimensions.values())
        if any(place.hidden for place in hidden):
            raise SheetError(_HIDDEN)
        covered = {
            (row, column)
            for merged in sheet.merged_cells.ranges
            for row in range(merged.min_row, merged.max_row + 1)
            for column in range(merged.min_col, merged.max_col + 1)
            if (row, column) != (merged.min_row, merged.min_col)
        }
        place = f"工作表‘{sheet.title}’"
        above = _HEAD_CODE.sub(lambda code: "&" if code[0] == "&&" else "", sheet.oddHeader.center.text or "")
        if above.strip() and above not in printed:
            printed.add(above)
            yield f"{place}页眉", [CellText(above.strip())]
        yield place, [CellText(sheet.title)]
        for number, row in enumerate(sheet.iter_rows(), 1):
            shown = [
                _shown(cell.value, cell.number_format)
                for cell in row
                if (cell.row, cell.column) not in covered
            ]
            yield f"{place}第{number}行", _row(shown)


def old_workbook_rows(data: bytes) -> Iterator[tuple[str, list[CellText]]]:
    """The same of a workbook up to 2003 (.xls). SheetError."""
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except MemoryError:
        raise
    except Exception as error:  # of a damaged record the library raises whatever its arithmetic comes to
        raise SheetError("电子表格已损坏或不完整，请用表格软件另存为xlsx后再试") from error
    for sheet in book.sheets():
        if sheet.visibility:
            continue
        if sheet.nrows * sheet.ncols > MAX_CELLS:
            raise SheetError(_TOO_LARGE)
        if any(place.hidden for place in (*sheet.rowinfo_map.values(), *sheet.colinfo_map.values())):
            raise SheetError(_HIDDEN)
        covered = {
            (row, column)
            for top, bottom, left, right in sheet.merged_cells
            for row in range(top, min(bottom, sheet.nrows))
            for column in range(left, min(right, sheet.ncols))
            if (row, column) != (top, left)
        }
        place = f"工作表‘{sheet.name}’"
        yield place, [CellText(sheet.name)]
        for row in range(sheet.nrows):
            shown = [
                _shown(_old_value(sheet.cell(row, column)), _old_format(book, sheet, row, column))
                for column in range(sheet.ncols)
                if (row, column) not in covered
            ]
            yield f"{place}第{row + 1}行", _row(shown)


def _old_value(cell: xlrd.sheet.Cell) -> Any:
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERROR!")
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value


def _old_format(book: xlrd.Book, sheet: xlrd.sheet.Sheet, row: int, column: int) -> str:
    style = book.xf_list[sheet.cell_xf_index(row, column)]
    return str(book.format_map[style.format_key].format_str)


def csv_rows(text: str) -> Iterator[tuple[str, list[CellText]]]:
    """The rows of a csv file behind their places, parted by commas, or by tabs where there are more. SheetError."""
    head = text[:4096]
    delimiter = "\t" if head.count("\t") > head.count(",") else ","
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            # The limit of the csv module is one for the process and may have been raised for other readers.
            if any(len(cell) > LONGEST_CELL for cell in row):
                raise SheetError("csv文件的格式有误，请用表格软件重新导出")
            yield f"第{number}行", _row([cell.replace("\n", "").replace("\r", "") for cell in row])
    except csv.Error as error:
        raise SheetError("csv文件的格式有误，请用表格软件重新导出") from error


def _row(cells: list[str]) -> list[CellText]:
    """The cells of a row; of a row that holds one text and nothing else, that text."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) <= 1 and all(any(map(str.isalpha, cell)) for cell in filled):
        return [CellText(cell) for cell in filled]
    return [CellText(cell) for cell in cells]


def _shown(value: Any, number_format: str) -> str:
    """A cell's content as the sheet shows it, but never rounded: hidden decimals are for the checks to find."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value).replace("\n", "").replace("\r", "")
    sections = _LITERAL.sub("", number_format).split(";")
    if _SCALED.search(sections[0]):
        return f"{value}（{number_format}）"
    if value == 0 and len(sections) > 2 and not _LITERAL.sub("-", number_format.split(";")[2]).strip():
        return ""
    # Ten decimals: what sums of binary fractions carry behind them is not shown by any program.
    exact = Decimal(str(round(value, 10))).normalize()
    decimals = _DECIMALS.search(sections[0])
    places = max(len(decimals[1]) if decimals else 0, -int(exact.as_tuple().exponent))
    return f"{exact:.{places}f}"


def _refuse_large_sheets(data: bytes) -> None:
    """SheetError for sheets, and for merged ranges, that the library would lay out cell by cell for hours."""
    covered = 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if not re.match(r"/?xl/worksheets/[^/]*\.xml", name, re.IGNORECASE):
                continue
            if package.getinfo(name).file_size > MAX_SHEET_BYTES:
                raise SheetError(_TOO_LARGE)
            for left, top, right, bottom in _MERGED.findall(package.read(name)):
                wide = column_index_from_string(right.decode()) - column_index_from_string(left.decode()) + 1
                covered += abs(wide * (int(bottom) - int(top) + 1))
                if covered > MAX_CELLS:
                    raise SheetError("电子表格的合并单元格过大，请取消多余的合并后再试")
