"""docs/letters shows each of the 35 kinds, beside what it must contain."""

from pathlib import Path

import pytest
from PIL import Image
from tools import letter_pictures

from gongkai.rulebook.letters import LETTER_KINDS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "letters"
LARGEST = 80 * 1024


def test_the_table_is_the_one_of_the_rulebook():
    shown = (FOLDER / "README.md").read_text("utf-8")
    assert shown == letter_pictures.table(), "run python tools/letter_pictures.py"


@pytest.mark.parametrize("kind", sorted(LETTER_KINDS))
def test_each_kind_has_its_picture_and_its_row(kind):
    place = FOLDER / f"{kind:02}.png"
    assert place.stat().st_size < LARGEST
    with Image.open(place) as picture:
        assert picture.height > 900 and len(picture.getcolors()) > 2
    text = (FOLDER / "README.md").read_text("utf-8")
    assert f"| {kind} | [{LETTER_KINDS[kind].title}]({kind:02}.png) |" in text
    assert all(each.label in text for each in LETTER_KINDS[kind].required(remedy=False))


def test_nothing_else_lies_there():
    assert {path.name for path in FOLDER.iterdir()} == {"README.md"} | {f"{n:02}.png" for n in LETTER_KINDS}
