"""The lists of the inspections, as data beside the code."""

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def load(name: str) -> Any:
    """The parsed content of `data/<name>.json`."""
    return json.loads(
        resources.files(__package__).joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    )
