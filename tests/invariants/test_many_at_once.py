"""Many people at once at the public forms: everyone gets an answer, and each sent form is one registration (I8).

The server is the one that `gongkai serve` runs. Everybody comes from a network of their own, as behind a proxy, opens a
form, sends it and opens the receipt; others search meanwhile. Somebody who is told to come back later does so with the
same form, as a browser does that is told to reload.
"""

import base64
import html
import http.client
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import altcha
import pytest

from tests.applications.cases import ID
from tests.cli.living import ROOT, environment
from tests.invariants.attacks import SQLITE

pytestmark = pytest.mark.skipif(not SQLITE, reason="its server uses SQLite; one run is enough")
WAYS = ("/apply/", "/mailbox/", "/search/")
LATER = (429, 503)


@contextmanager
def served(home: Path):
    """`gongkai serve` on a new instance with an office; its port."""
    build = [sys.executable, "-m", "tests.invariants.serving", str(home), "build"]
    subprocess.run(build, env=environment(home), cwd=ROOT, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from gongkai.cli import main; main()", "serve", "--port", str(port)]
    about = environment(home) | {"GONGKAI_PROXIES": "127.0.0.1"}
    server = subprocess.Popen([*command, "--home", str(home)], env=about, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < give_up
                time.sleep(0.1)
        yield port, server
    finally:
        server.terminate()
        server.wait(timeout=30)


class Citizen(threading.Thread):
    """Opens one page, sends its form and reads the receipt. number: what the receipt shows; later: how often they were
    told to come back; odd: what nobody should meet."""

    def __init__(self, place: int, port: int, secret: str, gate: threading.Barrier, patience: float) -> None:
        super().__init__(daemon=True)
        self.place, self.port, self.secret, self.gate, self.patience = place, port, secret, gate, patience
        self.way = WAYS[place % len(WAYS)]
        self.cookies: dict[str, str] = {}
        self.number = self.odd = ""
        self.later = 0
        self.waited: list[float] = []

    def run(self) -> None:
        self.gate.wait()
        try:
            self.visit()
        except Exception as error:
            self.odd = f"{self.way}: {type(error).__name__}: {error}"

    def visit(self) -> None:
        if self.way == "/search/":
            status, _where, page = self.ask(f"/search/?{urlencode({'q': f'棚户区{self.place}'})}")
            self.odd = "" if status == 200 and "</html>" in page else f"search {status}"
            return
        _status, _where, page = self.ask(self.way)
        status, where, shown = self.ask(self.way, self.filled(page))
        if (status, where) != (302, f"{self.way}done/"):
            self.odd = f"{self.way} {status} {re.findall('error[^>]*>([^<]+)', shown)[:3]}"
            return
        _status, _where, receipt = self.ask(where)
        found = re.search(r"<strong>(XG0123-[A-Z]*\d{4}-\d{4})</strong>", receipt)
        self.number = found[1] if found else ""
        self.odd = "" if found else "a receipt without a number"

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Ask, and again where told to come later; (status, address of a redirect, page)."""
        give_up = time.monotonic() + self.patience
        while True:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
            headers = {
                "X-Forwarded-For": f"10.{self.place // 250}.{self.place % 250}.1",
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            }
            if form is not None:
                headers |= {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Referer": f"http://127.0.0.1:{self.port}{path}",
                }
            begin = time.monotonic()
            line.request("GET" if form is None else "POST", path, form and urlencode(form), headers)
            said = line.getresponse()
            page = said.read().decode()
            line.close()
            self.waited.append(time.monotonic() - begin)
            self.cookies |= dict(
                each.split(";")[0].split("=", 1) for each in said.headers.get_all("Set-Cookie", [])
            )
            if said.status not in LATER or time.monotonic() > give_up:
                return said.status, said.headers.get("Location", ""), page
            assert re.search("[\u4e00-\u9fff]", page), f"{said.status} without a sentence"
            self.later += 1
            time.sleep(float(said.headers.get("Retry-After", "1")))

    def filled(self, page: str) -> dict[str, str]:
        def hidden(name: str) -> str:
            return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])

        token = hidden("challenge_token")
        name = json.loads(base64.urlsafe_b64decode(token.split(":")[0] + "==="))
        # A second of work in a thousand browsers would be the work of this one machine: the server's key makes it easy.
        posed = altcha.create_challenge(
            "SHA-256", 1, key_prefix="0", expires_at=int(time.time()) + 600, data={"form": name},
            hmac_secret=self.secret,
        )  # fmt: skip
        common = {
            "csrfmiddlewaretoken": hidden("csrfmiddlewaretoken"),
            "challenge_token": token,
            "challenge_answer": altcha.Payload(posed, altcha.solve_challenge(posed)).to_base64(),
            "agency": re.search(r'(?:value|option value)="([0-9a-f]{8}-[0-9a-f-]{27})"', page)[1],
            "name": f"演示人{self.place}",
            "phone": "0379-00000009",
        }
        if self.way == "/mailbox/":
            topic = re.search(r'<option value="([a-z_]+)"', page)[1]
            return common | {
                "topic": topic,
                "subject": "路灯不亮",
                "text": f"健康路第{self.place}号路灯不亮。",
            }
        return common | {
            "applicant_kind": "natural_person", "identity": "resident_id", "identity_number": ID, "others": "0",
            "spokesperson": "0", "title": f"第{self.place}件演示信息", "form": "electronic", "way": "online",
        }  # fmt: skip


def crowd(home: Path, people: int, patience: float) -> list[Citizen]:
    """So many people at once at a new instance; what they met. Ends with everything that was stored looked at."""
    with served(home) as (port, server):
        secret = (home / "keys" / "django.secret").read_text()
        gate = threading.Barrier(people)
        crowd = [Citizen(place, port, secret, gate, patience) for place in range(people)]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join(timeout=patience * 3)
        assert server.poll() is None
        kept = resident_megabytes(server.pid)
    assert Counter(one.odd for one in crowd if one.odd) == Counter()
    with sqlite3.connect(home / "gongkai.sqlite3") as database:
        for way, table in (("/apply/", "applications_application"), ("/mailbox/", "correspondence_matter")):
            stored = [row[0] for row in database.execute(f"SELECT number FROM {table}")]
            shown = [one.number for one in crowd if one.way == way]
            assert sorted(stored) == sorted(shown) and len(set(shown)) == len(shown)
    assert kept < 1500, f"the server holds {kept} MB"
    return crowd


def resident_megabytes(pid: int) -> int:
    """What a server and its processes hold; 0 where the system does not tell."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("ascii", "replace").rpartition(")")[2].split()
            if pid in (int(stat.parent.name), int(fields[1])):
                total += int((stat.parent / "statm").read_text().split()[1])
        except OSError:
            continue
    return total * os.sysconf("SC_PAGE_SIZE") // 2**20


def test_sixty_at_once_are_all_served_and_each_form_is_registered_once(tmp_path):
    crowd(tmp_path / "home", 60, patience=60)


@pytest.mark.soak
def test_a_thousand_at_once_are_all_served_and_each_form_is_registered_once(tmp_path):
    people = crowd(tmp_path / "home", 1000, patience=300)
    waits = sorted(wait for one in people for wait in one.waited)
    print(f"{len(waits)} answers: half within {waits[len(waits) // 2]:.1f} s, the last after {waits[-1]:.1f} s; "
          f"{sum(one.later for one in people)} times told to come later")  # fmt: skip
