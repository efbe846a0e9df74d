"""`gongkai deadline`: the fixed form of its answers, its exit codes, and lines that try to break it."""

import json
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner

from gongkai.cli import main
from gongkai.cli.deadline import MAX_EVENTS, MAX_LINE_BYTES

RECEIVED = {"type": "received", "on": "2021-01-29"}
GOOD = json.dumps({"id": "a", "as_of": "2021-03-04", "events": [RECEIVED]})
KEYS = ["id", "due", "provisional", "overdue", "steps", "error"]


def run(data: bytes | str, *options: str) -> tuple[int, list[Any], str]:
    """Run the command; return the exit code, the parsed answers (or lines) and what went to standard error."""
    result = CliRunner().invoke(main, ["deadline", *options], input=data)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    lines = result.stdout.splitlines()
    return (
        result.exit_code,
        [json.loads(line) for line in lines] if "--json" in options else lines,
        result.stderr,
    )


def test_a_case_is_answered_in_the_fixed_form() -> None:
    code, (answer,), err = run(GOOD, "--json")
    assert (code, err) == (0, "")
    assert list(answer) == KEYS
    assert (answer["id"], answer["due"], answer["provisional"], answer["overdue"], answer["error"]) == (
        "a",
        "2021-03-03",
        False,
        True,
        None,
    )
    assert [step["on"] for step in answer["steps"]] == ["2021-01-29", "2021-03-03"]
    assert all(set(step) == {"on", "effect", "law"} and all(step.values()) for step in answer["steps"])


def test_one_bad_line_does_not_stop_the_others() -> None:
    unlawful = json.dumps({"id": 2, "events": [RECEIVED, {"type": "fee_paid", "on": "2021-02-01"}]})
    code, answers, _ = run("\n".join([GOOD, unlawful, "{bad", GOOD]), "--json")
    assert code == 1
    assert [answer["id"] for answer in answers] == ["a", 2, None, "a"]
    assert [answer["error"] is None for answer in answers] == [True, False, False, True]
    refused = answers[1]
    assert (refused["due"], refused["overdue"], refused["provisional"], refused["steps"]) == (
        None,
        None,
        False,
        [],
    )
    assert "第四十二条" in refused["error"]


@pytest.mark.parametrize(
    "case_id", [None, 0, -7, 1.5, "文号〔2021〕3号", "", True, [1, {"b": None}], {"k": []}, "\ud800"]
)
def test_the_id_comes_back_as_it_was(case_id: Any) -> None:
    _, (answer,), _ = run(json.dumps({"id": case_id, "events": [RECEIVED]}), "--json")
    assert answer["id"] == case_id
    assert type(answer["id"]) is type(case_id)
    _, (refused,), _ = run(json.dumps({"id": case_id, "events": []}), "--json")
    assert refused["id"] == case_id


def test_blank_lines_a_byte_order_mark_and_crlf_are_no_cases() -> None:
    code, answers, _ = run("\ufeff".encode() + b"\r\n\r\n" + GOOD.encode() + b"\r\n  \n", "--json")
    assert (code, [answer["due"] for answer in answers]) == (0, ["2021-03-03"])
    assert run("", "--json") == (0, [], "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"[]", "JSON 对象"),
        (b"7", "JSON 对象"),
        (b'"text"', "JSON 对象"),
        (b"null", "JSON 对象"),
        (b'{"id": 1}', "列表"),
        (b'{"id": 1, "events": {}}', "列表"),
        (b'{"id": 1, "events": []}', "received"),
        (b'{"id": NaN, "events": []}', "不是正确的 JSON"),
        (b'{"id": 1e999, "events": []}', "不是正确的 JSON"),
        (b'{"id": ' + b"9" * 5000 + b', "events": []}', "不是正确的 JSON"),
        (b'{"id": "\xff"}', "UTF-8"),
        (b"[" * 200_000, "嵌套过深"),
        (b'{"a":' * 100_000, "嵌套过深"),
        (b'{"id": ' + b"[" * 900 + b"]" * 900 + b', "events": []}', ""),
        (b'{"id": 1, "as_of": "yesterday", "events": []}', "as_of"),
        (b'{"id": 1, "as_of": 20210101, "events": []}', "as_of"),
        (b"\x00\x00", "不是正确的 JSON"),
    ],
)
def test_a_hostile_line_gets_one_clear_sentence(line: bytes, words: str) -> None:
    code, answers, err = run(line + b"\n" + GOOD.encode(), "--json")
    assert (code, err, len(answers)) == (1, "", 2)
    assert words in answers[0]["error"]
    assert answers[0]["error"].isprintable()
    assert answers[1]["due"] == "2021-03-03"


def test_a_very_long_line_is_refused_without_being_read_whole() -> None:
    long = b'{"id": "' + b"x" * (3 * MAX_LINE_BYTES) + b'"}'
    code, answers, _ = run(long + b"\n" + GOOD.encode() + b"\n" + long, "--json")
    assert code == 1
    assert ["1024 KiB" in (answer["error"] or "") for answer in answers] == [True, False, True]


def test_a_line_of_exactly_the_limit_is_read() -> None:
    padding = b" " * (MAX_LINE_BYTES - len(GOOD) - 1)
    code, answers, _ = run(GOOD.encode() + padding + b"\n" + GOOD.encode(), "--json")
    assert (code, len(answers)) == (0, 2)


def test_the_number_of_events_is_limited() -> None:
    asked = [{"type": "third_party_asked", "on": "2021-02-01"}] * MAX_EVENTS
    _, (allowed, refused), _ = run(
        json.dumps({"events": [RECEIVED, *asked[1:]]}) + "\n" + json.dumps({"events": [RECEIVED, *asked]}),
        "--json",
    )
    assert allowed["error"] is None
    assert f"最多{MAX_EVENTS}个" in refused["error"]


def test_for_people_it_prints_the_steps_and_sends_errors_to_standard_error() -> None:
    code, lines, err = run(GOOD + "\n{bad\n")
    assert code == 1
    assert lines[0] == "案件（a）：答复期限 2021-03-03，已逾期"
    assert "2021-01-29  收到申请" in lines[1]
    assert err == "第2行：格式错误：本行不是正确的 JSON，应为一行一个案件对象。\n"


def test_for_people_it_says_when_a_day_is_provisional_or_unknown() -> None:
    crossing = json.dumps({"id": 1, "events": [{"type": "received", "on": "2026-12-10"}]})
    stopped = json.dumps(
        {"id": 2, "events": [RECEIVED, {"type": "correction_requested", "on": "2021-02-01"}]}
    )
    code, lines, _ = run(crossing + "\n" + stopped)
    assert code == 0
    assert lines[0].startswith("案件（1）：答复期限 2027-01-08（暂定")
    assert any(line.startswith("案件（2）：答复期限暂不能确定：等待申请人补正") for line in lines)


def test_it_starts_without_django() -> None:
    script = (
        "import sys; from gongkai.cli import main\n"
        "try: main(['deadline', '--json'])\n"
        "except SystemExit as stop: code = stop.code\n"
        "sys.exit(code or 3 * ('django' in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=GOOD.encode(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["due"] == "2021-03-03"
