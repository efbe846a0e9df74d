"""What strangers send: broken, huge, deep, wrong; each is told in JSON, and nothing breaks."""

import json
import threading

import pytest
from django.db import OperationalError, connection
from django.test import Client

from gongkai.api import act_calls, case_calls
from gongkai.applications.models import CaseEvent
from gongkai.rulebook.receipt import Arrival, Channel
from tests.api.programs import application, program
from tests.applications.cases import came, web


def raw(caller, path, data, kind="application/json", **more):
    headers = {"Authorization": f"Bearer {caller.token}", "Accept-Language": "en"}
    client = Client(raise_request_exception=False)
    return client.post(
        f"/api/v1/{path}", data=data, content_type=kind, headers=headers, REMOTE_ADDR="10.1.2.3"
    )


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"events": NaN}', 400),
        (b'{"events": [], "events": []}', 400),
        (b"[" * 100_000, 400),
        (b'{"id": ' + b"[" * 30 + b"]" * 30 + b', "events": []}', 400),
        (b'{"id": ' + b"9" * 5000 + b', "events": []}', 400),
        (b"[]", 422),
        (b"null", 422),
        (b'{"events": [], "id": "\\ud800"}', 400),
        (b'{"events": [{"type": "\\ud800", "on": "2021-01-01"}]}', 400),
    ],
)
def test_a_body_that_is_no_case_is_refused(office, data, status):
    answer = raw(program(office), "deadline", data)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/json") and answer.json()["message"]


def test_too_large_another_type_and_another_method(office, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    caller = program(office)
    assert raw(caller, "deadline", b'{"id": "' + b"x" * 3000 + b'", "events": []}').status_code == 413
    assert raw(caller, "deadline", b'{"events": []}', "text/plain").status_code == 415
    assert raw(caller, "deadline", b"events=1", "application/x-www-form-urlencoded").status_code == 415
    for method in ("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"):
        answer = caller.call(method, "deadline")
        assert (answer.status_code, answer["Allow"]) == (405, "POST"), method
        assert answer["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    "path", ["", "nothing", "v1", "v1/nothing", "v1/applications/1", "v1/openapi.json/", "v2/x"]
)
def test_other_addresses_are_told_in_json(client, db, path):
    answer = client.get(f"/api/{path}", headers={"Accept-Language": "en"})
    assert answer.status_code == 404 and answer.json()["message"] == "There is nothing at this address."


def test_a_wrong_host_is_told_in_json(client, db):
    answer = client.get("/api/v1/token", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400 and answer.json()["message"]


def test_what_breaks_is_in_the_log_and_not_in_the_answer(office, at, monkeypatch, caplog):
    with at(2021, 3, 1):
        case = web(office)
        caller = program(office)

        def broken(*_given):
            raise RuntimeError("secret detail")

        monkeypatch.setattr(case_calls, "shown", broken)
        answer = caller.get(f"applications/{case.pk}")
        assert answer.status_code == 500 and "secret" not in answer.content.decode()
        assert "secret detail" in caplog.text

        def crossed(*_given):
            raise OperationalError("database is locked")

        monkeypatch.setattr(case_calls, "shown", crossed)
        assert caller.get(f"applications/{case.pk}").status_code == 409


def test_hostile_text_stays_text(office, at):
    with at(2021, 3, 1):
        case = web(office)
        caller = program(office)
        for text in ("<script>alert(1)</script>", "'; DROP TABLE x; --", "\u202e反", "{{ 7*7 }}", "𠮷" * 100):
            assert caller.act(case, "note", text=text).status_code == 200
        assert caller.act(case, "note", text="零\u0000字").status_code == 422
        assert caller.act(case, "note", text="长" * 100_000).status_code == 422
        made = caller.post("applications", application(office, title="=cmd|' /C calc'!A0", name="<b>张</b>"))
        assert made.status_code == 201


def test_a_decision_that_never_was_is_none_that_was_overlooked(office, at):
    with at(2021, 3, 1):
        case, caller = web(office), program(office)
        said = {"outcome_key": "provided", "facts": "所申请的信息由本机关制作并保存。"}
        assert caller.act(case, "decide", seen="演示", **said).status_code == 200
        again = caller.act(case, "decide", seen="演示", **said)
        assert again.status_code == 409 and "2021-03-01" in again.json()["message"]


@pytest.mark.commits
def test_two_calls_at_once_on_one_case_one_is_told(committed, at):
    from datetime import date

    with at(2021, 3, 1):
        case = came(committed, Channel.ORDINARY_MAIL, Arrival(date(2021, 3, 1)))
        callers = [program(committed), program(committed, "second_handler", name="另一个程序")]
    start, answers = threading.Barrier(2), {}

    def run(n):
        try:
            start.wait(10)
            with at(2021, 3, 2):
                answers[n] = callers[n].act(case, "confirm", on="2021-03-02")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answer.status_code for answer in answers.values()) == [200, 409]
    refused = next(answer for answer in answers.values() if answer.status_code == 409)
    assert refused.json()["message"]
    assert CaseEvent.objects.filter(application=case, type="received").count() == 1


@pytest.mark.commits
def test_the_same_application_sent_twice_at_once_is_registered_once(committed, at):
    with at(2021, 3, 1):
        caller, body = program(committed), application(committed)
    start, answers = threading.Barrier(2), {}

    def run(n):
        try:
            start.wait(10)
            with at(2021, 3, 1):
                answers[n] = caller.post("applications", body)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {answer.status_code for answer in answers.values()} <= {200, 201}
    assert len({json.loads(answer.content)["id"] for answer in answers.values()}) == 1


def test_the_way_out_counts_the_state_after_the_refusal(office, at):
    with at(2021, 3, 1):
        case = web(office)
        caller = program(office, "reviewer")
        assert caller.act(case, "decide", outcome_key="provided", facts="x").status_code == 403
        assert act_calls.way_out(office.actor("reviewer"), case).count("(note)") == 1
