"""Reminders of the inbox: on their day, each once, under two sweeps and after a kill; nothing personal in them."""

import json
import multiprocessing
import os
import signal
import threading
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from gongkai.agencies import calendars
from gongkai.agencies.models import Person
from gongkai.journal import sweeping
from gongkai.workbench import choices, delivery, reminders
from gongkai.workbench.models import Delivery, Reminder
from tests.conftest import SHANGHAI
from tests.invariants.attacks import SQLITE
from tests.workbench.inboxes import SECRET, THING, fill, row

FRIDAY = date(2021, 12, 31)


@pytest.fixture(autouse=True)
def _fresh_file():
    (settings.INSTANCE.home / "messages" / "file.jsonl").unlink(missing_ok=True)


def written():
    path = settings.INSTANCE.home / "messages" / "file.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def page(office, name, address="/workbench/"):
    client = Client()
    client.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return client.get(address).content.decode()


def marks(office, name="handler"):
    return list(
        Reminder.objects.filter(person=office.people[name]).order_by("pk").values_list("left", flat=True)
    )


def test_each_reminder_comes_on_its_day_and_once(office, at, monkeypatch):
    fill(monkeypatch, handler=[row(office, FRIDAY)])
    days = [(16, []), (17, [10]), (20, [10]), (24, [10, 5]), (28, [10, 5, 3]), (30, [10, 5, 3, 1])]
    for day, made in [*days, (31, [10, 5, 3, 1, 0])]:
        for hour in (9, 15):
            with at(2021, 12, day, hour):
                reminders.sweep()
        assert marks(office) == made
    for day in (1, 4, 5, 20):
        with at(2022, 1, day):
            reminders.sweep()
    assert marks(office) == [10, 5, 3, 1, 0, -1]


def test_the_inbox_shows_the_reminder_until_its_thing_is_opened(office, at, monkeypatch):
    fill(monkeypatch, handler=[row(office, FRIDAY)])
    with at(2021, 12, 28):
        reminders.sweep()
        shown = page(office, "handler")
        assert "2021年12月31日（星期五），剩余3个工作日" in shown
        client = Client()
        client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
        notice = Reminder.objects.get(person=office.people["handler"])
        assert f"/workbench/reminders/{notice.pk}/" in shown
        assert client.get(f"/workbench/reminders/{notice.pk}/").url == THING
        assert 'class="reminders"' not in page(office, "handler")


