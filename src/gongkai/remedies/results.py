"""How a reconsideration or a lawsuit can end, and the column of table four it counts in (rulebook 5.7)."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

COLUMNS = ("upheld", "corrected", "other_result", "pending")
BEFORE = "before"
RECONSIDERATION, LITIGATION, APPEAL = "reconsideration", "litigation", "appeal"


@dataclass(frozen=True, slots=True)
class Result:
    """One finer result. column: of table four, or "before": that of the judgment appealed against.

    proceedings: in which it can come; redo: whether it may order the agency to answer anew; appeal: "judgment" or
    "ruling" where a first instance ending so can be appealed against; suit: whether the applicant can sue after a
    reconsideration that ended so.
    """

    code: str
    label: str
    column: str
    proceedings: tuple[str, ...]
    redo: bool
    appeal: str = ""
    suit: bool = False


@cache
def _lists() -> tuple[tuple[date, tuple[Result, ...]], ...]:
    text = resources.files(__package__).joinpath("data", "results.json").read_text(encoding="utf-8")
    lists = []
    for row in json.loads(text)["lists"]:
        results = tuple(
            Result(
                each["code"],
                each["label"],
                each["column"],
                tuple(each["for"]),
                each.get("redo", False),
                each.get("appeal", ""),
                each.get("suit", False),
            )
            for each in row["results"]
        )
        for result in results:
            if result.column not in (*COLUMNS, BEFORE):
                raise ValueError(f"data/results.json: {result.code} counts in no column of table four")
        lists.append((date.fromisoformat(row["since"]), results))
    return tuple(sorted(lists, key=lambda pair: pair[0]))


def results(proceeding: str, on: date) -> tuple[Result, ...]:
    """The results of a proceeding by the list that holds on that day; empty before the first list."""
    holding = [found for since, found in _lists() if since <= on]
    return tuple(r for r in holding[-1] if proceeding in r.proceedings) if holding else ()


def result(code: str, proceeding: str, on: date) -> Result | None:
    """The result of that code, or None where the list of that day does not have it."""
    return next((r for r in results(proceeding, on) if r.code == code), None)


def label(code: str) -> str:
    """The words of a result, by the newest list that has it; the code itself where none does."""
    for _since, found in reversed(_lists()):
        for each in found:
            if each.code == code:
                return each.label
    return code
