"""The words of a letter: templates by kind (data/letters.json), filled with its elements.

An element counts as present where the template prints it and its text is not empty, or where the layout
prints it (title, number, organ, date, seal, contact, addressee). So the check of a letter reads what will stand
on the paper, not what somebody ticked.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from gongkai.rulebook.letters import LETTER_KINDS, Element, missing_elements
from gongkai.rulebook.outcomes import DEFAULT_SUB_REASONS, OUTCOMES

# Printed by the layout of every letter.
LAYOUT = frozenset({"title", "number", "applicant", "organ", "date", "seal", "contact"})
# Written by the system, not by the handler.
COMPUTED = ("received_on", "channel", "registration_number", "request_excerpt", "remedy")
_NAMES = re.compile(r"\{([a-z_]+)\}")


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
        found = [name for text in self.paragraphs for name in _NAMES.findall(text)]
        return tuple(dict.fromkeys(name for name in found if name != "you"))

    @property
    def written(self) -> tuple[Element, ...]:
        """The elements that the handler writes, with their names for people."""
        required = {each.key: each for each in LETTER_KINDS[self.kind].required()}
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


def validate() -> None:
    """Raise ValueError unless every template prints all that its kind must contain, and every outcome and
    sub-reason has a template and its words."""
    for template in TEMPLATES.values():
        if template.series not in SERIES:
            raise ValueError(f"letter {template.kind} has no number series")
        printed = LAYOUT | set(template.elements)
        if lacking := [e.key for e in LETTER_KINDS[template.kind].required() if e.key not in printed]:
            raise ValueError(f"the template of letter {template.kind} does not print {lacking}")
    needed = {each.letter for each in OUTCOMES.values()} | {r.letter for r in DEFAULT_SUB_REASONS.values()}
    if missing := needed - set(TEMPLATES):
        raise ValueError(f"no template for the letters {sorted(missing)}")
    if set(CONCLUSIONS) != set(OUTCOMES) or set(SUB_REASON_TEXTS) != set(DEFAULT_SUB_REASONS):
        raise ValueError("data/letters.json does not word every outcome and sub-reason")


def compose(kind: int, elements: Mapping[str, str], *, you: str) -> list[str]:
    """The paragraphs of the body: empty elements leave their paragraph out where nothing else is in it."""
    words = {"you": you} | {name: text.strip() for name, text in elements.items()}
    # An element's text may itself speak to the applicant.
    words = {name: text.replace("{you}", you) for name, text in words.items()}
    paragraphs: list[str] = []
    for text in TEMPLATES[kind].paragraphs:
        names = [name for name in _NAMES.findall(text) if name != "you"]
        if names and not any(words.get(name) for name in names):
            continue
        filled = _NAMES.sub(lambda match: words.get(match[1], ""), text)
        paragraphs += [_ended(line) for line in filled.splitlines() if line.strip()]
    return paragraphs


def _ended(line: str) -> str:
    line = re.sub(r"([。！？；])。$", r"\1", line.strip())
    return line if line[-1] in "。！？；：”）" else f"{line}。"


def missing(kind: int, elements: Mapping[str, str], *, remedy: bool) -> tuple[Element, ...]:
    """The required elements that the letter would not show."""
    printed = set(TEMPLATES[kind].elements)
    present = LAYOUT | {name for name, text in elements.items() if name in printed and text.strip()}
    return missing_elements(kind, present, remedy=remedy)


validate()
