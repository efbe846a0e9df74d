"""The benchmarks can be started, and the pages they ask read no large table from end to end."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.committed import own_database
from tests.portal import sites

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "script",
    [
        "pages",
        "ledger",
        "lists",
        "report",
        "district",
        "deadlines",
        "search",
        "readers",
        "release",
        "serving",
    ],
)
def test_each_script_says_what_it_measures(script: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{script}", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "peer" in done.stdout or "beside" in done.stdout or "same at both sizes" in done.stdout


@pytest.mark.usefixtures("db")
def test_no_page_of_the_workbench_reads_a_table_from_end_to_end() -> None:
    from benchmarks import lists, rows
    from gongkai.cli.demo_year.cast import assemble

    loader = rows.Loader(assemble(), open_work=10)
    loader.load(240)
    rows.settle()
    asked = lists.measure(lists.clients(loader), lists.PAGES, rounds=0)
    assert len(asked) > 2 * len(lists.PAGES)
    assert lists.check(asked, over=120) == []


@pytest.mark.usefixtures("db")
def test_the_figures_of_a_small_district_are_those_of_its_records() -> None:
    from benchmarks import district, rows
    from gongkai.cli.demo_year.cast import assemble
    from gongkai.reporting import compiling
    from gongkai.reporting.figures import Period

    cast = assemble()
    agencies = district.agencies_below(cast, 4)
    rows.insert(district.applications(agencies, 0, 120))
    lines, wrong = district.measure(cast, agencies)
    assert wrong == []
    queries = {name: asked for name, _used, asked, _base in lines}
    assert queries["compile 4 reports"] <= 4 * 26
    # A record that a compiled report does not know is noticed.
    compiled = {one.pk: compiling.compile_figures(one, Period.of_year(2021)) for one in agencies}
    rows.insert(iter([[rows.case(cast.office, 9_000, date(2021, 5, 3), date(2021, 5, 20))]]))
    assert len(district.differences(agencies, compiled, district.grouped())) == 2


def test_a_release_asks_and_writes_the_same_with_few_and_with_many_public_items(
    django_db_blocker: Any, django_db_setup: None
) -> None:
    from benchmarks import release
    from gongkai.channels import site
    from gongkai.cli.demo_year.cast import assemble

    with django_db_blocker.unblock(), own_database(connection):
        sites.fresh()
        cast = assemble()
        site.settle_standing()
        measured = {}
        for size in (80, 400):
            release.prepare(cast, size, indexed=True, columns=2)
            measured[size] = release.measure(cast, size, rounds=1)
        sites.fresh()
    for act in release.ACTS:
        [few], [many] = (measured[size][0][act] for size in (80, 400))
        assert many.queries <= few.queries + 2
        assert many.written <= few.written + 1
    assert measured[400][1] == []
