"""What a file really is, told by its content and not by its name; used before anything is stored."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

import filetype

from gongkai.screening.decoding import decode

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_HEAD = 8192

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PDF = "application/pdf"
HTML = "text/html"
MARKDOWN = "text/markdown"
CSV = "text/csv"
PLAIN = "text/plain"
OFD = "application/ofd"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
MSG = "application/vnd.ms-outlook"
OLE = "application/x-ole-storage"
EML = "message/rfc822"
RTF = "application/rtf"
WORD_XML = "application/vnd.ms-word.xml"
ZIP = "application/zip"
UNKNOWN = "application/octet-stream"

_OOXML = {
    "wordprocessingml": (DOCX, "docx"),
    "spreadsheetml": (XLSX, "xlsx"),
    "presentationml": (PPTX, "pptx"),
    "ms-word": (DOCX, "docm"),
    "ms-excel": (XLSX, "xlsm"),
    "ms-powerpoint": (PPTX, "pptm"),
}
_TEXT_BY_NAME = {"html": HTML, "htm": HTML, "md": MARKDOWN, "markdown": MARKDOWN, "csv": CSV, "tsv": CSV}
# What a compound file holds at its top tells its type; the name does not.
_OLE_STREAMS = (
    ("WordDocument", DOC, "doc"),
    ("Workbook", XLS, "xls"),
    ("Book", XLS, "xls"),
    ("PowerPoint Document", PPT, "ppt"),
    ("__properties_version1.0", MSG, "msg"),
)
_MAIL_ENDINGS = frozenset({"eml", "mht", "mhtml"})
_MAIL_HEADER = re.compile(
    rb"([A-Za-z][A-Za-z0-9-]{1,40}):[^\r\n]{0,2000}(?:\r?\n[ \t][^\r\n]{0,2000}){0,60}\r?\n"
)
_MAIL_NAMES = frozenset(
    {
        "from", "to", "cc", "bcc", "subject", "date", "mime-version", "received", "return-path", "message-id", "sender",
        "content-type", "content-transfer-encoding", "reply-to", "delivered-to", "x-mailer", "in-reply-to", "dkim-signature",
    }
)  # fmt: skip
_MAIL_PROOFS = frozenset({"mime-version", "received", "return-path", "message-id"})
_EXTENSIONS = {HTML: "html", MARKDOWN: "md", CSV: "csv", PLAIN: "txt"}
_SAME = (
    {"jpg", "jpeg", "jpe"},
    {"tif", "tiff"},
    {"htm", "html"},
    {"md", "markdown"},
    {"doc", "wps", "dot"},
    {"xls", "et", "xlt"},
    {"ppt", "dps", "pps"},
    {"eml", "mht", "mhtml"},
)
_ARCHIVES = frozenset({"zip", "rar", "7z", "gz", "bz2", "xz", "tar", "Z", "lz", "zst", "lz4"})
_MACRO_SIGNS = (b"_\x00V\x00B\x00A\x00_\x00P\x00R\x00O\x00J\x00E\x00C\x00T", b"V\x00B\x00A\x00\x00\x00")
_ENCRYPTED_SIGNS = (b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e",)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What content tells about a file.

    `extension` is the usual one of its real type, without dot, lower case, empty if unknown.
    `macro`: it carries code (VBA, or scripts of a PDF). `archive`: a pack of other files.
    `encrypted`: it is encrypted; a PDF of this kind may still open without a password. `broken`: it is empty, cut off or damaged.
    `disguised`: the name ends in the extension of another type than the content has.
    """

    media_type: str
    extension: str
    macro: bool = False
    archive: bool = False
    encrypted: bool = False
    broken: bool = False
    disguised: bool = False


def sniff(data: bytes, name: str) -> Sniffed:
    """Tell the real type of a file from its bytes; `name` only tells one kind of text from another.

    Never raises: what is not understood is `application/octet-stream`, what is cut off is `broken`.
    """
    ending = _ending(name)
    if not data:
        return Sniffed(_TEXT_BY_NAME.get(ending, UNKNOWN), ending, broken=True)
    found = _by_content(data, ending)
    return Sniffed(
        found.media_type,
        found.extension,
        found.macro,
        found.archive,
        found.encrypted,
        found.broken,
        disguised=_differ(ending, found.extension),
    )


def _ending(name: str) -> str:
    _, dot, ending = name.rpartition(".")
    return ending.lower() if dot and len(ending) <= 10 else ""


