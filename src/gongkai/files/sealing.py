"""Personal data sealed under a key per case (I7): SM4-GCM, the algorithm and key id beside each value.

The case key is wrapped by the instance's data key (keys/data.key), which never enters the database.
Exact look-up goes through `fingerprint`, a keyed digest, so equal values can be found without being read.
"""

import base64
import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as keyed
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES, SM4
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.policy import Refused
from gongkai.files.models import CaseKey, DestroyedKey
from gongkai.journal import clock, keys

ALGORITHMS = {"SM4-GCM": (SM4, 16), "AES-256-GCM": (AES, 32)}
NONCE = 12
TAG = 16
DESTROYED = gettext_lazy(
    "Its retention period is over: what tells of people was destroyed by an approved list of destruction."
)


class Sealed(Refused):
    """A sealed value cannot be opened: its key was destroyed, or the value was changed. A page says so calmly."""


def _algorithm() -> str:
    return str(getattr(settings, "SEALING_ALGORITHM", "SM4-GCM"))


def _instance_key(name: str, size: int) -> bytes:
    """A key of the instance folder, made at first use. Raises Sealed where the file is shorter than it was made."""
    key = keys.kept(name, lambda: os.urandom(size))
    if len(key) < size:
        raise Sealed(_("keys/%(name)s is damaged: bring it back from a backup of the keys") % {"name": name})
    return key[:size]


def _encrypt(algorithm: str, key: bytes, plain: bytes, bound: bytes) -> bytes:
    cipher, _size = ALGORITHMS[algorithm]
    nonce = os.urandom(NONCE)
    worker = Cipher(cipher(key), modes.GCM(nonce)).encryptor()
    worker.authenticate_additional_data(bound)
    return nonce + worker.update(plain) + worker.finalize() + worker.tag


def _decrypt(algorithm: str, key: bytes, value: bytes, bound: bytes) -> bytes:
    cipher, _size = ALGORITHMS[algorithm]
    nonce, body, tag = value[:NONCE], value[NONCE:-TAG], value[-TAG:]
    worker = Cipher(cipher(key), modes.GCM(nonce, tag)).decryptor()
    worker.authenticate_additional_data(bound)
    try:
        return worker.update(body) + worker.finalize()
    except InvalidTag as error:
        raise Sealed(
            _("The sealed record was changed and does not open. Tell the audit administrator.")
        ) from error


def new_key() -> CaseKey:
    """A fresh key for one case, stored wrapped."""
    algorithm = _algorithm()
    _cipher, size = ALGORITHMS[algorithm]
    row = CaseKey(algorithm=algorithm, made_at=clock.now())
    row.wrapped = _encrypt(algorithm, _instance_key("data.key", 32)[:size], os.urandom(size), row.pk.bytes)
    row.save(force_insert=True)
    return row


def _open_key(key_id: UUID) -> tuple[str, bytes]:
    row = CaseKey.objects.filter(pk=key_id).first()
    if row is None:
        if destroyed(key_id):
            raise Sealed(DESTROYED)
        raise Sealed(_("The key of this record is gone. Tell the audit administrator."))
    _cipher, size = ALGORITHMS[row.algorithm]
    wrapping = _instance_key("data.key", 32)[:size]
    return row.algorithm, _decrypt(row.algorithm, wrapping, bytes(row.wrapped), row.pk.bytes)


def seal_bytes(key_id: UUID, plain: bytes) -> bytes:
    """`plain` encrypted under the case key. Raises Sealed where the key is gone."""
    algorithm, key = _open_key(key_id)
    return _encrypt(algorithm, key, plain, key_id.bytes)


def open_bytes(key_id: UUID, value: bytes) -> bytes:
    """The plain bytes. Raises Sealed."""
    algorithm, key = _open_key(key_id)
    return _decrypt(algorithm, key, value, key_id.bytes)


def seal(key_id: UUID, plain: str) -> str:
    """A text as `algorithm:key id:base64`, for a text column; an empty text stays empty."""
    if not plain:
        return ""
    algorithm, key = _open_key(key_id)
    value = _encrypt(algorithm, key, plain.encode(), key_id.bytes)
    return f"{algorithm}:{key_id.hex}:{base64.b64encode(value).decode()}"


def unseal(value: str) -> str:
    """The text sealed by `seal`. Raises Sealed."""
    if not value:
        return ""
    algorithm, key_hex, body = value.split(":", 2)
    key_id = UUID(key_hex)
    _stored, key = _open_key(key_id)
    return _decrypt(algorithm, key, base64.b64decode(body), key_id.bytes).decode()


def lookup_key() -> bytes:
    """The key of digests by which sealed values are looked up; 32 bytes of the instance folder."""
    return _instance_key("lookup.key", 32)


def fingerprint(value: str) -> str:
    """HMAC-SM3 of a value without its spaces, upper case: equal values give equal fingerprints."""
    squeezed = "".join(value.split()).upper()
    worker = keyed.HMAC(lookup_key(), hashes.SM3())
    worker.update(squeezed.encode())
    return worker.finalize().hex()


def same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def destroyed(key_id: UUID) -> bool:
    """Whether everything sealed under this key was destroyed by an approved list."""
    return DestroyedKey.objects.filter(pk=key_id.hex).exists()


def destroy(key_id: UUID) -> None:
    """Erase everything sealed under this key, for good; inside the transaction that destroys a list.

    The database lets a key go only where an approved list names it (I7): IntegrityError otherwise.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Otherwise SQLite leaves the key in the free pages of its file.
            cursor.execute("PRAGMA secure_delete=ON")
    CaseKey.objects.filter(pk=key_id).delete()
