"""Build the subset fonts that every PDF of this project embeds (src/gongkai/paperwork/fonts).

    python tools/fonts.py --noto DIR --wenkai FILE --unihan FILE

DIR     folder with NotoSerifCJK-*.ttc and NotoSansCJK-Regular.ttc (Debian: fonts-noto-cjk)
FILE    LXGWWenKai-Regular.ttf (Debian: fonts-lxgw-wenkai)
FILE    Unihan_OtherMappings.txt, plain or .bz2 (Debian: unicode-data)

All three sources are under the SIL Open Font License 1.1, which lets a modified font travel with software
when it carries another name than the reserved ones ("LXGW", "霞鹜"); so the subsets are named Gongkai Song,
Gongkai Hei, Gongkai Kai and Gongkai Wide, keep their copyright strings, and OFL.txt lies beside them.

Characters: GB 2312, the 8,105 of 通用规范汉字表 (Unihan kTGH; 瀍, 〇 and 喆 are not in GB 2312), ASCII, Latin
letters of names, punctuation, circled and parenthesised numbers, radicals. Gongkai Wide holds every other
Chinese character of Noto Serif CJK SC, for rare names. The result does not depend on the day it is built.
"""

from __future__ import annotations

import argparse
import bz2
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parents[1] / "src" / "gongkai" / "paperwork" / "fonts"
SIMPLIFIED_CHINESE = "SC"
SECOND_LEVEL_ENDS = 6500  # 通用规范汉字表: 3,500 of the first level and 3,000 of the second

PUNCTUATION_AND_SIGNS: tuple[tuple[int, int], ...] = (
    (0x0020, 0x007F),
    (0x00A0, 0x0180),  # Latin letters of foreign names, ·, ×, °, ±
    (0x0391, 0x0452),  # Greek and Cyrillic, as in GB 2312
    (0x2010, 0x2040),  # dashes, quotation marks, ellipsis, per mille
    (0x20AC, 0x20AD),
    (0x2100, 0x2190),  # №, ℃, Roman numerals
    (0x2190, 0x219A),
    (0x2200, 0x2270),
    (0x2460, 0x24EA),  # ①–⑳, ⑴–⒇, ⒈–⒛
    (0x2500, 0x2580),
    (0x25A0, 0x2610),  # □ ■ ▲ ○ ● ★ ☆
    (0x2611, 0x2614),
    (0x2713, 0x2718),
    (0x2E80, 0x2FE0),  # radicals, which text copied out of PDF files is full of
    (0x3000, 0x3040),  # 、。〈〉《》〔〕【】〇
    (0x30FB, 0x30FC),
    (0x3105, 0x3130),
    (0x3220, 0x3244),  # ㈠–㈩
    (0x32C0, 0x32CC),
    (0x3380, 0x33E0),  # ㎡, ㎏, ㎞
    (0xFE10, 0xFE70),
    (0xFF01, 0xFFEF),
)


def gb2312() -> set[int]:
    """Code points of the characters of GB 2312."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def standard_characters(unihan: Path) -> dict[int, int]:
    """通用规范汉字表: code point to its number in the table, 1 to 8105, from the Unihan property kTGH."""
    raw = unihan.read_bytes()
    text = (bz2.decompress(raw) if unihan.suffix == ".bz2" else raw).decode("utf-8")
    table: dict[int, int] = {}
    for line in text.splitlines():
        parts = line.split("\t")
        if len(parts) == 3 and parts[1] == "kTGH":
            table[int(parts[0].removeprefix("U+"), 16)] = int(parts[2].split(":")[1])
    if len(table) != 8105:
        raise SystemExit(f"{unihan} names {len(table)} characters of 通用规范汉字表, 8105 were expected.")
    return table


def is_ideograph(code: int) -> bool:
    """Whether a code point is a Chinese character (unified or compatibility ideograph)."""
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or code >= 0x20000


def face(path: Path) -> TTFont:
    """Open a font file; of a collection, its Simplified Chinese member."""
    if path.suffix != ".ttc":
        return TTFont(path, recalcTimestamp=False)
    number = 0
    while True:
        font = TTFont(path, fontNumber=number, recalcTimestamp=False)
        if font["name"].getDebugName(1).endswith(f"CJK {SIMPLIFIED_CHINESE}"):
            return font
        number += 1


def write(source: Path, characters: Iterable[int], family: str, style: str, file_name: str) -> set[int]:
    """Write the subset of one face under a name of ours; the code points it really holds are returned."""
    font = face(source)
    held = set(font.getBestCmap()) & set(characters)
    options = subset.Options()
    options.layout_features = []  # horizontal text in one language needs none; this halves the glyphs
    options.hinting = False
    options.name_IDs = [0, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=held)
    subsetter.subset(font)
    rename(font, family, style)
    font.save(TARGET / file_name)
    return held


def rename(font: TTFont, family: str, style: str) -> None:
    """Give the font our family name in every place that holds one."""
    postscript = f"{family}-{style}".replace(" ", "")
    for number, text in ((1, family), (2, style), (3, postscript), (4, f"{family} {style}"), (6, postscript)):
        font["name"].setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        table = font["CFF "].cff
        table.fontNames = [postscript]
        top = table.topDictIndex[0]
        top.FullName, top.FamilyName = f"{family} {style}", family
        top.rawDict.pop("Notice", None)  # the name table keeps the copyright


def ranges(codes: Iterable[int]) -> str:
    """Sorted code points as lines of hexadecimal ranges, "4E00-9FA5"."""
    lines: list[list[int]] = []
    for code in sorted(codes):
        if lines and lines[-1][1] == code - 1:
            lines[-1][1] = code
        else:
            lines.append([code, code])
    return "".join(f"{first:X}-{last:X}\n" if first != last else f"{first:X}\n" for first, last in lines)


def main() -> None:
    """Build the five files and coverage.txt, the list of characters that a document may use."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--noto", type=Path, required=True)
    parser.add_argument("--wenkai", type=Path, required=True)
    parser.add_argument("--unihan", type=Path, required=True)
    given = parser.parse_args()

    table = standard_characters(given.unihan)
    signs = {code for first, last in PUNCTUATION_AND_SIGNS for code in range(first, last)}
    usual = gb2312() | set(table) | signs
    serif = given.noto / "NotoSerifCJK-Regular.ttc"
    rare = {code for code in face(serif).getBestCmap() if is_ideograph(code)} - usual
    # 楷体 is for second-level headings and names of signatories; what it lacks is set in Song.
    kai = {code for code, number in table.items() if number <= SECOND_LEVEL_ENDS} | signs

    covered = write(serif, usual, "Gongkai Song", "Regular", "GongkaiSong-Regular.otf")
    write(given.noto / "NotoSerifCJK-Bold.ttc", usual, "Gongkai Song", "Bold", "GongkaiSong-Bold.otf")
    write(given.noto / "NotoSansCJK-Regular.ttc", usual, "Gongkai Hei", "Regular", "GongkaiHei-Regular.otf")
    write(given.wenkai, kai, "Gongkai Kai", "Regular", "GongkaiKai-Regular.ttf")
    covered |= write(serif, rare, "Gongkai Wide", "Regular", "GongkaiWide-Regular.otf")
    (TARGET / "coverage.txt").write_text(ranges(covered), encoding="ascii")
    missing = sorted(code for code in table if code not in covered)
    if missing:
        raise SystemExit("Not in the fonts: " + " ".join(map(chr, missing)))


if __name__ == "__main__":
    main()
