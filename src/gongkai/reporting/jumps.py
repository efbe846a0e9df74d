"""What moved much since last year's report (inspection.previous), and the sentence that the writer gives for each.

The draft keeps `jumps` ({cell key: sentence}) and `jumps_in_text`, whether they are printed in part six; frozen are the
sentences of the jumps that stand, and `jumps_text`, what is printed. Nobody is held up by a jump without a sentence: it
warns (条例第五十条 asks for the figures, not for their reasons).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.policy import Refused
from gongkai.reporting import figures
from gongkai.reporting.figures import cell_key
from gongkai.reporting.inspection.previous import Difference, differences, jumps
from gongkai.rulebook.report_form import Cell, ReportTables
from gongkai.rulebook.report_rules import Finding

LONGEST = 300
HEADING = "与上一年度相比变化较大的数据："
MEND = f"请在第六部分下的“{HEADING.rstrip('：')}”中写明原因"
SORTS = ("now", "then", "change", "share")
ANCHOR = "comparison"


def named(key: str) -> Cell | None:
    """The cell of a table with this key; None where there is none."""
    each = figures.figure(key)
    return each.cell if each else None


def check(said: Mapping[str, Any]) -> None:
    """Refused unless `jumps` and `jumps_in_text` are as a draft keeps them."""
    rows = said["jumps"]
    fit = isinstance(rows, dict) and all(
        isinstance(text, str) and len(text) <= LONGEST and named(key) is not None
        for key, text in rows.items()
    )
    if not fit or not isinstance(said["jumps_in_text"], bool):
        raise Refused(
            _(
                "What is said of a change is a sentence of at most %(n)d characters for a figure of the tables."
            )
            % {"n": LONGEST}
        )


def explained(tables: ReportTables, before: ReportTables | None, said: Mapping[str, str]) -> dict[str, str]:
    """The sentences on jumps that stand, by cell key in printed order; one on a figure that is none now is left out."""
    found = {}
    for one in jumps(tables, before) if before else ():
        if text := said.get(cell_key(one.cell), "").strip():
            found[cell_key(one.cell)] = text
    return found


def unexplained(
    tables: ReportTables, before: ReportTables | None, said: Mapping[str, str]
) -> Iterator[Finding]:
    """A warning for each jump without a sentence (PREVIOUS)."""
    for one in jumps(tables, before) if before else ():
        if not said.get(cell_key(one.cell), "").strip():
            yield one.finding(MEND)


def printed(tables: ReportTables, before: ReportTables | None, said: Mapping[str, str]) -> str:
    """The paragraph for part six: each explained jump with both figures, this year's bound; empty without any."""
    if before is None:
        return ""
    words = explained(tables, before, said)
    rows = [one for one in jumps(tables, before) if cell_key(one.cell) in words]
    lines = []
    for number, one in enumerate(rows, start=1):
        key = cell_key(one.cell)
        word = "增加" if one.change > 0 else "减少"
        sentence = " ".join(words[key].split())
        sentence += "" if sentence.endswith(("。", "！", "？")) else "。"
        lines.append(f"{number}.{one.cell}由上一年度的{one.then}{word}到{{{{{key}}}}}：{sentence}")
    return "\n".join([HEADING, *lines]) if lines else ""


def both(one: Difference) -> str:
    """Both figures of a difference, for who writes its sentence."""
    share = _("last year there was nothing") if one.share is None else f"{one.share:+.0%}"
    return _("last year %(then)s, this year %(now)s (%(change)s; %(share)s)") % {
        "then": one.then,
        "now": one.now,
        "change": f"{one.change:+}",
        "share": share,
    }


# What reviewers read


def _of(content: Mapping[str, Any]) -> list[tuple[Difference, str]]:
    """The jumps of a frozen content with their sentences; of one frozen before there were any, none."""
    if "jumps" not in content or not content.get("previous"):
        return []
    tables, before = ReportTables.from_json(content["tables"]), ReportTables.from_json(content["previous"])
    return [(one, content["jumps"].get(cell_key(one.cell), "")) for one in jumps(tables, before)]


def lines(content: Mapping[str, Any]) -> list[str]:
    """The jumps of a frozen content, one a line, with what the writer says of each."""
    return [f"{one.said}：{text or _('not explained')}" for one, text in _of(content)]


def note(content: Mapping[str, Any]) -> str:
    """The same as safe HTML for the page of a review; empty without any."""
    rows = [{"words": one.said, "text": text} for one, text in _of(content)]
    if not rows:
        return ""
    return render_to_string(
        "reporting/partials/jumps.html", {"rows": rows, "in_text": bool(content.get("jumps_text"))}
    )


# The table of differences

_NOTHING = gettext_lazy("nothing last year")


def table(
    tables: ReportTables,
    before: ReportTables,
    said: Mapping[str, str],
    *,
    sort: str,
    page: str,
    where: list[Any],
) -> dict[str, Any]:
    """Every figure that differs, for workbench/partials/table.html, each opening to its page.

    said: sentences by cell key. sort: one of SORTS, with “-” from the largest down; else in printed order. page,
    where: the name and the arguments of the address of a figure, whose key comes last.
    """
    rows = differences(tables, before)
    name = sort.removeprefix("-")
    if name in SORTS:
        rows.sort(key=lambda one: _size(one, name), reverse=sort.startswith("-"))
    large = {one.cell for one in jumps(tables, before)}
    heads = [("", _("figure"), "main"), ("then", _("last year"), "number"), ("now", _("this year"), "number")]
    heads += [
        ("change", _("change"), "number"),
        ("share", _("change in per cent"), "number"),
        ("", _("explanation"), ""),
    ]
    return {
        "caption": _("Figures that differ from last year's report"),
        "columns": [
            {"sort": sort, "label": label, "kind": kind, "anchor": ANCHOR} for sort, label, kind in heads
        ],
        "rows": [_row(one, said, large, reverse(page, args=[*where, cell_key(one.cell)])) for one in rows],
    }


def _size(one: Difference, name: str) -> Any:
    """How large a difference is in one respect: changes by their amount, whichever way; from nothing before all."""
    if name == "share":
        return (one.share is None, abs(one.share or one.change))
    value = getattr(one, name)
    return abs(value)


def _row(one: Difference, said: Mapping[str, str], large: set[Cell], url: str) -> dict[str, Any]:
    text: Any = said.get(cell_key(one.cell), "").strip()
    if not text and one.cell in large:
        text = {"light": {"state": "soon", "words": _("large, not explained")}}
    return {
        "cells": [
            {"text": str(one.cell), "url": url},
            str(one.then),
            str(one.now),
            f"{one.change:+}",
            _NOTHING if one.share is None else f"{one.share:+.0%}",
            text,
        ]
    }
