"""The first layer of the WSGI application: files of the public site and static files, without Django.

One address has one form; everything else is refused or redirected. Small files are kept in memory and
checked against the disk on every request, so that what is withdrawn is gone with the next one.
"""

import gzip
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gongkai.channels import moved
from gongkai.channels.turns import Turns
from gongkai.channels.visiting import Visits
from gongkai.config.middleware import content_security_policy
from gongkai.journal import canon

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
Headers = list[tuple[str, str]]

KEPT_FILE = 512 * 1024
KEPT_ALL = 128 * 1024 * 1024
PIECE = 256 * 1024
WORTH_PACKING = 1024
INDEX, GONE, MISSING = "index.html", "gone.html", "404.html"
STATIC = "static"

TYPES = {
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "json": "application/json", "jsonld": "application/ld+json", "txt": "text/plain; charset=utf-8", "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8", "xml": "application/xml; charset=utf-8", "svg": "image/svg+xml",
    "png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "bmp": "image/bmp",
    "tif": "image/tiff", "ico": "image/x-icon", "woff2": "font/woff2", "pdf": "application/pdf",
    "ofd": "application/ofd", "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint", "wps": "application/vnd.ms-works", "et": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "eml": "message/rfc822",
}  # fmt: skip
FEED = "application/atom+xml; charset=utf-8"
PAGES = frozenset({"html", "xml", "txt"})
PICTURES = frozenset({"png", "jpg", "gif", "webp"})
PACKED = frozenset({"html", "css", "js", "json", "jsonld", "txt", "csv", "md", "xml", "svg"})
ALWAYS: Headers = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
]
PAGE_POLICY = content_security_policy()
# Data that any page in any browser may read: it is public, and nothing in it depends on who asks.
OPEN_DATA = re.compile(
    r"(?:data|reports)/.*\.(?:json|jsonld|csv)|items/[^/]+/index\.json|(?:columns/.+/)?feed\.xml"
)
# What someone uploaded runs nothing, whatever it turns out to be.
COPY_POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
# What stands here in the seconds between the last moment of a text and the writing of what follows it.
TURNING = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>期限已满</title><h1>期限已满</h1><p>这项信息的公示期限已满，原内容不再显示，期满后的内容正在更新。"
    '请稍后刷新本页，或者<a href="/">返回首页</a>。</p></html>'
).encode()
RETRY = "10"
_SEGMENT = re.compile(r"[^\x00-\x1f\x7f\\]+")
_HASHED = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+$")
_PREFIX = re.compile(r"^[0-9a-f]{12}-")


@dataclass(frozen=True, slots=True)
class Served:
    """One file ready to be sent. body None: too large to be kept, read from the disk. page: readers of it are counted."""

    place: str
    stamp: tuple[int, int, int]
    status: str
    etag: str
    changed: float
    headers: Headers
    body: bytes | None
    packed: bytes | None
    page: bool = False


