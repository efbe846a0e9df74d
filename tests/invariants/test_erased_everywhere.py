"""What was erased is nowhere in the instance: not in the site, its copies, the index, the read texts, made files."""

import shutil
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from gongkai.channels import exports, site
from gongkai.channels.export_models import Export
from gongkai.disclosure import imports, items
from gongkai.files import storage
from gongkai.journal import chain
from gongkai.portal import item_documents
from gongkai.review import erasing, manifests, releases
from gongkai.search import erased, filetexts, follow, index
from tests.disclosure.import_files import row, sheet
from tests.items import approve, drafted, submitted
from tests.portal import sites
from tests.review.manifests import approved

BODY, FILE = "涧东路北侧地块的一段话", "瀍河东岸安置房源"


@pytest.fixture
def office(committed):
    sites.fresh()
    sites.name_site(committed)
    shutil.rmtree(item_documents.folder(), ignore_errors=True)
    return committed


def holding(folder: Path, words: str) -> list[Path]:
    """The files of a folder that hold the words, plain or as search keeps what it read."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.parent.parent.name == "texts":
            data += zlib.decompress(data) if data[:1] == b"\x78" else b""
        if words.encode() in data:
            found.append(path)
    return found


def test_an_erased_item_is_in_no_folder_of_the_instance_nor_in_a_copy(office, tmp_path):
    home: Path = settings.INSTANCE.home
    item = drafted(office, title=f"{BODY}公告", body=f"<p>{BODY}。</p>")
    items.attach(office.actor("handler"), item, f"{FILE}三百套。".encode(), "房源.txt")
    revision = submitted(office, item)
    for step in (1, 2, 3):
        approve(office, revision, step)
    follow.read_files()
    site.verify(mend=True)
    export = exports.claim(tmp_path / "copy")
    exports.set_following(export, True)
    exports.bring_up(exports.Copy(export), whole=True)
    item.refresh_from_db()
    Client().get(f"/documents/{item.index_number.replace('/', '-')}.docx")
    assert holding(home / "site", BODY)
    assert holding(tmp_path / "copy", BODY)
    assert holding(home / "index", FILE)
    assert list((home / "documents").glob("*/*.docx"))

    releases.withdraw(office.actor("handler"), item.live, reason="leak")
    erasing.erase(office.actor("reviewer"), office.actor("security"), revision.digest, "定密后销毁")
    assert erased.sweep()

    for folder in ("site", "index", "files", "documents", "ledger", "exports"):
        assert holding(home / folder, BODY) == [], folder
        assert holding(home / folder, FILE) == [], folder
    assert holding(tmp_path / "copy", BODY) == []
    assert list((home / "documents").glob("*/*")) == []
    assert list(chain.verify()) == []
    assert Export.objects.get(pk=export.pk).error == ""
    assert not erased.sweep(), "the index is made anew once"


def test_a_file_text_that_was_read_while_its_item_was_withdrawn_goes_with_the_erasure(office):
    item = drafted(office)
    items.attach(office.actor("handler"), item, f"{FILE}三百套。".encode(), "房源.txt")
    revision = submitted(office, item)
    for step in (1, 2, 3):
        approve(office, revision, step)
    item.refresh_from_db()
    releases.withdraw(office.actor("handler"), item.live, reason="leak")
    digest = follow.content_of(revision.digest)["attachments"][0]["digest"]
    filetexts.read(digest, "房源.txt")
    erasing.erase(office.actor("reviewer"), office.actor("security"), revision.digest, "定密后销毁")
    assert filetexts.known(digest) is None
    assert not storage.path_of(digest).exists()
    assert index.exists()


def test_an_erased_item_of_a_former_site_takes_its_row_and_the_file_along(office):
    handler = office.actor("handler")
    imported = imports.receive(
        handler, office.agency, "旧站.xlsx", sheet([row(1, 正文内容=f"<p>{BODY}。</p>"), row(2)])
    )
    imports.confirm(handler, imported, imports.proposed(imported))
    while imports.read_some(imported, 60):
        pass
    imported.refresh_from_db()
    approved(office, imported.manifest)
    assert manifests.release_waiting() == 2
    item = imported.rows.get(number=2).item
    digest = item.live.digest
    releases.withdraw(handler, item.live, reason="leak")
    erasing.erase(office.actor("reviewer"), office.actor("security"), digest, "定密后销毁")

    first, second = imported.rows.order_by("number")
    assert first.cells == [] and first.title == ""
    assert second.cells != [], "the other rows stay"
    assert not storage.path_of(imported.file_id).exists()
    assert list(chain.verify()) == []
