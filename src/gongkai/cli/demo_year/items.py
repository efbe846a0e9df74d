"""Nine items released in 2021, each by three people; a project of renewal runs beside them."""

import json
from datetime import date
from importlib.resources import files
from typing import Any

from gongkai.cli.demo_year.cast import Cast, morning
from gongkai.disclosure import items, projects
from gongkai.disclosure.content import KIND
from gongkai.disclosure.models import Item

NOTE = "<p>（本件为演示内容。）</p>"


def released() -> list[dict[str, Any]]:
    """The nine items as written in data/items.json."""
    text = files("gongkai.cli.demo_year").joinpath("data/items.json").read_text("utf-8")
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def release(cast: Cast, row: dict[str, Any]) -> Item:
    """Draft an item on the day of the clock; three people release it."""
    said = {"attribute": "proactive", "source": cast.office.name, "how_obtained": "made"} | row
    item, _draft = items.begin(cast.actor("jingban"), cast.office, said | {"body": row["body"] + NOTE})
    cast.review(cast.submit(KIND, item.pk))
    item.refresh_from_db()
    return item


def build(cast: Cast) -> None:
    """Draft, review and release each on its day."""
    with morning("2021-04-12"):
        projects.begin(
            cast.actor("jingban"),
            cast.office,
            kind="shanty",
            name="演示片区三棚户区改造",
            place="演示一路以西、演示三路以北",
            begun_on=date(2021, 4, 12),
        )
    made: dict[str, Item] = {}
    for row in released():
        with morning(row["on"]):
            said = {key: value for key, value in row.items() if key != "on"}
            if about := said.get("more", {}).get("about"):
                said["more"] = {"about": str(made[about].pk)}
            made[row["title"]] = release(cast, said)
