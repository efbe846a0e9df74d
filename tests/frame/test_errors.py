"""No visitor ever sees a traceback: what there is not, and what broke, are pages that say what to do."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongkai.agencies import navigation


@pytest.fixture
def staff(office):
    client = Client(raise_request_exception=False)
    client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_unknown_public_address_offers_search(office):
    answer = Client().get("/search/nothing-like-this/")
    page = answer.content.decode()
    assert answer.status_code == 404 and 'name="q"' in page


def test_an_unknown_staff_address_leads_back_to_the_inbox(staff):
    answer = staff.get("/workbench/nothing-like-this/")
    assert answer.status_code == 404 and "没有这个页面" in answer.content.decode()


def test_what_broke_is_a_sentence_and_no_traceback(staff, monkeypatch):
    def break_down(actor):
        raise RuntimeError("secret detail")

    monkeypatch.setitem(navigation._providers, "broken", break_down)
    answer = staff.get("/workbench/")
    page = answer.content.decode()
    assert answer.status_code == 500 and "系统出现问题" in page
    assert "secret detail" not in page and "Traceback" not in page


def test_more_than_a_form_holds_is_a_sentence(office):
    files = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(101)]
    answer = Client().post("/apply/", {"files": files})
    page = answer.content.decode()
    assert answer.status_code == 400 and "最多十个附件" in page and 'name="q"' in page


def test_a_form_without_its_cookie_is_a_sentence(office):
    answer = Client(enforce_csrf_checks=True).post("/apply/", {"name": "某人"})
    page = answer.content.decode()
    assert answer.status_code == 403 and "重新" in page and "CSRF" not in page
    answer = Client(enforce_csrf_checks=True).post("/workbench/login/", {"username": "x"})
    assert answer.status_code == 403 and "CSRF" not in answer.content.decode()
