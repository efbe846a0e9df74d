"""The calendar feed: RFC 5545 to the octet, a secret that is shown once, and nothing personal."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from gongkai.agencies import appointing
from gongkai.agencies.models import Appointment
from gongkai.journal.models import Entry
from gongkai.workbench import choices, icalendar
from gongkai.workbench.icalendar import Event
from gongkai.workbench.models import Feed
from tests.workbench.inboxes import SECRET, fill, row

FRIDAY = date(2021, 12, 31)
MOMENT = datetime(2021, 12, 28, 1, tzinfo=UTC)


def unfolded(data):
    return data.replace(b"\r\n ", b"").decode().split("\r\n")


def value(lines, name):
    return [line.split(":", 1)[1] for line in lines if re.split("[:;]", line)[0] == name]


def test_an_event_of_a_whole_day_with_its_alarms():
    event = Event("u@x", FRIDAY, "标题", "一行\n二行", "https://gk.example.cn/1", (3, 1, 0))
    data = icalendar.written("期限", [event], at=MOMENT)
    lines = unfolded(data)
    begin = lines.index("BEGIN:VEVENT")
    assert lines[begin : begin + 9] == [
        "BEGIN:VEVENT",
        "UID:u@x",
        "DTSTAMP:20211228T010000Z",
        "DTSTART;VALUE=DATE:20211231",
        "DTEND;VALUE=DATE:20220101",
        "SUMMARY:标题",
        "DESCRIPTION:一行\\n二行",
        "URL:https://gk.example.cn/1",
        "CLASS:PRIVATE",
    ]
    # Nine in the morning of 28, 30 and 31 December, counted from midnight of the last.
    assert value(lines, "TRIGGER") == ["-P2DT15H", "-PT15H", "PT9H"]
    assert lines[-1] == "" and lines[-2] == "END:VCALENDAR"
    assert value(lines, "VERSION") == ["2.0"] and value(lines, "PRODID")


def test_what_has_a_meaning_of_its_own_is_escaped():
    assert icalendar.escaped("a,b;c\\d\r\ne\x00\x07f") == "a\\,b\\;c\\\\d\\nef"


@given(st.text())
def test_no_line_passes_75_octets_and_no_character_is_cut(text):
    """RFC 5545 3.1, whatever the text: each line is UTF-8 by itself, and unfolding gives the text back."""
    line = f"SUMMARY:{icalendar.escaped(text)}"
    data = icalendar.folded(line)
    assert data.endswith(b"\r\n")
    pieces = data[:-2].split(b"\r\n")
    assert all(len(piece) <= 75 for piece in pieces)
    assert all(piece.startswith(b" ") for piece in pieces[1:])
    for piece in pieces:
        piece.decode()
    assert data[:-2].replace(b"\r\n ", b"").decode() == line


def test_a_long_chinese_line_is_folded_between_characters():
    data = icalendar.folded("SUMMARY:" + "政府信息公开" * 10)
    assert [len(piece) for piece in data[:-2].split(b"\r\n")] == [74, 73, 43]


def logged_in(office, name):
    client = Client()
    client.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def issued(office, name="handler"):
    """The path of a new feed, as its person reads it on the page."""
    page = logged_in(office, name).post("/workbench/feed/issue/").content.decode()
    return re.search(r"http://testserver(/workbench/feed/[\w-]+\.ics)", page)[1]


def test_the_feed_says_when_what_is_due_and_nothing_of_whom(office, at, monkeypatch):
    fill(monkeypatch, handler=[row(office, FRIDAY), row(office, None, url="/workbench/no-term/")])
    path = issued(office)
    with at(2021, 12, 28):
        answer = Client().get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    lines = unfolded(answer.content)
    assert value(lines, "DTSTART")[1:] == ["20211231"]
    assert value(lines, "SUMMARY") == ["政府信息公开申请 2021-0001：审查并作出决定"]
    assert "期限：2021年12月31日（星期五），剩余3个工作日。" in value(lines, "DESCRIPTION")[0]
    assert value(lines, "TRIGGER") == ["-P2DT15H", "-PT15H", "PT9H"]
    assert SECRET not in answer.content.decode() and "张三丰" not in answer.content.decode()


def test_an_event_keeps_its_identity_when_its_day_moves(office, monkeypatch):
    path = issued(office)
    seen = []
    for due in (FRIDAY, date(2022, 1, 5)):
        fill(monkeypatch, handler=[row(office, due)])
        lines = unfolded(Client().get(path).content)
        seen.append((value(lines, "UID"), value(lines, "DTSTART")[1:]))
    (first, day), (second, moved) = seen
    assert first == second and (day, moved) == (["20211231"], ["20220105"])


def test_the_secret_is_shown_once_and_only_its_digest_is_kept(office):
    path = issued(office)
    token = path.rsplit("/", 1)[1].removesuffix(".ics")
    assert len(token) >= 43
    assert token not in logged_in(office, "handler").get("/workbench/reminders/").content.decode()
    feed = Feed.objects.get()
    assert token not in str(feed.__dict__)
    assert not Entry.objects.filter(data__contains=token).exists()
    assert Entry.objects.filter(action="feed.issued", actor=str(office.people["handler"].pk)).count() == 1


def test_a_new_address_ends_the_old_one_and_a_revoked_one_is_gone(office):
    old = issued(office)
    new = issued(office)
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    assert logged_in(office, "handler").post("/workbench/feed/revoke/").status_code == 302
    assert Client().get(new).status_code == 404
    assert Entry.objects.filter(action="feed.revoked").count() == 1
    assert choices.revoke_feed(office.actor("handler")) is False


def test_who_holds_no_appointment_any_more_has_an_empty_calendar(office, monkeypatch):
    fill(monkeypatch, handler=[row(office, FRIDAY)])
    path = issued(office)
    held = Appointment.objects.get(person=office.people["handler"])
    appointing.end(office.actor("system"), held, on=date(2021, 1, 1), reason="调离")
    answer = Client().get(path)
    assert answer.status_code == 200 and b"VEVENT" not in answer.content


def test_a_closed_account_has_no_feed(office):
    path = issued(office)
    type(office.people["handler"]).objects.filter(username="handler").update(is_active=False)
    assert Client().get(path).status_code == 404


def test_who_guesses_is_stopped_and_whoever_knows_still_gets_in(office):
    path = issued(office)
    client = Client()
    answers = [client.get(f"/workbench/feed/guess{n}.ics").status_code for n in range(32)]
    assert answers == [404] * 30 + [429] * 2
    assert client.get(path).status_code == 200


def test_one_feed_is_fetched_so_often_and_no_more(office):
    path = issued(office)
    answers = [Client().get(path) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    assert answers[-1]["Retry-After"] and answers[-1]["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_feed_is_only_read(office, method):
    assert getattr(Client(), method)(issued(office)).status_code == 405


def test_only_a_person_at_work_issues_one(client, db):
    assert client.post("/workbench/feed/issue/").url.startswith("/workbench/login/")
    assert client.get("/workbench/reminders/").url.startswith("/workbench/login/")
