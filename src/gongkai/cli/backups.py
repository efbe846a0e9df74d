"""Writing a backup while the server runs; restoring.py reads it back and says what it holds."""

import json
import os
import sqlite3
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection

from gongkai.cli.restoring import NONCE, SALT, passphrase_key
from gongkai.instance import MARK
from gongkai.journal import canon, chain
from gongkai.journal.models import Entry


class BackupError(Exception):
    """Why no backup was written, in one sentence."""


def write(file: Path, *, passphrase: str = "") -> dict[str, int]:
    """Write the backup and answer {entries, files}. The database is copied first, at one moment.

    Files only ever come to be (they are never replaced), so those copied afterwards include every one that
    the copied database names. Raises BackupError.
    """
    if file.exists():
        raise BackupError(f"{file} 已存在，未作改动。请换一个文件名。")
    home: Path = settings.INSTANCE.home
    if (home / "files").resolve() in file.resolve().parents:
        raise BackupError("备份不能写进实例的 files 文件夹。请换一个位置。")
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(file.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            said = _fill(beside, home, Path(folder), passphrase)
        os.replace(beside, file)
    except FileNotFoundError as error:
        raise BackupError("备份期间有文件被销毁。请再运行一次。") from error
    finally:
        beside.unlink(missing_ok=True)
    return said


def _fill(beside: Path, home: Path, folder: Path, passphrase: str) -> dict[str, int]:
    kind, dump = _database(folder)
    entries: dict[str, str] = {}
    files = 0
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        _add(archive, entries, dump, dump.name)
        _add(archive, entries, home / MARK, MARK)
        for path in sorted((home / "files").rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                _add(archive, entries, path, str(path.relative_to(home)))
                files += 1
        for name, content in _heads(folder).items():
            archive.writestr(name, content)
            entries[name] = canon.sm3(content)
        if passphrase:
            archive.writestr("keys.sealed", _sealed_keys(home, passphrase))
        manifest = json.dumps({"format": 1, "database": kind, "entries": entries}, indent=1)
        archive.writestr("manifest.json", manifest)
        archive.writestr("manifest.sig", chain.sign(manifest.encode()))
    return {"entries": Entry.objects.count(), "files": files}


def _add(archive: zipfile.ZipFile, entries: dict[str, str], path: Path, name: str) -> None:
    archive.write(path, name)
    entries[name] = canon.sm3_file(str(path))


def _database(folder: Path) -> tuple[str, Path]:
    (folder / "journal").mkdir()
    if connection.vendor == "sqlite":
        _keep_heads(folder)
        target = folder / "database.sqlite3"
        copy = sqlite3.connect(target)
        connection.ensure_connection()
        with copy:
            connection.connection.backup(copy)
        copy.close()
        return "sqlite", target
    _keep_heads(folder)
    target = folder / "database.dump"
    parts: dict[str, Any] = connection.settings_dict
    environment = os.environ | {"PGPASSWORD": str(parts["PASSWORD"] or "")}
    command = ["pg_dump", "--format=custom", "--file", str(target), "--dbname", str(parts["NAME"])]
    for flag, key in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if parts[key]:
            command += [flag, str(parts[key])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise BackupError(f"数据库导出失败：{done.stderr.strip().splitlines()[-1][:200]}")
    return "postgresql", target


def _keep_heads(folder: Path) -> None:
    """Copy the signed heads before the database, so no head names an entry that the copy lacks."""
    for name in ("head.json", "heads.jsonl", "erasures.jsonl"):
        source = settings.INSTANCE.home / "journal" / name
        if source.exists():
            (folder / "journal" / name).write_bytes(source.read_bytes())


def _heads(folder: Path) -> dict[str, bytes]:
    return {f"journal/{path.name}": path.read_bytes() for path in sorted((folder / "journal").iterdir())}


def _sealed_keys(home: Path, passphrase: str) -> bytes:
    keys = {path.name: path.read_bytes().hex() for path in (home / "keys").iterdir() if path.is_file()}
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    cipher = AESGCM(passphrase_key(passphrase, salt))
    return salt + nonce + cipher.encrypt(nonce, json.dumps(keys).encode(), b"gongkai keys")
