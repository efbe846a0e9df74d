"""Writing the journal, signing its head, and verifying all of it.

The chain: digest(n) = SM3(canonical text of entry n with digest(n−1)). Every entry carries the signature
of its digest by the instance's Ed25519 key, which never enters the database: who can write only the
database cannot add an entry, not even at the end. The head is signed again and kept in the instance
folder after every commit, so a cut tail shows; the heads after each release and each day are kept for good.
"""

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from gongkai.journal import canon, clock, keys
from gongkai.journal.models import AppendOnly, Entry

# One number for the lock that orders appends on PostgreSQL; SQLite has one writer anyway.
_APPEND_LOCK = 0x676F6E67


@dataclass(frozen=True)
class Who:
    """Who acts: a person's id or `system:<what>`, the name shown, the hat and the network address."""

    id: str
    name: str = ""
    hat: str = ""
    address: str = ""


SWEEPER = Who("system:sweeper", "系统")


def record(
    action: str,
    who: Who,
    *,
    agency: Any = "",
    subject: tuple[str, Any] = ("", ""),
    covers: Iterable[AppendOnly] = (),
    **data: Any,
) -> Entry:
    """Append one entry inside the caller's transaction.

    action: dotted name, as `review.approved`; subject: (kind, id); covers: the append-only rows that
    this act wrote, whose digests the entry carries; data: anything canonical JSON can hold, without
    personal data of the public. Raises RuntimeError outside a transaction.
    """
    hold()
    last = Entry.objects.order_by("-seq").only("seq", "digest").first()
    rows = [
        [row._meta.db_table, str(row.pk), canon.row_digest(stored)]
        for row, stored in _as_stored(list(covers))
    ]
    if rows:
        data["covers"] = rows
    entry = Entry(
        seq=last.seq + 1 if last else 1,
        at=clock.now(),
        actor=who.id,
        actor_name=who.name,
        hat=who.hat,
        address=who.address,
        agency=str(agency),
        action=action,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        data=canon.text(data),
        previous=last.digest if last else "",
    )
    entry.digest = _digest(entry)
    entry.signature = sign(entry.digest.encode())
    entry.save()
    lasting = action in LASTING
    # The act stands when its head could not be written; what follows the commit must still run.
    transaction.on_commit(lambda: write_head(entry, lasting=lasting), robust=True)
    return entry


def hold() -> None:
    """Take the lock that orders the journal, until the caller's transaction ends; where it is held, nothing.

    An act that locks rows which others lock after their first entry takes this first, so that two acts
    never wait for one another. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a journal entry belongs to the transaction of its act")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_APPEND_LOCK])


# The heads after these acts are kept for good; every other head only until the next.
LASTING = frozenset({"review.released", "review.withdrawn", "journal.day"})


def _as_stored(rows: list[AppendOnly]) -> Iterator[tuple[AppendOnly, models.Model]]:
    """Each row with itself as the database gives it back: defaults filled, types settled.

    Rows of one model are read together: an act may cover thousands, as the import of a register does. Raises KeyError
    for a row that is not there.
    """
    for model, alike in groupby(rows, type):
        same = list(alike)
        for start in range(0, len(same), _CHUNK):
            part = same[start : start + _CHUNK]
            # A row made a moment ago may carry the text of its key.
            stored = model._base_manager.in_bulk([row.pk for row in part])
            yield from ((row, stored[model._meta.pk.to_python(row.pk)]) for row in part)


def _digest(entry: Entry) -> str:
    fields = {
        field.column: getattr(entry, field.attname)
        for field in entry._meta.concrete_fields
        if field.attname not in ("digest", "signature")
    }
    return canon.digest(fields)


def _key() -> Ed25519PrivateKey:
    return _loaded(keys.kept("journal.pem", _made))


def _made() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@lru_cache(maxsize=4)
def _loaded(pem: bytes) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("keys/journal.pem is not an Ed25519 key")
    return key


def sign(statement: bytes) -> str:
    """The instance's signature of a statement, hexadecimal: of heads, backups and lists kept outside."""
    return _key().sign(statement).hex()


def public_key() -> Ed25519PublicKey:
    """The key by which anybody may check what the instance signed."""
    return _key().public_key()


def signed(statement: bytes, signature: str) -> bool:
    """Whether `signature` (hexadecimal) is the instance's of `statement`."""
    try:
        _key().public_key().verify(bytes.fromhex(signature), statement)
    except (InvalidSignature, ValueError):
        return False
    return True


def write_head(entry: Entry, *, lasting: bool) -> None:
    """Sign and keep the head of the chain in the instance folder; an older head never replaces a newer."""
    folder = settings.INSTANCE.home / "journal"
    folder.mkdir(parents=True, exist_ok=True)
    statement = canon.text({"seq": entry.seq, "digest": entry.digest, "at": entry.at})
    line = json.dumps({"statement": statement, "signature": sign(statement.encode())}, ensure_ascii=False)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = folder / "head.json"
        known = _read_head(newest.read_text("utf-8")) if newest.exists() else None
        if known is None or known["seq"] < entry.seq:
            fresh = folder / "head.json.new"
            fresh.write_text(line, "utf-8")
            fresh.replace(newest)
        # Made with the first head, so that its absence means removal.
        with open(folder / "heads.jsonl", "a", encoding="utf-8") as stream:
            if lasting:
                stream.write(line + "\n")


def _read_head(line: str) -> dict[str, Any] | None:
    try:
        said: dict[str, Any] = json.loads(json.loads(line)["statement"])
    except (ValueError, KeyError, TypeError):
        return None
    return said


