"""I1: exactly the content that was approved, after a screening whose blocking findings were resolved; erasure by two."""

import os
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.agencies.models import Role
from gongkai.agencies.policy import Refused
from gongkai.disclosure import items
from gongkai.files import storage
from gongkai.files.models import StoredFile
from gongkai.journal import chain, clock
from gongkai.review import approvals, drafts, erasing, releases, submission
from gongkai.review.models import Approval, Content, Draft, Erasure, Finding, Resolution
from tests.invariants.attacks import SQLITE, appoint, database_refuses, neighbour, person, sql
from tests.items import approve, drafted, released, submitted

PHONE = {"summary": "联系人手机13812345678。"}
MARKED = {"body": "<p>机密★1年</p><p>关于棚户区改造的内部通报。</p>"}


def seat(office, name):
    return office.people[name].appointments.get()


def block(revision):
    return approvals.blocking(revision)[0]


def test_a_blocking_finding_stops_each_step_until_it_is_resolved(office):
    revision = submitted(office, drafted(office, **PHONE))
    with pytest.raises(Refused):
        approve(office, revision, 1)
    approvals.dispute(office.actor("handler"), block(revision), "对外公布的办公手机")
    approve(office, revision, 1)
    # Disputed is not resolved.
    with pytest.raises(Refused):
        approve(office, revision, 2)
    with pytest.raises(DatabaseError, match="blocking findings are open"), transaction.atomic():
        Approval._base_manager.create(
            revision=revision, digest=revision.digest, step=2, decision="passed", person=office.people["reviewer"],
            appointment=seat(office, "reviewer"), on_day=clock.today(), at=clock.now(),
        )  # fmt: skip
    approvals.resolve(office.actor("reviewer"), block(revision), "已核实为办公手机")
    approve(office, revision, 2)
    approve(office, revision, 3)
    assert revision.release.pk


@pytest.mark.parametrize("name", ["handler", "approver", "head", "supervisor", "security", "audit"])
def test_only_the_confidentiality_reviewer_resolves(office, name):
    revision = submitted(office, drafted(office, **PHONE))
    finding = block(revision)
    approvals.dispute(office.actor("handler"), finding, "办公手机")
    approve(office, revision, 1)
    with pytest.raises(Refused):
        approvals.resolve(office.actor(name), finding, "没有问题")
    for appointment in (seat(office, name), seat(office, "reviewer")):
        with pytest.raises(DatabaseError, match="only the confidentiality reviewer"), transaction.atomic():
            Resolution._base_manager.create(
                finding=finding, person=office.people[name], appointment=appointment, ground="没有问题",
                on_day=clock.today(), at=clock.now(),
            )  # fmt: skip


def test_a_reviewer_who_wrote_the_text_does_not_resolve_its_findings(office):
    item = drafted(office)
    draft = drafts.draft_of("item", item.pk)
    items.save(office.actor("reviewer"), item, draft.content | PHONE, version=draft.version)
    revision = submitted(office, item)
    finding = block(revision)
    approvals.dispute(office.actor("handler"), finding, "办公手机")
    approve(office, revision, 1)
    with pytest.raises(Refused):
        approvals.resolve(office.actor("reviewer"), finding, "没有问题")
    with pytest.raises(DatabaseError, match="does not resolve its findings"), transaction.atomic():
        Resolution._base_manager.create(
            finding=finding, person=office.people["reviewer"], appointment=seat(office, "reviewer"),
            ground="没有问题", on_day=clock.today(), at=clock.now(),
        )  # fmt: skip


def test_a_classification_mark_is_never_argued_away(office):
    revision = submitted(office, drafted(office, **MARKED))
    finding = Finding.objects.get(screening__revision=revision, kind="classification_mark", severity="block")
    with pytest.raises(Refused, match=r"密级|标志"):
        approvals.dispute(office.actor("handler"), finding, "已解密")
    with pytest.raises(Refused):
        approvals.resolve(office.actor("reviewer"), finding, "已解密")
    with pytest.raises(DatabaseError, match="never resolved by a ground"), transaction.atomic():
        Resolution._base_manager.create(
            finding=finding, person=office.people["reviewer"], appointment=seat(office, "reviewer"),
            ground="已解密", on_day=clock.today(), at=clock.now(),
        )  # fmt: skip
    with pytest.raises(Refused):
        approve(office, revision, 1)


def with_file(office, text="附件正文：征收范围说明。", **content):
    item = drafted(office, **content)
    row = items.attach(office.actor("handler"), item, text.encode(), "说明.txt")
    return item, row


def test_a_file_that_was_replaced_on_the_disk_is_not_released(office):
    item, row = with_file(office)
    revision = submitted(office, item)
    approve(office, revision, 1)
    approve(office, revision, 2)
    place = storage.path_of(row.file_id)
    os.chmod(place, 0o600)
    place.write_text("换掉的内容")
    with pytest.raises(Refused, match="改动"):
        approve(office, revision, 3)
    assert not hasattr(revision, "release")
    place.unlink()
    with pytest.raises(Refused, match="丢失"):
        approve(office, revision, 3)
    # The same upload again brings the reviewed bytes back; nothing else would fit the digest.
    items.attach(office.actor("handler"), item, "附件正文：征收范围说明。".encode(), "说明.txt")
    approve(office, revision, 3)