def _differ(ending: str, extension: str) -> bool:
    if not ending or ending == extension:
        return False
    if any(ending in group and extension in group for group in _SAME):
        return False
    # Text has no signature, so any ending that is not a known binary type may be text.
    return not (
        extension == "txt" and filetype.get_type(ext=ending) is None and ending not in ("docm", "xlsm", "ofd")
    )


def _by_content(data: bytes, ending: str) -> Sniffed:
    if data.startswith(_ZIP):
        return _zip(data)
    if data.startswith(_OLE):
        return _ole(data)
    if b"%PDF-" in data[:1024]:
        return _pdf(data)
    if _is_mail(data, ending):
        return Sniffed(EML, "eml")
    kind = filetype.guess(data[:_HEAD])
    if kind is not None:
        return Sniffed(kind.mime, kind.extension, archive=kind.extension in _ARCHIVES)
    return _text(data, ending)


def _zip(data: bytes) -> Sniffed:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            names = {entry.filename for entry in entries}
            encrypted = any(entry.flag_bits & 1 for entry in entries)
            if "OFD.xml" in names:
                return Sniffed(OFD, "ofd", encrypted=encrypted)
            if "[Content_Types].xml" not in names:
                return Sniffed(ZIP, "zip", archive=True, encrypted=encrypted)
            if encrypted:
                return Sniffed(ZIP, "zip", archive=True, encrypted=True)
            with package.open("[Content_Types].xml") as stream:
                types = stream.read(1 << 20).decode("utf-8", "replace")
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
    ):
        return Sniffed(ZIP, "zip", archive=True, broken=True)
    macro = any(
        name.lower().endswith(("vbaproject.bin", ".xlm")) or "/macrosheets/" in name for name in names
    )
    for folder, sign in (("word/", "wordprocessingml"), ("xl/", "spreadsheetml"), ("ppt/", "presentationml")):
        if any(name.startswith(folder) for name in names) and (sign in types or "macroEnabled" in types):
            media_type, extension = _OOXML[sign]
            coded = "macroEnabled" in types
            return Sniffed(media_type, extension[:-1] + "m" if coded else extension, macro=macro or coded)
    return Sniffed(ZIP, "zip", archive=True, macro=macro)


def _ole(data: bytes) -> Sniffed:
    # Only such files pay for the library that opens them.
    from gongkai.screening.readers.compound import top_names

    names = top_names(data)
    encrypted = "EncryptedPackage" in names or any(sign in data for sign in _ENCRYPTED_SIGNS)
    macro = any(sign in data for sign in _MACRO_SIGNS)
    for name, media_type, extension in _OLE_STREAMS:
        if name in names:
            return Sniffed(media_type, extension, macro=macro, encrypted=encrypted)
    return Sniffed(OLE, "ole", macro=macro, encrypted=encrypted, broken=not names)


def _is_mail(data: bytes, ending: str) -> bool:
    """Whether a file begins as an internet message (RFC 5322) does: with headers of mail."""
    at = len(b"\xef\xbb\xbf") if data.startswith(b"\xef\xbb\xbf") else 0
    names = set()
    for _ in range(40):
        header = _MAIL_HEADER.match(data, at)
        if header is None:
            break
        names.add(header.group(1).decode("ascii").lower())
        at = header.end()
    known = names & _MAIL_NAMES
    if ending in _MAIL_ENDINGS:
        return bool(known)
    return len(known) >= 3 and bool(known & _MAIL_PROOFS)


def _pdf(data: bytes) -> Sniffed:
    macro = b"/JavaScript" in data or b"/JS " in data or b"/JS(" in data
    return Sniffed(
        PDF, "pdf", macro=macro, encrypted=b"/Encrypt" in data, broken=b"%%EOF" not in data[-2048:]
    )


def _text(data: bytes, ending: str) -> Sniffed:
    try:
        text = decode(data)
    except UnicodeError:
        return Sniffed(UNKNOWN, "")
    head = text[:1024].lstrip().lower()
    if head.startswith(("<!doctype html", "<html", "<head", "<body")) or (
        "<html" in head and head.startswith("<")
    ):
        return Sniffed(HTML, "html")
    if head.startswith("<?xml") and "word.document" in text[:4096].lower():
        return Sniffed(WORD_XML, "xml")
    media_type = _TEXT_BY_NAME.get(ending, PLAIN)
    return Sniffed(media_type, ending if media_type is CSV else _EXTENSIONS[media_type])
