"""The public form: several applicants without a script, nothing typed lost, what is published offered first."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.applications import intake, personal
from gongkai.applications.models import Application, Diverted
from gongkai.applications.request_forms import LARGEST_TOGETHER
from gongkai.journal.models import Entry
from gongkai.portal import apply_views, challenge
from gongkai.search import follow
from tests.applications.cases import ID, PERSON
from tests.items import released
from tests.portal import sites


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """The form was open for a while, so it is taken without a proof of work."""
    real = signing.TimestampSigner.timestamp
    monkeypatch.setattr(
        signing.TimestampSigner,
        "timestamp",
        lambda self: signing.b62_encode(signing.b62_decode(real(self)) - 60),
    )


def filled(office, **more):
    said = {
        "agency": str(office.agency.pk),
        "applicant_kind": "natural_person",
        "identity": "resident_id",
        "name": PERSON.name,
        "identity_number": ID,
        "phone": PERSON.phone,
        "title": "补偿方案",
        "description": "",
        "form": "electronic",
        "way": "online",
        "others": "0",
        challenge.TOKEN: challenge.issue()["token"],
    }
    return said | more


SECOND = {
    "others": "1",
    "co1_name": "李四",
    "co1_identity": "passport",
    "co1_identity_number": "E12345678",
    "spokesperson": "1",
}


def paper(name="授权委托书.txt"):
    return SimpleUploadedFile(name, "委托内容".encode())


def values(page):
    """What the fields of a page hold, by name."""
    found = dict(re.findall(r'<input type="(?:text|hidden|email)" name="([a-z0-9_]+)" value="([^"]*)"', page))
    return found | dict(re.findall(r'<textarea name="([a-z_]+)"[^>]*>\s*([^<]*)</textarea>', page))


def test_an_applicant_is_added_and_taken_off_by_the_server_and_everything_typed_stays(office, at, client):
    with at(2021, 4, 23):
        page = client.post("/apply/", filled(office, more="1", description="两段文字")).content.decode()
        kept = values(page)
        assert (kept["name"], kept["identity_number"], kept["others"]) == (PERSON.name, ID, "1")
        assert kept["description"] == "两段文字" and 'name="co1_name"' in page and "error-summary" not in page
        assert not Application.objects.exists()
        three = filled(
            office, **SECOND | {"others": "2", "co2_name": "赵六", "co2_identity_number": "E7654321"}
        )
        page = client.post("/apply/", three | {"fewer": "1"}).content.decode()
        kept = values(page)
        assert (kept["others"], kept["co1_name"], kept["co1_identity_number"]) == ("1", "赵六", "E7654321")
        assert 'name="co2_name"' not in page and "李四" not in page


def test_ten_applicants_are_the_most_whatever_is_sent(office, at, client):
    with at(2021, 4, 23):
        for others in ("9", "99", "9999", "-1", "一"):
            page = client.post("/apply/", filled(office, others=others, more="1")).content.decode()
            assert 'name="co10_name"' not in page


def test_two_applicants_and_their_representative_come_in(office, at, client):
    with at(2021, 4, 23):
        assert client.post("/apply/", filled(office, **SECOND)).status_code == 302
    person = personal.person(Application.objects.get())
    assert (person.names, person.speaker.name) == ("张三丰、李四", "李四")


def test_an_appointed_representative_shows_the_letter_of_appointment(office, at, client):
    named = SECOND | {"spokesperson": "named", "delegate_name": "赵六", "delegate_identity_number": ID[::-1]}
    with at(2021, 4, 23):
        page = client.post("/apply/", filled(office, **named)).content.decode()
        assert 'href="#id_appointment"' in page and 'href="#id_delegate_identity_number"' in page
        right = named | {"delegate_identity": "passport", "delegate_identity_number": "E7654321"}
        answer = client.post("/apply/", filled(office, **right) | {"appointment": paper("推举书.txt")})
        assert answer.status_code == 302
    assert personal.person(Application.objects.get()).speaker.name == "赵六"


def test_an_agent_needs_a_power_of_attorney_and_its_field_is_opened_where_it_is_missing(office, at, client):
    agent = {"agent": "王律师", "agent_identity": "passport", "agent_identity_number": "E12345678"}
    with at(2021, 4, 23):
        page = client.post("/apply/", filled(office, **agent)).content.decode()
        assert 'href="#id_authority"' in page
        assert re.search(r'<details class="fold form__fold" id="fold-agent" open>', page)
        assert not re.search(r'id="fold-acting" open>', page)
        assert client.post("/apply/", filled(office, **agent) | {"authority": paper()}).status_code == 302
    case = Application.objects.get()
    assert case.applicant_kind == "natural_person" and personal.request(case).materials == ("授权委托书.txt",)


def test_files_are_named_that_must_be_chosen_again(office, at, client):
    with at(2021, 4, 23):
        sent = filled(office, title="") | {"files": [paper("房产证.txt"), paper("户口.txt")]}
        page = client.post("/apply/", sent).content.decode()
        assert "房产证.txt，户口.txt" in page and 'id="again"' in page
        added = client.post("/apply/", filled(office, more="1") | {"files": [paper("房产证.txt")]})
        assert "房产证.txt" in added.content.decode()
        assert 'id="again"' not in client.get("/apply/").content.decode()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"files": [paper(f"{n}.txt") for n in range(100)]}, "files"),
        ({"description": "长" * 6000}, "description"),
        ({"description": "空\0字符"}, "description"),
        ({"name": "\u200b\u200d"}, "name"),
        ({"title": "\u200b", "description": "\u202e"}, "description"),
        ({"identity": "membership", "name": "<script>alert(1)</script>"}, "identity"),
        ({"agency": str(uuid4())}, "agency"),
        ({"applicant_kind": "total"}, "applicant_kind"),
        ({"email": "not-an-address"}, "email"),
        ({"others": "1", "spokesperson": "7"}, "spokesperson"),
    ],
)
def test_bad_input_gets_one_sentence_and_the_form_is_kept(office, at, client, more, field):
    with at(2021, 4, 23):
        page = client.post("/apply/", filled(office, **more)).content.decode()
    summary = re.search(r'<div class="error-summary.*?</div>', page, re.S)[0]
    assert f'href="#id_{field}"' in summary
    assert values(page)["phone"] == PERSON.phone and "<script>alert" not in page
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "请填写此项。"),
        ({"title": "长" * 301}, "最多 300 个字，现在有 301 个字，请缩短。"),
        ({"phone": "138\0"}, "含有不能保存的字符，请删去后重新填写。"),
        ({"email": "不是邮箱"}, "电子邮箱的格式不正确，应如 name@example.cn。"),
        ({"way": "pigeon"}, "“pigeon”不在可选范围内，请重新选择。"),
        ({"files": [SimpleUploadedFile("空.txt", b"")]}, "文件是空的，请重新选择。"),
    ],
)
def test_what_is_wrong_is_said_in_words_for_people(office, at, client, more, words):
    with at(2021, 4, 23):
        assert words in client.post("/apply/", filled(office, **more)).content.decode()


def test_files_too_large_together_are_refused_before_they_are_read(office, at, client, monkeypatch):
    monkeypatch.setattr("gongkai.applications.request_forms.LARGEST_TOGETHER", 10)
    assert LARGEST_TOGETHER == 100 * 1024 * 1024
    with at(2021, 4, 23):
        page = client.post("/apply/", filled(office) | {"files": [paper()]}).content.decode()
    assert "100 MB" in page and not Application.objects.exists()


@pytest.fixture
def plan(office, at):
    """A published item that answers what people ask for."""
    sites.fresh()
    with at(2021, 3, 1):
        item = released(office, title="西工区健康路片区棚户区改造项目征收补偿方案", summary="公布补偿方案。")
        follow.rebuild()
    return item


def test_published_items_are_offered_for_what_is_typed_and_for_nothing_else(office, at, client, plan):
    with at(2021, 4, 23):
        offered = client.post("/apply/published/", {"text": "我想要健康路棚户区改造的补偿方案"})
        page = offered.content.decode()
        assert plan.title in page and f'value="{plan.pk}"' in page and "<html" not in page
        assert offered.headers["Cache-Control"] == "no-store"
        for text in ("", "补", "<script>", "食堂采购合同的价格是多少"):
            assert plan.title not in client.post("/apply/published/", {"text": text}).content.decode(), text
        assert client.get("/apply/published/").status_code == 405


def test_without_a_script_one_looks_first_and_goes_on(office, at, client, plan):
    with at(2021, 4, 23):
        looked = filled(office, look="1", title="健康路棚户区改造补偿方案")
        page = client.post("/apply/", looked).content.decode()
        assert f'name="item" value="{plan.pk}"' in page and values(page)["name"] == PERSON.name
        nothing = client.post("/apply/", filled(office, look="1", title="食堂采购合同")).content.decode()
        assert "没有查到" in nothing
        del looked["look"]
        assert client.post("/apply/", looked).status_code == 302


def test_looking_is_limited_from_one_network(office, at, client, monkeypatch):
    monkeypatch.setattr(apply_views, "LOOKS_AN_HOUR", 2)
    with at(2021, 4, 23):
        said = [client.post("/apply/published/", {"text": "补偿"}).status_code for _n in range(3)]
    assert said == [200, 200, 429]


def test_what_was_found_ends_the_application_and_is_counted_once_without_a_trace_of_who(
    office, at, client, plan
):
    with at(2021, 4, 23):
        said = {"item": str(plan.pk), "agency": str(office.agency.pk)}
        page = client.post("/apply/found/", said).content.decode()
        assert plan.title in page and 'data-finished="apply"' in page
        client.post("/apply/found/", said)
        client.post("/apply/found/", said, REMOTE_ADDR="203.0.113.9")
    with at(2021, 4, 24):
        client.post("/apply/found/", said)
        for wrong in ({"item": str(uuid4())}, {"item": "x"}, {}):
            assert client.post("/apply/found/", wrong).status_code == 200
    rows = Diverted.objects.order_by("day").values_list("agency", "item", "day", "count")
    assert list(rows) == [
        (office.agency.pk, plan.pk, date(2021, 4, 23), 2),
        (office.agency.pk, plan.pk, date(2021, 4, 24), 1),
    ]
    assert not Entry.objects.filter(address="203.0.113.9").exists() and not Application.objects.exists()


def test_the_number_stands_on_the_receipt_only_after_the_commit(office, at, client, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("cut off")

    client.raise_request_exception = False
    with at(2021, 4, 23):
        form = filled(office)
        monkeypatch.setattr(intake.events, "write", fail)
        broken = client.post("/apply/", form)
        assert broken.status_code == 500 and "XG0123" not in broken.content.decode()
        assert client.get("/apply/done/").status_code == 302
        monkeypatch.undo()
        assert client.post("/apply/", form).status_code in (200, 302)


@pytest.mark.parametrize(
    "more", [{"title": "另一份文件"}, {"phone": "0379-00000001"}, {"reading_help": "on"}]
)
def test_other_words_in_a_form_that_is_registered_are_told_and_never_lost(office, at, client, more):
    with at(2021, 4, 23):
        form = filled(office)
        assert client.post("/apply/", form).status_code == 302
        first = Application.objects.get()
        client.cookies.pop(apply_views.RECEIPT.cookie)
        page = client.post("/apply/", form | more)
        shown = page.content.decode()
        # The receipt of the first is at hand, should its own answer have been cut off.
        assert first.number in shown and "/apply/done/" in shown and Application.objects.count() == 1
        assert first.number in client.get("/apply/done/").content.decode()
        token = re.search(rf'name="{challenge.TOKEN}" value="([^"]*)"', shown)[1]
        assert client.post("/apply/", form | more | {challenge.TOKEN: token}).status_code == 302
    assert Application.objects.count() == 2
    assert personal.request(first).title == "补偿方案" and personal.person(first).phone == PERSON.phone


def test_a_form_sent_again_gets_its_receipt_whatever_the_limit_says_meanwhile(
    office, at, client, monkeypatch
):
    monkeypatch.setattr(intake, "HOURLY_UNPROVED", 1)
    with at(2021, 4, 23, 23):
        form = filled(office)
        assert client.post("/apply/", form).status_code == 302
        assert client.post("/apply/", filled(office)).status_code == 200
        assert client.post("/apply/", form).status_code == 302
    with at(2021, 4, 24, 0):
        # After midnight it is still the one that came in yesterday.
        assert client.post("/apply/", form).status_code == 302
    assert Application.objects.get().received_on == date(2021, 4, 23)
