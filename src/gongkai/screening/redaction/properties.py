"""What a file says of itself and of its makers, taken out of it without touching what it shows.

Packages of Word, Excel and PowerPoint: every part but the ones named here stays byte for byte. PDF: Info and
XMP go, the pages are written as they are. Older office files, OFD and web pages: see compound_properties.py and
page_properties.py. A signed file is left alone, because its signature would break.
"""

import io
import posixpath
import re
from collections.abc import Callable

import pikepdf
from lxml import etree

from gongkai.screening.passage import Unreadable
from gongkai.screening.readers.package import local
from gongkai.screening.redaction import compound_properties, page_properties, picture_properties
from gongkai.screening.redaction.bundle import Bundle, detach, named
from gongkai.screening.redaction.orders import Outcome, Removed
from gongkai.screening.sniffing import DOC, DOCX, HTML, OFD, PDF, PPT, PPTX, XLS, XLSX, sniff

SIGNED = "文件带有电子签名，清除属性会使签名失效，属性未清除；请看其中有无个人信息"
_WHAT = "文档属性"
_DEEPEST = 3
_SOMEBODY = "作者"
_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp="http://schemas.openxmlformats'
    b'.org/package/2006/metadata/core-properties"/>'
)
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/extended-properties"/>'
)
_TAG = re.compile(rb"<[A-Za-z][^<>]*>")
# Numbers of editing sessions, by which two files of one machine are told.
_SESSION = re.compile(rb'\s(?:w:rsid[A-Za-z]*|w16du:dateUtc)="[^"]*"')
_AUTHOR = re.compile(rb'(\s(?:w:author|author|displayName|w15:author)=)"[^"]+"')
_INITIALS = re.compile(rb'(\s(?:w:initials|initials|userId|providerId)=)"[^"]+"')
_REFRESHED = re.compile(rb'\srefreshedBy="[^"]*"')
_RELATED = re.compile(rb'\sr:id="[^"]*"')
_PDF_FLAVOUR = "http://www.aiim.org/pdfa/ns/id/"


def clean(data: bytes, name: str, depth: int = 0, *, void: bool = False) -> Outcome:
    """The file without its properties; kinds that cannot carry any, or are not known here, come back as they are.

    A signed file comes back as it is, unless its signature is `void` because its content was changed before.
    Raises Unreadable where the file is damaged.
    """
    found = sniff(data, name)
    if found.media_type in (DOCX, XLSX, PPTX):
        return _package(data, depth, void=void)
    if found.media_type == PDF:
        return _pdf(data, void=void)
    if found.media_type in (DOC, XLS, PPT):
        if compound_properties.is_signed(data) and not void:
            return Outcome(data, notes=(SIGNED,))
        return _told(data, compound_properties.stripped(data), "作者、修改者、单位、标题、时间等")
    if found.media_type == OFD:
        made_ofd = page_properties.ofd(data, void=void)
        if made_ofd is None:
            return Outcome(data, notes=(SIGNED,))
        return _told(data, made_ofd, "作者、制作程序、标题、时间等")
    if found.media_type == HTML:
        return _told(data, page_properties.html(data), "作者、制作程序")
    if found.media_type.startswith("image/"):
        made = picture_properties.stripped(data, found.extension)
        return Outcome(made, (Removed(_WHAT, "图片", "拍摄信息、位置、说明"),) if made != data else ())
    return Outcome(data)


def _told(data: bytes, made: bytes, location: str) -> Outcome:
    return Outcome(made, (Removed(_WHAT, location, ""),) if made != data else ())


def _package(data: bytes, depth: int, *, void: bool) -> Outcome:
    bundle, removed = Bundle(data), []
    signatures = bundle.names("_xmlsignatures/")
    if signatures and not void:
        return Outcome(data, notes=(SIGNED,))

    def note(location: str, excerpt: str = "") -> None:
        removed.append(Removed(_WHAT, location, excerpt))

    if signatures:
        # They name the signer, and every program would say that they do not match any more.
        for name in signatures:
            bundle.drop(name)
        note("失效的电子签名")
    _own_properties(bundle, note)
    _makers(bundle, note)
    for name in bundle.names():
        lower = name.lower()
        if "/media/" in name and lower.endswith((".jpg", ".jpeg", ".png", ".gif", ".webp")):
            _inner(bundle, name, depth, note, "图片的拍摄信息")
        elif "/embeddings/" in name and lower.endswith((".docx", ".xlsx", ".pptx")):
            _inner(bundle, name, depth, note, "内嵌文件的属性")
    made = bundle.write() if removed else data
    return Outcome(made, tuple(removed))


