"""The picture edition (图解) of an annual report as values, and as one long PNG for 政务新媒体.

Bars begin at zero and bear their numbers. A share is printed only of what is not nothing. The picture has no words
of its own beyond fixed ones: it is made from frozen figures.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field
from typing import Any

import typst

from gongkai.paperwork.errors import LayoutFailed
from gongkai.paperwork.pdf import TEMPLATES, fonts
from gongkai.paperwork.text import breakable, chinese_date, labelled, prepared, title_lines

WIDTH = 1080
"""Pixels, the width of a long picture on a telephone."""

_POINTS = 540
_TITLE_CHARACTERS = 17


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A number that stands alone: 收到申请 12 件."""

    label: str = field(metadata=labelled("名称", limit=60))
    number: str = field(metadata=labelled("数", limit=30))
    unit: str = field(default="", metadata=labelled("单位", required=False, limit=10))


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar. share: of the chart's total, in per cent with one decimal; before: the same of last year."""

    label: str = field(metadata=labelled("名称", limit=120))
    value: int
    share: str = field(default="", metadata=labelled("占比", required=False, limit=10))
    before: int | None = None

    def __post_init__(self) -> None:
        if self.value < 0 or (self.before or 0) < 0:
            raise ValueError("a bar stands for a count, which is never below 0")


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One chart: its heading, the unit of its bars, and a sentence under its heading, which may be all there is.

    compared: each bar has a second one, of last year.
    """

    key: str
    title: str = field(metadata=labelled("图名", limit=60))
    note: str = field(metadata=labelled("说明", limit=300))
    unit: str = field(default="件", metadata=labelled("单位", limit=10))
    bars: tuple[Bar, ...] = field(default=(), metadata=labelled("图", required=False, unit="条"))
    compared: bool = False

    @property
    def most(self) -> int:
        """The longest bar; the others are drawn to its scale, from zero."""
        return max((value for bar in self.bars for value in (bar.value, bar.before or 0)), default=0)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture edition: title, year, facts at its head, charts, and what it is made from."""

    title: str = field(metadata=labelled("标题", limit=200))
    agency: str = field(metadata=labelled("机关", limit=100))
    year: int
    facts: tuple[Fact, ...] = field(metadata=labelled("数字"))
    charts: tuple[Chart, ...] = field(metadata=labelled("图"))
    source: str = field(metadata=labelled("来源", limit=300))
    date: datetime.date


def picture_png(picture: Picture) -> bytes:
    """The picture edition as one PNG, 1080 pixels wide and as long as it needs. Raises PaperworkError."""
    ready = prepared(picture, check_glyphs=True)
    data = {
        "title": title_lines(ready.title, _TITLE_CHARACTERS),
        "plain_title": ready.title,
        "facts": [{"label": breakable(f.label), "number": f.number, "unit": f.unit} for f in ready.facts],
        "charts": [_chart(chart, ready.year) for chart in ready.charts],
        "source": breakable(ready.source),
        "date": chinese_date(ready.date),
        "agency": breakable(ready.agency),
        "width": _POINTS,
    }
    try:
        result = typst.compile(
            str(TEMPLATES / "picture.typ"),
            root=str(TEMPLATES),
            font_paths=fonts(),
            format="png",
            ppi=72.0 * WIDTH / _POINTS,
            sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise LayoutFailed(error.message) from error
    return bytes(result)


def _chart(chart: Chart, year: int) -> dict[str, Any]:
    return {
        "title": breakable(chart.title),
        "note": breakable(chart.note),
        "unit": chart.unit,
        "compared": chart.compared,
        "years": [f"{year}年", f"{year - 1}年"],
        "bars": [
            {
                "label": breakable(bar.label),
                "value": str(bar.value),
                "length": bar.value / chart.most if chart.most else 0,
                "share": bar.share,
                "before": "" if bar.before is None else str(bar.before),
                "before_length": (bar.before or 0) / chart.most if chart.most else 0,
            }
            for bar in chart.bars
        ],
    }