def test_nobody_opens_the_reminder_of_another_person(office, at, monkeypatch):
    fill(monkeypatch, handler=[row(office, FRIDAY)])
    with at(2021, 12, 28):
        reminders.sweep()
    client = Client()
    client.force_login(office.people["reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    notice = Reminder.objects.get()
    assert client.get(f"/workbench/reminders/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.opened_at is None


def test_a_day_on_which_the_server_stood_still_is_made_up_for_with_the_days_that_are_left(
    office, at, monkeypatch
):
    fill(monkeypatch, handler=[row(office, FRIDAY, since=datetime(2021, 12, 3, 9, tzinfo=SHANGHAI))])
    with at(2021, 12, 29):
        reminders.sweep()
        assert marks(office) == [3]
        assert "剩余2个工作日" in page(office, "handler")


def test_what_has_just_come_waits_for_its_next_reminder_and_what_is_late_is_said_at_once(
    office, at, monkeypatch
):
    since = datetime(2021, 12, 29, 8, tzinfo=SHANGHAI)
    late = row(office, date(2021, 12, 20), url="/workbench/late/", since=since)
    fill(monkeypatch, handler=[row(office, FRIDAY, since=since), late])
    with at(2021, 12, 29):
        reminders.sweep()
        assert "逾期7个工作日" in page(office, "handler")
    assert list(Reminder.objects.values_list("thing", "left")) == [("/workbench/late/", -1)]


def test_nobody_is_reminded_of_what_has_no_term_or_without_an_account(office, at, monkeypatch):
    fill(
        monkeypatch,
        handler=[row(office, FRIDAY)],
        reviewer=[row(office, None)],
        approver=[row(office, FRIDAY)],
    )
    Person.objects.filter(username="approver").update(is_active=False)
    with at(2021, 12, 31):
        assert reminders.sweep() == 1
    assert marks(office) == [0]


def test_who_works_for_several_agencies_is_told_which_one_is_meant(office, at, monkeypatch):
    ours = row(office, FRIDAY)
    theirs = replace(ours, url="/workbench/applications/", agency=office.district)
    with at(2021, 12, 28):
        for rows, named in (([ours], False), ([ours, theirs], True)):
            fill(monkeypatch, handler=rows)
            reminders.sweep()
            shown = page(office, "handler")
            assert ("（区城改办）：" in shown, "（西工区人民政府）：" in shown) == (named, named)


def test_a_holiday_notice_that_moves_a_due_day_repeats_nothing_and_forgets_nothing(office, at, monkeypatch):
    due = {"on": date(2027, 1, 5)}
    monkeypatch.setattr("gongkai.agencies.navigation._providers", {
        "test": lambda actor: [row(office, due["on"])] if actor.person.username == "handler" else []
    })  # fmt: skip
    choices.choose(office.actor("handler"), {"file": ""})
    with at(2026, 12, 30):
        reminders.sweep()
        assert marks(office) == [3]
    with at(2026, 12, 30, 14):
        calendars.load(
            office.actor("security"), 2027, off=["2027-01-01", "2027-01-04"], work=[], source="演示通知"
        )
        due["on"] = date(2027, 1, 6)
        reminders.sweep()
        # Told this day that three days are left, nobody is told of the same three again.
        assert marks(office) == [3]
        assert 'class="reminders"' not in page(office, "handler")
        # What was queued for the old day does not go out.
        assert delivery.sweep() == 0
        assert Delivery.objects.get().state == Delivery.State.DROPPED
    with at(2027, 1, 5):
        reminders.sweep()
        assert delivery.sweep() == 1
    assert marks(office) == [3, 1]
    assert "2027年1月6日（星期三），剩余1个工作日" in written()[0]["text"]


def test_the_gateway_gets_number_kind_step_and_term_and_nothing_else(office, at, monkeypatch):
    fill(monkeypatch, handler=[row(office, FRIDAY, provisional=True)])
    choices.choose(office.actor("handler"), {"file": ""})
    with at(2021, 12, 28):
        reminders.sweep()
        assert SECRET in page(office, "handler")
        delivery.sweep()
    (message,) = written()
    assert message["text"] == (
        "【信息公开期限提醒】政府信息公开申请 2021-0001：审查并作出决定。"
        "期限：2021年12月31日（星期五），剩余3个工作日（暂定）。"
    )
    assert "张三丰" not in json.dumps(message, ensure_ascii=False)


def test_one_inbox_that_cannot_be_read_silences_nobody_else(office, at, monkeypatch, caplog):
    def waiting(actor):
        if actor.person.username == "handler":
            raise ValueError("broken row")
        return [row(office, FRIDAY)] if actor.person.username == "reviewer" else []

    monkeypatch.setattr("gongkai.agencies.navigation._providers", {"test": waiting})
    with at(2021, 12, 31):
        assert reminders.sweep() == 1
    assert marks(office, "reviewer") == [0]
    assert "broken row" in caplog.text


def test_the_sweeper_runs_both_the_reminders_and_the_messages(office, at, monkeypatch):
    fill(monkeypatch, handler=[row(office, FRIDAY)])
    choices.choose(office.actor("handler"), {"file": ""})
    with at(2021, 12, 31):
        done = sweeping.sweep(everything=True)
    assert (done["reminders"], done["messages"]) == (1, 1)


def many(office, count=12):
    return [row(office, FRIDAY, url=f"/workbench/thing/{n}/", number=f"2021-{n:04d}") for n in range(count)]


@pytest.mark.commits
def test_two_sweeps_at_once_remind_once_and_send_once(committed, at, monkeypatch):
    fill(monkeypatch, handler=many(committed), reviewer=many(committed))
    for name in ("handler", "reviewer"):
        choices.choose(committed.actor(name), {"file": ""})
    together = threading.Barrier(3)

    def run():
        with at(2021, 12, 31):
            together.wait()
            reminders.sweep()
            together.wait()
            delivery.sweep()
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Reminder.objects.count() == Delivery.objects.count() == len(written()) == 24
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert len({message["id"] for message in written()}) == 24


def killed_in(work):
    """Run `work` in a process of its own that must end by SIGKILL."""
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.commits
@pytest.mark.skipif(not SQLITE, reason="a forked process with the same settings; one database is enough")
@pytest.mark.parametrize("after", [0, 1, 5, 11])
def test_a_process_killed_between_two_reminders_repeats_none_and_loses_none(
    committed, at, monkeypatch, after
):
    fill(monkeypatch, handler=many(committed))
    choices.choose(committed.actor("handler"), {"file": ""})
    made = reminders._make

    def until_killed(*args):
        if Reminder.objects.count() == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return made(*args)

    def work():
        reminders._make = until_killed
        reminders.sweep()

    with at(2021, 12, 31):
        killed_in(work)
        assert Reminder.objects.count() == after
        assert reminders.sweep() == 12 - after
        assert delivery.sweep() == 12
    assert sorted(message["text"][10:40] for message in written()) == sorted(
        {message["text"][10:40] for message in written()}
    )
    assert Reminder.objects.count() == len(written()) == 12
