"""What a file is, by its content, and why it is not read if it is not: a password, a macro, a bomb, another format."""

import io
import re
import zipfile

from gongkai.reporting.reading.pictures import is_picture
from gongkai.screening import sniffing

READABLE = "txt、md、csv、html、docx、xlsx、pdf或扫描图片"
# A report unpacks to some megabytes; one of its parts to fewer still. What more unpacks to is a bomb or no report.
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PART_BYTES = 40 * 1024 * 1024
MAX_ENTRIES = 5_000

_LOCKED = "文件设有密码，请用办公软件去除密码、另存后再试"
_OFD = "OFD文件暂不能读取，请用OFD阅读器另存为pdf，或者提供docx"
_OLD = {
    sniffing.PPT: "演示文稿不能作为年度报告读取，请提供docx或pdf",
    sniffing.MSG: "邮件不能作为年度报告读取，请把附件另存为单独的文件",
    sniffing.OLE: "旧版办公文档的类型无法识别，请另存为docx或xlsx后再试",
}
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table)\b", re.IGNORECASE)
_MAIL = re.compile(rb"(?:[A-Za-z-]{2,40}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*?MIME-Version:", re.IGNORECASE)
_TEXT = {".md": "md", ".markdown": "md", ".csv": "csv", ".tsv": "csv"}


class KindError(ValueError):
    """The file is of a kind that is not read; the message is one clause: what is wrong and what to do."""


def kind_of(data: bytes, suffix: str) -> str:
    """The reader for a file: pdf, picture, docx, xlsx, doc, xls, mhtml, html, md, csv or txt. KindError.

    `suffix` only tells Markdown and csv from plain text.
    """
    head = data[:1024].lstrip()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound(data)
    if is_picture(data):
        return "picture"
    if head.startswith(b"{\\rtf"):
        raise KindError("RTF文件暂不能读取，请另存为docx后再试")
    if data.startswith(_ARCHIVES):
        raise KindError("这是压缩包，请解压后逐个提供年度报告文件")
    if head.startswith((b"<?xml", b"\xef\xbb\xbf<?xml")) and b"word/2003/wordml" in data[:8192]:
        raise KindError("XML格式的Word文档暂不能读取，请另存为docx后再试")
    if _MAIL.match(data[:8192]):
        return "mhtml"
    if _HTML.search(data[:4096]):
        return "html"
    return _TEXT.get(suffix, "txt")


def _package(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise KindError("文件已损坏或不完整，请重新导出或下载后再试") from error
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise KindError(_LOCKED)
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise KindError("文件解压后过大，疑似压缩炸弹，请提供单独的年度报告文件")
    if any(
        entry.file_size > MAX_PART_BYTES and entry.filename.endswith((".xml", ".rels")) for entry in entries
    ):
        raise KindError("文件里有过大的部分，不是一份年度报告，请提供单独的年度报告文件")
    if "OFD.xml" in names:
        raise KindError(_OFD)
    kind = "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else ""
    if kind and sniffing.sniff(data, "").macro:
        raise KindError(f"文件含有宏，为安全起见不读取，请另存为不带宏的{kind}后再试")
    if kind:
        return kind
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise KindError(f"这种办公文档暂不能读取，请另存为{READABLE}")
    raise KindError("这是压缩包，请解压后逐个提供年度报告文件")


def _compound(data: bytes) -> str:
    found = sniffing.sniff(data, "")
    if found.encrypted:
        raise KindError(_LOCKED)
    if found.broken:
        raise KindError("文件已损坏或不完整，请重新导出或下载后再试")
    kind = {sniffing.DOC: "doc", sniffing.XLS: "xls"}.get(found.media_type, "")
    if found.macro:
        raise KindError(
            f"文件含有宏，为安全起见不读取，请另存为不带宏的{'xlsx' if kind == 'xls' else 'docx'}后再试"
        )
    if not kind:
        raise KindError(_OLD.get(found.media_type, _OLD[sniffing.OLE]))
    return kind
