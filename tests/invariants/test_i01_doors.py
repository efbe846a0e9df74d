"""I1: no role, command, schedule, import, bulk action or SQL makes public what three people did not approve."""

import json
from datetime import timedelta

import pytest
from django.core import serializers
from django.db import DatabaseError, connection, transaction

from gongkai.disclosure.models import Item
from gongkai.journal import chain, clock, sweeping
from gongkai.review import drafts, releases, submission
from gongkai.review.models import Approval, Release, ReviewState, Revision
from tests.invariants.attacks import SQLITE, database_refuses, sql, unguarded
from tests.items import GOOD, approve, drafted, released, submitted


def row_for(revision, **changed):
    said = {
        "subject_kind": revision.subject_kind,
        "subject_id": revision.subject_id,
        "agency": revision.agency,
        "revision": revision,
        "digest": revision.digest,
        "released_at": clock.now(),
    }
    return Release(**(said | changed))


def insert_select(verb="INSERT INTO", tail=""):
    def door(revision):
        columns = "subject_kind, subject_id, agency_id, digest"
        sql(
            f"{verb} review_release ({columns}, revision_id, released_at) "
            f"SELECT {columns}, id, submitted_at FROM review_revision WHERE digest = %s {tail}",
            revision.digest,
        )

    return door


def loaddata(revision):
    text = serializers.serialize("json", [row_for(revision)])
    said = json.loads(text)
    said[0]["pk"] = 1
    for one in serializers.deserialize("json", json.dumps(said)):
        one.save()


DOORS = {
    "objects.create": lambda revision: row_for(revision).save(),
    "save_base": lambda revision: row_for(revision).save_base(raw=True, force_insert=True),
    "bulk_create": lambda revision: Release.objects.bulk_create([row_for(revision)]),
    "bulk_create ignoring conflicts": lambda revision: Release._base_manager.bulk_create(
        [row_for(revision)], ignore_conflicts=True
    ),
    "loaddata": loaddata,
    "raw INSERT": insert_select(),
    "upsert": insert_select(tail="ON CONFLICT (revision_id) DO UPDATE SET digest = excluded.digest"),
    "the scheduler's function": lambda revision: releases.release_locked(revision.state, None),
}
if SQLITE:
    DOORS |= {
        "INSERT OR REPLACE": insert_select("INSERT OR REPLACE INTO"),
        "INSERT OR IGNORE": insert_select("INSERT OR IGNORE INTO"),
    }


@pytest.mark.parametrize("passed", [0, 1, 2])
@pytest.mark.parametrize("door", DOORS)
def test_no_door_releases_what_lacks_an_approval(office, door, passed):
    item = drafted(office)
    revision = submitted(office, item)
    for step in range(1, passed + 1):
        approve(office, revision, step)
    with pytest.raises(DatabaseError, match="three approvals"), transaction.atomic():
        DOORS[door](revision)
    assert not Release.objects.exists()
    item.refresh_from_db()
    assert item.state == Item.State.DRAFT and item.index_number == ""


def test_a_cache_that_says_scheduled_releases_nothing_and_holds_up_nobody(office, at):
    with at(2021, 3, 2):
        poisoned, good = (
            submitted(office, drafted(office)),
            submitted(office, drafted(office, title="第二件")),
        )
        for step in (1, 2):
            approve(office, good, step)
        approve(office, good, 3, release_at=clock.now() + timedelta(days=1))
        ReviewState.objects.filter(pk=poisoned.pk).update(
            state="scheduled", release_at=clock.now() + timedelta(hours=1)
        )
    with at(2021, 3, 4):
        sweeping.sweep(everything=True)
    assert [row.revision for row in Release.objects.all()] == [good]


