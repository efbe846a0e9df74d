"""PDF and html files with a text planted in one layer."""

import io
from functools import cache
from html import escape
from pathlib import Path

import pikepdf
import typst

FONTS = Path(__file__).parents[2] / "src" / "gongkai" / "paperwork" / "fonts"


@cache
def typeset(source: str) -> bytes:
    return typst.compile(source.encode(), font_paths=[str(FONTS)], ignore_system_fonts=True)


def _opened() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(typeset('#set text(font: "Gongkai Song")\n西工区城市改造办公室')))


def _saved(pdf: pikepdf.Pdf) -> bytes:
    stream = io.BytesIO()
    pdf.save(stream)
    return stream.getvalue()


def text(leak: str) -> bytes:
    quoted = leak.replace('"', '\\"')
    return typeset(f'#set text(font: "Gongkai Song")\n西工区城市改造办公室\n\n#text("{quoted}")\n\n完')


def title_property(leak: str) -> bytes:
    pdf = _opened()
    pdf.docinfo["/Title"] = leak
    return _saved(pdf)


def packet(leak: str) -> bytes:
    pdf = _opened()
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = leak
    return _saved(pdf)


def note(leak: str) -> bytes:
    pdf = _opened()
    annotation = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=[10, 10, 30, 30],
        Contents=pikepdf.String(leak),
    )
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(annotation)]))
    return _saved(pdf)


def form_field(leak: str) -> bytes:
    pdf = _opened()
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Widget,
        FT=pikepdf.Name.Tx,
        T=pikepdf.String("f"),
        Rect=[10, 10, 90, 30],
        V=pikepdf.String(leak),
    )
    fields = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(field)]))
    pdf.pages[0].Annots = fields
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=fields)
    return _saved(pdf)


def attachment(leak: str) -> bytes:
    pdf = _opened()
    pdf.attachments["名单.txt"] = pikepdf.AttachedFileSpec(pdf, leak.encode(), filename="名单.txt")
    return _saved(pdf)


def invisible(leak: str) -> bytes:
    """Text drawn in rendering mode 3, which shows nothing."""
    pdf = pikepdf.open(io.BytesIO(text(leak)))
    content = pdf.pages[0].Contents.read_bytes()
    pdf.pages[0].Contents = pdf.make_stream(content.replace(b"0 Tr", b"3 Tr"))
    return _saved(pdf)


def scan(_: str = "") -> bytes:
    """A page that is one picture."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    image = pikepdf.Stream(pdf, bytes(200 * 200))
    image.update(
        pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=200,
            Height=200,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
        )
    )
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.Contents = pdf.make_stream(b"q 200 0 0 200 0 0 cm /Im0 Do Q")
    return _saved(pdf)


def script(_: str = "") -> bytes:
    pdf = _opened()
    pdf.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(
            Names=pikepdf.Array(
                [
                    pikepdf.String("a"),
                    pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")),
                ]
            )
        )
    )
    return _saved(pdf)


def encrypted(_: str = "") -> bytes:
    pdf = _opened()
    stream = io.BytesIO()
    pdf.save(stream, encryption=pikepdf.Encryption(owner="o", user="u"))
    return stream.getvalue()


def html(body: str, head: str = "") -> bytes:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body><p>工作情况</p>{body}</body></html>'.encode()


HTML = {
    "text": lambda leak: html(f"<p>{escape(leak)}</p>"),
    "text split by tags": lambda leak: html(
        f"<p>{escape(leak[:6])}<b>{escape(leak[6:9])}</b><i>{escape(leak[9:])}</i></p>"
    ),
    "table": lambda leak: html(f"<table><tr><td>甲</td><td>{escape(leak)}</td></tr></table>"),
    "comment": lambda leak: html(f"<!-- {escape(leak)} -->"),
    "hidden_text": lambda leak: html(f'<p style="display: none">{escape(leak)}</p>'),
    "hidden_text white": lambda leak: html(f'<span style="color:#fff">{escape(leak)}</span>'),
    "hidden_text attribute": lambda leak: html(f"<p hidden><b>{escape(leak)}</b></p>"),
    "hidden_text class": lambda leak: html(
        f'<p class="x y">{escape(leak)}</p>', "<style>.y { display:none }</style>"
    ),
    "hidden_text field": lambda leak: html(f'<input type="hidden" value="{escape(leak)}">'),
    "hidden_text data": lambda leak: html(f'<p data-row="{escape(leak)}">甲</p>'),
    "hidden_text script": lambda leak: html(f"<script>var a = '{leak}'</script>"),
    "alt_text": lambda leak: html(f'<img src="a.png" alt="{escape(leak)}">'),
    "metadata": lambda leak: html("", f'<meta name="description" content="{escape(leak)}">'),
}
