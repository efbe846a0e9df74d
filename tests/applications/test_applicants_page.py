"""What the applicant says back and reads on: rating, suggestion, what can be done now, cases that belong together."""

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from gongkai.agencies.policy import Refused
from gongkai.applications import decisions, events, intake, notices, satisfaction, suggesting, tracking
from gongkai.applications.models import Application, CaseEvent, Satisfaction
from gongkai.journal import clock
from gongkai.journal.models import Entry, NeverChanged
from tests.applications.cases import PERSON, REQUEST, decided, sent, web

HERE = "198.51.100.7"
SOMEBODY_ELSE = "810000199001010019"


def answered(office, outcome="provided"):
    case = web(office)
    sent(office, decided(office, case, outcome), clock.today())
    case.refresh_from_db()
    return case


def proof(case):
    return case.number, intake.query_code(case), HERE


def typed(case, **more):
    return {"number": case.number, "code": intake.query_code(case)} | more


def test_a_case_is_rated_once_and_only_after_its_answer(office, at):
    with at(2021, 4, 23):
        case = web(office)
        with pytest.raises(Refused, match="答复发出后"):
            satisfaction.rate(*proof(case), score=5)
        letter = decided(office, case)
        sent(office, letter, clock.today())
        row = satisfaction.rate(*proof(case), score=2, words=" 经办人很耐心，只是慢了些。 ")
        with pytest.raises(Refused, match="已经评价过"):
            satisfaction.rate(*proof(case), score=5)
    assert (row.score, row.application) == (2, case)
    assert "耐心" not in row.sealed
    [entry] = Entry.objects.filter(action="application.rated")
    assert "耐心" not in entry.data and "applications_satisfaction" in entry.data
    with pytest.raises(NeverChanged):
        Satisfaction.objects.filter(pk=row.pk).update(score=5)


@pytest.mark.parametrize(("score", "words"), [(0, ""), (6, ""), (3, "长" * 1001)])
def test_a_rating_out_of_bounds_is_refused(office, at, score, words):
    with at(2021, 4, 23):
        case = answered(office)
        with pytest.raises(Refused):
            satisfaction.rate(*proof(case), score=score, words=words)
    assert not Satisfaction.objects.exists()


def test_without_the_code_nobody_rates_or_suggests(office, at):
    with at(2021, 4, 23):
        case = answered(office)
        for act in (
            lambda: satisfaction.rate(case.number, "A" * 12, HERE, score=1),
            lambda: suggesting.suggest(case.number, "A" * 12, HERE),
        ):
            with pytest.raises(Refused, match="不"):
                act()
    assert not Satisfaction.objects.exists() and not CaseEvent.objects.filter(type="suggested").exists()


@pytest.mark.parametrize("outcome", ["not_found", "internal_affairs"])
def test_only_what_was_given_can_be_suggested_for_publication(office, at, outcome):
    with at(2021, 4, 23):
        case = answered(office, outcome)
        with pytest.raises(Refused) as refusal:
            suggesting.suggest(*proof(case))
    assert "第四十四条" in refusal.value.article


def test_a_suggestion_stands_in_the_case_once(office, at, client):
    with at(2021, 4, 23):
        case = answered(office)
        suggesting.suggest(*proof(case))
        with pytest.raises(Refused, match="已经提出过"):
            suggesting.suggest(*proof(case))
        client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
        assert "申请人建议主动公开" in client.get(f"/workbench/applications/{case.pk}/").content.decode()
    assert case.events.filter(type="suggested", person=None).count() == 1


def test_the_applicant_rates_and_suggests_on_the_page_and_is_asked_no_more(office, at, client):
    with at(2021, 4, 23):
        case = answered(office)
        page = client.post("/track/", typed(case)).content.decode()
        assert 'name="rate"' in page and 'name="suggest"' in page
        page = client.post("/track/", typed(case, suggest="1")).content.decode()
        assert 'name="suggest"' not in page and "您的建议已经提交" in page
        page = client.post("/track/", typed(case, rate="1")).content.decode()
        assert 'href="#id_score' in page and not Satisfaction.objects.exists()
        page = client.post("/track/", typed(case, rate="1", score="4", words="谢谢")).content.decode()
        assert 'name="rate"' not in page and "已经记录" in page
        page = client.post("/track/", typed(case, rate="1", score="1")).content.decode()
        assert "已经评价过" in page
    assert Satisfaction.objects.get().score == 4
    for secret in (PERSON.name, PERSON.phone, REQUEST.title):
        assert secret not in page


def test_the_page_says_what_can_be_done_now(office, at):
    office.agency.phone = "0379-00000000"
    office.agency.save()
    with at(2021, 4, 23):
        case = web(office)
        [words] = tracking.now(case)
        assert "0379-00000000" in words and case.number in words
        asked = notices.request_correction(
            office.actor("handler"), case, unclear="年份不明", items="年份", until=date(2021, 5, 10)
        )
        sent(office, asked, clock.today())
        case.refresh_from_db()
        [words] = tracking.now(case)
        assert "2021年5月10日" in words and "第三十条" in words
        done = answered(office)
        assert "答复在下方" in tracking.now(done)[0]


def test_the_parts_of_a_divided_application_open_from_its_page(office, at, client):
    with at(2021, 4, 23):
        case = web(office)
        part = web(office)
        Application.objects.filter(pk=part.pk).update(origin=case)
        page = client.post("/track/", typed(case)).content.decode()
        assert f'value="{part.number}"' in page and f'value="{intake.query_code(part)}"' in page
        back = client.post("/track/", typed(part)).content.decode()
        assert f'value="{intake.query_code(case)}"' in back


def test_a_case_handled_with_another_shows_its_letters_from_then_on_and_not_the_others_number(
    office, at, client
):
    with at(2021, 4, 23):
        lead, case = (
            web(
                office,
                person=replace(PERSON, name="李四", identity="hkmt_residence", identity_number=SOMEBODY_ELSE),
            ),
            web(office),
        )
        before = decided(office, lead, "not_found")
        decisions.drop(office.actor("handler"), lead, "另行办理")
        with transaction.atomic():
            actor = office.actor("handler")
            events.write(events.lock(case.pk), "merged", clock.today(), actor, lead=str(lead.pk))
            events.write(events.lock(lead.pk), "merged", clock.today(), actor, follower=str(case.pk))
        letter = decided(office, lead, "not_found")
        sent(office, letter, clock.today())
        case.refresh_from_db()
        assert [paper.letter for paper in tracking.papers(case)] == [
            letter
        ] and before not in tracking.papers(case)
        remedy = tracking.remedy(case)
        assert remedy is not None and "行政复议" in remedy.text
        page = client.post("/track/", typed(case)).content.decode()
    assert lead.number not in page and "合并办理" in page


def test_nothing_but_registered_events_of_the_case_are_told(office, at):
    with at(2021, 4, 23):
        case = web(office)
        with transaction.atomic():
            events.write(
                events.lock(case.pk), "note", clock.today(), office.actor("handler"), words="内部意见"
            )
        told = [entry["title"] for entry in tracking.follow(case).timeline]
    assert told and "内部意见" not in "".join(told) and len(told) == 2


def test_after_the_term_the_way_on_is_shown(office, at):
    with at(2021, 4, 23):
        case = intake.submit(
            office.agency, intake.Taken("natural_person", PERSON, REQUEST), submission=uuid4()
        )
    late = case.due_on + timedelta(days=1)
    with at(late.year, late.month, late.day):
        remedy = tracking.remedy(case)
    assert remedy is not None and remedy.reconsideration_last is not None and not remedy.over
    assert not re.search("必须", remedy.text)
