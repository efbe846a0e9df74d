"""The figures of all public reports, of every agency and year: what the site gives away as open data.

Only what three people released is in it: the tables of a live release, and the years before this system that
were taken over from files and stood in the content of a live release (`earlier`), marked as such. Nothing is
read from drafts, and nothing of a withdrawn release.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.html import format_html, format_html_join

from gongkai.agencies.models import Agency
from gongkai.reporting.models import AnnualReport, EarlierReport
from gongkai.reporting.public_models import PublicTables
from gongkai.review.models import Release, Withdrawal
from gongkai.review.submission import content_of
from gongkai.rulebook.report_form import TITLE, ReportTables
from gongkai.search import releases

KIND = "report"
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Published:
    """The figures of one agency and year that anybody may read.

    released: None for a year taken over from a file, whose name and digest stand in `source` and `digest`;
    else the time of the release, and its digest. subject: id of the report; of a year taken over, of the report
    with which it was released.
    """

    code: str
    agency: str
    year: int
    title: str
    tables: ReportTables
    digest: str
    released: datetime | None = None
    source: str = ""

    @property
    def taken_over(self) -> bool:
        """Whether a file is its source, not the records of this system."""
        return self.released is None


def live() -> QuerySet[PublicTables]:
    """The rows of the releases that are public now."""
    later = Release.objects.filter(
        subject_kind=KIND, subject_id=OuterRef("release__subject_id"), pk__gt=OuterRef("release_id")
    )
    rows = PublicTables.objects.filter(~Exists(later), release__withdrawal__isnull=True)
    return rows.select_related("release", "report__agency").order_by("report__agency__path", "-report__year")


def published(agency: Agency | None = None, year: int | None = None) -> list[Published]:
    """What is public, by agency and from the newest year back; of one agency or one year only where named.

    One query, whatever the number of reports. A year of our own stands before one taken over; of several that
    were taken over the one released last counts.
    """
    rows = live()
    if agency is not None:
        rows = rows.filter(report__agency=agency)
    found: dict[tuple[str, int], Published] = {}
    taken: dict[tuple[str, int], tuple[int, Published]] = {}
    for row in rows:
        own = _own(row)
        found[own.code, own.year] = own
        for said in row.earlier:
            one = _taken(row, said)
            key = (one.code, one.year)
            if key not in taken or taken[key][0] < row.release_id:
                taken[key] = (row.release_id, one)
    for key, (_release, one) in taken.items():
        found.setdefault(key, one)
    places = {row.report.agency.code: at for at, row in reversed(list(enumerate(rows)))}
    chosen = [one for one in found.values() if year is None or one.year == year]
    return sorted(chosen, key=lambda one: (places[one.code], -one.year))


def _own(row: PublicTables) -> Published:
    return Published(
        code=row.report.agency.code,
        agency=row.agency_name,
        year=row.report.year,
        title=row.title,
        tables=ReportTables.from_json(row.tables),
        digest=row.release.digest,
        released=row.release.released_at,
    )


def _taken(row: PublicTables, said: Mapping[str, Any]) -> Published:
    return Published(
        code=row.report.agency.code,
        agency=row.agency_name,
        year=said["year"],
        title=TITLE.format(agency=row.agency_name, year=said["year"]),
        tables=ReportTables.from_json(said["tables"]),
        digest=said["digest"],
        source=said["source"],
    )


def of_release(release: Release, content: Content) -> Published:
    """The figures of one release, from its content."""
    return Published(
        code=release.agency.code,
        agency=content["agency"],
        year=content["year"],
        title=content["title"],
        tables=ReportTables.from_json(content["tables"]),
        digest=release.digest,
        released=release.released_at,
    )


def updated() -> datetime | None:
    """When something was last released or withdrawn; None before the first report."""
    released = Release.objects.filter(subject_kind=KIND).order_by("-pk").first()
    withdrawn = Withdrawal.objects.filter(release__subject_kind=KIND).order_by("-pk").first()
    moments = [released.released_at if released else None, withdrawn.at if withdrawn else None]
    return max((moment for moment in moments if moment), default=None)


def earlier(report: AnnualReport) -> list[dict[str, Any]]:
    """The years before `report` taken over from files that this system has no report of, for its frozen content:
    so they become public with it, after the same three approvals. The latest file of a year counts."""
    rows = EarlierReport.objects.filter(agency=report.agency, year__lt=report.year)
    own = AnnualReport.objects.filter(agency=report.agency, live__isnull=False).values("year")
    latest = {row.year: row for row in rows.exclude(year__in=own).order_by("pk")}
    return [
        {"year": row.year, "source": row.source, "digest": row.digest, "tables": row.tables}
        for _year, row in sorted(latest.items())
    ]


def lines(content: Content) -> list[str]:
    """What a reviewer reads of the years taken over: one line a year."""
    return [
        f"随本报告公开{said['year']}年度数据，载入自文件“{said['source']}”（SM3 {said['digest'][:12]}…）"
        for said in content.get("earlier", ())
    ]


def note(content: Content) -> str:
    """The same as safe HTML for the preview of a report under review; empty where no year was taken over."""
    said = lines(content)
    if not said:
        return ""
    rows = format_html_join("", "<li>{}</li>", ((line,) for line in said))
    return format_html('<aside class="correction" role="note"><ul>{}</ul></aside>', rows)


# The cache


def _expected(content: Content) -> dict[str, Any]:
    return {
        "title": content["title"],
        "agency_name": content["agency"],
        "tables": content["tables"],
        "earlier": content.get("earlier", []),
    }


def keep(release: Release, content: Content) -> None:
    """Keep the tables of a release, in its transaction."""
    PublicTables.objects.update_or_create(
        report_id=release.subject_id, defaults={"release": release, **_expected(content)}
    )


def drop(release: Release) -> None:
    """Forget the tables of a withdrawn report."""
    PublicTables.objects.filter(report_id=release.subject_id).delete()


def differences(*, repair: bool = False) -> list[str]:
    """Rows that say something else than the frozen content, one sentence each; with `repair` they are set right."""
    found = []
    rows = {row.release_id: row for row in PublicTables.objects.all()}
    for release in releases.live(KIND):
        content = content_of(release.digest)
        if content is None:
            continue
        row, wanted = rows.pop(release.pk, None), _expected(content)
        if row is None or {name: getattr(row, name) for name in wanted} != wanted:
            found.append(f"“{content['title']}”的开放数据与已公布的内容不符；运行 gongkai check --repair。")
            if repair:
                keep(release, content)
    # A row that was just set right for a later release has that release's number now.
    for row in PublicTables.objects.filter(release__in=list(rows)):
        found.append(f"“{row.title}”不在公开之列，开放数据中却有它；运行 gongkai check --repair。")
        if repair:
            row.delete()
    return [] if repair else found
