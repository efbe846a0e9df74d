"""`gongkai check`, `backup`, `restore` and `journal verify` on an instance in its own folder."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gongkai.cli import restoring
from gongkai.journal import canon
from tests.cli.living import ROOT, environment, gongkai, start

WORD = "只在这里出现的一段话"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = tmp_path_factory.mktemp("upkeep") / "home"
    building = start(home, "build")
    building.communicate()
    assert building.returncode == 0
    return home


@pytest.fixture
def home(built, tmp_path):
    shutil.copytree(built, tmp_path / "home")
    return tmp_path / "home"


def tampered(home, *statements):
    """Raw SQL on the database file with its triggers off, as a thief of the file would do it."""
    with sqlite3.connect(home / "gongkai.sqlite3") as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            assert database.execute(statement).rowcount
        for _name, sql in triggers:
            database.execute(sql)
    database.close()


def verified(home):
    done = gongkai(home, "journal", "verify", "--home", str(home), "--json")
    assert "Traceback" not in done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def refused(done, words, code=2):
    """One clear line on standard error, and nothing of Python's."""
    assert done.returncode == code, done
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and words in lines[0], lines


# --- journal verify (Shows 5)


def test_an_untouched_journal_holds(home):
    code, lines = verified(home)
    assert code == 0 and lines[-1]["holds"] is True and lines[-1]["entries"] > 30
    assert gongkai(home, "journal", "verify", "--home", str(home)).stdout.startswith("日志完整")


@pytest.mark.parametrize(
    ("statement", "entry", "row"),
    [
        ("UPDATE journal_entry SET data = replace(data, '}', ' }') WHERE seq = 9", 9, ""),
        ("DELETE FROM journal_entry WHERE seq = 9", 9, ""),
        ("DELETE FROM journal_entry WHERE seq > 40", 41, ""),
        ("UPDATE review_approval SET opinion = opinion || '。' WHERE id = 2", None, "review_approval:2"),
        ("DELETE FROM review_withdrawal", None, "review_withdrawal:1"),
    ],
    ids=["a byte changed", "a row deleted", "the tail cut", "a covered row changed", "a covered row deleted"],
)
def test_tampering_names_the_entry(home, statement, entry, row):
    tampered(home, statement)
    code, lines = verified(home)
    assert code == 1 and lines[-1]["holds"] is False
    assert any((entry is None or line["entry"] == entry) and line["row"] == row for line in lines[:-1])
    assert all(line["entry"] for line in lines[:-1] if line["row"] == row)


def test_a_replaced_and_a_missing_file_are_named(home):
    (stored,) = (path for path in (home / "files").rglob("*") if path.is_file())
    stored.chmod(0o600)
    stored.write_text("换掉")
    assert verified(home)[1][0]["row"] == f"files:{stored.name}"
    stored.unlink()
    assert "缺失" in verified(home)[1][0]["message"]


def test_no_instance_no_database_and_a_broken_database_are_one_line_each(home, tmp_path):
    refused(gongkai(tmp_path / "x", "journal", "verify", "--home", str(tmp_path / "none")), "不是公开实例")
    (home / "gongkai.sqlite3").rename(home / "kept")
    refused(gongkai(home, "journal", "verify", "--home", str(home)), "没有数据库")
    (home / "gongkai.sqlite3").write_bytes(b"not a database, however long it is" * 200)
    for command in (["journal", "verify"], ["check"], ["backup", str(tmp_path / "b.zip")]):
        refused(gongkai(home, *command, "--home", str(home)), "数据库不能读写")


# --- check and serve


def test_check_names_what_is_wrong_and_repairs_what_can_be(home):
    assert gongkai(home, "check", "--home", str(home), "--repair").returncode == 0
    assert gongkai(home, "check", "--home", str(home)).stdout.startswith("实例完好")
    with sqlite3.connect(home / "gongkai.sqlite3") as database:
        database.execute("DROP TRIGGER gongkai_release")
        database.execute("UPDATE review_reviewstate SET state = 'step3'")
    database.close()
    done = gongkai(home, "check", "--home", str(home))
    assert done.returncode == 1 and "gongkai_release" in done.stdout and "状态缓存" in done.stdout
    assert gongkai(home, "check", "--home", str(home), "--repair").returncode == 0
    assert gongkai(home, "check", "--home", str(home)).returncode == 0


