"""What is no report, or is made to harm, is refused in one sentence within seconds; a damaged file never misleads."""

import os
import random
import re
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from gongkai.reporting.reading import isolated
from gongkai.reporting.reading.source import UnreadableReport, file_content
from gongkai.rulebook.report_checks import check_report
from tests.reporting import report_rendering as rendering
from tests.reporting.test_reading_drawn import printed
from tests.reports.bad_files import BAD, in_excel, in_web, in_word, report
from tests.reports.scanning import as_file

SECONDS = 15.0


def refused(read):
    """The one sentence of a report that was not read."""
    assert (read.status, len(read.findings)) == ("unreadable", 1)
    sentence = read.findings[0].message
    assert re.fullmatch(r"[^。\n]{5,120}。", sentence), sentence
    assert not re.search(r"Error|Traceback|\\x", sentence)
    return sentence


@pytest.mark.parametrize("case", BAD)
def test_each_is_refused_in_one_sentence_within_seconds(case):
    name, make, reason = BAD[case]
    data = make()
    begun = time.monotonic()
    sentence = refused(isolated.read(data, name))
    assert time.monotonic() - begun < SECONDS
    assert re.search(reason, sentence)


def test_what_is_no_file(tmp_path):
    pipe = tmp_path / "管道"
    os.mkfifo(pipe)
    for path, reason in (
        (tmp_path, "文件夹"),
        (pipe, "不是普通文件"),
        (Path("/dev/zero"), "不是普通文件"),
        (tmp_path / "没有.docx", "文件不存在"),
        (tmp_path / ("长" * 400), "无法打开"),
        (Path("有\0无"), "无法打开"),
    ):
        assert reason in refused(isolated.read(path))


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "报告.txt"
    path.write_text("报告", encoding="utf-8")

    def denied(*_, **__):
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(UnreadableReport, match="没有读取这个文件的权限"):
        file_content(path)


def test_a_large_file_is_not_even_opened(tmp_path):
    path = tmp_path / "大.pdf"
    with path.open("wb") as stream:
        stream.truncate(200 << 20)
    begun = time.monotonic()
    assert "超过50MB" in refused(isolated.read(path))
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("name", ["报告.docx", "报告.pdf", "报告.xls", "报告", "报告.png"])
def test_a_wrong_ending_does_not_matter(name):
    assert isolated.read(in_excel(), name).status == "complete"


def test_reading_apart_gives_what_reading_here_gives():
    expected, _ = rendering.sample(1)
    found = isolated.read(in_word(), "报告.docx")
    assert (found.status, found.agency, found.tables.to_json()) == (
        "complete",
        rendering.AGENCY,
        expected.to_json(),
    )
    assert found.source.places[0] == "第1段"


# Damage -----------------------------------------------------------------------------------------------------

WHOLE = {
    "报告.docx": in_word,
    "报告.xlsx": in_excel,
    "报告.html": in_web,
    "报告.txt": lambda seed: rendering.as_lines(report(seed)).encode(),
    "报告.md": lambda seed: rendering.as_markdown(report(seed)).encode(),
    "报告.pdf": lambda seed: in_pdf(),
    "报告.png": lambda seed: as_file([np.full((300, 400), 240, np.uint8)], "png"),
    "报告.tiff": lambda seed: as_file([np.full((300, 400), 240, np.uint8)] * 2, "tiff"),
}


@lru_cache
def in_pdf():
    tables, _ = rendering.sample(1)
    return printed(tables)


def damaged(data, rng):
    """A file of which bytes are turned, lost, or written twice."""
    out = bytearray(data)
    kind = rng.randrange(4)
    if kind == 0:
        for _ in range(rng.randrange(1, 12)):
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del out[rng.randrange(len(out)) :]
    elif kind == 2:
        at = rng.randrange(len(out))
        del out[at : at + rng.randrange(1, 400)]
    else:
        at = rng.randrange(len(out))
        out[at:at] = out[at : at + rng.randrange(1, 400)]
    return bytes(out)


def answers_or_refuses(name, seed):
    rng = random.Random(f"{name}{seed}")
    data = damaged(WHOLE[name](seed % 7), rng)
    begun = time.monotonic()
    read = isolated.read(data, name)
    assert time.monotonic() - begun < SECONDS
    if read.status == "unreadable":
        refused(read)
    else:
        # What was read can be checked, whatever it is.
        check_report(read.tables, agency=read.agency, prose=read.prose)


@pytest.mark.parametrize("name", WHOLE)
def test_damaged_files_are_answered_or_refused(name):
    for seed in range(8):
        answers_or_refuses(name, seed)


@pytest.mark.soak
@pytest.mark.parametrize("name", WHOLE)
def test_many_damaged_files_are_answered_or_refused(name):
    for seed in range(8, 400):
        answers_or_refuses(name, seed)