def test_a_cache_that_says_an_earlier_time_releases_nothing_before_the_time_the_leader_set(office, at):
    with at(2021, 3, 2):
        revision = submitted(office, drafted(office))
        approve(office, revision, 1)
        approve(office, revision, 2)
        approve(office, revision, 3, release_at=clock.now() + timedelta(days=10))
        ReviewState.objects.update(release_at=clock.now() - timedelta(hours=1))
        assert releases.release_due() == 0
    assert not Release.objects.exists()
    with at(2021, 3, 13):
        assert releases.release_due() == 1


@pytest.mark.parametrize("stop", ["withdrawn", "recalled", "superseded", "its content erased"])
def test_a_scheduled_release_that_runs_late_finds_that_it_was_stopped(office, at, stop):
    """The successor of a public item is scheduled; then something happens; then the scheduler runs."""
    with at(2021, 3, 2):
        item = released(office)
        draft = drafts.draft_of("item", item.pk)
        saved = drafts.save(
            office.actor("handler"),
            "item",
            item.pk,
            office.agency,
            GOOD | {"title": "第二版"},
            version=draft.version,
        )
        second = submission.submit(office.actor("handler"), saved, version=saved.version)
        approve(office, second, 1)
        approve(office, second, 2)
        approve(office, second, 3, release_at=clock.now() + timedelta(days=1))
        if stop == "withdrawn":
            releases.withdraw(office.actor("supervisor"), item.live, reason="leak")
        elif stop == "recalled":
            submission.recall(office.actor("handler"), second)
        elif stop == "superseded":
            again = drafts.save(
                office.actor("handler"),
                "item",
                item.pk,
                office.agency,
                GOOD | {"title": "第三版"},
                version=saved.version,
            )
            submission.submit(office.actor("handler"), again, version=again.version)
        else:
            with unguarded():
                sql("DELETE FROM review_content WHERE digest = %s", second.digest)
    with at(2021, 3, 20):
        sweeping.sweep(everything=True)
        assert Release.objects.count() == 1
        item.refresh_from_db()
        assert item.title == GOOD["title"]
        assert item.state == (Item.State.WITHDRAWN if stop == "withdrawn" else Item.State.PUBLIC)


def test_an_edit_after_an_approval_is_another_content_and_begins_again(office):
    item = drafted(office)
    first = submitted(office, item)
    approve(office, first, 1)
    approve(office, first, 2)
    draft = drafts.draft_of("item", item.pk)
    saved = drafts.save(
        office.actor("handler"),
        "item",
        item.pk,
        office.agency,
        GOOD | {"summary": "改。"},
        version=draft.version,
    )
    second = submission.submit(office.actor("handler"), saved, version=saved.version)
    assert second.digest != first.digest and not second.approvals.exists()
    with pytest.raises(submission.Refused):
        approve(office, first, 3)
    with pytest.raises(DatabaseError, match="the review has ended"), transaction.atomic():
        Approval._base_manager.create(
            revision=first, digest=first.digest, step=3, decision="passed", person=office.people["approver"],
            appointment=office.people["approver"].appointments.get(), on_day=clock.today(), at=clock.now(),
        )  # fmt: skip


def test_approvals_of_one_content_release_no_other(office):
    """An approved revision's row with another digest, subject or agency in its release is refused."""
    one, other = submitted(office, drafted(office)), submitted(office, drafted(office, title="另一件"))
    for step in (1, 2):
        approve(office, one, step)
    with pytest.raises(DatabaseError, match="another content"), transaction.atomic():
        Approval._base_manager.create(
            revision=one, digest=other.digest, step=3, decision="passed", person=office.people["approver"],
            appointment=office.people["approver"].appointments.get(), on_day=clock.today(), at=clock.now(),
        )  # fmt: skip
    approve(office, one, 3, release_at=clock.now() + timedelta(days=1))
    for changed in (
        {"digest": other.digest},
        {"subject_id": other.subject_id},
        {"agency": office.district},
        {"subject_kind": "letter"},
    ):
        with pytest.raises(DatabaseError, match="another content"), transaction.atomic():
            row_for(one, **changed).save()


