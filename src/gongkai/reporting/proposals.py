"""Paragraphs proposed from the year's records, each with the records that it is made from.

What may be proposed stands in texts/proposals.json. In its texts {{key}} is a bound figure, [key>…] stands only
where that figure is above 0, and {name} is a list of words from the records (see `_LISTS`). A paragraph is
proposed where any of its `needs` is above 0 or has words; it enters a text only where the writer inserts it.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gongkai.agencies.models import Agency
from gongkai.reporting import figures, narrative
from gongkai.reporting.compiling import Compiled
from gongkai.reporting.figures import Opened, Period
from gongkai.reporting.sources import columns, handling, ledger
from gongkai.reporting.sources.supervision import open_entry
from gongkai.supervision import attendance
from gongkai.supervision.models import Entry

FILE = narrative.TEXTS / "proposals.json"
SHOWN = 12
LONGEST_WORDS = 60

_ONLY = re.compile(r"\[([^\]>]+)>([^\]]*)\]")
_LIST = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
_BEFORE_STOP = re.compile(r"[、，]+(?=[。；，、]|$)")
_BARE_STOP = re.compile(r"(?:^|(?<=。))[。；]")


@dataclass(frozen=True)
class Proposal:
    """One paragraph for a part: its text with bound figures, under which heading, and the records behind it.

    keys: the figures that it binds, each opens to its records. records: those whose words it uses.
    """

    key: str
    part: str
    under: str
    title: str
    text: str
    keys: tuple[str, ...]
    records: tuple[Opened, ...] = ()

    def stands_in(self, text: str) -> bool:
        """Whether the paragraph was inserted already and stands as it was."""
        return self.text in text


@dataclass(frozen=True)
class Words:
    """A list of words in a paragraph and the records that they are from."""

    text: str
    records: tuple[Opened, ...] = ()


@cache
def _file() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
    return found


def proposals(agency: Agency, compiled: Compiled) -> list[Proposal]:
    """What the records of the year propose, in the order of the parts; nothing is written by asking."""
    made: list[Proposal] = []
    for row in _file():
        lists: dict[str, Words] = {}
        if not _wanted(row, agency, compiled, lists):
            continue
        if "each" in row:
            made += _each(row, agency, compiled.period)
        else:
            made.append(_one(row, agency, compiled, lists))
    return made


def _wanted(row: Mapping[str, Any], agency: Agency, compiled: Compiled, lists: dict[str, Words]) -> bool:
    needs = row["needs"]
    return not needs or any(
        bool(_words(name, agency, compiled, lists).text) if name in _LISTS else bool(compiled.value(name))
        for name in needs
    )


def _one(row: Mapping[str, Any], agency: Agency, compiled: Compiled, lists: dict[str, Words]) -> Proposal:
    def only(match: re.Match[str]) -> str:
        return match[2] if compiled.value(match[1]) else ""

    # Where a figure is counted from a day before the year, the year's parts do not add up to it.
    since = "text_since" in row and any(need in compiled.starts for need in row["needs"])
    text = _ONLY.sub(only, row["text_since" if since else "text"])
    text = _LIST.sub(lambda match: _words(match[1], agency, compiled, lists).text, text)
    text = _BARE_STOP.sub("", _BEFORE_STOP.sub("", text))
    used = tuple(record for words in lists.values() for record in words.records)
    keys = tuple(dict.fromkeys(narrative.bound(text)))
    return Proposal(row["key"], row["part"], row["under"], row["title"], text, keys, used[:SHOWN])


def _each(row: Mapping[str, Any], agency: Agency, period: Period) -> list[Proposal]:
    """One paragraph for each problem found in the year, in the words of the ledger."""
    return [
        Proposal(
            f"{row['key']}.{entry.pk}",
            row["part"],
            row["under"],
            row["title"],
            _sentence(entry.fields.get("problem") or entry.subject),
            (),
            (open_entry(entry),),
        )
        for entry in ledger.entries("findings_found", agency, period).order_by("occurred_on", "number")[
            :SHOWN
        ]
    ]


def _sentence(text: str) -> str:
    words = " ".join(narrative.BRACE.sub("", text).split())
    return words if words.endswith(("。", "！", "？")) else f"{words}。"


def _short(text: str) -> str:
    """Words of a record as they may stand in a paragraph: one line, without braces, not too long."""
    words = " ".join(narrative.BRACE.sub("", text).split()).rstrip("。；，")
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}…"


def _words(name: str, agency: Agency, compiled: Compiled, lists: dict[str, Words]) -> Words:
    if name not in lists:
        lists[name] = _LISTS[name](agency, compiled)
    return lists[name]


def _by_column(agency: Agency, compiled: Compiled) -> Words:
    pieces = [
        f"“{name}”{{{{{columns.PREFIX}{code}}}}}项"
        for code, name in columns.names().items()
        if compiled.value(f"{columns.PREFIX}{code}")
    ]
    return Words("、".join(pieces))


def _topics(agency: Agency, compiled: Compiled) -> Words:
    """The three topics that most letters and calls were about; never what one of them says."""
    found = sorted(
        (
            (compiled.value(each.key) or 0, each)
            for each in figures.every()
            if each.key.startswith(handling.TOPIC)
        ),
        key=lambda pair: -pair[0],
    )
    named = handling.topics()
    pieces = [
        f"{named[each.key.removeprefix(handling.TOPIC)]}（{{{{{each.key}}}}}件）"
        for value, each in found[:3]
        if value
    ]
    return Words("、".join(pieces))


def _of_entries(rows: Iterable[Entry], said: Callable[[Entry], str]) -> Words:
    rows = list(rows)[:SHOWN]
    words = dict.fromkeys(filter(None, (_short(said(entry)) for entry in rows)))
    return Words("、".join(words), tuple(open_entry(entry) for entry in rows))


def _rules(agency: Agency, compiled: Compiled) -> Words:
    rows = ledger.entries("rules_made", agency, compiled.period).order_by("occurred_on", "number")
    return _of_entries(rows, lambda entry: entry.subject if "《" in entry.subject else f"《{entry.subject}》")


def _trainings(agency: Agency, compiled: Compiled) -> Words:
    period = compiled.period
    rows = attendance.held(Entry.objects.filter(agency=agency), period.first, period.last)
    return _of_entries(rows.order_by("occurred_on", "number"), lambda entry: entry.subject)


def _evaluations(agency: Agency, compiled: Compiled) -> Words:
    rows = ledger.entries("evaluations", agency, compiled.period).select_related("kind")

    def method(entry: Entry) -> str:
        choices = dict(entry.kind.definition.field("method").choices)
        return str(choices.get(entry.fields.get("method"), ""))

    return _of_entries(rows.order_by("occurred_on", "number"), method)


_LISTS: dict[str, Callable[[Agency, Compiled], Words]] = {
    "columns": _by_column,
    "topics": _topics,
    "rules": _rules,
    "trainings": _trainings,
    "evaluations": _evaluations,
}


def inserted(text: str, proposal: Proposal) -> str:
    """The text of a part with a proposed paragraph at the end of its section; a section that is missing is begun.

    Nothing that stands in the text is changed or taken out.
    """
    lines = text.rstrip().splitlines()
    if not proposal.under:
        return "\n".join([*lines, proposal.text])
    wanted = _bare(proposal.under)
    place = next((number for number, line in enumerate(lines) if _bare(line) == wanted), None)
    if place is None:
        return "\n".join([*lines, proposal.under, proposal.text])
    after = next(
        (number for number in range(place + 1, len(lines)) if _HEADING.match(lines[number])), len(lines)
    )
    return "\n".join([*lines[:after], proposal.text, *lines[after:]])


_HEADING = re.compile(r"^\s*[（(][一二三四五六七八九十]{1,2}[）)].{0,24}$")


def _bare(line: str) -> str:
    return re.sub(r"[\s（）()]", "", line)
