"""What a list is, whatever file holds it: a heading row, and rows below it with one person or thing each."""

from collections.abc import Sequence

from gongkai.screening.redaction import masks
from gongkai.screening.redaction.orders import Column, List

PREVIEWED = 20
_LOOKED_AT = 60
_LONGEST_HEADING = 30


def heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The index of the row that heads the columns: the first of the top rows with two short texts or more."""
    for index, row in enumerate(rows[: masks.HEADING_ROWS]):
        filled = [cell.strip() for cell in row if cell.strip()]
        short = all(len(cell) <= _LONGEST_HEADING for cell in filled)
        if len(filled) >= 2 and short and not any(cell.replace(".", "").isdigit() for cell in filled):
            return index
    return None


def described(number: int, name: str, rows: Sequence[Sequence[str]], heading: int) -> List:
    """The list whose headings stand in the row of that index."""
    width = max(map(len, rows[heading : heading + _LOOKED_AT]))
    wide = [tuple(row) + ("",) * (width - len(row)) for row in rows[heading : heading + _LOOKED_AT]]
    columns = tuple(
        Column(at + 1, wide[0][at].strip(), masks.item_of(wide[0][at], [row[at] for row in wide[1:]]))
        for at in range(width)
        if any(row[at].strip() for row in wide)
    )
    return List(number, name, columns, tuple(wide[1 : 1 + PREVIEWED]), len(rows) - heading - 1)
