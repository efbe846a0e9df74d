"""Measures that PDF and Word share."""

from __future__ import annotations

from typing import Final

TITLE_CHARACTERS: Final = 19  # 2号 (22 pt) characters on a line of 156 mm, one left free

# 发文机关标志: the width in mm it may take and its largest size in points.
MARK_LIMITS: Final = {"letter": (165.0, 40.0), "reply": (150.0, 54.0)}


def mark_size(mark: str, width: float, limit: float) -> float:
    """Size in points of a 发文机关标志: as large as `limit` allows, but within `width` mm; at least 22 pt."""
    return max(22.0, min(limit, width / 25.4 * 72 / max(len(mark), 1)))
