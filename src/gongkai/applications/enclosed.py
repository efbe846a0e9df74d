"""What goes out with a letter: the list that the letter prints, with the pages of each file (rulebook 5.2)."""

import threading
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

import pypdfium2

from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.rulebook.letters import LETTER_KINDS

# The form that the asked party fills in goes with these letters by itself (letter 8 with 7 and 11).
FORM = 8
WITH_FORM = (7, 11)
FORM_PURPOSE = "form"
# pdfium serves one thread at a time.
_ONE = threading.Lock()


def listed(rows: Iterable[Attachment]) -> list[dict[str, Any]]:
    """The files as the frozen content of a letter names them: {id, digest, name, pages}."""
    return [{"id": str(row.pk), "digest": row.file_id, "name": row.name, "pages": pages(row)} for row in rows]


def pages(row: Attachment) -> int | None:
    """How many pages a PDF has; None for a file whose pages depend on the program that opens it."""
    if row.file.extension != "pdf":
        return None
    data = storage.read(row.file_id, case_key=row.case_key)
    with _ONE:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            return None
        try:
            return len(document)
        finally:
            document.close()


def printed(kind: int, attachments: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """The lines of 附件说明: each name without its ending, with its pages, or 1份."""
    names = [_line(PurePath(row["name"]).stem, row.get("pages")) for row in attachments]
    if kind in WITH_FORM:
        names.append(_line(LETTER_KINDS[FORM].title, None))
    return tuple(names)


def _line(name: str, pages: int | None) -> str:
    return f"{name}（{pages}页）" if pages else f"{name}（1份）"
