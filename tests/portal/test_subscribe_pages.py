"""The public pages of subscriptions: one answer for everybody, links that need a button, one click from the mail program."""

import re

import pytest
from django.core import mail
from django.test import Client

from gongkai.channels import subscription_mails, tree
from gongkai.channels.subscription_models import Subscription
from gongkai.portal import challenge
from gongkai.review import releases
from gongkai.review.models import Release
from tests.items import released
from tests.portal import sites

FORM = "/subscribe/?column=21-c5"
WHO = "reader@example.org"


@pytest.fixture
def office(committed, settings, monkeypatch):
    settings.MAIL_FROM = "gk@example.gov.cn"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    monkeypatch.setattr(challenge, "check", lambda sent: challenge.Proof("form", True))
    return sites.written(committed)


def send(client, form=FORM, **typed):
    return client.post(form, {"email": WHO, "frequency": "once"} | typed)


def folder(item):
    return item.index_number.replace("/", "-")


def mailed(name):
    """The address of a page in the last mail."""
    subscription_mails.send()
    return re.search(rf"https://www\.example\.gov\.cn(/subscribe/{name}/\S+)", mail.outbox[-1].body)[1]


def test_from_the_form_to_the_mail_and_out_again(office, client):
    page = client.get(FORM).content.decode()
    assert "房屋征收" in page and "个人信息保护法" in page and "/columns/21-c5/feed.xml" in page
    assert send(client).url == "/subscribe/sent/"
    assert "请查收邮件" in client.get("/subscribe/sent/").content.decode()
    confirm = mailed("confirm")
    # Programs that look through mail open every link: that alone confirms nothing.
    assert "房屋征收" in client.get(confirm).content.decode()
    assert Subscription.objects.get().confirmed_at is None
    manage = client.post(confirm).url
    page = client.get(manage)
    assert "房屋征收" in page.content.decode() and page["Cache-Control"] == "no-store"
    assert WHO not in page.content.decode()
    item = released(office)
    subscription_mails.sweep()
    assert item.title in mail.outbox[-1].body
    end = mailed("end")
    assert "房屋征收" in client.get(end).content.decode() and Subscription.objects.exists()
    # The reader's program ends it with one POST, without a cookie or token of a form (RFC 8058).
    program = Client(enforce_csrf_checks=True)
    assert program.post(end, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()
    for gone in (confirm, manage, end):
        answer = client.get(gone)
        assert answer.status_code == 404 and "链接已失效" in answer.content.decode()


def test_how_often_is_changed_and_all_is_ended_by_the_link(office, client):
    send(client)
    manage = client.post(mailed("confirm")).url
    pk = str(Subscription.objects.get().pk)
    client.post(manage, {"change": pk, "frequency": "weekly"})
    assert Subscription.objects.get().frequency == "weekly"
    assert "请选择发送频率" in client.post(manage, {"change": pk, "frequency": "hourly"}).content.decode()
    assert client.post(manage, {"end": "x"}).status_code == 404
    assert "已退订并删除" in client.post(manage, {"end": "all"}).content.decode()
    assert not Subscription.objects.exists()


def test_the_answer_does_not_tell_who_is_subscribed(office, client):
    send(client)
    client.post(mailed("confirm"))
    known, unknown = send(client), send(client, email="other@example.org")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


@pytest.mark.parametrize(
    "email", ["", "no address", "a@b", "x" * 300 + "@example.org", "a@example.org\nBcc: b@example.org"]
)
def test_a_wrong_address_is_said_and_kept(office, client, email):
    answer = send(client, email=email)
    assert answer.status_code == 200 and "error-summary" in answer.content.decode()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        "/subscribe/",
        "/subscribe/?q=%00%1b",
        "/subscribe/?q=，。",
        "/subscribe/?from=2021-01-01",
        "/subscribe/?sort=date",
    ],
)
def test_what_asks_for_everything_leads_to_the_columns(office, client, form):
    for answer in (client.get(form), send(client, form=form)):
        assert answer.status_code == 200 and "请先选择一个栏目" in answer.content.decode()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("name", ["confirm", "manage", "end"])
