"""What Word, Excel and PowerPoint packages share: words anywhere in XML, pictures, embedded files, leftovers."""

import io
import posixpath
from collections.abc import Callable

from lxml import etree
from PIL import Image

from gongkai.screening.finding import Layer
from gongkai.screening.masking import mask_digits, sample
from gongkai.screening.readers.package import local
from gongkai.screening.redaction.bundle import Bundle, detach, named
from gongkai.screening.redaction.cutting import Cutter, Thread

# Attributes in which people's words stand: descriptions, titles, field codes, prompts, names of pictures.
WORDED = frozenset(
    {
        "descr",
        "title",
        "alt",
        "name",
        "val",
        "instr",
        "prompt",
        "promptTitle",
        "error",
        "errorTitle",
        "tooltip",
    }
    | {"display", "Target", "author", "displayName", "o:title"}
)
_BREAK = "\t\n"


def put_text(element: etree._Element) -> Callable[[str], None]:
    """What writes the text of an element, keeping its blanks."""

    def put(text: str) -> None:
        element.text = text
        if text != text.strip() and local(element) == "t" and "wordprocessingml" in str(element.tag):
            element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    return put


def put_attribute(element: etree._Element, key: str) -> Callable[[str], None]:
    """What writes an attribute."""

    def put(text: str) -> None:
        element.set(key, text)

    return put


def cut_words(cutter: Cutter, root: etree._Element, location: str, layer: Layer = Layer.TEXT) -> int:
    """Cut what is ordered out of a part of any kind: the texts of a paragraph together, all others one by one."""
    thread = Thread()
    done: set[etree._Element] = set()
    for element in root.iter():
        if not isinstance(element.tag, str) or element in done:
            continue
        if local(element) == "p":
            for piece in element.iter():
                if local(piece) == "t" and piece.text:
                    done.add(piece)
                    thread.add(piece.text, put_text(piece), layer, location)
                elif local(piece) == "br":
                    thread.gap("\n")
            thread.gap(_BREAK)
        elif element.text and element.text.strip():
            thread.add(element.text, put_text(element), layer, location)
            thread.gap(_BREAK)
        for key, value in element.attrib.items():
            if str(key).rpartition("}")[2] in WORDED and len(value) > 1:
                thread.add(str(value), put_attribute(element, str(key)), layer, location)
                thread.gap(_BREAK)
    return cutter.cut(thread)


def sweep(bundle: Bundle, cutter: Cutter) -> None:
    """Take the removed values out of every other text and attribute of the package, relations included."""
    if not cutter.sweeps:
        return
    for name in list(bundle.parts):
        if not name.lower().endswith((".xml", ".rels", ".vml")):
            continue
        raw = bundle.parts[name] if name not in bundle._trees else None
        root = bundle.look(name)
        changes: list[tuple[Callable[[str], None], str]] = []
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            if element.text and (text := cutter.swept(element.text)) != element.text:
                changes.append((put_text(element), text))
            if element.tail and (text := cutter.swept(element.tail)) != element.tail:
                element.tail = text
                changes.append((lambda _text: None, ""))
            for key, value in element.attrib.items():
                if (text := cutter.swept(str(value))) != value:
                    changes.append((put_attribute(element, str(key)), text))
        if changes:
            for put, text in changes:
                put(text)
            if raw is not None:
                bundle.put(
                    name, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
                )


def drop_parts(bundle: Bundle, cutter: Cutter, what: str, *folders: str) -> None:
    """Take all parts away whose names begin with one of these."""
    for name in bundle.names():
        if name.startswith(folders) and not name.endswith(".rels") and bundle.drop(name):
            cutter.note(what, f"部件“{mask_digits(posixpath.basename(name))}”")


def grey_pictures(bundle: Bundle, cutter: Cutter, folder: str) -> None:
    """Show one grey square in the place of every picture of the package."""
    pictures = [name for name in bundle.names(f"{folder}/media/") if _pictured(name)]
    if not pictures:
        return
    grey = f"{folder}/media/redacted.png"
    stream = io.BytesIO()
    Image.new("L", (8, 8), 0xC0).save(stream, "PNG")
    for relations in [name for name in bundle.names(ending=".rels") if name.startswith(f"{folder}/")]:
        for element in list(bundle.tree(relations)):
            target = str(element.get("Target", ""))
            if element.get("TargetMode") != "External" and _pictured(target) and "media/" in target:
                element.set("Target", f"/{grey}")
    for name in pictures:
        bundle.drop(name)
        cutter.note("图片", f"图片“{mask_digits(posixpath.basename(name))}”")
    bundle.put(grey, stream.getvalue())
    types = bundle.tree("[Content_Types].xml")
    if not any(element.get("Extension", "").lower() == "png" for element in types):
        namespace = types.tag.rpartition("}")[0] + "}"
        default = etree.SubElement(types, f"{namespace}Default")
        default.set("Extension", "png")
        default.set("ContentType", "image/png")


def _pictured(name: str) -> bool:
    return not name.endswith((".rels", ".xml", ".mp4", ".mp3", ".wav", ".avi", ".mov", ".m4a", ".wmv"))


def drop_embedded(bundle: Bundle, cutter: Cutter, folder: str) -> None:
    """Take embedded files away with the objects that show them; charts keep the values they draw."""
    inside = (f"{folder}/embeddings/", f"{folder}/activeX/", f"{folder}/ctrlProps/")
    gone = [name for name in bundle.names() if name.startswith(inside) and not name.endswith(".rels")]
    if not gone:
        return
    for name in bundle.names(f"{folder}/", ".xml"):
        ids = {key for key, (_, place, _) in bundle.targets(name).items() if place in gone}
        if not ids:
            continue
        for element in named(bundle.tree(name), "object", "externalData", "oleObject", "control"):
            used = {
                str(v) for node in element.iter() for k, v in node.attrib.items() if str(k).endswith("}id")
            }
            if used & ids:
                detach(element)
    for name in gone:
        bundle.drop(name)
        cutter.note("内嵌文件", f"内嵌文件“{mask_digits(posixpath.basename(name))}”")


def drop_leftovers(bundle: Bundle, cutter: Cutter) -> None:
    """Take away what no page shows: custom XML, previews, add-in parts, and what nothing leads to any more."""
    bundle.unrelate("", kinds=frozenset({"thumbnail"}))
    drop_parts(bundle, cutter, "遗留内容", "customXml/", "docProps/thumbnail", "customUI/", "docMetadata/")
    for name in bundle.drop_unreached():
        cutter.note("遗留内容", f"部件“{mask_digits(posixpath.basename(name))}”")


def drop_element(cutter: Cutter, element: etree._Element, what: str, location: str) -> None:
    """Take an element of concealed text out, and remember the beginning of what it said."""
    text = "".join(str(t) for t in element.itertext())
    cutter.note(what, location, sample(text, 20))
    detach(element)
