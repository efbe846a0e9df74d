"""References of a sheet (AB12, A1:C9), and taking a whole column out of one."""

import re

from gongkai.screening.readers.package import local
from gongkai.screening.redaction.bundle import Bundle, detach, named

_CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?[0-9]*)")
_SHIFTED = (
    "dataValidation",
    "conditionalFormatting",
    "hyperlink",
    "mergeCell",
    "protectedRange",
    "ignoredError",
)
# What Excel works out anew, or what would name the column that is gone.
_GONE = ("dimension", "autoFilter", "sortState", "selection", "colBreaks", "tableParts")


def number_of(reference: str) -> int:
    """The number of the column in a reference like AB12; 0 if there is none."""
    number = 0
    for char in reference:
        if not "A" <= char <= "Z":
            break
        number = number * 26 + ord(char) - 64
    return number if number <= 16_384 else 0


def letters(number: int) -> str:
    """The name of a column: 28 is AB."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def without(reference: str, column: int) -> str:
    """A reference or range after a column is gone; "" where it was only that column.

    >>> without("A1:C9", 2), without("B2:B5", 2), without("D4", 2)
    ('A1:B9', '', 'C4')
    """
    first, _, last = reference.partition(":")
    low, high = number_of(first.lstrip("$")), number_of((last or first).lstrip("$"))
    if low == high == column:
        return ""
    ends = [(first, low - (low > column))]
    if last:
        ends.append((last, high - (high >= column)))
    return ":".join(_CELL.sub(rf"\g<1>{letters(number)}\g<3>", text, count=1) for text, number in ends)


def without_column(bundle: Bundle, part: str, column: int) -> None:
    """Take a column out of a sheet: its cells, and every range moves by one."""
    root = bundle.tree(part)
    for row in named(root, "row"):
        row.attrib.pop("spans", "")
        for cell in [each for each in row if local(each) == "c"]:
            moved = without(cell.get("r", ""), column)
            if moved:
                cell.set("r", moved)
            else:
                row.remove(cell)
    for element in named(root, "col"):
        low, high = int(element.get("min", "1")), int(element.get("max", "1"))
        if low == high == column:
            detach(element)
            continue
        element.set("min", str(low - (low > column)))
        element.set("max", str(high - (high >= column)))
    for element in named(root, *_SHIFTED):
        for key in ("sqref", "ref"):
            if key not in element.attrib:
                continue
            kept = [moved for each in element.get(key, "").split() if (moved := without(each, column))]
            # A merged range of one cell is none.
            if not kept or (local(element) == "mergeCell" and len(set(kept[0].split(":"))) == 1):
                detach(element)
                break
            element.set(key, " ".join(kept))
    for holder in named(root, "cols", "mergeCells", "dataValidations", "hyperlinks"):
        if len(holder) == 0:
            detach(holder)
        elif "count" in holder.attrib:
            holder.set("count", str(len(holder)))
    for kind, place, external in bundle.targets(part).values():
        if kind == "table" and not external:
            bundle.drop(place)
        elif kind == "drawing" and not external and place in bundle.parts:
            for anchor in named(bundle.tree(place), "col"):
                if (anchor.text or "").isdigit() and int(anchor.text or "0") >= column:
                    anchor.text = str(int(anchor.text or "0") - 1)
    for element in named(root, *_GONE):
        detach(element)
