"""What was summed stays provable (I5): the members of a submitted report as rows, and whether they still hold.

The frozen content names every member with its tables and digest. The same stands in rows that the journal covers,
and `journal verify` compares the three: the rows, the content, and what each member's digest holds today.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.files import storage
from gongkai.journal import chain
from gongkai.journal.chain import Fault, Who
from gongkai.reporting import figures
from gongkai.reporting.compiling import tables_of
from gongkai.reporting.document import counted_of
from gongkai.reporting.models import AnnualReport, FrozenMember, MemberFile
from gongkai.reporting.rollup import Source, Whole, read_content
from gongkai.review.models import Content, Revision
from gongkai.review.submission import content_of
from gongkai.rulebook.record_checks import check_rollup
from gongkai.rulebook.report_form import Cell, ReportTables

KIND = "report"


def after_submission(payload: dict[str, Any]) -> None:
    """Keep what each member gave to a submitted report of a government; called once or again (outbox)."""
    revision = Revision.objects.select_related("submitted_by").get(pk=UUID(payload["revision"]))
    content = content_of(revision.digest) if revision.subject_kind == KIND else None
    if content is None or "rollup" not in content:
        return
    with transaction.atomic():
        report = AnnualReport.objects.select_for_update().get(pk=revision.subject_id)
        if FrozenMember.objects.filter(revision=revision).exists():
            return
        said = content["rollup"]["members"]
        agencies = {
            row.code: row
            for row in Agency.objects.filter(code__in=[one["code"] for one in said if one["code"]])
        }
        rows = FrozenMember.objects.bulk_create(
            FrozenMember(
                revision=revision,
                report=report,
                name=one["name"],
                agency=agencies.get(one["code"]),
                source=one["source"],
                digest=one["digest"],
                tables=one["tables"],
                figures=one["figures"],
            )
            for one in said
        )
        author = revision.submitted_by
        chain.record(
            "rollup.frozen",
            Who(str(author.pk), author.name),
            agency=report.agency_id,
            subject=(KIND, report.pk),
            covers=rows,
            digest=revision.digest,
        )


def members_of(content: Mapping[str, Any]) -> dict[str, ReportTables]:
    """Member → its tables, as frozen with a government's report; nothing for another report."""
    said = content.get("rollup", {}).get("members", [])
    return {one["name"]: ReportTables.from_json(one["tables"]) for one in said}


@dataclass(frozen=True)
class Change:
    """A member that gives something else now than it gave to the frozen report; cells: (cell, then, now)."""

    name: str
    words: str
    cells: tuple[tuple[Cell, Any, Any], ...] = ()


def changes(content: Mapping[str, Any], whole: Whole) -> list[Change]:
    """How the members of today differ from those of a frozen report."""
    before = {one["name"]: one for one in content.get("rollup", {}).get("members", [])}
    now = {each.name: each for each in whole.counted if each.tables is not None}
    found = []
    for name, one in before.items():
        each = now.pop(name, None)
        if each is None:
            found.append(Change(name, _("no longer counts in, or gives nothing any more")))
            continue
        if each.digest == one["digest"] and each.source == one["source"]:
            continue
        then, tables = ReportTables.from_json(one["tables"]), each.tables
        cells = tuple(
            (cell, then.value(cell), tables.value(cell))
            for cell in then.cells()
            if tables is not None and then.value(cell) != tables.value(cell)
        )
        if each.source == Source.RECORDS and not cells:
            continue  # Other records behind the same figures of the government's own.
        words = _("has corrected its report") if cells else _("has a new report with the same figures")
        found.append(Change(name, words, cells))
    found += [Change(name, _("was not summed then")) for name in now]
    return found


