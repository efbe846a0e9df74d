"""Whatever is typed into the search or asked for as an address is answered: politely, and with what is public alone."""

import json
import random
import re
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from gongkai.channels import redirects, tree
from gongkai.channels.moved import first_parts
from gongkai.config.sitefiles import SiteFiles
from gongkai.review import releases
from gongkai.review.models import Release
from gongkai.search import follow
from tests.items import drafted, released
from tests.portal import sites

CANARY = "金丝雀"
ROUNDS = [120, pytest.param(4_000, marks=pytest.mark.soak)]
OPERATORS = [
    "AND", "OR", "NOT", "title:", "body:", "*", "?", "~2", "^9", "+", "-", "(", ")", "[a TO z]", "{", "}", "IN [a b]", "/.*/",
    "\\", "&&", "||", "!", ":", "<", ">", "@", "#", "$", "%", "|", ";", "--", "/*", "' OR 1=1 --",
]  # fmt: skip
QUOTES = ['"', "'", "“", "”", "「", "」", "《", "》", "`", "´", "＂"]
CONTROLS = [chr(code) for code in (*range(32), 127, 0x85, 0x200B, 0x202E, 0x2028, 0xFEFF, 0xFFFE, 0xE000)]
STRANGE = ["👩‍👩‍👧", "e\u0301", "𠮷", "ﷺ", "٣", "Ⅷ", "㍿", "İ", "ß", "\u0300" * 50, "\U0010ffff"]
WORDS = [
    "征收",
    "补偿方案",
    "XG0123-2021-00001",
    "〔2021〕15号",
    "zhengshou",
    "徵收補償",
    "2021年",
    CANARY,
    "的",
]
MARKUP = [
    '"><script>alert(1)</script>',
    "</title><img src=x onerror=alert(1)>",
    "{{7*7}}",
    "${7*7}",
    "%0d%0aX: y",
]
BYTES = [b"\xff", b"\xc0\xae", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe5\xbe", b"\x00"]


@pytest.fixture
def asked(committed, at):
    """One request by the address as a browser sends it, to the server's two layers: (status, headers, body)."""
    with at(2021, 3, 2):
        sites.written(committed)
        released(committed)
        gone = released(committed, title=f"撤下{CANARY}", body=f"<p>撤下正文{CANARY}</p>")
        drafted(committed, title=f"草稿{CANARY}")
        redirects.add(committed.actor("head"), "/show.asp?id=7", gone)
        redirects.add(committed.actor("head"), "/旧站/公告.html", gone)
        release = Release.objects.get(subject_id=gone.pk)
        releases.withdraw(committed.actor("reviewer"), release, reason="error", note=f"备注{CANARY}")
        follow.rebuild()
    home = settings.INSTANCE.home
    rest = get_wsgi_application()
    layers = SiteFiles(home / "site", home / "static", rest, first_parts(get_resolver().url_patterns))

    def ask(address):
        path, _, query = address.partition("?")
        environ = {}
        setup_testing_defaults(environ)
        environ |= {
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "RAW_URI": address,
            "HTTP_HOST": "127.0.0.1",
        }
        said = []
        answer = layers(environ, lambda status, names, error=None: said.append((status, names)))
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        status, names = said[-1]
        return int(status[:3]), {name.lower(): value for name, value in names}, body

    return ask


def proved(asked, address):
    """The answer to an address, once it has what every answer must have."""
    status, headers, body = asked(address)
    assert status in (200, 301, 302, 304, 400, 404, 405, 410, 414, 429), (status, address)
    for name, value in headers.items():
        assert not re.search(r"[\r\n\0]", name + value), address
    assert not headers.get("location", "/").startswith("//"), address
    kind = headers.get("content-type", "")
    text = body.decode("utf-8", "strict" if kind.startswith("text/") or "json" in kind else "replace")
    if kind.startswith("text/html") and body:
        assert text.rstrip().endswith("</html>"), address
        assert not re.search(r"<script>alert|<img src=x|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text), address
        assert "Traceback" not in text, address
        # What was typed may be shown; what was withdrawn or is a draft is not.
        assert not re.search(f"(撤下|撤下正文|草稿|备注){CANARY}", text), address
    elif "json" in kind:
        json.loads(text)
    return status, headers, text


def typed(chance):
    """What somebody might put into the field: bytes of the address, most of them UTF-8."""
    pool = [WORDS, WORDS, OPERATORS, QUOTES, CONTROLS, STRANGE, MARKUP]
    text = chance.choice(["", " "]).join(
        chance.choice(chance.choice(pool)) for _part in range(chance.randrange(12))
    )
    if chance.random() < 0.05:
        text = (text or "征") * (10_000 // max(len(text), 1))
    data = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.1:
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(BYTES) + data[at:]
    return data


@pytest.mark.parametrize("rounds", ROUNDS)
def test_whatever_is_typed_into_the_search_is_answered(asked, rounds):
    chance = random.Random(rounds)
    ways = ["/search/", "/search/", "/search/suggest/", "/search/api/", "/subscribe/", "/apply/"]
    filters = [
        "column",
        "agency",
        "year",
        "type",
        "validity",
        "page",
        "exact",
        "from",
        "to",
        "sort",
        "size",
        "x",
    ]
    for _round in range(rounds):
        query = "q=" + quote_from_bytes(typed(chance))
        for name in chance.sample(filters, chance.choice((0, 0, 1, 2, 5))):
            query += f"&{name}={quote_from_bytes(typed(chance))}"
        proved(asked, f"{chance.choice(ways)}?{query}")
    # And what is there is found all the same.
    assert "XG0123-2021-00001" in proved(asked, "/search/?q=" + quote("征收"))[2]


def bent(chance, address):
    """An address, written otherwise."""
    path, _, query = address.partition("?")
    at = chance.randrange(len(path) + 1)
    ways = [
        lambda: path.upper(),
        lambda: quote(path),
        lambda: quote(quote(path)),
        lambda: "".join(f"%{ord(char):02X}" if ord(char) < 128 and char != "/" else char for char in path),
        lambda: path.replace("/", "%2F"),
        lambda: path.replace("/", "//"),
        lambda: path.replace("/", "\\"),
        lambda: path[:at] + chance.choice(["/..", "/.", "/%2e%2e", "/..;", "/%c0%ae%c0%ae", "/.git", "/.gongkai"]) + path[at:],
        lambda: path[:at] + quote_from_bytes(chance.choice(BYTES)) + path[at:],
        lambda: path[:at] + quote(chance.choice(CONTROLS + STRANGE + MARKUP), errors="replace") + path[at:],
        lambda: path[:at] + chance.choice(["x" * 9_000, "a/" * 4_000, "征" * 3_000]) + path[at:],
        lambda: path + chance.choice(["index.html", "gone.html", "index.json", ";a=1", "~", ".bak", "/", "%20", "."]),
        lambda: path[:at],
        lambda: "/" + "/".join(reversed(path.strip("/").split("/"))) + "/",
        lambda: path + "?" + quote_from_bytes(typed(chance)),
    ]  # fmt: skip
    return chance.choice(ways)() + (f"?{query}" if query else "")


@pytest.mark.parametrize("rounds", ROUNDS)
def test_whatever_address_is_asked_for_is_answered(asked, rounds):
    chance = random.Random(rounds)
    known = [f"/{path}".removesuffix("index.html") for path in tree.files()]
    known += [
        "/show.asp?id=7",
        "/旧站/公告.html",
        "/documents/XG0123-2021-00001.docx",
        "/share/?p=/",
        "/apply/done/",
    ]
    known += ["/workbench/", "/api/v1/items/", "/opinions/track/", "/mailbox/", "/nothing/here/"]
    for _round in range(rounds):
        address = bent(chance, chance.choice(known))
        if chance.random() < 0.2:
            address = bent(chance, address)
        status, headers, text = proved(asked, address if address.startswith("/") else f"/{address}")
        if status == 404 and headers.get("content-type", "").startswith("text/html"):
            assert "没有" in text, address
    items = [path for path in known if path.startswith("/items/") and path.endswith("/")]
    assert items and all(proved(asked, quote(path))[0] == 200 for path in items)
    assert proved(asked, "/show.asp?id=7")[0] == 301
