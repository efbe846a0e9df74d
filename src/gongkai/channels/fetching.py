"""Reading a page of another server, for an agency's word that something stands there.

The address comes from a person, so it may name a machine that only we can reach: every host is looked up first, only
addresses of the open internet are read (or of hosts that the administrator allowed), the connection goes to the very
address that was checked, and each redirect is checked anew. Time, size and redirects have limits.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

MOST_BYTES = 20 * 1024 * 1024
MOST_SECONDS = 20.0
MOST_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
PIECE = 64 * 1024


class CannotRead(Exception):
    """The page could not be read; one Chinese sentence why."""


@dataclass(frozen=True)
class Answer:
    """What came back. address: after redirects; status: of the last answer."""

    address: str
    status: int
    kind: str
    data: bytes


def read(address: str, *, allowed: Collection[str] = ()) -> Answer:
    """Read an address. allowed: hosts that may also stand in a private network. Raises CannotRead."""
    until = time.monotonic() + MOST_SECONDS
    for _redirect in range(MOST_REDIRECTS + 1):
        connection, target = _connected(address, allowed, until)
        try:
            connection.request(
                "GET", target, headers={"User-Agent": "gongkai", "Accept-Encoding": "identity"}
            )
            answer = connection.getresponse()
            place = answer.headers.get("Location", "")
            if answer.status in (301, 302, 303, 307, 308) and place:
                address = urljoin(address, place)
                continue
            data = _body(answer, until)
            return Answer(address, answer.status, answer.headers.get("Content-Type", ""), data)
        except (OSError, http.client.HTTPException) as error:
            raise CannotRead(f"读取 {address[:200]} 时出错：{type(error).__name__}。") from error
        finally:
            connection.close()
    raise CannotRead(f"{address[:200]} 重定向超过{MOST_REDIRECTS}次。")


def _body(answer: http.client.HTTPResponse, until: float) -> bytes:
    data = bytearray()
    while piece := answer.read1(PIECE):
        data += piece
        if len(data) > MOST_BYTES:
            raise CannotRead(f"对方返回的内容超过{MOST_BYTES // 1024 // 1024}兆字节，未再读取。")
        if time.monotonic() > until:
            raise CannotRead(f"对方在{MOST_SECONDS:.0f}秒内没有发完。")
    return bytes(data)


def _connected(
    address: str, allowed: Collection[str], until: float
) -> tuple[http.client.HTTPConnection, str]:
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip(".").lower(), parts.port
        host = host.encode("idna").decode() if not host.isascii() else host
    except ValueError as error:
        raise CannotRead("网址写法有误，请从浏览器地址栏复制。") from error
    if parts.scheme not in PORTS or not host or parts.username is not None:
        raise CannotRead("网址应以 http:// 或 https:// 开头，且不含用户名。")
    inside = host in allowed
    wanted = port or PORTS[parts.scheme]
    if not inside and wanted not in PORTS.values():
        raise CannotRead("网址的端口只能是80或443；其他端口须由管理员在设置中允许该主机。")
    ip = _checked_ip(host, wanted, inside)
    left = max(until - time.monotonic(), 0.1)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = _PinnedHttps(host, wanted, ip, left)
    else:
        connection = _Pinned(host, wanted, ip, left)
    target = parts.path or "/"
    if any(ord(char) <= 32 or ord(char) > 126 for char in target + parts.query):
        raise CannotRead("网址中有空格或未编码的文字，请从浏览器地址栏复制。")
    return connection, f"{target}?{parts.query}" if parts.query else target


def _checked_ip(host: str, port: int, inside: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CannotRead(f"找不到主机 {host}。") from error
    ips = [str(entry[4][0]) for entry in found]
    if not inside:
        for ip in ips:
            if not is_open(ip):
                raise CannotRead(
                    f"{host} 不是互联网上的主机；如确属集约化平台，请由管理员在设置中允许该主机。"
                )
    return ips[0]


def is_open(ip: str) -> bool:
    """Whether an address belongs to the open internet."""
    found = ipaddress.ip_address(ip.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if mapped is not None:
        found = mapped
    return found.is_global and not found.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name says a moment later."""

    def __init__(self, host: str, port: int, ip: str, left: float) -> None:
        super().__init__(host, port, timeout=left)
        self._ip = ip

    def connect(self) -> None:
        self.sock = socket.create_connection((self._ip, self.port), self.timeout)


class _PinnedHttps(http.client.HTTPSConnection):
    """The same with the certificate of the name."""

    def __init__(self, host: str, port: int, ip: str, left: float) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=left, context=self._tls)
        self._ip = ip

    def connect(self) -> None:
        plain = socket.create_connection((self._ip, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
