"""Nine items released in 2021, each by three people."""

import json
from importlib.resources import files
from typing import Any

from gongkai.cli.demo_year.cast import Cast, morning
from gongkai.disclosure import items
from gongkai.disclosure.content import KIND

NOTE = "<p>（本件为演示内容。）</p>"


def released() -> list[dict[str, Any]]:
    """The nine items as written in data/items.json."""
    text = files("gongkai.cli.demo_year").joinpath("data/items.json").read_text("utf-8")
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def build(cast: Cast) -> None:
    """Draft, review and release each on its day."""
    for row in released():
        with morning(row["on"]):
            said = {key: value for key, value in row.items() if key != "on"}
            said |= {
                "attribute": "proactive",
                "source": cast.office.name,
                "how_obtained": "made",
                "body": row["body"] + NOTE,
            }
            item, _draft = items.begin(cast.actor("jingban"), cast.office, said)
            cast.review(cast.submit(KIND, item.pk))
