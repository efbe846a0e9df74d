"""Generated reports in every shape: form × producer × disturbance. Never a wrong cell without a finding."""

import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.reporting.reading.source import UnreadableReport, read_bytes
from gongkai.reporting.reading.textreport import report_from_source, unreadable
from gongkai.rulebook.report_checks import check_report
from tests.reporting import report_rendering as rendering
from tests.reports.disturbances import (
    CLEAR,
    LOSSY,
    SAID,
    full_width_digits,
    no_width_characters,
    spaces_in_labels,
    units,
)
from tests.reports.paper import filled_in
from tests.reports.producers import PRODUCERS

FORMS = ("2021", "2019")
EVERY = (*CLEAR, *SAID, *LOSSY)
# Where labels run over lines, text without borders mixes them with side headings in ways that nobody can undo.
UNBORDERED = {"txt_lines", "txt_middle", "txt_cells", "pdf_plain"}
# What makes a page break figures in two and words over each other.
WIDER = {full_width_digits, no_width_characters, units, spaces_in_labels}


def a_paper(seed, form, disturbances):
    rng = random.Random(seed)
    paper = filled_in(rendering.balanced(rng, form))
    # What offices write comes before what files lose, or the one would mend the other.
    for disturb in sorted(disturbances, key=EVERY.index):
        disturb(paper, rng)
    return paper


def read(paper, producer):
    data, suffix = PRODUCERS[producer](paper)
    try:
        return report_from_source(read_bytes(data, suffix))
    except UnreadableReport as reason:
        return unreadable(str(reason))


def judge(paper, found):
    """right, or refused: why; AssertionError for a wrong or lacking cell of which no finding speaks."""
    findings = (*found.findings, *check_report(found.tables))
    if found.status == "unreadable":
        return f"unreadable: {found.findings[0].message}"
    wrong, lacking = [], []
    for cell, true in paper.truth.items():
        value = found.tables.value(cell)
        if value is not None and value != true:
            wrong.append((cell, true, value))
        elif value is None and true is not None:
            lacking.append(cell)
    said = {(f.where.table, f.where.row) for f in findings} | {
        (cell.table, cell.row) for f in findings for side in f.sides for cell in side.cells
    }
    # Where the layout of （六） cannot be told its rows are said by those of the other form.
    said |= {(table, "r3_6") for table, row in said if row and row.startswith("r3_6")}
    tables = {table for table, row in said if row is None}
    for cell, true, value in wrong:
        assert (cell.table, cell.row) in said or cell.table in tables, f"{cell}: {value}, not {true}"
    for cell in lacking:
        assert (cell.table, cell.row) in said or cell.table in tables, f"{cell} is lost and not said"
    if wrong:
        return "wrong, and said"
    if not lacking:
        return "right"
    errors = [f.message for f in found.findings if f.severity == "error"]
    return f"refused: {errors[0]}" if errors else "refused"


def run(cases):
    """What became of the cases, counted; all failures at once."""
    counted, failures = Counter(), []
    for seed, form, producer, disturbances in cases:
        paper = a_paper(seed, form, disturbances)
        found = read(paper, producer)
        name = (seed, form, producer, [one.__name__ for one in disturbances])
        try:
            verdict = judge(paper, found)
        except AssertionError as failure:
            failures.append((*name, str(failure)))
            continue
        counted[verdict.split(":")[0]] += 1
        wanted = all(one in CLEAR or one in SAID for one in disturbances)
        if wanted and verdict != "right" and not _undone(producer, disturbances):
            failures.append((*name, verdict))
    return counted, failures


def _undone(producer, disturbances):
    """Whether the text lost the order in which the figures could be told, or its cells the room for them."""
    if producer in PAGES and any(one in WIDER for one in disturbances):
        return True
    return producer in UNBORDERED and len(disturbances) > 1


