"""Canonical text of values and its SM3 digest: the same content gives the same digest everywhere."""

import hashlib
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from django.db import models
from django.utils import timezone


def sm3(data: bytes) -> str:
    """The SM3 digest (GB/T 32905) of `data`, 64 hexadecimal digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def sm3_file(path: str) -> str:
    """The SM3 digest of a file, read in pieces."""
    digest = hashes.Hash(hashes.SM3())
    with open(path, "rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.finalize().hex()


def etag(data: bytes) -> str:
    """A short fingerprint for HTTP caching only; it proves nothing."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            moment = value if value.tzinfo else timezone.make_aware(value)
            return moment.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case bytes() | memoryview():
            return sm3(bytes(value))
    raise TypeError(f"no canonical form of {type(value).__name__}")


def text(value: Any) -> str:
    """Canonical JSON: sorted keys, no spaces, no escapes; dates ISO, moments in UTC."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False
    )


def digest(value: Any) -> str:
    """SM3 of the canonical JSON of `value`."""
    return sm3(text(value).encode())


def row_digest(row: models.Model) -> str:
    """SM3 over every stored column of a row, by column name.

    Empty columns (NULL) are left out, so a later version may add a nullable column to a table of events
    and the digests in the journal still hold.
    """
    said = {field.column: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return digest({name: value for name, value in said.items() if value is not None})
