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


def opened() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(typeset('#set text(font: "Gongkai Song")\n西工区城市改造办公室')))


def saved(pdf: pikepdf.Pdf) -> bytes:
    stream = io.BytesIO()
    pdf.save(stream)
    return stream.getvalue()


def text(leak: str) -> bytes:
    quoted = leak.replace('"', '\\"')
    return typeset(f'#set text(font: "Gongkai Song")\n西工区城市改造办公室\n\n#text("{quoted}")\n\n完')


def title_property(leak: str) -> bytes:
    pdf = opened()
    pdf.docinfo["/Title"] = leak
    return saved(pdf)


def packet(leak: str) -> bytes:
    pdf = opened()
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = leak
    return saved(pdf)


def note(leak: str) -> bytes:
    pdf = opened()
    annotation = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=[10, 10, 30, 30],
        Contents=pikepdf.String(leak),
    )
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(annotation)]))
    return saved(pdf)


def form_field(leak: str) -> bytes:
    pdf = opened()
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
    return saved(pdf)


def attachment(leak: str) -> bytes:
    pdf = opened()
    pdf.attachments["名单.txt"] = pikepdf.AttachedFileSpec(pdf, leak.encode(), filename="名单.txt")
    return saved(pdf)


def invisible(leak: str) -> bytes:
    """Text drawn in rendering mode 3, which shows nothing."""
    pdf = pikepdf.open(io.BytesIO(text(leak)))
    content = pdf.pages[0].Contents.read_bytes()
    pdf.pages[0].Contents = pdf.make_stream(content.replace(b"0 Tr", b"3 Tr"))
    return saved(pdf)


def _with_last(leak: str, last: bytes) -> bytes:
    """The page of `text`, with something drawn after everything else."""
    pdf = pikepdf.open(io.BytesIO(text(leak)))
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(b"q " + page.Contents.read_bytes() + b" Q " + last)
    return saved(pdf)


def black_bar(leak: str) -> bytes:
    """The text under a filled rectangle that is drawn after it."""
    return _with_last(leak, b"0 g 60 690 480 60 re f")


def white_bar_with_words(leak: str) -> bytes:
    """The text under a white rectangle on which other words stand."""
    pdf = pikepdf.open(io.BytesIO(text(leak)))
    other = pikepdf.open(
        io.BytesIO(typeset('#set text(font: "Gongkai Song")\n#v(15pt)\n\n已按规定隐去，不予公开，不予公开'))
    )
    content = pdf.pages[0].Contents.read_bytes()
    fonts = other.pages[0].Resources.Font
    for name in list(fonts.keys()):
        pdf.pages[0].Resources.Font["/Z" + name[1:]] = pdf.copy_foreign(fonts[name])
    above = other.pages[0].Contents.read_bytes()
    for name in list(fonts.keys()):
        above = above.replace(name.encode() + b" ", b"/Z" + name[1:].encode() + b" ")
    pdf.pages[0].Contents = pdf.make_stream(
        b"q " + content + b" Q q 1 g 0 600 595 242 re f Q q " + above + b" Q"
    )
    return saved(pdf)


def covering_note(leak: str) -> bytes:
    """The text under a filled square that is a note on the page."""
    pdf = pikepdf.open(io.BytesIO(text(leak)))
    look = pdf.make_stream(b"0 g 0 0 480 60 re f")
    look.update(
        pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 480, 60])
    )
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Square,
        Rect=[60, 690, 540, 750],
        F=4,
        AP=pikepdf.Dictionary(N=look),
    )
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))
    return saved(pdf)


def in_the_colour_of_the_page(leak: str) -> bytes:
    quoted = leak.replace('"', '\\"')
    return typeset(f'#set text(font: "Gongkai Song")\n西工区\n\n#text(fill: white, "{quoted}")\n\n完')


def outside_the_page(leak: str) -> bytes:
    quoted = leak.replace('"', '\\"')
    return typeset(f'#set text(font: "Gongkai Song")\n西工区#place(dx: 700pt, text("{quoted}"))\n完')


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
    return saved(pdf)


def script(_: str = "") -> bytes:
    pdf = opened()
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
    return saved(pdf)


def encrypted(_: str = "") -> bytes:
    pdf = opened()
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
