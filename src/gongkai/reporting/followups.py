"""Last year's problems, followed up: each problem that the last report names needs a word in this one (part five).

The draft keeps `followups`, a list of {problem, answer, entry}: the problem as last year's report words it, the
sentence of the writer, and the number of the ledger's entry that it rests on, or "". Printed behind part five.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Refused
from gongkai.journal import clock
from gongkai.reporting.sources.ledger import findings_of
from gongkai.rulebook.report_rules import Finding, Where
from gongkai.supervision.models import Entry

RULE = "FOLLOWUP"
LONGEST = 500
MOST = 40
HEADING = "上一年度报告所列问题的整改情况："
FIELDS = {"problem", "answer", "entry"}

# Headings of part five: “（一）存在的主要问题”, “（二）改进情况”; whatever stands first is the problems.
_HEADING = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十]{1,2}[）)]|[一二三四五六七八九十]{1,2}、)\s*(.{0,24})$"
)
_MEASURES = re.compile(r"改进|整改|措施|下一步|打算|计划|努力方向")
_ITEM = re.compile(
    r"(?:^|(?<=[。；;：:]))\s*(?:[一二三四五六七八九十]是|\d{1,2}\s*[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳])"
)
# Reading a file folds the width of its marks; between Chinese characters they are wide again.
_WIDE = {",": "，", ";": "；", ":": "："}
_BETWEEN = re.compile(r"(?<=[一-鿿])[,;:](?=\s*[一-鿿])")
_AGAINST = re.compile(r"针对(?!性)([^。；]{4,80}?)(?:等|的)*问题")
_NO_PROBLEM = re.compile(r"^(?:无|没有|暂无)[^，；]{0,12}[。]?$")
_OPENING = re.compile(r"(?:主要|以下|下列|如下|几个方面|方面)[^。；]{0,12}[：:]$|问题[：:]$")
_LEAST = 6
_SPOKEN_OF = 0.6


def problems_in(text: str) -> tuple[str, ...]:
    """The single problems that part five of a report names, in its words; none of its measures.

    Where problems and measures stand together (针对……的问题，一是……), a problem is what stands before 的问题.
    """
    lines = _BETWEEN.sub(lambda mark: _WIDE[mark[0]], text).splitlines()
    if against := _AGAINST.findall("".join(line.strip() for line in lines[: _printed_from(lines)])):
        return tuple(dict.fromkeys(against))[:MOST]
    found = []
    for line in lines[: _measures_from(lines)]:
        if not line.strip() or _heading(line) is not None:
            continue
        for piece in _pieces(line.strip()):
            problem = piece.strip(" 　；;。")
            if (
                len(problem) >= _LEAST
                and not _NO_PROBLEM.match(problem)
                and not _OPENING.search(f"{problem}：")
            ):
                found.append(problem)
    return tuple(dict.fromkeys(found))[:MOST]


def measures_in(text: str) -> str:
    """What part five says of measures: all behind the heading of its measures; without one, the whole."""
    lines = text.splitlines()
    place = _measures_from(lines)
    return "\n".join(lines[place:] if place < len(lines) else lines)


def _measures_from(lines: Sequence[str]) -> int:
    """The number of the line that heads the measures; the number of lines where none does."""
    for number, line in enumerate(lines):
        heading = _heading(line)
        if heading and _MEASURES.search(heading) and "问题" not in heading:
            return number
    return _printed_from(lines)


def _printed_from(lines: Sequence[str]) -> int:
    """The number of the line from which a report says what became of the problems before; see `printed`."""
    return next((number for number, line in enumerate(lines) if line.strip() == HEADING), len(lines))


def _heading(line: str) -> str | None:
    """The words of a heading of the second level, or of a short line that ends like one; None for a sentence."""
    found = _HEADING.match(line)
    return found[1] if found and not found[1].endswith(("。", "；", "，")) else None


def _pieces(line: str) -> list[str]:
    """A line at its own numbering; without one, as a whole."""
    marks = list(_ITEM.finditer(line))
    if not marks:
        return [line]
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    return [line[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]


@dataclass(frozen=True)
class Followup:
    """One problem of last year: what the writer says of it, and the entry of the ledger behind that."""

    problem: str
    answer: str = ""
    entry: str = ""


def said_of(said: Mapping[str, Any]) -> dict[str, Followup]:
    """What a draft or a frozen content says of each problem; older contents say nothing."""
    return {row["problem"]: Followup(**row) for row in said.get("followups") or ()}


def rows_of(problems: Sequence[str], said: Mapping[str, Any]) -> list[Followup]:
    """The problems of last year with what is said of each, and behind them what is said of problems that last
    year's report names no more: it was typed and is kept."""
    known = said_of(said)
    gone = [row for problem, row in known.items() if problem not in problems]
    return [*(known.get(problem, Followup(problem)) for problem in problems), *gone]


