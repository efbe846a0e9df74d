"""Restoring a backup into an empty folder; needs no instance and no Django.

A backup is a zip: manifest.json (names, sizes, SM3 digests), database.sqlite3 or database.dump, files/,
journal/, and keys.sealed where the keys were asked for, under a passphrase.
"""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

SALT, NONCE = 16, 12
# A passphrase is stretched so far that guessing costs memory and time.
SCRYPT = {"length": 32, "n": 2**16, "r": 8, "p": 1}


class RestoreError(Exception):
    """Why the backup cannot be restored, in one sentence."""


def passphrase_key(passphrase: str, salt: bytes) -> bytes:
    """The key that seals the keys of a backup."""
    return Scrypt(salt=salt, **SCRYPT).derive(passphrase.encode())


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError) as error:
        raise RestoreError("该文件不是公开的备份（缺少清单）。") from error
    return said


def needs_passphrase(file: Path) -> bool:
    """Whether the backup holds the keys, sealed."""
    try:
        with zipfile.ZipFile(file) as archive:
            return "keys.sealed" in archive.namelist()
    except zipfile.BadZipFile as error:
        raise RestoreError(f"{file} 不是公开的备份，或已损坏。") from error


def restore(file: Path, home: Path, *, passphrase: str = "", keys_from: Path | None = None) -> None:
    """Unpack `file` into the empty folder `home`, checking every digest.

    Keys come from the backup (passphrase) or from a folder kept apart; without them sealed personal data
    stays closed and the journal's signatures cannot be checked, so that is refused. Raises RestoreError.
    """
    if home.exists() and any(home.iterdir()):
        raise RestoreError(f"{home} 不是空文件夹，未作改动。请指定一个空文件夹。")
    beside = home.with_name(home.name + ".restoring")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            for name, expected in manifest["entries"].items():
                _unpack(archive, name, expected, beside)
            _keys(archive, beside, passphrase, keys_from)
        if manifest["database"] == "postgresql":
            _load_postgresql(beside / "database.dump")
        else:
            (beside / "database.sqlite3").rename(beside / "gongkai.sqlite3")
        for name in ("files", "site", "journal", "index", "keys"):
            (beside / name).mkdir(exist_ok=True)
        if home.exists():
            home.rmdir()
        beside.rename(home)
    except zipfile.BadZipFile as error:
        raise RestoreError(f"{file} 不是公开的备份，或已损坏。") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _unpack(archive: zipfile.ZipFile, name: str, expected: str, folder: Path) -> None:
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise RestoreError("备份中含有指向文件夹之外的文件名，未予恢复。")
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    digest = hashes.Hash(hashes.SM3())
    try:
        with archive.open(name) as source, open(place, "wb") as target:
            while piece := source.read(1 << 20):
                digest.update(piece)
                target.write(piece)
    except KeyError as error:
        raise RestoreError(f"备份缺少 {name}，未予恢复。") from error
    if digest.finalize().hex() != expected:
        raise RestoreError(f"备份中的 {name} 与清单所载摘要不符，未予恢复。")


def _keys(archive: zipfile.ZipFile, folder: Path, passphrase: str, keys_from: Path | None) -> None:
    target = folder / "keys"
    target.mkdir(mode=0o700, exist_ok=True)
    if keys_from is not None:
        for key in keys_from.iterdir():
            shutil.copy2(key, target / key.name)
    elif "keys.sealed" in archive.namelist():
        sealed = archive.read("keys.sealed")
        salt, nonce, body = sealed[:SALT], sealed[SALT : SALT + NONCE], sealed[SALT + NONCE :]
        try:
            opened = AESGCM(passphrase_key(passphrase, salt)).decrypt(nonce, body, b"gongkai keys")
        except InvalidTag as error:
            raise RestoreError("口令不对，未予恢复。") from error
        for name, content in json.loads(opened).items():
            (target / Path(name).name).write_bytes(bytes.fromhex(content))
    else:
        raise RestoreError("备份不含密钥。请用 --keys-from 指明另存的密钥文件夹。")
    for key in target.iterdir():
        key.chmod(0o600)


def _load_postgresql(dump: Path) -> None:
    import os

    url = os.environ.get("GONGKAI_DATABASE_URL", "")
    if not url:
        raise RestoreError("该备份来自 PostgreSQL。请用 GONGKAI_DATABASE_URL 指明一个空数据库。")
    done = subprocess.run(
        ["pg_restore", "--no-owner", "--exit-on-error", "--dbname", url, str(dump)],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RestoreError(f"PostgreSQL 恢复失败：{done.stderr.strip().splitlines()[-1][:200]}")
    dump.unlink()
