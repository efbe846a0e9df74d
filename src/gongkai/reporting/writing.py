"""The editor of a report: what each part needs, what stands beside it, and what a press of a button inserts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gongkai.agencies.policy import Refused
from gongkai.reporting import content as contents
from gongkai.reporting import document, figures, narrative, proposals, style
from gongkai.reporting.content import Standing
from gongkai.reporting.figures import Figure
from gongkai.reporting.proposals import Proposal
from gongkai.reporting.style import Remark
from gongkai.reporting.titles import title_of
from gongkai.review.screening_rules import rules_for
from gongkai.rulebook.report_form import PARTS
from gongkai.rulebook.report_rules import Finding
from gongkai.screening import Rules

# Text of a report → the part of the form that it stands in; the opening stands before part one.
WRITTEN: Mapping[str, int] = {"opening": 0, "overview": 1, "problems": 5, "other": 6}
OPENING = gettext_lazy("Before part one")
INSERT = "insert"


@dataclass(frozen=True)
class Desk:
    """A report as its writer sees it. `now`: as it is saved; the page is a view of that."""

    now: Standing

    @cached_property
    def known(self) -> dict[str, Figure]:
        return figures.by_key()

    @cached_property
    def proposals(self) -> list[Proposal]:
        return proposals.proposals(self.now.report.agency, self.now.compiled)

    @cached_property
    def _rules(self) -> Rules:
        return rules_for(self.now.report.agency)

    @cached_property
    def address(self) -> str:
        """The address of a figure's page, with {key} in the place of its key."""
        row = self.now.report
        url = reverse("reporting:figure", args=[row.agency.code, row.year, "key"])
        return url.replace("/key/", "/{key}/")

    def parts(self) -> list[dict[str, Any]]:
        """The parts in their order: those that people write with what stands beside them, the tables with what the
        checks find: [{number, id, heading, table, name, remarks, findings, left, state, words, preview, url}]."""
        row = self.now.report
        page = reverse("reporting:report", args=[row.agency.code, row.year])
        names = {number: name for name, number in WRITTEN.items()}
        found = [self._written("opening", OPENING)]
        for part in PARTS:
            if part.table:
                told = self._findings(part.table)
                left = sum(one["severity"] == "blocking" for one in told)
                found.append(
                    {
                        "id": f"part-{part.number}",
                        "heading": part.numbered_heading,
                        "table": True,
                        "findings": told,
                        "url": f"{page}#tables",
                        **_state(left),
                    }
                )
            else:
                found.append(self._written(names[part.number], part.numbered_heading))
        return found

    def _written(self, name: str, heading: str | Promise) -> dict[str, Any]:
        now = self.now
        remarks = self._remarks(name)
        left = sum(one.severity == "blocking" for one in remarks)
        if name != "opening" and not now.said[name].strip():
            left += 1
        return {
            "id": f"part-{WRITTEN[name]}",
            "name": name,
            "heading": heading,
            "table": False,
            "remarks": remarks,
            "empty": not now.said[name].strip(),
            "preview": narrative.chips(
                document.whole(now.said, name), now.compiled.counted, now.words, self.address
            ),
            **_state(left),
        }

    def _remarks(self, name: str) -> list[Remark]:
        now = self.now
        return style.remarks(
            now.said[name],
            now.compiled.counted,
            now.words,
            self.known,
            self._rules,
            [one for one in now.findings if one.where.table == name and one.rule != "SLIP"],
        )

    def _findings(self, where: str) -> list[dict[str, Any]]:
        return [_shown(one) for one in self.now.findings if one.where.table == where]

    def elsewhere(self) -> list[dict[str, Any]]:
        """Findings of the checks that belong to no single part."""
        places = {*WRITTEN, *(part.table for part in PARTS if part.table)}
        return [_shown(one) for one in self.now.findings if one.where.table not in places]

    def proposed(self) -> dict[str, list[dict[str, Any]]]:
        """Part → the paragraphs proposed for it, those that stand in it already last."""
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in WRITTEN}
        for one in self.proposals:
            found[one.part].append(
                {
                    "key": one.key,
                    "title": one.title,
                    "under": one.under,
                    "there": one.stands_in(self.now.said[one.part]),
                    "preview": narrative.chips(
                        one.text, self.now.compiled.counted, self.now.words, self.address
                    ),
                    "figures": list(self._behind(one.keys)),
                    "records": one.records,
                }
            )
        for rows in found.values():
            rows.sort(key=lambda row: row["there"])
        return found

    def _behind(self, keys: Sequence[str]) -> Iterator[dict[str, Any]]:
        for key in keys:
            if key in self.known:
                yield {
                    "label": self.known[key].label,
                    "value": narrative.spoken(key, self.now.compiled.counted, self.now.words),
                    "unit": self.known[key].unit,
                    "url": self.address.replace("{key}", key),
                }

    def bindable(self) -> list[dict[str, Any]]:
        """The figures that a text may bind, with their values today: those of the text first."""
        rows = [each for each in self.known.values() if style.bindable(each)]
        rows.sort(key=lambda each: not each.narrative)
        return [
            {
                "key": each.key,
                "written": f"{{{{{each.key}}}}}",
                "label": each.label,
                "source": each.source,
                "unit": each.unit,
                "value": narrative.spoken(each.key, self.now.compiled.counted, self.now.words),
                "url": self.address.replace("{key}", each.key),
            }
            for each in rows
        ]


def _state(left: int) -> dict[str, Any]:
    words = ngettext("%(n)d thing to settle", "%(n)d things to settle", left) % {"n": left}
    return {"left": left, "state": "todo" if left else "done", "words": words if left else _("complete")}


def _shown(finding: Finding) -> dict[str, Any]:
    return {
        "severity": "blocking" if finding.severity == "error" else "warning",
        "title": title_of(finding.rule),
        "advice": finding.message,
    }


def with_proposal(now: Standing, key: str) -> tuple[dict[str, Any], str]:
    """The draft content with a proposed paragraph at the end of its section, and the id of the part on the page.

    Refused for a paragraph that the records do not propose.
    """
    found = {one.key: one for one in proposals.proposals(now.report.agency, now.compiled)}.get(key)
    if found is None:
        raise Refused(_("The records no longer propose this paragraph; reload the page."))
    said = {name: now.said[name] for name in contents.EMPTY}
    if not found.stands_in(said[found.part]):
        said[found.part] = proposals.inserted(said[found.part], found)
    return said, f"part-{WRITTEN[found.part]}"