QUICK = ("txt_lines", "txt_middle", "txt_cells", "markdown", "comma_separated", "html_site")
SLOW = ("workbook", "word", "html_office")
PAGES = ("pdf_drawn", "pdf_plain")


def singles(producers):
    chosen = ((form, producer, one) for form in FORMS for producer in producers for one in EVERY)
    return [(seed, form, producer, [one]) for seed, (form, producer, one) in enumerate(chosen)]


def pairs(producers):
    chosen = ((producer, pair) for producer in producers for pair in combinations(EVERY, 2))
    return [
        (seed, FORMS[seed % 2], producer, list(pair)) for seed, (producer, pair) in enumerate(chosen, 10_000)
    ]


@pytest.mark.parametrize("producer", QUICK)
def test_every_disturbance_of_quick_producers(producer):
    cases = [case for case in singles([producer]) if case[1] == "2021"]
    counted, failures = run(cases)
    assert not failures, failures
    assert sum(counted.values()) == len(cases)
    assert counted["right"] > len(cases) / 2


@pytest.mark.parametrize(("producer", "count"), [("workbook", 8), ("word", 5), ("html_office", 8)])
def test_a_sample_of_disturbances_of_slow_producers(producer, count):
    _, failures = run(random.Random(producer).sample(singles([producer]), count))
    assert not failures, failures


@pytest.mark.parametrize("producer", PAGES)
def test_a_sample_of_pages(producer):
    _, failures = run(random.Random(producer).sample(singles([producer]), 2))
    assert not failures, failures


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    form=st.sampled_from(FORMS),
    producer=st.sampled_from(QUICK),
    disturbances=st.lists(st.sampled_from(EVERY), min_size=2, max_size=4, unique=True),
)
def test_mixtures_never_give_a_wrong_cell_without_a_finding(seed, form, producer, disturbances):
    paper = a_paper(seed, form, disturbances)
    judge(paper, read(paper, producer))


@pytest.mark.parametrize("producer", ["txt_lines", "txt_cells", "markdown", "html_site"])
def test_two_reports_in_one_file_are_refused(producer):
    data = b"\n".join(PRODUCERS[producer](a_paper(seed, "2021", []))[0] for seed in (1, 2))
    with pytest.raises(UnreadableReport, match=r"不止一份报告|重复出现"):
        report_from_source(read_bytes(data, PRODUCERS[producer](a_paper(1, "2021", []))[1]))


# The whole corpus ----------------------------------------------------------------------------------------


def told(name, counted, capsys):
    with capsys.disabled():
        print(f"\n{name}: {sum(counted.values())} files, {dict(counted)}")


@pytest.mark.soak
@pytest.mark.parametrize("producer", [*QUICK, *SLOW, *PAGES])
def test_every_form_producer_and_disturbance(producer, capsys):
    counted, failures = run(singles([producer]))
    told(producer, counted, capsys)
    assert not failures, failures


@pytest.mark.soak
@pytest.mark.parametrize("producer", QUICK)
def test_every_pair_of_disturbances(producer, capsys):
    counted, failures = run(pairs([producer]))
    told(f"{producer}, pairs", counted, capsys)
    assert not failures, failures


@pytest.mark.soak
@pytest.mark.parametrize("producer", [*SLOW, *PAGES])
def test_a_sample_of_pairs_of_slow_producers(producer, capsys):
    counted, failures = run(random.Random(producer).sample(pairs([producer]), 60))
    told(f"{producer}, pairs", counted, capsys)
    assert not failures, failures


@pytest.mark.soak
@settings(max_examples=3000, deadline=None)
@given(
    seed=st.integers(0, 10**9),
    form=st.sampled_from(FORMS),
    producer=st.sampled_from(QUICK),
    disturbances=st.lists(st.sampled_from(EVERY), min_size=1, max_size=5, unique=True),
)
def test_many_mixtures(seed, form, producer, disturbances):
    paper = a_paper(seed, form, disturbances)
    judge(paper, read(paper, producer))
