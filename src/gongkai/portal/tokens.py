"""The tokens of the style sheet as data: colours in each mode, sizes, gaps, and what contrast stands on what.

Contrast after WCAG 2.1, 1.4.3 (words) and 1.4.11 (edges of controls). The living page of the design system and
tools/contrast.py, which writes the table of docs/design-system.md, read them from here.
"""

import re
from pathlib import Path

SHEET = Path(__file__).parent / "static" / "portal" / "tokens.css"
TEXT, SHAPE = 4.5, 3.0
# What stands on what, and how much contrast it needs: words, or the edge of a control.
PAIRS = (
    ("ink", "paper", TEXT), ("ink", "sheet", TEXT), ("grey", "paper", TEXT), ("grey", "sheet", TEXT),
    ("accent", "paper", TEXT), ("accent", "sheet", TEXT), ("late", "paper", TEXT), ("late", "late-tint", TEXT),
    ("soon", "paper", TEXT), ("soon", "soon-tint", TEXT), ("good", "paper", TEXT), ("good", "good-tint", TEXT),
    ("edge", "paper", SHAPE), ("edge", "sheet", SHAPE),
)  # fmt: skip
MODES = {
    "red": (":root",),
    "blue": (":root", '[data-accent="blue"]'),
    "green": (":root", '[data-accent="green"]'),
    "high contrast": (":root", '[data-contrast="high"]'),
}


def _blocks(selectors: tuple[str, ...]) -> dict[str, str]:
    sheet, found = SHEET.read_text("utf-8"), {}
    for selector in selectors:
        block = re.search(rf"(?m)^{re.escape(selector)} \{{(.*?)^\}}", sheet, re.DOTALL)
        if block is None:
            raise LookupError(f"{selector} is no block of {SHEET.name}")
        found |= dict(re.findall(r"--([a-z0-9-]+): ([^;]+);", block[1]))
    return found


def colours(selectors: tuple[str, ...]) -> dict[str, str]:
    """The colours by name after these blocks of the style sheet, the later ones over the earlier."""
    return {name: value for name, value in _blocks(selectors).items() if value.startswith("#")}


def lengths(prefix: str) -> dict[str, str]:
    """The tokens whose name begins so, as text- or gap-, by the rest of their name."""
    return {
        name.removeprefix(prefix): value
        for name, value in _blocks((":root",)).items()
        if name.startswith(prefix)
    }


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def contrasts() -> list[tuple[str, str, float, list[float]]]:
    """Every pair (front, back, the least that is asked) with its ratio in each of MODES."""
    found = [colours(selectors) for selectors in MODES.values()]
    return [
        (front, back, least, [contrast(each[front], each[back]) for each in found])
        for front, back, least in PAIRS
    ]
