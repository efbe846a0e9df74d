"""The charts of a picture edition as SVG: measures only, the words and colours are the template's.

One bar under another with its label above it, so that a telephone shows them as large as a sheet does. Bars begin
at zero and share one scale within a chart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gongkai.paperwork.picture import Bar, Chart

WIDTH = 360
LONGEST = 220
LINE, BAR, BAR_BEFORE, GAP = 20, 14, 10, 14
CHARACTERS = 23


@dataclass(frozen=True)
class Line:
    """A line of a label and its base line."""

    text: str
    y: int


@dataclass(frozen=True)
class Drawn:
    """One rectangle with the words behind it; width 0 is drawn as the base line alone."""

    y: int
    width: int
    height: int
    said: str
    x: int
    base: int
    before: bool = False


def drawing(chart: Chart, year: int) -> dict[str, Any]:
    """What the template draws: {width, height, lines, bars, title, note, rows, compared, years, unit, key, alt}."""
    lines: list[Line] = []
    bars: list[Drawn] = []
    y = 0
    for bar in chart.bars:
        for piece in _pieces(bar.label):
            y += LINE
            lines.append(Line(piece, y - 6))
        for drawn in _bars(bar, chart, year, y):
            bars.append(drawn)
            y = drawn.y + drawn.height + 4
        y += GAP
    return {
        "key": chart.key,
        "title": chart.title,
        "note": chart.note,
        "unit": chart.unit,
        "compared": chart.compared,
        "years": (f"{year}年", f"{year - 1}年"),
        "rows": chart.bars,
        "width": WIDTH,
        "height": max(y - GAP, 1),
        "lines": lines,
        "bars": bars,
        "alt": _alt(chart, year),
        "shares": any(bar.share for bar in chart.bars),
    }


def _pieces(label: str) -> Iterator[str]:
    """A label in lines that fit: nothing is cut off."""
    for start in range(0, len(label), CHARACTERS):
        yield label[start : start + CHARACTERS]


def _bars(bar: Bar, chart: Chart, year: int, y: int) -> Iterator[Drawn]:
    pairs = [(bar.value, BAR, False)]
    if chart.compared:
        pairs.append((bar.before or 0, BAR_BEFORE, True))
    for value, height, before in pairs:
        width = round(LONGEST * value / chart.most) if chart.most else 0
        # What is above zero is seen, however small beside the longest.
        width = max(width, 1) if value else 0
        said = f"{value}{chart.unit}"
        if bar.share and not before:
            said += f"（{bar.share}）"
        if chart.compared:
            said += f" {year - 1 if before else year}年"
        yield Drawn(y, width, height, said, width + 6, y + height - 2, before)
        y += height + 4


def _alt(chart: Chart, year: int) -> str:
    """The chart in words, for those who do not see it."""
    if chart.compared:
        said = (
            f"{bar.label}{year}年{bar.value}{chart.unit}、{year - 1}年{bar.before}{chart.unit}"
            for bar in chart.bars
        )
    else:
        said = (
            f"{bar.label}{bar.value}{chart.unit}" + (f"，占{bar.share}" if bar.share else "")
            for bar in chart.bars
        )
    return f"{chart.note}{'；'.join(said)}。"
