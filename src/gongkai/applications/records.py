"""What a person wrote down while a case was handled, as sheets of its file: 检索记录 and 电话记录, as PDF/A.

A court asks where the agency looked before it says that information does not exist (rulebook 1.5); art. 31 hangs
on talks by telephone. Both are events, sealed under the case key; here they are made readable.
"""

from collections.abc import Sequence
from datetime import date

from gongkai.agencies.policy import Refused
from gongkai.applications import calls, searching
from gongkai.applications.models import Application, CaseEvent
from gongkai.paperwork import pdf
from gongkai.paperwork.errors import PaperworkError
from gongkai.paperwork.registers import Column, Register, line, printable

SEARCHES, CALLS = "检索记录", "电话记录"
_SEARCH_COLUMNS = (("日期", 3), ("检索范围", 5), ("检索方法", 5), ("检索年份", 3), ("结果", 6), ("检索人", 3))
_CALL_COLUMNS = (("日期", 3), ("时间", 2), ("号码", 4), ("通话对象", 4), ("通话内容", 8), ("经办", 3))


def searches(case: Application, rows: Sequence[CaseEvent]) -> bytes | None:
    """Every search of the case, oldest first; None where nothing was searched. Raises Refused, sealing.Sealed."""
    found = searching.of(rows)
    if not found:
        return None
    lines = [
        (
            each.on.isoformat(),
            each.where,
            each.keywords,
            each.period,
            f"{'检索到所申请信息' if each.found else '没有检索到所申请信息'}：{each.result}",
            each.searcher,
        )
        for each in found
    ]
    return _sheet(case, SEARCHES, _SEARCH_COLUMNS, lines, found[-1].on)


def talks(case: Application, rows: Sequence[CaseEvent]) -> bytes | None:
    """Every talk by telephone and every attempt, oldest first; None where there was none. Raises as `searches`."""
    entered = [(call, row) for row in rows if row.type == "called" for call in calls.of([row])]
    if not entered:
        return None
    entered.sort(key=lambda pair: pair[0].on)
    lines = [
        (
            call.on.isoformat(),
            call.at,
            call.number,
            call.whom if call.reached else "未接通",
            call.said,
            row.person.name if row.person else "",
        )
        for call, row in entered
    ]
    return _sheet(case, CALLS, _CALL_COLUMNS, lines, entered[-1][0].on)


def _sheet(
    case: Application,
    title: str,
    columns: Sequence[tuple[str, int]],
    lines: Sequence[Sequence[str]],
    day: date,
) -> bytes:
    try:
        return pdf.register_pdf(
            Register(
                title=title,
                agency=case.agency.name,
                number=case.number,
                columns=tuple(
                    Column(name=name, share=share, centred=name in ("日期", "时间"))
                    for name, share in columns
                ),
                lines=tuple(line(*(printable(cell) for cell in cells)) for cells in lines),
                date=day,
            )
        )
    except PaperworkError as error:
        raise Refused(str(error)) from error
