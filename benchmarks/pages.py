"""Item page and column page as `gongkai serve` gives them, beside nginx serving the same files from the same tree.

wrk asks both over loopback, in turn, for a few seconds each. Before that, status, length, type and every byte of
both answers are compared. nginx runs without access log, one worker process on either side: once as it comes, so that like ours it looks at
the file for every request, and once with open_file_cache, where a withdrawn page may live on for a minute. The processor time that each server
uses for a request says what the rates would say on a machine without other work.
"""

import argparse
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import instances
from benchmarks.measuring import note, stop, table

ITEMS = 45
PEERS = {"nginx": "", "nginx with open_file_cache": "open_file_cache max=1000;"}
HOST = "127.0.0.1"
# Requests per second, 99 of 100 within so many milliseconds, processor seconds of the server for each.
Measured = tuple[float, float, float]
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;{user} worker_processes {workers};
events {{ worker_connections 1024; }}
http {{
  types {{ text/html html; text/css css; application/xml xml; }} charset utf-8; default_type application/octet-stream;
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; {more}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen {host}:{port}; root {root}; index index.html; }}
}}
"""
RATE, TAIL = re.compile(r"Requests/sec:\s+([\d.]+)"), re.compile(r"99%\s+([\d.]+)(us|ms|s)")
COUNT = re.compile(r"(\d+) requests in")
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}


def publish(cast: Any, *, prepared: bool = False) -> dict[str, str]:
    """Release items through their use cases, so that the site stands as it always does: name → address.

    prepared: the instance has items past the journal already, whose folders must stay; then one more is enough.
    """
    from benchmarks import rows
    from gongkai.channels import assets, site
    from gongkai.cli.demo_year.cast import morning
    from gongkai.disclosure import items
    from gongkai.disclosure.content import KIND
    from gongkai.disclosure.models import Item

    cast.district.options = {
        "site_name": "演示", "site_domain": "www.example.gov.cn",
        "site_id_code": "4103030001", "site_icp": "豫ICP备00000000号",
    }  # fmt: skip
    cast.district.save()
    if prepared:
        # Writing the whole site would take away the folders of what the journal does not know.
        assets.collect_static()
        site.settle_standing()
    else:
        site.write_all()
    with morning("2021-03-01"):
        for n in range(1 if prepared else ITEMS):
            said = {
                "title": rows.title(n),
                "summary": f"公布{rows.title(n)}。",
                "body": "".join(f"<h2>{part}</h2><p>{rows.body(n * 9 + part)}</p>" for part in range(1, 6)),
                "attribute": "proactive",
                "column": "housing",
                "formed_on": "2021-03-01",
                "source": cast.office.name,
            }
            item, _draft = items.begin(cast.actor("jingban"), cast.office, said)
            cast.review(cast.submit(KIND, item.pk))
    number = Item.objects.get(pk=item.pk).index_number
    return {"item page": f"/items/{number.replace('/', '-')}/", "column page": "/columns/housing/"}


@contextmanager
def server(command: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[int]:
    """Run a server until the block ends; gives its process id."""
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    try:
        give_up = time.monotonic() + 90
        while True:
            try:
                socket.create_connection((HOST, port), timeout=1).close()
                break
            except OSError:
                if running.poll() is not None or time.monotonic() > give_up:
                    stop(f"{command[0]} does not serve on port {port}.")
                time.sleep(0.1)
        yield running.pid
    finally:
        running.terminate()
        running.wait(timeout=20)


@contextmanager
def nginx(folder: Path, root: Path, port: int, workers: int, more: str) -> Iterator[int]:
    """nginx over the files of `root`. more: further settings of its http block."""
    folder.mkdir(exist_ok=True)
    # Started by root, its workers would be another user, who may not read a temporary folder.
    user = " user root;" if os.geteuid() == 0 else ""
    said = {"folder": folder, "root": root, "host": HOST, "port": port, "workers": workers}
    text = NGINX.format(**said, user=user, more=more)
    (folder / "nginx.conf").write_text(text, "utf-8")
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with server(command, port) as pid:
        yield pid


def processor_seconds(pid: int) -> float:
    """What a process and those below it have used so far (Linux); 0 where the system does not tell."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name in brackets may hold spaces; the fields are counted from behind it.
            fields = stat.read_text("ascii", "replace").rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
            used[int(stat.parent.name)] = int(fields[11]) + int(fields[12])
    family = {pid}
    while below := {child for child, parent in parents.items() if parent in family} - family:
        family |= below
    return sum(used.get(one, 0) for one in family) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def answer(port: int, address: str, method: str) -> tuple[dict[str, str], bytes]:
    """Headers that matter and body of one answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    connection.request(method, address)
    got = connection.getresponse()
    said = {"status": str(got.status)} | {
        name: (got.headers[name] or "").lower() for name in ("content-length", "content-type")
    }
    body = got.read()
    connection.close()
    return said, body


def compare(ports: Iterable[int], address: str) -> int:
    """The length of the page; ends the run where the servers do not all serve the same."""
    for method in ("HEAD", "GET"):
        (ours, body), *others = (answer(port, address, method) for port in ports)
        for theirs, other in others:
            if ours != theirs or body != other:
                stop(f"{method} {address}: the servers answer differently: {ours}, {theirs}.")
    return len(body)


def load(port: int, address: str, *, connections: int, seconds: int) -> tuple[float, float, int]:
    """Requests per second, the milliseconds within which 99 of 100 were answered, and how many there were."""
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--latency",
        f"http://{HOST}:{port}{address}",
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    rate, tail, count = RATE.search(said), TAIL.search(said), COUNT.search(said)
    if rate is None or tail is None or count is None or "Non-2xx" in said:
        stop(f"wrk could not measure {address}: {said.strip()[-200:]}")
    return float(rate[1]), float(tail[1]) * UNITS[tail[2]], int(count[1])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--workers", type=int, default=1, help="server processes on either side")
    said = parser.parse_args()
    if missing := [name for name in ("nginx", "wrk") if shutil.which(name) is None]:
        stop(
            f"{' and '.join(missing)} missing: install them first (on Debian: apt-get install nginx-light wrk)."
        )
    lines: list[tuple[object, ...]] = []
    with instances.temporary() as cast:
        from django.conf import settings

        home: Path = settings.INSTANCE.home
        note(f"releasing {ITEMS} items …")
        pages = publish(cast)
        ports = {name: free_port() for name in ("gongkai serve", *PEERS)}
        gongkai = [
            sys.executable, "-c", "from gongkai.cli import main; main()", "serve", "--home", str(home),
            "--port", str(ports["gongkai serve"]), "--workers", str(said.workers),
        ]  # fmt: skip
        with ExitStack() as running:
            pids = {"gongkai serve": running.enter_context(server(gongkai, ports["gongkai serve"]))}
            for n, (peer, more) in enumerate(PEERS.items()):
                folder = home / f"nginx-{n}"
                pids[peer] = running.enter_context(
                    nginx(folder, home / "site", ports[peer], said.workers, more)
                )
            for page, address in pages.items():
                size = compare(ports.values(), address)
                measured: dict[str, list[Measured]] = {name: [] for name in ports}
                for port in ports.values():
                    # Not counted: what a server still does when it has just begun.
                    load(port, address, connections=said.connections, seconds=2)
                for _round in range(said.rounds):
                    for name, port in ports.items():
                        before = processor_seconds(pids[name])
                        rate, tail, count = load(
                            port, address, connections=said.connections, seconds=said.seconds
                        )
                        cost = (processor_seconds(pids[name]) - before) / count
                        measured[name].append((rate, tail, cost))
                ours = measured["gongkai serve"]
                for name, theirs in measured.items():
                    rate, tail, cost = (median(each[n] for each in theirs) for n in range(3))
                    ratio = median(mine[0] / peer[0] for mine, peer in zip(ours, theirs, strict=True))
                    cheaper = median(peer[2] / mine[2] for mine, peer in zip(ours, theirs, strict=True))
                    lines.append(
                        (f"{page}, {size:,} bytes: {name}", f"{rate:,.0f}", f"{tail:.1f}", f"{ratio:.2f}",
                         f"{cost * 1e6:.0f}", f"{cheaper:.2f}")
                    )  # fmt: skip
    table(
        f"Public pages, {said.connections} connections, median of {said.rounds} times {said.seconds} s",
        (
            "page and server",
            "requests/s",
            "p99, ms",
            "our rate as a share",
            "processor µs each",
            "its cost as a share of ours",
        ),
        lines,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
