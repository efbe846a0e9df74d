"""Write the table of contrasts in docs/design-system.md from the tokens of the style sheet (WCAG 2.1, 1.4.3 and 1.4.11).

python tools/contrast.py          write the table
"""

from pathlib import Path

from gongkai.portal import tokens

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/design-system.md"
BEGIN, END = "<!-- contrasts -->", "<!-- /contrasts -->"


def table() -> str:
    """Every pair in every mode, and the least that is asked."""
    lines = [
        "| On | Least | " + " | ".join(tokens.MODES) + " |",
        "|---|---|" + "---|" * len(tokens.MODES),
    ]
    for front, back, least, ratios in tokens.contrasts():
        said = " | ".join(f"{ratio:.1f}" for ratio in ratios)
        lines.append(f"| `{front}` on `{back}` | {least} | {said} |")
    return "\n".join(lines)


def main() -> None:
    text = DOCUMENT.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}")


if __name__ == "__main__":
    main()
