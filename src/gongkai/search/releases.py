"""Which releases are public now, for everything that follows them: index, site, feeds."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from gongkai.review.models import Release, Withdrawal


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


def reached() -> tuple[int | None, int | None]:
    """The numbers of the newest release and the newest withdrawal: while they stand, nothing was released or withdrawn.

    Asked many times with each release, so without a query that is built anew each time.
    """
    newest_of = "(SELECT MAX(id) FROM {})".format
    tables = (Release._meta.db_table, Withdrawal._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(newest_of, tables))}")
        release, withdrawal = cursor.fetchone()
    return release, withdrawal
