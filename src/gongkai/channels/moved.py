"""Addresses of before: how one is written down, and where it leads to, read from files alone.

The first layer of the server asks here without Django, and so does whatever checks an export. An address is kept as
its path and query in one form; where it leads stands in one of 4,096 small files of the site (`moved/3f2.txt`), so
that one further address touches one file however many there are. A line is `"/old/7.html" "/items/x/";`, which nginx
takes as a line of a `map`.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

FOLDER = "moved"
LONGEST = 1000
# Folders in which the site's own pages stand: there a file comes first, and no page for plain hosts is written.
OWN = frozenset(
    {
        "accessibility",
        "apply",
        "catalogue",
        "columns",
        "complaints",
        "data",
        "documents",
        "en",
        "guide",
        "items",
        "letters",
        "mailbox",
        "moved",
        "normative",
        "opinions",
        "participation",
        "projects",
        "questions",
        "reports",
        "rules",
        "search",
        "services",
        "share",
        "sitemap",
        "sitemaps",
        "standards",
        "static",
        "statistics",
        "subscribe",
        "track",
    }
)
_PATH_SAFE = "/-._~!'()*+,:;=@"
_QUERY_SAFE = _PATH_SAFE + "&?"
_SLASHES = re.compile("/{2,}")
_LINE = re.compile(r'"(?P<key>/[^"\s]*)" "(?P<target>/[^"\s/][^"\s]*|/)";')
# What a plain web server hands out as a page.
PAGES = (".html", ".htm", ".shtml")


class NoAddress(ValueError):
    """A text that names no address of a former site."""


def key(address: str) -> str:
    """The one form of an address of before: path and query, percent-encoded, without host and fragment.

    http://old.example.gov.cn/Art/1.html#a → /Art/1.html; /show.asp?id=7 stays. Bytes that are no UTF-8 (older sites
    wrote GBK) are kept as they are. Raises NoAddress.
    """
    text = address.strip()
    text = re.sub(r"^https?://[^/?#]*", "", text, flags=re.IGNORECASE)
    text = text.partition("#")[0]
    if not text.startswith("/") or any(not char.isprintable() for char in text):
        raise NoAddress(address)
    path, _mark, query = text.partition("?")
    return of_parts(unquote_to_bytes(path), query)


def of_parts(path: bytes, query: str = "") -> str:
    """The key of a path, already decoded, and a query as it was sent. Raises NoAddress."""
    said = quote(path, safe=_PATH_SAFE)
    said = _SLASHES.sub("/", said)
    if len(said) > 1:
        said = said.rstrip("/")
    parts = said.split("/")
    if not said.startswith("/") or "." in parts or ".." in parts or "%00" in said:
        raise NoAddress(said)
    found = f"{said}?{quote(unquote_to_bytes(query), safe=_QUERY_SAFE)}" if query else said
    if len(found) > LONGEST:
        raise NoAddress(found[:100])
    return found


def first_part(known: str) -> str:
    """The first part of a key's path: /art/2021/7.html → art."""
    return known.partition("?")[0][1:].partition("/")[0]


def shard(known: str) -> str:
    """The file among 4,096 in which an address stands; with and without its query in the same."""
    path = known.partition("?")[0]
    return hashlib.blake2b(path.encode(), digest_size=2).hexdigest()[:3]


def shard_path(name: str) -> str:
    """Where that file stands on the site."""
    return f"{FOLDER}/{name}.txt"


def line(known: str, target: str) -> str:
    """One address as it stands in its file."""
    return f'"{known}" "{target}";\n'


def lines(text: str) -> Iterator[tuple[str, str]]:
    """The addresses of a file and where they lead; a line in another form is none of ours."""
    for written in text.splitlines():
        if found := _LINE.fullmatch(written):
            yield found["key"], found["target"]


def find(site: str | Path, path: bytes, query: str = "") -> str | None:
    """Where an address of before leads now; None for any other. With an unknown query the bare path counts, since
    messengers add their own."""
    try:
        asked = of_parts(path, query)
    except NoAddress:
        return None
    bare = asked.partition("?")[0]
    try:
        with open(os.path.join(site, shard_path(shard(asked))), encoding="ascii") as stream:
            there = dict(lines(stream.read()))
    except (OSError, ValueError):
        return None
    return there.get(asked) or there.get(bare)


def page_path(known: str) -> str | None:
    """The file by which a plain web server answers an address; None where it cannot.

    An address with a query, or of a program (.asp, .jsp), is no file; nor is one whose folder is another's page.
    """
    path, mark, _query = known.partition("?")
    if mark or first_part(known) in OWN:
        return None
    parts = [unquote_to_bytes(part) for part in path[1:].split("/")]
    try:
        names = [part.decode() for part in parts]
    except UnicodeDecodeError:
        return None
    *folders, last = names
    if any(
        not name or name.startswith(".") or not name.isprintable() or "/" in name or "\\" in name
        for name in names
    ):
        return None
    if any(name.lower().endswith(PAGES) for name in folders) or len(last.encode()) > 200:
        return None
    if last.lower().endswith(PAGES):
        return "/".join(names)
    return None if "." in last else "/".join((*names, "index.html"))


def first_parts(patterns: Iterable[Any]) -> set[str]:
    """First parts of the addresses that Django's patterns answer; includes without a prefix are looked into."""
    parts: set[str] = set()
    for pattern in patterns:
        head = str(pattern.pattern).partition("/")[0]
        if head:
            parts.add(head)
        else:
            parts |= first_parts(getattr(pattern, "url_patterns", ()))
    return parts
