"""What Word and Excel packages share: properties, media, embedded files, macros, left-over parts."""

import hashlib
from collections.abc import Callable, Iterator

import filetype
from lxml import etree

from gongkai.screening.finding import Kind, Layer
from gongkai.screening.masking import mask_digits
from gongkai.screening.passage import Part, Passage, Place, Remark, Unreadable, Weaver
from gongkai.screening.readers.nest import Nest
from gongkai.screening.readers.package import Package, attribute, local

EmbeddedReader = Nest

_PERSON_PROPERTIES = {
    "creator": "作者",
    "lastModifiedBy": "上次修改者",
    "Manager": "主管",
    "Company": "单位",
}
_OTHER_PROPERTIES = {
    "title": "标题",
    "subject": "主题",
    "keywords": "关键词",
    "description": "备注",
    "category": "类别",
}
# Names that programs and fresh machines write there; they name nobody.
_NOBODY = frozenset(
    {
        "python-docx", "openpyxl", "apache poi", "microsoft office user", "microsoft", "microsoft office", "user",
        "administrator", "admin", "windows 用户", "windows user", "微软用户", "微软中国", "wps office", "wps 文字", "unknown",
        "un-named", "thinkpad", "lenovo", "hp", "dell", "pc", "typst", "libreoffice", "none", "null", "test",
    }
)  # fmt: skip
_WHY_PERSON = "文档属性写有个人或单位名称；发布前应当清除属性"
_WHY_MACRO = "文件带有宏或脚本，打开时会运行；对外发布的文件不得带宏"
_WHY_OBJECT = "内嵌对象未能读取，须由人打开查看"

_WHY_PREVIEW = "文件里存有首页的预览图，可能仍是修改前的内容；发布前应当清除"
# The preview in the template of python-docx, which shows an empty page.
_EMPTY_PREVIEWS = frozenset({"96367138dc44ce09bf2c8f0f8e49348a1478d2c5c0af69bbc2bbc38b63cdcead"})

_IMAGES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
    ".emf",
    ".wmf",
    ".svg",
    ".webp",
    ".wdp",
    ".ico",
)
_DOCUMENTS = (
    ".docx",
    ".xlsx",
    ".docm",
    ".xlsm",
    ".pptx",
    ".pdf",
    ".txt",
    ".csv",
    ".html",
    ".htm",
    ".doc",
    ".xls",
    ".ppt",
)
# Parts that hold no words of the author: fonts, printer settings, view state, styles and the like.
_SILENT = (
    ".odttf", ".fntdata", ".ttf", ".rels", "[Content_Types].xml", "fontTable.xml", "webSettings.xml", "styles.xml",
    "stylesWithEffects.xml", "numbering.xml", "calcChain.xml", "sharedStrings.xml", "metadata.xml", "_xmlsignatures",
)  # fmt: skip
_FILMS = (".mp4", ".mp3", ".wav", ".avi", ".mov")
_MAX_UNNAMED = 64 << 20
_HEAD = 8192
_SILENT_FOLDERS = ("theme/", "printerSettings/")


def names_nobody(value: str) -> bool:
    """Whether an author's name is only what a program or a new machine writes."""
    return value.strip().lower() in _NOBODY or not value.strip()


def person_remark(label: str, value: str) -> Remark:
    """The finding that a property names a person or an organisation."""
    return Remark(
        Kind.DOCUMENT_METADATA, Layer.METADATA, f"文档属性，{label}", f"{label}：{value}", _WHY_PERSON
    )


def macro_remark(location: str, sample: str) -> Remark:
    """The finding that a file carries code."""
    return Remark(Kind.MACRO, Layer.EMBEDDED_FILE, location, sample, _WHY_MACRO)


def image(data: bytes, name: str) -> Iterator[Part]:
    """A picture inside a document: its words, its properties, or that it could not be read."""
    # Only files with pictures pay for the libraries that read them.
    from gongkai.screening.readers import picture

    yield from picture.embedded(data, name, f"图片“{name}”")


def object_remark(location: str, sample: str, why: str = _WHY_OBJECT) -> Remark:
    """The finding that an embedded object was not read."""
    return Remark(Kind.UNREADABLE_PART, Layer.EMBEDDED_FILE, location, sample, why)


def properties(package: Package) -> Iterator[Part]:
    """Core, extended and custom document properties."""
    for name in package.names("docProps/", ".xml"):
        weaver = Weaver()
        for element in package.tree(name).iter():
            value = (element.text or "").strip()
            key = local(element)
            if not value or not key:
                continue
            label = _PERSON_PROPERTIES.get(key)
            if label and not names_nobody(value):
                yield person_remark(label, value)
            custom = element.getparent()
            named = attribute(custom, "name") if name.endswith("custom.xml") and custom is not None else None
            shown = label or _OTHER_PROPERTIES.get(key) or mask_digits(named or key)
            if key not in ("created", "modified", "lastPrinted", "TotalTime", "AppVersion", "Template"):
                weaver.add(value, Layer.METADATA, f"文档属性，{shown}")
                weaver.break_with("\t\n")
        yield from weaver.passages()


