"""The work itself, in this process: see reading.py for the doors that give it a process of its own."""

from collections.abc import Callable

from gongkai.screening.passage import Unreadable
from gongkai.screening.readers import ocr
from gongkai.screening.redaction import page, picture, plain, properties, recognition, sheet, slides, word
from gongkai.screening.redaction.cutting import Cutter, Surveyor
from gongkai.screening.redaction.orders import List, Order, Outcome, Target
from gongkai.screening.sniffing import CSV, DOCX, HTML, MARKDOWN, PDF, PLAIN, PPTX, XLSX, sniff

_UNKNOWN = "这种文件不能涂去；请另存为 docx、xlsx、pdf 或图片后再试"


def redact(data: bytes, name: str, order: Order) -> Outcome:
    """A new file without what is ordered to go, and without properties. Raises Unreadable.

    What is looked for in words is looked for in pictures and scans too, as far as the time for one file reaches.
    """
    ocr.begin()
    cutter = Cutter(order, data)
    recognise = recognition.recognise if order.searches else None
    made = _by_type(data, name, order, cutter, recognise)
    # What was cut out has voided a signature: its owner's name need not be kept for it.
    cleaned = properties.clean(made, name, void=made != data)
    return Outcome(cleaned.data, (*cutter.removed(), *cleaned.removed), cleaned.notes)


def _by_type(data: bytes, name: str, order: Order, cutter: Cutter, recognise: page.Recognise | None) -> bytes:
    found = sniff(data, name)
    if found.media_type == DOCX:
        return word.redact(data, order, cutter)
    if found.media_type == XLSX:
        return sheet.redact(data, order, cutter)
    if found.media_type == PPTX:
        return slides.redact(data, order, cutter)
    if found.media_type == PDF:
        return page.redact(data, order, cutter, recognise)
    if found.media_type.startswith("image/"):
        return picture.redact(data, found.extension, order, cutter, recognise)
    if found.media_type == CSV:
        return plain.redact_csv(data, order, cutter, tabs=found.extension == "tsv")
    if found.media_type == HTML:
        return plain.redact_html(_page_text(data), order, cutter).encode()
    if found.media_type in (PLAIN, MARKDOWN):
        return plain.redact_text(data, order, cutter, markdown=found.media_type == MARKDOWN)
    raise Unreadable(_UNKNOWN)


def _page_text(data: bytes) -> str:
    from gongkai.screening.readers import web

    return web.text_of(data)


def survey(data: bytes, name: str) -> tuple[Target, ...]:
    """What could be cut out of a file, value by value. Raises Unreadable."""
    ocr.begin()
    surveyor, found = Surveyor(data), sniff(data, name)
    readers: dict[str, Callable[[], None]] = {
        DOCX: lambda: word.survey(data, surveyor),
        XLSX: lambda: sheet.survey(data, surveyor),
        PPTX: lambda: slides.survey(data, surveyor),
        PDF: lambda: page.survey(data, surveyor, recognition.recognise),
        CSV: lambda: plain.survey_csv(data, surveyor, tabs=found.extension == "tsv"),
        HTML: lambda: plain.survey_html(_page_text(data), surveyor),
        PLAIN: lambda: plain.survey_text(data, surveyor),
        MARKDOWN: lambda: plain.survey_text(data, surveyor),
    }
    if found.media_type in readers:
        readers[found.media_type]()
    elif found.media_type.startswith("image/"):
        picture.survey(data, surveyor, recognition.recognise)
    else:
        raise Unreadable(_UNKNOWN)
    return surveyor.targets()


def lists(data: bytes, name: str) -> list[List]:
    """The lists of a file, whose columns can be masked; none where it holds none. Raises Unreadable."""
    found = sniff(data, name)
    if found.media_type == XLSX:
        return sheet.lists(data)
    if found.media_type == DOCX:
        return word.lists(data)
    if found.media_type == CSV:
        return plain.csv_lists(data, tabs=found.extension == "tsv")
    return []
