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


def black_on_black(leak: str) -> bytes:
    return paragraph_xml(f'<w:r><w:rPr><w:highlight w:val="black"/></w:rPr><w:t>{escape(leak)}</w:t></w:r>')


def dark_on_shading(leak: str) -> bytes:
    shade = '<w:color w:val="000000"/><w:shd w:val="clear" w:color="auto" w:fill="000000"/>'
    return paragraph_xml(f"<w:r><w:rPr>{shade}</w:rPr><w:t>{escape(leak)}</w:t></w:r>")


_DRAWING = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def anchored(graphic: str, *, top: int = 0, wrap: str = "wrapNone", behind: int = 0) -> str:
    """A run with a drawing of 15 × 2 cm that floats at `top` (EMU) below its paragraph's top."""
    return (
        f'<w:r><w:drawing><wp:anchor {_DRAWING} behindDoc="{behind}" simplePos="0" relativeHeight="1" locked="0" '
        'layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{top}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="5400000" cy="720000"/><wp:{wrap}/><wp:docPr id="7" name="形状"/>'
        f'<a:graphic><a:graphicData uri="u">{graphic}</a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>'
    )


def shape(fill: str = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>') -> str:
    return f'<wps:wsp><wps:spPr><a:prstGeom prst="rect"/>{fill}</wps:spPr><wps:bodyPr/></wps:wsp>'


def under_a_shape(leak: str) -> bytes:
    return paragraph_xml(f"{anchored(shape())}<w:r><w:t>{escape(leak)}</w:t></w:r>")


def below_the_anchor(leak: str) -> bytes:
    """The shape hangs on an empty paragraph and reaches down over the next one."""
    document = fresh()
    document.element.body.insert(0, parse_xml(f"<w:p {_W}>{anchored(shape())}</w:p>"))
    document.element.body.insert(1, parse_xml(f"<w:p {_W}><w:r><w:t>{escape(leak)}</w:t></w:r></w:p>"))
    document.element.body.insert(2, parse_xml(f"<w:p {_W}/>"))
    document.element.body.insert(2, parse_xml(f"<w:p {_W}/>"))
    return packed(document)


def under_an_old_shape(leak: str) -> bytes:
    style = "position:absolute;margin-left:0;margin-top:0;width:400pt;height:40pt;z-index:251658240"
    rect = f'<v:rect xmlns:v="urn:schemas-microsoft-com:vml" style="{style}" fillcolor="black"/>'
    return paragraph_xml(f"<w:r><w:pict>{rect}</w:pict></w:r><w:r><w:t>{escape(leak)}</w:t></w:r>")


def macro(_: str = "") -> bytes:
    return with_parts(packed(fresh()), {"word/vbaProject.bin": b"VBA" * 100})


def picture(_: str = "") -> bytes:
    return with_parts(packed(fresh()), {"word/media/image1.png": b"\x89PNG\r\n\x1a\n" + b"0" * 64})
