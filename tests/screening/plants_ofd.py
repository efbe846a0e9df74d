"""OFD documents (GB/T 33190) with a text planted in one layer."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

from tests.screening import plants_word

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
BODY = "关于城市改造的通知"


def line(
    text: str,
    top: float = 40,
    *,
    left: float = 20,
    attributes: str = "",
    colour: str = "",
    whole: bool = True,
) -> str:
    """A text object; `whole` false: each letter in an object of its own, as some programs write."""
    if not whole:
        return "".join(line(char, top, left=left + 4 * at) for at, char in enumerate(text))
    steps = f' DeltaX="g {max(len(text) - 1, 1)} 4"'
    fill = f'<ofd:FillColor Value="{colour}"/>' if colour else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{left} {top} {4 * len(text)} 5" Font="3" Size="4"{attributes}>{fill}'
        f'<ofd:TextCode X="0" Y="4"{steps}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def page(inner: str) -> str:
    return f'<ofd:Page {_NS}><ofd:Content><ofd:Layer ID="2" Type="Body">{inner}</ofd:Layer></ofd:Content></ofd:Page>'


def package(
    inner: str = "",
    info: str = "",
    common: str = "",
    tail: str = "",
    parts: dict[str, str | bytes] | None = None,
) -> bytes:
    """A document of one page that holds `inner` below its title."""
    contents: dict[str, str | bytes] = {
        "OFD.xml": (
            f'<ofd:OFD {_NS} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>{info}'
            "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        ),
        "Doc_0/Document.xml": (
            f"<ofd:Document {_NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            f'{common}</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>{tail}'
            "</ofd:Document>"
        ),
        "Doc_0/Pages/Page_0/Content.xml": page(line(BODY, 20) + inner),
        **(parts or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def text(leak: str) -> bytes:
    return package(line(leak))


def letters(leak: str) -> bytes:
    """Each letter an object, the last first."""
    objects = [line(char, left=20 + 4 * at) for at, char in enumerate(leak)]
    return package("".join(reversed(objects)))


def block(leak: str) -> bytes:
    return package(
        f'<ofd:PageBlock ID="7"><ofd:PageBlock ID="8">{line(leak)}</ofd:PageBlock></ofd:PageBlock>'
    )


def template(leak: str) -> bytes:
    return package(
        common='<ofd:TemplatePage ID="5" BaseLoc="Tpls/Tpl_0/Content.xml"/>',
        parts={"Doc_0/Tpls/Tpl_0/Content.xml": page(line(leak))},
    )


def composite(leak: str) -> bytes:
    unit = (
        f'<ofd:CompositeGraphicUnit ID="6"><ofd:Content>{line(leak)}</ofd:Content></ofd:CompositeGraphicUnit>'
    )
    resources = f"<ofd:Res {_NS}><ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnits></ofd:Res>"
    return package(
        '<ofd:CompositeObject ID="10" Boundary="0 0 210 297" ResourceID="6"/>',
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        parts={"Doc_0/DocumentRes.xml": resources},
    )


def outline(leak: str) -> bytes:
    return package(
        tail=f"<ofd:Outlines><ofd:OutlineElem Title={quoteattr(leak)}/></ofd:Outlines>",
    )


def invisible(leak: str) -> bytes:
    return package(line(leak, attributes=' Visible="false"'))


def transparent(leak: str) -> bytes:
    return package(line(leak, attributes=' Alpha="0"'))


def white(leak: str) -> bytes:
    return package(line(leak, colour="255 255 255"))


def outside(leak: str) -> bytes:
    return package(line(leak, 300))


def covered(leak: str) -> bytes:
    bar = (
        '<ofd:PathObject ID="11" Boundary="18 38 180 10" Fill="true" Stroke="false"><ofd:FillColor Value="0 0 0"/>'
        "<ofd:AbbreviatedData>M 0 0 L 180 0 L 180 10 L 0 10 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    return package(line(leak) + bar)


def annotation(leak: str) -> bytes:
    index = f'<ofd:Annotations {_NS}><ofd:Page PageID="1"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>'
    note = (
        f'<ofd:PageAnnot {_NS}><ofd:Annot ID="12" Type="Highlight" Creator=""><ofd:Remark>{escape(leak)}</ofd:Remark>'
        "</ofd:Annot></ofd:PageAnnot>"
    )
    return package(
        tail="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
        parts={"Doc_0/Annots/Annotations.xml": index, "Doc_0/Annots/Page_0/Annotation.xml": note},
    )


def attachment(leak: str) -> bytes:
    index = (
        f'<ofd:Attachments {_NS}><ofd:Attachment ID="13" Name="名单" Format="docx"><ofd:FileLoc>a.docx</ofd:FileLoc>'
        "</ofd:Attachment></ofd:Attachments>"
    )
    return package(
        tail="<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>",
        parts={"Doc_0/Attachs/Attachments.xml": index, "Doc_0/Attachs/a.docx": plants_word.text(leak)},
    )


def title_property(leak: str) -> bytes:
    return package(info=f"<ofd:Title>{escape(leak)}</ofd:Title>")


def custom_data(leak: str) -> bytes:
    return package(
        info=f'<ofd:CustomDatas><ofd:CustomData Name="备注">{escape(leak)}</ofd:CustomData></ofd:CustomDatas>'
    )


def unknown_part(leak: str) -> bytes:
    return package(parts={"Doc_0/Tags/Tag_0.xml": f"<t>{escape(leak)}</t>"})


def picture(data: bytes, name: str = "image.png") -> bytes:
    """A picture on the page, listed as a resource of the document (GB/T 33190 7.9)."""
    listed = (
        f'<ofd:Res {_NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="4" Type="Image">'
        f"<ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    return package(
        '<ofd:ImageObject ID="14" Boundary="10 60 100 50" ResourceID="4"/>',
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        parts={"Doc_0/DocumentRes.xml": listed, f"Doc_0/Res/{name}": data},
    )
