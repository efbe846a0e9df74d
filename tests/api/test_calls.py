"""What integrators do: register, read, act, fetch letters, compute."""

import base64
import json
from datetime import date
from uuid import uuid4

import pytest

from gongkai.applications import figures
from gongkai.applications.models import Application, State
from gongkai.journal.models import Entry
from gongkai.rulebook.receipt import Arrival, Channel
from tests.api.programs import amendment, application, program
from tests.applications.cases import came, decided, released, sent, web

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def test_a_registered_application_has_its_number_its_clock_and_what_may_be_done(office, at):
    with at(2021, 3, 1):
        caller = program(office)
        made = caller.post("applications", application(office))
        assert made.status_code == 201
        said = made.json()
        assert said["number"].startswith("XG0123-2021-") and len(said["query_code"]) == 12
        case = said["case"]
        assert (case["state"], case["received_on"], case["due_on"]) == (
            "processing",
            "2021-03-01",
            "2021-03-29",
        )
        assert case["clock"]["steps"][0]["law"] and not case["provisional"]
        verdicts = {each["act"]: each for each in case["acts"]}
        assert verdicts["decide"]["allowed"] and not verdicts["close"]["allowed"]
        assert verdicts["close"]["reason"] and verdicts["close"]["article"]
        assert "张三丰" not in made.content.decode() and "13800138000" not in made.content.decode()


def test_the_same_submission_is_registered_once(office, at):
    with at(2021, 3, 1):
        caller = program(office)
        body = application(office)
        first, again = caller.post("applications", body), caller.post("applications", body)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["number"] == again.json()["number"] and Application.objects.count() == 1
        other = caller.post("applications", body | {"title": "另一份文件"})
        assert other.status_code == 409 and other.json()["way_out"]
        moved = caller.post("applications", body | {"name": "李四"})
        assert moved.status_code == 409 and Application.objects.count() == 1


def test_a_request_to_amend_a_record_is_registered_once_and_decided_as_one(office, at):
    with at(2021, 3, 1):
        caller, body = program(office), amendment(office)
        made, again = caller.post("amendments", body), caller.post("amendments", body)
        assert (made.status_code, again.status_code) == (201, 200), made.json()
        said = made.json()
        assert said["number"] == again.json()["number"] and len(said["query_code"]) == 12
        case = said["case"]
        assert (case["matter"], case["state"], case["due_on"]) == ("amendment", "processing", "2021-03-29")
        assert "第四十一条" in case["clock"]["steps"][0]["effect"]
        verdicts = {each["act"]: each["allowed"] for each in case["acts"]}
        assert verdicts["decide_amendment"] and not verdicts.get("decide")
        assert "张三丰" not in made.content.decode() and "84平方米" not in made.content.decode()
        seen = caller.get(f"applications/{said['id']}/personal").json()["wanted"]
        assert (seen["record"], seen["correction"]) == (body["record"], "84平方米")
        other = caller.post("amendments", body | {"correction": "85平方米"})
        assert other.status_code == 409 and other.json()["way_out"]
        plain = caller.post("applications", application(office, submission=body["submission"]))
        assert plain.status_code == 409 and Application.objects.count() == 1
        done = caller.post(
            f"applications/{said['id']}/acts/decide_amendment",
            {"result": "record_amended", "facts": "经核对权证原件，登记有误。", "amended": "84平方米"},
        )
        assert done.status_code == 200 and done.json()["letter"], done.json()


def test_what_art_41_asks_for_is_asked_of_a_program_as_of_a_clerk(office, at):
    with at(2021, 3, 1):
        caller = program(office)
        for lacking in ("record", "wrong", "proof", "correction"):
            answer = caller.post("amendments", amendment(office, **{lacking: " "}))
            assert (answer.status_code, set(answer.json()["fields"])) == (422, {lacking})
        files = [{"name": "权证.pdf", "data": base64.b64encode(PDF).decode()}]
        proved = caller.post("amendments", amendment(office, proof="", files=files))
        assert proved.status_code == 201, proved.json()
        wrong = caller.post("amendments", amendment(office, title="一份文件"))
        assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"title"})
        short = amendment(office, channel="registered_mail", signed="2021-03-01", proof="", correction="")
        assert caller.post("amendments", short).status_code == 201
        future = caller.post("amendments", amendment(office, arrived="2021-03-02"))
        assert future.status_code == 409 and "2021-03-02" in future.json()["message"]
        together = [{"name": "李四", "identity": "passport", "identity_number": "E12345678", "phone": "139"}]
        joint = caller.post("amendments", amendment(office, co_applicants=together))
        assert joint.status_code == 201, joint.json()
        reader = program(office, "reviewer", name="另一个程序")
        assert reader.post("amendments", amendment(office)).status_code == 403


