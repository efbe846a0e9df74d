"""What an item says or said to the public lately: by it, lists are found that show the item, or showed it."""

from typing import Any
from uuid import UUID

from gongkai.disclosure.content import KIND
from gongkai.review.models import Release
from gongkai.review.submission import content_of


def lately(item: UUID) -> list[dict[str, Any]]:
    """The frozen contents of the last two releases, the newest first; what was erased is left out."""
    rows = Release.objects.filter(subject_kind=KIND, subject_id=item).order_by("-pk")[:2]
    return [content for row in rows if (content := content_of(row.digest)) is not None]
