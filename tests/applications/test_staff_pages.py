"""The handler's pages: registration at the counter, one page per act, decision, letter, service, ledger, inbox."""

import re
from datetime import date
from uuid import uuid4

import pytest

from gongkai.agencies import navigation
from gongkai.applications import acts, decisions, notices
from gongkai.applications.act_views import PAGES
from gongkai.applications.models import Application, Letter, State
from tests.applications.cases import FACTS, PERSON, decided, released, sent, web


@pytest.fixture
def desk(office, client):
    client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def main_of(response):
    assert response.status_code == 200, response.status_code
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main")]


def test_from_the_counter_to_the_closed_case_by_screens_alone(office, at, desk):
    with at(2021, 4, 23):
        form = {
            "agency": str(office.agency.pk),
            "channel": "counter",
            "arrived": "2021-04-23",
            "addressee": "agency",
            "applicant_kind": "natural_person",
            "identity": "resident_id",
            "name": PERSON.name,
            "identity_number": PERSON.identity_number,
            "phone": PERSON.phone,
            "title": "补偿方案",
            "form": "paper",
            "way": "pick_up",
            "submission": str(uuid4()),
        }
        assert "read_back" in main_of(desk.get("/workbench/applications/new/"))
        answer = desk.post("/workbench/applications/new/", form)
        case = Application.objects.get()
        assert answer.url == f"/workbench/applications/{case.pk}/"
        page = main_of(desk.get(answer.url))
        assert "2021年5月24日" in page and "第三十三条第二款" in page and PERSON.name in page
        assert "调休上班，计入" in page
        assert f">{case.number}</a>" in main_of(desk.get("/workbench/applications/"))
        assert desk.get(f"{answer.url}receipt.pdf").content.startswith(b"%PDF")

        decide = f"/workbench/applications/{case.pk}/decide/"
        page = main_of(desk.get(decide))
        assert all(
            step in page for step in ("补不补", "是不是", "谁负责", "有没有", "给不给", "怎么给", "怎么答")
        )
        kept = main_of(desk.post(decide, {"outcome_key": "third_party_rights", "facts": FACTS}))
        assert "第三十二条" in kept and FACTS in kept
        answer = desk.post(decide, {"outcome_key": "provided", "facts": FACTS})
        letter = Letter.objects.get()
        assert answer.url == f"/workbench/letters/{letter.pk}/edit/"
        page = main_of(desk.get(answer.url))
        assert FACTS in page
        version = re.search(r'name="version" value="(\d+)"', page)[1]
        elements = {
            "facts_and_reasons": FACTS,
            "law": "条例第三十六条",
            "conclusion": "予以公开。",
            "version": version,
        }
        page = main_of(desk.post(answer.url, elements | {"submit": "1"}))
        assert "提供的信息清单" in page
    with at(2021, 4, 26):
        released(office, letter)
        send = f"/workbench/letters/{letter.pk}/send/"
        assert "第四十条" in main_of(desk.post(send, {"way": "electronic", "on": "2021-04-26"}))
        desk.post(send, {"way": "direct", "on": "2021-04-26", "words": "申请人本人签收"})
        case.refresh_from_db()
        assert case.state == State.ANSWERED
        assert letter.number in main_of(desk.get(f"/workbench/letters/{letter.pk}/"))
        desk.post(f"/workbench/applications/{case.pk}/act/close/", {})
        case.refresh_from_db()
        assert case.state == State.CLOSED
        assert letter.number in main_of(desk.get("/workbench/letters/?sent=true"))
        export = desk.get("/workbench/applications/?export=xlsx")
        assert export.content.startswith(b"PK")


@pytest.mark.parametrize("key", sorted(PAGES))
def test_every_act_has_a_page_that_says_why_it_is_refused(office, at, client, key):
    person = "handler" if "handler" in acts.ACTS[key].roles else "head"
    client.force_login(office.people[person], backend="django.contrib.auth.backends.ModelBackend")
    with at(2021, 4, 23):
        case = web(office)
        page = main_of(client.get(f"/workbench/applications/{case.pk}/act/{key}/"))
        assert acts.ACTS[key].law in page
        if case.state not in acts.ACTS[key].states:
            assert "consequence--refused" in page and 'type="submit"' not in page


def test_a_notice_is_begun_from_its_page_and_given_up(office, at, desk):
    with at(2021, 4, 23):
        case = web(office)
        where = f"/workbench/applications/{case.pk}/act/request_correction/"
        kept = main_of(desk.post(where, {"unclear": "年份不明", "items": "年份", "until": "2021-04-23"}))
        assert "年份不明" in kept and "第三十条" in kept
        answer = desk.post(where, {"unclear": "年份不明", "items": "年份", "until": "2021-05-10"})
        letter = Letter.objects.get()
        assert answer.url == f"/workbench/letters/{letter.pk}/edit/" and letter.kind == 4
        page = main_of(desk.get(f"/workbench/letters/{letter.pk}/"))
        assert "2021年5月10日" in page and "视为放弃申请" in page
        desk.post(f"/workbench/letters/{letter.pk}/give-up/")
        letter.refresh_from_db()
        assert letter.dropped


def test_an_opinion_is_entered_for_one_that_was_asked(office, at, desk):
    with at(2021, 4, 23):
        case = web(office)
        letter = notices.consult_third_party(
            office.actor("handler"), case, name="某建筑公司", information="补偿协议"
        )
        sent(office, letter, date(2021, 4, 23))
        where = f"/workbench/applications/{case.pk}/act/third_party_answered/"
        assert "某建筑公司" in main_of(desk.get(where))
        desk.post(where, {"ref": letter.terms["ref"], "on": "2021-04-23", "opinion": "agree"})
        assert case.events.filter(type="third_party_answered").count() == 1


def test_the_inbox_shows_what_waits(office, at):
    handler = office.actor("handler")
    with at(2021, 4, 23):
        case = web(office)
        [row] = [each for each in navigation.waiting(handler) if case.number in each.title]
        assert row.due_on == date(2021, 5, 24)
        letter = decided(office, case)
        [row] = [each for each in navigation.waiting(handler) if case.number in each.title]
        assert row.url == f"/workbench/letters/{letter.pk}/"
        letter = notices_sent(office, case, letter)
    with at(2021, 5, 10):
        assert not [each for each in navigation.waiting(handler) if case.number in each.title]
    with at(2021, 5, 11):
        [row] = [each for each in navigation.waiting(handler) if case.number in each.title]
        assert row.url == f"/workbench/applications/{case.pk}/"


def notices_sent(office, case, letter):
    """The decision is taken back and a correction asked for instead, until 10 May."""
    decisions.drop(office.actor("handler"), case, "应先补正")
    asked = notices.request_correction(
        office.actor("handler"), case, unclear="年份不明", items="年份", until=date(2021, 5, 10)
    )
    return sent(office, asked, date(2021, 4, 23))
