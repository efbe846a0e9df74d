"""From an answer to an item (art. 44): one click, nothing of the applicant, three reviews as always."""

from dataclasses import replace
from datetime import date

import pytest

from gongkai.agencies.policy import Refused
from gongkai.applications import act_views, conversion, intake, letters, menu, suggesting
from gongkai.applications.acts import ACTS
from gongkai.applications.models import Conversion
from gongkai.applications.personal import Request
from gongkai.disclosure import content as contents
from gongkai.files import storage
from gongkai.review import drafts
from gongkai.rulebook.receipt import Arrival, Channel
from tests.applications.cases import PERSON, came, complete, decided, released, sent, web

pytestmark = pytest.mark.django_db
WANTED = Request(title="健康路棚户区改造项目征收补偿方案", description="2020年的补偿标准")
OTHER = replace(PERSON, name="李四光", identity_number="110105194912310038", phone="13900139000")
GIVEN = "《健康路棚户区改造项目征收补偿方案》，共12页。"


def answered(office, *, person=PERSON, information=GIVEN, name="补偿方案.txt", outcome="provided"):
    case = web(office, person=person, request=WANTED)
    letter = decided(office, case, outcome, elements={"information_list": information})
    if name:
        letters.attach(office.actor("handler"), letter, "补偿标准：每平方米五千元。".encode(), name)
    sent(office, letter, date(2021, 4, 23))
    case.refresh_from_db()
    return case


def wished(actor):
    """What the inbox proposes for proactive disclosure."""
    return [row for row in menu.waiting(actor) if row.url.endswith("/alike/")]


def draft(item):
    return drafts.draft_of(contents.KIND, item.pk).content


def test_an_answer_becomes_an_item_draft_that_links_both_ways(office, at):
    with at(2021, 4, 23):
        case = answered(office)
        made = conversion.convert(office.actor("handler"), case)
    said = draft(made.item)
    assert said["title"] == WANTED.title and GIVEN.rstrip("。") in said["body"]
    assert said["source"] == "依申请公开转主动公开"
    assert [storage.read(row.file_id) for row in storage.attached(contents.KIND, made.item.pk)] == [
        "补偿标准：每平方米五千元。".encode()
    ]
    assert (made.item.origin_kind, made.item.origin_id) == ("application", case.pk)
    assert Conversion.objects.get().item == made.item
    assert case.events.get(type="converted").data == {"item": str(made.item.pk)}


def test_nothing_of_the_applicant_goes_along(office, at):
    private = f"寄往{PERSON.address}，{PERSON.name}收。"
    with at(2021, 4, 23):
        case = answered(office, information=f"{GIVEN}\n{private}", name=f"给{PERSON.name}的材料.txt")
        made = conversion.convert(office.actor("handler"), case)
    text = str(draft(made.item)) + "".join(row.name for row in storage.attached(contents.KIND, made.item.pk))
    for secret in (PERSON.name, PERSON.phone, PERSON.identity_number, PERSON.address, PERSON.email):
        assert secret not in text
    assert made.left_out == 2
    assert "附件1.txt" in text


def test_a_case_is_proposed_once(office, at):
    with at(2021, 4, 23):
        case = answered(office)
        conversion.convert(office.actor("handler"), case)
        with pytest.raises(Refused, match=WANTED.title):
            conversion.convert(office.actor("handler"), case)
    assert Conversion.objects.count() == 1


@pytest.mark.parametrize("outcome", ["deliberative", "not_found"])
def test_what_was_not_given_is_not_converted(office, at, outcome):
    with at(2021, 4, 23):
        case = web(office, request=WANTED)
        letter = decided(office, case, outcome)
        complete(office, letter)
        released(office, letter)
        with pytest.raises(Refused):
            conversion.convert(office.actor("handler"), case)
    assert not Conversion.objects.exists()


def test_a_reviewer_does_not_convert(office, at):
    with at(2021, 4, 23):
        case = answered(office)
        with pytest.raises(Refused):
            conversion.convert(office.actor("reviewer"), case)


