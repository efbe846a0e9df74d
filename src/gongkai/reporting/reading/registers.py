"""Registers as offices keep them in a spreadsheet → rows, or what is wrong with which cell.

Decisions, numbers by month, normative documents: one heading line in a sheet, one row a record. It is read in a process
of its own (`read` asks, `answer` answers there), under limits; a cell that cannot be read is named with its sheet and
place, and never guessed.
"""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from gongkai.screening import isolation

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 40
_FAULTS_SHOWN = 50
_HEAD_WITHIN = 10
_SECONDS, _MEMORY = 30.0, 1 << 30
NOTES = "填写说明"
KINDS = {
    "行政许可": "licences",
    "许可": "licences",
    "行政处罚": "penalties",
    "处罚": "penalties",
    "行政强制": "coercive_measures",
    "强制": "coercive_measures",
    "行政事业性收费": "charges",
    "收费": "charges",
}
DOCUMENT_KINDS = {"行政规范性文件": "normative", "规范性文件": "normative", "规章": "rules"}
ENDS = {"废止": "repealed", "失效": "invalid", "宣布失效": "invalid"}


@dataclass(frozen=True)
class Column:
    """A column of a register: key, heading, what its cells hold (`_PARSERS`), whether it may be left empty."""

    key: str
    label: str
    holds: str
    optional: bool = False
    example: str = ""


REGISTERS: Mapping[str, tuple[Column, ...]] = {
    "decisions": (
        Column("kind", "种类", "kind", example="行政许可"),
        Column("number", "决定文号", "text", example="西许〔2021〕1号"),
        Column("on", "决定日期", "day", example="2021-03-05"),
        Column("amount", "收费金额（万元）", "amount", True),
    ),
    "months": (
        Column("kind", "种类", "kind", example="行政处罚"),
        Column("month", "月份", "month", example="2021-03"),
        Column("amount", "数量或金额（万元）", "amount", example="12"),
        Column("source", "数字来源", "text", True, "处罚台账"),
    ),
    "normative": (
        Column("title", "文件名称", "text", example="西工区××管理办法"),
        Column("number", "发文字号", "text", example="西政〔2021〕3号"),
        Column("kind", "类别", "document", True, "行政规范性文件"),
        Column("issued_on", "印发日期", "day", example="2021-05-10"),
        Column("effective_on", "施行日期", "day", True, "2021-06-10"),
        Column("end", "终止方式（废止或失效）", "end", True),
        Column("ended_on", "终止日期", "day", True),
        Column("paper", "终止依据", "text", True),
    ),
}


class RegisterError(ValueError):
    """The file cannot be taken; the message is one sentence: why, and what to do."""


@dataclass(frozen=True)
class Row:
    """One record: where it stands, and its values by column key as text (days ISO); None for an empty cell."""

    place: str
    values: Mapping[str, str | None]


@dataclass(frozen=True)
class Reading:
    """What a file holds. faults: [place, sentence] for each cell that cannot be taken; ignored: headings of columns
    that the register does not keep, as names of parties."""

    rows: list[Row] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Reading":
        return cls(
            [Row(row["place"], row["values"]) for row in said["rows"]],
            [(place, why) for place, why in said["faults"]],
            list(said["ignored"]),
        )


def read(data: bytes, name: str, register: str) -> Reading:
    """The rows of a file, read in a process of its own. Raises RegisterError."""
    if len(data) > LARGEST_FILE:
        raise RegisterError("文件超过10兆字节，请按年份或种类拆分后再导入。")
    try:
        said = isolation.ask(
            {"name": name, "register": register}, data, seconds=_SECONDS, memory=_MEMORY, work=__name__
        )
    except OSError:
        raise RegisterError("本机暂时不能读取文件，请稍后再试。") from None
    if isinstance(said, isolation.Failure):
        raise RegisterError(
            "文件未能在时限和内存限制内读完，请用表格软件另存为xlsx后再试，或拆分后分次导入。"
        )
    found = json.loads(said)
    if "refused" in found:
        raise RegisterError(found["refused"])
    return Reading.from_json(found)


