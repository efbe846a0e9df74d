"""The table of formats and layers in docs/screening.md claims what is planted and found, and nothing else."""

import re
from pathlib import Path

from gongkai.screening.finding import Layer
from tests.screening.test_screening_layers import CLAIMED

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "screening.md"
# These have a section and tests of their own.
APART = {Layer.IMAGE, Layer.UNDER_COVER}


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _layers(cell: str) -> list[str]:
    """`hidden_sheet, _row` names two layers."""
    first, *rest = re.split(r",\s*", cell)
    return [first, *(first.rpartition("_")[0] + name for name in rest)]


def claimed_by_the_document() -> set[tuple[str, str]]:
    text = DOCUMENT.read_text()
    table = text[text.index("### Formats and layers") :].split("\n\n")[2].splitlines()
    forms = [re.split(r",\s*", cell) for cell in _cells(table[0])[1:]]
    claims = set()
    for line in table[2:]:
        row = _cells(line)
        for names, cell in zip(forms, row[1:], strict=True):
            if cell.startswith("✓"):
                only = cell.removeprefix("✓").split() or names
                claims |= {(form, layer) for form in only for layer in _layers(row[0])}
    return claims


def test_the_document_claims_exactly_what_is_planted_and_found() -> None:
    planted = {(form, layer) for form, layer, _ in CLAIMED if layer not in APART}
    # A file of WPS is one of Word or Excel, a saved page one of mail: the same readers.
    same = {"wps": "doc", "et": "xls", "mht": "eml"}
    claims = {(same.get(form, form), layer) for form, layer in claimed_by_the_document()}
    assert claims - set(APART) == {(same.get(form, form), layer) for form, layer in planted}
