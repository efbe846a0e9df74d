"""SLIP: what is written wrongly, by the list of slips of reports and by that of the screening.

`gongkai.screening` knows slips of documents in general (截止/截至, numbers of documents, dates that do not exist); the
list here (data/slips.json) those of annual reports: names of laws, article numbers, 余 behind exact figures.
Punctuation is not looked at where a file was read: reading folds its width.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from gongkai.reporting.inspection.lists import load
from gongkai.reporting.inspection.narrative import NAMES, Narrative
from gongkai.rulebook.report_rules import RULES, Finding, Side, Where
from gongkai.screening.finding import Layer
from gongkai.screening.hits import Page
from gongkai.screening.lexicon import builtin_lexicon
from gongkai.screening.notation import notation
from gongkai.screening.passage import Passage, Place, fold
from gongkai.screening.wording import wording

_MOST = 3
"""So many places of one slip are told one by one."""

_HEAD = re.compile(
    r"\s*(?:\d{1,2}[.．、]|[(（][一二三四五六七八九十]{1,2}[)）])\s*[^:：;；。,，]{2,40}([:：;；])"
)


@dataclass(frozen=True, slots=True)
class Slip:
    """One wrong form: what it is (a pattern), what is right, and why; `since`: the first report year it is wrong in."""

    wrong: re.Pattern[str]
    right: str
    why: str
    since: int


@cache
def slip_list() -> tuple[Slip, ...]:
    """The slips of annual reports."""
    rows = load("slips")["slips"]
    return tuple(
        Slip(re.compile(row["wrong"]), row["right"], row["why"], row.get("since", 0)) for row in rows
    )


def slips(narrative: Narrative, *, general: bool = True) -> Iterator[Finding]:
    """Every slip with its place; of one kind the first few, the last with the number of all (`general`: marks)."""
    found = [
        (name, flow.text[mark.start : mark.end], mark.why, mark.right, flow.line(mark.start))
        for name, flow in narrative.flow.items()
        for mark in marks(flow.text, narrative.year or 0, general=general)
    ]
    found += _heads(narrative)
    counts = Counter(why for _, _, why, _, _ in found)
    told: Counter[str] = Counter()
    rule = RULES["SLIP"]
    for name, words, why, right, line in found:
        told[why] += 1
        if told[why] > _MOST:
            continue
        more = f"，全文共{counts[why]}处" if told[why] == _MOST and counts[why] > _MOST else ""
        cure = f"请改为{right}" if right else rule.mend
        message = f"{NAMES[name]}“{words}”：{why}{more}；{cure}。"
        yield Finding("SLIP", rule.severity, message, Where(name), sides=(Side(f"“{words}”", lines=(line,)),))


@dataclass(frozen=True, slots=True)
class Mark:
    """One slip in a text: its stretch, why it is one, and what is right, if the list says it."""

    start: int
    end: int
    why: str
    right: str


def marks(text: str, year: int, *, general: bool = True) -> list[Mark]:
    """The slips of a text in the order of their places; what two lists know is told once.

    `general`: with those that `gongkai.screening` finds too; without for a text that is screened anyway. Offsets
    are those of the text as it is given.
    """
    if not text:
        return []
    folded = fold(text)
    found: list[Mark] = []
    for slip in slip_list():
        if year >= slip.since:
            right = _quoted(slip.right)
            found += [Mark(*one.span(), slip.why, right) for one in slip.wrong.finditer(folded)]
    if general:
        page = Page.of(Passage(text, [Place(0, Layer.TEXT, "")]))
        for hit in (*notation(page), *wording(page, builtin_lexicon())):
            found.append(Mark(hit.start, hit.end, hit.why, ""))
    told: list[Mark] = []
    for mark in sorted(found, key=lambda one: (one.start, -one.end)):
        if not told or mark.start >= told[-1].end:
            told.append(mark)
    return told


def _quoted(right: str) -> str:
    return right if re.search(r"[，（、《]|不加|只用|删去|用百", right) else f"“{right}”"


def _heads(narrative: Narrative) -> Iterator[tuple[str, str, str, str, int]]:
    """Numbered heads of which one ends otherwise than the others (S123: 6．…情况； among heads with ：)."""
    for name in narrative.parts:
        heads = [(line, found) for line in narrative.parts[name] if (found := _HEAD.match(line.text))]
        marks = Counter(found[1].replace("：", ":").replace("；", ";") for _, found in heads)
        if marks[":"] < 2 or not marks[";"] or marks[";"] >= marks[":"]:
            continue
        for line, found in heads:
            if found[1] in ";；":
                yield (
                    name,
                    found[0].strip(),
                    "同级标题后的标点不一致，其他标题用冒号",
                    "冒号",
                    line.number,
                )