def prepare() -> None:
    """Load in the forkserver what every child needs."""
    openpyxl.Workbook()


def answer(head: dict[str, Any], data: bytes) -> dict[str, Any]:
    """In the child: the reading of a file as plain values."""
    try:
        return asdict(parse(data, head["name"], head["register"]))
    except RegisterError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "文件展开后超出内存限制，请拆分后分次导入。"}
    except Exception:
        # A parser met something its authors did not think of: to us the file is damaged.
        return {"refused": "文件已损坏或不是表格，请用表格软件另存为xlsx后再试。"}


def parse(data: bytes, name: str, register: str) -> Reading:
    """The rows of a workbook or csv file. Raises RegisterError."""
    columns = REGISTERS[register]
    reading = Reading()
    seen_head = False
    for sheet, lines in _sheets(data, name):
        places: dict[int, Column] = {}
        filled = False
        for number, cells in lines:
            if not any(str(cell or "").strip() for cell in cells):
                continue
            filled = True
            if not places:
                places, ignored = _head(cells, columns)
                reading.ignored.extend(ignored if places else ())
                if not places and number > _HEAD_WITHIN:
                    break
                continue
            _take(reading, sheet, number, cells, places)
            if len(reading.rows) > MOST_ROWS:
                raise RegisterError(f"超过{MOST_ROWS}行，请按年份或种类拆分后分次导入。")
        seen_head = seen_head or bool(places)
        if filled and not places and sheet:
            _fault(reading, sheet, "没有表头行，其中的内容不会导入；请补上表头，或删除这张工作表。")
    if not seen_head:
        needed = "、".join(column.label for column in columns if not column.optional)
        raise RegisterError(f"没有找到表头行（须有：{needed}），请使用下载的模板。")
    if not reading.rows and not reading.faults:
        raise RegisterError("表头之下没有任何行，请填写后再导入。")
    return reading


def _sheets(data: bytes, name: str) -> Iterator[tuple[str, Iterator[tuple[int, Sequence[Any]]]]]:
    if data[:4] == b"PK\x03\x04":
        yield from _workbook(data)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise RegisterError("这是旧版xls文件或设有密码的文件，请去掉密码并另存为xlsx后再试。")
    elif name.lower().endswith((".csv", ".txt")):
        yield "", _csv(data)
    else:
        raise RegisterError("不是xlsx或csv文件，请使用下载的模板填写。")


