"""Erased content in the index: a deleted entry stays in its files until they are merged, so the index is made anew.

An erasure leaves a mark at once; the sweeper makes the index anew beside the old one, while searches go on.
"""

from pathlib import Path
from typing import Any

from gongkai.search import follow, index


def _mark() -> Path:
    return index.folder().parent / "erased"


def on_erased(payload: dict[str, Any]) -> None:
    """Handler of review.erased."""
    mark = _mark()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def sweep() -> bool:
    """Make the index anew where something was erased since it was made; whether it was. Raises index.IndexBusy."""
    mark = _mark()
    try:
        before = mark.stat().st_mtime_ns
    except FileNotFoundError:
        return False
    follow.rebuild()
    # What was erased meanwhile may still be in it.
    if mark.stat().st_mtime_ns == before:
        mark.unlink()
    return True
