"""PDF files: the text of each page, notes, form fields, attachments, properties, and the words in its pictures."""

import ctypes
import re
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.screening.finding import Layer
from gongkai.screening.masking import mask_digits
from gongkai.screening.passage import Concealed, Part, Passage, Unreadable, Weaver
from gongkai.screening.readers import office, page_picture
from gongkai.screening.readers.office import EmbeddedReader
from gongkai.screening.readers.package import local, parse_xml
from gongkai.screening.readers.page_view import View, letters

_UNMAPPED_SHARE = 0.1
_XMP = re.compile(rb"<x:xmpmeta.{0,200000}?</x:xmpmeta>", re.DOTALL)
_PERSON = {"Author": "作者"}
_OTHER = {
    "Title": "标题",
    "Subject": "主题",
    "Keywords": "关键词",
    "Creator": "创建程序",
    "Producer": "生成程序",
}
_NOTE_KEYS = (b"Contents", b"RC", b"Subj")
_WHY_UNMAPPED = "本页文字的编码无法还原，内容未能识别，须由人查看"
_WHY_FORM = "动态表单（XFA）的内容未能读取，须由人查看"


def read(data: bytes, read_embedded: EmbeddedReader) -> Iterator[Part]:
    """All parts of a PDF. Raises Unreadable if it needs a password, is cut off or damaged."""
    if b"%%EOF" not in data[-2048:]:
        raise Unreadable("PDF 文件不完整，请重新导出后再试")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Unreadable("PDF 文件已加密，请去除密码后再试") from error
        raise Unreadable("PDF 文件已损坏或不完整，请重新导出后再试") from error
    try:
        yield from _properties(document)
        yield from _packets(data)
        for number in range(len(document)):
            yield from _page(document, number, read_embedded)
        yield from _outline(document)
        yield from _attachments(document, read_embedded)
        if pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0 or b"/JavaScript" in data:
            yield office.macro_remark("PDF 脚本", "脚本")
        if pdfium.FPDF_GetFormType(document.raw) in (
            pdfium.FORMTYPE_XFA_FULL,
            pdfium.FORMTYPE_XFA_FOREGROUND,
        ):
            yield office.object_remark("PDF 表单", "XFA", _WHY_FORM)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("PDF 文件有页面已损坏，请重新导出后再试") from error
    finally:
        document.close()


def _properties(document: pypdfium2.PdfDocument) -> Iterator[Part]:
    weaver = Weaver()
    for key, value in document.get_metadata_dict(skip_empty=True).items():
        label = _PERSON.get(key)
        if label and not office.names_nobody(value):
            yield office.person_remark(label, value)
        shown = label or _OTHER.get(key)
        if shown:
            weaver.add(value, Layer.METADATA, f"文档属性，{shown}")
            weaver.break_with("\t\n")
    yield from weaver.passages()


def _packets(data: bytes) -> Iterator[Part]:
    """XMP packets, which stand uncompressed in the file."""
    weaver = Weaver()
    for match in _XMP.finditer(data):
        try:
            root = parse_xml(match.group())
        except Unreadable:
            yield office.object_remark("XMP 属性", "XMP")
            continue
        for element in root.iter():
            value = (element.text or "").strip()
            parents = {local(above) for above in element.iterancestors()}
            if value and "creator" in parents and not office.names_nobody(value):
                yield office.person_remark("作者", value)
            if value and local(element) not in (
                "CreateDate",
                "ModifyDate",
                "MetadataDate",
                "DocumentID",
                "InstanceID",
            ):
                weaver.add(value, Layer.METADATA, "文档属性，XMP")
                weaver.break_with("\t\n")
    yield from weaver.passages()


