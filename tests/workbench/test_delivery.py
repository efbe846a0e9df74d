"""Sending: at most once an attempt, again only after a certain failure, unknown after a crash."""

import os
import signal
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from gongkai.agencies.policy import Refused
from gongkai.journal import clock
from gongkai.journal.models import Entry
from gongkai.workbench import choices, delivery, gateways, reminders
from gongkai.workbench.gateways import Gateway, NotSent, Unclear
from gongkai.workbench.models import Delivery, Subscription
from tests.conftest import SHANGHAI
from tests.invariants.attacks import SQLITE
from tests.workbench.inboxes import SECRET, fill, row
from tests.workbench.test_reminders import killed_in

FRIDAY = date(2021, 12, 31)
MORNING = datetime(2021, 12, 31, 9, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Told(Gateway):
    """A gateway that does what the test says with each message."""

    does: object = None

    def cleaned(self, address):
        return address

    def send(self, message):
        self.does(message)


@pytest.fixture
def queue(office, monkeypatch):
    """One message to the handler, and the answer of the gateway to set."""
    answer = {"does": lambda message: None}
    told = Told("told", "试验通道", lambda message: answer["does"](message))
    monkeypatch.setattr(gateways, "offered", lambda: {"told": told})
    fill(monkeypatch, handler=[row(office, FRIDAY)])
    choices.choose(office.actor("handler"), {"told": "someone"})
    with clock.at(MORNING):
        reminders.sweep()
    return answer


def at_minute(minutes):
    return clock.at(MORNING + timedelta(minutes=minutes))


def test_a_message_goes_out_once(queue):
    seen = []
    queue["does"] = seen.append
    with at_minute(1):
        assert delivery.sweep() == 1
        assert delivery.sweep() == 0
    (message,) = seen
    sent = Delivery.objects.get()
    assert (sent.state, sent.attempts, sent.last_error) == ("sent", 1, "")
    assert message.id == str(sent.pk) and message.address == "someone" and message.text == sent.text


def test_after_a_certain_failure_it_is_tried_again_ever_later_and_then_given_up(queue):
    tried = []

    def down(message):
        tried.append(clock.now())
        raise NotSent("短信平台无法连接。", again=True)

    queue["does"] = down
    for minute in range(0, 11 * 60, 1):
        with at_minute(minute):
            delivery.sweep()
    assert [moment - MORNING for moment in tried] == [
        timedelta(minutes=minutes) for minutes in (0, 1, 6, 36, 156, 516)
    ]
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.last_error) == ("failed", 6, "短信平台无法连接。")


def test_what_the_gateway_refuses_for_good_is_not_tried_again(queue):
    def refuse(message):
        raise NotSent("号码不存在。", again=False)

    queue["does"] = refuse
    for minute in (1, 30, 600):
        with at_minute(minute):
            delivery.sweep()
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == ("failed", 1)


@pytest.mark.parametrize("error", [Unclear("通道未答复。"), ValueError("a fault in the gateway")])
def test_where_the_answer_never_came_it_is_unknown_and_not_sent_again(queue, error):
    calls = []

    def silent(message):
        calls.append(message)
        raise error

    queue["does"] = silent
    for minute in (1, 30, 600):
        with at_minute(minute):
            delivery.sweep()
    row = Delivery.objects.get()
    assert (row.state, len(calls)) == ("unknown", 1) and row.last_error


