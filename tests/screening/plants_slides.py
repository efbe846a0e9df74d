"""Presentations with a text planted in one layer, of the parts that a presentation needs and no more."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

from tests.screening import plants_sheet

_NS = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS = {
    "ppt/presentation.xml": "presentation.main",
    "ppt/slides/": "slide",
    "ppt/notesSlides/": "notesSlide",
    "ppt/slideLayouts/": "slideLayout",
    "ppt/comments/": "comments",
}
BODY = "城市改造工作汇报"


def types(names: list[str]) -> str:
    """The part that tells what the others are."""
    inner = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.presentationml.{kind}+xml"/>'
        for name in names
        for folder, kind in _KINDS.items()
        if name.startswith(folder) and name.endswith(".xml")
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{inner}</Types>'
    )


def relations(*rows: tuple[str, str, str]) -> str:
    """A part of relations: (id, kind, target)."""
    inner = "".join(
        f'<Relationship Id="{name}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for name, kind, target in rows
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def paragraph(text: str) -> str:
    return f"<a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p>"


def shape(text: str, at: str = "", properties: str = "") -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="框"{properties}/></p:nvSpPr><p:spPr>{at}</p:spPr>'
        f"<p:txBody>{paragraph(text)}</p:txBody></p:sp>"
    )


def placed(left: int, top: int) -> str:
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="1000000" cy="500000"/></a:xfrm>'


def slide(inner: str, kind: str = "sld", attributes: str = "") -> str:
    return f"<p:{kind} {_NS}{attributes}><p:cSld><p:spTree>{inner}</p:spTree></p:cSld></p:{kind}>"


def package(
    inner: str = "", attributes: str = "", parts: dict[str, str | bytes] | None = None, related: str = ""
) -> bytes:
    """A presentation of two slides; the second holds `inner` beside its title."""
    contents: dict[str, str | bytes] = {
        "_rels/.rels": relations(("rId1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": (
            f'<p:presentation {_NS}><p:sldIdLst><p:sldId id="256" r:id="rId1"/><p:sldId id="257" r:id="rId2"/>'
            '</p:sldIdLst><p:sldSz cx="12192000" cy="6858000"/></p:presentation>'
        ),
        "ppt/_rels/presentation.xml.rels": relations(
            ("rId1", "slide", "slides/slide1.xml"), ("rId2", "slide", "slides/slide2.xml")
        ),
        "ppt/slides/slide1.xml": slide(shape(BODY)),
        "ppt/slides/slide2.xml": slide(inner, attributes=attributes),
        **({"ppt/slides/_rels/slide2.xml.rels": related} if related else {}),
        **(parts or {}),
    }
    contents = {"[Content_Types].xml": types(list(contents)), **contents}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def text(leak: str) -> bytes:
    return package(shape(leak, placed(100000, 100000)))


def split_runs(leak: str) -> bytes:
    runs = "".join(f"<a:r><a:t>{escape(char)}</a:t></a:r>" for char in leak)
    return package(f"<p:sp><p:txBody><a:p>{runs}</a:p></p:txBody></p:sp>")


def grouped(leak: str) -> bytes:
    return package(f"<p:grpSp><p:grpSp>{shape(leak)}</p:grpSp></p:grpSp>")


def table(leak: str) -> bytes:
    cells = "".join(f"<a:tc><a:txBody>{paragraph(text)}</a:txBody></a:tc>" for text in ("项目", leak))
    return package(
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="3" name="表"/></p:nvGraphicFramePr>'
        f"<a:graphic><a:graphicData><a:tbl><a:tr>{cells}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def layout(leak: str) -> bytes:
    return package(parts={"ppt/slideLayouts/slideLayout1.xml": slide(shape(leak), "sldLayout")})


def chart(leak: str) -> bytes:
    xml = (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:title>{paragraph(leak)}</c:title></c:chartSpace>'
    )
    return package(parts={"ppt/charts/chart1.xml": xml})


def notes(leak: str) -> bytes:
    return package(
        parts={"ppt/notesSlides/notesSlide1.xml": slide(shape(leak), "notes")},
        related=relations(("rId1", "notesSlide", "../notesSlides/notesSlide1.xml")),
    )


def hidden_slide(leak: str) -> bytes:
    return package(shape(leak), attributes=' show="0"')


def unlisted_slide(leak: str) -> bytes:
    return package(parts={"ppt/slides/slide9.xml": slide(shape(leak))})


def off_slide(leak: str) -> bytes:
    return package(shape(leak, placed(12300000, 100000)))


def off_slide_in_group(leak: str) -> bytes:
    """The group lies on the slide by its own numbers, and its member off it by the group's."""
    frame = (
        '<p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="24000000" cy="1000000"/>'
        '<a:chOff x="0" y="0"/><a:chExt cx="12000000" cy="1000000"/></a:xfrm></p:grpSpPr>'
    )
    return package(f"<p:grpSp>{frame}{shape(leak, placed(8000000, 100000))}</p:grpSp>")


def switched_off(leak: str) -> bytes:
    return package(shape(leak, properties=' hidden="1"'))


def comment(leak: str) -> bytes:
    xml = f'<p:cmLst {_NS}><p:cm authorId="0"><p:text>{escape(leak)}</p:text></p:cm></p:cmLst>'
    return package(
        parts={"ppt/comments/comment1.xml": xml},
        related=relations(("rId1", "comments", "../comments/comment1.xml")),
    )


def threaded_comment(leak: str) -> bytes:
    xml = (
        '<p188:cmLst xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p188:cm><p188:txBody>'
        f"{paragraph(leak)}</p188:txBody></p188:cm></p188:cmLst>"
    )
    return package(parts={"ppt/comments/modernComment_1.xml": xml})


def alt_text(leak: str) -> bytes:
    return package(
        f'<p:pic><p:nvPicPr><p:cNvPr id="4" name="图" descr={quoteattr(leak)}/></p:nvPicPr></p:pic>'
    )


def title_property(leak: str) -> bytes:
    xml = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(leak)}</dc:title></cp:coreProperties>'
    )
    return package(parts={"docProps/core.xml": xml})


def embedded_workbook(leak: str) -> bytes:
    return package(parts={"ppt/embeddings/Microsoft_Excel_Sheet1.xlsx": plants_sheet.cell(leak)})
