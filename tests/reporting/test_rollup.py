"""The government's report is the sum of its members: who counts in, what they give, what stops it (C14, I5)."""

from datetime import date

import pytest

from gongkai.reporting import content as contents
from gongkai.rulebook.report_form import Cell
from tests.reporting.districts import all_published, begun_roll_up, district_of
from tests.reporting.reports import case

pytestmark = pytest.mark.django_db
R1 = Cell("applications", "r1", "total")


def test_every_cell_of_the_government_is_the_sum_of_its_members(office, at):
    district = district_of(office)
    case(district.government, date(2021, 2, 1), row="r3_1", answered=date(2021, 2, 8))
    case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 5))
    case(office, date(2021, 3, 2), row="r3_2", answered=date(2021, 3, 5), kind="research_institution")
    case(district.members["M001"], date(2021, 12, 20))
    with at(2022, 1, 10):
        all_published(district)
        report, draft = begun_roll_up(district)
        now = contents.standing(report, draft.content)
    assert [each.name for each in now.whole.counted] == [
        "西工区人民政府",
        "西工区第1局",
        "西工区第2局",
        "西工区城市改造办公室",
    ]
    for cell in now.compiled.tables.cells():
        values = [each.tables.value(cell) for each in now.whole.counted]
        assert now.compiled.tables.value(cell) == sum(values), cell
    assert now.compiled.tables.value(R1) == 4
