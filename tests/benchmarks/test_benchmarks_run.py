"""The benchmarks can be started, and the pages they ask read no large table from end to end."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("script", ["pages", "ledger", "lists", "report", "deadlines", "search", "readers"])
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
