"""A file's bytes → lines of text, with the borders of table cells where the format knows them.

Reads plain text, Markdown, csv, HTML, docx, xlsx, PDF and pictures; of scanned pages the writing is recognised. What
it cannot read it refuses with an UnreadableReport, whose text is one sentence for people.
"""

import email
import email.policy
import io
import math
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import docx
import docx.oxml.ns
import lxml.etree
import lxml.html
import pypdfium2

from gongkai.reporting.reading.kinds import READABLE, KindError, kind_of
from gongkai.reporting.reading.pdf import is_scan, page_rows, picture_of
from gongkai.reporting.reading.pictures import PictureError, Pixels, pictures_of
from gongkai.reporting.reading.ruled import CellText
from gongkai.reporting.reading.sheets import SheetError, csv_rows, old_workbook_rows, workbook_rows
from gongkai.rulebook.report_rules import Finding
from gongkai.rulebook.text import fold_width, repair_ideographs
from gongkai.screening.finding import Layer
from gongkai.screening.passage import Part, Passage, Unreadable
from gongkai.screening.readers import legacy_word
from gongkai.screening.readers.nest import Nest

CELL = "\x1f"
"""Stands between two cells of one table row. It cannot come from a file: control characters are removed."""
UNSURE = "\x1a"
"""Stands behind a cell's figures where they cannot be told apart. It cannot come from a file either."""
UNCLEAR = "？" + UNSURE
"""The same behind what was recognised in a picture with doubt."""

MAX_BYTES = 50 * 1024 * 1024
TOO_LARGE = f"文件超过{MAX_BYTES // 1024 // 1024}MB，请提供单独的年度报告文件"
# The longest reports of provinces have some 50,000 characters.
MAX_CHARACTERS = 500_000
_TOO_LONG = f"文字超过{MAX_CHARACTERS}字，不是一份年度报告，请提供单独的报告文件"
MAX_LINES = 50_000
MAX_PDF_PAGES = 500
# A web page with its pictures inside.
MAX_HTML_BYTES = 24 * 1024 * 1024
MAX_SECONDS = 20.0
# For the recognition of all scanned pages of a file; a page of tables takes some ten.
SCAN_SECONDS = 240.0

_CONTROL = dict.fromkeys((*range(9), 11, *range(14, 32), *range(127, 160)))
_MARKDOWN_RULE = re.compile(r"\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*\|?")
_MARKDOWN_MARKS = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?)|\*\*|__")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|])")
# Words that no damaged text keeps and every report has.
_SIGNATURE = "政府信息公开"
# UTF-8 bytes shown as GBK and the two ways in which Western code pages show Chinese.
_WRONG_WAYS = (("gb18030", "utf-8"), ("latin-1", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "gb18030"))


class UnreadableReport(ValueError):
    """The file cannot be read as a report; the message is one sentence: what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file. `lines` have `fold_width` applied; rows of tables hold CELL between cells.

    `printed` has by its index each line of text that the file writes otherwise than the folded one: 收到申请3件，
    with a comma of full width.
    `places` says for each line where it stands in the file, for people: 第3页第12行, 工作表‘附表’第8行, 表格3第7行.
    `findings` tell what is to be said of the file as such: that it is a scan (SCAN).
    """

    lines: tuple[str, ...]
    kind: str
    places: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    printed: Mapping[int, str] = field(default_factory=dict)


Placed = tuple[str, str]
"""A place (as in `Source.places`) and the line that stands there; its width may not be folded yet."""


class NeedsRecognition(Exception):
    """Pages of the file are pictures, and the caller asked not to recognise them."""


class _Work:
    """The work on one file: the time that is left, and what was recognised."""

    def __init__(self, recognise: bool) -> None:
        self.left_out = False
        self.findings: tuple[Finding, ...] = ()
        self._end = time.monotonic() + MAX_SECONDS
        self._recognise = recognise
        self._begun = False
        self._least = 1.0

    def check(self) -> None:
        if time.monotonic() > self._end:
            raise UnreadableReport(f"读取超过{MAX_SECONDS:.0f}秒，已停止，请提供只含一份年度报告的文件")

    def recognise(self, pixels: Pixels, width: float) -> Iterator[str]:
        """The lines of a page that is a picture, so many points wide; none where that is left to others."""
        if not self._recognise:
            self.left_out = True
            return
        from gongkai.reporting.reading import scan

        begun = time.monotonic()
        try:
            if not self._begun:
                scan.begin(SCAN_SECONDS)
                self._begun = True
            page = scan.read_page(pixels, width)
        except scan.NoEngine as error:
            raise UnreadableReport(
                "这是扫描件，本机没有文字识别组件，无法读取，请提供带文字的docx、xlsx或pdf"
            ) from error
        except scan.NoTime as error:
            raise UnreadableReport(
                f"扫描的页面过多，{SCAN_SECONDS:.0f}秒内未能识别完，请只提供年度报告的页面或带文字的文件"
            ) from error
        self._end += time.monotonic() - begun
        self._least = min(self._least, page.least)
        sure = math.floor(self._least * 100)
        message = f"扫描件，文字由识别得出（最低可信度{sure}%），请对照原件核对。"
        self.findings = (Finding("SCAN", "warning", message),)
        for row in page.rows:
            yield CELL.join(_clean(cell.text) + UNCLEAR * (not cell.sure) for cell in row)


