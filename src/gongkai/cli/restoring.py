"""Restoring a backup into an empty folder; needs no instance and no Django.

A backup is a zip: manifest.json (names and SM3 digests), manifest.sig (its signature by the instance's
journal key), database.sqlite3 or database.dump, instance.json, files/, journal/, and keys.sealed where the
keys were asked for, under a passphrase. Nothing else is unpacked.
"""

import json
import os
import shutil
import subprocess
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
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


def _manifest(archive: zipfile.ZipFile) -> tuple[bytes, str, dict[str, str]]:
    """The manifest as written, the kind of database, and name → SM3 digest, all names harmless."""
    try:
        written = archive.read("manifest.json")
        said = json.loads(written)
        kind, entries = str(said["database"]), {str(k): str(v) for k, v in said["entries"].items()}
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise RestoreError("该文件不是公开的备份（缺少清单）。") from error
    for name in entries:
        parts = PurePosixPath(name).parts
        if name not in _SINGLE and (len(parts) < 2 or parts[0] not in _FOLDERS or ".." in parts):
            raise RestoreError("备份中含有指向文件夹之外或不属于备份的文件名，未予恢复。")
    return written, kind, entries


_SINGLE = ("instance.json", "database.sqlite3", "database.dump")
_FOLDERS = ("files", "journal")


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
            manifest, database, entries = _manifest(archive)
            _room(archive, home)
            beside.mkdir(parents=True)
            _keys(archive, beside, passphrase, keys_from)
            _signature(archive, manifest, beside)
            for name, expected in entries.items():
                _unpack(archive, name, expected, beside)
        if database == "postgresql":
            _load_postgresql(beside / "database.dump")
        elif (beside / "database.sqlite3").exists():
            (beside / "database.sqlite3").rename(beside / "gongkai.sqlite3")
        else:
            raise RestoreError("备份中没有数据库，未予恢复。")
        for name in ("files", "site", "journal", "index", "keys"):
            (beside / name).mkdir(exist_ok=True)
        if home.exists():
            home.rmdir()
        beside.rename(home)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise RestoreError(f"{file} 不是公开的备份，或已损坏。") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _room(archive: zipfile.ZipFile, home: Path) -> None:
    """Refuse what would not fit: a backup, or an archive made to fill the disk."""
    place = home.absolute()
    while not place.exists():
        place = place.parent
    needed = sum(entry.file_size for entry in archive.infolist())
    if needed > shutil.disk_usage(place).free:
        raise RestoreError(f"磁盘空间不足：需要{needed // 2**20 + 1} MB。")


def _signature(archive: zipfile.ZipFile, manifest: bytes, folder: Path) -> None:
    """Refuse a backup that these keys did not sign: another instance's, or one that someone put together."""
    try:
        key = serialization.load_pem_private_key(
            (folder / "keys" / "journal.pem").read_bytes(), password=None
        )
        signature = bytes.fromhex(archive.read("manifest.sig").decode("ascii"))
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("not an Ed25519 key")
        key.public_key().verify(signature, manifest)
    except (InvalidSignature, KeyError, ValueError, OSError) as error:
        raise RestoreError("备份的签名与密钥不符，未予恢复：密钥属于另一实例，或备份被改动。") from error


def _unpack(archive: zipfile.ZipFile, name: str, expected: str, folder: Path) -> None:
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
        found = {key.name: key.read_bytes() for key in keys_from.iterdir() if key.is_file()}
    elif "keys.sealed" in archive.namelist():
        found = _opened(archive.read("keys.sealed"), passphrase)
    else:
        raise RestoreError("备份不含密钥。请用 --keys-from 指明另存的密钥文件夹。")
    for name, content in found.items():
        descriptor = os.open(target / Path(name).name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)


def _opened(sealed: bytes, passphrase: str) -> dict[str, bytes]:
    salt, nonce, body = sealed[:SALT], sealed[SALT : SALT + NONCE], sealed[SALT + NONCE :]
    try:
        opened = AESGCM(passphrase_key(passphrase, salt)).decrypt(nonce, body, b"gongkai keys")
    except (InvalidTag, ValueError) as error:
        raise RestoreError("口令不对，未予恢复。") from error
    return {name: bytes.fromhex(content) for name, content in json.loads(opened).items()}


def _load_postgresql(dump: Path) -> None:
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