def test_wishes_of_several_are_proposed_until_converted_or_declined(office, at, client):
    with at(2021, 4, 23):
        first = answered(office)
        assert not conversion.proposed(office.agency)
        second = answered(office, person=OTHER)
        wish = conversion.proposed(office.agency).get()
        assert (wish["applicants"], wish["cases"], wish["latest"]) == (2, 2, second.pk)
        client.force_login(office.people["handler"])
        page = client.get("/workbench/applications/wishes/").content.decode()
        assert second.number in page
        # It comes to the inbox, of the clerk and of the head; not of the leaders.
        for name in ("handler", "head"):
            [row] = wished(office.actor(name))
            assert row.title == second.number and row.url.endswith(f"/{second.pk}/alike/")
            assert str(row.step).startswith("2名申请人获得了相同信息")
        assert not wished(office.actor("approver"))
        conversion.decline(office.actor("head"), first, "内容已经过时")
        assert not conversion.proposed(office.agency) and not wished(office.actor("head"))


def test_the_same_applicant_twice_is_not_several(office, at, client):
    with at(2021, 4, 23):
        answered(office)
        case = answered(office)
        assert not conversion.proposed(office.agency)
        client.force_login(office.people["handler"])
        assert case.number not in client.get("/workbench/applications/wishes/").content.decode()


@pytest.mark.parametrize("considered", ["converted", "declined"])
def test_what_an_applicant_suggests_waits_until_it_is_considered(office, at, client, considered):
    """Art. 44(2): what belongs to proactive disclosure is published; the suggestion reaches somebody."""
    with at(2021, 4, 23):
        case = answered(office)
        assert not wished(office.actor("handler"))
        suggesting.suggest(case.number, intake.query_code(case), "203.0.113.7")
        [row] = wished(office.actor("handler"))
        assert row.title == case.number and str(row.step) == "申请人建议主动公开，待研究"
        client.force_login(office.people["handler"])
        assert case.number in client.get("/workbench/applications/wishes/").content.decode()
        page = client.get(row.url).content.decode()
        assert "/act/convert/" in page and "/alike/decline/" in page
        if considered == "converted":
            conversion.convert(office.actor("handler"), case)
        else:
            conversion.decline(office.actor("handler"), case, "不属于主动公开范围")
        assert not wished(office.actor("handler"))


def test_of_two_pictures_that_were_suggested_each_is_considered_by_itself(office, at):
    """What was filed as a picture says nothing by which two wishes could be told the same."""
    with at(2021, 4, 23):
        arrival = Arrival(date(2021, 4, 22), signed=date(2021, 4, 22))
        cases = []
        for person in (PERSON, OTHER):
            picture = {"request": Request(), "files": [intake.Upload("来信.txt", b"x")], "person": person}
            case = came(office, Channel.REGISTERED_MAIL, arrival, **picture)
            sent(office, decided(office, case), date(2021, 4, 23))
            suggesting.suggest(case.number, intake.query_code(case), "203.0.113.7")
            cases.append(case)
        conversion.decline(office.actor("handler"), cases[0], "不属于主动公开范围")
        assert [row.title for row in wished(office.actor("handler"))] == [cases[1].number]


def test_the_clerk_s_click_ends_in_the_editor(office, at, client):
    with at(2021, 4, 23):
        case = answered(office)
        client.force_login(office.people["handler"])
        address = f"/workbench/applications/{case.pk}/act/convert/"
        assert "第四十四条" in client.get(address).content.decode()
        answer = client.post(address)
        assert answer.status_code == 302 and answer.url.endswith("/edit/")
        assert WANTED.title in client.get(answer.url).content.decode()
        again = client.get(address).content.decode()
    assert "button" in again and WANTED.title in again


def test_every_act_of_the_table_has_its_page():
    """Sending is done at the letter, deciding in its own steps; all else has a form, here and in the API."""
    assert set(ACTS) - set(act_views.PAGES) == {"answer", "decide"}
