"""The clerk's way through the pages: send in, map, read, submit; the three people; the report of what stayed out."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.disclosure import imports
from gongkai.disclosure.models import Item, ItemImport
from gongkai.review import manifests
from gongkai.review.models import Manifest
from tests.disclosure.import_files import HEADS, row, sheet
from tests.invariants.attacks import client_of
from tests.items import approve


def sent(office, client, data):
    answer = client.post(
        reverse("disclosure:import_begin"),
        {"agency": office.agency.pk, "file": SimpleUploadedFile("旧站.xlsx", data)},
    )
    assert answer.status_code == 302, answer.content.decode()
    return ItemImport.objects.get()


def confirmed(client, imported, **more):
    mapping = {name: str(number) for name, number in imports.proposed(imported).items()}
    return client.post(
        reverse("disclosure:import", args=[imported.pk]), mapping | {"confirm": "1"} | more, follow=True
    )


def test_a_clerk_takes_an_old_site_over_on_the_pages(office):
    client = client_of(office, "handler")
    imported = sent(office, client, sheet([row(1), row(2, 发布时间="去年五月"), row(3)]))
    page = client.get(reverse("disclosure:import", args=[imported.pk])).content.decode()
    # The columns as guessed, and the rows as they would look, the wrong cell named.
    assert "西工区第1号旧站公告" in page and "去年五月" in page
    confirmed(client, imported)
    client.post(reverse("disclosure:import_read", args=[imported.pk]))
    while imports.read_some(imported, 60):
        pass
    page = client.get(reverse("disclosure:import", args=[imported.pk])).content.decode()
    assert "已进入清单" in page and "内容有误" in page
    manifest = Manifest.objects.get()
    answer = client.post(reverse("review:manifest_submit", args=[manifest.pk]), follow=True)
    assert "旧站.xlsx（2件）" in answer.content.decode()
    frozen = manifests.running(manifest).revision
    for step in (1, 2, 3):
        approve(office, frozen, step)
    manifests.release_waiting()
    assert Item.objects.filter(state="public").count() == 2
    page = client.get(reverse("review:manifest", args=[manifest.pk])).content.decode()
    assert frozen.digest in page


def test_what_was_not_taken_is_a_file_with_row_and_reason(office):
    client = client_of(office, "handler")
    imported = sent(office, client, sheet([row(1), row(2, 发布时间="去年五月")]))
    confirmed(client, imported)
    imports.read_some(imported, 60)
    address = reverse("disclosure:import_rows", args=[imported.pk])
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}?state=wrong&export=xlsx").content))
    [_heads, only] = list(book.active.iter_rows(values_only=True))[-2:]
    assert only[0] == 3 and "去年五月" in " ".join(str(cell) for cell in only)


def test_a_wrong_row_is_mended_on_its_page(office):
    client = client_of(office, "handler")
    imported = sent(office, client, sheet([row(1, 发布时间="去年五月")]))
    confirmed(client, imported)
    imports.read_some(imported, 60)
    address = reverse("disclosure:import_row", args=[imported.pk, 2])
    assert "去年五月" in client.get(address).content.decode()
    client.post(address, {f"cell{n}": str(cell) for n, cell in enumerate(row(1))})
    imports.read_some(imported, 60)
    assert imported.rows.get().state == "listed"


def test_the_reviewer_takes_one_out_on_the_page_of_the_list(office):
    client = client_of(office, "handler")
    imported = sent(office, client, sheet([row(1), row(2)]))
    confirmed(client, imported)
    imports.read_some(imported, 60)
    manifest = Manifest.objects.get()
    client.post(reverse("review:manifest_submit", args=[manifest.pk]))
    reviewer = client_of(office, "reviewer")
    one = manifests.listed(manifest.pk).first()
    page = reviewer.get(reverse("review:manifest", args=[manifest.pk])).content.decode()
    assert str(one.revision_id) in page
    answer = reviewer.post(
        reverse("review:manifest_out", args=[manifest.pk]),
        {"revision": [str(one.revision_id)], "reason": "已被新文件取代"},
        follow=True,
    )
    assert "审批重新开始" in answer.content.decode() and "已被新文件取代" in answer.content.decode()
    assert manifests.listed(manifest.pk).count() == 1


def test_the_whole_list_is_withdrawn_on_its_page(office):
    client = client_of(office, "handler")
    imported = sent(office, client, sheet([row(1), row(2)]))
    confirmed(client, imported)
    imports.read_some(imported, 60)
    manifest = Manifest.objects.get()
    frozen = manifests.submit(office.actor("handler"), manifest)
    for step in (1, 2, 3):
        approve(office, frozen, step)
    manifests.release_waiting()
    approver = client_of(office, "approver")
    approver.post(reverse("review:manifest_withdraw", args=[manifest.pk]), {"reason": "error"})
    assert Item.objects.filter(state="withdrawn").count() == 2


@pytest.mark.parametrize("who", ["system", "security", "audit", None])
def test_nobody_without_a_part_in_the_work_sees_an_import(office, who):
    imported = sent(office, client_of(office, "handler"), sheet([row(1)]))
    manifest = manifests.begin(office.actor("handler"), office.agency, "清单")
    stranger = client_of(office, who)
    for address in (
        reverse("disclosure:import", args=[imported.pk]),
        reverse("disclosure:import_rows", args=[imported.pk]),
        reverse("disclosure:import_row", args=[imported.pk, 2]),
        reverse("review:manifest", args=[manifest.pk]),
    ):
        answer = stranger.get(address)
        assert answer.status_code in (302, 403, 404)
        assert HEADS[1] not in answer.content.decode() or answer.status_code != 200
