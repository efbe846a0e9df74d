"""Where in its file each figure of a report stands, and the narrative parts as text."""

import pytest

from gongkai.reporting.reading.source import read_bytes
from gongkai.reporting.reading.textreport import report_from_source
from gongkai.rulebook.report_form import Cell
from tests.reporting import report_rendering as rendering

SHAPES = {
    ".txt": rendering.as_lines,
    ".md": rendering.as_markdown,
    ".html": rendering.as_html,
}


@pytest.mark.parametrize("suffix", SHAPES)
def test_every_cell_has_the_line_in_which_its_figure_stands(suffix):
    expected, _ = rendering.sample(4)
    text = SHAPES[suffix](rendering.blocks(expected))
    found = report_from_source(read_bytes(text.encode(), suffix))
    assert set(found.lines) == set(expected.cells())
    for cell, line in found.lines.items():
        assert str(expected.value(cell)) in found.source.lines[line]


def test_a_cell_is_found_by_its_place_in_the_file():
    expected, _ = rendering.sample(4)
    html = rendering.as_html(rendering.blocks(expected))
    found = report_from_source(read_bytes(html.encode(), ".html"))
    place = found.source.places[found.lines[Cell("applications", "r2", "total")]]
    assert place == "表格2第5行"


def test_a_row_with_one_cell_per_line_has_a_line_for_each_cell():
    expected, _ = rendering.sample(4)
    text = rendering.as_cells(rendering.blocks(expected))
    found = report_from_source(read_bytes(text.encode(), ".txt"))
    first = found.lines[Cell("applications", "r1", "natural_person")]
    assert found.lines[Cell("applications", "r1", "total")] == first + 6


def test_the_narrative_parts_are_there_as_text_without_tables_and_headings():
    expected, _ = rendering.sample(4)
    text = "西工区城市改造办公室2021年政府信息公开工作年度报告\n现报告如下。\n" + "\n".join(
        rendering.as_lines(rendering.blocks(expected)).split("\n")[1:]
    )
    texts = report_from_source(read_bytes(text.encode(), ".txt")).texts
    assert texts["opening"] == "现报告如下。"
    assert texts["overview"].startswith("2021年共受理政府信息公开申请")
    assert texts["problems"] == texts["other"] == "无。收取信息处理费0元。"
