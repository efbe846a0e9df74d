"""Dictionaries as offices keep them: xlsx, csv, txt or json to terms, with a sentence for every bad row.

A table has the columns 错误 (or 错词, 敏感词 …), 规范, 理由, and where wanted 条件, 例外, 分组, 处置; without a
row of headings the first three columns are taken in this order. A text file has one term a line, its
parts divided by a tab, a comma, → or =>; a line that begins with # is a remark.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.screening.finding import Layer, Severity
from gongkai.screening.lexicon import DATE, LONGEST_NOTE, MOST_TERMS, Term
from gongkai.screening.passage import Passage, Unreadable, fold
from gongkai.screening.readers import dispatch, plain

LARGEST_FILE = 16 << 20
MOST_PROBLEMS = 200
_MOST_COLUMNS = 26

_COLUMNS: Mapping[str, str] = {
    "wrong": r"错误(?:写法|用语|表述|词)?|错词|错敏词|敏感词|禁用词|不规范(?:写法|用语|表述)?|词语|用语|wrong",
    "right": r"规范(?:写法|用语|表述)?|正确(?:写法|用语|表述)?|建议(?:用语|写法)?|替换(?:为|词)?|应为|right",
    "why": r"理由|说明|依据|原因|备注|why",
    "before": r"条件|before",
    "allowed": r"例外|不算的情形|白名单|allowed",
    "group": r"分组|类别|分类|类型|group",
    "severity": r"处置|级别|等级|severity",
}
_HEADINGS = {key: re.compile(words, re.IGNORECASE) for key, words in _COLUMNS.items()}
_ORDER = ("wrong", "right", "why")
_LINE = re.compile(r"\t|→|=>|->|,|，")
_LISTED = re.compile(r"[;；|、]")
_BEFORE = {"": "", "日期": DATE, "时间": DATE, "日期前": DATE, DATE: DATE}
_SEVERITY = {"": None, "提示": None, "warn": None, "阻断": Severity.BLOCK, "block": Severity.BLOCK}
_CELL = re.compile(r"^(工作表“.*”)，([A-Z]{1,3})([0-9]{1,7})$", re.DOTALL)

Row = tuple[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What was read: the good terms in the order of the file, and one sentence for each bad row."""

    terms: tuple[Term, ...]
    problems: tuple[str, ...]


