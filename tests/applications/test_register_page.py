"""The register's page: which receipt day follows is said while it is entered, and what is entered is evidence."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.agencies.policy import Refused
from gongkai.applications import events, intake, personal
from gongkai.applications.models import Application, State
from gongkai.rulebook.receipt import Arrival, Channel
from tests.applications.cases import ID, PERSON, came, taken

NEW = "/workbench/applications/new/"
WORDS = f"{NEW}receipt-day/"


@pytest.fixture
def desk(office, client):
    client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def filled(office, **more):
    said = {
        "agency": str(office.agency.pk),
        "channel": "counter",
        "arrived": "2021-04-22",
        "addressee": "agency",
        "applicant_kind": "natural_person",
        "identity": "resident_id",
        "name": PERSON.name,
        "identity_number": ID,
        "phone": PERSON.phone,
        "title": "补偿方案",
        "form": "paper",
        "way": "pick_up",
        "others": "0",
        "submission": str(uuid4()),
    }
    return said | more


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            {"channel": "counter"},
            ("收到申请之日：2021年4月22日", "答复期限至2021年5月21日", "提交之日", "第三十一条"),
        ),
        ({"channel": "oral"}, ("收到申请之日：2021年4月22日", "第二十九条第一款")),
        ({"channel": "registered_mail"}, ("期限不起算", "等待行政机关签收")),
        (
            {"channel": "registered_mail", "signed": "2021-04-23"},
            ("收到申请之日：2021年4月23日", "第三十一条"),
        ),
        (
            {"channel": "registered_mail", "signed": "2021-04-22", "addressee": "other"},
            ("期限不起算", "其他机构或者个人", "207号"),
        ),
        (
            {
                "channel": "registered_mail",
                "signed": "2021-04-22",
                "confirmed": "2021-04-23",
                "addressee": "other",
            },
            ("收到申请之日：2021年4月23日", "其他机构或者个人"),
        ),
        ({"channel": "ordinary_mail"}, ("期限不起算", "联系不上的先登记")),
        ({"channel": "fax", "confirmed": "2021-04-23"}, ("收到申请之日：2021年4月23日", "双方确认之日")),
        ({"channel": "email", "confirmed": "2021-04-21"}, ("期限不起算", "早于申请到达之日")),
        # What registering refuses is said at once, in the same sentence.
        ({"channel": "counter", "arrived": "2021-04-24"}, ("期限不起算", "2021-04-24尚未到来")),
        (
            {"channel": "registered_mail", "signed": "2021-04-22", "confirmed": "2021-04-26"},
            ("期限不起算", "2021-04-26尚未到来"),
        ),
        ({"channel": "counter", "arrived": "2018-04-24"}, ("期限不起算", "2018-04-24早于")),
        ({"channel": ""}, ("期限不起算", "选择接收渠道")),
        ({"channel": "pigeon", "arrived": "gestern"}, ("选择接收渠道",)),
    ],
)
def test_the_receipt_day_is_said_with_its_reason_while_it_is_entered(office, at, desk, typed, words):
    with at(2021, 4, 23):
        page = desk.post(WORDS, {"arrived": "2021-04-22", "addressee": "agency"} | typed).content.decode()
    assert [each for each in words if each not in page] == []
    assert "<html" not in page


@pytest.mark.parametrize(
    "days",
    [
        {"channel": "counter", "arrived": "2021-04-24"},
        {"channel": "fax", "confirmed": "2021-04-26"},
        {"channel": "registered_mail", "signed": "2021-04-22", "confirmed": "2021-04-26"},
    ],
)
def test_a_day_to_come_is_refused_as_it_was_said_before(office, at, desk, days):
    with at(2021, 4, 23):
        typed = filled(office, **days)
        told = re.search(r"\d{4}-\d\d-\d\d尚未到来[^<（]*", desk.post(WORDS, typed).content.decode())[0]
        assert told in desk.post(NEW, typed).content.decode()
    assert not Application.objects.exists()


def test_the_words_are_for_who_may_register(office, at, client):
    client.force_login(office.people["reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    with at(2021, 4, 23):
        assert client.post(WORDS, {"channel": "counter", "arrived": "2021-04-22"}).status_code == 403
    client.logout()
    assert client.post(WORDS, {}).status_code == 302


def test_without_a_script_a_button_shows_the_day_and_everything_stays(office, at, desk):
    with at(2021, 4, 23):
        page = desk.post(
            NEW, filled(office, channel="fax", confirmed="2021-04-23", look="1")
        ).content.decode()
        assert "收到申请之日：2021年4月23日" in page and PERSON.name in page
        assert not Application.objects.exists()


def test_who_was_not_reached_is_registered_and_the_term_starts_when_contact_is_restored(office, at, desk):
    with at(2021, 4, 22):
        answer = desk.post(
            NEW, filled(office, channel="fax", unreached="on", evidence="0379-1拨打三次无人接听", phone="")
        )
        case = Application.objects.get()
        assert answer.status_code == 302 and case.state == State.REGISTERED
        [row] = events.of(case)
        assert row.data["unreached"] is True and "无人接听" not in row.sealed
        assert events.words(row) == "0379-1拨打三次无人接听"
    with at(2021, 4, 26):
        intake.confirm(office.actor("handler"), case, date(2021, 4, 26))
        case.refresh_from_db()
    assert case.received_on == date(2021, 4, 26)


def test_reached_and_not_reached_at_once_is_refused(office, at):
    with at(2021, 4, 23), pytest.raises(Refused, match="只能填写一项") as refusal:
        intake.register(
            office.actor("handler"),
            office.agency,
            taken(),
            channel=Channel.FAX,
            arrival=Arrival(date(2021, 4, 22), confirmed=date(2021, 4, 23)),
            unreached=True,
        )
    assert "第三十一条" in refusal.value.article


def test_several_applicants_and_their_files_come_over_the_counter(office, at, desk):
    paper = SimpleUploadedFile("委托书.txt", "委托".encode())
    with at(2021, 4, 23):
        page = desk.post(NEW, filled(office, more="1") | {"files": [paper]}).content.decode()
        assert 'name="co1_name"' in page and "委托书.txt" in page and "error-summary" not in page
        form = filled(
            office,
            others="1",
            co1_name="李四",
            co1_identity="hk_macau_permit",
            co1_identity_number="h12345678",
            spokesperson="1",
            agent="王五",
            agent_identity="passport",
            agent_identity_number="E12345678",
        )
        wrong = desk.post(NEW, form | {"co1_identity_number": "12"}).content.decode()
        assert 'href="#id_co1_identity_number"' in wrong and "李四" in wrong
        paper.seek(0)
        assert desk.post(NEW, form | {"authority": paper}).status_code == 302
        case = Application.objects.get()
        shown = desk.get(f"/workbench/applications/{case.pk}/").content.decode()
    assert personal.person(case).speaker.name == "李四"
    assert all(words in shown for words in ("李四", "H12345678", "王五", "授权委托书：委托书.txt"))


def test_an_oral_record_says_who_filled_it_in_and_that_it_was_read_back(office, at):
    with at(2021, 4, 23):
        case = came(office, Channel.ORAL, Arrival(date(2021, 4, 23)))
    [row, _received] = events.of(case)
    assert row.data["read_back"] is True and row.person == office.people["handler"] == case.registered_by


def test_what_a_clerk_changed_in_a_form_that_is_registered_is_told_and_sent_as_another(office, at, desk):
    with at(2021, 4, 23):
        form = filled(office)
        assert desk.post(NEW, form).status_code == 302
        assert desk.post(NEW, form).status_code == 302
        first = Application.objects.get()
        for more in ({"title": "另一份文件"}, {"arrived": "2021-04-20"}, {"evidence": "申请人来电确认"}):
            page = desk.post(NEW, form | more).content.decode()
            assert first.number in page and Application.objects.count() == 1, more
        again = re.search(r'name="submission" value="([^"]*)"', page)[1]
        assert again != form["submission"]
        assert desk.post(NEW, form | {"title": "另一份文件", "submission": again}).status_code == 302
    assert Application.objects.count() == 2


def test_what_came_over_another_platform_is_registered_as_the_internet_channel(office, at, desk):
    with at(2021, 4, 23):
        desk.post(NEW, filled(office, channel="web", confirmed="2021-04-23"))
        desk.post(NEW, filled(office, channel="web"))
    known, waiting = Application.objects.order_by("number")
    assert (known.channel, known.received_on) == ("web", date(2021, 4, 23))
    assert (waiting.state, waiting.received_on) == (State.REGISTERED, None)
    assert known.registered_by == office.people["handler"]


def test_a_letter_with_a_wrong_number_or_an_agent_without_one_is_registered_as_it_came(office, at, desk):
    letter = {"channel": "ordinary_mail", "agent": "王五"}
    with at(2021, 4, 23):
        page = desk.post(NEW, filled(office, **letter, identity_number="123")).content.decode()
        assert "来件如此填写的，证件类型请选择“其他证件”" in page and not Application.objects.exists()
        desk.post(NEW, filled(office, **letter, identity="other", identity_number="身份证 123"))
        # At the counter one asks.
        page = desk.post(NEW, filled(office, agent="王五")).content.decode()
        assert 'href="#id_agent_identity_number"' in page
    person = personal.person(Application.objects.get())
    assert (person.agent, person.identity_number) == ("王五", "身份证123")