def test_the_list_says_when_a_failed_message_is_tried_again(office, queue):
    def down(message):
        raise NotSent("短信平台无法连接。", again=True)

    queue["does"] = down
    with at_minute(0):
        delivery.sweep()
    client = Client()
    client.force_login(office.people["system"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/workbench/messages/").content.decode()
    assert "短信平台无法连接。" in page and "下次尝试：2021-12-31 09:01" in page


@pytest.mark.commits
@pytest.mark.skipif(not SQLITE, reason="a forked process with the same settings; one database is enough")
def test_a_process_killed_while_sending_never_sends_a_second_time(committed, monkeypatch, tmp_path):
    said = tmp_path / "said"

    def once_and_die(message):
        said.open("a").write(message.id + "\n")
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(gateways, "offered", lambda: {"told": Told("told", "试验通道", once_and_die)})
    fill(monkeypatch, handler=[row(committed, FRIDAY)])
    choices.choose(committed.actor("handler"), {"told": "someone"})
    with clock.at(MORNING):
        reminders.sweep()
        killed_in(delivery.sweep)
        assert Delivery.objects.get().state == "sending"
        delivery.sweep()
    for minute in (4, 6, 60):
        with at_minute(minute):
            delivery.sweep()
    row_ = Delivery.objects.get()
    assert (row_.state, row_.last_error) == ("unknown", "发送过程中程序中断，不知是否已发出。")
    assert len(said.read_text().splitlines()) == 1


def test_a_gateway_that_is_down_is_left_alone_until_the_next_sweep(office, queue, monkeypatch):
    fill(monkeypatch, handler=[row(office, FRIDAY, url=f"/workbench/thing/{n}/") for n in range(5)])
    calls = []

    def down(message):
        calls.append(message)
        raise NotSent("无法连接。", again=True)

    queue["does"] = down
    with at_minute(1):
        reminders.sweep()
        Delivery.objects.filter(reminder__thing="/workbench/applications/1/").delete()
        delivery.sweep()
    assert len(calls) == 1


@pytest.mark.parametrize("change", ["done", "moved", "unwanted", "not offered", "left"])
def test_what_nobody_needs_any_more_is_dropped_with_its_reason(office, queue, monkeypatch, change):
    calls = []
    queue["does"] = calls.append
    if change == "done":
        fill(monkeypatch)
    elif change == "moved":
        fill(monkeypatch, handler=[row(office, date(2022, 2, 1))])
    elif change == "unwanted":
        choices.choose(office.actor("handler"), {})
    elif change == "not offered":
        monkeypatch.setattr(gateways, "offered", dict)
    else:
        type(office.people["handler"]).objects.filter(username="handler").update(is_active=False)
    with at_minute(1):
        delivery.sweep()
    row_ = Delivery.objects.get()
    assert (row_.state, calls) == ("dropped", []) and row_.last_error.endswith("。")


@pytest.mark.parametrize(("hour", "sent"), [(22, 0), (4, 0), (7, 0), (8, 1), (19, 1), (20, 0)])
def test_nothing_goes_out_at_night(queue, hour, sent):
    Delivery.objects.update(next_at=MORNING - timedelta(days=1))
    with clock.at(datetime(2021, 12, 31, hour, tzinfo=SHANGHAI)):
        assert delivery.sweep() == sent


def test_the_choice_of_gateways_is_journalled_without_the_address(office, queue):
    handler = office.actor("handler")
    choices.choose(handler, {"told": "someone"})
    assert Entry.objects.filter(action="reminders.chosen").count() == 1
    choices.choose(handler, {})
    last = Entry.objects.filter(action="reminders.chosen").latest("seq")
    assert last.actor == str(handler.person.pk) and '"after":[],"before":["told"]' in last.data
    assert not Entry.objects.filter(data__contains="someone").exists()
    with pytest.raises(Refused, match="不再提供"):
        choices.choose(handler, {"another": ""})
    assert not Subscription.objects.exists()


def test_the_administrator_sees_filters_and_exports_what_went_out_and_nobody_else_does(office, queue):
    def refuse(message):
        raise NotSent("号码不存在。", again=False)

    queue["does"] = refuse
    with at_minute(1):
        delivery.sweep()
    client = Client()
    client.force_login(office.people["system"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/workbench/messages/").content.decode()
    assert "号码不存在。" in page and "发送失败" in page and "2021-0001" in page and SECRET not in page
    assert "号码不存在。" not in client.get("/workbench/messages/?state=sent").content.decode()
    book = client.get("/workbench/messages/?state=failed&export=xlsx")
    cells = [cell for line in load_workbook(BytesIO(book.content)).active.values for cell in line]
    assert {"发送失败", "号码不存在。", "2021-12-31 09:00"} <= set(cells) and SECRET not in cells
    for name in ("handler", "head", "audit", "security"):
        other = Client()
        other.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
        assert other.get("/workbench/messages/").status_code == 403
