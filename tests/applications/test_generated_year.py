"""A generated year: the report's table three is the sum of its cases, and every check of the form holds."""

from collections import Counter
from datetime import date, datetime

import pytest

from gongkai.applications import figures
from gongkai.applications.models import Application, CaseEvent
from gongkai.journal import clock
from gongkai.reporting import checking, compiling, narrative
from gongkai.reporting import content as contents
from gongkai.reporting.figures import Period
from gongkai.rulebook.outcomes import OUTCOMES
from gongkai.rulebook.receipt import Channel
from gongkai.rulebook.report_form import LEAF_ROWS
from tests.applications import generated_year as drawn
from tests.reporting.reports import begun

pytestmark = pytest.mark.django_db
FIRST, LAST = date(drawn.YEAR, 1, 1), date(drawn.YEAR, 12, 31)


def expected(courses):
    """Table three, counted from the drawn courses alone."""
    counts = Counter()
    for course in courses:
        rows = []
        answered = course.answered
        if FIRST <= course.received <= LAST:
            rows.append("r1")
        if course.received < FIRST and not (answered and answered < FIRST):
            rows.append("r2")
        if answered and FIRST <= answered <= LAST:
            rows += [OUTCOMES[course.outcome].row.key, "r3_7"]
        if course.received <= LAST and not (answered and answered <= LAST):
            rows.append("r4")
        for row in rows:
            counts[row, course.kind] += 1
            counts[row, "total"] += 1
    return counts


def compared(office, count):
    courses = drawn.courses(count)
    for course in courses:
        drawn.told(office, course)
    wanted = expected(courses)
    compiled = compiling.compile_figures(office.agency, Period.of_year(drawn.YEAR))
    table = figures.table(office.agency, drawn.YEAR)
    for row in figures.ROWS:
        assert tuple(table[row].values()) == tuple(wanted[row, column] for column in figures.COLUMNS), row
        assert compiled.tables.applications[row] == tuple(table[row].values()), row
    # The report as the office would submit it, beside that of the year before: every check of the form holds.
    with clock.at(datetime(drawn.YEAR + 1, 1, 10, 9, tzinfo=drawn.SHANGHAI)):
        report, draft = begun(office, drawn.YEAR)
        now = contents.standing(report, draft.content)
    before = compiling.compile_figures(office.agency, Period.of_year(drawn.YEAR - 1)).tables
    assert before.applications["r4"] == compiled.tables.applications["r2"] != (0,) * len(figures.COLUMNS)
    texts = {part: now.text(part) for part in narrative.PARTS}
    # The year before was drawn to hold the carry-over alone, so the year's number is a jump: nothing else is found.
    found = checking.findings(office.agency, now.compiled, texts, before)
    assert [one for one in found if one.rule != "PREVIOUS"] == []
    # No figure was entered by hand.
    assert not [key for key, each in compiled.counted.items() if each.manual]
    return courses, table


def test_a_generated_year_with_every_outcome_is_the_sum_of_its_cases(office):
    courses, table = compared(office, 120)
    assert {course.outcome for course in courses} >= set(OUTCOMES)
    assert {course.channel for course in courses} == set(Channel)
    assert all(table[row]["total"] for row in LEAF_ROWS)


@pytest.mark.soak
def test_a_year_of_ten_thousand_applications(office):
    courses, table = compared(office, 10_000)
    assert Application.objects.count() == len(courses)
    assert CaseEvent.objects.filter(type="answered").count() == sum(bool(c.answered) for c in courses)
    assert all(table[row][column] for row in LEAF_ROWS for column in figures.COLUMNS)
