"""Writing the journal, signing its head, and verifying all of it.

The chain: digest(n) = SM3(canonical text of entry n with digest(n−1)). The head is signed with the
instance's Ed25519 key and kept in the instance folder, outside the database, after every commit; the
heads after each release and each day are kept for good.
"""

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from gongkai.journal import canon, clock
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
    if not connection.in_atomic_block:
        raise RuntimeError("a journal entry belongs to the transaction of its act")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_APPEND_LOCK])
    last = Entry.objects.order_by("-seq").only("seq", "digest").first()
    rows = [[row._meta.db_table, str(row.pk), canon.row_digest(_as_stored(row))] for row in covers]
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
    entry.save()
    lasting = action in LASTING
    transaction.on_commit(lambda: write_head(entry, lasting=lasting))
    return entry


# The heads after these acts are kept for good; every other head only until the next.
LASTING = frozenset({"review.released", "review.withdrawn", "journal.day"})


def _as_stored(row: AppendOnly) -> models.Model:
    """The row as the database gives it back: defaults filled, types settled."""
    return type(row)._base_manager.get(pk=row.pk)


def _digest(entry: Entry) -> str:
    fields = {
        field.column: getattr(entry, field.attname)
        for field in entry._meta.concrete_fields
        if field.attname != "digest"
    }
    return canon.digest(fields)


def _key(home: Path) -> Ed25519PrivateKey:
    path = home / "keys" / "journal.pem"
    if not path.exists():
        made = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(path, "xb") as stream:
                path.chmod(0o600)
                stream.write(made)
        except FileExistsError:
            pass
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("keys/journal.pem is not an Ed25519 key")
    return key


def write_head(entry: Entry, *, lasting: bool) -> None:
    """Sign and keep the head of the chain in the instance folder; an older head never replaces a newer."""
    folder = settings.INSTANCE.home / "journal"
    folder.mkdir(parents=True, exist_ok=True)
    statement = canon.text({"seq": entry.seq, "digest": entry.digest, "at": entry.at})
    signature = _key(settings.INSTANCE.home).sign(statement.encode()).hex()
    line = json.dumps({"statement": statement, "signature": signature}, ensure_ascii=False)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = folder / "head.json"
        known = _read_head(newest.read_text("utf-8")) if newest.exists() else None
        if known is None or known["seq"] < entry.seq:
            fresh = folder / "head.json.new"
            fresh.write_text(line, "utf-8")
            fresh.replace(newest)
        if lasting:
            with open(folder / "heads.jsonl", "a", encoding="utf-8") as stream:
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
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        if entry.seq != expected:
            yield Fault(expected, "", f"第{expected}条至第{entry.seq - 1}条日志缺失。")
        if entry.previous != previous or _digest(entry) != entry.digest:
            yield Fault(entry.seq, "", f"第{entry.seq}条日志的内容与其摘要或前一条不符。")
        digests[entry.seq] = entry.digest
        try:
            rows = json.loads(entry.data).get("covers", [])
        except (ValueError, AttributeError):
            rows = []
        for table, key, digest in rows:
            covered.setdefault(table, {})[key] = (digest, entry.seq)
        previous, expected = entry.digest, entry.seq + 1
    yield from _verify_heads(digests)
    yield from _verify_rows(covered)
    for more in _also:
        yield from more()


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
            lines += (folder / name).read_text("utf-8").splitlines()
    if not lines and digests:
        yield Fault(None, "", "日志链头文件缺失，无法证明日志末尾未被截去。")
        return
    public = _key(settings.INSTANCE.home).public_key()
    for line in lines:
        head = _read_head(line)
        try:
            if head is None:
                raise ValueError
            parts = json.loads(line)
            public.verify(bytes.fromhex(parts["signature"]), parts["statement"].encode())
        except (InvalidSignature, ValueError, KeyError):
            yield Fault(None, "", "一个日志链头的签名无效。")
            continue
        if digests.get(head["seq"]) != head["digest"]:
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
        for row in model._base_manager.order_by("pk").iterator(chunk_size=2000):
            digest, seq = expected.pop(str(row.pk), ("", 0))
            if not digest:
                yield Fault(None, f"{table}:{row.pk}", f"{table} 第{row.pk}行没有日志记载，系伪造。")
            elif canon.row_digest(row) != digest:
                yield Fault(seq, f"{table}:{row.pk}", f"第{seq}条日志所记的 {table} 第{row.pk}行被改动。")
        for key, (_, seq) in expected.items():
            yield Fault(seq, f"{table}:{key}", f"第{seq}条日志所记的 {table} 第{key}行被删除。")
    for table, rows in covered.items():
        for key, (_, seq) in rows.items():
            yield Fault(seq, f"{table}:{key}", f"第{seq}条日志所记的 {table} 第{key}行已不存在。")