class SiteFiles:
    """WSGI application that answers from `site` and `static` and passes the addresses of Django on.

    dynamic: first parts of the addresses that `rest` answers. now: seconds since 1970. visits: counts the pages
    that went out whole; without it nothing is counted.
    """

    def __init__(
        self,
        site: Path,
        static: Path,
        rest: Application,
        dynamic: Iterable[str],
        now: Callable[[], float] = time.time,
        visits: Visits | None = None,
    ) -> None:
        self._roots = {"": os.path.realpath(site), STATIC: os.path.realpath(static)}
        self._rest = rest
        self._dynamic = frozenset(dynamic)
        self._turns = Turns(site, now)
        self._visits = visits
        self._kept: dict[str, Served] = {}
        self._size = 0

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        served = self._kept.get(path)
        if served is None or not _current(served):
            if path[1:].partition("/")[0] in self._dynamic:
                return self._rest(environ, start)
            served = self._find(environ, path)
        method = environ["REQUEST_METHOD"]
        if isinstance(served, Served) and self._over(served):
            return _turning(start, bare=method == "HEAD")
        if method not in ("GET", "HEAD"):
            return _plain(start, "405 Method Not Allowed", [("Allow", "GET, HEAD")])
        if isinstance(served, str):
            return _plain(
                start, "301 Moved Permanently", [("Location", served), ("Cache-Control", "no-cache")]
            )
        if served is None:
            return _plain(start, "404 Not Found", [])
        return _send(environ, start, served, bare=method == "HEAD", visits=self._visits)

    def _over(self, served: Served) -> bool:
        root = self._roots[""]
        return served.place.startswith(root + os.sep) and self._turns.over(served.place[len(root) + 1 :])

    def _find(self, environ: Environ, path: str) -> Served | str | None:
        """The file of an address, the address it should have, or None where not even the 404 page exists."""
        # What stands in a folder of the site itself comes before an address of before; elsewhere the page that leads
        # on is there for servers without this layer.
        own = path[1:].partition("/")[0] in moved.OWN
        if not own and (target := self._moved(environ, path)):
            return target
        # The page that leads on is not kept: it would go on answering once the address is known again.
        found = self._file(environ, path, path if own or path.count("/") == 1 else "")
        missing = found is None or (isinstance(found, Served) and found.status == "404 Not Found")
        return (own and missing and self._moved(environ, path)) or found

    def _moved(self, environ: Environ, path: str) -> str | None:
        try:
            return moved.find(self._roots[""], path.encode("latin-1"), environ.get("QUERY_STRING") or "")
        except UnicodeError:
            return None

    def _file(self, environ: Environ, path: str, kept: str) -> Served | str | None:
        try:
            asked = path.encode("latin-1").decode()
        except UnicodeError:
            return self._missing()
        raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "").lower()
        if not asked.startswith("/") or "%2f" in raw or "%5c" in raw:
            return self._missing()
        parts = asked[1:].split("/")
        folder = parts[-1] == ""
        names = parts[:-1] if folder else parts
        if not all(_SEGMENT.fullmatch(name) and not name.startswith(".") for name in names):
            return self._missing()
        shelf = STATIC if names and names[0] == STATIC else ""
        place = os.path.join(self._roots[shelf], *(names[1:] if shelf else names))
        query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
        if folder:
            for name, status in ((INDEX, "200 OK"), (GONE, "410 Gone")):
                if served := self._load(kept, os.path.join(place, name), shelf, status):
                    return served
            return self._missing()
        if names and names[-1] in (INDEX, GONE):
            return _address(names[:-1]) + query
        if served := self._load(kept, place, shelf, "200 OK"):
            return served
        if any(self._load("", os.path.join(place, name), shelf, "") for name in (INDEX, GONE)):
            return _address(names) + query
        return self._missing()

    def _missing(self) -> Served | None:
        return self._load("", os.path.join(self._roots[""], MISSING), "", "404 Not Found")

    def _load(self, path: str, place: str, shelf: str, status: str) -> Served | None:
        """Read a plain file inside its root; None for anything else. Links lead nowhere."""
        root = self._roots[shelf]
        if os.path.realpath(place) != place or not place.startswith(root + os.sep):
            return None
        try:
            with open(place, "rb") as stream:
                stamp = _stamp(os.fstat(stream.fileno()))
                body = stream.read() if stamp[2] <= KEPT_FILE else None
        except (OSError, ValueError):
            return None
        extension = place.rpartition(".")[2].lower()
        etag = canon.etag(body) if body is not None else f"{stamp[0]:x}-{stamp[2]:x}"
        changed = stamp[0] / 1e9
        headers = [
            *_headers(place[len(root) + 1 :], extension, shelf),
            ("Last-Modified", formatdate(changed, usegmt=True)),
        ]
        packed = None
        if body is not None and extension in PACKED:
            headers.append(("Vary", "Accept-Encoding"))
            if len(body) >= WORTH_PACKING:
                packed = gzip.compress(body, 6, mtime=0)
        page = status == "200 OK" and not shelf and place.endswith(f"/{INDEX}")
        served = Served(place, stamp, status, etag, changed, headers, body, packed, page)
        if body is not None and path:
            self._keep(path, served)
        return served

    def _keep(self, path: str, served: Served) -> None:
        size = len(served.body or b"") + len(served.packed or b"")
        if self._size + size > KEPT_ALL:
            # Simple and rare: the files that are asked for come back by themselves.
            self._kept.clear()
            self._size = 0
        self._kept[path] = served
        self._size += size