def check(rows: Any) -> None:
    """Refused unless the value is a list of follow-ups as a draft keeps them."""
    fit = isinstance(rows, list) and all(
        isinstance(row, dict)
        and set(row) == FIELDS
        and all(isinstance(value, str) for value in row.values())
        and len(row["answer"]) <= LONGEST
        and len(row["problem"]) <= 1000
        and len(row["entry"]) <= 80
        for row in rows
    )
    if not fit or len(rows) > MOST:
        raise Refused(
            _("What is said of last year's problems is at most %(n)d characters each.") % {"n": LONGEST}
        )


def printed(said: Mapping[str, Any]) -> str:
    """The paragraph behind part five: each problem that has an answer, with it; empty without any."""
    answered = [row for row in said_of(said).values() if row.answer.strip()]
    if not answered:
        return ""
    lines = [
        f"{number}.关于“{row.problem}”：{_sentence(row.answer)}"
        for number, row in enumerate(answered, start=1)
    ]
    return "\n".join([HEADING, *lines])


def _sentence(answer: str) -> str:
    words = " ".join(answer.split())
    return words if words.endswith(("。", "！", "？")) else f"{words}。"


def entries(agency: Agency, year: int) -> list[Entry]:
    """Problems of the ledger that may answer one of last year's report: open or rectified in the year or later."""

    return list(findings_of(agency, date(year, 1, 1), clock.today())[:200])


def proposed_answer(entry: Entry) -> str:
    """A sentence from the ledger's entry: what was done, and whether it is accepted as done."""
    done = (entry.outcome or entry.fields.get("measures") or "").strip().rstrip("。")
    if entry.closed_as == Entry.End.DONE and entry.closed_on:
        day = entry.closed_on
        words = f"已于{day.year}年{day.month}月{day.day}日完成整改"
        return f"{words}：{done}。" if done else f"{words}。"
    return f"正在整改：{done}。" if done else "正在整改。"


def likely(problem: str, rows: Iterable[Entry]) -> Entry | None:
    """The entry whose words are nearest to a problem; None where none is near."""
    best, most = None, 0.25
    for entry in rows:
        share = _shared(problem, f"{entry.subject}{entry.fields.get('problem', '')}")
        if share > most:
            best, most = entry, share
    return best


def _pairs(text: str) -> set[str]:
    letters = re.sub(r"\W", "", text)
    return {letters[at : at + 2] for at in range(len(letters) - 1)}


def _shared(problem: str, text: str) -> float:
    """Which share of the pairs of letters of a problem another text has too."""
    wanted = _pairs(problem)
    return len(wanted & _pairs(text)) / len(wanted) if wanted else 0.0


def open_problems(problems: Sequence[str], said: Mapping[str, Any], text: str) -> list[str]:
    """The problems of which this year's part five says nothing: no answer, and no measure speaks of them.

    That the same problem stands among this year's is no word on what became of it.
    """
    answered = {row.problem for row in said_of(said).values() if row.answer.strip()}
    taken = measures_in(text)
    return [each for each in problems if each not in answered and _shared(each, taken) < _SPOKEN_OF]


def findings(problems: Sequence[str], said: Mapping[str, Any], text: str) -> list[Finding]:
    """A warning for each problem of last year that this year's part five leaves out (rulebook 2.1, part five)."""
    words = _("Last year's report names “%(problem)s”; say in part five what became of it.")
    return [
        Finding(RULE, "warning", words % {"problem": _short(each)}, Where("problems"))
        for each in open_problems(problems, said, text)
    ]


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
