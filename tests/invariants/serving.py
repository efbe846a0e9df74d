"""The site served from processes that die where a test says: python -m tests.invariants.serving HOME build|serve

`serve` reads one command a line, answers with one JSON line, and starts each server as a copy of itself, so that a
start costs no import. Commands: {"serve": where} gives {"port", "pid"}; {"look": [submissions]} gives what is not
as it should be, with {"whole": true} after the sweeper and with the journal verified. where: {"statement": n} dies before the n-th SQL statement of a sent form, {"seconds": s} so long
after its arrival, {"answer": true} with the answer made and not yet on the line, {} at no point of its own.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

# How many SQL statements a sent form took, for choosing the next point.
COUNTED = "X-Statements"


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the test reads the lines of this process."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """The production application, with an end at one point of the first form that is sent."""

    def __init__(self, application: Any, where: dict[str, Any]) -> None:
        self.application, self.where, self.statements = application, where, 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        # Each test is a network of its own, so that none meets the limit of another.
        environ["REMOTE_ADDR"] = environ.get("HTTP_X_NETWORK", "127.0.0.1")
        if environ["REQUEST_METHOD"] != "POST":
            return self.application(environ, start_response)
        from django.db import connection

        said: list[Any] = []
        if "seconds" in self.where:
            threading.Timer(self.where["seconds"], _die).start()
        with connection.execute_wrapper(self._count):
            answer = self.application(environ, lambda *start: said.append(start))
            body = b"".join(answer)
            answer.close()
        if "answer" in self.where:
            _die()
        status, headers = said[0][:2]
        start_response(status, [*headers, (COUNTED, str(self.statements))])
        return [body]

    def _count(self, execute: Any, *asked: Any) -> Any:
        self.statements += 1
        if self.statements == self.where.get("statement"):
            _die()
        return execute(*asked)


def serve(home: Path) -> None:
    """Read commands until there are no more."""
    from django.db import connections

    from gongkai.config.wsgi import application
    from gongkai.portal import challenge
    from tests.portal import sites

    # The proof of work has its own test; a second of it for each form would only take time here.
    challenge.PREFIX = "00"
    # Each copy has what the first request of a server loads.
    for page in ("/apply/", "/track/"):
        sites.get(application, page)
    # Servers end by themselves or are killed; nobody waits for them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        said = json.loads(line)
        connections.close_all()
        if os.fork():
            continue
        if "look" in said:
            answer: Any = look(said["look"], whole=said.get("whole", False))
        else:
            server = make_server("127.0.0.1", 0, Mortal(application, said["serve"]), handler_class=_Quiet)
            answer = {"port": server.server_port, "pid": os.getpid()}
        print(json.dumps(answer, ensure_ascii=False), flush=True)
        if "serve" in said:
            server.serve_forever()
        os._exit(0)


def look(submissions: list[str], *, whole: bool = False) -> list[str]:
    """Everything that should not be: a form registered not at all or twice, a gap, a number without its case, a
    case without its events; and a fault in the journal, where the whole is looked at."""
    from datetime import timedelta

    from gongkai.agencies.models import IssuedNumber
    from gongkai.applications.models import KIND, Application, PartyPrint
    from gongkai.files import storage
    from gongkai.files.models import CaseKey
    from gongkai.journal import chain, clock, guards, sweeping

    found = []
    if whole:
        with clock.at(clock.now() + timedelta(minutes=10)):
            sweeping.sweep(everything=True)
        found = [fault.message for fault in chain.verify()] + guards.missing()
    cases = {str(case.submission): case for case in Application.objects.all()}
    if sorted(cases) != sorted(submissions):
        found.append(f"{len(submissions)} forms, {len(cases)} registered")
    numbers = sorted(case.number for case in cases.values())
    year = clock.today().year
    if numbers != [f"XG0123-{year}-{n:04d}" for n in range(1, len(numbers) + 1)]:
        found.append(f"numbers {numbers}")
    if IssuedNumber.objects.count() != len(cases):
        found.append(f"{IssuedNumber.objects.count()} numbers for {len(cases)} cases")
    if CaseKey.objects.count() != len(cases):
        found.append(f"{CaseKey.objects.count()} keys for {len(cases)} cases")
    for case in cases.values():
        files = storage.attached(KIND, case.pk)
        complete = (
            list(case.events.values_list("type", flat=True)) == ["registered", "received"]
            and PartyPrint.objects.filter(application=case, role="co_applicant", fact="name").count() == 1
            and [storage.read(row.file_id, case_key=row.case_key) for row in files] == [b"material"]
        )
        found += [] if complete else [f"half a registration {case.number}"]
    return found


def build(home: Path) -> None:
    """An instance with an office and nothing in it."""
    from gongkai.instance import Instance

    Instance.found(home, demo=True, created="2021-01-01T00:00:00+08:00")
    _setup()
    from django.db import connection

    from tests import migrated
    from tests.conftest import make_office

    migrated.fill(connection)
    make_office()


def _setup() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.config.settings"
    import django

    django.setup()


if __name__ == "__main__":
    if sys.argv[2] == "build":
        build(Path(sys.argv[1]))
    else:
        _setup()
        serve(Path(sys.argv[1]))
