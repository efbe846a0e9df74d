"""Other libraries over the files of `benchmarks.readers`, in their own environment.

Run by that benchmark with the interpreter that --peers names. The argument is a folder of files; standard output
is one JSON object: {"versions": {library: version}, "texts": {library: {file: all words it gives}}, "failed":
{library: [files it raised an error for]}}. A library that is not installed is left out. Each is asked for as
much as its documented interface gives: text, tables, and properties where it has them.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

Extract = Callable[[Path], str]


def _kreuzberg(path: Path) -> str:
    import kreuzberg

    result = kreuzberg.extract_file_sync(str(path))
    rest = [getattr(result, name, None) for name in ("metadata", "tables", "annotations", "elements")]
    return f"{result.content}\n{rest}"


def _markitdown(path: Path) -> str:
    from markitdown import MarkItDown

    return str(MarkItDown().convert(str(path)).text_content)


def _mammoth(path: Path) -> str:
    import mammoth

    with path.open("rb") as stream:
        return str(mammoth.convert_to_html(stream).value)


def _docx2txt(path: Path) -> str:
    import docx2txt

    return str(docx2txt.process(str(path)))


def _calamine(path: Path) -> str:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    return "\n".join(str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def _pptx(path: Path) -> str:
    from pptx import Presentation

    def words(shapes: object) -> list[str]:
        found: list[str] = []
        for shape in shapes:  # type: ignore[attr-defined]
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if getattr(shape, "has_table", False) and shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
            if hasattr(shape, "shapes"):
                found += words(shape.shapes)
        return found

    deck = Presentation(str(path))
    text = [words(slide.shapes) for slide in deck.slides]
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide]
    return f"{text}{notes}{deck.core_properties.title}"


def _ofdkit(path: Path) -> str:
    import ofdkit

    document = ofdkit.open(str(path))
    return f"{ofdkit.extract_text(str(path))}\n{getattr(document, 'info', '')}"


def _easyofd(path: Path) -> str:
    from easyofd.ofd import OFD

    reader = OFD()
    reader.read(str(path), fmt="path")
    return str(reader.data)


def _program(*command: str) -> Extract:
    def run(path: Path) -> str:
        done = subprocess.run([*command, str(path)], capture_output=True, timeout=60, check=False)
        return done.stdout.decode("utf-8", "replace")

    return run


# Library → its endings and how it is asked.
PEERS: dict[str, tuple[tuple[str, ...], Extract]] = {
    "kreuzberg": (("docx", "xlsx", "pptx", "pdf", "html", "doc", "xls", "eml", "zip"), _kreuzberg),
    "markitdown": (("docx", "xlsx", "pptx", "pdf", "html", "xls", "zip"), _markitdown),
    "mammoth": (("docx",), _mammoth),
    "docx2txt": (("docx",), _docx2txt),
    "python-calamine": (("xlsx", "xls"), _calamine),
    "python-pptx": (("pptx",), _pptx),
    "ofdkit": (("ofd",), _ofdkit),
    "easyofd": (("ofd",), _easyofd),
}
PROGRAMS = {
    "antiword": (("doc",), _program("antiword", "-m", "UTF-8.txt")),
    "catdoc": (("doc",), _program("catdoc", "-d", "utf-8")),
    "xls2csv": (("xls",), _program("xls2csv", "-d", "utf-8")),
}


def main() -> None:
    folder = Path(sys.argv[1])
    peers = dict(PEERS)
    versions = {}
    for name in PEERS:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            del peers[name]
    for name, peer in PROGRAMS.items():
        if shutil.which(name):
            peers[name], versions[name] = peer, ""
    texts: dict[str, dict[str, str]] = {name: {} for name in peers}
    failed: dict[str, list[str]] = {name: [] for name in peers}
    answer = os.dup(1)
    os.dup2(2, 1)
    with contextlib.redirect_stdout(io.StringIO()):
        for path in sorted(folder.iterdir()):
            for name, (endings, extract) in peers.items():
                if path.suffix.lstrip(".") in endings:
                    try:
                        texts[name][path.name] = extract(path)
                    except Exception:
                        failed[name].append(path.name)
    with os.fdopen(answer, "w", encoding="utf-8") as out:
        json.dump({"versions": versions, "texts": texts, "failed": failed}, out, ensure_ascii=False)


if __name__ == "__main__":
    main()
