"""What is to be looked at in a part while it is written: what is missing, typed figures, slips, marks of screening.

Pure on texts: each remark names its stretch of the typed text. What keeps the report from being submitted is
`blocking` here as it is there (content.problems); everything else only tells.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from gongkai.reporting import narrative
from gongkai.reporting.compiling import Counted
from gongkai.reporting.figures import Figure
from gongkai.reporting.inspection.wording import marks
from gongkai.reporting.narrative import Filled, Words
from gongkai.reporting.titles import title_of
from gongkai.rulebook.report_rules import Finding
from gongkai.screening import DEFAULT_RULES, KIND_LABELS, Rules, Severity, screen_text

SHOWN = 40
NOWHERE = -1
"""The place of a remark on the whole part."""
CONTEXT = 12

# A number with the word it counts in; not a day, an article, a document number or a rank.
_TYPED = re.compile(
    r"(?<![\d.〔\[第年月号])(\d[\d,，]*(?:\.\d+)?)\s*"
    r"(件次|件|项|人次|次|人|起|万元|元|个|条|篇|学时|分|%|％)(?![钟之])"
)
_SAME_UNIT = {"％": "%", "件次": "件", "篇": "项"}


@dataclass(frozen=True)
class Remark:
    """One remark: its severity as findings.html knows it, a title, what to do, and the stretch of the typed text.

    before, passage, behind: the words around it as they will be printed. keys: figures that could be bound there.
    """

    severity: str
    title: str
    advice: str
    start: int
    end: int
    before: str = ""
    passage: str = ""
    behind: str = ""
    keys: tuple[str, ...] = ()


def remarks(
    text: str,
    counted: Mapping[str, Counted],
    words: Words,
    known: Mapping[str, Figure],
    rules: Rules = DEFAULT_RULES,
    told: Sequence[Finding] = (),
) -> list[Remark]:
    """Every remark on one typed part, blocking ones first, then by their place.

    known: the figures by key (`figures.by_key`). rules: those of the agency for screening. told: what the checks
    of the whole report find in this part; slips are looked for here, where their place is known.
    """
    filled = narrative.traced(text, counted, words)
    found = [*_unwritten(text), *_unbound(text, counted, words)]
    found += _typed(filled, counted, known)
    found += _screened(filled, rules)
    found += _slips(filled, words.year)
    found += [_of_check(filled, one) for one in told]
    order = {"blocking": 0, "warning": 1, "note": 2}
    found.sort(key=lambda one: (order[one.severity], one.start))
    return found[:SHOWN]


def _unwritten(text: str) -> Iterator[Remark]:
    for match in narrative.UNWRITTEN.finditer(text):
        yield _on_typed(
            text, match.span(), "blocking", _("Still to be written"), _("Write what the brackets ask for.")
        )


def _unbound(text: str, counted: Mapping[str, Counted], words: Words) -> Iterator[Remark]:
    for match in narrative.BOUND.finditer(text):
        if narrative.spoken(match[1], counted, words) is not None:
            continue
        advice = (
            _("It cannot be said from this year's records; take it out of the text.")
            if match[1] in counted
            else _("No figure of this report has this key; choose one from the list.")
        )
        yield _on_typed(text, match.span(), "blocking", _("Bound figure without a value"), advice)
    bare = narrative.BOUND.sub(lambda match: " " * len(match[0]), text)
    for match in narrative.BRACE.finditer(bare):
        advice = _("A bound figure has two braces before and two behind its key.")
        yield _on_typed(text, match.span(), "blocking", _("Brace that binds nothing"), advice)


def _on_typed(text: str, span: tuple[int, int], severity: str, title: str, advice: str) -> Remark:
    start, end = span
    return Remark(
        severity,
        title,
        advice,
        start,
        end,
        text[max(start - CONTEXT, 0) : start].rpartition("\n")[2],
        text[start:end],
        text[end : end + CONTEXT].partition("\n")[0],
    )


def _typed(filled: Filled, counted: Mapping[str, Counted], known: Mapping[str, Figure]) -> Iterator[Remark]:
    """Numbers typed by hand: they stand still while the records change."""
    by_value = _by_value(counted, known)
    for match in _TYPED.finditer(filled.text):
        if filled.bound_at(*match.span(1)):
            continue
        try:
            value = Decimal(re.sub("[,，]", "", match[1]))
        except InvalidOperation:
            continue
        unit = _SAME_UNIT.get(match[2], match[2])
        keys = by_value.get((value, unit), ())
        if keys:
            names = "、".join(f"“{known[key].label}”" for key in keys[:3])
            advice = _(
                "It equals %(figures)s today. Bind the figure, so that it follows the records and the tables."
            ) % {"figures": names}
        else:
            advice = _("No figure of the records has this value; make sure of its source.")
        yield _on_filled(
            filled,
            match.span(),
            "warning" if keys else "note",
            _("Number typed by hand"),
            advice,
            keys[:3],
        )


def _by_value(
    counted: Mapping[str, Counted], known: Mapping[str, Figure]
) -> dict[tuple[Decimal, str], tuple[str, ...]]:
    """Value and unit → the keys of the figures that have them; a 0 says too little to be meant as a figure."""
    found: dict[tuple[Decimal, str], tuple[str, ...]] = {}
    for key, each in counted.items():
        figure = known.get(key)
        if not each.value or figure is None or not bindable(figure):
            continue
        place = (Decimal(each.value), figure.unit or "件")
        found[place] = (*found.get(place, ()), key)
    return found


def bindable(figure: Figure) -> bool:
    """Whether a text may want this figure: those of the text, table two, and the totals of the other tables."""
    cell = figure.cell
    return cell is None or cell.table == "disclosure" or cell.column == "total"


def _screened(filled: Filled, rules: Rules) -> Iterator[Remark]:
    """What screening will say of the text at its submission: personal data, marks, wording, punctuation."""
    for finding in screen_text(filled.text, location="", rules=rules):
        if finding.start is None or finding.end is None:
            continue
        severity = "blocking" if finding.severity is Severity.BLOCK else "warning"
        title = KIND_LABELS[finding.kind]
        yield _on_filled(filled, (finding.start, finding.end), severity, title, finding.why, ())


def _slips(filled: Filled, year: int) -> Iterator[Remark]:
    """Slips of annual reports; those of documents in general are screened for."""
    for mark in marks(filled.text, year, general=False):
        advice = mark.why
        if mark.right:
            advice = _("%(why)s; write %(right)s.") % {"why": mark.why, "right": mark.right}
        yield _on_filled(filled, (mark.start, mark.end), "warning", _("Slip"), advice, ())


def _of_check(filled: Filled, finding: Finding) -> Remark:
    """A finding of the checks, at the words that it quotes where they stand in this part."""
    severity = "blocking" if finding.severity == "error" else "warning"
    title = title_of(finding.rule)
    for side in finding.sides:
        quoted = side.words.strip("“”…")
        if quoted and side.words.startswith("“") and (start := filled.text.find(quoted)) >= 0:
            span = (start, start + len(quoted))
            return _on_filled(filled, span, severity, title, finding.message, ())
    return Remark(severity, title, finding.message, NOWHERE, NOWHERE)


def _on_filled(
    filled: Filled, span: tuple[int, int], severity: str, title: str, advice: str, keys: tuple[str, ...]
) -> Remark:
    start, end = span
    text = filled.text
    return Remark(
        severity,
        title,
        advice,
        *filled.typed(start, end),
        text[max(start - CONTEXT, 0) : start].rpartition("\n")[2],
        text[start:end],
        text[end : end + CONTEXT].partition("\n")[0],
        keys,
    )
