"""Write the table of contrasts in docs/design-system.md from the tokens of the style sheet (WCAG 2.1, 1.4.3 and 1.4.11).

python tools/contrast.py          write the table
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOKENS = ROOT / "src/gongkai/portal/static/portal/tokens.css"
DOCUMENT = ROOT / "docs/design-system.md"
BEGIN, END = "<!-- contrasts -->", "<!-- /contrasts -->"
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


def tokens(selectors: tuple[str, ...]) -> dict[str, str]:
    """The colours by name after these blocks of the style sheet, the later ones over the earlier."""
    sheet, found = TOKENS.read_text(), {}
    for selector in selectors:
        block = re.search(rf"(?m)^{re.escape(selector)} \{{(.*?)^\}}", sheet, re.DOTALL)
        assert block, f"{selector} is no block of {TOKENS.name}"
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block[1]))
    return found


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


def table() -> str:
    """Every pair in every mode, and the least that is asked."""
    lines = ["| On | Least | " + " | ".join(MODES) + " |", "|---|---|" + "---|" * len(MODES)]
    found = {mode: tokens(selectors) for mode, selectors in MODES.items()}
    for front, back, least in PAIRS:
        ratios = [f"{contrast(each[front], each[back]):.1f}" for each in found.values()]
        lines.append(f"| `{front}` on `{back}` | {least} | " + " | ".join(ratios) + " |")
    return "\n".join(lines)


def main() -> None:
    text = DOCUMENT.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}")


if __name__ == "__main__":
    main()
