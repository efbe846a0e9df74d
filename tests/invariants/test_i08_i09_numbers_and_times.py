"""I8: numbers without gaps and doubles; I9: time and numbers come from the server, in the releasing transaction."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.test import Client
from django.urls import reverse

from gongkai.agencies import numbering
from gongkai.agencies.models import IssuedNumber, NumberSeries
from gongkai.agencies.policy import Refused
from gongkai.disclosure.models import Item
from gongkai.journal import chain, clock
from gongkai.review import releases, submission
from gongkai.review.models import Release
from tests.invariants.attacks import amended, sql, unguarded
from tests.items import approve, drafted, released, submitted, ticked

FORM = "{mark}〔{year}〕{n}号"


def issue(office, kind="letter"):
    return numbering.issue(office.agency, kind, FORM, who=office.actor("handler").who, subject=("test", "1"))


def test_many_at_once_get_a_row_without_gap_or_double(committed):
    office, start = committed, threading.Barrier(6)

    def act(number):
        try:
            start.wait()
            for turn in range(4):
                try:
                    with transaction.atomic():
                        issue(office)
                        if (number + turn) % 3 == 0:
                            raise InterruptedError
                except InterruptedError:
                    pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = sorted(IssuedNumber.objects.filter(kind="letter").values_list("value", flat=True))
    assert given == list(range(1, 17))
    assert list(chain.verify()) == []


def test_a_number_outside_a_transaction_is_refused(committed):
    with pytest.raises(RuntimeError):
        issue(committed)


def test_a_void_number_stays_and_is_not_given_again(office):
    with transaction.atomic():
        first = issue(office)
    numbering.void(first, "写错收件人", who=office.actor("handler").who)
    with pytest.raises(Refused, match="作废"):
        numbering.void(first, "再一次", who=office.actor("handler").who)
    with transaction.atomic():
        assert issue(office).value == 2
    assert IssuedNumber.objects.filter(kind="letter", void__isnull=False).get() == first


def test_the_same_number_twice_is_refused_by_the_database(office):
    with transaction.atomic():
        first = issue(office)
    twin = IssuedNumber(
        **{f.attname: getattr(first, f.attname) for f in first._meta.concrete_fields} | {"id": None}
    )
    with pytest.raises(DatabaseError, match=r"UNIQUE|unique"), transaction.atomic():
        twin.save()


def test_a_series_that_was_pushed_on_or_robbed_shows_in_the_journal(committed):
    with transaction.atomic():
        issue(committed)
    NumberSeries.objects.update(last=5)
    with transaction.atomic():
        issue(committed)
    assert ["缺号" in fault.message for fault in chain.verify()] == [True]
    NumberSeries.objects.filter(kind="letter").delete()
    with unguarded():
        sql("DELETE FROM agencies_issuednumber WHERE value = 6")
    assert len(list(chain.verify())) == 2


# --- I9


@pytest.fixture
def real_instance(monkeypatch):
    monkeypatch.setattr(settings, "INSTANCE", replace(settings.INSTANCE, demo=False))


def test_the_clock_of_a_real_instance_cannot_be_set(real_instance):
    past = datetime(2019, 1, 1, tzinfo=UTC)
    with pytest.raises(clock.ClockNotSettable), clock.at(past):
        pass
    token = clock._set.set(past)
    try:
        assert clock.now() > past + timedelta(days=365)
    finally:
        clock._set.reset(token)
    with pytest.raises(AttributeError):
        settings.INSTANCE.demo = True


def test_a_time_or_number_in_the_request_is_not_heard(office, at):
    with at(2021, 3, 2):
        item = drafted(office)
        revision = submitted(office, item)
        approve(office, revision, 1)
        approve(office, revision, 2)
        client = Client()
        client.force_login(office.people["approver"], backend="django.contrib.auth.backends.ModelBackend")
        said = {f"check_{key}": "on" for key in ticked("item", 3)} | {
            "decision": "approve", "opinion": "同意", "released_at": "2020-01-01T00:00", "at": "2020-01-01",
            "index_number": "XG0123/2019-00001", "release_at": "",
        }  # fmt: skip
        assert client.post(reverse("review:page", args=[revision.pk]), said).status_code == 302
    item.refresh_from_db()
    assert item.released_at.astimezone(UTC).isoformat() == "2021-03-02T01:00:00+00:00"
    assert item.index_number == "XG0123/2021-00001"


def test_the_leader_sets_a_later_time_and_never_an_earlier_one(office, at):
    with at(2021, 3, 2):
        revision = submitted(office, drafted(office))
        approve(office, revision, 1)
        approve(office, revision, 2)
        for moment in (clock.now() - timedelta(minutes=1), clock.now(), clock.now() + timedelta(days=400)):
            with pytest.raises(Refused):
                approve(office, revision, 3, release_at=moment)
        approve(office, revision, 3, release_at=clock.now() + timedelta(days=1))
    with at(2021, 3, 9):
        releases.release_due()
        # Published when it went out, not when it should have.
        assert Release.objects.get().released_at == clock.now()


def test_a_failed_release_leaves_neither_number_nor_time(office, monkeypatch):
    from gongkai.disclosure import normative

    item = drafted(office)
    revision = submitted(office, item)
    approve(office, revision, 1)
    approve(office, revision, 2)

    def fails(*_args):
        raise MemoryError

    with monkeypatch.context() as crash:
        crash.setattr(normative, "register", fails)
        with pytest.raises(MemoryError):
            approve(office, revision, 3)
    item.refresh_from_db()
    assert (item.state, item.index_number, item.released_at) == (Item.State.DRAFT, "", None)
    assert not IssuedNumber.objects.exists() and revision.approvals.count() == 2
    approve(office, revision, 3)
    assert IssuedNumber.objects.get().value == 1


def test_a_second_release_keeps_the_index_number_and_the_first_time(office, at):
    with at(2021, 3, 2):
        item = released(office)
        number, first = item.index_number, item.released_at
    with at(2021, 6, 2):
        second = amended(office, item)
        for step in (1, 2, 3):
            approve(office, second, step)
        item.refresh_from_db()
        assert (item.index_number, item.released_at) == (number, first)
        assert item.changed_at == clock.now() and IssuedNumber.objects.count() == 1


def test_a_withdrawal_stands_alone_and_only_once(office):
    item = released(office)
    live = item.live
    releases.withdraw(office.actor("approver"), live, reason="leak", show_title=True)
    assert live.withdrawal.show_title is False
    item.refresh_from_db()
    assert item.state == Item.State.WITHDRAWN and item.live is None
    assert submission.live_release("item", item.pk) is None
    with pytest.raises(Refused):
        releases.withdraw(office.actor("handler"), live, reason="error")
    with pytest.raises(Refused):
        releases.withdraw(office.actor("handler"), live, reason="because")


def test_withdrawing_while_the_successor_is_released_leaves_one_truth(committed):
    """Either the successor came first and the withdrawal of the older one is refused, or both happened in turn."""
    office = committed
    item = released(office)
    second = amended(office, item)
    approve(office, second, 1)
    approve(office, second, 2)
    start, told = threading.Barrier(2), {}

    def act(name, use_case):
        try:
            start.wait()
            use_case()
            told[name] = True
        except Refused:
            told[name] = False
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=act, args=("approve", lambda: approve(office, second, 3))),
        threading.Thread(
            target=act,
            args=("withdraw", lambda: releases.withdraw(office.actor("reviewer"), item.live, reason="error")),
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told["approve"]
    item.refresh_from_db()
    assert item.state == Item.State.PUBLIC and item.live == second.release
    assert list(chain.verify()) == []
