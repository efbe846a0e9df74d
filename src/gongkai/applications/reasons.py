"""The table of sub-reasons of 其他: seeded from the rulebook, then the administrator's."""

from gongkai.applications.models import SubReason
from gongkai.applications.wording import SUB_REASON_TEXTS
from gongkai.rulebook.outcomes import DEFAULT_SUB_REASONS


def load() -> int:
    """Add the defaults that are not there; rows that somebody edited stay. How many were added."""
    added = 0
    for key, default in DEFAULT_SUB_REASONS.items():
        _row, made = SubReason.objects.get_or_create(
            key=key,
            defaults={
                "outcome": default.outcome,
                "label": default.label,
                "letter": default.letter,
                "remedy": default.remedy,
            }
            | SUB_REASON_TEXTS[key],
        )
        added += made
    return added
