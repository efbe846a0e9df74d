"""Which layers of a file which library sees: a resident id is planted into each, and its digits are looked for.

The files are those of tests/screening: every way into every layer that docs/screening.md claims. For other
libraries it is enough that the digits stand anywhere in what they give; ours must also name the layer. They run
in an environment of their own:

    python -m venv PEERS
    PEERS/bin/pip install kreuzberg markitdown[all] mammoth docx2txt python-calamine python-pptx ofdkit easyofd
    python -m benchmarks.readers --peers PEERS/bin/python

With antiword and catdoc (Debian packages) on the path those are asked too. Prints Markdown tables.
"""

import argparse
import json
import re
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.screening.planting import ID
from tests.screening.test_screening_layers import CLAIMED

from benchmarks.measuring import note, table
from gongkai.screening.child import screen

_SPACE = re.compile(r"\s|&#?\w+;|\\n|\\t")
_OURS = "gongkai"
_FORMS = ("docx", "xlsx", "pptx", "pdf", "html", "doc", "xls", "ofd", "eml", "zip")


def written(folder: Path) -> dict[str, tuple[str, str]]:
    """Every planted file in a folder: its name → format and layer."""
    files = {}
    for number, (form, layer, plant) in enumerate(CLAIMED):
        if form in _FORMS:
            name = f"{number:03}.{form}"
            (folder / name).write_bytes(plant(f"身份证{ID}"))
            files[name] = (form, layer)
    return files


def asked(interpreter: str, folder: Path) -> dict[str, Any]:
    """What the other libraries say: versions, for each the text of each file it reads, and where it failed."""
    script = Path(__file__).with_name("readers_peer.py")
    done = subprocess.run([interpreter, str(script), str(folder)], capture_output=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--peers", help="the interpreter of an environment with the other libraries, the peers"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = written(folder)
        note(f"{len(files)} files")
        seen: dict[str, set[str]] = {_OURS: set()}
        read: dict[str, set[str]] = {_OURS: set(files)}
        failed: dict[str, set[str]] = {_OURS: set()}
        for file, (_, layer) in files.items():
            found = screen((folder / file).read_bytes(), file).findings
            if ("resident_id", layer) in {(str(f.kind), str(f.layer)) for f in found}:
                seen[_OURS].add(file)
        versions: dict[str, str] = {}
        if options.peers:
            answer = asked(options.peers, folder)
            versions = answer["versions"]
            for library, given in answer["texts"].items():
                failed[library] = set(answer["failed"][library])
                read[library] = set(given) | failed[library]
                seen[library] = {file for file, text in given.items() if ID in _SPACE.sub("", text)}
    for form in _FORMS:
        rows: dict[str, list[str]] = defaultdict(list)
        for file, (of, layer) in files.items():
            if of == form:
                rows[layer].append(file)
        whole = [file for members in rows.values() for file in members]
        libraries = [library for library in read if read[library] & set(whole)]
        lines = [
            [layer, *(f"{len(seen[library] & set(members))}/{len(members)}" for library in libraries)]
            for layer, members in rows.items()
        ]
        lines.append(["all", *(f"{len(seen[library] & set(whole))}/{len(whole)}" for library in libraries)])
        lines.append(["error raised", *(len(failed[library] & set(whole)) for library in libraries)])
        heads = [f"{library} {versions.get(library, '')}".strip() for library in libraries]
        table(form, ["layer", *heads], lines)


if __name__ == "__main__":
    main()
