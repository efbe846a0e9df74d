"""`gongkai screen`: its lines, its exit codes, its errors."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.cli import main

ID = "410305199003071230"


def run(*arguments: object) -> tuple[int, list[dict[str, object]], str]:
    done = CliRunner().invoke(main, ["screen", *map(str, arguments), "--json"])
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clear.txt").write_text("保守国家秘密法；上网信息不涉密，涉密信息不上网。", encoding="utf-8")
    (tmp_path / "block.md").write_text("机密★1年\n", encoding="utf-8")
    (tmp_path / "warn.txt").write_text("截止2021年底，办结11件。", encoding="utf-8")
    (tmp_path / "empty.docx").write_bytes(b"")
    return tmp_path


def test_each_line_has_the_fixed_form(folder: Path) -> None:
    code, (line,), _ = run(folder / "block.md")
    assert code == 1
    assert line["file"] == str(folder / "block.md")
    assert set(line) == {"file", "verdict", "findings"}
    assert line["findings"] == [
        {
            "kind": "classification_mark",
            "layer": "text",
            "severity": "block",
            "excerpt": "机密★1年",
            "location": "正文，第 1 行",
        }
    ]


def test_exit_codes(folder: Path) -> None:
    assert run(folder / "clear.txt")[0] == 0
    assert run(folder / "warn.txt")[0] == 1
    assert run(folder / "warn.txt", folder / "clear.txt")[0] == 1
    assert run(folder / "empty.docx", folder / "block.md")[0] == 2


def test_a_folder_is_walked_and_every_file_has_its_line(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "名单.csv").write_text(f"姓名,身份证号\n张三,{ID}\n", encoding="gb18030")
    code, lines, errors = run(folder)
    assert code == 2
    assert {Path(str(line["file"])).name: line["verdict"] for line in lines} == {
        "block.md": "block",
        "clear.txt": "clear",
        "empty.docx": "unreadable",
        "warn.txt": "warn",
        "名单.csv": "block",
    }
    assert errors.count("\n") == 1
    assert "空文件" in errors


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    code, lines, errors = run(tmp_path / "none.docx")
    assert code == 2
    assert lines == [{"file": str(tmp_path / "none.docx"), "verdict": "unreadable", "findings": []}]
    assert errors == f"{tmp_path / 'none.docx'}：找不到或无权读取这个文件，请核对路径\n"


def test_without_json_it_reads_as_text(folder: Path) -> None:
    done = CliRunner().invoke(main, ["screen", str(folder / "warn.txt"), str(folder / "clear.txt")])
    assert done.exit_code == 1
    assert "提示　用语（正文）　正文　截止2021年底" in done.stdout
    assert "clear.txt：未发现问题" in done.stdout


def test_the_order_is_that_of_the_folder_however_long_a_file_takes(tmp_path: Path) -> None:
    (tmp_path / "00.txt").write_text("1 " * 400_000, encoding="utf-8")
    for number in range(1, 40):
        (tmp_path / f"{number:02}.txt").write_text("已办结", encoding="utf-8")
    code, lines, errors = run(tmp_path)
    assert [Path(str(line["file"])).stem for line in lines] == [f"{number:02}" for number in range(40)]
    # No terminal, no progress: what a program reads is only the lines and the reasons.
    assert (code, errors) == (0, "")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal of its own")
def test_on_a_terminal_it_says_how_far_it_is(folder: Path) -> None:
    (folder / "换\x1b[2J行.txt").write_text("已办结", encoding="utf-8")
    terminal, far_end = os.openpty()
    done = subprocess.run(
        [sys.executable, "-c", "from gongkai.cli import main; main()", "screen", str(folder), "--json"],
        stdout=subprocess.PIPE,
        stderr=far_end,
        check=False,
    )
    os.close(far_end)
    said = os.read(terminal, 1 << 16).decode()
    os.close(terminal)
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 5
    assert "已筛查 0 个文件，正在读取 block.md" in said
    assert "已筛查 3 个文件，正在读取 warn.txt" in said
    # A name moves no cursor, and at the end the line is taken away.
    assert "\x1b[2J" not in said
    assert said.endswith("\r\x1b[K")
