"""Subscriptions by e-mail: asked for, confirmed, told of what is public at that moment, ended; nobody learns of anybody."""

import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail

from gongkai.agencies.policy import Refused
from gongkai.channels import subscription_mails, subscriptions
from gongkai.channels.subscription_models import Anchor, Heard, Notification, Subscription, Wanted
from gongkai.journal import clock
from gongkai.review import releases
from gongkai.review.models import Release
from tests.items import released
from tests.portal import sites

WHO, NET = "Reader@example.org", "192.0.2.7"
COLUMN = {"column": "21-c5"}


@pytest.fixture
def office(committed, settings):
    settings.MAIL_FROM = "gk@example.gov.cn"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return sites.written(committed)


@pytest.fixture
def outbox(office):
    mail.outbox = []
    return mail.outbox


def asked(address=WHO, query="", chosen=COLUMN, frequency="once", network=NET):
    subscriptions.ask(address, query, chosen, frequency, network=network, proved=True)


def subscribed(outbox, **said):
    """Asked for, mailed, confirmed by the link of the mail."""
    asked(**said)
    subscription_mails.send()
    row = subscriptions.confirm(link(outbox.pop().body, "confirm"))
    row.refresh_from_db()
    return row


def link(text, name):
    return re.search(rf"/subscribe/{name}/([^/\s]+)/", text)[1]


def test_who_confirms_is_told_of_a_release_with_title_and_address(office, outbox):
    subscribed(outbox)
    item = released(office)
    assert subscription_mails.sweep() == 1
    (message,) = outbox
    assert message.to == [WHO] and message.from_email == "gk@example.gov.cn"
    assert message.subject == "房屋征收：1条新信息 - 西工区政府信息公开"
    assert item.title in message.body
    assert "https://www.example.gov.cn/items/XG0123-" in message.body
    assert "东至王城大道" not in message.body + message.alternatives[0][0]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link(message.extra_headers["List-Unsubscribe"], "end")
    # Once: not again by the next sweep, nor by a handler that is called twice.
    subscription_mails.on_release({"kind": "item", "release": item.live_id})
    Heard.objects.update(done_at=None)
    assert subscription_mails.sweep() == 0


def test_nothing_is_sent_before_the_owner_has_confirmed(office, outbox):
    asked()
    released(office)
    subscription_mails.sweep()
    (message,) = outbox
    assert "请确认" in message.subject and "List-Unsubscribe" not in message.extra_headers
    assert not Notification.objects.exists()


def test_a_search_of_a_stranger_puts_no_words_into_the_mail_to_confirm(office, outbox):
    asked(query="点击领取补贴 evil.example", chosen={})
    subscription_mails.sweep()
    assert "evil" not in outbox[0].body + outbox[0].subject + outbox[0].alternatives[0][0]


def test_a_withdrawn_item_is_never_mailed(office, outbox):
    subscribed(outbox)
    item = released(office, title="金丝雀标题的公告")
    subscription_mails.match_new()
    assert Notification.objects.count() == 1
    releases.withdraw(
        office.actor("handler"), Release.objects.get(subject_id=item.pk), reason="error", note="数字有误"
    )
    assert subscription_mails.sweep() == 0 and not outbox
    # Nor where it is withdrawn before it was matched.
    other = released(office, title="第二个金丝雀公告")
    releases.withdraw(
        office.actor("handler"), Release.objects.get(subject_id=other.pk), reason="error", note="数字有误"
    )
    assert subscription_mails.sweep() == 0 and not outbox


def test_only_what_a_search_finds_is_told_to_who_keeps_it(office, outbox):
    subscribed(outbox, query="棚改 征收补偿", chosen={})
    subscribed(outbox, query="学校食堂", chosen={}, address="other@example.org")
    subscribed(outbox, query="征收补偿", chosen={"agency": "410303"}, address="third@example.org")
    released(office)
    assert subscription_mails.sweep() == 1
    (message,) = outbox
    assert message.to == [WHO] and "棚改" in message.subject


@pytest.mark.parametrize(
    "query",
    [
        "棚户区改造",
        "棚改",
        "征收",
        "西城改规〔2021〕15号",
        "penghuqu",
        "phqgz",
        "棚戶區改造",
        "健康路",
        "西工区2021年棚户区改造征收补偿方案公告",
        "路",
    ],
)
def test_a_kept_search_waits_for_all_that_the_search_page_finds(office, outbox, query):
    from gongkai.search.query import search

    subscribed(outbox, query=query, chosen={})
    released(office, document_number="西城改规〔2021〕15号")
    found = search(query)
    assert found.total == 1 and not found.loose
    assert subscription_mails.sweep() == 1


def test_once_a_day_and_once_a_week_come_in_one_mail_at_eight(office, outbox, at):
    with at(2021, 3, 2, 10):
        daily = subscribed(outbox, frequency="daily")
        weekly = subscribed(outbox, frequency="weekly", address="other@example.org")
        released(office, title="演示公告一")
        released(office, title="演示公告二")
        assert subscription_mails.sweep() == 0
    with at(2021, 3, 3, 7):
        assert subscription_mails.sweep() == 0
    with at(2021, 3, 3, 8):
        assert subscription_mails.sweep() == 1
    assert outbox.pop().body.count("演示公告") == 2
    with at(2021, 3, 8, 8):
        assert subscription_mails.sweep() == 1
    assert daily.frequency == "daily" and weekly.frequency == "weekly"


