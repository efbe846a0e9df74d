"""I2: what happened is never changed; whoever changes it all the same is found, with the entry named."""

import json
import re

import pytest
from django.conf import settings
from django.db import transaction

from gongkai.channels.models import Heard
from gongkai.disclosure.models import Item
from gongkai.journal import chain, clock, sweeping
from gongkai.journal.models import Entry, Outbox
from gongkai.review import caches, releases, submission
from gongkai.review.models import Approval, Content, Release, ReviewState, ScreenedRelease
from tests.invariants.attacks import SQLITE, sql, unguarded
from tests.items import approve, drafted, released, submitted

FOLDER = settings.INSTANCE.home / "journal"


def faults():
    return list(chain.verify())


@pytest.fixture
def year(committed):
    """A journal with a release in it, that holds."""
    released(committed)
    assert faults() == []
    return committed


def test_a_changed_byte_in_an_entry_names_the_entry(year):
    with unguarded():
        sql("UPDATE journal_entry SET actor_name = 'X' WHERE seq = 7")
    assert [fault.seq for fault in faults()] == [7]


def test_a_deleted_entry_is_named_as_missing(year):
    with unguarded():
        sql("DELETE FROM journal_entry WHERE seq = 7")
    assert faults()[0].seq == 7 and "缺失" in faults()[0].message


def test_a_cut_tail_is_named_by_the_signed_head(year):
    last = Entry.objects.last().seq
    with unguarded():
        sql("DELETE FROM journal_entry WHERE seq > %s", last - 3)
    assert last - 2 in [fault.seq for fault in faults()]


def test_two_swapped_entries_are_named(year):
    with unguarded():
        sql("UPDATE journal_entry SET seq = -1 WHERE seq = 8")
        sql("UPDATE journal_entry SET seq = 8 WHERE seq = 9")
        sql("UPDATE journal_entry SET seq = 9 WHERE seq = -1")
    assert {8, 9} <= {fault.seq for fault in faults()}


def test_an_entry_whose_moment_no_longer_reads_is_named_and_not_a_crash(year):
    with unguarded():
        if SQLITE:
            sql("UPDATE journal_entry SET at = 'gestern', data = x'ff00' WHERE seq = 5")
        else:
            sql("UPDATE journal_entry SET data = '{' WHERE seq = 5")
    assert 5 in [fault.seq for fault in faults()]


def test_an_entry_put_in_with_a_right_digest_but_without_the_key_is_a_forgery(year):
    """Found by attack: the chain alone has no secret, so anyone could lengthen it."""
    last = Entry.objects.last()
    forged = Entry(
        seq=last.seq + 1, at=clock.now(), actor="system:sweeper", action="review.passed", previous=last.digest
    )
    forged.digest = chain._digest(forged)
    for signature in ("", last.signature, "00" * 64):
        forged.signature = signature
        with transaction.atomic():
            forged.save_base(raw=True, force_insert=True)
            assert [fault.seq for fault in faults()] == [forged.seq]
            transaction.set_rollback(True)
    # What is written after it does not make it right.
    forged.save_base(raw=True, force_insert=True)
    with transaction.atomic():
        chain.record("journal.day", chain.SWEEPER)
    assert [fault.seq for fault in faults()] == [forged.seq]


def test_a_whole_chain_computed_anew_fails_at_its_signatures(year):
    with unguarded():
        previous = ""
        for entry in Entry.objects.order_by("seq"):
            entry.previous, entry.actor_name = previous, "别人"
            previous = chain._digest(entry)
            sql(
                "UPDATE journal_entry SET previous = %s, actor_name = '别人', digest = %s WHERE seq = %s",
                entry.previous, previous, entry.seq,
            )  # fmt: skip
    found = faults()
    assert {fault.seq for fault in found} >= set(range(1, Entry.objects.count() + 1))


def test_a_changed_row_is_named_with_the_entry_that_covers_it(year):
    approval = Approval.objects.get(step=2)
    with unguarded():
        sql("UPDATE review_approval SET opinion = '不同意' WHERE id = %s", approval.pk)
    (fault,) = faults()
    assert fault.row == f"review_approval:{approval.pk}" and "改动" in fault.message
    assert json.loads(Entry.objects.get(pk=fault.seq).data)["step"] == 2


def test_a_deleted_row_is_named(year):
    release = Release.objects.get()
    with unguarded():
        Item.objects.update(live=None)
        ScreenedRelease.objects.all().delete()
        Heard.objects.all().delete()
        sql("DELETE FROM review_release")
    assert f"review_release:{release.pk}" in [fault.row for fault in faults()]


