"""The words of a letter: templates by kind (data/letters.json), filled with its elements.

An element counts as present where a paragraph prints it and its text is not empty, or where the paper itself
holds it (title, number, organ, date, seal, contact, addressee). So the check of a letter reads what will stand
on the paper, not what somebody ticked. Paragraphs are those of the standard, or an agency's own (wordings.py).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from gongkai.paperwork.document import OfficialDocument
from gongkai.rulebook.amendments import AMENDMENTS
from gongkai.rulebook.letters import LETTER_KINDS, Element, missing_elements
from gongkai.rulebook.outcomes import DEFAULT_SUB_REASONS, OUTCOMES

# Printed by the layout of every letter.
LAYOUT = frozenset({"title", "number", "applicant", "organ", "date", "seal", "contact"})
# Written by the system, not by the handler.
COMPUTED = ("received_on", "channel", "registration_number", "request_excerpt", "remedy")
# How the letter speaks to whom it goes to: 您 or 贵单位.
YOU = "you"
_NAMES = re.compile(r"\{([a-z_]+)\}")
# A term within which to apply or to sue: the notice of remedies, which only the rulebook words.
_REMEDY = re.compile(r"(?:日|月)内[^。；]{0,60}(?:行政复议|行政诉讼|起诉)")
# Words by which a letter says that something comes with it; the information itself may have 附件 of its own.
_ENCLOSED = re.compile(r"见附件|见所附|在所附|附后|随[函文信]附")


@dataclass(frozen=True)
class Template:
    """The body of one kind of letter. series: its number series; recipient: applicant, third_party, co_maker or
    agency; texts: what an element begins with."""

    kind: int
    series: str
    recipient: str
    paragraphs: tuple[str, ...]
    texts: Mapping[str, str]

    @property
    def title(self) -> str:
        return LETTER_KINDS[self.kind].title

    @property
    def elements(self) -> tuple[str, ...]:
        """The elements that the body prints, in order."""
        return printed(self.paragraphs)

    @property
    def allowed(self) -> tuple[str, ...]:
        """The names that a paragraph of this kind may hold in braces."""
        required = (each.key for each in LETTER_KINDS[self.kind].possible if each.key not in LAYOUT)
        known = (*self.elements, *required, *(name for name in COMPUTED if name != "remedy"))
        return tuple(dict.fromkeys((*known, YOU)))

    @property
    def written(self) -> tuple[Element, ...]:
        """The elements that the handler writes, with their names for people."""
        required = {each.key: each for each in LETTER_KINDS[self.kind].possible}
        return tuple(required[name] for name in self.elements if name in required and name not in COMPUTED)


_DATA = json.loads(resources.files(__package__).joinpath("data", "letters.json").read_text(encoding="utf-8"))
TEMPLATES: Mapping[int, Template] = MappingProxyType(
    {
        row["kind"]: Template(
            row["kind"], row["series"], row["recipient"], tuple(row["paragraphs"]), row["texts"]
        )
        for row in _DATA["letters"]
    }
)
SERIES: Mapping[str, str] = MappingProxyType(_DATA["series"])
CONCLUSIONS: Mapping[str, str] = MappingProxyType(_DATA["conclusions"])
SUB_REASON_TEXTS: Mapping[str, Mapping[str, str]] = MappingProxyType(_DATA["sub_reasons"])
# Of requests to amend a record (art. 41): conclusions by result, and what letters of other kinds begin with.
AMENDMENT_CONCLUSIONS: Mapping[str, str] = MappingProxyType(_DATA["amendments"]["conclusions"])
_AMENDMENT_TEXTS: Mapping[str, Mapping[str, str]] = MappingProxyType(_DATA["amendments"]["texts"])
_APPLICATION, _AMENDMENT = "政府信息公开申请", "更正申请"


def printed(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """The elements that these paragraphs print, in order."""
    found = [name for text in paragraphs for name in _NAMES.findall(text)]
    return tuple(dict.fromkeys(name for name in found if name != YOU))


def unprinted(kind: int, paragraphs: Sequence[str]) -> tuple[Element, ...]:
    """The elements that a letter of that kind must contain and that these paragraphs have no place for (I4)."""
    there = LAYOUT | set(printed(paragraphs))
    return tuple(each for each in LETTER_KINDS[kind].possible if each.key not in there)


def validate() -> None:
    """Raise ValueError unless every template prints all that its kind must contain, and every outcome and
    sub-reason has a template and its words."""
    for template in TEMPLATES.values():
        if template.series not in SERIES:
            raise ValueError(f"letter {template.kind} has no number series")
        if lacking := [each.key for each in unprinted(template.kind, template.paragraphs)]:
            raise ValueError(f"the template of letter {template.kind} does not print {lacking}")
    needed = {each.letter for each in OUTCOMES.values()} | {r.letter for r in DEFAULT_SUB_REASONS.values()}
    if missing := needed - set(TEMPLATES):
        raise ValueError(f"no template for the letters {sorted(missing)}")
    if set(CONCLUSIONS) != set(OUTCOMES) or set(SUB_REASON_TEXTS) != set(DEFAULT_SUB_REASONS):
        raise ValueError("data/letters.json does not word every outcome and sub-reason")
    if set(AMENDMENT_CONCLUSIONS) != set(AMENDMENTS) or {a.letter for a in AMENDMENTS.values()} - set(
        TEMPLATES
    ):
        raise ValueError("data/letters.json does not word every result of an amendment")


def amendment_paragraphs(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """The paragraphs of a letter about a request to amend a record, which is no application for information."""
    return tuple(text.replace(_APPLICATION, _AMENDMENT) for text in paragraphs)


def amendment_texts(kind: int) -> Mapping[str, str]:
    """What elements of that kind begin with, where the letter is about a request to amend a record."""
    return _AMENDMENT_TEXTS.get(str(kind), {})


def compose(paragraphs: Sequence[str], elements: Mapping[str, str], *, you: str) -> list[str]:
    """The paragraphs of the body: empty elements leave their paragraph out where nothing else is in it."""
    # An element's text may itself speak to the applicant, but what the applicant wrote stays as it is.
    words = {
        name: text.strip() if name in COMPUTED else spoken(text.strip(), you)
        for name, text in elements.items()
    } | {YOU: you}
    lines: list[str] = []
    for text in paragraphs:
        names = [name for name in _NAMES.findall(text) if name != YOU]
        if names and not any(words.get(name) for name in names):
            continue
        filled = _NAMES.sub(lambda match: words.get(match[1], ""), text)
        lines += [_ended(line) for line in filled.splitlines() if line.strip()]
    return lines


def spoken(text: str, you: str) -> str:
    """The text of an element as it speaks to whom the letter goes to."""
    return text.replace(f"{{{YOU}}}", you)


def _ended(line: str) -> str:
    line = re.sub(r"([。！？；])。$", r"\1", line.strip())
    return line if line[-1] in "。！？；：”）" else f"{line}。"


def on_paper(paper: OfficialDocument) -> frozenset[str]:
    """The elements that stand on the paper outside its body."""
    there = {
        "title": paper.title,
        "number": paper.number,
        "applicant": paper.addressee,
        "organ": paper.signatory,
        "date": paper.date,
        "seal": paper.sealed,
        "contact": paper.contact.person and paper.contact.phone,
        "attachments": paper.attachments,
    }
    return frozenset(name for name, value in there.items() if value)


def missing(
    kind: int,
    paragraphs: Sequence[str],
    elements: Mapping[str, str],
    *,
    remedy: bool,
    layout: frozenset[str] = LAYOUT,
    outcome: str = "",
) -> tuple[Element, ...]:
    """The required elements that the letter would not show. layout: what its paper holds (see on_paper)."""
    there = set(printed(paragraphs))
    present = layout | {name for name, text in elements.items() if name in there and text.strip()}
    return missing_elements(kind, present, remedy=remedy, outcome=outcome)


def words_remedies(text: str) -> bool:
    """Whether a text states terms of remedies itself: they follow the law of the day of service (rulebook 5.4)."""
    return _REMEDY.search(text) is not None


def speaks_of_enclosures(paragraphs: Sequence[str], elements: Mapping[str, str]) -> bool:
    """Whether a letter says that something comes with it; what the applicant wrote is not its word."""
    own = (text for name, text in elements.items() if name not in COMPUTED and name in printed(paragraphs))
    return any(_ENCLOSED.search(text) for text in (*paragraphs, *own))


validate()
