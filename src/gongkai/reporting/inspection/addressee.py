"""AGENCY: whether the text speaks for the agency of the title and for its level.

Copied reports give themselves away: another agency's name as the subject, 我市 in a county's report, 我委 in that of
a 局, tasks of a higher level (指导政府部门), the rules of another province.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gongkai.reporting.inspection.lists import load
from gongkai.reporting.inspection.narrative import NAMES, Flow, Narrative
from gongkai.rulebook.organs import LEVEL_LABELS, MUNICIPALITIES, PROVINCES, REGIONS, Organ, organ
from gongkai.rulebook.report_rules import RULES, Finding, Side, Where

_OUR_PLACE = re.compile(r"(?<![自让使为给由])我(省|市|县|区|州|旗|盟|镇|乡)(?![场域道级略府委])")
_OUR_BODY = re.compile(r"(?<![自让使为给由])我(局|委|厅|镇|乡|街道|中心)(?![员派托会部])")
_ORGAN = (
    r"(?:(?!关于|根据|按照|以及|现将|如对|请与|联系)[一-鿿]){2,24}?"
    r"(?:人民政府办公[室厅]|人民政府|街道办事处|委员会|办公室|局|厅|管委会)"
)
_MADE_BY = re.compile(rf"本(?:年度)?报告由({_ORGAN})(?=根据|按照|依据|依照|编制|负责)")
_NOW_OF = re.compile(rf"现将({_ORGAN})(?=(?:19|20)\d\d年|政府信息公开)")
_CONTACT = re.compile(rf"(?:疑问|问题)[,，]?请(?:与|向|联系)({_ORGAN})(?=联系|咨询|反映)")
_AS_SUBJECT = re.compile(
    r"(?:^|[。；;])(?:(?:19|20)\d\d年(?:度)?[,，])?((?:(?!年)[一-鿿]){2,9}?[省市县区旗州](?:(?!年)[一-鿿]){0,16}?"
    r"(?:局|委员会|办公室|厅|人民政府|街道办事处))(?=[,，]?(?:认真|严格|坚持|始终|高度重视|深入|积极|持续|共(?:受理|收到)|全年|扎实|切实))"
)
_LAW_OF = re.compile("《(" + "|".join((*PROVINCES, *REGIONS, *MUNICIPALITIES)) + ")[^》]{2,40}》")


@dataclass(frozen=True, slots=True)
class _Wording:
    """Words that only organs of some kind may use of themselves, and why."""

    words: re.Pattern[str]
    levels: frozenset[str]
    governments_only: bool
    why: str


@cache
def _wordings() -> tuple[_Wording, ...]:
    rows: Mapping[str, Any] = load("levels")
    return tuple(
        _Wording(re.compile(row["words"]), frozenset(row["levels"]), row["governments_only"], row["why"])
        for row in rows["wordings"]
    )


def addressee(narrative: Narrative) -> Iterator[Finding]:
    """The findings about whom the text speaks for; none where the title does not name the agency."""
    if not narrative.agency:
        return
    own = organ(narrative.agency)
    for name, flow in narrative.flow.items():
        yield from _places(flow, name, own)
        yield from _bodies(flow, name, own)
        yield from _names(flow, name, own)
        yield from _levels(flow, name, own)
        yield from _laws(flow, name, own)


def _finding(flow: Flow, name: str, found: re.Match[str], problem: str, words: str = "") -> Finding:
    rule = RULES["AGENCY"]
    words = words or _around(flow.text, found)
    side = Side(f"“{words}”", lines=(flow.line(found.start()),))
    message = f"{NAMES[name]}“{words}”，{problem}；{rule.mend}。"
    return Finding("AGENCY", rule.severity, message, Where(name), sides=(side,))


def _around(text: str, found: re.Match[str]) -> str:
    return (
        re.split(r"[。；;]", text[max(found.start() - 6, 0) : found.start()])[-1]
        + text[found.start() : found.end() + 12].split("。")[0]
    )


def _places(flow: Flow, name: str, own: Organ) -> Iterator[Finding]:
    """我市 in the report of a county; each word once."""
    if own.level is None or not own.own_words:
        return
    fitting = {own.own_words}
    if own.province in MUNICIPALITIES:
        fitting.add("市")
    seen: set[str] = set()
    for found in _OUR_PLACE.finditer(flow.text):
        if found[1] in fitting or found[1] in seen:
            continue
        seen.add(found[1])
        level = LEVEL_LABELS[own.level]
        yield _finding(flow, name, found, f"“我{found[1]}”与{level}机关“{own.name}”不符")


def _bodies(flow: Flow, name: str, own: Organ) -> Iterator[Finding]:
    """我委 in the report of a 局; each word once."""
    seen: set[str] = set()
    for found in _OUR_BODY.finditer(flow.text):
        said = found[1]
        # 办公室 of a 局 or 委 may speak for it; a government speaks for its territory.
        if said in own.name or said in seen or (said in "镇乡" and own.level is None):
            continue
        seen.add(said)
        yield _finding(flow, name, found, f"“我{said}”与标题的机关“{own.name}”不符")


def _names(flow: Flow, name: str, own: Organ) -> Iterator[Finding]:
    seen: set[str] = set()
    for pattern in (_MADE_BY, _NOW_OF, _CONTACT, _AS_SUBJECT):
        for found in pattern.finditer(flow.text):
            said = found[1]
            if said in seen or _same(said, own.name):
                continue
            seen.add(said)
            yield _finding(flow, name, found, f"“{said}”不是标题的机关“{own.name}”", found[0].lstrip("。；;"))


def _same(said: str, name: str) -> bool:
    """Whether a name is the agency's, in full or short (区财政局), or that of an office of it."""
    if re.match(r"[我本]|该", said) or said in name or name in said:
        return True
    # A government's report is made by its office, also under the office's own name.
    place = re.sub(r"人民政府$", "", name)
    if name.endswith("人民政府") and re.search(r"办公[室厅]$|政务服务|数据局|政务公开", said):
        return place in said or not re.search(r"[省市县区旗州]", said) or said[:1] in "省市县区州旗"
    # 区城改办 for 西工区城市改造办公室: a short name keeps the letters and their order.
    letters = iter(name)
    return all(char in letters for char in said)


def _levels(flow: Flow, name: str, own: Organ) -> Iterator[Finding]:
    """Tasks of another level. The office of a government is the competent authority (art. 3) and may have them."""
    government = own.government or re.search(r"人民政府办公[室厅]$|政府办公[室厅]$", own.name) is not None
    if own.level is None:
        return
    for wording in _wordings():
        if own.level in wording.levels and (government or not wording.governments_only):
            continue
        if found := wording.words.search(flow.text):
            yield _finding(flow, name, found, wording.why)


def _laws(flow: Flow, name: str, own: Organ) -> Iterator[Finding]:
    """The rules of another province."""
    if not own.province:
        return
    for found in _LAW_OF.finditer(flow.text):
        if found[1] != own.province:
            problem = f"{found[0]}是{found[1]}的规定，本机关在{own.province}"
            yield _finding(flow, name, found, problem, found[0])