def read_source(path: Path, *, recognise: bool = True) -> Source:
    """The lines of the file at `path`, as `read_bytes` gives them; UnreadableReport where it cannot be opened."""
    return read_bytes(file_content(path), path.suffix.lower(), recognise=recognise)


def file_content(path: Path) -> bytes:
    """What a file holds. UnreadableReport for what is no file, too large, or may not be read."""
    try:
        kind = path.stat()
        if stat.S_ISDIR(kind.st_mode):
            raise UnreadableReport("这是文件夹，请指定年度报告文件")
        if not stat.S_ISREG(kind.st_mode):
            raise UnreadableReport("这不是普通文件，请指定年度报告文件")
        if kind.st_size > MAX_BYTES:
            raise UnreadableReport(TOO_LARGE)
        with path.open("rb") as stream:
            # Some files of the system do not say how long they are.
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, UnreadableReport):
            raise
        if isinstance(error, PermissionError):
            raise UnreadableReport("没有读取这个文件的权限，请检查文件的权限") from error
        reason = "文件不存在" if isinstance(error, FileNotFoundError) else "文件无法打开"
        raise UnreadableReport(f"{reason}，请检查路径和权限") from error
    if len(data) > MAX_BYTES:
        raise UnreadableReport(TOO_LARGE)
    return data


def read_bytes(data: bytes, suffix: str = "", *, recognise: bool = True) -> Source:
    """The lines of a file's content, by its real type; `suffix` only tells Markdown (".md") and csv from plain text.

    Raises UnreadableReport with the reason. Without `recognise` no picture is read: NeedsRecognition for a file
    with pages that are pictures, when all else of it has been read.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableReport(TOO_LARGE)
    if not data.strip():
        raise UnreadableReport("文件是空的，请提供有内容的年度报告")
    try:
        kind = kind_of(data, suffix)
    except KindError as reason:
        raise UnreadableReport(str(reason)) from reason
    work = _Work(recognise)
    lines: list[str] = []
    places: list[str] = []
    printed: dict[int, str] = {}
    length = 0
    for place, words in _READERS[kind](data, work):
        line = fold_width(words).rstrip(" ")
        if line != words:
            printed[len(lines)] = repair_ideographs(words)
        length += len(line)
        if length > MAX_CHARACTERS:
            raise UnreadableReport(_TOO_LONG)
        if len(lines) >= MAX_LINES:
            raise UnreadableReport(f"文字超过{MAX_LINES}行，不是一份年度报告，请提供单独的报告文件")
        lines.append(line)
        places.append(place)
    if work.left_out:
        raise NeedsRecognition
    return Source(tuple(lines), kind, tuple(places), work.findings, printed)


# Text ----------------------------------------------------------------------------------------------------


def _decode(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            encodings: tuple[str, ...] = (encoding,)
            break
    else:
        encodings = ("utf-8", "gb18030")
    if encodings[0] == "utf-8" and b"\x00" in data:
        raise UnreadableReport(f"这不是文本文件，请提供{READABLE}")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        _refuse_garbled(text)
        return text
    raise UnreadableReport(f"不是文本或者文字编码已损坏，请用UTF-8重新保存，或者提供{READABLE}")


def _refuse_garbled(text: str) -> None:
    """UnreadableReport for text that went through a wrong encoding."""
    # A PDF may leave a bullet undecoded here and there; a text of which more is lost has lost figures too.
    if "锟斤拷" in text or text.count("\ufffd") * 500 > len(text):
        raise UnreadableReport("文字已成乱码且无法复原，请从原文件重新导出")
    if _SIGNATURE in text:
        return
    sample = text[:20_000]
    for wrong, right in _WRONG_WAYS:
        meant = sample.encode(wrong, "ignore").decode(right, "ignore")
        if _SIGNATURE in meant or ("信息公开" in meant and "信息公开" not in sample):
            raise UnreadableReport(f"文字是乱码（{right}被当作{wrong}读取），请用正确的编码重新保存")


def _bare(line: str) -> str:
    """A line of text as the file writes it, without control characters."""
    return line.translate(_CONTROL).rstrip()


def _clean(line: str) -> str:
    return fold_width(_bare(line)).rstrip()


def _plain(text: str) -> Iterator[Placed]:
    for number, line in enumerate(text.replace("\f", "\n").splitlines(), 1):
        yield f"第{number}行", _bare(line)


def _text(data: bytes) -> str:
    """The text of a file that is nothing else. UnreadableReport."""
    text = _decode(data)
    if len(text) > 4 * MAX_CHARACTERS:
        raise UnreadableReport(_TOO_LONG)
    return text


def _read_txt(data: bytes, work: _Work) -> Iterator[Placed]:
    yield from _plain(_text(data))


def _read_md(data: bytes, work: _Work) -> Iterator[Placed]:
    for place, words in _plain(_text(data)):
        work.check()
        line = fold_width(words)
        if _MARKDOWN_RULE.fullmatch(line.strip()) and "|" in line:
            continue
        if line.lstrip().startswith("|"):
            cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
            yield place, CELL.join(_ESCAPED.sub(r"\1", _MARKDOWN_MARKS.sub("", c)).strip() for c in cells)
        else:
            plain, written = (_ESCAPED.sub(r"\1", _MARKDOWN_MARKS.sub("", one)) for one in (line, words))
            yield place, written if fold_width(written) == plain else plain


class _Counter:
    """Where the lines of a format without lines stand: its paragraphs with text, its tables and their rows."""

    def __init__(self) -> None:
        self._paragraphs = 0
        self._tables: dict[object, int] = {}
        self._rows: dict[object, int] = {}

    def paragraph(self, line: str) -> Placed:
        self._paragraphs += bool(fold_width(line).strip())
        return f"第{max(self._paragraphs, 1)}段", line

    def row(self, table: object, line: str) -> Placed:
        number = self._tables.setdefault(table, len(self._tables) + 1)
        self._rows[table] = self._rows.get(table, 0) + 1
        return f"表格{number}第{self._rows[table]}行", line


def _read_mhtml(data: bytes, work: _Work) -> Iterator[Placed]:
    """A web page saved as one file, as word processors and browsers do (RFC 2557)."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes) and page.strip():
                yield from _read_html(page, work)
                return
    raise UnreadableReport("网页文件里没有正文，请另存为docx或pdf后再试")