def leftovers(package: Package, seen: set[str], read_embedded: EmbeddedReader) -> Iterator[Part]:
    """Every part that the reader of the format did not take: nothing in a package goes unread."""
    for name in package.names():
        if name in seen or (name.startswith("docProps/") and name.endswith(".xml")):
            continue
        lower = name.lower()
        base = mask_digits(name.rpartition("/")[2])
        if lower.endswith("vbaproject.bin"):
            continue  # told of the whole file by its type
        if lower.startswith("docprops/thumbnail"):
            if hashlib.sha256(package.read(name)).hexdigest() not in _EMPTY_PREVIEWS:
                yield Remark(Kind.HIDDEN_CONTENT, Layer.METADATA, "文档属性，预览图", base, _WHY_PREVIEW)
        elif lower.endswith(_IMAGES):
            yield from image(package.read(name), base)
        elif "/embeddings/" in lower or lower.endswith(_DOCUMENTS):
            yield from embedded(package.read(name), name.rpartition("/")[2], read_embedded)
        elif name.endswith(_SILENT) or any(folder in name for folder in _SILENT_FOLDERS):
            continue
        elif lower.endswith((".xml", ".vml")):
            yield from left_over_words(package.tree(name), f"部件“{base}”")
        elif package.sizes[name]:
            yield from _unnamed(package, name, base)


def _unnamed(package: Package, name: str, base: str) -> Iterator[Part]:
    """A part whose name tells nothing: a picture where its bytes are one, else an object nobody read."""
    small = package.sizes[name] <= _MAX_UNNAMED and not name.lower().endswith(_FILMS)
    content = package.read(name) if small else b""
    kind = filetype.guess(content[:_HEAD])
    if kind is not None and kind.mime.startswith("image/"):
        yield from image(content, base)
    else:
        yield object_remark(f"内嵌文件“{base}”", base)


def embedded(data: bytes, name: str, read_embedded: EmbeddedReader, what: str = "内嵌文件") -> Iterator[Part]:
    """An embedded file: its parts under the layer `embedded_file`, or that it could not be read.

    `what` names it for people: 内嵌文件, 附件, 压缩包内.
    """
    yield from inside(lambda: read_embedded(data, name), f"{what}“{mask_digits(name)}”", name)


def inside(read: Callable[[], Iterator[Part]], location: str, name: str) -> Iterator[Part]:
    """What is read of a file inside another, under the layer `embedded_file` and below a location.

    A fault of the inner file is a part that was not read; the rest of the outer one is read on.
    """
    try:
        for part in read():
            yield _moved(part, location)
    except Unreadable as error:
        yield object_remark(location, name, f"内嵌对象未能读取：{error}")
    except MemoryError:
        raise
    except Exception:
        # A parser met something its authors did not think of; see child.py.
        yield object_remark(location, name, _WHY_OBJECT)


def _moved(part: Part, location: str) -> Part:
    if isinstance(part, Passage):
        places = [
            Place(
                place.start,
                Layer.EMBEDDED_FILE if not part.only or place.layer in part.only else place.layer,
                f"{location}，{place.location}",
                place.heading,
            )
            for place in part.places
        ]
        return Passage(part.text, places, frozenset({Layer.EMBEDDED_FILE}) if part.only else frozenset())
    if isinstance(part, Remark):
        return Remark(part.kind, Layer.EMBEDDED_FILE, f"{location}，{part.location}", part.sample, part.why)
    return type(part)(Layer.EMBEDDED_FILE, f"{location}，{part.scope}", part.sample)


def left_over_words(root: etree._Element, location: str) -> Iterator[Part]:
    """All text of a part of no known use, as hidden text."""
    weaver = Weaver()
    for element in root.iter():
        if isinstance(element.tag, str) and element.text and element.text.strip():
            weaver.add(element.text.strip(), Layer.HIDDEN_TEXT, location)
            weaver.break_with("\t\n")
    yield from weaver.passages()


def drawing_words(root: etree._Element, location: str) -> Iterator[Part]:
    """Words of a drawing, a chart or a diagram, and the alternative texts of its pictures."""
    weaver = Weaver()
    for element in root.iter():
        name = local(element)
        if name in ("p", "pt", "v"):
            words = "".join(
                child.text or "" for child in element.iter() if local(child) in ("t", "v") and child.text
            )
            if words and (name != "pt" or not any(local(child) == "p" for child in element.iter())):
                weaver.add(words, Layer.TEXT, location)
                weaver.break_with("\t\n")
    yield from weaver.passages()
    yield from alternative_texts(root, location)


def drawing_text(root: etree._Element, location: str) -> Iterator[Part]:
    """The words of a vector drawing (SVG), its titles and descriptions, and pictures that it cannot show here."""
    words, told = Weaver(), Weaver()
    for element in root.iter():
        name = local(element)
        if name == "text":
            words.add("".join(map(str, element.itertext())), Layer.IMAGE, location)
            words.break_with("\n")
        elif name in ("title", "desc"):
            told.add(element.text or "", Layer.ALT_TEXT, location)
            told.break_with("\t\n")
        elif name in ("image", "foreignObject", "script"):
            yield Remark(Kind.UNREADABLE_PART, Layer.IMAGE, location, name, _WHY_OBJECT)
    yield from words.passages()
    yield from told.passages()


def alternative_texts(root: etree._Element, location: str) -> Iterator[Part]:
    """What is said of a picture to people who cannot see it."""
    weaver = Weaver()
    for element in root.iter():
        if local(element) not in (
            "docPr",
            "cNvPr",
            "shape",
            "rect",
            "imagedata",
            "roundrect",
            "oval",
            "tblCaption",
            "tblDescription",
        ):
            continue
        # The name of a picture is often that of the file it came from.
        for key in ("descr", "title", "alt", "val", "name"):
            value = attribute(element, key)
            if value and not (key == "title" and local(element) == "imagedata" and not value.strip()):
                weaver.add(value, Layer.ALT_TEXT, f"{location}，替代文字")
                weaver.break_with("\t\n")
    yield from weaver.passages()
