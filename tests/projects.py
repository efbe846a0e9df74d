"""Projects by stages as the tests write them."""

from datetime import date
from typing import Any

from gongkai.disclosure import projects


def begun(office: Any, name: str = "健康路片区房屋征收", place: str = "健康路") -> Any:
    """A compensation project that begins on 1 February 2021."""
    return projects.begin(
        office.actor("handler"),
        office.agency,
        kind="expropriation",
        name=name,
        place=place,
        begun_on=date(2021, 2, 1),
    )


def posted(office: Any, project: Any, point: str, on: date, **said: Any) -> Any:
    """What was posted for a point, on the site unless it is said otherwise."""
    where = {"where": "site", "until": None, "by": "征收科", "note": "健康路1号院公示栏"}
    return projects.post(office.actor("handler"), project, point=point, on=on, **where | said)


def recorded(office: Any, project: Any, *points: str) -> None:
    """Steps of art. 12 that are on record before a decision."""
    for point in points or ("risk", "funds"):
        posted(office, project, point, project.begun_on, where="file", note="见卷宗")