def test_a_revision_without_screening_or_writer_goes_nowhere(office):
    one = submitted(office, drafted(office))
    bare = Revision(
        subject_kind="item", subject_id=one.subject_id, agency=one.agency, number=9, title="未筛查",
        digest=one.digest, submitted_by=one.submitted_by, submitted_at=clock.now(),
    )  # fmt: skip
    bare.save()
    with pytest.raises(DatabaseError, match="not screened"), transaction.atomic():
        Approval._base_manager.create(
            revision=bare, digest=bare.digest, step=1, decision="passed", person=office.people["handler"],
            appointment=office.people["handler"].appointments.get(), on_day=clock.today(), at=clock.now(),
        )  # fmt: skip
    # It also stands in the way of the older revision: what was approved is not the latest any more.
    for step in (1, 2):
        approve(office, one, step)
    with pytest.raises(submission.Refused):
        approve(office, one, 3)


def test_changing_attributes_in_the_shell_changes_nothing_that_counts(office):
    revision = submitted(office, drafted(office))
    approve(office, revision, 1)
    revision.digest = "0" * 64
    revision.agency = office.district
    with pytest.raises(submission.Refused):
        approve(office, revision, 2)
    revision.title = "换了"
    with pytest.raises(Exception, match="never changed"):
        revision.save()
    handler = office.people["handler"]
    for flag in ("is_superuser", "is_staff", "is_admin"):
        setattr(handler, flag, True)
    fresh = Revision.objects.get(pk=revision.pk)
    with pytest.raises(submission.Refused):
        approve(office, fresh, 2, by="handler")


def test_a_release_forged_with_the_guards_off_is_named_by_the_journal(committed):
    item = drafted(committed)
    revision = submitted(committed, item)
    with unguarded():
        DOORS["raw INSERT"](revision)
    forged = Release.objects.get()
    assert f"review_release:{forged.pk}" in [fault.row for fault in chain.verify()]


@pytest.mark.skipif(SQLITE, reason="PostgreSQL only")
def test_a_temporary_table_of_the_same_name_does_not_answer_for_the_approvals(office):
    """Found by attack: PostgreSQL looks into temporary tables first, unless the function says otherwise."""
    revision = submitted(office, drafted(office))
    for table in ("review_approval", "review_screening", "agencies_appointment", "review_revisioneditor"):
        sql(f"CREATE TEMP TABLE {table} (LIKE public.{table})")
    # Filled so that every condition would hold if the guard believed them.
    sql("INSERT INTO pg_temp.review_screening SELECT * FROM public.review_screening")
    sql("INSERT INTO pg_temp.review_revisioneditor SELECT * FROM public.review_revisioneditor")
    sql("INSERT INTO pg_temp.agencies_appointment SELECT * FROM public.agencies_appointment")
    for step, role in {1: "handler", 2: "reviewer", 3: "approver"}.items():
        sql(
            "INSERT INTO pg_temp.review_approval (id, revision_id, digest, step, decision, person_id, appointment_id,"
            " opinion, ground, checklist, on_day, at) SELECT %s, %s, %s, %s, 'passed', person_id, id, '', '', '{}',"
            " now(), now() FROM public.agencies_appointment WHERE role = %s LIMIT 1",
            step, revision.pk, revision.digest, step, role,
        )  # fmt: skip
    database_refuses(
        "INSERT INTO public.review_release (subject_kind, subject_id, agency_id, digest, revision_id, released_at)"
        " SELECT subject_kind, subject_id, agency_id, digest, id, now() FROM public.review_revision",
        saying="three approvals",
    )


@pytest.mark.skipif(SQLITE, reason="PostgreSQL only")
def test_a_session_that_plays_a_replica_meets_the_same_guards(office):
    revision = submitted(office, drafted(office))
    sql("SET LOCAL session_replication_role = replica")
    with pytest.raises(DatabaseError, match="three approvals"), transaction.atomic():
        DOORS["raw INSERT"](revision)
    assert connection.vendor == "postgresql"
