"""`gongkai deadline`: the statutory clock for cases given as JSON Lines on standard input."""

import json
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO, NoReturn

import click

from gongkai.rulebook.calendar import standard_calendar
from gongkai.rulebook.clock import clock
from gongkai.rulebook.clock_result import Clock
from gongkai.rulebook.events import ClockError, day_from_json, events_from_json

MAX_LINE_BYTES = 1024 * 1024
MAX_EVENTS = 1000


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object per line.")
@click.pass_context
def deadline(ctx: click.Context, as_json: bool) -> None:
    """Compute the due day of applications, one JSON case per line on standard input.

    A case is {"id": any, "as_of": "YYYY-MM-DD", "events": [{"type": "received", "on": "YYYY-MM-DD"}, ...]};
    as_of may be left out. Exit 0: every line answered without error; 1: some line has an error.
    """
    failed = False
    for number, line in _lines(sys.stdin.buffer if sys.stdin else BytesIO()):
        case_id, result = _answer(line)
        failed |= isinstance(result, str)
        if as_json:
            click.echo(_json_line(case_id, result))
        elif isinstance(result, str):
            click.echo(f"第{number}行{_name(case_id)}：{result}", err=True)
        else:
            click.echo(_prose(case_id, result))
    ctx.exit(1 if failed else 0)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield the number and content of each line that is not blank; None for one that is too long to be read."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(BOM_UTF8)
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line.strip():
            yield number, line


def _answer(line: bytes | None) -> tuple[Any, Clock | str]:
    """The id of the case on that line, as far as it can be read, and its clock or what is wrong with it."""
    case_id: Any = None
    try:
        case = _case(line)
        case_id = case.get("id")
        as_of = None if case.get("as_of") is None else day_from_json(case["as_of"], "as_of")
        events = case.get("events")
        if isinstance(events, list) and len(events) > MAX_EVENTS:
            raise ClockError(f"一个案件最多{MAX_EVENTS}个事件，本行有{len(events)}个，请核对。")
        return case_id, clock(events_from_json(events), standard_calendar(), as_of)
    except ClockError as error:
        return case_id, str(error)


def _case(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise ClockError(f"格式错误：本行超过{MAX_LINE_BYTES // 1024} KiB，未读取。")
    try:
        case = json.loads(line.decode(), parse_constant=_refuse_constant)
        # An id that cannot be written back, such as 1e999, is refused with the rest of its line.
        json.dumps(case, allow_nan=False)
    except UnicodeDecodeError:
        raise ClockError("格式错误：本行不是 UTF-8 编码的文字。") from None
    except RecursionError:
        raise ClockError("格式错误：本行的 JSON 嵌套过深。") from None
    except ValueError:
        raise ClockError("格式错误：本行不是正确的 JSON，应为一行一个案件对象。") from None
    if not isinstance(case, dict):
        raise ClockError("格式错误：本行应为含 id 和 events 的 JSON 对象。")
    return case


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _json_line(case_id: Any, result: Clock | str) -> bytes:
    fields: dict[str, Any] = {
        "due": None,
        "provisional": False,
        "overdue": None,
        "steps": [],
        "error": result,
    }
    if isinstance(result, Clock):
        fields = {
            "due": result.due and result.due.isoformat(),
            "provisional": result.provisional,
            "overdue": result.overdue,
            "steps": [
                {"on": each.on.isoformat(), "effect": each.effect, "law": each.law} for each in result.steps
            ],
            "error": None,
        }
    answer = {"id": case_id, **fields}
    try:
        return json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # The id holds half of a surrogate pair, which only the escaped form can carry.
        return json.dumps(answer).encode()


def _name(case_id: Any) -> str:
    if not isinstance(case_id, str | int):
        return ""
    shown = "".join(char if char.isprintable() else "�" for char in str(case_id)[:60])
    return f"（{shown}）"


def _prose(case_id: Any, result: Clock) -> str:
    mark = "（暂定：用到尚未发布放假通知的年份）" if result.provisional else ""
    if result.due is None:
        awaited = "、".join(dict.fromkeys(each.whom.value for each in result.waiting))
        head = f"答复期限暂不能确定：等待{awaited}" if awaited else "答复期限未能确定"
    else:
        head = f"答复期限 {result.due}"
    overdue = {None: "", True: "，已逾期", False: "，未逾期"}[result.overdue]
    lines = [f"案件{_name(case_id)}：{head}{mark}{overdue}"]
    lines += [f"  {step.on}  {step.effect}〔{step.law}〕" for step in result.steps]
    return "\n".join(lines)