def _read_html(data: bytes, work: _Work) -> Iterator[Placed]:
    if len(data) > MAX_HTML_BYTES:
        raise UnreadableReport(f"网页文件超过{MAX_HTML_BYTES // 1024 // 1024}MB，请另存为docx或pdf后再试")
    declared = re.search(rb"charset=[\"']?([\w-]+)", data[:4096], re.IGNORECASE)
    encoding = declared[1].decode("ascii").lower() if declared else ""
    try:
        text = data.decode("gb18030") if encoding.startswith("gb") else _decode(data)
    except UnicodeDecodeError:
        text = _decode(data)
    try:
        # Behind the end of a page the parser reads nothing, but browsers show what stands there.
        text = re.sub(r"</(?:html|body)\s*>", "", text, flags=re.IGNORECASE)
        tree = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, RecursionError, AssertionError) as error:
        raise UnreadableReport("网页文件已损坏，请重新保存后再试") from error
    for hidden in tree.xpath("//script|//style|//template|//noscript|//comment()|//head"):
        hidden.drop_tree()
    rows = set(tree.xpath("//tr[not(.//table)]"))
    blocks = frozenset(
        ["p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "table", "caption"]
    )
    buffer: list[str] = []
    counter = _Counter()

    def flush() -> Iterator[Placed]:
        line = _bare(re.sub(r"\s+", " ", "".join(buffer)))
        buffer.clear()
        yield counter.paragraph(line)

    within: lxml.html.HtmlElement | None = None
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        work.check()
        if within is None and event == "start" and element in rows:
            yield from flush()
            cells = (cell.text_content() for cell in element.iterchildren("td", "th"))
            line = CELL.join(_clean(re.sub(r"\s+", " ", cell)).strip() for cell in cells)
            yield counter.row(next(element.iterancestors("table"), None), line)
            within = element
        elif within is None:
            if element.tag in blocks:
                yield from flush()
            buffer.append((element.text if event == "start" else element.tail) or "")
        elif event == "end" and element is within:
            within = None
    yield from flush()


def _read_docx(data: bytes, work: _Work) -> Iterator[Placed]:
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as error:  # python-docx lets errors of zipfile, lxml and its own through
        raise UnreadableReport("docx文件已损坏或不完整，请用文字处理软件重新保存") from error
    text, paragraph = docx.oxml.ns.qn("w:t"), docx.oxml.ns.qn("w:p")
    row, cell = docx.oxml.ns.qn("w:tr"), docx.oxml.ns.qn("w:tc")

    def words(element: lxml.etree._Element) -> str:
        return "".join(node.text or "" for node in element.iter(text))

    counter = _Counter()
    for element in document.element.body.iter(paragraph, row):
        work.check()
        if element.tag == row:
            line = CELL.join(_clean(words(one)).strip() for one in element.iterchildren(cell))
            yield counter.row(element.getparent(), line)
        elif not any(parent.tag == cell for parent in element.iterancestors()):
            yield counter.paragraph(_bare(words(element)))


def _read_doc(data: bytes, work: _Work) -> Iterator[Placed]:
    """A Word document up to 2003, one cell a line: its cells have no borders that tell a blank one from a row's end."""
    try:
        for part in legacy_word.read(data, Nest(_nothing_within)):
            work.check()
            if (
                not isinstance(part, Passage)
                or part.only
                or part.places[0].layer not in (Layer.TEXT, Layer.TABLE)
            ):
                continue
            for number, line in enumerate(filter(str.strip, re.split(r"[\t\n]", part.text)), 1):
                yield f"第{number}段", _bare(line)
    except Unreadable as reason:
        raise UnreadableReport(f"{str(reason).replace(' ', '')}") from reason


def _nothing_within(data: bytes, name: str, nest: Nest) -> Iterator[Part]:
    """What is embedded in a document is not part of its report."""
    yield from ()


def _read_pdf(data: bytes, work: _Work) -> Iterator[Placed]:
    if b"%%EOF" not in data[-4096:]:
        raise UnreadableReport("PDF不完整，请重新导出或下载后再试")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise UnreadableReport("PDF设有密码，请去除密码后再试") from error
        raise UnreadableReport("PDF已损坏，请重新导出后再试") from error
    try:
        if len(document) > MAX_PDF_PAGES:
            raise UnreadableReport(f"PDF超过{MAX_PDF_PAGES}页，不是一份年度报告，请提供单独的报告文件")
        found = False
        for number in range(len(document)):
            work.check()
            page = document[number]
            if is_scan(page):
                found = True
                yield from _numbered(number + 1, work.recognise(*picture_of(page)))
                page.close()
                continue
            rows = list(page_rows(page))
            page.close()
            text = "\n".join(cell.text for row in rows for cell in row)
            found = found or bool(text.strip())
            _refuse_garbled(text)
            yield from _numbered(number + 1, map(_line, rows))
        if not found:
            raise UnreadableReport("PDF里没有文字，请提供有内容的年度报告")
    except pypdfium2.PdfiumError as error:
        raise UnreadableReport("PDF有一页无法读取，请重新导出") from error
    except PictureError as reason:
        raise UnreadableReport(str(reason)) from reason
    finally:
        document.close()


def _numbered(page: int, lines: Iterable[str]) -> Iterator[Placed]:
    """The lines of a page with their places; those without text are not counted."""
    filled = 0
    for line in lines:
        filled += bool(fold_width(line).strip())
        yield f"第{page}页第{max(filled, 1)}行", line


def _read_picture(data: bytes, work: _Work) -> Iterator[Placed]:
    try:
        for number, (pixels, width) in enumerate(pictures_of(data), 1):
            work.check()
            yield from _numbered(number, work.recognise(pixels, width))
    except PictureError as reason:
        raise UnreadableReport(str(reason)) from reason


def _read_sheet(rows: Iterator[tuple[str, list[CellText]]], work: _Work) -> Iterator[Placed]:
    try:
        for place, row in rows:
            work.check()
            yield place, _line(row)
    except SheetError as reason:
        raise UnreadableReport(str(reason)) from reason


def _read_xlsx(data: bytes, work: _Work) -> Iterator[Placed]:
    return _read_sheet(workbook_rows(data), work)


def _read_xls(data: bytes, work: _Work) -> Iterator[Placed]:
    return _read_sheet(old_workbook_rows(data), work)


def _read_csv(data: bytes, work: _Work) -> Iterator[Placed]:
    return _read_sheet(csv_rows(_text(data)), work)


def _line(row: list[CellText]) -> str:
    if len(row) == 1 and row[0].sure:
        return _bare(row[0].text)
    return CELL.join(_clean(cell.text) + UNSURE * (not cell.sure) for cell in row)


_READERS: dict[str, Callable[[bytes, _Work], Iterator[Placed]]] = {
    "txt": _read_txt,
    "md": _read_md,
    "html": _read_html,
    "docx": _read_docx,
    "doc": _read_doc,
    "xls": _read_xls,
    "mhtml": _read_mhtml,
    "pdf": _read_pdf,
    "picture": _read_picture,
    "csv": _read_csv,
    "xlsx": _read_xlsx,
}
