"""Measures that PDF and Word share."""

from __future__ import annotations

from typing import Final

from gongkai.paperwork.text import title_lines

TITLE_CHARACTERS: Final = 19  # 2号 (22 pt) characters on a line of 156 mm, one left free
SIGNATORY_CHARACTERS: Final = 22  # 3号 characters of a 署名 on one line, so that it stands over its date

# 发文机关标志: the width in mm it may take and its largest size in points.
MARK_LIMITS: Final = {"letter": (165.0, 40.0), "reply": (150.0, 54.0)}


def mark_size(mark: str, width: float, limit: float) -> float:
    """Size in points of a 发文机关标志: as large as `limit` allows, but within `width` mm; at least 22 pt."""
    return max(22.0, min(limit, width / 25.4 * 72 / max(len(mark), 1)))


def mark_lines(mark: str, width: float, limit: float) -> list[str]:
    """A 发文机关标志 as lines of `mark_size`; one that is too long for a line breaks between words."""
    points = mark_size(mark, width, limit)
    return title_lines(mark, max(1, int(width / 25.4 * 72 / points + 1e-6)))
