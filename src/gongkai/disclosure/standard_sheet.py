"""A standard catalogue in a spreadsheet, in the columns of rulebook 9.2 → its rows, or which cell is wrong.

It is read in a process of its own (`read` asks, `answer` answers there), under limits. A heading stands anywhere in
the first rows; merged first-level matters (一级事项) stand for the rows below them, as the published catalogues have
them.
"""

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from gongkai.rulebook import standards
from gongkai.screening import isolation

LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, HEAD_WITHIN, FAULTS_SHOWN = 500, 60, 15, 50
_SECONDS, _MEMORY = 20.0, 1 << 29
LONGEST = {"topic": 100, "matter": 100, "contents": 3000, "basis": 500, "term": 200, "subject": 200,
           "channels": 200, "audience": 200, "level": 60}  # fmt: skip
REQUIRED = ("topic", "matter", "contents")
# How the published catalogues write the same headings.
_ALSO = {
    "公开内容要素": "contents", "公开内容": "contents", "公开事项一级事项": "topic", "公开事项二级事项": "matter",
    "公开渠道和载体": "channels", "公开渠道载体": "channels", "公开主体责任": "subject",
}  # fmt: skip
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,58}")


class SheetError(ValueError):
    """The file cannot be taken; the message is one sentence: why, and what to do."""


@dataclass
class Reading:
    """rows: of the catalogue, by the names of StandardEntry; faults: (place, sentence) of cells that are wrong."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)


def read(data: bytes, name: str) -> Reading:
    """The rows of a workbook, read in a process of its own. Raises SheetError."""
    if len(data) > LARGEST_FILE:
        raise SheetError("文件超过5兆字节，请只留下标准目录一张工作表后再导入。")
    try:
        said = isolation.ask({"name": name}, data, seconds=_SECONDS, memory=_MEMORY, work=__name__)
    except OSError:
        raise SheetError("本机暂时不能读取文件，请稍后再试。") from None
    if isinstance(said, isolation.Failure):
        raise SheetError("文件未能在时限和内存限制内读完，请另存为xlsx后再试。")
    found = json.loads(said)
    if "refused" in found:
        raise SheetError(found["refused"])
    return Reading(found["rows"], [(place, why) for place, why in found["faults"]])


def prepare() -> None:
    """Load in the forkserver what every child needs."""
    openpyxl.Workbook()


def answer(head: dict[str, Any], data: bytes) -> dict[str, Any]:
    """In the child: the reading of a file as plain values."""
    try:
        return asdict(parse(data))
    except SheetError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "文件展开后超出内存限制，请另存后再试。"}
    except Exception:
        # A parser met something its authors did not think of: to us the file is damaged.
        return {"refused": "文件已损坏或不是表格，请用表格软件另存为xlsx后再试。"}


def parse(data: bytes) -> Reading:
    """The rows of the first sheet with a heading line. Raises SheetError."""
    if data[:4] != b"PK\x03\x04":
        raise SheetError("不是xlsx文件，请用表格软件另存为xlsx后再导入。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            expanded = sum(one.file_size for one in package.infolist())
    except zipfile.BadZipFile:
        raise SheetError("文件已损坏或不完整，请用表格软件另存为xlsx后再试。") from None
    if expanded > 20 * LARGEST_FILE:
        raise SheetError("文件展开后过大，请只留下标准目录一张工作表后再导入。")
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for sheet in book.worksheets:
        if sheet.max_column > MOST_COLUMNS or sheet.max_row > 4 * MOST_ROWS:
            raise SheetError(f"工作表‘{sheet.title}’过大，请只留下标准目录的行和列。")
        reading = _sheet(list(sheet.iter_rows(values_only=True)))
        if reading is not None:
            return reading
    needed = "、".join(label for label, name in standards.HEADINGS.items() if name in REQUIRED)
    raise SheetError(f"没有找到表头行（须有：{needed}），请先导出一份目录作为模板。")


def _label(cell: Any) -> str:
    return re.sub(r"[\s（）()*＊：:]", "", str(cell or ""))


_LABELS = {_label(label): name for label, name in standards.HEADINGS.items()} | _ALSO


def _head(lines: Sequence[Sequence[Any]], number: int) -> dict[int, str]:
    """Place → name of a heading line; published catalogues spread it over two lines (公开事项 / 一级事项)."""
    places: dict[int, str] = {}
    below = lines[number + 1] if number + 1 < len(lines) else ()
    for place, cell in enumerate(lines[number]):
        under = below[place] if place < len(below) else None
        name = _LABELS.get(_label(cell)) or (_LABELS.get(_label(under)) if _label(under) else None)
        if name and name not in places.values():
            places[place] = name
    return places if all(name in places.values() for name in REQUIRED) else {}


def _sheet(lines: Sequence[Sequence[Any]]) -> Reading | None:
    for number in range(min(HEAD_WITHIN, len(lines))):
        places = _head(lines, number)
        if places:
            return _rows(lines, number + 1, places)
    return None


def _rows(lines: Sequence[Sequence[Any]], first: int, places: Mapping[int, str]) -> Reading:
    reading = Reading()
    above = ""
    seen: dict[str, int] = {}
    for number in range(first, len(lines)):
        cells = {name: lines[number][place] for place, name in places.items() if place < len(lines[number])}
        said = {name: " ".join(str(cell).split()) if cell is not None else "" for name, cell in cells.items()}
        if not any(said.values()) or _label(said.get("matter")) in _LABELS:
            continue
        said["topic"] = above = said["topic"] or above
        wrong = _faults(said, number + 1, {name: place for place, name in places.items()})
        key = f"{said['topic']}·{said['matter']}"
        if key in seen:
            wrong.append((f"第{number + 1}行", f"与第{seen[key]}行的事项“{key}”重复，请保留一行。"))
        seen.setdefault(key, number + 1)
        reading.faults += wrong[: FAULTS_SHOWN - len(reading.faults)]
        if not wrong:
            way = standards.way_of(said.get("way", "")) or standards.PROACTIVE
            row = {name: said.get(name, "") for name in standards.HEADINGS.values()}
            reading.rows.append(row | {"way": way, "days": standards.working_days(row["term"])})
        if len(reading.rows) > MOST_ROWS:
            raise SheetError(f"超过{MOST_ROWS}行，请按领域分别导入。")
    if not reading.rows and not reading.faults:
        raise SheetError("表头之下没有任何行，请填写后再导入。")
    return reading


def _faults(said: Mapping[str, str], number: int, places: Mapping[str, int]) -> list[tuple[str, str]]:
    labels = {name: label for label, name in standards.HEADINGS.items()}
    found = []

    def blame(name: str, sentence: str) -> None:
        found.append((f"{get_column_letter(places[name] + 1)}{number}单元格", sentence))

    for name in REQUIRED:
        if not said[name]:
            blame(name, f"“{labels[name]}”不能为空，请填写。")
    for name, longest in LONGEST.items():
        if len(said.get(name, "")) > longest:
            blame(name, f"“{labels[name]}”超过{longest}字，请缩短。")
    if said.get("way") and standards.way_of(said["way"]) is None:
        blame("way", f"“{said['way'][:20]}”不是公开方式，请填主动公开或依申请公开。")
    if said.get("code") and not _CODE.fullmatch(said["code"]):
        blame("code", f"“{said['code'][:20]}”不是编码：只用小写字母、数字和连字符；新事项请留空。")
    return found