def overtaken(agencies: QuerySet[Agency] | list[Any]) -> QuerySet[AnnualReport]:
    """The public reports of these governments of which a member gives another report now, published or taken in from
    a file, or none any more."""
    public = AnnualReport.objects.filter(agency=OuterRef("agency"), year=OuterRef("report__year"))
    files = MemberFile.objects.filter(
        government=OuterRef("report__agency"), year=OuterRef("report__year"), name=OuterRef("name")
    ).order_by("-number")
    return AnnualReport.objects.filter(
        pk__in=FrozenMember.objects.filter(
            report__agency__in=agencies,
            revision=F("report__live__revision"),
            source__in=(Source.RELEASE, Source.FILE),
        )
        .annotate(
            now=Coalesce(
                Subquery(public.values("live__digest")[:1]),
                Subquery(files.values("file")[:1]),
                output_field=CharField(),
            )
        )
        .exclude(now__isnull=False, now=F("digest"))
        .values("report")
    ).select_related("agency")


def faults() -> Iterator[Fault]:
    """Sums that do not agree with what was summed; for `journal verify`."""
    revisions = Revision.objects.filter(members__isnull=False).distinct().order_by("pk")
    for revision in revisions.iterator(chunk_size=20):
        row = Content.objects.filter(pk=revision.digest).first()
        if row is None:
            continue  # Erased; the review says so.
        try:
            content = json.loads(row.text)["content"]
            yield from _of_report(revision, content)
        except (ValueError, KeyError, TypeError):
            yield _fault(revision, "内容已不可读")


def _of_report(revision: Revision, content: dict[str, Any]) -> Iterator[Fault]:
    said = {one["name"]: one for one in content["rollup"]["members"]}
    kept = {row.name: row for row in FrozenMember.objects.filter(revision=revision)}
    for name in sorted(set(said) | set(kept)):
        one, row = said.get(name), kept.get(name)
        if one is None or row is None or (row.digest, row.tables) != (one["digest"], one["tables"]):
            yield _fault(revision, f"所汇总的“{name}”与送审稿不符")
    yield from _of_sums(revision, content)
    files = {
        row.file_id: row
        for row in MemberFile.objects.filter(file__in=[one["digest"] for one in said.values()])
    }
    for name, one in said.items():
        if one["source"] == Source.RELEASE:
            text = Content.objects.filter(pk=one["digest"]).values_list("text", flat=True).first()
            read = read_content(one["digest"], text) if text is not None else None
            if read is not None and (read.tables is None or read.tables.to_json() != one["tables"]):
                yield _fault(revision, f"所汇总的“{name}”与其已发布的报告不符")
        elif one["source"] == Source.FILE:
            file = files.get(one["digest"])
            if file is None or file.tables != one["tables"]:
                yield _fault(revision, f"所汇总的“{name}”与录入的报告文件不符")
            else:
                yield from _of_file(revision, name, file)


def _of_sums(revision: Revision, content: dict[str, Any]) -> Iterator[Fault]:
    """C14 on the frozen tables; a figure set by hand stands openly for itself."""
    counted = counted_of(content)
    values = {key: each.value for key, each in counted.items()}
    if tables_of(values).to_json() != content["tables"]:
        yield _fault(revision, "各表与其数字不符")
    by_hand = {key for key, each in counted.items() if each.manual}
    total = ReportTables.from_json(content["tables"])
    for one in check_rollup(total, members_of(content)):
        if not any(
            (each := figures.figure(key)) is not None
            and each.cell is not None
            and (each.cell.table, each.cell.row, each.cell.column_label)
            == (one.where.table, one.where.row, one.where.column)
            for key in by_hand
        ):
            yield _fault(revision, one.message)


def _of_file(revision: Revision, name: str, file: MemberFile) -> Iterator[Fault]:
    try:
        storage.confirm(file.file_id)
    except storage.FileChanged:
        yield _fault(revision, f"“{name}”录入的报告文件缺失或被改动")


def _fault(revision: Revision, words: str) -> Fault:
    return Fault(
        None, f"review_revision:{revision.pk}", f"“{revision.title}”第{revision.number}稿：{words}。"
    )
