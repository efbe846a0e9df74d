"""Write rulebook/data/equivalent_ideographs.json from the Unicode data.

Usage: python tools/equivalent_ideographs.py [EquivalentUnifiedIdeograph.txt]

Input: the Unicode Character Database file of that name (Debian package unicode-data). Output: one JSON
object with the version line of the input and `map`, a radical or stroke → its equivalent unified ideograph.
"""

import json
import re
import sys
from pathlib import Path

SOURCE = Path("/usr/share/unicode/EquivalentUnifiedIdeograph.txt")
TARGET = Path(__file__).parents[1] / "src/gongkai/rulebook/data/equivalent_ideographs.json"
LINE = re.compile(r"^(?P<first>[0-9A-F]{4,6})(?:\.\.(?P<last>[0-9A-F]{4,6}))?\s*;\s*(?P<to>[0-9A-F]{4,6})\b")


def parse(text: str) -> dict[str, str]:
    """The character map of an EquivalentUnifiedIdeograph.txt, in code point order."""
    table: dict[str, str] = {}
    for match in filter(None, map(LINE.match, text.splitlines())):
        first = int(match["first"], 16)
        last = int(match["last"] or match["first"], 16)
        for point in range(first, last + 1):
            table[chr(point)] = chr(int(match["to"], 16))
    return table


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    text = source.read_text(encoding="utf-8")
    version = text.splitlines()[0].lstrip("# ").removesuffix(".txt")
    document = {"source": version, "map": parse(text)}
    TARGET.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
