"""Fixtures of the reports' tests."""

import pytest

from gongkai.channels import site


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases write no public pages: Word, PDF and pictures of each report are most of what a test would take."""
    monkeypatch.setattr(site, "follow", lambda _kind, _subject: None)
