"""The staff pages of moved addresses: one by hand, many from a table seen first, and giving one up."""

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.channels import redirects, tree
from gongkai.channels.redirect_models import Redirect
from tests.items import released
from tests.portal import sites


@pytest.fixture
def office(committed):
    return sites.written(committed)


def enter(office, name):
    client = Client()
    client.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_address_is_entered_found_in_the_list_and_given_up(office):
    item = released(office)
    head = enter(office, "head")
    new = reverse("channels:redirect_add")
    page = head.post(new, {"old": "不是网址", "target": item.index_number}).content.decode()
    # What is wrong is said, and what was typed is kept.
    assert "不是网址" in page and item.index_number in page and not Redirect.objects.exists()
    page = head.post(new, {"old": "/art/9.html", "target": "41/2000"}).content.decode()
    assert "既不是索引号" in page
    answer = head.post(new, {"old": "/art/9.html", "target": item.index_number}, follow=True)
    assert answer.redirect_chain and "/art/9.html" in answer.content.decode()
    row = Redirect.objects.get()
    assert row.person == office.people["head"]
    export = head.get(reverse("channels:redirects"), {"export": "csv"})
    assert "/art/9.html" in b"".join(export.streaming_content).decode()
    end = reverse("channels:redirect_retire", args=[row.pk])
    assert "/art/9.html" in head.get(end).content.decode()
    head.post(end, {"reason": "登记有误"})
    assert tree.read("art/9.html") is None
    assert not redirects.leads(redirects.in_force().get())


def test_a_table_is_shown_before_it_counts_and_taken_as_a_whole(office):
    item = released(office)
    head = enter(office, "head")
    many = reverse("channels:redirect_import")
    text = f"旧网址,新网址\n/art/1.html,{item.index_number}\n/search/x,{item.index_number}\n/art/3.html,\n"
    page = head.post(many, {"text": text}).content.decode()
    assert "是本站服务的网址" in page and "第二列是空的" in page
    assert 'name="take"' not in page and not Redirect.objects.exists()
    # A table with a wrong row is not taken, whoever sends the button along.
    head.post(many, {"text": text, "take": "1"})
    assert not Redirect.objects.exists()
    # Only the system administrator lets an address lead to a page that belongs to no agency.
    assert 'name="take"' not in head.post(many, {"text": "/zn.html,/guide/"}).content.decode()
    assert 'name="take"' in enter(office, "system").post(many, {"text": "/zn.html,/guide/"}).content.decode()
    good = f"/art/1.html,{item.index_number}\n/show.asp?id=7,{item.index_number}\n"
    assert 'name="take"' in head.post(many, {"text": good}).content.decode()
    assert not Redirect.objects.exists()
    head.post(many, {"text": good, "take": "1"})
    assert Redirect.objects.count() == 2
    assert "没有找到任何一行" in head.post(many, {"text": "  \n"}).content.decode()


def test_nobody_without_the_right_sees_or_enters_addresses(office):
    row = redirects.add(office.actor("head"), "/art/9.html", released(office))
    paths = [
        reverse("channels:redirects"), reverse("channels:redirect_add"), reverse("channels:redirect_import"),
        reverse("channels:redirect_retire", args=[row.pk]),
    ]  # fmt: skip
    for path in paths:
        assert Client().get(path).status_code == 302
        for name in ("handler", "reviewer", "approver", "audit"):
            for method in ("get", "post"):
                assert getattr(enter(office, name), method)(path).status_code in (403, 404), (path, name)
    assert Redirect.objects.count() == 1
