"""docs/report-form: the report of 2021 as docx and PDF beside the blank form, as pictures.

    python tools/report_pictures.py        needs LibreOffice, and ../shared/domain beside the clone

The report is the reference report of 2021, read by `report check` and set anew; Word files are drawn by LibreOffice.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pypdfium2
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools import letter_pictures

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "report-form"
DOMAIN = ROOT.parent / "shared" / "domain"
REFERENCE, BLANK = DOMAIN / "000_d134efd7659efa26.txt", DOMAIN / "examples" / "annual-report-blank-form.docx"
NAMES = ("blank-form", "report-docx", "report-pdf")
SCALE, COLOURS = 0.95, 12


def unbroken(lines: Iterable[str]) -> str:
    """Paragraphs whose lines were broken where the page of the file ended: one line each.

    A line ends a paragraph where it ends with a full stop, or where the next begins with a number.
    """
    text = ""
    for line in filter(None, map(str.strip, lines)):
        begins = not text or text.endswith(("。", "：", "情况")) or re.match(r"\d[.．]", line)
        text += ("\n" if begins and text else "") + line
    return text


def report() -> tuple[bytes, bytes]:
    """The reference report as docx and as PDF."""
    from gongkai.paperwork import pdf, word
    from gongkai.paperwork.document import Paragraph, paragraphs_of
    from gongkai.paperwork.report import ReportDocument
    from gongkai.reporting.document import application_table, disclosure_blocks, remedy_table
    from gongkai.reporting.reading.textreport import read_report
    from gongkai.rulebook.report_form import TITLE

    read = read_report(REFERENCE)
    assert read.source is not None and read.agency and read.year
    printed = {line: read.source.printed.get(n, line).strip() for n, line in enumerate(read.source.lines)}

    def text(part: str) -> tuple[Paragraph, ...]:
        return paragraphs_of(
            unbroken(printed.get(line, line) for line in read.texts.get(part, "").splitlines())
        )

    title = TITLE.format(agency=read.agency, year=read.year)
    paper = ReportDocument(
        title=title.replace(read.agency, read.agency + "\n", 1),
        opening=text("opening"),
        overview=text("overview"),
        disclosure=disclosure_blocks(read.tables),
        applications=application_table(read.tables),
        remedies=remedy_table(read.tables),
        problems=text("problems"),
        other=text("other"),
        date=date(read.year + 1, 1, 20),
        signatory=read.agency,
    )
    return word.report_docx(paper), pdf.report_pdf(paper)


def drawn(folder: Path, place: Path) -> bytes:
    """A Word file as LibreOffice lays it out, as PDF."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(place)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (folder / f"{place.stem}.pdf").read_bytes()


def picture(data: bytes, place: Path) -> None:
    """All pages of a PDF side by side, in few colours, so that the file stays small."""
    document = pypdfium2.PdfDocument(data)
    pages = [document[n].render(scale=SCALE).to_pil().convert("RGB") for n in range(len(document))]
    document.close()
    sheet = Image.new("RGB", (sum(page.width for page in pages), max(page.height for page in pages)), "white")
    left = 0
    for page in pages:
        sheet.paste(page, (left, 0))
        left += page.width
    sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(place, optimize=True)


def main() -> int:
    """Make the three pictures; the exit code."""
    letter_pictures.start()
    FOLDER.mkdir(exist_ok=True)
    docx, pdf = report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.docx").write_bytes(docx)
        (folder / "blank.docx").write_bytes(BLANK.read_bytes())
        made = (drawn(folder, folder / "blank.docx"), drawn(folder, folder / "report.docx"), pdf)
    for data, shown in zip(made, NAMES, strict=True):
        picture(data, FOLDER / f"{shown}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
