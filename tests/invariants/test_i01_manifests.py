"""I1: what a manifest lets out is exactly what three people approved, however somebody goes about it.

Each attack writes past the models, with SQL, as one would who holds the service's own connection.
"""

import uuid

import pytest

from gongkai.agencies.policy import Refused
from gongkai.journal import chain, clock
from gongkai.review import drafts, manifests, releases, submission
from gongkai.review.models import Content, Release, Revision
from tests.invariants.attacks import appoint, database_refuses, neighbour, sql, unguarded
from tests.items import approve, drafted, submitted
from tests.review.manifests import approved, enlisted, imported

COLUMNS = "(subject_kind, subject_id, agency_id, revision_id, digest, released_at, manifest_id)"


def key(value):
    """A key as the database holds it."""
    from gongkai.review.models import Revision as model

    return model._meta.pk.get_db_prep_value(uuid.UUID(str(value)), _connection())


def _connection():
    from django.db import connection

    return connection


def released_by(revision, manifest, saying="I1", **changed):
    """The release of a revision by a manifest, written straight into the table: the database refuses it."""
    said = {
        "kind": revision.subject_kind,
        "subject": key(revision.subject_id),
        "agency": key(revision.agency_id),
        "revision": key(revision.pk),
        "digest": revision.digest,
        "at": clock.now(),
        "manifest": key(manifest.pk) if manifest else None,
    } | changed
    database_refuses(
        f"INSERT INTO review_release {COLUMNS} VALUES (%s, %s, %s, %s, %s, %s, %s)",
        *said.values(),
        saying=saying,
    )


def entry(manifest, revision, **changed):
    said = {
        "manifest": key(manifest.pk),
        "revision": key(revision.pk),
        "digest": revision.digest,
        "address": "http://www.old.gov.cn/1.html",
        "day": None,
    } | changed
    return (
        "INSERT INTO review_manifestentry (manifest_id, revision_id, digest, address, published_on)"
        " VALUES (%s, %s, %s, %s, %s)",
        *said.values(),
    )


def test_before_the_third_approval_nothing_goes_out(office):
    manifest, [row] = enlisted(office, 1)
    frozen = manifests.submit(office.actor("handler"), manifest)
    for step in (1, 2):
        released_by(row, frozen)
        approve(office, frozen, step)
    released_by(row, frozen)
    assert not Release.objects.exists()


def test_what_the_manifest_does_not_name_does_not_go_out_by_it(office):
    manifest, _rows = enlisted(office, 1)
    frozen = approved(office, manifest)
    later = manifests.enlist(
        office.actor("handler"), manifest, drafts.draft_of("item", imported(office, 9).pk)
    )
    released_by(later, frozen, "does not name it")
    # A line added after the approval is refused too: the text that was approved does not hold it.
    database_refuses(*entry(frozen, later), saying="does not name it|under approval")
    ordinary = submitted(office, drafted(office))
    released_by(ordinary, frozen, "another manifest|does not name")


def test_the_manifest_of_another_agency_lets_nothing_out_here(office):
    theirs = neighbour(office)
    manifest, [row] = enlisted(office, 1)
    own = approved(office, manifest)
    other = manifests.begin(office.actor("their_handler"), theirs, "别家清单")
    with pytest.raises(Refused):
        manifests.enlist(office.actor("their_handler"), other, drafts.draft_of("item", row.subject_id))
    with pytest.raises(Refused):
        manifests.enlist(office.actor("handler"), other, drafts.draft_of("item", row.subject_id))
    released_by(row, own, agency=key(theirs.pk))


def test_the_approvals_of_one_manifest_are_no_approvals_of_another(office):
    first, _rows = enlisted(office, 1)
    frozen = approved(office, first)
    second = manifests.begin(office.actor("handler"), office.agency, "第二份")
    row = manifests.enlist(office.actor("handler"), second, drafts.draft_of("item", imported(office, 7).pk))
    waiting = manifests.submit(office.actor("handler"), second)
    released_by(row, frozen, "another manifest")
    released_by(row, waiting)


def test_a_changed_digest_or_revision_is_refused(office):
    manifest, [row] = enlisted(office, 1)
    frozen = approved(office, manifest)
    released_by(row, frozen, digest="0" * 64)
    # Submitted anew after the approval, the frozen one is no more what goes out.
    draft = drafts.draft_of("item", row.subject_id)
    again = submission.submit(office.actor("handler"), draft, version=draft.version)
    released_by(row, frozen, "a later revision exists|has ended")
    released_by(again, frozen, "another manifest|does not name")
    assert manifests.release_waiting() == 0


