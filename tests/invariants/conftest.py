"""Fixtures of the attacks."""

from typing import Any

import pytest

from tests.invariants import houses


@pytest.fixture
def house(office: Any) -> tuple[Any, dict[str, Any]]:
    """The office with one of everything, and the keys of these things by name; see houses.py."""
    return houses.build(office)