def test_further_applicants_and_files_come_along(office, at):
    with at(2021, 3, 1):
        caller = program(office)
        body = application(
            office,
            co_applicants=[
                {"name": "李四", "identity": "passport", "identity_number": "E12345678", "phone": "139"}
            ],
            files=[{"name": "申请书.pdf", "data": base64.b64encode(PDF).decode()}],
        )
        made = caller.post("applications", body)
        assert made.status_code == 201, made.json()
        seen = caller.get(f"applications/{made.json()['id']}/personal").json()
        assert seen["applicant"]["co_applicants"][0]["name"] == "李四"
        assert seen["wanted"]["materials"] == ["申请书.pdf"]
        assert caller.post("applications", body).status_code == 200
        other = [{"name": "申请书.pdf", "data": base64.b64encode(PDF + b"\n").decode()}]
        assert caller.post("applications", body | {"files": other}).status_code == 409
        wrong = caller.post(
            "applications",
            application(office, co_applicants=[{"name": "", "identity_number": "1"}]),
        )
        assert wrong.status_code == 422
        assert "co_applicants.0.name" in wrong.json()["fields"]


def test_what_is_wrong_is_said_field_by_field_in_the_readers_language(office, at):
    with at(2021, 3, 1):
        caller = program(office)
        body = application(office, channel="pigeon", arrived="2021-02-31", phone="1" * 41, surplus=1)
        del body["applicant_kind"]
        said = caller.post("applications", body).json()
        assert set(said["fields"]) == {"channel", "phone", "surplus", "applicant_kind", "arrived"}
        assert said["fields"]["phone"] == "At most 40 characters."
        said = caller.post("applications", application(office, arrived="2021-02-31")).json()
        assert set(said["fields"]) == {"arrived"}
        caller.language = "zh-CN,zh;q=0.9,en;q=0.1"
        said = caller.post(
            "applications", application(office, identity_number="110105194912310021", phone="")
        ).json()
        assert "证" in said["fields"]["identity_number"] and "电话" in said["fields"]["phone"]
        assert said["message"].endswith("。")
        del body["surplus"]
        assert "缺少" in caller.post("applications", body).json()["fields"]["applicant_kind"]


def test_an_unlawful_act_names_the_article_and_the_way_out(office, at):
    with at(2021, 3, 1):
        case = web(office)
        caller = program(office)
        refused = caller.act(case, "close", **_close())
        assert refused.status_code == 409
        said = refused.json()
        assert "《" in said["article"] and "decide" in said["way_out"] and said["message"]
    with at(2021, 3, 20):
        late = caller.act(case, "request_correction", unclear="不明", items="年份", until="2021-04-01")
        assert late.status_code == 409 and "第三十条" in late.json()["article"]


def _close():
    return {}


def test_an_act_drafts_its_letter_and_shows_the_case_after_it(office, at):
    with at(2021, 3, 1):
        case = web(office)
        caller = program(office)
        done = caller.act(case, "request_correction", unclear="未说明年份", items="年份", until="2021-03-20")
        assert done.status_code == 200
        letter = done.json()["letter"]
        assert [each["id"] for each in done.json()["case"]["letters"]] == [letter]
        found = caller.get(f"letters/{letter}").json()
        assert (found["act"], found["number"], found["files"]) == ("request_correction", "", [])
        assert caller.get(f"letters/{letter}/pdf").status_code == 404
        early = caller.post(
            f"letters/{letter}/dispatch", {"way": "direct", "on": "2021-03-01", "words": "张三签收"}
        )
        assert early.status_code == 409 and "第十七条" in early.json()["article"]


def test_the_fair_copy_of_a_released_letter_is_fetched_with_a_journal_entry(committed, at):
    with at(2021, 3, 1):
        case = web(committed)
        caller = program(committed)
        made = caller.act(case, "decide", outcome_key="provided", facts="所申请的信息由本机关制作并保存。")
        assert made.status_code == 200 and made.json()["case"]["state"] == "decided"
        letter = decided(committed, case)
        letter = released(committed, letter)
        found = caller.get(f"letters/{letter.pk}").json()
        assert found["number"] == letter.number and set(found["files"]) == {"pdf", "docx"}
        paper = caller.get(f"letters/{letter.pk}/pdf")
        assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
        assert paper["Content-Type"] == "application/pdf" and paper["Cache-Control"] == "no-store"
        assert "api letter.pdf" in Entry.objects.filter(action="application.shown").last().data
        reader = program(committed, name="只读", scopes=["read:cases"])
        assert reader.get(f"letters/{letter.pk}/docx").status_code == 403


