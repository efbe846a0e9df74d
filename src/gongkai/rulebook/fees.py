"""The information processing fee (国办函〔2020〕109号): two ladders of which one application uses only one.

By items: all applications of one applicant in one calendar month, whatever the decision. By pages: the pages
(one side of A4 or smaller) given for one application, never accumulated. Each slice has its own price.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from gongkai.rulebook.datafiles import load
from gongkai.rulebook.norms import Validity, cite, norm

LARGEST_COUNT = 1_000_000


class FeeError(ValueError):
    """A fee that the measures do not know; the text is for users."""


class FeeLadder(Enum):
    BY_ITEMS = "by_items"
    BY_PAGES = "by_pages"

    @property
    def label(self) -> str:
        return {"by_items": "按件计收", "by_pages": "按量计收"}[self.value]


@dataclass(frozen=True, slots=True)
class FeeSlice:
    """The units `first` to `last` at `price` yuan each."""

    first: int
    last: int
    price: int

    @property
    def units(self) -> int:
        return self.last - self.first + 1

    @property
    def amount(self) -> int:
        return self.units * self.price


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee in whole yuan with the slices it is made of and its basis."""

    ladder: FeeLadder
    units: int
    slices: tuple[FeeSlice, ...]
    law: str

    @property
    def amount(self) -> int:
        return sum(each.amount for each in self.slices)


def fee(ladder: FeeLadder, units: int, on: date, already: int = 0) -> Fee:
    """The fee on the day `on` for `units` units that follow `already` earlier ones.

    By items, `already` are the applicant's earlier applications in the calendar month. By pages it is always 0.
    FeeError before the measures took effect or for a count outside 0–1,000,000.
    """
    if not VALIDITY.holds(on):
        raise FeeError(f"《{norm('fee_measures').title}》自 {VALIDITY.since} 起施行，{on} 不收取信息处理费。")
    if ladder is FeeLadder.BY_PAGES and already:
        raise FeeError("按量计收以单件申请计页，不与其他申请累计。")
    if units < 0 or already < 0 or units + already > LARGEST_COUNT:
        raise FeeError(f"计费数量应在0至{LARGEST_COUNT}之间，请核对。")
    slices = _slices(_DATA[ladder.value], already + 1, already + units)
    return Fee(ladder, units, slices, cite(*_DATA[ladder.value]["law"]))


def fee_by_items(units: int, on: date, already: int = 0) -> Fee:
    """`fee` by items: `units` applications after `already` earlier ones in the calendar month."""
    return fee(FeeLadder.BY_ITEMS, units, on, already)


def fee_by_pages(pages: int, on: date) -> Fee:
    """`fee` by pages, for one application."""
    return fee(FeeLadder.BY_PAGES, pages, on)


def _slices(ladder: Mapping[str, Any], first: int, last: int) -> tuple[FeeSlice, ...]:
    """The slices that the units `first` to `last` fall into."""
    found, start = [], 1
    for end, price in _steps(ladder, last):
        if max(start, first) <= min(end, last):
            found.append(FeeSlice(max(start, first), min(end, last), price))
        start = end + 1
    return tuple(found)


def _steps(ladder: Mapping[str, Any], last: int) -> list[tuple[int, int]]:
    """(upper end, price) of every slice of the ladder as far as `last`."""
    steps = [(each["upto"], each["price"]) for each in ladder["slices"]]
    above, end = ladder["above"], ladder["slices"][-1]["upto"]
    if above["step"] is None:
        return [*steps, (max(last, end), above["price"])]
    price = above["price"]
    while end < last:
        end += above["step"]
        steps.append((end, price))
        price += above["raise"]
    return steps


_DATA = load("fees")
VALIDITY = Validity.from_json(_DATA)