def test_pointing_an_attachment_elsewhere_after_the_submission_changes_nothing(office):
    item, row = with_file(office)
    other = storage.store("另一个文件。".encode(), "另.txt", who=office.actor("handler").who)
    revision = submitted(office, item)
    type(row).objects.filter(pk=row.pk).update(file=other)
    content = submission.content_of(revision.digest)
    assert [file["digest"] for file in content["attachments"]] == [row.file_id]


def test_a_file_of_another_agency_does_not_come_along_by_its_id(office):
    neighbour(office)
    theirs, _draft = items.begin(
        office.actor("their_handler"), office.people["their_handler"].agency, {"title": "他们的"}
    )
    secret = items.attach(office.actor("their_handler"), theirs, "他们的内部文件。".encode(), "内部.txt")
    item = drafted(
        office, attachments=[str(secret.pk)], body=f'<p>看图<img src="/workbench/files/{secret.pk}/"></p>'
    )
    revision = submitted(office, item)
    assert secret.file_id not in Content.objects.get(pk=revision.digest).text


# --- erasure


def erase(office, revision, ground="定密后按〔2021〕3号销毁清册销毁"):
    return erasing.erase(office.actor("reviewer"), office.actor("security"), revision.digest, ground)


def withdrawn(office, item):
    releases.withdraw(office.actor("handler"), item.live, reason="leak")
    return item.live.revision


def test_two_people_erase_and_the_chain_still_holds(committed):
    office = committed
    item, row = with_file(office, body="<p>不该公开的一段话。</p>")
    revision = submitted(office, item)
    for step in (1, 2, 3):
        approve(office, revision, step)
    item.refresh_from_db()
    withdrawn(office, item)
    erase(office, revision)
    assert not Content.objects.filter(pk=revision.digest).exists()
    assert not storage.path_of(row.file_id).exists()
    assert "不该公开" not in str(Draft.objects.get(subject_id=item.pk).content)
    assert list(chain.verify()) == []
    # Neither the content nor the file comes back.
    with pytest.raises(DatabaseError, match="does not come back"), transaction.atomic():
        Content.objects.create(digest=revision.digest, text="{}")
    with pytest.raises(Refused, match="已销毁"):
        items.attach(office.actor("handler"), item, "附件正文：征收范围说明。".encode(), "说明.txt")
    if SQLITE:
        # The pages that held the text were overwritten, in the database and in its write-ahead log.
        name = connection.settings_dict["NAME"]
        for path in (name, f"{name}-wal"):
            assert "不该公开的一段话".encode() not in (
                Path(path).read_bytes() if os.path.exists(path) else b""
            )


def test_a_file_that_another_content_needs_stays(office):
    first, row = with_file(office)
    second, _row = with_file(office, title="第二件")
    one, _other = submitted(office, first), submitted(office, second)
    submission.recall(office.actor("handler"), one)
    erase(office, one)
    assert storage.read(row.file_id) and StoredFile.objects.get().attachments.exists()


def test_what_is_public_or_under_review_is_not_erased(office):
    revision = submitted(office, drafted(office))
    with pytest.raises(Refused, match="正在审查"):
        erase(office, revision)
    item = released(office, title="第二件")
    with pytest.raises(Refused, match="正在公开"):
        erase(office, item.live.revision)
    with pytest.raises(DatabaseError, match="withdrawn before it is erased"), transaction.atomic():
        Erasure._base_manager.create(
            digest=item.live.digest, ground="无", asked_by=office.people["reviewer"],
            erased_by=office.people["security"], on_day=clock.today(), at=clock.now(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("asks", "erases"),
    [
        ("reviewer", "reviewer"),
        ("security", "security"),
        ("handler", "security"),
        ("approver", "security"),
        ("reviewer", "system"),
        ("reviewer", "audit"),
        ("their_reviewer", "security"),
    ],
)
def test_nobody_else_erases(office, asks, erases):
    neighbour(office)
    revision = withdrawn(office, released(office))
    with pytest.raises(Refused):
        erasing.erase(office.actor(asks), office.actor(erases), revision.digest, "理由")
    with pytest.raises(DatabaseError), transaction.atomic():
        Erasure._base_manager.create(
            digest=revision.digest, ground="理由", asked_by=office.people[asks],
            erased_by=office.people[erases], on_day=clock.today(), at=clock.now(),
        )  # fmt: skip
    database_refuses("DELETE FROM review_content", saying="only after an erasure")


def test_one_person_in_both_roles_does_not_erase_alone(office):
    both = person(office, "both")
    appoint(office, both, Role.REVIEWER)
    row = appoint(office, both, Role.SECURITY_ADMIN)
    revision = withdrawn(office, released(office))
    with pytest.raises(Refused, match="两人"):
        erasing.erase(office.actor("both"), office.actor("both", "administration"), revision.digest, "理由")
    with pytest.raises(DatabaseError, match="two_people_erase"), transaction.atomic():
        Erasure._base_manager.create(
            digest=revision.digest, ground="理由", asked_by=both, erased_by=both, on_day=clock.today(), at=clock.now(),
        )  # fmt: skip
    assert row.pk


def test_content_that_went_without_an_erasure_is_named(committed):
    from tests.invariants.attacks import unguarded

    revision = submitted(committed, drafted(committed))
    with unguarded():
        sql("DELETE FROM review_content")
    assert [fault.row for fault in chain.verify()] == [f"review_content:{revision.digest}"]
