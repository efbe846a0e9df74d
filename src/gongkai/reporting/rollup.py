"""The report of a government as the sum of its members' reports (C14, I5).

What a member gives: of the government itself what its records say; of an agency its published report, which is the
one that the supervising agency accepted where one collects, since accepting publishes at once; else the report taken
in from a file. Every sum is made from the very tables and digests that are frozen beside it, so a member that
publishes meanwhile never parts them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.journal import canon
from gongkai.reporting import figures, rollup_members
from gongkai.reporting.compiling import Compiled, Counted, Manual
from gongkai.reporting.figures import Figure, Number
from gongkai.reporting.models import AnnualReport
from gongkai.reporting.rollup_members import Member
from gongkai.reporting.rollup_models import MemberFile
from gongkai.review.models import Content
from gongkai.rulebook.report_form import ReportFormError, ReportTables

# A share or a score of a whole is not the sum of those of its parts.
NOT_ADDED = frozenset({"%", "分"})
_CHUNK = 200


class Source(StrEnum):
    """Where a member's figures are from."""

    RECORDS = "records"
    RELEASE = "release"
    FILE = "file"


@dataclass(frozen=True)
class Given:
    """What one member gives. tables: None while it gives nothing; `missing` then says why.

    digest: of the frozen content, of the file, or (the government's own records) of what was counted; figures: of
    the text, by key, only those that it states; report: the member's own, where it uses this system.
    """

    member: Member
    source: Source | None = None
    digest: str = ""
    at: datetime | None = None
    tables: ReportTables | None = None
    figures: Mapping[str, Number] = field(default_factory=dict)
    report: AnnualReport | None = None
    file: MemberFile | None = None
    missing: str = ""

    @property
    def name(self) -> str:
        return self.member.name

    def value(self, key: str) -> Number | None:
        """What the member gives for a figure of a table or of the text; None where it says nothing."""
        each = figures.figure(key)
        if each is not None and each.cell is not None:
            return self.tables.value(each.cell) if self.tables else None
        return self.figures.get(key)


@dataclass(frozen=True)
class Whole:
    """A government's report as summed: its members, the figures, and what cannot be summed.

    own: what the government's own records give. incomplete: figure of the text → the members that do not state it,
    or nobody where it is none that adds up.
    """

    given: tuple[Given, ...]
    own: Compiled
    compiled: Compiled
    incomplete: Mapping[str, tuple[str, ...]]

    @property
    def counted(self) -> tuple[Given, ...]:
        """What is given by those who count in."""
        return tuple(each for each in self.given if each.member.counted)

    @property
    def missing(self) -> tuple[Given, ...]:
        """Those who count in and give nothing yet."""
        return tuple(each for each in self.counted if each.tables is None)

    def to_json(self) -> dict[str, Any]:
        """What stands in the frozen content: every member with its tables, figures, source and digest."""
        return {
            "members": [
                {
                    "name": each.name,
                    "code": each.member.agency.code if each.member.agency else "",
                    "group": each.member.group,
                    "source": str(each.source),
                    "digest": each.digest,
                    "tables": each.tables.to_json(),
                    "figures": {key: format(Decimal(value), "f") for key, value in each.figures.items()},
                }
                for each in self.counted
                if each.tables is not None
            ],
            "left_out": [
                {"name": each.name, "reason": each.member.reason or each.member.ground_name}
                for each in self.given
                if not each.member.counted
            ],
            "incomplete": {key: list(names) for key, names in self.incomplete.items()},
        }


def gather(government: Agency, year: int, own: Compiled) -> tuple[Given, ...]:
    """What every member gives for the year; `own`: the government's own records. A fixed number of queries."""
    listed = rollup_members.members(government, year)
    agencies = [each.agency.pk for each in listed if each.agency and not each.own]
    reports = {
        row.agency_id: row
        for row in AnnualReport.objects.filter(agency__in=agencies, year=year).select_related(
            "agency", "live"
        )
    }
    files = {
        row.name: row
        for row in MemberFile.objects.filter(government=government, year=year).order_by("number")
    }
    contents = dict(_contents({row.live.digest for row in reports.values() if row.live}))
    return tuple(_given(each, own, reports, files, contents) for each in listed)


