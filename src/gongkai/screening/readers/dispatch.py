"""Which reader reads what, by the real type of a file."""

from collections.abc import Iterator

from gongkai.screening.finding import Kind, Layer
from gongkai.screening.passage import Part, Passage, Place, Remark, Unreadable
from gongkai.screening.sniffing import (
    CSV,
    DOCX,
    HTML,
    MARKDOWN,
    OFD,
    OLE,
    PDF,
    PLAIN,
    PPTX,
    XLSX,
    Sniffed,
    sniff,
)

MAX_DEPTH = 3

_WHY_MACRO = "文件带有宏或脚本，打开时会运行；对外发布的文件不得带宏"


def read(data: bytes, name: str, depth: int = 0) -> Iterator[Part]:
    """All parts of a file, its name included. Raises Unreadable with the reason, in Chinese."""
    if not data:
        raise Unreadable("空文件，没有任何内容，请重新上传")
    found = sniff(data, name)
    if found.encrypted and found.media_type != PDF:
        raise Unreadable("文件已加密，请去除密码后再试")
    yield Passage(name, [Place(0, Layer.METADATA, "文件名")])
    # Scripts of a PDF are its reader's to find: they may lie in compressed objects.
    if found.macro and found.media_type != PDF:
        yield Remark(Kind.MACRO, Layer.EMBEDDED_FILE, "文件", "宏或脚本", _WHY_MACRO)
    yield from _by_type(data, found, depth)


def _by_type(data: bytes, found: Sniffed, depth: int) -> Iterator[Part]:
    def read_embedded(inner: bytes, inner_name: str) -> Iterator[Part]:
        if depth + 1 >= MAX_DEPTH:
            raise Unreadable("内嵌层数过多")
        return read(inner, inner_name, depth + 1)

    # Each reader is imported only when its format comes up: the child starts in a fraction of a second.
    if found.media_type == DOCX:
        from gongkai.screening.readers import word

        yield from word.read(data, read_embedded)
    elif found.media_type == XLSX:
        from gongkai.screening.readers import sheet

        yield from sheet.read(data, read_embedded)
    elif found.media_type == PDF:
        from gongkai.screening.readers import page

        yield from page.read(data, read_embedded)
    elif found.media_type == HTML:
        from gongkai.screening.readers import web

        yield from web.read(web.text_of(data))
    elif found.media_type in (PLAIN, MARKDOWN, CSV):
        from gongkai.screening.readers import plain

        if found.media_type == MARKDOWN:
            yield from plain.read_markdown(data)
        elif found.media_type == CSV:
            yield from plain.read_csv(data, tabs=found.extension == "tsv")
        else:
            yield from plain.read_text(data)
    elif found.media_type.startswith("image/"):
        from gongkai.screening.readers import picture

        yield from picture.read(data)
    else:
        raise Unreadable(_refusal(found))


def _refusal(found: Sniffed) -> str:
    if found.media_type in (OLE,):
        return "旧版办公文档（doc、xls、ppt、wps、et）尚不能读取，请另存为 docx 或 xlsx 后再试"
    if found.media_type == PPTX:
        return "演示文稿尚不能读取，请另存为 PDF 后再试"
    if found.media_type == OFD:
        return "OFD 文件尚不能读取，请另存为 PDF 后再试"
    if found.archive and found.broken:
        return "文件已损坏或不完整，请重新制作后再试"
    if found.archive:
        return "压缩包尚不能读取，请解压后逐个提交"
    return "不支持的文件类型，未读取"
