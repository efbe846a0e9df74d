"""The public forms of taking part over HTTP: nothing typed is lost, nothing counts twice, the day decides (I7, I8)."""

import json
import re
import time
from html import unescape

import altcha
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.disclosure.models import Opinion
from gongkai.journal.models import Entry
from gongkai.portal import challenge
from gongkai.review import releases
from gongkai.review.models import Release
from tests.disclosure.opinions import NAME, PHONE, at_moment, solicitation

TEXT = "第一条标准偏低，请按评估价，表单金丝雀。"


@pytest.fixture(autouse=True)
def _easy(monkeypatch):
    """Two zero digits instead of four: the tests solve it in Python."""
    monkeypatch.setattr(challenge, "PREFIX", "00")


@pytest.fixture
def item(office):
    return solicitation(office)


def typed(page, **more):
    """A form as a browser with script sends it."""
    posed = altcha.Challenge.from_dict(
        json.loads(unescape(re.search(r'data-challenge="([^"]*)"', page).group(1)))
    )
    return {
        "stance": "change", "text": TEXT, "name": NAME, "contact": PHONE,
        "challenge_token": re.search(r'name="challenge_token" value="([^"]*)"', page).group(1),
        "challenge_answer": altcha.Payload(posed, altcha.solve_challenge(posed)).to_base64(),
    } | more  # fmt: skip


def send(client, item, **more):
    page = client.get(f"/opinions/{item.pk}/").content.decode()
    return client.post(f"/opinions/{item.pk}/", typed(page, **more))


def test_an_opinion_gets_number_and_code_and_is_followed_by_them(item, client, monkeypatch):
    real = time.time
    with at_moment(2021, 3, 10, 9):
        sent = send(client, item)
        assert sent.status_code == 302 and sent.url == "/opinions/done/"
        cookie = sent.cookies["gongkai_opinion_receipt"]
        assert f'data-finished="participation-{item.pk}"' in client.get(sent.url).content.decode()
        assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/opinions/done/"
        row = Opinion.objects.get()
        assert TEXT not in cookie.value and NAME not in cookie.value
        receipt = client.get(sent.url)
        code = re.search(r"<strong>([2-9A-Z ]{14})</strong>", receipt.content.decode()).group(1)
        assert row.number in receipt.content.decode() and receipt.headers["Cache-Control"] == "no-store"
        page = client.post("/opinions/track/", {"number": row.number.lower(), "code": code.lower()})
        shown = page.content.decode()
        assert item.title in shown and NAME not in shown and page.headers["Cache-Control"] == "no-store"
        monkeypatch.setattr(time, "time", lambda: 15 * 60 + 1 + real())
        late = client.get("/opinions/done/")
        assert late.status_code == 302 and late.url == "/opinions/track/"
    assert not any("金丝雀" in str(entry.data) for entry in Entry.objects.all())


def test_a_receipt_that_was_made_up_shows_nothing(item, client):
    client.cookies["gongkai_opinion_receipt"] = "made:up"
    answer = client.get("/opinions/done/")
    assert answer.status_code == 302 and answer.url == "/opinions/track/"


def test_a_wrong_number_or_code_gets_one_sentence_and_too_many_get_none(item, client):
    with at_moment(2021, 3, 10, 9):
        send(client, item)
        number = Opinion.objects.get().number
        for said in ({}, {"number": number, "code": "AAAAAAAAAAAA"}, {"number": "\x00", "code": "'--"}):
            assert client.post("/opinions/track/", said).context["form"].errors
        for _time in range(60):
            last = client.post("/opinions/track/", {"number": number, "code": "AAAAAAAAAAAA"})
        assert "过多" in last.content.decode() or "太多" in last.content.decode()


def test_what_was_typed_stays_when_something_is_wrong(item, client):
    with at_moment(2021, 3, 10, 9):
        page = send(client, item, text="", name="李某某")
        assert page.status_code == 200 and page.context["form"].errors["text"]
        assert "李某某" in page.content.decode()
        long = send(client, item, text="长" * 20_001)
        assert long.context["form"].errors["text"] and "长" * 100 in long.content.decode()
    assert not Opinion.objects.exists()