def _given(
    member: Member,
    own: Compiled,
    reports: Mapping[Any, AnnualReport],
    files: Mapping[str, MemberFile],
    contents: Mapping[str, "Read"],
) -> Given:
    if member.own:
        said = {
            key: each.value
            for key, each in own.counted.items()
            if each.value is not None and _of_text(figures.figure(key))
        }
        return Given(member, Source.RECORDS, own.digest, tables=own.tables, figures=said)
    report = reports.get(member.agency.pk) if member.agency else None
    if report is not None and report.live:
        digest, at = report.live.digest, report.live.released_at
        read = contents.get(digest)
        if read is None or read.tables is None:
            return Given(member, report=report, missing=read.fault if read else _gone())
        return Given(member, Source.RELEASE, digest, at, read.tables, read.figures, report)
    file = files.get(member.name)
    if file is not None:
        tables = ReportTables.from_json(file.tables)
        stated = {key: _number(value) for key, value in file.stated.items()}
        return Given(member, Source.FILE, file.file_id, file.at, tables, stated, report, file)
    if report is not None:
        return Given(
            member, report=report, missing=_("its report is not published, and none was taken in for it")
        )
    if member.agency is not None:
        return Given(member, missing=_("it has not begun its report, and none was taken in for it"))
    return Given(member, missing=_("no report was taken in for it"))


@dataclass(frozen=True)
class Read:
    """The figures of a frozen content, or why they cannot be used."""

    tables: ReportTables | None = None
    figures: Mapping[str, Number] = field(default_factory=dict)
    fault: str = ""


def _contents(digests: Iterable[str]) -> Iterator[tuple[str, Read]]:
    wanted = sorted(digests)
    for start in range(0, len(wanted), _CHUNK):
        for row in Content.objects.filter(pk__in=wanted[start : start + _CHUNK]):
            yield row.digest, read_content(row.digest, row.text)


def read_content(digest: str, text: str) -> Read:
    """Tables and figures of a frozen content; one that is no longer that of its digest gives nothing."""
    if canon.sm3(text.encode()) != digest:
        return Read(fault=_("its frozen report was changed in the database; tell the audit administrator"))
    content = json.loads(text)["content"]
    try:
        tables = ReportTables.from_json(content["tables"])
    except (KeyError, ReportFormError):
        return Read(fault=_("its frozen report holds no tables"))
    said = {
        key: _number(each["value"])
        for key, each in content["figures"].items()
        if each["value"] is not None and not key.startswith(TABLES)
    }
    return Read(tables, said)


TABLES = ("disclosure.", "applications.", "remedies.")


def _gone() -> str:
    return _("its frozen report was erased")


def _number(text: str) -> Number:
    return Decimal(text) if "." in text else int(text)


def _of_text(each: Figure | None) -> bool:
    return each is not None and each.cell is None


def add_up(
    government: Agency, year: int, own: Compiled, manual: Mapping[str, tuple[Number, Manual]] | None = None
) -> Whole:
    """The figures of the government's report: for each the sum over its members, or the approved one by hand.

    A cell that a member leaves blank is left out of the sum and found by C14. A figure of the text is summed only
    where every member states it; else it cannot be said. Raises Refused for an agency that is no government.
    """
    rollup_members.require_government(government)
    given = gather(government, year, own)
    counted = [each for each in given if each.member.counted]
    manual = manual or {}
    sums: dict[str, Counted] = {}
    incomplete: dict[str, tuple[str, ...]] = {}
    for each in figures.every():
        key, records = each.key, own.counted[each.key].records if each.key in own.counted else ()
        value = _sum(each, counted)
        if each.cell is None and value is None:
            incomplete[key] = _silent(each, counted)
        by_hand = None
        if key in manual:
            value, by_hand = manual[key]
            incomplete.pop(key, None)
        sums[key] = Counted(key, value, records, by_hand)
    return Whole(given, own, Compiled(own.period, sums), incomplete)


def _sum(each: Figure, counted: Iterable[Given]) -> Number | None:
    """The sum over the members; of the text None where one of them says nothing, or where sums mean nothing."""
    values = [one.tables.value(each.cell) if one.tables else None for one in counted] if each.cell else []
    if each.cell is not None:
        known = [value for value in values if value is not None]
        return sum(known, start=0) if known else None
    stated = [one.figures.get(each.key) for one in counted]
    if len(stated) == 1:
        return stated[0]
    if each.unit in NOT_ADDED:
        return None
    known = [value for value in stated if value is not None]
    return sum(known, start=0) if len(known) == len(stated) else None


def _silent(each: Figure, counted: Iterable[Given]) -> tuple[str, ...]:
    if each.unit in NOT_ADDED:
        return ()
    return tuple(one.name for one in counted if one.figures.get(each.key) is None)