def test_the_address_is_sealed_and_goes_at_once_with_the_search(office, outbox):
    row = subscribed(outbox, query="棚户区改造", chosen={})
    assert "example.org" not in row.address and WHO.lower() not in row.print
    assert subscriptions.address_of(row) == WHO
    assert subscriptions.end(subscriptions.end_token(row))
    assert not any(model.objects.exists() for model in (Subscription, Wanted, Anchor, Notification))
    assert not subscriptions.end(subscriptions.end_token(row))


def test_the_link_of_a_mail_opens_what_goes_to_that_address_alone(office, outbox):
    mine = subscribed(outbox)
    subscribed(outbox, query="征收", chosen={})
    other = subscribed(outbox, address="other@example.org")
    token = subscriptions.manage_token(mine)
    assert [row.print for row in subscriptions.all_of(token)] == [mine.print] * 2
    with pytest.raises(subscriptions.NoSuchLink):
        subscriptions.end_of(token, str(other.pk))
    with pytest.raises(subscriptions.NoSuchLink):
        subscriptions.change(token, str(other.pk), "weekly")
    for wrong in (token[:-1] + "x", subscriptions.end_token(mine), "x" * 500):
        with pytest.raises(subscriptions.NoSuchLink):
            subscriptions.all_of(wrong)
    subscriptions.end_of(token, "all")
    assert list(Subscription.objects.all()) == [other]


def test_an_address_that_is_typed_again_and_again_gets_few_mails(office, outbox):
    for n in range(10):
        asked(network=f"192.0.2.{n}", query=f"征收{n}", chosen={})
    subscription_mails.sweep()
    assert len(outbox) == subscriptions.MAILS_A_DAY


def test_a_network_that_asks_too_often_is_told_so(office, outbox):
    for n in range(subscriptions.TIMES_AN_HOUR):
        asked(address=f"a{n}@example.org")
    with pytest.raises(Refused, match="稍后"):
        asked(address="one.more@example.org")


def test_who_is_subscribed_already_gets_a_link_and_nothing_changes(office, outbox):
    row = subscribed(outbox, frequency="weekly")
    asked(frequency="once")
    subscription_mails.sweep()
    assert link(outbox[0].body, "manage") and "已订阅" in outbox[0].subject
    row.refresh_from_db()
    assert row.frequency == "weekly"


def test_what_nobody_confirms_is_deleted_after_three_days(office, outbox, at):
    with at(2021, 3, 2):
        asked()
        subscription_mails.sweep()
    with at(2021, 3, 4):
        subscription_mails.sweep()
        assert Subscription.objects.count() == 1
    with at(2021, 3, 6):
        subscription_mails.sweep()
    assert not Subscription.objects.exists() and not Wanted.objects.exists()


class Refusing:
    """A mail server that refuses what it is given."""

    def __init__(self, error):
        self.error, self.tried = error, 0

    def open(self):
        return True

    def close(self):
        return None

    def send_messages(self, messages):
        self.tried += 1
        raise self.error


def test_an_address_that_takes_no_mail_is_dropped_after_three(office, outbox, monkeypatch):
    subscribed(outbox)
    gone = Refusing(smtplib.SMTPRecipientsRefused({WHO: (550, b"no such user")}))
    monkeypatch.setattr(subscription_mails, "get_connection", lambda: gone)
    released(office)
    moment = clock.now()
    for n in range(subscription_mails.REFUSALS):
        assert Subscription.objects.exists()
        with clock.at(moment + timedelta(hours=n)):
            subscription_mails.sweep()
    assert gone.tried == 3 and not Subscription.objects.exists()


def test_a_server_that_is_away_is_tried_again_later_and_later(office, outbox, monkeypatch):
    row = subscribed(outbox)
    away = Refusing(smtplib.SMTPRecipientsRefused({WHO: (451, b"try later")}))
    released(office)
    with monkeypatch.context() as patched:
        patched.setattr(subscription_mails, "get_connection", lambda: away)
        moment = clock.now()
        for minutes in (0, 1, 6, 7):
            with clock.at(moment + timedelta(minutes=minutes)):
                subscription_mails.sweep()
        assert away.tried == 2
    with clock.at(moment + timedelta(hours=1)):
        assert subscription_mails.sweep() == 1
    row.refresh_from_db()
    assert row.failures == 0


def test_a_crash_while_sending_sends_nothing_twice(office, outbox, monkeypatch):
    class Crash(BaseException):
        pass

    subscribed(outbox)
    released(office)
    monkeypatch.setattr(subscription_mails, "get_connection", lambda: Refusing(Crash()))
    with pytest.raises(Crash):
        subscription_mails.sweep()
    monkeypatch.undo()
    assert subscription_mails.sweep() == 0


def test_without_a_mail_server_nothing_is_taken(office, outbox, settings):
    settings.MAIL_FROM = ""
    with pytest.raises(Refused, match="订阅源"):
        asked()
    assert not Subscription.objects.exists()


def test_to_everything_nobody_can_subscribe(office):
    with pytest.raises(Refused):
        asked(query="", chosen={})
    with pytest.raises(Refused):
        asked(query="，。！", chosen={})