def test_serve_refuses_to_run_without_its_guards_and_does_not_quietly_make_them_anew(home):
    with sqlite3.connect(home / "gongkai.sqlite3") as database:
        database.execute("DROP TRIGGER gongkai_release")
    database.close()
    for _again in range(2):
        refused(gongkai(home, "serve", "--home", str(home), "--port", "8479"), "gongkai_release", code=1)


# --- backup and restore


def backed_up(home, file, passphrase="一句很长的口令"):
    done = gongkai(
        home, "backup", str(file), "--home", str(home), "--with-keys", said=f"{passphrase}\n{passphrase}\n"
    )
    assert done.returncode == 0, done.stderr
    return done


def restored(file, target, *more, passphrase="一句很长的口令"):
    return gongkai(target, "restore", str(file), "--home", str(target), *more, said=f"{passphrase}\n")


def test_a_backup_made_while_others_write_restores_to_a_journal_that_holds(home, tmp_path):
    working = start(home, "work")
    for _line in range(8):
        working.stdout.readline()
    try:
        backed_up(home, tmp_path / "b.zip")
    finally:
        working.kill()
        working.communicate()
    done = restored(tmp_path / "b.zip", tmp_path / "again")
    assert done.returncode == 0 and "日志完整" in done.stdout, done
    keys = tmp_path / "again" / "keys"
    assert {oct(key.stat().st_mode & 0o777) for key in keys.iterdir()} == {"0o600"}
    assert (tmp_path / "again" / "instance.json").read_text() == (home / "instance.json").read_text()
    assert not list(tmp_path.glob("*.part")) and not list(tmp_path.glob("*.restoring"))


def site_of(home):
    return {
        str(path.relative_to(home / "site")): path.read_bytes()
        for path in (home / "site").rglob("*")
        if path.is_file() and ".writing" not in path.parts
    }


def test_the_site_of_a_restored_instance_is_the_same(home, tmp_path):
    again = tmp_path / "again"
    assert gongkai(home, "check", "--home", str(home), "--repair").returncode == 0
    backed_up(home, tmp_path / "b.zip")
    assert restored(tmp_path / "b.zip", again).returncode == 0
    done = gongkai(again, "check", "--home", str(again), "--repair")
    assert done.returncode == 0, done.stdout
    before, after = site_of(home), site_of(again)
    assert before.keys() == after.keys()
    assert [path for path in before if before[path] != after[path]] == []


def test_the_keys_leave_only_when_asked_for(home, tmp_path):
    assert gongkai(home, "backup", str(tmp_path / "b.zip"), "--home", str(home)).returncode == 0
    content = (tmp_path / "b.zip").read_bytes()
    names = zipfile.ZipFile(tmp_path / "b.zip").namelist()
    assert not [name for name in names if name.startswith("keys")]
    assert (home / "keys" / "django.secret").read_bytes() not in content
    refused(restored(tmp_path / "b.zip", tmp_path / "again"), "不含密钥")
    done = restored(tmp_path / "b.zip", tmp_path / "again", "--keys-from", str(home / "keys"))
    assert done.returncode == 0, done