def _page(document: pypdfium2.PdfDocument, number: int, read_embedded: EmbeddedReader) -> Iterator[Part]:
    location = f"第 {number + 1} 页"
    page = document[number]
    try:
        text_page = page.get_textpage()
        text = text_page.get_text_range() if text_page.count_chars() > 0 else ""
        view = View(page)
        if text.strip():
            yield from _woven(letters(view, text_page), text, location)
        garbled = bool(text.strip()) and _unmapped(text) > _UNMAPPED_SHARE
        parts = list(page_picture.read(view, location, whole=garbled))
        if garbled and not any(isinstance(part, Passage) for part in parts):
            yield office.object_remark(location, "文字无法还原", _WHY_UNMAPPED)
        yield from parts
        yield from _annotations(page, location, read_embedded)
    finally:
        page.close()


def _woven(layered: list[tuple[str, Layer]], text: str, location: str) -> Iterator[Part]:
    """The text of a page as one passage, each letter in its layer, and that something of it is not seen."""
    concealed = {layer: "" for _, layer in layered if layer is not Layer.TEXT}
    if not concealed:
        yield from _one(text, Layer.TEXT, location)
        return
    weaver = Weaver()
    for char, layer in layered:
        weaver.add(char, layer, location)
        if layer in concealed:
            concealed[layer] += char
    yield from weaver.passages()
    for layer, chars in concealed.items():
        yield Concealed(layer, location, chars)


def _unmapped(text: str) -> float:
    """Share of characters that stand for no known letter."""
    strange = sum(char == "\ufffd" or char == "\x00" or "\ue000" <= char <= "\uf8ff" for char in text)
    return strange / len(text)


def _annotations(page: pypdfium2.PdfPage, location: str, read_embedded: EmbeddedReader) -> Iterator[Part]:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
            where = f"{location}，注释 {index + 1}"
            if subtype == pdfium.FPDF_ANNOT_WIDGET:
                yield from _one(_value(annotation, b"V"), Layer.TEXT, f"{location}，表单域 {index + 1}")
                yield from _one(_value(annotation, b"TU"), Layer.ALT_TEXT, f"{location}，表单域 {index + 1}")
            elif subtype == pdfium.FPDF_ANNOT_FILEATTACHMENT:
                yield from _attached(pdfium.FPDFAnnot_GetFileAttachment(annotation), read_embedded)
            elif subtype not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP):
                texts = list(dict.fromkeys(filter(None, (_value(annotation, key) for key in _NOTE_KEYS))))
                for text in texts:
                    yield from _one(text, Layer.COMMENT, where)
                yield from _one(_value(annotation, b"T"), Layer.COMMENT, f"{where}，批注者")
                yield Concealed(Layer.COMMENT, where, texts[0] if texts else "无文字的注释")
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _value(annotation: pdfium.FPDF_ANNOTATION, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAnnot_GetStringValue(
        annotation, key, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size
    )
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _one(text: str, layer: Layer, location: str) -> Iterator[Part]:
    weaver = Weaver()
    weaver.add(text, layer, location)
    yield from weaver.passages()


def _outline(document: pypdfium2.PdfDocument) -> Iterator[Part]:
    weaver = Weaver()
    for bookmark in document.get_toc():
        weaver.add(bookmark.get_title() or "", Layer.TEXT, "书签")
        weaver.break_with("\t\n")
    yield from weaver.passages()


def _attachments(document: pypdfium2.PdfDocument, read_embedded: EmbeddedReader) -> Iterator[Part]:
    for index in range(document.count_attachments()):
        yield from _attached(document.get_attachment(index).raw, read_embedded)


def _attached(raw: pdfium.FPDF_ATTACHMENT, read_embedded: EmbeddedReader) -> Iterator[Part]:
    if not raw:
        yield office.object_remark("附件", "附件")
        return
    attachment = pypdfium2.PdfAttachment(raw, None)
    name = attachment.get_name() or "附件"
    try:
        data = bytes(attachment.get_data())
    except pypdfium2.PdfiumError:
        yield office.object_remark(f"内嵌文件“{mask_digits(name)}”", name)
        return
    yield from office.embedded(data, name, read_embedded)
