"""docs/report-form shows the report of 2021 beside the blank form."""

from pathlib import Path

import pytest
from PIL import Image
from tools import report_pictures

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "report-form"


@pytest.mark.parametrize("name", report_pictures.NAMES)
def test_each_picture_is_there_small_and_shown(name):
    place = FOLDER / f"{name}.png"
    assert place.stat().st_size < 300 * 1024
    with Image.open(place) as picture:
        assert picture.width > 1500 and picture.height > 700
    assert f"(report-form/{name}.png)" in (ROOT / "docs" / "report-form.md").read_text("utf-8")


def test_nothing_else_lies_there():
    assert {path.stem for path in FOLDER.iterdir()} == set(report_pictures.NAMES)
