"""What is public is screened again; what is found becomes a task, is withdrawn, or is dismissed with a ground."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gongkai.agencies.navigation import waiting
from gongkai.agencies.policy import Refused
from gongkai.disclosure.models import Item
from gongkai.journal import chain, clock
from gongkai.review import releases, rescreening
from gongkai.review.models import (
    NewFinding,
    Release,
    Rescreening,
    RescreeningRound,
    ScreenedRelease,
)
from gongkai.supervision.models import Entry
from tests.items import approve, drafted, released, submitted
from tests.review.rules import a_dictionary, wording_blocks

SECRET = "洛河七号工程"
TEXT = {"body": f"<p>本次征收涉及{SECRET}沿线房屋。</p>"}


def found_anew(office, **content):
    """An item that is public when its office learns of a term that must not be in it."""
    item = released(office, **(TEXT | content))
    a_dictionary(office, office.agency, [SECRET], severity="block")
    rescreening.sweep()
    return item, Release.objects.get(subject_id=item.pk)


def test_a_term_learnt_later_becomes_a_task_and_the_withdrawal_closes_it(committed, at):
    with at(2021, 3, 2):
        item, release = found_anew(committed)
        task = Entry.objects.get(kind="rescreening")
        assert (task.agency, task.state, task.created_by) == (committed.agency, "open", None)
        assert task.subject.endswith(item.title)
        # A blocking finding: decided by the next working day.
        assert task.due_on.isoformat() == "2021-03-03"
        for name in ("handler", "reviewer", "approver", "supervisor"):
            mine = [row for row in waiting(committed.actor(name)) if row.title == task.subject]
            assert [row.url for row in mine] == [reverse("review:rescreened", args=[release.pk])]
        assert not [row for row in waiting(committed.actor("head")) if row.title == task.subject]
        # It is still public: a machine takes nothing down.
        item.refresh_from_db()
        assert item.state == Item.State.PUBLIC
        releases.withdraw(committed.actor("handler"), release, reason="leak")
        task.refresh_from_db()
    assert (task.state, task.closed_as) == ("withdrawn", "done")
    assert list(chain.verify()) == []


def test_a_new_release_closes_the_task_of_the_old_one(committed, at):
    with at(2021, 3, 2):
        item, _release = found_anew(committed)
        from gongkai.disclosure import items
        from gongkai.review import drafts

        draft = drafts.draft_of("item", item.pk)
        items.save(
            committed.actor("handler"),
            item,
            draft.content | {"body": "<p>沿线房屋。</p>"},
            version=draft.version,
        )
        revision = submitted(committed, item)
        for step in (1, 2, 3):
            approve(committed, revision, step)
        assert Entry.objects.get(kind="rescreening").state == "replaced"
        assert ScreenedRelease.objects.count() == 1


def test_no_problem_is_said_by_the_reviewer_with_a_ground_and_remembered(committed, at):
    with at(2021, 3, 2):
        _item, release = found_anew(committed)
        row = Rescreening.objects.get(result="new")
        with pytest.raises(Refused):
            rescreening.dismiss(committed.actor("handler"), row, "无妨")
        with pytest.raises(Refused, match="理由"):
            rescreening.dismiss(committed.actor("reviewer"), row, "  ")
        rescreening.dismiss(committed.actor("reviewer"), row, "该工程名称已由市政府公告")
        task = Entry.objects.get(kind="rescreening")
        assert (task.state, task.closed_as) == ("dismissed", "dropped")
        assert "该工程名称已由市政府公告" in task.outcome
        # The same content is looked at again after another change, and nobody is troubled with the same.
        a_dictionary(committed, None, ["另一个词语"])
        rescreening.sweep()
        assert Rescreening.objects.filter(release=release).order_by("-pk").first().news == 0
        assert Entry.objects.filter(kind="rescreening").count() == 1


def test_what_was_seen_and_resolved_at_the_release_is_not_told_again(office, at):
    with at(2021, 3, 2):
        released(office, body="<p>截止2021年3月1日，共签约三户。</p>")
        a_dictionary(office, None, ["并不出现的词语"])
        rescreening.sweep()
        assert [row.news for row in Rescreening.objects.all()] == [0]


def test_what_only_warned_and_now_blocks_is_new(office, at):
    with at(2021, 3, 2):
        released(office, body="<p>截止2021年3月1日，共签约三户。</p>")
        wording_blocks(office)
        rescreening.sweep()
        assert list(NewFinding.objects.values_list("kind", "severity")) == [("wording", "block")]


def test_a_dictionary_of_one_agency_concerns_its_releases_alone(office, at):
    from tests.invariants.attacks import neighbour

    with at(2021, 3, 2):
        released(office, **TEXT)
        a_dictionary(office, neighbour(office), [SECRET])
        rescreening.sweep()
        assert not Rescreening.objects.filter(reason="rules").exists()
        ended = RescreeningRound.objects.filter(reason="rules", agency__isnull=False).get()
        assert (ended.total, ended.done) == (0, 0)


def test_every_release_has_its_turn_within_the_weeks_of_a_cycle(office, at):
    percent = 25
    with at(2021, 3, 1):
        turns = [rescreening.window(clock.today() + timedelta(weeks=n), percent) for n in range(4)]
    assert sorted(turns) == [(0, 2500), (2500, 5000), (5000, 7500), (7500, 10000)]
    assert [sum(low <= rescreening.draw_of(pk) < high for low, high in turns) for pk in range(500)] == [
        1
    ] * 500


def test_a_week_looks_at_no_fewer_than_the_least_number_and_begins_once(office, at):
    with at(2021, 3, 1):
        for n in range(3):
            released(office, title=f"第{n}件")
    with at(2021, 3, 8):
        rescreening.sweep()
        rescreening.sweep()
        week = RescreeningRound.objects.get(reason="weekly", week="2021-W10")
    # Twenty are the least; there are three.
    assert (week.total, week.done, week.ended_at is not None) == (3, 3, True)
    assert Rescreening.objects.filter(reason="weekly").count() == 3


def test_a_round_that_was_killed_goes_on_oldest_first(committed, at, monkeypatch):
    with at(2021, 3, 1):
        for n in range(5):
            clock.advance(60)
            released(committed, title=f"第{n}件", **TEXT)
    monkeypatch.setattr(rescreening, "PORTION", 2)
    with at(2021, 3, 2):
        rescreening.sweep()
        a_dictionary(committed, None, [SECRET])
        clock.advance(60)
        looked = rescreening._look
        seen = []

        def killed_at_the_fourth(row):
            seen.append(row.release.revision.title)
            if len(seen) == 4:
                raise KeyboardInterrupt
            return looked(row)

        monkeypatch.setattr(rescreening, "_look", killed_at_the_fourth)
        with pytest.raises(KeyboardInterrupt):
            rescreening.sweep()
        running = RescreeningRound.objects.get(reason="rules", ended_at=None)
        # The portion under way left nothing behind; the first two are done.
        assert (running.done, running.total, Rescreening.objects.filter(result="new").count()) == (2, 5, 2)
        assert seen[:4] == ["第0件", "第1件", "第2件", "第3件"]
        rescreening.sweep()
        running.refresh_from_db()
        assert (running.done, running.found, running.ended_at is not None) == (5, 5, True)
    assert list(chain.verify()) == []


def test_a_file_that_is_gone_is_found_and_holds_up_nothing(committed, at):
    from gongkai.disclosure import items
    from gongkai.files import storage

    with at(2021, 3, 2):
        item = drafted(committed)
        file = items.attach(committed.actor("handler"), item, "附件内容".encode(), "附件.txt")
        revision = submitted(committed, item)
        for step in (1, 2, 3):
            approve(committed, revision, step)
        storage.path_of(file.file_id).unlink()
        a_dictionary(committed, None, ["词语一个"])
        rescreening.sweep()
        assert [row.kind for row in NewFinding.objects.all()] == ["unreadable_part"]
        assert Entry.objects.get(kind="rescreening").fields["severity"] == "block"


def test_a_release_that_no_round_would_reach_is_told_by_check_and_mended(office, at):
    with at(2021, 3, 2):
        released(office)
        assert rescreening.differences() == []
        ScreenedRelease.objects.all().delete()
        assert rescreening.differences() == [
            "有1件公开信息的复查台账与发布记录不符；运行 gongkai check --repair。"
        ]
        assert rescreening.differences(repair=True) == []
        assert ScreenedRelease.objects.count() == 1
