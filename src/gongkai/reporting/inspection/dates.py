"""DATES: the period of the figures, the year that the text speaks of, and the day of the report itself."""

import re
from collections.abc import Iterator
from datetime import date

from gongkai.reporting.inspection.narrative import NAMES, Flow, Line, Narrative
from gongkai.rulebook.organs import organ
from gongkai.rulebook.report_rules import RULES, Finding, Side, Where
from gongkai.rulebook.terms import ReportLevel, TermError, report_due

_DAY = r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日"
_PERIOD = re.compile(
    rf"(?:统计(?:期限|时限|时间|周期|区间|范围|数据)|期限|时间范围)[^。；;]{{0,16}}?{_DAY}(?:起)?[,，]?(?:至|到|—+|-+|~)"
    r"(?:(?:((?:19|20)\d\d)年)|当年|同年)?(\d{1,2})月(\d{1,2})日"
)
_CUTOFF = re.compile(r"截[至止]到?((?:19|20)\d\d)年?(?:(\d{1,2})月(?:(\d{1,2})日|(底|末))|(年?(?:底|末)))")
_ANNOUNCED = re.compile(r"((?:19|20)\d\d)年?度?政府信息公开(?:工作)?(?:年度报告|情况|工作情况)")
_SUBJECT = re.compile(r"(?:^|[。；;:：)）])((?:19|20)\d\d)年(?:度|来|以来|全年)?[,，]?")
_PLANS = re.compile(r"将|下一步|计划|打算|拟|继续|着力|重点|要")
_ALONE = re.compile(rf"(?:(?:发布|公布|生成|成文|报告)?(?:日期|时间)[:：]?)?{_DAY}(?:发布|公布)?")
_DASHED = re.compile(
    r"(?:发布|公布|生成|成文|报告)(?:日期|时间)[:：]\s*((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b.{0,12}"
)


def dates(narrative: Narrative) -> Iterator[Finding]:
    """The findings about dates; none where the title does not tell the year."""
    year = narrative.year
    if year is None:
        return
    for name, flow in narrative.flow.items():
        yield from _period(flow, name, year)
        yield from _cutoff(flow, name, year)
        yield from _announced(flow, name, year)
        if name in ("opening", "overview"):
            yield from _spoken_of(flow, name, year)
    yield from _own_day(narrative, year)


def _finding(problem: str, name: str, words: str, line: int, mend: str) -> Finding:
    side = Side(f"“{words}”", lines=(line,))
    return Finding("DATES", RULES["DATES"].severity, f"{problem}；{mend}。", Where(name), sides=(side,))


def _period(flow: Flow, name: str, year: int) -> Iterator[Finding]:
    for found in _PERIOD.finditer(flow.text):
        first = tuple(map(int, found.group(1, 2, 3)))
        last = (int(found[4] or found[1]), int(found[5]), int(found[6]))
        if first != (year, 1, 1) or last != (year, 12, 31):
            problem = f"{NAMES[name]}写统计期限为“{found[0][-40:]}”"
            mend = f"请改为{year}年1月1日至12月31日"
            yield _finding(problem, name, found[0], flow.line(found.start()), mend)


def _cutoff(flow: Flow, name: str, year: int) -> Iterator[Finding]:
    for found in _CUTOFF.finditer(flow.text):
        month, day = int(found[2] or 12), int(found[3] or 31)
        if (int(found[1]), month) == (year, 12) and (day == 31 or found[4]):
            continue
        # The text of the report itself may look beyond the year: not what is counted.
        problem = f"{NAMES[name]}的数字“{found[0]}”，报告的统计期限到{year}年12月31日"
        yield _finding(problem, name, found[0], flow.line(found.start()), "请按统计期限核对数字")


def _announced(flow: Flow, name: str, year: int) -> Iterator[Finding]:
    for found in _ANNOUNCED.finditer(flow.text):
        before = flow.text[max(found.start() - 12, 0) : found.start()]
        if int(found[1]) == year or re.search(r"上一?年|《[^》]*$|第三方|排名|考核", before):
            continue
        problem = f"{NAMES[name]}写“{found[0]}”，标题是{year}年"
        yield _finding(problem, name, found[0], flow.line(found.start()), "请统一年度")


def _spoken_of(flow: Flow, name: str, year: int) -> Iterator[Finding]:
    """Sentences that begin with another year: their text was taken over from it, or is about the wrong one."""
    for found in _SUBJECT.finditer(flow.text):
        said = int(found[1])
        sentence = re.split(r"[。；;]", flow.text[found.start(1) : found.start(1) + 60])[0]
        if said == year or (said > year and _PLANS.search(sentence)) or "以来" in sentence[:10]:
            continue
        if said < year and re.search(rf"{year}年|相比|比较|起[,，]|制定|印发|出台|修订", sentence):
            continue
        problem = f"{NAMES[name]}的“{sentence[:24]}……”说的是{said}年，标题是{year}年"
        yield _finding(
            problem, name, sentence[:40], flow.line(found.start(1)), "请核对是否沿用了其他年度的文字"
        )


def _own_day(narrative: Narrative, year: int) -> Iterator[Finding]:
    """The day of the report, where a line is nothing but a date."""
    if narrative.agency is None:
        return
    level = ReportLevel.GOVERNMENT if organ(narrative.agency).government else ReportLevel.DEPARTMENT
    try:
        due = report_due(year, level)
    except TermError:
        return
    for name in ("opening", "other"):
        for line in narrative.parts.get(name, ()):
            own = _day_of(line)
            if own is None or own.year not in (year, year + 1, year + 2):
                continue
            words = line.text.strip()
            if own <= date(year, 12, 31):
                problem = f"报告日期“{words}”在{year}年结束之前，全年数字还没有"
                yield _finding(problem, name, words, line.number, "请核对日期")
            elif own > due:
                problem = f"报告日期“{words}”晚于{due.year}年{due.month}月{due.day}日的公布期限"
                yield _finding(problem, name, words, line.number, "请核对日期，逾期的向主管部门说明")


def _day_of(line: Line) -> date | None:
    compact = re.sub(r"\s", "", line.text)
    found = _ALONE.fullmatch(compact) or _DASHED.fullmatch(compact)
    try:
        return date(*map(int, found.group(1, 2, 3))) if found else None
    except ValueError:
        return None