@pytest.mark.parametrize("token", ["x", "征收", "a:b:c", "x" * 2000])
def test_a_made_up_link_opens_nothing(office, client, name, token):
    assert client.get(f"/subscribe/{name}/{token}/").status_code == 404
    assert client.post(f"/subscribe/{name}/{token}/").status_code == 404


def test_without_a_mail_server_the_form_offers_the_feed_alone(office, client, settings):
    settings.MAIL_FROM = ""
    page = client.get(FORM).content.decode()
    assert 'name="email"' not in page and "/columns/21-c5/feed.xml" in page


def test_the_form_needs_its_challenge(office, client, monkeypatch):
    monkeypatch.undo()
    answer = send(client)
    assert answer.status_code == 200 and not Subscription.objects.exists()
    assert WHO in answer.content.decode()


def test_the_feed_of_a_search_has_what_the_search_finds_and_is_public(office, client):
    item, other = (
        released(office),
        released(office, title="学校食堂检查情况", body="<p>合格</p>", summary="检查情况。"),
    )
    said = client.get("/search/feed.xml", {"q": "征收补偿"})
    feed = said.content.decode()
    assert said["Content-Type"].startswith("application/atom+xml") and "max-age=60" in said["Cache-Control"]
    assert item.title in feed and other.title not in feed
    page = client.get("/search/", {"q": "征收补偿"}).content.decode()
    assert 'rel="alternate" type="application/atom+xml"' in page and "/subscribe/?q=" in page
    releases.withdraw(
        office.actor("handler"), Release.objects.get(subject_id=item.pk), reason="error", note="数字有误"
    )
    assert item.title not in client.get("/search/feed.xml", {"q": "征收补偿"}).content.decode()
    for q in ("足球比赛", "x" * 10_000, '"><script>', "\x00\x1b"):
        assert client.get("/search/feed.xml", {"q": q}).status_code == 200


def test_staff_see_numbers_of_readers_and_subscribers_and_nobody(office, client):
    from gongkai.channels import visiting, visits

    send(client)
    client.post(mailed("confirm"))
    item = released(office)
    visiting.write(visits.folder(), {f"/items/{folder(item)}/": 12, "/columns/21-c5/": 3}, "2021-03-05")
    visits.sweep()
    client.force_login(office.people["head"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/workbench/site/visits/").content.decode()
    assert item.title in page and ">12<" in re.sub(r"\s", "", page) and "2021-03" in page
    assert item.title in b"".join(client.get("/workbench/site/visits/?export=csv").streaming_content).decode()
    assert "房屋征收（列表）" not in client.get("/workbench/site/visits/?q=棚户区").content.decode()
    page = client.get("/workbench/site/subscribers/").content.decode()
    assert "房屋征收" in page and WHO not in page
    export = b"".join(client.get("/workbench/site/subscribers/?export=csv").streaming_content).decode()
    assert "房屋征收,21-c5,1" in export
    assert Client().get("/workbench/site/visits/").status_code == 302


def test_the_address_of_an_item_is_shown_as_a_picture_while_it_is_public(office, client):
    item = released(office)
    page = client.get(f"/share/{folder(item)}/").content.decode()
    assert "<svg" in page and f"https://www.example.gov.cn/items/{folder(item)}/" in page
    assert f'href="/share/{folder(item)}/"' in tree.read(f"items/{folder(item)}/index.html").decode()
    releases.withdraw(
        office.actor("handler"), Release.objects.get(subject_id=item.pk), reason="error", note="数字有误"
    )
    for name in (folder(item), "nothing", "..", "x" * 500, "征收"):
        answer = client.get(f"/share/{name}/")
        assert answer.status_code == 404 and item.title not in answer.content.decode()


def test_a_missing_page_offers_what_its_address_says(office, client):
    answer = client.get("/search/房屋征收补偿.html")
    page = answer.content.decode()
    assert answer.status_code == 404 and 'value="房屋征收补偿"' in page and 'href="/columns/21-c5/"' in page
    assert 'value=""' in client.get("/search/0123456789abcdef0123/").content.decode()