@dataclass(frozen=True)
class Fault:
    """What `verify` found: the entry number (None where no entry is to blame), the row, and a sentence."""

    seq: int | None
    row: str
    message: str


def verify() -> Iterator[Fault]:
    """Walk the whole chain, every covered row and every kept head; yield what does not hold.

    Names entries that were changed, removed or cut off, rows that were changed or removed, and rows
    that no entry covers (forged).
    """
    covered: dict[str, dict[str, tuple[str, int]]] = {}
    digests: dict[int, str] = {}
    previous, expected = "", 1
    for key, entry in _rows(Entry):
        if entry is None:
            yield Fault(key, "", f"第{key}条日志已不可读，被改动。")
            continue
        if entry.seq > expected:
            yield Fault(expected, "", f"第{expected}条至第{entry.seq - 1}条日志缺失。")
        if entry.previous != previous or _digest(entry) != entry.digest:
            yield Fault(entry.seq, "", f"第{entry.seq}条日志的内容与其摘要或前一条不符。")
        elif not signed(entry.digest.encode(), entry.signature):
            yield Fault(entry.seq, "", f"第{entry.seq}条日志没有本实例的签名，系伪造。")
        digests[entry.seq] = entry.digest
        for table, row_key, digest in _covers(entry):
            known, seq = covered.setdefault(table, {}).setdefault(row_key, (digest, entry.seq))
            if known != digest:
                yield Fault(
                    entry.seq, f"{table}:{row_key}", f"第{entry.seq}条日志与第{seq}条所记的同一行不符。"
                )
        previous, expected = entry.digest, entry.seq + 1
    yield from _verify_heads(digests)
    yield from _verify_rows(covered)
    for more in _also:
        yield from more()


def _covers(entry: Entry) -> list[tuple[str, str, str]]:
    try:
        return [(table, key, digest) for table, key, digest in json.loads(entry.data).get("covers", [])]
    except (ValueError, TypeError, AttributeError):
        return []


def _rows(model: type[AppendOnly]) -> Iterator[tuple[Any, Any]]:
    """Every row of a table in the order of its keys as (key, row); None for a row that no longer reads.

    Raises DatabaseError where the table is gone, ValueError where a key no longer reads.
    """
    keys_of = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys_of), _CHUNK):
        part = keys_of[start : start + _CHUNK]
        try:
            rows: dict[Any, Any] = model._base_manager.in_bulk(part)
        except (ValueError, TypeError):
            rows = {key: _row(model, key) for key in part}
        yield from ((key, rows.get(key)) for key in part)


def _row(model: type[AppendOnly], key: Any) -> Any:
    try:
        return model._base_manager.filter(pk=key).first()
    except (ValueError, TypeError):
        return None


# Rows read at once; SQLite takes at most 999 keys in one question in its oldest builds.
_CHUNK = 500

_also: list[Callable[[], Iterator[Fault]]] = []


def also_verify(check: Callable[[], Iterator[Fault]]) -> None:
    """Add a room's own evidence to `verify`; called once, from its AppConfig.ready."""
    if check not in _also:
        _also.append(check)


def _verify_heads(digests: dict[int, str]) -> Iterator[Fault]:
    folder = settings.INSTANCE.home / "journal"
    lines: list[str] = []
    for name in ("heads.jsonl", "head.json"):
        if (folder / name).exists():
            lines += (folder / name).read_text("utf-8", errors="replace").splitlines()
        elif digests:
            yield Fault(max(digests), "", f"日志链头文件 {name} 缺失，无法证明日志末尾未被截去。")
    for line in lines:
        head = _read_head(line)
        try:
            parts = json.loads(line)
            holds = head is not None and signed(parts["statement"].encode(), parts["signature"])
        except (ValueError, KeyError, TypeError, AttributeError):
            holds = False
        if head is None or not holds:
            yield Fault(None, "", "一个日志链头的签名无效。")
        elif digests.get(head["seq"]) != head["digest"]:
            last = max(digests, default=0)
            if head["seq"] > last:
                yield Fault(
                    last + 1, "", f"日志自第{last + 1}条起被截去（已签名的链头为第{head['seq']}条）。"
                )
            else:
                yield Fault(head["seq"], "", f"第{head['seq']}条日志与已签名的链头不符。")


def _verify_rows(covered: dict[str, dict[str, tuple[str, int]]]) -> Iterator[Fault]:
    for model in apps.get_models():
        if not issubclass(model, AppendOnly) or model is Entry:
            continue
        table = model._meta.db_table
        expected = covered.pop(table, {})
        try:
            yield from _verify_table(model, table, expected)
        except (DatabaseError, ValueError) as error:
            yield Fault(None, table, f"数据表 {table} 不存在或无法读取：{str(error)[:100]}")
            continue
        for key, (_, seq) in expected.items():
            yield Fault(seq, f"{table}:{key}", f"第{seq}条日志所记的 {table} 第{key}行被删除。")
    for table, rows in covered.items():
        for key, (_, seq) in rows.items():
            yield Fault(seq, f"{table}:{key}", f"第{seq}条日志所记的 {table} 第{key}行已不存在。")


def _verify_table(
    model: type[AppendOnly], table: str, expected: dict[str, tuple[str, int]]
) -> Iterator[Fault]:
    for key, row in _rows(model):
        digest, seq = expected.pop(str(key), ("", 0))
        if not digest:
            yield Fault(None, f"{table}:{key}", f"{table} 第{key}行没有日志记载，系伪造。")
        elif row is None or canon.row_digest(row) != digest:
            yield Fault(seq, f"{table}:{key}", f"第{seq}条日志所记的 {table} 第{key}行被改动。")