def _stamp(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


def _current(served: Served) -> bool:
    try:
        return _stamp(os.lstat(served.place)) == served.stamp
    except OSError:
        return False


def _address(names: list[str]) -> str:
    return "/" + "".join(f"{quote(name)}/" for name in names)


def _headers(inside: str, extension: str, shelf: str) -> Headers:
    """Headers of a file by where it stands: a page, a document or uploaded copy for download, or a static file."""
    name = inside.rpartition("/")[2]
    kind = FEED if name == "feed.xml" else TYPES.get(extension, "application/octet-stream")
    headers = [("Content-Type", kind), *ALWAYS]
    if shelf:
        age = "max-age=31536000, immutable" if _HASHED.search(name) else "max-age=600"
        return [*headers, ("Cache-Control", f"public, {age}"), ("Content-Security-Policy", PAGE_POLICY)]
    headers.append(("Cache-Control", "no-cache"))
    if OPEN_DATA.fullmatch(inside):
        headers.append(("Access-Control-Allow-Origin", "*"))
    if "/files/" not in f"/{inside}" and extension in PAGES:
        return [*headers, ("Content-Security-Policy", PAGE_POLICY)]
    how = "inline" if extension in PICTURES else "attachment"
    shown = quote(_PREFIX.sub("", name))
    return [
        *headers,
        ("Content-Security-Policy", COPY_POLICY),
        ("Content-Disposition", f"{how}; filename*=UTF-8''{shown}"),
    ]


def _plain(start: Start, status: str, headers: Headers) -> list[bytes]:
    start(status, [*ALWAYS, ("Content-Security-Policy", COPY_POLICY), ("Content-Length", "0"), *headers])
    return []


def _turning(start: Start, *, bare: bool) -> list[bytes]:
    headers = [
        ("Content-Type", TYPES["html"]),
        *ALWAYS,
        ("Content-Security-Policy", PAGE_POLICY),
        ("Cache-Control", "no-store"),
        ("Retry-After", RETRY),
        ("Content-Length", str(len(TURNING))),
    ]
    start("503 Service Unavailable", headers)
    return [] if bare else [TURNING]


def _send(
    environ: Environ, start: Start, served: Served, *, bare: bool, visits: Visits | None = None
) -> Iterable[bytes]:
    pack = served.packed is not None and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
    # A packed answer is another representation, so it has a tag of its own.
    etag = f'"{served.etag}-g"' if pack else f'"{served.etag}"'
    if served.status == "200 OK" and _unchanged(environ, etag, served.changed):
        start("304 Not Modified", [*served.headers, ("ETag", etag)])
        return []
    body = served.packed if pack else served.body
    length = served.stamp[2] if body is None else len(body)
    headers = [*served.headers, ("ETag", etag), ("Content-Length", str(length))]
    if pack:
        headers.append(("Content-Encoding", "gzip"))
    start(served.status, headers)
    if bare:
        return []
    if visits is not None and served.page:
        visits.count(environ["PATH_INFO"], environ.get("HTTP_USER_AGENT", ""))
    return _pieces(served.place) if body is None else [body]


def _unchanged(environ: Environ, etag: str, changed: float) -> bool:
    if tags := environ.get("HTTP_IF_NONE_MATCH"):
        return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in tags.split(","))
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if not since:
        return False
    try:
        return int(changed) <= parsedate_to_datetime(since).timestamp()
    except (ValueError, OverflowError):
        return False


def _pieces(place: str) -> Iterator[bytes]:
    with open(place, "rb") as stream:
        while piece := stream.read(PIECE):
            yield piece
