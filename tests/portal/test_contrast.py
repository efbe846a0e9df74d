"""Colours that can be read: every pair of tokens in every mode and accent, and the table of the documentation."""

import importlib.util
from pathlib import Path

import pytest

from gongkai.portal import tokens

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("contrast", ROOT / "tools" / "contrast.py")
contrast = importlib.util.module_from_spec(spec)
spec.loader.exec_module(contrast)


@pytest.mark.parametrize("mode", tokens.MODES)
@pytest.mark.parametrize(("front", "back", "least"), tokens.PAIRS)
def test_words_and_edges_stand_out(mode, front, back, least):
    found = tokens.colours(tokens.MODES[mode])
    assert tokens.contrast(found[front], found[back]) >= least


def test_the_table_of_the_documentation_is_that_of_the_style_sheet():
    assert contrast.table() in contrast.DOCUMENT.read_text(), "run python tools/contrast.py"
