"""Item page and column page of `gongkai serve` beside nginx over the same files, a Django view and stock Wagtail.

The view asks one query and renders the same template: our own page, with title, text and rows put in by Django. Wagtail
is its project template of today with an article type, the same templates, its pages inserted in bulk. Both stand in
--peers, another environment, behind the same granian with as many workers, over as many texts as our site has folders.
wrk asks each in turn over loopback. The processor time of a server for one request is steadier than its rate where the
machine has other work. --home takes an instance that benchmarks.release --keep has prepared, for nginx and our server
alone. Our server runs without its sweeper (prepared.py), which would take the made folders away while it is measured.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import instances, pages
from benchmarks.measuring import note, stop, table

HERE = Path(__file__).resolve().parent / "peers"
OURS, FILES, VIEW, WAGTAIL = "gongkai serve", "nginx", "Django view, one query", "Wagtail page"
ITEM, COLUMN = "item page", "column page"
_ROW = re.compile(r'<li class="item-list__item">.*?</li>', re.DOTALL)
_BODY = re.compile(r'(<div class="document" data-readable>).*?(</div></div>)', re.DOTALL)
_LOOP = (
    '{% for row in rows %}<li class="item-list__item">\n<a class="item-list__title" href="{{ row.url }}">{{ row.title }}'
    '</a>\n<time class="item-list__date" datetime="{{ row.on|date:"Y-m-d" }}">{{ row.on|date:"Y-m-d" }}</time>\n</li>\n'
    "{% endfor %}"
)


def templates(folder: Path, item: str, column: str, title: str) -> None:
    """The peers' templates, from two of our pages as they are written."""
    folder.mkdir(parents=True, exist_ok=True)
    article = item.replace(title, "{{ page.title }}")
    for name, body in (("plain.html", "{{ page.body|safe }}"), ("article.html", "{{ page.body|richtext }}")):
        (folder / name).write_text(_BODY.sub(rf"\1{body}\2", article, count=1), "utf-8")
    rows = list(_ROW.finditer(column))
    if not rows or _BODY.search(item) is None:
        stop("our pages have another form than this benchmark knows: mend _ROW and _BODY.")
    (folder / "section.html").write_text(
        column[: rows[0].start()] + _LOOP + column[rows[-1].end() :], "utf-8"
    )


def texts(place: Path, count: int) -> None:
    """One text a line, as long as those that `pages.publish` releases."""
    from benchmarks import rows

    with place.open("w", encoding="utf-8") as stream:
        for n in range(count):
            body = "".join(f"<h2>{part}</h2><p>{rows.body(n * 9 + part)}</p>" for part in range(1, 6))
            said = {"title": rows.title(n), "body": body, "on": rows.moment(n).date().isoformat()}
            stream.write(json.dumps(said, ensure_ascii=False) + "\n")


def peer_environment(folder: Path, *, plain: bool = False) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    more = {"PEER": "plain"} if plain else {}
    return kept | more | {"PEER_FOLDER": str(folder), "PYTHONPATH": str(HERE), "DJANGO_SETTINGS_MODULE": "peersite.settings"}  # fmt: skip


def ask_peer(python: str, folder: Path, *words: str) -> Any:
    """What peersite.load answers; ends the run where it cannot."""
    done = subprocess.run(
        [python, "-m", "peersite.load", *words], env=peer_environment(folder), capture_output=True, text=True
    )
    if done.returncode:
        stop(f"the peers do not run with {python}: {done.stderr.strip()[-400:]}")
    return json.loads(done.stdout)


@contextmanager
def peer(python: str, folder: Path, port: int, workers: int, *, plain: bool) -> Iterator[int]:
    """A peer behind granian; gives its process id."""
    command = [
        str(Path(python).with_name("granian")), "--interface", "wsgi", "--host", pages.HOST, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(max(2, os.cpu_count() or 1)), "--log-level", "error",
        "peersite.wsgi:application",
    ]  # fmt: skip
    with pages.server(command, port, environment=peer_environment(folder, plain=plain)) as pid:
        yield pid


def gongkai(home: Path, port: int, workers: int) -> list[str]:
    """The command of our server without its sweeper."""
    return [sys.executable, "-m", "benchmarks.prepared", str(home), str(port), str(workers)]


def _folders(home: Path) -> int:
    """How many items have a folder there."""
    with os.scandir(home / "site" / "items") as found:
        return sum(1 for _each in found)


