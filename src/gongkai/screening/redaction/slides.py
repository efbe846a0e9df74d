"""Redaction of PowerPoint presentations, by surgery on the package."""

from lxml import etree

from gongkai.screening.finding import Layer
from gongkai.screening.readers.package import attribute
from gongkai.screening.redaction import markup, recognition
from gongkai.screening.redaction.bundle import Bundle, detach, named
from gongkai.screening.redaction.cutting import Cutter
from gongkai.screening.redaction.orders import Concealment, Order

_UNWORDED = ("/theme/", "presProps.xml", "tableStyles.xml", "viewProps.xml", "[Content_Types].xml")


def redact(data: bytes, order: Order, cutter: Cutter) -> bytes:
    """A new presentation without what is ordered to go. Raises Unreadable where it is damaged."""
    bundle = Bundle(data)
    if Concealment.HIDDEN_SHEETS in order.drop:
        _drop_hidden_slides(bundle, cutter)
    if Concealment.COMMENTS in order.drop:
        markup.drop_parts(bundle, cutter, "批注", "ppt/comments", "ppt/commentAuthors", "ppt/authors")
    if Concealment.HIDDEN_TEXT in order.drop:
        markup.drop_parts(bundle, cutter, "演讲者备注", "ppt/notesSlides/")
    if Concealment.LEFTOVERS in order.drop:
        markup.drop_parts(bundle, cutter, "遗留内容", "ppt/tags/", "ppt/changesInfos/", "ppt/revisionInfo")
        markup.drop_leftovers(bundle, cutter)
    if Concealment.EMBEDDED_FILES in order.drop:
        markup.drop_embedded(bundle, cutter, "ppt")
    if Concealment.PICTURES in order.drop:
        markup.grey_pictures(bundle, cutter, "ppt")
    _cut(bundle, cutter)
    if order.searches:
        recognition.paint_pictures(bundle, "ppt", cutter)
    markup.sweep(bundle, cutter)
    return bundle.write()


def survey(data: bytes, cutter: Cutter) -> None:
    """Show the cutter all texts, as redaction would."""
    bundle = Bundle(data)
    _cut(bundle, cutter)
    recognition.survey_pictures(bundle, "ppt", cutter)


def _drop_hidden_slides(bundle: Bundle, cutter: Cutter) -> None:
    main = bundle.main("ppt/presentation.xml")
    root, targets = bundle.tree(main), bundle.targets(main)
    listed = named(root, "sldId")
    hidden = []
    for element in listed:
        place = next((targets[str(v)][1] for v in element.attrib.values() if str(v) in targets), "")
        if place in bundle.parts and attribute(bundle.look(place), "show") in ("0", "false"):
            hidden.append((element, place))
    if len(hidden) == len(listed):
        return
    for element, place in hidden:
        cutter.note("隐藏的幻灯片", f"第 {listed.index(element) + 1} 张")
        for section in named(root, "sldId"):
            if section is not element and section.get("id") == element.get("id"):
                detach(section)
        detach(element)
        bundle.drop(place)
    bundle.drop_unreached()


def _cut(bundle: Bundle, cutter: Cutter) -> None:
    for name in bundle.names("", ".xml") + bundle.names("", ".rels"):
        if any(each in name for each in _UNWORDED):
            continue
        number = "".join(char for char in name.rpartition("/")[2] if char.isdigit())
        where = f"第 {number} 张" if name.startswith("ppt/slides/slide") else "母版、备注和其他部件"
        root = bundle.look(name)
        if markup.cut_words(cutter, root, where, Layer.TEXT):
            bundle.put(name, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
