"""What the archive takes over of any released subject: its releases, what the review did, what holds it."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.files.archives.kinds import Happening, Paper
from gongkai.review import sheet
from gongkai.review.models import STEPS, Approval, Content, Release, Revision
from gongkai.review.submission import live_release


def releases(kind: str, pk: UUID) -> list[Release]:
    """Every release of a subject, oldest first."""
    rows = Release.objects.filter(subject_kind=kind, subject_id=pk)
    return list(rows.select_related("revision", "agency", "withdrawal").order_by("pk"))


def signed_draft(release: Release, *, number: str = "") -> Paper:
    """The review sheet of a released revision: who confirmed, re-checked and approved it, with its digest."""
    return Paper(
        f"{release.revision.title[:200]}审查表",
        sheet.pdf(release.revision, made_on=release.released_at),
        "pdf",
        number,
        timezone.localtime(release.released_at).date(),
        release.agency.name,
        form="定稿",
    )


def happenings(kind: str, pk: UUID) -> list[Happening]:
    """Submissions, steps, releases and withdrawals of a subject, oldest first."""
    return [found for _at, found in sorted(_happened(kind, pk), key=lambda pair: pair[0])]


def _happened(kind: str, pk: UUID) -> Iterator[tuple[datetime, Happening]]:
    def at(moment: datetime, what: str, who: str = "", words: str = "") -> tuple[datetime, Happening]:
        return moment, Happening(timezone.localtime(moment).date(), what, who, words)

    rows = Revision.objects.filter(subject_kind=kind, subject_id=pk).select_related("submitted_by")
    for revision in rows.order_by("number"):
        draft = f"第{revision.number}稿"
        yield at(revision.submitted_at, f"送审（{draft}）", revision.submitted_by.name)
        for row in revision.approvals.select_related("person"):
            decision = "退回" if row.decision == Approval.RETURNED else str(STEPS[row.step])
            yield at(row.at, f"{decision}（{draft}）", row.person.name, row.opinion)
    for release in releases(kind, pk):
        yield at(release.released_at, f"发布（第{release.revision.number}稿）")
        if hasattr(release, "withdrawal"):
            gone = release.withdrawal
            yield at(gone.at, "撤下", gone.person.name, str(gone.get_reason_display()))


def hold_reason(kind: str, pk: UUID) -> str:
    """What is public is not destroyed."""
    return _("It is public: withdraw it first.") if live_release(kind, pk) is not None else ""


def remains(kind: str, pk: UUID) -> str:
    """The text of a released subject goes by an erasure of its own, of two people; here only the rest."""
    digests = Revision.objects.filter(subject_kind=kind, subject_id=pk).values("digest")
    if Content.objects.filter(pk__in=digests).exists():
        return _(
            "Its text is erased first: the confidentiality reviewer asks, the security administrator erases."
        )
    return ""
