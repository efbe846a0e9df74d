"""docs/case-matrix.md says what the table of acts says."""

from tools import case_matrix

from gongkai.applications.acts import ACTS
from gongkai.applications.models import Matter, State


def test_the_document_is_what_the_table_says() -> None:
    assert case_matrix.DOCUMENT.read_text("utf-8") == case_matrix.document(), (
        "run python -m tools.case_matrix"
    )


def test_every_act_has_a_line_for_each_of_its_matters_and_a_cell_for_each_state() -> None:
    lines = [line for line in case_matrix.document().splitlines() if " `" in line and line.startswith("| ")]
    assert len(lines) == sum(len(act.matters) for act in ACTS.values())
    assert {line.count(" | ") for line in lines} == {3 + len(State)}
    assert len(Matter) == case_matrix.document().count("\n## ")