class _NotRead(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


def read_terms(data: bytes, name: str) -> Terms:
    """The terms of a dictionary file and what is wrong with it. Never raises for a bad file.

    `name` tells json, csv and txt apart; a workbook is known by its content. A bad row is left out and
    told; a file that cannot be read as a whole gives no term and one sentence.
    """
    try:
        if len(data) > LARGEST_FILE:
            raise _NotRead(f"“{name}”超过 {LARGEST_FILE >> 20} MB，请拆分后再导入")
        return _collected(_rows(data, name))
    except _NotRead as error:
        return Terms((), (str(error),))
    except Unreadable as error:
        return Terms((), (f"“{name}”未能读取：{error}",))


def _rows(data: bytes, name: str) -> Iterator[Row]:
    ending = name.rpartition(".")[2].lower()
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _named(_workbook(data, name))
    text = plain.text_of(data)
    if ending == "json":
        return _objects(text, name)
    if ending in ("csv", "tsv"):
        return _named(_table(text))
    if ending == "txt":
        return _named(_lines(text))
    raise _NotRead(f"“{name}”的类型不支持，词库请用 xlsx、csv、txt 或 json 文件")


def _lines(text: str) -> Iterator[tuple[str, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield f"第 {number} 行", _LINE.split(line, maxsplit=2)


def _table(text: str) -> Iterator[tuple[str, list[str]]]:
    head = text[:4096].split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        for row in reader:
            yield f"第 {reader.line_num} 行", row
    except csv.Error as error:
        raise _NotRead(f"表格从第 {reader.line_num + 1} 行起无法识别，请另存为 xlsx 后再导入") from error


def _workbook(data: bytes, name: str) -> Iterator[tuple[str, list[str]]]:
    """The visible rows of the first sheet, as the reader of workbooks gives its cells."""
    sheet, number, row = "", 0, dict[int, str]()
    for part in dispatch.read(data, "词库.xlsx"):
        if not isinstance(part, Passage):
            continue
        ends = [place.start for place in part.places[1:]] + [len(part.text)]
        for place, end in zip(part.places, ends, strict=True):
            found = _CELL.match(place.location) if place.layer is Layer.TABLE else None
            if found is None or (sheet and found.group(1) != sheet):
                continue
            sheet = found.group(1)
            if int(found.group(3)) != number:
                if row:
                    yield f"第 {number} 行", _filled(row)
                number, row = int(found.group(3)), {}
            row[_column(found.group(2))] = part.text[place.start : end].strip()
    if row:
        yield f"第 {number} 行", _filled(row)
    if not sheet:
        raise _NotRead(f"“{name}”中没有看得见的表格内容，请填写后再导入")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _filled(row: Mapping[int, str]) -> list[str]:
    return [row.get(at, "") for at in range(min(max(row) + 1, _MOST_COLUMNS))]


def _named(rows: Iterable[tuple[str, list[str]]]) -> Iterator[Row]:
    """Rows with the names of their columns, by the row of headings if there is one."""
    columns: Mapping[int, str] | None = None
    for where, cells in rows:
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if columns is None:
            columns = _headings(cells)
            if columns:
                continue
            columns = dict(enumerate(_ORDER))
        yield where, {key: cells[at] for at, key in columns.items() if at < len(cells)}


def _headings(cells: list[str]) -> dict[int, str]:
    """Column → key; empty if this row heads nothing."""
    found: dict[int, str] = {}
    for at, cell in enumerate(cells):
        key = next((key for key, words in _HEADINGS.items() if words.fullmatch(cell)), None)
        if key and key not in found.values():
            found[at] = key
    return found if "wrong" in found.values() else {}


def _objects(text: str, name: str) -> Iterator[Row]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _NotRead(f"“{name}”不是完整的 json 文件，请检查后再导入") from error
    rows = given.get("terms") if isinstance(given, dict) and isinstance(given.get("terms"), list) else given
    if isinstance(rows, dict):
        rows = [{"wrong": wrong, "right": right} for wrong, right in rows.items()]
    if not isinstance(rows, list):
        raise _NotRead(f"“{name}”应当是词条的列表，请按导出的文件的样子编写")
    for number, row in enumerate(rows, 1):
        yield f"第 {number} 条", _object(row)


def _object(row: Any) -> Mapping[str, str]:
    if isinstance(row, str):
        return {"wrong": row}
    if not isinstance(row, dict):
        return {}
    found: dict[str, str] = {}
    for name, value in row.items():
        key = next((key for key, words in _HEADINGS.items() if words.fullmatch(str(name))), None)
        if key and key not in found:
            found[key] = "；".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return found


def _collected(rows: Iterable[Row]) -> Terms:
    terms: dict[str, Term] = {}
    places: dict[str, str] = {}
    problems: list[str] = []
    more = 0
    for where, row in rows:
        made = _term(row)
        problem = made if isinstance(made, str) else made.problem()
        form = "" if isinstance(made, str) else fold(made.wrong)
        if problem is None and form in places:
            problem = f"“{row['wrong']}”与{places[form]}重复，已略去"
        if problem is None and len(terms) >= MOST_TERMS:
            raise _NotRead(f"词条超过 {MOST_TERMS} 条，请拆成几个词库后再导入")
        if problem is not None:
            more += len(problems) >= MOST_PROBLEMS
            problems += [f"{where}：{problem}"] if len(problems) < MOST_PROBLEMS else []
        elif isinstance(made, Term):
            terms[form], places[form] = made, where
    if more:
        problems.append(f"另有 {more} 行有问题，未逐一列出，请先改正以上各行")
    return Terms(tuple(terms.values()), tuple(problems))


def _term(row: Mapping[str, str]) -> Term | str:
    """The term of a row, or what is wrong with one of its cells."""
    before, severity = row.get("before", "").strip(), row.get("severity", "").strip()
    if before not in _BEFORE:
        return f"条件“{before[:20]}”无法识别，请写“日期”或留空"
    if severity not in _SEVERITY:
        return f"处置“{severity[:20]}”无法识别，请写“阻断”、“提示”或留空"
    allowed = (phrase.strip() for phrase in _LISTED.split(row.get("allowed", "")[: LONGEST_NOTE * 4]))
    return Term(
        wrong=row.get("wrong", "").strip(),
        right=row.get("right", "").strip(),
        why=row.get("why", "").strip(),
        before=_BEFORE[before],
        allowed=tuple(filter(None, allowed)),
        severity=_SEVERITY[severity],
        group=row.get("group", "").strip(),
    )