def _workbook(data: bytes) -> Iterator[tuple[str, Iterator[tuple[int, Sequence[Any]]]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = [one.lower() for one in package.namelist()]
            expanded = sum(one.file_size for one in package.infolist())
    except zipfile.BadZipFile:
        raise RegisterError("文件已损坏或不完整，请用表格软件另存为xlsx后再试。") from None
    if any("vbaproject" in one or one.startswith("xl/macrosheets") for one in names):
        raise RegisterError("文件含有宏，不能导入，请另存为不含宏的xlsx。")
    if expanded > 40 * LARGEST_FILE:
        raise RegisterError("文件展开后过大，请拆分后分次导入。")
    # What absurd merged ranges would cost ends at the limits of this process; a cell that one covers is empty.
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for sheet in book.worksheets:
        if sheet.title == NOTES:
            continue
        if sheet.sheet_state != "visible":
            raise RegisterError(f"工作表‘{sheet.title}’是隐藏的，请取消隐藏并核对，或删除后再导入。")
        if sheet.max_column > MOST_COLUMNS or sheet.max_row > 3 * MOST_ROWS:
            raise RegisterError(f"工作表‘{sheet.title}’过大，请只留下要导入的行和列。")
        if any(row.hidden for row in sheet.row_dimensions.values()):
            raise RegisterError(f"工作表‘{sheet.title}’含有隐藏或筛选掉的行，请取消隐藏后再导入。")
        yield f"工作表‘{sheet.title}’", enumerate(sheet.iter_rows(values_only=True), 1)


def _csv(data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise RegisterError("csv文件的文字编码无法识别，请用表格软件另存为xlsx。")
    if "\0" in text:
        raise RegisterError("csv文件已损坏，请用表格软件另存为xlsx。")
    delimiter = "\t" if text[:4096].count("\t") > text[:4096].count(",") else ","
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1)
    except csv.Error:
        raise RegisterError("csv文件的格式有误，请用表格软件另存为xlsx。") from None


def _label(cell: Any) -> str:
    return re.sub(r"[\s（）()*＊]", "", str(cell or ""))


def _head(cells: Sequence[Any], columns: Sequence[Column]) -> tuple[dict[int, Column], list[str]]:
    """Place → column, and the headings that belong to none, of a heading line; nothing where it is none."""
    by_label = {_label(column.label): column for column in columns}
    places = {place: by_label[_label(cell)] for place, cell in enumerate(cells) if _label(cell) in by_label}
    found = [column.key for column in places.values()]
    if len(set(found)) < len(found) or not all(column.optional or column.key in found for column in columns):
        return {}, []
    others = [
        str(cell).strip()
        for place, cell in enumerate(cells)
        if place not in places and str(cell or "").strip()
    ]
    return places, others


def _take(
    reading: Reading, sheet: str, number: int, cells: Sequence[Any], places: Mapping[int, Column]
) -> None:
    values: dict[str, str | None] = {}
    wrong = False
    for place, column in places.items():
        cell = cells[place] if place < len(cells) else None
        where = f"{sheet}{get_column_letter(place + 1)}{number}单元格"
        text = "" if cell is None else str(cell).strip()
        if not text:
            values[column.key] = None
            if not column.optional:
                _fault(reading, where, f"“{column.label}”不能为空。")
                wrong = True
            continue
        try:
            values[column.key] = _PARSERS[column.holds](cell)
        except ValueError as error:
            _fault(reading, where, f"“{text[:30]}”{error}")
            wrong = True
    if not wrong:
        reading.rows.append(Row(f"{sheet}第{number}行", values))


def _fault(reading: Reading, place: str, sentence: str) -> None:
    if len(reading.faults) < _FAULTS_SHOWN:
        reading.faults.append((place, sentence))


def _text(cell: Any) -> str:
    text = " ".join(str(cell).split())
    if text.startswith("#"):
        raise ValueError("是公式出错的结果，请改正。")
    if len(text) > 300:
        raise ValueError("过长，请缩短到300字以内。")
    return text


def _chosen(choices: Mapping[str, str]) -> Any:
    def parse(cell: Any) -> str:
        try:
            return choices[_label(cell)]
        except KeyError:
            raise ValueError(f"不在可填的值中，请填：{'、'.join(dict.fromkeys(choices))}。") from None

    return parse


_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00:00)?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")


def _day(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    found = _DAY.fullmatch(str(cell).strip()) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", str(cell).strip())
    try:
        return date(*map(int, found.groups())).isoformat() if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> str:
    raise ValueError("不是日期，请写成2021-03-05的样子。")


def _month(cell: Any) -> str:
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    found = _MONTH.fullmatch(str(cell).strip())
    if not found or not 1 <= int(found[2]) <= 12:
        raise ValueError("不是月份，请写成2021-03的样子。")
    return f"{found[1]}-{int(found[2]):02}"


def _amount(cell: Any) -> str:
    try:
        number = Decimal(str(cell).strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError("不是数字。") from None
    if isinstance(cell, bool) or not number.is_finite() or number < 0 or number >= Decimal(10) ** 10:
        raise ValueError("不是不小于0的数字。")
    number = number.normalize()
    if -int(number.as_tuple().exponent) > 4:
        raise ValueError("小数超过四位（单位：万元）。")
    return f"{number:f}"


_PARSERS: Mapping[str, Any] = {
    "text": _text,
    "kind": _chosen(KINDS),
    "document": _chosen(DOCUMENT_KINDS),
    "end": _chosen(ENDS),
    "day": _day,
    "month": _month,
    "amount": _amount,
}


def fingerprint(rows: Sequence[Any]) -> str:
    """A short mark of what a preview showed, so that what is confirmed is what was shown."""
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:24]