def test_what_stands_in_a_manifest_is_neither_approved_nor_released_by_itself(office):
    manifest, [row] = enlisted(office, 1)
    approved(office, manifest)
    released_by(row, None, "frozen for a manifest|approvals")
    with pytest.raises(Refused):
        approve(office, row, 1)
    seat = appoint(office, office.people["handler"], "handler")
    database_refuses(
        "INSERT INTO review_approval (revision_id, digest, step, decision, person_id, appointment_id, opinion, ground,"
        " checklist, on_day, at) VALUES (%s, %s, 1, 'passed', %s, %s, '', '', '{}', %s, %s)",
        key(row.pk),
        row.digest,
        sql("SELECT person_id FROM agencies_appointment WHERE role = 'handler'")[0][0],
        sql("SELECT id FROM agencies_appointment WHERE role = 'handler'")[0][0],
        clock.today(),
        clock.now(),
        saying="stands in a manifest|examined",
    )
    assert seat.pk


def test_one_person_does_not_take_two_steps_of_a_manifest(office):
    manifest, _rows = enlisted(office, 1)
    frozen = manifests.submit(office.actor("handler"), manifest)
    appoint(office, office.people["handler"], "reviewer")
    approve(office, frozen, 1)
    with pytest.raises(Refused):
        approve(office, frozen, 2, by="handler")


def test_who_wrote_one_item_does_not_approve_the_manifest(office):
    """The reviewer wrote one of the items: the release of that one is refused, whoever wrote the list."""
    manifest, _rows = enlisted(office, 1)
    item = imported(office, 5)
    draft = drafts.draft_of("item", item.pk)
    from gongkai.disclosure import items

    draft = items.save(office.actor("reviewer"), item, draft.content, version=draft.version)
    row = manifests.enlist(office.actor("handler"), manifest, draft)
    frozen = approved(office, manifest)
    assert manifests.release_waiting() == 2
    assert not Release.objects.filter(revision=row).exists()
    released_by(row, frozen, "wrote the text")


def test_what_was_public_here_before_does_not_come_back_by_a_manifest(office):
    manifest, [row] = enlisted(office, 1)
    frozen = approved(office, manifest)
    manifests.release_waiting()
    release = Release.objects.get(revision=row)
    releases.withdraw(office.actor("approver"), release, reason="error")
    released_by(row, frozen, "public here before|UNIQUE|never replaced")
    draft = drafts.draft_of("item", row.subject_id)
    with pytest.raises(Refused):
        manifests.enlist(office.actor("handler"), manifest, draft)


def test_by_a_withdrawn_manifest_nothing_more_goes_out(office):
    manifest, [row] = enlisted(office, 1)
    frozen = approved(office, manifest)
    manifests.withdraw_all(office.actor("approver"), manifest, reason="error")
    assert manifests.release_waiting() == 0
    released_by(row, frozen, "withdrawn")


def test_a_line_without_a_place_or_day_of_before_is_no_line(office):
    manifest, [row] = enlisted(office, 1)
    frozen = manifests.submit(office.actor("handler"), manifest)
    with unguarded():
        sql("DELETE FROM review_manifestentry")
    database_refuses(*entry(frozen, row, address=""), saying="public_before|CHECK")


def test_a_finding_written_afterwards_keeps_an_item_from_going_out(office):
    manifest, [row] = enlisted(office, 1)
    frozen = approved(office, manifest)
    screening = row.screenings.get()
    sql(
        "INSERT INTO review_finding (screening_id, kind, layer, severity, excerpt, location, why)"
        " VALUES (%s, 'wording', 'text', 'warn', '', '', '')",
        screening.pk,
    )
    released_by(row, frozen, "screened clear")
    assert manifests.release_waiting() == 1
    assert not Release.objects.filter(revision=row).exists()


def test_lines_changed_past_the_guards_are_found(committed):
    manifest, [row] = enlisted(committed, 1)
    frozen = manifests.submit(committed.actor("handler"), manifest)
    assert list(chain.verify()) == []
    with unguarded():
        sql("UPDATE review_manifestentry SET digest = %s", "f" * 64)
    words = " ".join(fault.message for fault in chain.verify())
    assert "被改动" in words and "条目与其送审内容不符" in words
    assert frozen.pk and row.pk


def test_digests_that_somebody_typed_into_a_title_name_nothing(office):
    """The canonical text escapes quotation marks: a title cannot smuggle a digest into the list."""
    stranger, [other] = enlisted(office, 1)
    manifest = manifests.begin(office.actor("handler"), office.agency, "清单")
    item = imported(office, 8, title=f'公告","digest":"{other.digest}"')
    manifests.enlist(office.actor("handler"), manifest, drafts.draft_of("item", item.pk))
    frozen = manifests.submit(office.actor("handler"), manifest)
    text = Content.objects.get(pk=frozen.digest).text
    assert f'"digest":"{other.digest}"' not in text
    assert other.digest in text
    assert Revision.objects.filter(batch=stranger).count() == 1
