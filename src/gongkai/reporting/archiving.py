"""What the archive knows of an annual report: each release as PDF, Word and data, with its review sheet."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gongkai.files.archives.kinds import ArchiveKind, Happening, Paper, Subject
from gongkai.reporting import content as contents
from gongkai.reporting import publication
from gongkai.reporting.models import AnnualReport
from gongkai.review import archived
from gongkai.review.models import Release
from gongkai.review.submission import content_of
from gongkai.rulebook.report_form import TITLE

OUT = (AnnualReport.State.PUBLIC, AnnualReport.State.WITHDRAWN)


class ReportArchive(ArchiveKind):
    kind = contents.KIND
    label = gettext_lazy("annual report")
    years = 0

    def finished(self) -> QuerySet[Any]:
        year = Cast("year", CharField())
        rest = TITLE.split("{year}")[1]
        return AnnualReport.objects.filter(state__in=OUT, published_at__isnull=False).annotate(
            archive_reference=year,
            archive_title=Concat(F("agency__name"), year, Value(rest), output_field=CharField()),
            archive_ended=TruncDate("published_at"),
        )

    def subject(self, pk: UUID) -> Subject | None:
        report = AnnualReport.objects.select_related("agency").filter(pk=pk).first()
        if report is None:
            return None
        out = report.state in OUT and report.published_at is not None
        return Subject(
            id=report.pk,
            agency=report.agency,
            reference=str(report.year),
            title=str(report),
            ended_on=timezone.localtime(report.published_at).date() if out and report.published_at else None,
            url=reverse("reporting:report", args=[report.agency.code, report.year]),
            disclosure="主动公开" if report.live_id else "主动公开，后已撤下",
        )

    def papers(self, subject: Subject) -> list[Paper]:
        return [paper for row in archived.releases(self.kind, subject.id) for paper in _released(row)]

    def happenings(self, subject: Subject) -> list[Happening]:
        return archived.happenings(self.kind, subject.id)

    def hold_reason(self, pk: UUID) -> str:
        return archived.hold_reason(self.kind, pk)

    def remains(self, pk: UUID) -> str:
        return archived.remains(self.kind, pk)


def _released(release: Release) -> Iterator[Paper]:
    content = content_of(release.digest)
    if content is None:
        return
    title, day = str(content["title"]), timezone.localtime(release.released_at).date()
    note = f"第{release.revision.number}稿" + ("，已撤下" if hasattr(release, "withdrawal") else "")
    # The PDF is the fair copy; Word and data beside it say the same.
    forms = {"pdf": "正本", "docx": "可编辑版", "json": "数据"}
    made = {name.rpartition(".")[2]: data for name, data in publication.files(release, content)}
    for extension, form in forms.items():
        yield Paper(
            title, made[extension], extension, on=day, responsible=release.agency.name, form=form, note=note
        )
    yield archived.signed_draft(release)
