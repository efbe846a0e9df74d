"""The proposed texts of a government's report, worded by what its members state.

In the files of `FILES` a clause between [[ and ]] has several wordings, parted by ||, the fullest first. A wording is
used where every figure that it binds is stated by all members; the last one binds none, or says nothing. So the
proposal never binds a figure that cannot be summed, and a draft can be brought to the same wordings later: only
clauses that stand in it word for word are changed, and never what a person wrote.
"""

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from gongkai.reporting import figures, narrative
from gongkai.reporting.rollup import Whole

# The part of a report → the file of its proposed text.
FILES = {"overview": "overview_government", "other": "other_government"}
_CHOICE = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)


def unsaid(whole: Whole) -> dict[str, tuple[str, ...]]:
    """Figure of the text → the members whose reports are there and do not state it; nobody where it is none that
    adds up. A member that is still missing may yet state it."""
    there = {each.name for each in whole.counted if each.tables is not None}
    found = {}
    for key, names in whole.incomplete.items():
        silent = tuple(name for name in names if name in there)
        if silent or not names:
            found[key] = silent
    return found


def proposed(whole: Whole) -> dict[str, str]:
    """The proposed texts, by part, as the members allow them."""
    out = unsaid(whole)
    return {
        part: _CHOICE.sub(lambda match: _fullest(match[1].split("||"), out), narrative.proposed(name))
        for part, name in FILES.items()
    }


def reworded(said: Mapping[str, Any], whole: Whole) -> dict[str, str]:
    """The parts of a draft in which a clause of the proposal binds what not every member states, with the clause
    worded otherwise; empty where there is none."""
    out = unsaid(whole)
    changed = {}
    for part, name in FILES.items():
        text = said[part]
        for wordings in _choices(name):
            for clause in wordings[:-1]:
                if clause in text and _binds(clause, out):
                    text = text.replace(clause, _fullest(wordings, out))
        if text != said[part]:
            changed[part] = text
    return changed


def silences(whole: Whole) -> list[dict[str, Any]]:
    """What the reports that are there do not state, for the pages: [{key, label, names}], by the order of figures."""
    out = unsaid(whole)
    return [
        {"key": each.key, "label": each.label, "names": out[each.key]}
        for each in figures.narrative()
        if out.get(each.key)
    ]


@cache
def _choices(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(words.split("||")) for words in _CHOICE.findall(narrative.proposed(name)))


def _fullest(wordings: Collection[str], out: Collection[str]) -> str:
    return next((words for words in wordings if not _binds(words, out)), "")


def _binds(words: str, out: Collection[str]) -> bool:
    return any(key in out for key in narrative.bound(words))