def test_a_row_without_an_entry_is_a_forgery(year):
    approval = Approval.objects.get(step=2)
    revision = submitted(year, drafted(year, title="第二件"))
    approve(year, revision, 1)
    forged = Approval.objects.create(
        revision=revision, digest=revision.digest, step=2, decision="returned", person=approval.person,
        appointment=approval.appointment, opinion="不同意", on_day=clock.today(), at=clock.now(),
    )  # fmt: skip
    (fault,) = faults()
    assert fault.row == f"review_approval:{forged.pk}" and "伪造" in fault.message


def test_a_changed_content_is_named(year):
    with unguarded():
        sql("UPDATE review_content SET text = text || ' '")
    assert [fault.row for fault in faults()] == [f"review_content:{Content.objects.get().pk}"]


def test_a_table_that_is_gone_is_named_and_not_a_crash(year):
    sql("DROP TABLE review_cancellation" + ("" if SQLITE else " CASCADE"))
    (fault,) = faults()
    assert fault.row == "review_cancellation" and "不存在" in fault.message


@pytest.mark.parametrize("name", ["head.json", "heads.jsonl"])
def test_a_removed_head_file_is_named(year, name):
    (FOLDER / name).unlink()
    assert [name in fault.message for fault in faults()] == [True]


def test_a_head_written_without_the_key_is_named(year):
    said = json.loads((FOLDER / "head.json").read_text("utf-8"))
    last = Entry.objects.last()
    with unguarded():
        sql("DELETE FROM journal_entry WHERE seq = %s", last.seq)
    before = Entry.objects.last()
    said["statement"] = re.sub(r'"digest":"\w+"', f'"digest":"{before.digest}"', said["statement"])
    said["statement"] = re.sub(r'"seq":\d+', f'"seq":{before.seq}', said["statement"])
    (FOLDER / "head.json").write_text(json.dumps(said), "utf-8")
    assert "一个日志链头的签名无效。" in [fault.message for fault in faults()]
    (FOLDER / "head.json").write_text("\x00not json", "utf-8")
    assert "一个日志链头的签名无效。" in [fault.message for fault in faults()]


def test_a_day_without_any_act_still_leaves_a_kept_head(year, at):
    with at(2030, 1, 5):
        sweeping.sweep(everything=True)
        days = Entry.objects.filter(action="journal.day").count()
        sweeping.sweep(everything=True)
    assert Entry.objects.filter(action="journal.day").count() == days
    kept = (FOLDER / "heads.jsonl").read_text("utf-8")
    assert f'\\"seq\\":{Entry.objects.filter(action="journal.day").last().seq}' in kept
    assert faults() == []


def test_the_state_of_a_review_is_rebuilt_from_its_events(office):
    done, running = released(office).live.revision, submitted(office, drafted(office, title="第二件"))
    recalled = submitted(office, drafted(office, title="第三件"))
    submission.recall(office.actor("handler"), recalled)
    approve(office, running, 1)
    before = dict(ReviewState.objects.values_list("pk", "state"))
    ReviewState.objects.filter(pk=done.pk).update(state="step2")
    ReviewState.objects.filter(pk=recalled.pk).update(state="step1")
    ReviewState.objects.filter(pk=running.pk).delete()
    assert len(caches.differences()) == 3
    assert caches.differences(repair=True) == [] == caches.differences()
    assert dict(ReviewState.objects.values_list("pk", "state")) == before
    running.refresh_from_db()
    approve(office, running, 2)


def test_a_follow_up_that_a_crash_cut_off_is_done_by_the_sweeper(committed, monkeypatch):
    from gongkai.journal import outbox

    heard = []
    monkeypatch.setitem(
        outbox._subscribers, "review.released", {"test": lambda payload: heard.append(payload["release"])}
    )
    with monkeypatch.context() as crash:
        crash.setattr(outbox, "deliver", lambda pk: False)
        item = released(committed)
    assert heard == [] and Outbox.objects.filter(subscriber="test", done_at=None).exists()
    sweeping.sweep(everything=True)
    sweeping.sweep(everything=True)
    assert heard == [item.live.pk]


def test_a_follow_up_that_fails_does_not_undo_the_act_and_is_tried_again(committed, monkeypatch):
    from gongkai.journal import outbox

    tries = []

    def fails_once(payload):
        tries.append(payload)
        if len(tries) == 1:
            raise OSError("disk full")

    monkeypatch.setitem(outbox._subscribers, "review.withdrawn", {"test": fails_once})
    item = released(committed)
    row = releases.withdraw(committed.actor("handler"), item.live, reason="error")
    assert row.pk and Outbox.objects.get(subscriber="test").last_error == "OSError: disk full"
    outbox.sweep()
    assert len(tries) == 2