def measure(
    addresses: dict[str, dict[str, str]],
    ports: dict[str, int],
    pids: dict[str, int],
    said: argparse.Namespace,
) -> dict[tuple[str, str], list[pages.Measured]]:
    """Each page of each server, in turn, so many rounds."""
    found: dict[tuple[str, str], list[pages.Measured]] = {}
    for page, places in addresses.items():
        for name, address in places.items():
            got, body = pages.answer(ports[name], address, "GET")
            if got["status"] != "200" or len(body) < 2000:
                stop(f"{name} answers {address} with {got['status']} and {len(body)} bytes.")
            pages.load(ports[name], address, connections=said.connections, seconds=2)
        for _round in range(said.rounds):
            for name, address in places.items():
                before = pages.processor_seconds(pids[name])
                rate, tail, count = pages.load(
                    ports[name], address, connections=said.connections, seconds=said.seconds
                )
                used = (pages.processor_seconds(pids[name]) - before) / max(count, 1)
                found.setdefault((page, name), []).append((rate, tail, used))
    return found


def tell(size: int, found: dict[tuple[str, str], list[pages.Measured]]) -> None:
    body: list[tuple[object, ...]] = []
    for (page, name), measured in found.items():
        rate, tail, cost = (median(one[n] for one in measured) for n in range(3))
        ours = found[page, OURS]
        ratio = median(mine[0] / other[0] for mine, other in zip(ours, measured, strict=True))
        cheaper = median(other[2] / mine[2] for mine, other in zip(ours, measured, strict=True))
        body.append((f"{page}: {name}", f"{rate:,.0f}", f"{tail:.1f}", f"{ratio:.2f}", f"{cost * 1e6:,.0f}", f"{cheaper:.2f}"))  # fmt: skip
    head = (
        "page and server",
        "requests/s",
        "p99, ms",
        "our rate to its",
        "processor µs each",
        "its cost to ours",
    )
    table(f"Public pages, {size:,} items", head, body)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--peers", help="the Python of an environment with wagtail and granian")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--home", type=Path, help="an instance prepared by benchmarks.release --keep")
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--workers", type=int, default=1, help="server processes of each side")
    said = parser.parse_args()
    if missing := [name for name in ("nginx", "wrk") if shutil.which(name) is None]:
        stop(
            f"{' and '.join(missing)} missing: install them first (Debian: apt-get install nginx-light wrk)."
        )
    if said.home is None and not said.peers:
        stop("Name the peers' Python with --peers (python -m venv X; X/bin/pip install wagtail granian).")
    with instances.temporary(keep=said.home) as cast:
        from django.conf import settings

        from benchmarks import release
        from gongkai.channels import tree

        home: Path = settings.INSTANCE.home
        note("releasing items …")
        places = pages.publish(cast, prepared=said.home is not None)
        item = (tree.read(f"{places[ITEM].strip('/')}/index.html") or b"").decode()
        column = (tree.read(f"{places[COLUMN].strip('/')}/index.html") or b"").decode()
        for size in said.sizes if said.home is None else (_folders(home),):
            ports = {OURS: pages.free_port(), FILES: pages.free_port()}
            addresses = {page: dict.fromkeys(ports, places[page]) for page in (ITEM, COLUMN)}
            folder = home / f"peers-{size}"
            with ExitStack() as running:
                if said.home is None:
                    note(f"{size:,} folders, {size:,} texts of each peer …")
                    release.folders(f"YS/{n}" for n in range(size))
                    templates(folder / "templates", item, column, re.findall(r"<h1[^>]*>([^<]+)", item)[0])
                    texts(folder / "texts.jsonl", size)
                    ask_peer(said.peers, folder, "load", str(size))
                    for name, item_at, column_at in (
                        (VIEW, "/plain/a-{}/", "/plain/"),
                        (WAGTAIL, "/a-{}/", "/"),
                    ):
                        ports[name] = pages.free_port()
                        addresses[ITEM][name] = item_at.format(size // 2)
                        addresses[COLUMN][name] = column_at
                pids = {
                    OURS: running.enter_context(
                        pages.server(gongkai(home, ports[OURS], said.workers), ports[OURS])
                    ),
                    FILES: running.enter_context(
                        pages.nginx(home / f"nginx-{size}", home / "site", ports[FILES], said.workers, "")
                    ),
                }
                for name in set(ports) - set(pids):
                    plain = name == VIEW
                    pids[name] = running.enter_context(
                        peer(said.peers, folder, ports[name], said.workers, plain=plain)
                    )
                for page in (ITEM, COLUMN):
                    pages.compare((ports[OURS], ports[FILES]), places[page])
                tell(size, measure(addresses, ports, pids, said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
