"""Many at once: one approval by three people lets out what was public elsewhere, and nothing else."""

from datetime import date

import pytest
from django.test import Client

from gongkai.agencies.policy import Refused
from gongkai.disclosure.models import Item
from gongkai.journal import chain
from gongkai.review import approvals, caches, drafts, manifests, submission
from gongkai.review.models import Manifest, Release, ReviewState, Revision
from tests.items import approve, drafted, released, submitted, ticked
from tests.review.manifests import OLD, approved, enlisted, imported


def test_three_people_release_a_whole_list_by_approving_it_once(committed):
    manifest, rows = enlisted(committed, 3)
    frozen = approved(committed, manifest)
    assert Item.objects.filter(state="public").count() == 0
    assert manifests.release_waiting() == 3
    for row in rows:
        release = Release.objects.get(revision=row)
        assert release.manifest == frozen
        item = Item.objects.get(pk=row.subject_id)
        assert item.state == "public" and item.index_number
    assert list(chain.verify()) == []
    assert caches.differences() == []
    assert not Manifest.objects.get().releasing
    # Swept again, nothing goes out twice.
    assert manifests.release_waiting() == 0


def test_the_day_of_before_orders_lists_and_the_time_of_publication_is_the_servers(office):
    manifest, [row] = enlisted(office, 1)
    approved(office, manifest)
    manifests.release_waiting()
    item = Item.objects.get(pk=row.subject_id)
    assert item.released_at.year >= 2021
    assert (item.listed_at.astimezone().date(), item.first_published_on) == (date(2019, 5, 6),) * 2
    assert submission.content_of(row.digest)["original"] == {
        "address": OLD.format(n=1),
        "published_on": "2019-05-06",
    }


def test_one_with_a_finding_does_not_enter_and_stays_a_draft(office):
    manifest = manifests.begin(office.actor("handler"), office.agency, "清单")
    item = imported(office, body="<p>联系人身份证号11010519491231002X。</p>")
    with pytest.raises(submission.Found, match="公民身份号码"):
        manifests.enlist(office.actor("handler"), manifest, drafts.draft_of("item", item.pk))
    assert not ReviewState.objects.exists()
    submitted(office, item)
    assert ReviewState.objects.get().state == "step1"


def test_what_was_public_nowhere_or_here_already_enters_one_by_one(office):
    manifest = manifests.begin(office.actor("handler"), office.agency, "清单")
    fresh = drafted(office)
    with pytest.raises(Refused, match="在别处已公开"):
        manifests.enlist(office.actor("handler"), manifest, drafts.draft_of("item", fresh.pk))
    known = released(office)
    with pytest.raises(Refused, match="曾在本平台公开"):
        manifests.enlist(office.actor("handler"), manifest, drafts.draft_of("item", known.pk))


def test_taking_one_out_makes_the_approvals_begin_anew(committed):
    manifest, rows = enlisted(committed, 3)
    first = manifests.submit(committed.actor("handler"), manifest)
    approve(committed, first, 1)
    second = manifests.take_out(committed.actor("reviewer"), manifest, [rows[0].pk], "此件已被新文件取代")
    assert second.digest != first.digest
    first.refresh_from_db()
    assert first.state.state == "cancelled" and second.state.state == "step1"
    with pytest.raises(Refused):
        approve(committed, first, 2)
    # Taking out is not writing: the reviewer may still re-check the rest.
    for step in (1, 2, 3):
        approve(committed, second, step)
    assert manifests.release_waiting() == 2
    assert Item.objects.get(pk=rows[0].subject_id).state == "draft"
    assert list(chain.verify()) == []


def test_the_last_one_taken_out_ends_the_approval(office):
    manifest, rows = enlisted(office, 1)
    manifests.submit(office.actor("handler"), manifest)
    assert manifests.take_out(office.actor("approver"), manifest, [rows[0].pk], "不再公开") is None
    assert manifests.running(manifest) is None


def test_an_item_submitted_by_itself_meanwhile_leaves_the_list(office):
    manifest, rows = enlisted(office, 2)
    frozen = manifests.submit(office.actor("handler"), manifest)
    draft = drafts.draft_of("item", rows[0].subject_id)
    submission.submit(office.actor("handler"), draft, version=draft.version)
    for step in (1, 2, 3):
        approve(office, frozen, step)
    assert manifests.release_waiting() == 1
    assert not Release.objects.filter(revision=rows[0]).exists()


def test_a_changed_file_holds_up_one_item_and_not_the_others(office):
    from gongkai.disclosure import items
    from gongkai.files import storage

    manifest, _rows = enlisted(office, 2)
    item = imported(office, 9)
    file = items.attach(office.actor("handler"), item, "附件内容".encode(), "附件.txt")
    manifests.enlist(office.actor("handler"), manifest, drafts.draft_of("item", item.pk))
    approved(office, manifest)
    place = storage.path_of(file.file_id)
    kept = place.read_bytes()
    place.chmod(0o600)
    place.write_bytes("换掉的内容".encode())
    assert manifests.release_waiting() == 3
    assert Item.objects.filter(state="public").count() == 2
    [stuck] = Manifest.objects.get().stuck
    client = Client()
    client.force_login(office.people["handler"])
    page = f"/workbench/manifests/{manifest.pk}/"
    assert (
        Revision.objects.get(pk=stuck).title in client.get(page).content.decode().partition("未能公开的")[2]
    )
    place.write_bytes(kept)
    assert client.post(f"{page}again/").status_code == 302
    assert manifests.release_waiting() == 1
    assert Item.objects.filter(state="public").count() == 3
    assert not Manifest.objects.get().stuck
    with pytest.raises(Refused, match="没有"):
        manifests.try_again(office.actor("handler"), manifest)


def test_the_whole_list_is_withdrawn_in_one_act_amended_ones_too(committed):
    from tests.invariants.attacks import amended

    manifest, rows = enlisted(committed, 3)
    approved(committed, manifest)
    manifests.release_waiting()
    item = Item.objects.get(pk=rows[0].subject_id)
    again = amended(committed, item)
    for step in (1, 2, 3):
        approve(committed, again, step)
    assert manifests.withdraw_all(committed.actor("approver"), manifest, reason="error") == 3
    assert Item.objects.filter(state="public").count() == 0
    assert list(chain.verify()) == []
    assert manifests.release_waiting() == 0


def test_the_list_is_confirmed_point_by_point_like_any_text(office):
    manifest, _rows = enlisted(office, 1)
    frozen = manifests.submit(office.actor("handler"), manifest)
    with pytest.raises(Refused, match="逐项确认"):
        approvals.approve(office.actor("handler"), frozen, step=1, opinion="", checklist={})
    with pytest.raises(Refused):
        approvals.approve(
            office.actor("handler"), frozen, step=1, opinion="", checklist=ticked("manifest", 1)
        )
