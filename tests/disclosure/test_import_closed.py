"""An import stands in the inbox of who must act until somebody closes it; then its file and rows stay for a period, and go."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from gongkai.agencies import navigation
from gongkai.agencies.policy import Refused
from gongkai.disclosure import import_closing, imports
from gongkai.disclosure.models import Item, ItemImport
from gongkai.files import erasing, storage
from gongkai.files.models import ErasedFile
from gongkai.journal import clock
from gongkai.review import approvals, manifests
from gongkai.review.models import Manifest
from tests.disclosure.import_files import row, sheet
from tests.disclosure.test_import_pages import confirmed, sent
from tests.invariants.attacks import client_of
from tests.items import approve


def inbox(office, who):
    """(kind, step) of what waits for that person, of imports and manifests alone."""
    rows = navigation.waiting(office.actor(who))
    return sorted((str(one.kind), str(one.step)) for one in rows if str(one.kind) in ("信息导入", "导入清单"))


def taken_in(office, rows, who="handler"):
    client = client_of(office, who)
    imported = sent(office, client, sheet(rows))
    confirmed(client, imported)
    imports.read_some(imported, 60)
    imports.read_some(imported, 60)
    imported.refresh_from_db()
    return imported


def let_out(office):
    frozen = manifests.submit(office.actor("handler"), Manifest.objects.get())
    for step in (1, 2, 3):
        approve(office, frozen, step)
    manifests.release_waiting()
    manifests.release_waiting()


def test_each_step_of_an_import_waits_for_who_must_take_it(office):
    client = client_of(office, "handler")
    imported = sent(office, client, sheet([row(1), row(2, 发布时间="去年五月")]))
    assert inbox(office, "handler") == [("信息导入", "确认各列的内容")]
    page = client.get("/workbench/").content.decode()
    assert reverse("disclosure:import", args=[imported.pk]) in page
    confirmed(client, imported)
    assert inbox(office, "handler") == [], "while rows are read nobody has to do anything"
    imports.read_some(imported, 60)
    imports.read_some(imported, 60)
    assert inbox(office, "handler") == [("信息导入", "查看未导入的行"), ("导入清单", "送三级审查")]
    assert inbox(office, "reviewer") == [] and inbox(office, "supervisor") == []

    frozen = manifests.submit(office.actor("handler"), Manifest.objects.get())
    assert ("导入清单", "送三级审查") not in inbox(office, "handler")
    approve(office, frozen, 1)
    assert [kind for kind, _step in inbox(office, "reviewer")] == ["导入清单"]
    approvals.return_(office.actor("reviewer"), frozen, step=2, opinion="请核对第一件。")
    assert ("导入清单", "已退回：改正后重新送审") in inbox(office, "handler")

    let_out(office)
    assert inbox(office, "handler") == [("信息导入", "已完成，有未导入的行：查看后办结")]
    assert "办结" in client.get(reverse("disclosure:import", args=[imported.pk])).content.decode()
    client.post(reverse("disclosure:import_close", args=[imported.pk]))
    assert inbox(office, "handler") == []


def test_what_could_not_be_released_waits_for_the_handler(office):
    taken_in(office, [row(1)])
    let_out(office)
    Manifest.objects.update(stuck={"x": "文件缺失"})
    assert ("导入清单", "有信息未能发布：查明后重试") in inbox(office, "handler")


def test_who_began_it_sees_it_though_handling_is_another_s_seat(office):
    sent(office, client_of(office, "reviewer"), sheet([row(1)]))
    assert inbox(office, "reviewer") == [("信息导入", "确认各列的内容")] == inbox(office, "handler")
    assert inbox(office, "approver") == []


def test_an_import_on_its_way_is_not_closed_and_a_closed_one_takes_no_row(office):
    imported = taken_in(office, [row(1), row(2, 发布时间="去年五月")])
    with pytest.raises(Refused, match="清单"):
        import_closing.close(office.actor("handler"), imported)
    with pytest.raises(Refused):
        import_closing.close(office.actor("supervisor"), imported)
    let_out(office)
    import_closing.close(office.actor("handler"), imported)
    with pytest.raises(Refused, match="已经办结"):
        import_closing.close(office.actor("handler"), imported)
    with pytest.raises(Refused, match="已办结"):
        imports.correct(office.actor("handler"), imported.rows.get(state="wrong"), ["1"] * 7)


def test_a_file_sent_in_by_mistake_is_closed_before_its_columns_are_confirmed(office):
    client = client_of(office, "handler")
    imported = sent(office, client, sheet([row(1)]))
    assert "不需要这个文件" in client.get(reverse("disclosure:import", args=[imported.pk])).content.decode()
    client.post(reverse("disclosure:import_close", args=[imported.pk]))
    assert inbox(office, "handler") == []
    with pytest.raises(Refused, match="已办结"):
        imports.confirm(office.actor("handler"), imported, {"title": 1, "published_on": 3})


def test_after_the_period_file_and_rows_are_gone_and_items_and_outcomes_stay(office):
    imported = taken_in(office, [row(1), row(2, 标题="含金丝雀的一行", 发布时间="去年五月")])
    let_out(office)
    import_closing.close(office.actor("handler"), imported)
    closed = ItemImport.objects.get().closed_at
    with clock.at(closed + timedelta(days=179)):
        assert import_closing.forget() == 0
    with clock.at(closed + timedelta(days=181)):
        assert import_closing.forget() == 1 and import_closing.forget() == 0
    left = imported.rows.get(state="wrong")
    assert (left.cells, left.title, left.reason) == ([], "", "")
    assert imported.rows.get(state="listed").cells == []
    assert Item.objects.filter(state="public").count() == 1
    assert ErasedFile.objects.filter(pk=imported.file_id).exists()
    erasing.sweep()
    assert not storage.path_of(imported.file_id).exists()
    page = client_of(office, "handler").get(reverse("disclosure:import", args=[imported.pk]))
    assert page.status_code == 200 and "保存期已满" in page.content.decode()


def test_a_file_that_another_import_still_needs_stays(office):
    first = taken_in(office, [row(1)])
    let_out(office)
    import_closing.close(office.actor("handler"), first)
    second, _rows = imports.look(
        office.actor("handler"), office.agency, first.name, storage.read(first.file_id)
    )
    second.file_id = first.file_id
    second.save()
    with clock.at(clock.now() + timedelta(days=200)):
        assert import_closing.forget() == 1
    assert storage.path_of(first.file_id).exists() and not ErasedFile.objects.exists()


def test_imports_that_are_kept_longer_do_not_keep_the_others_waiting(office, monkeypatch):
    longer = taken_in(office, [row(1)])
    let_out(office)
    import_closing.close(office.actor("handler"), longer)
    other = ItemImport.objects.get()
    other.pk, other.closed_at = uuid4(), other.closed_at + timedelta(seconds=1)
    other.save(force_insert=True)
    monkeypatch.setattr(import_closing, "PORTION", 1)
    monkeypatch.setattr(import_closing, "kept_days", lambda each: 3650 if each.pk == longer.pk else 180)
    with clock.at(other.closed_at + timedelta(days=181)):
        assert import_closing.forget() == 1
    assert [each.forgotten_at is None for each in ItemImport.objects.order_by("closed_at")] == [True, False]
