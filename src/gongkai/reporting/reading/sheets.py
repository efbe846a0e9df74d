"""Workbooks and csv files → rows of cells, as a reader of the printed sheet sees them."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string

from gongkai.reporting.reading.ruled import CellText

# The form has 60 rows of 15 columns; a merged range may run on over the rest of a sheet's width.
MAX_CELLS = 200_000
_MERGED = re.compile(
    rb"mergeCell\b[^>]*?\bref\s*=\s*[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"
)
# Shown in another unit than written: per cent, powers of ten, thousands left out, fractions.
_LITERAL = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|[_*\\].")
# Shown in another unit than written: per cent, powers of ten, thousands left out, fractions.
_SCALED = re.compile(r"%|E[+-]|[0#?],+(?![0#?])|/", re.IGNORECASE)
_DECIMALS = re.compile(r"[0#]\.(0+)")


class SheetError(ValueError):
    """The file is no readable sheet; the message is one clause: what is wrong and what to do."""


def workbook_rows(data: bytes) -> Iterator[tuple[str, list[CellText]]]:
    """Each shown sheet: its name as a line, then its rows, each behind its place; a merged cell stands once.

    Raises SheetError for a workbook that cannot be read or is not shown whole.
    """
    _refuse_large_merges(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # openpyxl lets errors of zipfile, its XML parser and its own through
        raise SheetError("电子表格已损坏或不完整，请用表格软件重新保存") from error
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        if sheet.max_row * sheet.max_column > MAX_CELLS:
            raise SheetError("电子表格过大，不是一份年度报告，请提供单独的报告文件")
        hidden = (*sheet.row_dimensions.values(), *sheet.column_dimensions.values())
        if any(place.hidden for place in hidden):
            raise SheetError("电子表格含有隐藏的行或列，请取消隐藏并核对后再试")
        covered = {
            (row, column)
            for merged in sheet.merged_cells.ranges
            for row in range(merged.min_row, merged.max_row + 1)
            for column in range(merged.min_col, merged.max_col + 1)
            if (row, column) != (merged.min_row, merged.min_col)
        }
        place = f"工作表‘{sheet.title}’"
        yield place, [CellText(sheet.title)]
        for number, row in enumerate(sheet.iter_rows(), 1):
            shown = [_shown(cell) for cell in row if (cell.row, cell.column) not in covered]
            yield f"{place}第{number}行", _row(shown)


def csv_rows(text: str) -> Iterator[tuple[str, list[CellText]]]:
    """The rows of a csv file behind their places, parted by commas, or by tabs where there are more. SheetError."""
    head = text[:4096]
    delimiter = "\t" if head.count("\t") > head.count(",") else ","
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            yield f"第{number}行", _row([cell.replace("\n", "").replace("\r", "") for cell in row])
    except csv.Error as error:
        raise SheetError("csv文件的格式有误，请用表格软件重新导出") from error


def _row(cells: list[str]) -> list[CellText]:
    """The cells of a row; of a row that holds one text and nothing else, that text."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) <= 1 and all(any(map(str.isalpha, cell)) for cell in filled):
        return [CellText(cell) for cell in filled]
    return [CellText(cell) for cell in cells]


def _shown(cell: Any) -> str:
    """A cell's content as the sheet shows it, but never rounded: hidden decimals are for the checks to find."""
    value = cell.value
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value).replace("\n", "").replace("\r", "")
    sections = _LITERAL.sub("", cell.number_format).split(";")
    if _SCALED.search(sections[0]):
        return f"{value}（{cell.number_format}）"
    if value == 0 and len(sections) > 2 and not _LITERAL.sub("-", cell.number_format.split(";")[2]).strip():
        return ""
    # Ten decimals: what sums of binary fractions carry behind them is not shown by any program.
    exact = Decimal(str(round(value, 10))).normalize()
    decimals = _DECIMALS.search(sections[0])
    places = max(len(decimals[1]) if decimals else 0, -int(exact.as_tuple().exponent))
    return f"{exact:.{places}f}"


def _refuse_large_merges(data: bytes) -> None:
    """SheetError for merged ranges that the library would lay out cell by cell for hours."""
    covered = 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if not re.match(r"/?xl/worksheets/[^/]*\.xml", name, re.IGNORECASE):
                continue
            for left, top, right, bottom in _MERGED.findall(package.read(name)):
                wide = column_index_from_string(right.decode()) - column_index_from_string(left.decode()) + 1
                covered += abs(wide * (int(bottom) - int(top) + 1))
                if covered > MAX_CELLS:
                    raise SheetError("电子表格的合并单元格过大，请取消多余的合并后再试")
