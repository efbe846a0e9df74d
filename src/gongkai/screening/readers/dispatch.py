"""Which reader reads what, by the real type of a file."""

from collections.abc import Iterator

from gongkai.screening.finding import Kind, Layer
from gongkai.screening.passage import Part, Passage, Place, Remark, Unreadable
from gongkai.screening.readers.nest import Nest
from gongkai.screening.sniffing import (
    CSV,
    DOC,
    DOCX,
    EML,
    HTML,
    MARKDOWN,
    MSG,
    OFD,
    OLE,
    PDF,
    PLAIN,
    PPT,
    PPTX,
    RTF,
    WORD_XML,
    XLS,
    XLSX,
    ZIP,
    Sniffed,
    sniff,
)

_WHY_MACRO = "文件带有宏或脚本，打开时会运行；对外发布的文件不得带宏"
_BROKEN = "文件已损坏或不完整，请重新制作后再试"
_REFUSALS = {
    PPT: "旧版演示文稿（ppt、dps）不能读取，请另存为 pptx 或 PDF 后再试",
    MSG: "Outlook 邮件（msg）不能读取，请另存为 eml 后再试",
    OLE: "旧版办公文档的类型无法识别，未读取，请另存为 docx、xlsx 或 PDF 后再试",
    RTF: "RTF 文档不能读取，请另存为 docx 后再试",
    WORD_XML: "XML 格式的 Word 文档不能读取，请另存为 docx 后再试",
}


def read(data: bytes, name: str, nest: Nest | None = None) -> Iterator[Part]:
    """All parts of a file, its name included; `nest` is where it lies if that is in another file.

    Raises Unreadable with the reason, in Chinese.
    """
    if not data:
        raise Unreadable("空文件，没有任何内容，请重新上传")
    found = sniff(data, name)
    # A PDF may open all the same, and of an archive only some files may be encrypted.
    if found.encrypted and found.media_type not in (PDF, ZIP):
        raise Unreadable("文件已加密，请去除密码后再试")
    yield Passage(name, [Place(0, Layer.METADATA, "文件名")])
    # Scripts of a PDF are its reader's to find: they may lie in compressed objects.
    if found.macro and found.media_type != PDF:
        yield Remark(Kind.MACRO, Layer.EMBEDDED_FILE, "文件", "宏或脚本", _WHY_MACRO)
    yield from _by_type(data, found, nest or Nest(read))


def _by_type(data: bytes, found: Sniffed, nest: Nest) -> Iterator[Part]:
    # Each reader is imported only when its format comes up: the child starts in a fraction of a second.
    media_type = found.media_type
    if media_type == DOCX:
        from gongkai.screening.readers import word

        yield from word.read(data, nest)
    elif media_type == XLSX:
        from gongkai.screening.readers import sheet

        yield from sheet.read(data, nest)
    elif media_type == PPTX:
        from gongkai.screening.readers import slides

        yield from slides.read(data, nest)
    elif media_type == DOC:
        from gongkai.screening.readers import legacy_word

        yield from legacy_word.read(data, nest)
    elif media_type == XLS:
        from gongkai.screening.readers import legacy_sheet

        yield from legacy_sheet.read(data, nest)
    elif media_type == PDF:
        from gongkai.screening.readers import page

        yield from page.read(data, nest)
    elif media_type == OFD:
        from gongkai.screening.readers import ofd

        yield from ofd.read(data, nest)
    elif media_type == EML:
        from gongkai.screening.readers import mail

        yield from mail.read(data, nest)
    elif media_type == ZIP and not found.broken:
        from gongkai.screening.readers import archive

        yield from archive.read(data, nest)
    elif media_type in (PLAIN, MARKDOWN, CSV, HTML) or media_type.startswith("image/"):
        yield from _simple(data, found)
    else:
        raise Unreadable(_refusal(found))


def _simple(data: bytes, found: Sniffed) -> Iterator[Part]:
    """Formats that hold no other files."""
    if found.media_type.startswith("image/"):
        from gongkai.screening.readers import picture

        yield from picture.read(data)
        return
    from gongkai.screening.readers import plain, web

    if found.media_type == HTML:
        yield from web.read(web.text_of(data))
    elif found.media_type == MARKDOWN:
        yield from plain.read_markdown(data)
    elif found.media_type == CSV:
        yield from plain.read_csv(data, tabs=found.extension == "tsv")
    else:
        yield from plain.read_text(data)


def _refusal(found: Sniffed) -> str:
    if found.broken:
        return _BROKEN
    if found.archive:
        return f"{found.extension} 压缩包不能读取，请改用 zip 压缩或解压后逐个提交"
    return _REFUSALS.get(found.media_type, "不支持的文件类型，未读取")
