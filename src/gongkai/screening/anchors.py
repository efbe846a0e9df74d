"""Where a closer look is worth it: the lines that hold a word without which a detector finds nothing.

One pass of an automaton marks them for all detectors. Their patterns, which may begin in many ways and
are slow for that, are then tried on a few lines instead of on the whole text.
"""

from enum import IntEnum
from functools import cache

from gongkai.screening.automaton import Automaton


class Anchor(IntEnum):
    """For which detectors a word is looked for."""

    LEVEL = 0
    INTERNAL = 1
    DRAFT = 2
    DOOR = 3
    NAME = 4


Windows = tuple[tuple[int, int], ...]

# Each form of a detector's pattern holds at least one of its words. A word that may be spaced out stands in
# both forms.
_WORDS = {
    Anchor.LEVEL: "密",
    Anchor.INTERNAL: (
        "内部|内 部|工作秘密|工作 秘|保存|保 存|不得|请勿|严禁|禁止|切勿|不准|勿|此件不|限领导|供领导|限本单|供本单|"
        "限单位|供单位|限机关|供机关|限系统|供系统|收回|销毁|即焚|退回|交回|内参|领导参阅|传阅|传 阅|仅供参考"
    ),
    Anchor.DRAFT: "稿|草案|草 案|求意见版|送审版|讨论版|draft|Draft|DRAFT",
    Anchor.DOOR: "单元|号楼|栋|幢|室|户",
    Anchor.NAME: (
        "姓名|姓 名|名字|名 字|户主|户 主|业主|业 主|房主|房 主|申请人|申 请 人|家庭成员|产权人|权利人|所有权人|被征收人|被拆迁人|"
        "被安置人|承租人|当事人|受助人|受益人|被处罚人|投诉人|举报人|信访人|来信人|患者|患 者|学生|学 生|考生|考 生|职工|职 工|"
        "残疾人|对象"
    ),
}
# A mark may run over lines, one character on each.
_BEFORE, _AFTER = 16, 60


@cache
def _automaton() -> tuple[Automaton, list[Anchor]]:
    pairs = [(word, anchor) for anchor, words in _WORDS.items() for word in words.split("|")]
    return Automaton([word for word, _ in pairs]), [anchor for _, anchor in pairs]


def windows(folded: str, raw: bytes) -> list[Windows]:
    """For each anchor, by its number: start and end of the whole lines around its words, ascending, apart."""
    automaton, anchors = _automaton()
    found: list[list[tuple[int, int]]] = [[] for _ in Anchor]
    for index, start, end in automaton.find(raw):
        ranges = found[anchors[index]]
        if ranges and end + _AFTER <= ranges[-1][1]:
            continue
        low = folded.rfind("\n", 0, max(start - _BEFORE, 0)) + 1
        high = folded.find("\n", end + _AFTER)
        high = len(folded) if high < 0 else high
        if ranges and low <= ranges[-1][1]:
            low = ranges.pop()[0]
        ranges.append((low, high))
    return [tuple(ranges) for ranges in found]
