"""Which releases are public now, for everything that follows them: index, site, feeds."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet

from gongkai.review.models import Release


def latest(kind: str) -> QuerySet[Release]:
    """The latest release of each subject of a kind, withdrawn or not, oldest first."""
    later = Release.objects.filter(
        subject_kind=OuterRef("subject_kind"), subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk")
    )
    rows = Release.objects.filter(~Exists(later), subject_kind=kind)
    return rows.select_related("agency", "revision", "withdrawal").order_by("pk")


def live(kind: str) -> Iterator[Release]:
    """The releases of a kind that are public now, oldest first."""
    return latest(kind).filter(withdrawal__isnull=True).iterator(chunk_size=500)
