"""Reminders as a signed HTTP call, for whatever sends SMS or messages of a government WeChat.

POST, body {"id", "to", "text", "due_on"} as JSON in UTF-8, and two headers:
`X-Gongkai-Timestamp`, seconds since 1970, and `X-Gongkai-Signature`, hexadecimal HMAC with the shared secret over
timestamp, a full stop and the body, by SM3 (`sm3=…`) or SHA-256 (`sha256=…`).
"""

import http.client
import ipaddress
import json
import ssl
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives import hashes, hmac
from django.utils.translation import gettext as _

from gongkai.journal import clock
from gongkai.workbench.gateways import Entry, Gateway, Message, NotSent, Unclear

_DIGESTS = {"sm3": hashes.SM3, "sha256": hashes.SHA256}
# The receiver did not take the message and says so: 429 too many, 503 not now.
_LATER = (429, 503)


@dataclass(frozen=True)
class WebhookGateway(Gateway):
    """url: https, or http on this machine; secret: shared with the receiver; asks: what the person enters."""

    url: str
    secret: str = field(repr=False)
    asks: str
    digest: str = "sm3"
    timeout: int = 10
    authorities: str = ""

    @property
    def address_label(self) -> str:  # type: ignore[override]
        return self.asks

    def send(self, message: Message) -> None:
        body = json.dumps(
            {
                "id": message.id,
                "to": message.address,
                "text": message.text,
                "due_on": message.due_on.isoformat(),
            },
            ensure_ascii=False,
        ).encode()
        stamp = str(int(clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Gongkai-Timestamp": stamp,
            "X-Gongkai-Signature": f"{self.digest}={signature(self.secret, self.digest, stamp, body)}",
        }
        # http.client follows no redirection and asks no proxy: the call goes to this host or nowhere.
        connection = self._connection()
        try:
            status = _post(connection, self.url, body, headers)
        finally:
            connection.close()
        _judge(status)

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme == "http":
            return http.client.HTTPConnection(host, parts.port, timeout=self.timeout)
        context = ssl.create_default_context(cafile=self.authorities or None)
        return http.client.HTTPSConnection(host, parts.port, timeout=self.timeout, context=context)


def signature(secret: str, digest: str, stamp: str, body: bytes) -> str:
    """The hexadecimal HMAC that the receiver computes too."""
    worker = hmac.HMAC(secret.encode(), _DIGESTS[digest]())
    worker.update(stamp.encode() + b"." + body)
    return worker.finalize().hex()


def _post(connection: http.client.HTTPConnection, url: str, body: bytes, headers: dict[str, str]) -> int:
    parts = urlsplit(url)
    try:
        connection.connect()
    except ssl.SSLError as error:
        raise NotSent(_("The certificate of the gateway is not accepted."), again=True) from error
    except OSError as error:
        raise NotSent(_("The gateway cannot be reached."), again=True) from error
    try:
        connection.request("POST", parts._replace(scheme="", netloc="", fragment="").geturl(), body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Unclear(_("The gateway was called and did not answer.")) from error


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise NotSent(
            _("The gateway answers with a redirection (%(code)d), which is not followed.") % {"code": status},
            again=False,
        )
    if status < 500 or status in _LATER:
        raise NotSent(
            _("The gateway refuses the message (%(code)d).") % {"code": status}, again=status in _LATER
        )
    raise Unclear(_("The gateway reports a failure of its own (%(code)d).") % {"code": status})


def build(name: str, label: str, entry: Entry) -> Gateway:
    """From {url, secret, address?, digest?, timeout?, authorities?}."""
    url = entry.text("url")
    if not _callable(url):
        raise entry.wrong("url")
    return WebhookGateway(
        name,
        label,
        url=url,
        secret=entry.text("secret", least=16),
        asks=entry.text("address", _("Mobile number or account")),
        digest=entry.choice("digest", *_DIGESTS),
        timeout=entry.number("timeout", 10, 1, 60),
        authorities=entry.text("authorities", ""),
    )


def _callable(url: str) -> bool:
    """Whether the address is https, or http on this machine, with nothing of a log-in in it."""
    try:
        parts: SplitResult = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not url.isascii() or not url.isprintable() or " " in url or not host or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _here(host))


def _here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
