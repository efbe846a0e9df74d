"""Behind a proxy: from which network a request really came, and over what.

Only a proxy that the instance names is believed (GONGKAI_PROXIES): anybody can write a forwarded-for header. Read
from the end, each entry was written by the host before it; the first that is no proxy of ours is the visitor.
"""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Networks = tuple[IPv4Network | IPv6Network, ...]
HEADER, PEER = "HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"
# Of a header that a stranger made longer, no more is read.
MOST_HOPS = 10


def networks(text: str) -> Networks:
    """The proxies of a setting: addresses or networks, divided by commas. Raises ImproperlyConfigured."""
    found = []
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            found.append(ip_network(part))
        except ValueError:
            raise ImproperlyConfigured(
                f"GONGKAI_PROXIES 应为以逗号分隔的地址或者网段，如 127.0.0.1,10.0.0.0/8；“{part[:50]}”不是。"
            ) from None
    return tuple(found)


def visitor(peer: str, forwarded: str, trusted: Networks) -> str:
    """The address of whoever asked: the peer itself, unless it is a proxy of ours that says for whom it asks."""
    here = peer
    for said in reversed(forwarded.split(",")[-MOST_HOPS:]):
        if not _among(here, trusted):
            return here
        try:
            here = str(ip_address(said.strip()))
        except ValueError:
            return here
    return here


def _among(address: str, trusted: Networks) -> bool:
    try:
        here = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(here, "ipv4_mapped", None) or here
    return any(mapped in network for network in trusted)


class Behind:
    """The WSGI application behind it sees the visitor's address as REMOTE_ADDR, and https where TLS ends in the
    proxy: `tls` says so for the whole instance, since no header of a request can be believed about it."""

    def __init__(self, application: Application, trusted: Networks, *, tls: bool = False) -> None:
        self.application, self.trusted, self.tls = application, trusted, tls

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        forwarded = environ.get(HEADER, "")
        if self.trusted and forwarded:
            environ[PEER] = visitor(str(environ.get(PEER, "")), str(forwarded), self.trusted)
        if self.tls:
            environ["wsgi.url_scheme"] = "https"
        return self.application(environ, start)