def test_a_form_without_its_challenge_is_refused_and_kept(item, client):
    with at_moment(2021, 3, 10, 9):
        page = send(client, item, challenge_token="", challenge_answer="")
        assert page.context["form"].non_field_errors() and "表单金丝雀" in page.content.decode()
        forged = send(client, item, challenge_token="x:y:z")
        assert forged.context["form"].non_field_errors()
    assert not Opinion.objects.exists()


def test_one_form_that_is_sent_twice_is_one_opinion(item, client):
    with at_moment(2021, 3, 10, 9):
        said = typed(client.get(f"/opinions/{item.pk}/").content.decode())
        assert client.post(f"/opinions/{item.pk}/", said).status_code == 302
        twice = client.post(f"/opinions/{item.pk}/", said)
        assert "已经提交" in twice.content.decode() and "表单金丝雀" in twice.content.decode()
    assert Opinion.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("程序.exe", b"MZ\x90\x00"),
        ("包.zip", b"PK\x05\x06" + b"\0" * 18),
        ("大.txt", b"a" * (10 * 1024 * 1024 + 1)),
    ],
)
def test_a_file_that_is_refused_is_named_and_the_text_stays(item, client, name, data):
    with at_moment(2021, 3, 10, 9):
        page = send(client, item, file=SimpleUploadedFile(name, data))
        shown = page.content.decode()
        assert page.status_code == 200 and page.context["form"].errors
        assert "表单金丝雀" in shown and name in shown
    assert not Opinion.objects.exists()


def test_a_file_that_is_taken_is_sealed_with_the_opinion(item, client):
    with at_moment(2021, 3, 10, 9):
        sent = send(client, item, file=SimpleUploadedFile("意见.txt", "附件金丝雀".encode()))
    assert sent.status_code == 302 and Opinion.objects.count() == 1


def test_who_sends_after_the_last_day_keeps_the_text_and_learns_where_to_write(item, client):
    with at_moment(2021, 4, 1, 23, 59, 50):
        said = typed(client.get(f"/opinions/{item.pk}/").content.decode())
    with at_moment(2021, 4, 2, 0, 0, 5):
        page = client.post(f"/opinions/{item.pk}/", said).content.decode()
        assert "2021年4月1日（星期四）截止" in page and "0379-00000001" in page and "表单金丝雀" in page
        empty = client.get(f"/opinions/{item.pk}/").content.decode()
        assert "<textarea" not in empty and "0379-00000001" in empty
    assert not Opinion.objects.exists()


def test_a_withdrawn_or_unknown_matter_has_no_form(office, item, client):
    with at_moment(2021, 3, 10, 9):
        said = typed(client.get(f"/opinions/{item.pk}/").content.decode())
        releases.withdraw(office.actor("reviewer"), Release.objects.get(subject_id=item.pk), reason="error")
        assert client.get(f"/opinions/{item.pk}/").status_code == 404
        assert client.post(f"/opinions/{item.pk}/", said).status_code == 404
    assert client.get("/opinions/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert not Opinion.objects.exists()


def test_many_from_one_network_are_asked_to_wait_and_lose_nothing(item, client):
    with at_moment(2021, 3, 10, 9):
        answers = [send(client, item, text=f"{TEXT}{n}") for n in range(40)]
    refused = [answer for answer in answers if answer.status_code == 200]
    assert refused, "somebody who sends without end is stopped"
    assert Opinion.objects.count() == 40 - len(refused)
    assert all(
        answer.context["form"].non_field_errors() and "表单金丝雀" in answer.content.decode()
        for answer in refused
    )


def test_the_page_works_without_script_and_on_a_phone(item, client):
    with at_moment(2021, 3, 10, 9):
        page = client.get(f"/opinions/{item.pk}/").content.decode()
    form = re.search(r"<form[^>]*method=\"post\".*?</form>", page, re.S).group(0)
    assert 'enctype="multipart/form-data"' in form and "csrfmiddlewaretoken" in form
    assert 'name="viewport"' in page and "width=device-width" in page
    for name in ("stance", "text", "name", "contact", "file"):
        assert f'name="{name}"' in form
    labels = set(re.findall(r'<label[^>]*for="([^"]+)"', form))
    assert {"id_text", "id_name", "id_contact", "id_file"} <= labels
