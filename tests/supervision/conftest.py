"""An office whose ledger has its kinds."""

from typing import Any

import pytest

from gongkai.supervision import kinds


@pytest.fixture
def ledger(office: Any) -> Any:
    kinds.load()
    return office