def test_the_list_narrows_and_pages_by_key(office, at):
    with at(2021, 3, 1):
        cases = [web(office) for _n in range(5)]
        late = came(office, Channel.ORDINARY_MAIL, Arrival(date(2021, 3, 1)))
        caller = program(office)
        first = caller.get("applications?limit=4").json()
        web(office)
        second = caller.get(f"applications?limit=4&after={first['next']}").json()
        numbers = [each["number"] for each in first["items"] + second["items"]]
        assert numbers == sorted([each.number for each in (*cases, late)], reverse=True)
        assert second["next"] is None
        assert [each["id"] for each in caller.get("applications?state=registered").json()["items"]] == [
            str(late.pk)
        ]
        assert len(caller.get("applications?open=true&received=2021&due_by=2021-03-29").json()["items"]) == 6
        assert caller.get("applications?received=2022").json()["items"] == []
        assert len(caller.get("applications?number=-2021-0002").json()["items"]) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("statte=registered", "statte"),
        ("state=open", "state"),
        ("limit=0", "limit"),
        ("limit=1.5", "limit"),
        ("received=20210", "received"),
        ("due_by=2021-02-30", "due_by"),
        ("after=", "after"),
        ("agency=1", "agency"),
        ("number=%00", "number"),
    ],
)
def test_a_filter_that_is_wrong_is_named(office, query, field):
    refused = program(office).get(f"applications?{query}")
    assert refused.status_code == 422 and set(refused.json()["fields"]) == {field}


def test_the_figures_are_those_of_the_report(office, at):
    with at(2021, 3, 1):
        case = web(office)
        caller = program(office)
        assert caller.act(case, "withdraw", on="2021-03-01", words="当面书面撤回").status_code == 200
        said = caller.get(f"agencies/{office.agency.pk}/statistics/2021").json()
        assert said["rows"] == figures.table(office.agency, 2021)
        assert said["rows"]["r1"]["natural_person"] == 1
        for year in ("1999", "21", "abc", "2021.0"):
            assert caller.get(f"agencies/{office.agency.pk}/statistics/{year}").status_code == 422


def test_a_case_of_others_gets_its_due_day(office):
    caller = program(office, scopes=["read:reports"])
    said = caller.post("deadline", {"id": [1], "events": [{"type": "received", "on": "2026-03-02"}]}).json()
    assert (said["id"], said["due"], said["error"]) == ([1], "2026-03-30", None)
    late = {"type": "correction_requested", "on": "2026-03-20"}
    said = caller.post("deadline", {"events": [{"type": "received", "on": "2026-03-02"}, late]}).json()
    assert said["due"] is None and "第三十条" in said["error"]
    wrong = caller.post("deadline", {"events": [{"type": "received", "on": "2026-3-2", "x": 1}], "y": 2})
    assert set(wrong.json()["fields"]) == {"events.0.on", "events.0.x", "y"}


def test_the_numbers_of_the_documents_examples_are_those_of_the_command(office):
    """The answer is the line form of `gongkai deadline --json`."""
    from click.testing import CliRunner

    from gongkai.cli.deadline import deadline

    case = {"id": 7, "as_of": "2026-04-30", "events": [{"type": "received", "on": "2026-03-02"}]}
    line = CliRunner().invoke(deadline, ["--json"], input=json.dumps(case)).output
    assert json.loads(line) == program(office).post("deadline", case).json()


def test_what_may_be_sent_as_a_file_is_what_the_screen_takes(office, at):
    with at(2021, 3, 1):
        case = web(office)
        caller = program(office)
        for file, status in (
            ({"name": "说明.pdf", "data": base64.b64encode(PDF).decode()}, 200),
            ({"name": "a.exe", "data": base64.b64encode(b"MZ" + b"\0" * 100).decode()}, 409),
            ({"name": "a.pdf", "data": "AAA"}, 422),
            ({"name": "a.pdf", "data": "不是"}, 422),
            ({"name": "a.pdf"}, 422),
        ):
            answer = caller.act(case, "note", text="材料", files=[file])
            assert answer.status_code == status, answer.json()


def test_states_are_words_too(office, at):
    with at(2021, 3, 1):
        case = web(office)
        caller = program(office)
        assert caller.get(f"applications/{case.pk}").json()["state_label"] == "in hand"
        caller.language = "zh"
        chinese = caller.get(f"applications/{case.pk}")
        assert (
            chinese.json()["state_label"] == State.PROCESSING.label
            or chinese["Content-Language"] == "zh-hans"
        )
        assert caller.get(f"applications/{uuid4()}").json()["message"].endswith("。")


def test_who_may_not_open_a_letter_is_not_told_how_it_went_out(committed, at):
    with at(2021, 3, 1):
        letter = sent(committed, decided(committed, web(committed)), date(2021, 3, 1))
        own = program(committed).get(f"letters/{letter.pk}").json()
        above = program(committed, "supervisor", agency=committed.district, name="区级平台")
        seen = above.get(f"letters/{letter.pk}").json()
        assert (own["way"], seen["way"], seen["number"]) == ("direct", "", letter.number)
        assert above.get(f"letters/{letter.pk}/pdf").status_code == 403
        assert own["arrived_on"] == seen["arrived_on"] == "2021-03-01"