def _inner(bundle: Bundle, name: str, depth: int, note: Callable[..., None], words: str) -> None:
    if depth + 1 >= _DEEPEST:
        return
    try:
        made = clean(bundle.parts[name], posixpath.basename(name), depth + 1).data
    except Unreadable:
        return  # the screening tells of a part that nobody can read
    if made != bundle.parts[name]:
        bundle.put(name, made)
        note(words, posixpath.basename(name)[:40])


def _own_properties(bundle: Bundle, note: Callable[..., None]) -> None:
    for name in bundle.names("docProps/"):
        base = posixpath.basename(name)
        if base.startswith("core") and base.endswith(".xml"):
            if bundle.parts[name] != _CORE:
                bundle.put(name, _CORE)
                note("作者、修改者、标题、时间等")
        elif base.startswith("app") and base.endswith(".xml"):
            if bundle.parts[name] != _APP:
                bundle.put(name, _APP)
                note("单位、主管、模板等")
        else:
            bundle.drop(name)
            note("预览图" if base.startswith("thumbnail") else "自定义属性")


def _makers(bundle: Bundle, note: Callable[..., None]) -> None:
    """Session numbers, names of writers, templates and paths in the parts of the document."""
    for name in bundle.names("word/settings", ".xml"):
        _without(bundle, name, ("rsids", "attachedTemplate", "docId"), note, "编辑记录和模板")
        bundle.unrelate(name, kinds=frozenset({"attachedTemplate"}))
    for name in bundle.names("word/", ".xml"):
        made = _TAG.sub(_anonymous, bundle.parts[name]) if name not in bundle.changed else None
        if made is not None and made != bundle.parts[name]:
            bundle.put(name, made)
            note("编辑记录", posixpath.basename(name))
    for name in [*bundle.names("word/people", ".xml"), *bundle.names("ppt/revisionInfo", ".xml")]:
        bundle.drop(name)
        note("编辑者名单")
    for name in bundle.names("ppt/", ".xml"):
        if "uthors" in name:
            _rewrite(bundle, name, lambda tag: _INITIALS.sub(rb'\1""', _named_somebody(tag)), note, "批注者")
    for name in bundle.names("ppt/authors", ".xml"):
        _rewrite(bundle, name, _named_anybody, note, "批注者")
    _workbook(bundle, note)


def _workbook(bundle: Bundle, note: Callable[..., None]) -> None:
    if "xl/workbook.xml" in bundle.parts:
        gone = ("absPath", "fileSharing", "revisionPtr", "documentId")
        _without(bundle, "xl/workbook.xml", gone, note, "文件路径和共享者")
    for name in bundle.names("xl/comments", ".xml"):
        authors = [
            node for node in named(bundle.look(name), "author") if node.text not in (None, "", _SOMEBODY)
        ]
        if authors:
            for node in named(bundle.tree(name), "author"):
                node.text = _SOMEBODY
            note("批注者")
    for name in bundle.names("xl/persons/", ".xml"):
        _rewrite(bundle, name, lambda tag: _INITIALS.sub(rb'\1""', _named_somebody(tag)), note, "批注者名单")
    for name in bundle.names("xl/pivotCache/", ".xml"):
        _rewrite(bundle, name, lambda tag: _REFRESHED.sub(b"", tag), note, "数据透视表的刷新者")
    for name in bundle.names("xl/worksheets/", ".xml") + bundle.names("xl/chartsheets/", ".xml"):
        targets = bundle.targets(name)
        printers = [place for kind, place, ext in targets.values() if kind == "printerSettings" and not ext]
        if not printers:
            continue
        setup = re.compile(rb"<(?:[A-Za-z0-9]+:)?pageSetup\b[^<>]*>")
        bundle.put(name, setup.sub(lambda tag: _RELATED.sub(b"", tag.group()), bundle.parts[name]))
        for place in printers:
            bundle.drop(place)
        bundle.unrelate(name, kinds=frozenset({"printerSettings"}))
        note("打印机设置")


def _anonymous(tag: re.Match[bytes]) -> bytes:
    """A tag of a Word part without session numbers, and with nobody's name as that of a writer."""
    text = _SESSION.sub(b"", tag.group())
    if b"author=" in text:
        text = _INITIALS.sub(rb'\1""', _named_somebody(text))
    return text


def _named_somebody(tag: bytes) -> bytes:
    return _AUTHOR.sub(lambda found: found.group(1) + b'"' + _SOMEBODY.encode() + b'"', tag)


