"""Reading of the rulebook's data files, which an auditor can open beside the code."""

import json
from importlib import resources
from typing import Any


def load(name: str) -> Any:
    """Return the parsed content of `data/<name>.json`."""
    text = resources.files(__package__).joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)
