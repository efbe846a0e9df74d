"""A server killed anywhere between a sent form and its receipt loses no application and registers none twice (I8).

Each seed sends one form, with two applicants and a file, to a server that dies at a point of that seed, sends the
same form again to the next server, as a browser does that is told to reload, and looks at everything stored.
"""

import base64
import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from typing import Any

import altcha
import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.applications.cases import ID
from tests.cli.living import ROOT, environment
from tests.invariants.attacks import SQLITE
from tests.invariants.serving import COUNTED

pytestmark = pytest.mark.skipif(not SQLITE, reason="its processes use SQLite; one run is enough")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    page: str


class Site:
    """Servers of one instance, one after the other, and what was sent to them."""

    def __init__(self, home: Any) -> None:
        command = [sys.executable, "-m", "tests.invariants.serving", str(home)]
        subprocess.run([*command, "build"], env=environment(home), cwd=ROOT, check=True)
        self.process = subprocess.Popen(
            [*command, "serve"],
            env=environment(home),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.forms: list[str] = []
        # What a form takes, learned from those that were taken whole.
        self.statements = 1
        self.pid = self.port = 0

    def tell(self, **command: Any) -> Any:
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def start(self, **where: Any) -> None:
        self.stop()
        server = self.tell(serve=where)
        self.pid, self.port = server["pid"], server["port"]

    def stop(self) -> None:
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.pid = 0

    def ask(
        self, path: str, cookies: dict[str, str], network: str, body: bytes | None = None
    ) -> Answer | None:
        """One request; None where the server went away before the whole answer was there."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in cookies.items()), "X-Network": network}
        if body is not None:
            headers |= {"Content-Type": MULTIPART_CONTENT, "Referer": f"http://127.0.0.1:{self.port}/apply/"}
        try:
            line.request("POST" if body is not None else "GET", path, body, headers)
            said = line.getresponse()
            page = said.read().decode()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()
        set_now = dict(each.split(";")[0].split("=", 1) for each in said.headers.get_all("Set-Cookie", []))
        return Answer(said.status, dict(said.headers), cookies | set_now, page)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("served") / "home")
    send_twice(site, "10.0.0.1")
    yield site
    site.stop()
    site.process.stdin.close()
    site.process.wait(timeout=30)


def filled(page: str) -> dict[str, Any]:
    """A form as a person fills it in, with the proof of work that the browser finds meanwhile."""

    def hidden(name: str) -> str:
        return unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])

    said = json.loads(unescape(re.search(r'data-challenge="([^"]*)"', page)[1]))
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(said))
    proof = {"challenge": said, "solution": solution.to_dict()}
    return {
        "csrfmiddlewaretoken": hidden("csrfmiddlewaretoken"),
        "challenge_token": hidden("challenge_token"),
        "challenge_answer": base64.b64encode(json.dumps(proof).encode()).decode(),
        "agency": re.search(r'<option value="([0-9a-f-]{36})"', page)[1],
        "applicant_kind": "natural_person",
        "identity": "resident_id",
        "name": "演示申请人",
        "identity_number": ID,
        "phone": "0379-00000009",
        "others": "1",
        "co1_name": "演示申请人乙",
        "co1_identity": "passport",
        "co1_identity_number": "E12345678",
        "spokesperson": "0",
        "title": "演示信息",
        "form": "electronic",
        "way": "online",
    }


def number_on(page: str) -> str:
    return re.search(r"XG0123-\d{4}-\d{4}", page)[0]


def point(site: Site, seed: int) -> dict[str, Any]:
    """Where the first server dies: at a statement, at a moment, or with the answer in its hands."""
    chance = random.Random(seed)
    kind = seed % 4
    if kind == 3:
        return {"answer": True}
    if kind == 2:
        return {"seconds": chance.random() * 0.4}
    return {"statement": chance.randrange(1, site.statements + 1)}


def send_twice(site: Site, network: str, **where: Any) -> None:
    """Send one form to a server that dies there, and again to the next one; then look."""
    site.start(**where)
    opened = site.ask("/apply/", {}, network)
    form = filled(opened.page)
    token = form["challenge_token"].split(":")[0]
    body = (
        encode_multipart(BOUNDARY, form).removesuffix(f"--{BOUNDARY}--\r\n".encode())
        + (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n'
            f"Content-Type: text/plain\r\n\r\nmaterial\r\n--{BOUNDARY}--\r\n"
        ).encode()
    )
    site.forms.append(_submission(token))
    first = site.ask("/apply/", opened.cookies, network, body)

    site.start()
    again = site.ask("/apply/", opened.cookies, network, body)
    assert (again.status, again.headers["Location"]) == (302, "/apply/done/")
    site.statements = max(site.statements, int(again.headers[COUNTED]))
    number = number_on(site.ask("/apply/done/", again.cookies, network).page)
    if first is not None and first.status == 302:
        # A receipt that was given before the end is of a registration that outlived it.
        assert number_on(site.ask("/apply/done/", first.cookies, network).page) == number
    else:
        assert first is None, first.page
    third = site.ask("/apply/", opened.cookies, network, body)
    assert number_on(site.ask("/apply/done/", third.cookies, network).page) == number
    assert site.tell(look=site.forms) == []


def _submission(token: str) -> str:
    """The id of a form as it is stored, from its signed token."""
    from uuid import UUID

    said = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    return str(UUID(said))


@pytest.mark.parametrize("seed", range(20))
def test_a_sent_form_is_one_registration_whenever_the_server_dies(site, seed):
    send_twice(site, f"10.1.{seed}.1", **point(site, seed))


def test_after_all_of_it_the_journal_is_whole(site):
    assert site.tell(look=site.forms, whole=True) == []


@pytest.mark.soak
def test_a_sent_form_is_one_registration_whenever_the_server_dies_many_times(site):
    for seed in range(100, 300):
        send_twice(site, f"10.2.{seed}.1", **point(site, seed))
    assert site.tell(look=site.forms, whole=True) == []