def _named_anybody(tag: bytes) -> bytes:
    named_so = re.compile(rb'(\sname=)"[^"]+"')
    return named_so.sub(lambda found: found.group(1) + b'"' + _SOMEBODY.encode() + b'"', tag)


def _rewrite(
    bundle: Bundle, name: str, change: Callable[[bytes], bytes], note: Callable[..., None], words: str
) -> None:
    made = _TAG.sub(lambda tag: change(tag.group()), bundle.parts[name])
    if made != bundle.parts[name]:
        bundle.put(name, made)
        note(words)


def _without(bundle: Bundle, name: str, gone: tuple[str, ...], note: Callable[..., None], words: str) -> None:
    if not named(bundle.look(name), *gone):
        return
    root = bundle.tree(name)
    for element in named(root, *gone):
        # An alternative that only held what goes is left without a choice.
        holder = next((e for e in element.iterancestors() if local(e) == "AlternateContent"), element)
        detach(holder)
    bundle.settle(name)
    note(words)


def _pdf(data: bytes, *, void: bool) -> Outcome:
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if _is_signed(document) and not void:
                return Outcome(data, notes=(SIGNED,))
            removed = _void_signatures(document) + _pdf_properties(document)
            if not removed:
                return Outcome(data)
            out = io.BytesIO()
            document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError) as error:
        raise Unreadable("PDF 已损坏或有口令，未能清除属性；请重新另存后再试") from error
    return Outcome(out.getvalue(), removed)


def _is_signed(document: pikepdf.Pdf) -> bool:
    form = document.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and int(form.get("/SigFlags", 0)) & 1:
        return True
    return any(
        isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Sig" and "/ByteRange" in each
        for each in document.objects
    )


def _void_signatures(document: pikepdf.Pdf) -> tuple[Removed, ...]:
    """Take out signatures that do not match any more, with the names and certificates in them."""
    if not _is_signed(document):
        return ()
    for each in document.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/FT") == "/Sig" and "/V" in each:
            del each["/V"]
    form = document.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/SigFlags" in form:
        del form["/SigFlags"]
    for key in ("/Perms", "/DSS"):
        if key in document.Root:
            del document.Root[key]
    return (Removed(_WHAT, "失效的电子签名", ""),)


def _pdf_properties(document: pikepdf.Pdf) -> tuple[Removed, ...]:
    removed = []
    if "/Info" in document.trailer:
        info = document.trailer["/Info"]
        keys = ["".join(str(key))[1:] for key in info.keys()] if isinstance(info, pikepdf.Dictionary) else []  # noqa: SIM118
        del document.trailer["/Info"]
        removed.append(Removed(_WHAT, "文档信息", "、".join(keys)[:60]))
    flavour = _flavour(document)
    for each in document.objects:
        if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            continue
        for key in ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb"):
            if key in each and (key != "/LastModified" or each.get("/Type") == "/Page"):
                if (
                    each.objgen == document.Root.objgen
                    and key == "/Metadata"
                    and _is_bare(each[key], flavour)
                ):
                    continue
                del each[key]
                removed.append(Removed(_WHAT, "XMP 和编辑软件的私有信息", ""))
    if flavour and any(row.location.startswith("XMP") for row in removed):
        stream = pikepdf.Stream(document, flavour, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        document.Root.Metadata = document.make_indirect(stream)
    return tuple(dict.fromkeys(removed))


def _is_bare(stream: pikepdf.Object, flavour: bytes) -> bool:
    return bool(flavour) and isinstance(stream, pikepdf.Stream) and stream.read_bytes() == flavour


def _flavour(document: pikepdf.Pdf) -> bytes:
    """An XMP packet that says only of which PDF/A the file is; empty where it is of none."""
    stream = document.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return b""
    try:
        root = etree.fromstring(
            stream.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        )
    except etree.XMLSyntaxError:
        return b""
    said = {}
    for element in root.iter() if root is not None else ():
        for key, value in element.attrib.items():
            if str(key).startswith("{" + _PDF_FLAVOUR):
                said[str(key).rpartition("}")[2]] = str(value)
        if isinstance(element.tag, str) and element.tag.startswith("{" + _PDF_FLAVOUR):
            said[local(element)] = (element.text or "").strip()
    if not {"part"} <= said.keys():
        return b""
    words = "".join(
        f"<pdfaid:{key}>{value}</pdfaid:{key}>"
        for key, value in sorted(said.items())
        if key in ("part", "conformance", "rev") and re.fullmatch(r"[A-Za-z0-9]{1,4}", value)
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:pdfaid="{_PDF_FLAVOUR}">{words}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
