"""Word files with a text planted in one layer."""

import io
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

BODY = "西工区城市改造办公室工作情况"
_W = nsdecls("w")


def packed(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def fresh() -> docx.document.Document:
    document = docx.Document()
    document.core_properties.author = ""
    document.add_paragraph(BODY)
    return document


def with_parts(
    data: bytes, parts: dict[str, bytes], changes: dict[str, Callable[[str], str]] | None = None
) -> bytes:
    """The package with parts added and texts of parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name in parts:
                continue
            content = old.read(name)
            if changes and name in changes:
                content = changes[name](content.decode()).encode()
            new.writestr(name, content)
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def paragraph_xml(inner: str) -> bytes:
    document = fresh()
    document.element.body.insert(0, parse_xml(f"<w:p {_W}>{inner}</w:p>"))
    return packed(document)


def text(leak: str) -> bytes:
    document = fresh()
    document.add_paragraph(leak)
    return packed(document)


def split_runs(leak: str) -> bytes:
    document = fresh()
    paragraph = document.add_paragraph()
    for char in leak:
        paragraph.add_run(char).bold = True
    return packed(document)


def text_box(leak: str) -> bytes:
    inner = f"<w:txbxContent><w:p><w:r><w:t>{escape(leak)}</w:t></w:r></w:p></w:txbxContent>"
    return paragraph_xml(
        f'<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{inner}</v:textbox></v:shape></w:pict></w:r>'
    )


def table(leak: str) -> bytes:
    document = fresh()
    grid = document.add_table(2, 2)
    grid.cell(0, 0).text, grid.cell(0, 1).text = "项目", "内容"
    grid.cell(1, 1).text = leak
    return packed(document)


def nested_table(leak: str) -> bytes:
    document = fresh()
    grid = document.add_table(1, 1)
    grid.cell(0, 0).add_table(1, 1).cell(0, 0).text = leak
    return packed(document)


def header(leak: str) -> bytes:
    document = fresh()
    document.sections[0].header.paragraphs[0].text = leak
    return packed(document)


def footer(leak: str) -> bytes:
    document = fresh()
    document.sections[0].footer.paragraphs[0].text = leak
    return packed(document)


def comment(leak: str) -> bytes:
    document = fresh()
    document.add_comment(document.paragraphs[0].runs, leak, "经办人", "经")
    return packed(document)


def footnote(leak: str) -> bytes:
    return _notes("footnote", leak)


def endnote(leak: str) -> bytes:
    return _notes("endnote", leak)


def _notes(kind: str, leak: str) -> bytes:
    xml = f'<w:{kind}s {_W}><w:{kind} w:id="2"><w:p><w:r><w:t>{escape(leak)}</w:t></w:r></w:p></w:{kind}></w:{kind}s>'
    return with_parts(packed(fresh()), {f"word/{kind}s.xml": xml.encode()})


def deleted(leak: str) -> bytes:
    return paragraph_xml(
        f'<w:r><w:t>前</w:t></w:r><w:del w:id="1" w:author="a"><w:r><w:delText>{escape(leak)}</w:delText></w:r></w:del>'
    )


def deleted_in_part(leak: str) -> bytes:
    """Half of the leak is deleted: only the version before the change shows it."""
    half = len(leak) // 2
    return paragraph_xml(
        f"<w:r><w:t>{escape(leak[:half])}</w:t></w:r>"
        f'<w:del w:id="1" w:author="a"><w:r><w:delText>{escape(leak[half:])}</w:delText></w:r></w:del>'
    )


def inserted(leak: str) -> bytes:
    return paragraph_xml(f'<w:ins w:id="1" w:author="a"><w:r><w:t>{escape(leak)}</w:t></w:r></w:ins>')


def vanished(leak: str) -> bytes:
    return paragraph_xml(f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{escape(leak)}</w:t></w:r>")


def white(leak: str) -> bytes:
    return paragraph_xml(f'<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>{escape(leak)}</w:t></w:r>')


def hidden_by_style(leak: str) -> bytes:
    style = '<w:style w:type="character" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    data = paragraph_xml(f'<w:r><w:rPr><w:rStyle w:val="Gone"/></w:rPr><w:t>{escape(leak)}</w:t></w:r>')
    return with_parts(data, {}, {"word/styles.xml": lambda xml: xml.replace("</w:styles>", style)})


def title_property(leak: str) -> bytes:
    document = fresh()
    document.core_properties.title = leak
    return packed(document)


def custom_property(leak: str) -> bytes:
    xml = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property name="备注"><vt:lpwstr>{escape(leak)}</vt:lpwstr></property></Properties>'
    )
    return with_parts(packed(fresh()), {"docProps/custom.xml": xml.encode()})


def alt_text(leak: str) -> bytes:
    return paragraph_xml(
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f'<wp:docPr id="1" name="图" descr={quoteattr(leak)}/></wp:inline></w:drawing></w:r>'
    )


def embedded_workbook(leak: str) -> bytes:
    from tests.screening import plants_sheet

    return with_parts(
        packed(fresh()), {"word/embeddings/Microsoft_Excel_Sheet1.xlsx": plants_sheet.cell(leak)}
    )


def unknown_part(leak: str) -> bytes:
    return with_parts(packed(fresh()), {"customXml/item1.xml": f"<a><b>{escape(leak)}</b></a>".encode()})


def macro(_: str = "") -> bytes:
    return with_parts(packed(fresh()), {"word/vbaProject.bin": b"VBA" * 100})


def picture(_: str = "") -> bytes:
    return with_parts(packed(fresh()), {"word/media/image1.png": b"\x89PNG\r\n\x1a\n" + b"0" * 64})
