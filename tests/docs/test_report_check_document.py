"""docs/report-check.md has the rules as they are, and shows what the command says of its folder."""

from pathlib import Path

import pytest
from PIL import Image
from tools import report_check_example as example


def test_the_rules_table_is_the_one_of_the_rulebook():
    assert example.rules() in example.DOCUMENT.read_text("utf-8"), "run python tools/report_check_example.py"


@pytest.mark.skipif(
    not example.EXAMPLES.exists(), reason="the two published examples are not beside the clone"
)
def test_the_output_is_what_the_command_prints(tmp_path):
    folder = tmp_path / example.FOLDER
    example.make(folder)
    said = example.run(folder, tmp_path / "检查结果.html")
    assert said in example.DOCUMENT.read_text("utf-8"), "run python tools/report_check_example.py"


@pytest.mark.parametrize("picture", example.PICTURES, ids=lambda path: Path(path).name)
def test_the_sheet_is_pictured(picture):
    assert picture.stat().st_size < 250 * 1024
    with Image.open(picture) as shot:
        assert shot.width == 1366 and len(shot.getcolors()) > 8
