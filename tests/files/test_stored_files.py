"""Stored files: refused with a reason, kept by digest, sealed under a case's key, served by the policy."""

import io
import zipfile

import pytest
from django.conf import settings

from gongkai.agencies.policy import Refused
from gongkai.disclosure import items
from gongkai.files import sealing, storage
from gongkai.files.models import StoredFile
from tests.invariants.attacks import unguarded
from tests.items import drafted
from tests.screening import plants_legacy, plants_mail, plants_ofd, plants_slides


def archive(**entries):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, content in entries.items():
            made.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("空.txt", b"", "空"),
        ("大.txt", b"a" * (storage.LARGEST + 1), "50 MB"),
        ("资料.zip", archive(a="x"), "压缩包"),
        ("伪装.docx", archive(a="x"), "压缩包|损坏|不接收"),
        ("程序.pdf", b"MZ\x90\x00" + b"\x00" * 200, "不接收|不收"),
        ("坏.docx", b"PK\x03\x04 cut off", "损坏|压缩包|不接收"),
    ],
    ids=["empty", "too large", "archive", "disguised archive", "disguised program", "broken"],
)
def test_what_is_not_taken_is_refused_with_its_reason(office, name, data, reason):
    item = drafted(office)
    with pytest.raises(Refused, match=reason) as refusal:
        items.attach(office.actor("handler"), item, data, name)
    assert name in refusal.value.message
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("报告.wps", plants_legacy.original("text.doc"), "doc"),
        ("名单.et", plants_legacy.original("cell.xls"), "xls"),
        ("名单.doc", plants_legacy.original("cell.xls"), "xls"),
        ("来信.eml", plants_mail.body("您好"), "eml"),
        ("汇报.pptx", plants_slides.text("完"), "pptx"),
        ("通知.ofd", plants_ofd.text("完"), "ofd"),
    ],
)
def test_a_file_is_kept_as_what_it_is_whatever_its_name_says(office, name, data, kind):
    row = items.attach(office.actor("handler"), drafted(office), data, name)
    assert row.file.extension == kind


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "..\\..\\c.txt", "/tmp/x.txt", "长" * 300 + ".txt", "."]
)
def test_a_name_is_only_a_name(office, name):
    row = items.attach(office.actor("handler"), drafted(office), "正文。".encode(), name)
    assert "/" not in row.name and "\\" not in row.name and 0 < len(row.name) <= 200
    assert storage.path_of(row.file_id).is_relative_to(settings.INSTANCE.home / "files")


def test_the_same_content_is_stored_once_and_read_only(office):
    one = items.attach(office.actor("handler"), drafted(office), "同一内容。".encode(), "甲.txt")
    two = items.attach(office.actor("handler"), drafted(office), "同一内容。".encode(), "乙.txt")
    assert one.file_id == two.file_id and StoredFile.objects.count() == 1
    assert storage.path_of(one.file_id).stat().st_mode & 0o777 == 0o400


def test_a_sealed_file_opens_with_its_key_only_and_is_not_served_as_an_attachment(office, client):
    key, other = sealing.new_key(), sealing.new_key()
    row = storage.attach(
        "身份证复印件。".encode(),
        "证件.txt",
        who=office.actor("handler").who,
        agency=office.agency,
        owner=("case", key.pk),
        case_key=key.pk,
    )
    assert "身份证".encode() not in storage.path_of(row.file_id).read_bytes()
    assert storage.read(row.file_id, case_key=key.pk).decode() == "身份证复印件。"
    with pytest.raises(sealing.Sealed):
        storage.read(row.file_id, case_key=other.pk)
    client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/workbench/files/{row.pk}/").status_code == 404
    with unguarded():
        sealing.destroy(key.pk)
    with pytest.raises(sealing.Sealed):
        storage.read(row.file_id, case_key=key.pk)


def test_a_sealed_text_moved_to_another_case_does_not_open(office):
    key, other = sealing.new_key(), sealing.new_key()
    sealed = sealing.seal(key.pk, "张三")
    assert "张三" not in sealed and sealing.unseal(sealed) == "张三"
    with pytest.raises(sealing.Sealed):
        sealing.unseal(sealed.replace(key.pk.hex, other.pk.hex))
    assert sealing.fingerprint("410303 1990 x") == sealing.fingerprint("4103031990X")


def test_a_damaged_key_file_is_told_and_never_used(office, monkeypatch, tmp_path):
    """Found by attack: an empty key file once gave look-up digests without any secret."""
    from dataclasses import replace

    monkeypatch.setattr(settings, "INSTANCE", replace(settings.INSTANCE, home=tmp_path))
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "lookup.key").write_bytes(b"")
    with pytest.raises(sealing.Sealed, match=r"lookup\.key"):
        sealing.fingerprint("张三")


def test_a_file_changed_on_the_disk_is_told_in_a_sentence_and_not_served(office, client):
    row = items.attach(office.actor("handler"), drafted(office), "原来的内容。".encode(), "甲.txt")
    client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
    served = client.get(f"/workbench/files/{row.pk}/")
    assert served.content.decode() == "原来的内容。" and "sandbox" in served["Content-Security-Policy"]
    place = storage.path_of(row.file_id)
    place.chmod(0o600)
    place.write_text("换掉的内容")
    answer = client.get(f"/workbench/files/{row.pk}/")
    assert answer.status_code == 403 and "磁盘上被改动" in answer.content.decode()
    place.unlink()