def test_a_wrong_passphrase_or_another_instances_keys_restore_nothing(home, tmp_path):
    backed_up(home, tmp_path / "b.zip")
    done = restored(tmp_path / "b.zip", tmp_path / "again", passphrase="另一句口令")
    assert done.returncode == 2 and "口令不对" in done.stderr
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    foreign = tmp_path / "foreign"
    shutil.copytree(home / "keys", foreign)
    (foreign / "journal.pem").unlink()
    (foreign / "journal.pem").write_bytes(
        Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    done = restored(tmp_path / "b.zip", tmp_path / "again", "--keys-from", str(foreign))
    refused(done, "签名与密钥不符")
    assert not (tmp_path / "again").exists() and not list(tmp_path.glob("*.restoring"))


@pytest.fixture(scope="module")
def good(built):
    """One backup for the tests that only read it."""
    backed_up(built, built.parent / "good.zip")
    return built.parent / "good.zip"


def unpacked(file, target):
    """Restore without a process of its own; the sentence of the refusal."""
    with pytest.raises(restoring.RestoreError) as refusal:
        restoring.needs_passphrase(file)
        restoring.restore(file, target, passphrase="一句很长的口令")
    assert not target.exists() and not list(target.parent.glob("*.restoring"))
    return str(refusal.value)


def rewritten(source, target, change):
    """The backup with its names, contents and manifest changed by `change(dict of contents)`."""
    with zipfile.ZipFile(source) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    change(contents)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


def listing(contents, name, content):
    said = json.loads(contents["manifest.json"])
    said["entries"][name] = canon.sm3(content)
    contents[name], contents["manifest.json"] = content, json.dumps(said).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda said: listing(said, "../outside.txt", b"x"), "之外"),
        (lambda said: listing(said, "files/../../outside.txt", b"x"), "之外"),
        (lambda said: listing(said, "/outside.txt", b"x"), "之外"),
        (lambda said: listing(said, "keys/journal.pem", b"x"), "不属于备份"),
        (lambda said: listing(said, "files/ab/planted", b"x"), "签名"),
        (lambda said: said.update({"instance.json": b'{"demo": true}'}), "instance.json"),
        (lambda said: said.pop("database.sqlite3"), "缺少 database.sqlite3"),
        (lambda said: said.pop("manifest.json"), "缺少清单"),
        (lambda said: said.update({"manifest.json": b"[]"}), "缺少清单"),
        (lambda said: said.pop("manifest.sig"), "签名"),
        (lambda said: said.update({"keys.sealed": b"short"}), "口令不对"),
    ],
    ids=["up", "up from files", "absolute", "a key", "planted", "changed", "no database", "no manifest", "list",
         "unsigned", "cut keys"],
)  # fmt: skip
def test_a_backup_that_was_tampered_with_is_refused_whole(good, tmp_path, change, words):
    rewritten(good, tmp_path / "b.zip", change)
    (tmp_path / "deep").mkdir()
    assert words in unpacked(tmp_path / "b.zip", tmp_path / "deep" / "again")
    assert not list(tmp_path.rglob("outside.txt")) and not Path("/outside.txt").exists()


def test_a_truncated_or_damaged_backup_is_refused(good, tmp_path):
    whole = good.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) - 30):
        (tmp_path / "cut.zip").write_bytes(whole[:size])
        assert "已损坏" in unpacked(tmp_path / "cut.zip", tmp_path / "again")
    for place in range(1, 8):
        flipped = bytearray(whole)
        flipped[len(whole) * place // 8] ^= 0xFF
        (tmp_path / "cut.zip").write_bytes(bytes(flipped))
        assert unpacked(tmp_path / "cut.zip", tmp_path / "again")


def test_a_full_folder_and_an_existing_file_are_left_alone(home, good):
    refused(gongkai(home, "backup", str(good), "--home", str(home)), "已存在")
    refused(gongkai(home, "backup", str(home / "files" / "b.zip"), "--home", str(home)), "files")
    with pytest.raises(restoring.RestoreError, match="不是空文件夹"):
        restoring.restore(good, home, passphrase="一句很长的口令")


ERASE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.config.settings"
django.setup()
from gongkai.review import erasing, releases
from gongkai.review.models import Revision
from tests.cli.living import the_office
office = the_office()
revision = Revision.objects.get(title="带附件的公告")
releases.withdraw(office.actor("reviewer"), revision.release, reason="leak")
erasing.erase(office.actor("reviewer"), office.actor("security"), revision.digest, "定密后销毁")
"""


def test_what_was_erased_after_the_backup_is_erased_again_after_the_restore(home, tmp_path):
    backed_up(home, tmp_path / "b.zip")
    subprocess.run([sys.executable, "-c", ERASE], env=environment(home), cwd=ROOT, check=True)
    assert verified(home)[0] == 0
    kept = home / "journal" / "erasures.jsonl"
    done = restored(tmp_path / "b.zip", tmp_path / "again", "--erasures", str(kept))
    assert done.returncode == 0 and "重新销毁1项" in done.stdout, done
    assert WORD.encode() not in (tmp_path / "again" / "gongkai.sqlite3").read_bytes()
    assert not [path for path in (tmp_path / "again" / "files").rglob("*") if path.is_file()]
    assert verified(tmp_path / "again")[0] == 0
    # Without the list the old content would be back, and a list without our signature is not believed.
    forged = re.sub(r'"signature": "\w\w', '"signature": "00', kept.read_text("utf-8"))
    (tmp_path / "forged.jsonl").write_text(forged, "utf-8")
    done = restored(tmp_path / "b.zip", tmp_path / "third", "--erasures", str(tmp_path / "forged.jsonl"))
    assert done.returncode == 1 and "签名不符" in done.stdout
    assert os.listdir(tmp_path / "third")
