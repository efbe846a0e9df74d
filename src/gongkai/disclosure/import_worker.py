"""What is done in the process of its own in which an old site's file is read (see gongkai.screening.forkserver).

Of a table (xlsx, csv): its heads and rows as text. Of a zip: the table in it with the names of the other files, or,
where it has none, one row for each Word, PDF or web page. Of one PDF: its first lines. No Django here.
"""

import csv
import io
import re
import zipfile
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

MOST_ROWS, MOST_COLUMNS, MOST_FILES = 20_000, 200, 20_000
LONGEST_CELL = 1_000_000
LARGEST_TEXT = 120_000_000
# What an archive may hold when unpacked, and how much larger than packed.
LARGEST_ALL, RATIO = 2 << 30, 200
TABLES = (".xlsx", ".csv")
TEXTS = (".docx", ".pdf", ".html", ".htm")
OUT_OF_MEMORY = "文件展开后超出内存限制，请分成几个文件再导入。"
FAULT = "文件结构异常，未能读完，请用办公软件重新另存后再试。"


class NotTaken(Exception):
    """Why a file is not taken, as one sentence."""


def prepare() -> None:
    """All that a child needs is loaded with this module, save the readers of one kind of file."""


def answer(head: dict[str, Any], data: bytes) -> dict[str, Any]:
    """{"heads", "rows": [[number, cells]], "files"}, of a PDF {"lines"}, or {"reason"}. `head`: {"name", "want"}."""
    try:
        if head["want"] == "lines":
            return {"lines": _pdf_lines(data)}
        name = head["name"].lower()
        return archive(data) if name.endswith(".zip") else table(data, name)
    except NotTaken as reason:
        return {"reason": str(reason)}
    except MemoryError:
        return {"reason": OUT_OF_MEMORY}
    except Exception:
        # A parser met something its authors did not think of: to us the file is unreadable.
        return {"reason": FAULT}


def table(data: bytes, name: str) -> dict[str, Any]:
    """The rows of a table below its heads: the first row with two cells that have something in them."""
    rows = _of_xlsx(data) if name.endswith(".xlsx") else _of_csv(data)
    heads: list[str] = []
    kept: list[tuple[int, list[str]]] = []
    size = 0
    for number, cells in enumerate(rows, 1):
        if len(cells) > MOST_COLUMNS:
            raise NotTaken(f"第{number}行超过{MOST_COLUMNS}列，请删去无关的列再导入。")
        if not heads:
            if sum(bool(cell) for cell in cells) >= 2:
                heads = [cell[:100] for cell in cells]
            continue
        if not any(cells):
            continue
        size += sum(map(len, cells))
        if len(kept) >= MOST_ROWS:
            raise NotTaken(f"超过{MOST_ROWS}行，请分成几个文件再导入。")
        if size > LARGEST_TEXT:
            raise NotTaken("表内文字过多，请分成几个文件再导入。")
        kept.append((number, cells))
    if not heads:
        raise NotTaken("表中没有找到表头：第一行应是各列的名称，如标题、正文、发布日期、网址。")
    return {"heads": heads, "rows": kept, "files": []}


def _of_xlsx(data: bytes) -> Any:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise NotTaken("这不是可读的xlsx文件；请用Excel或WPS另存为.xlsx。") from error
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield _trimmed([_text(value) for value in row])


def _of_csv(data: bytes) -> Any:
    text = decoded(data)
    csv.field_size_limit(max(LONGEST_CELL, csv.field_size_limit()))
    head = text[:10_000]
    mark = max(",\t;", key=head.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            yield _trimmed([_text(cell) for cell in row])
    except csv.Error as error:
        raise NotTaken("csv文件中有过长的单元格或者引号不成对，请另存为.xlsx再导入。") from error


def decoded(data: bytes) -> str:
    """Text in UTF-8, with or without BOM, UTF-16 with BOM, or GBK."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotTaken("文字编码无法识别，请另存为UTF-8的csv，或者.xlsx。")


def _text(value: Any) -> str:
    """A cell as text; a day as ISO, a whole number without a point."""
    match value:
        case None:
            return ""
        case datetime() if not (value.hour or value.minute or value.second):
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    text = str(value)
    if len(text) > LONGEST_CELL:
        raise NotTaken("有单元格超过一百万字，请将其改为附件。")
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def members(archive_file: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of an archive by their names. Raises NotTaken for a bomb, a password, a path that leaves it."""
    found: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for one in archive_file.infolist():
        name = _name(one)
        if one.is_dir() or any(
            part.startswith((".", "__MACOSX", "~$")) for part in PurePosixPath(name).parts
        ):
            continue
        if one.flag_bits & 0x1:
            raise NotTaken("压缩包设有密码，请去掉密码再导入。")
        total += one.file_size
        if one.file_size > (1 << 20) and one.file_size > RATIO * max(one.compress_size, 1):
            raise NotTaken(f"压缩包内“{name[-60:]}”的压缩比异常，不予展开。")
        if len(found) >= MOST_FILES or total > LARGEST_ALL:
            raise NotTaken(f"压缩包超过{MOST_FILES}个文件或者2GB，请分成几个再导入。")
        found[name] = one
    return found


def _name(one: zipfile.ZipInfo) -> str:
    """The path of a file in an archive; those that Windows packed without saying so are in GBK."""
    name = one.filename
    if not one.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = one.filename
    return name.replace("\\", "/")


def archive(data: bytes) -> dict[str, Any]:
    """The table of an archive with the other files beside it, or a row for each text where there is no table."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            found = members(packed)
            tables = [name for name in found if name.lower().endswith(TABLES)]
            if len(tables) > 1:
                raise NotTaken("压缩包内有几张表：只放一张信息清单（xlsx或csv），附件另放文件夹。")
            if tables:
                read = table(packed.read(found[tables[0]]), tables[0].lower())
                return read | {"files": [name for name in found if name != tables[0]]}
            texts = sorted(name for name in found if name.lower().endswith(TEXTS))
    except zipfile.BadZipFile as error:
        raise NotTaken("压缩包已损坏，请重新压缩再导入。") from error
    if not texts:
        raise NotTaken("压缩包内没有信息清单（xlsx、csv），也没有Word、PDF或者网页文件。")
    rows = [(number, [*_of_name(name), name]) for number, name in enumerate(texts, 1)]
    return {"heads": ["标题", "发布日期", "正文文件"], "rows": rows, "files": list(found)}


_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_.年/]?(0[1-9]|1[0-2])[-_.月/]?(0[1-9]|[12]\d|3[01])日?(?!\d)")


def _of_name(path: str) -> tuple[str, str]:
    """Title and day that stand in the name of a file: 2019-05-06 关于….docx; a day only where it is certain."""
    stem = PurePosixPath(path).stem
    found = _DAY.search(stem)
    day = "-".join(found.groups()) if found else ""
    title = _DAY.sub("", stem).strip(" -_—（）()[]【】")
    return title, day


def _pdf_lines(data: bytes) -> list[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    text = document[0].get_textpage().get_text_bounded()
    return [line.strip() for line in text.splitlines() if line.strip()][:20]
