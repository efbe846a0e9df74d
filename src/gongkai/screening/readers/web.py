"""Html: what a browser shows, what it hides, comments, and what only attributes say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from gongkai.screening.decoding import decode
from gongkai.screening.finding import Kind, Layer
from gongkai.screening.passage import Concealed, Part, Remark, Unreadable, Weaver

_BLOCK_NAMES = (
    "address article aside blockquote body br caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr html legend li main nav ol option p pre section summary table tbody tfoot thead title tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"script", "style", "template", "noscript", "datalist", "object", "head"})
_SPOKEN = frozenset({"alt", "title", "aria-label", "aria-description", "placeholder", "summary", "label"})
_QUIET_ATTRIBUTES = (
    "class id style href src width height rel type name colspan rowspan target lang charset http-equiv media align valign "
    "border cellpadding cellspacing dir role scope start face size color bgcolor srcset sizes loading xmlns"
)
_QUIET = frozenset(_QUIET_ATTRIBUTES.split())
_HIDING = re.compile(
    r"display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}(?:hidden|collapse)|font-size\s{0,4}:\s{0,4}0(?:px|pt|em|%)?\s{0,4}(?:;|$|!)|"
    r"opacity\s{0,4}:\s{0,4}0(?:\.0{1,4})?\s{0,4}(?:;|$|!)|mso-hide\s{0,4}:\s{0,4}all|text-indent\s{0,4}:\s{0,4}-[0-9]{3,5}",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?:^|[;\s])color\s{0,4}:\s{0,4}(?:#fff(?:fff)?\b|white|transparent|rgb\(255, ?255, ?255\))",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(r"background", re.IGNORECASE)
_RULE = re.compile(r"([^{}]{1,2000})\{([^{}]{0,4000})\}")
_CLASS = re.compile(r"[.#]([\w\-]{1,100})\s{0,4}(?:,|$)")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s{0,4}=\s{0,4}[\"']?([\w\-]{1,40})", re.IGNORECASE)
_QUOTES = re.compile("[\"'`]")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_WHY_CUT = "网页结构损坏或嵌套过深，此处之后的内容未能读取"
_WHY_DATA = "网页中直接写入的图片或文件未能识别，须由人查看"


def text_of(data: bytes) -> str:
    """The source text of an html file: by byte mark, UTF-8, what it declares, or GB 18030."""
    try:
        return decode(data)
    except UnicodeError:
        declared = _CHARSET.search(data[:4096])
        try:
            return data.decode(declared.group(1).decode("ascii") if declared else "utf-8")
        except (UnicodeError, LookupError) as error:
            raise Unreadable("网页的文字编码无法识别，未读取") from error


@dataclass(slots=True)
class _State:
    """Where the walk is: what is shown so far, and what was met beside it."""

    shown: Weaver = field(default_factory=Weaver)
    aside: list[Part] = field(default_factory=list)
    hiding_classes: frozenset[str] = frozenset()
    block: int = 1
    fresh: bool = True
    headings: dict[int, str] = field(default_factory=dict)
    column: int = 0
    row: int = 0
    cell: list[str] | None = None


def read(source: str, location: str = "正文") -> Iterator[Part]:
    """All parts of an html text; what a browser shows is one passage, the text of `shown_text`."""
    root, whole = _parsed(source)
    if root is not None:
        state = _State(hiding_classes=_hiding_classes(root))
        _walk(root, state, location)
        yield from state.shown.passages()
        yield from state.aside
    if not whole:
        yield Remark(Kind.UNREADABLE_PART, Layer.TEXT, location, "网页结构", _WHY_CUT)


def shown_text(source: str) -> str:
    """What a browser shows of an html text: blocks end in a line break, cells in a tab."""
    root, _ = _parsed(source)
    if root is None:
        return ""
    state = _State(hiding_classes=_hiding_classes(root))
    _walk(root, state, "")
    return "".join(passage.text for passage in state.shown.passages())


def _parsed(source: str) -> tuple[etree._Element | None, bool]:
    """The root element, if there is any, and whether the parser got to the end."""
    cleaned = source.replace("\x00", " ")
    if not cleaned.strip():
        return None, True
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True, recover=True
    )
    try:
        root = etree.fromstring(cleaned.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, False
    return root, not any(entry.level_name == "FATAL" for entry in parser.error_log)


def _hiding_classes(root: etree._Element) -> frozenset[str]:
    """Classes and ids that a style sheet in the page hides."""
    names: set[str] = set()
    for style in root.iter("style"):
        for selector, body in _RULE.findall(style.text or ""):
            if _HIDING.search(body):
                names.update(_CLASS.findall(selector.strip()))
    return frozenset(names)


def _hides(element: etree._Element, state: _State) -> bool:
    style = element.get("style", "")
    if style and (_HIDING.search(style) or (_WHITE.search(style) and not _BACKGROUND.search(style))):
        return True
    if element.get("hidden") is not None or (element.tag == "input" and element.get("type", "") == "hidden"):
        return True
    if element.tag == "font" and element.get("color", "").lower() in ("#fff", "#ffffff", "white"):
        return True
    names = {*element.get("class", "").split(), element.get("id", "")}
    return not state.hiding_classes.isdisjoint(names)


def _walk(element: etree._Element, state: _State, location: str) -> None:
    tag = element.tag
    if not isinstance(tag, str):
        if tag is etree.Comment:
            _beside(
                state,
                Layer.COMMENT,
                f"{location}，第 {state.block} 段，注释",
                element.text or "",
                conceal=True,
            )
        return
    _attributes(element, state, location)
    if tag in _UNSEEN and tag != "head":
        text = " ".join(map(str, element.itertext()))
        _beside(state, Layer.HIDDEN_TEXT, f"{location}，{tag}", _QUOTES.sub("\t", text))
        return
    if _hides(element, state):
        where = f"{location}，第 {state.block} 段"
        _beside(state, Layer.HIDDEN_TEXT, where, "".join(map(str, element.itertext())), conceal=True)
        for child in element.iterdescendants():
            if isinstance(child.tag, str):
                _attributes(child, state, location)
        return
    if tag == "tr":
        state.row, state.column = state.row + 1, 0
    if tag == "table":
        state.headings, state.row = {}, 0
    if tag in _BLOCKS:
        _break(state, "\n")
    if tag in _CELLS:
        state.column += 1
        state.cell = []
    _say(element.text, state, location)
    for child in element:
        _walk(child, state, location)
        _say(child.tail, state, location)
    if tag in _CELLS:
        _end_cell(state)
    if tag in _BLOCKS:
        _break(state, "\t\n" if tag == "tr" else "\n")


def _say(text: str | None, state: _State, location: str) -> None:
    if not text:
        return
    plain = _SPACES.sub(" ", text)
    if state.fresh:
        plain = plain.lstrip(" ")
    if not plain:
        return
    state.fresh = False
    in_cell = state.cell is not None
    heading = state.headings.get(state.column, "") if in_cell else ""
    if state.cell is not None:
        state.cell.append(plain)
    layer = Layer.TABLE if in_cell else Layer.TEXT
    state.shown.add(plain, layer, f"{location}，第 {state.block} 段", heading)


def _break(state: _State, separator: str) -> None:
    if not state.fresh:
        state.shown.break_with(separator)
        state.block += 1
        state.fresh = True


def _end_cell(state: _State) -> None:
    text = "".join(state.cell or ()).strip()
    if text and state.row <= 8 and len(text) <= 30 and not any(char.isdigit() for char in text):
        state.headings[state.column] = f"{state.headings.get(state.column, '')} {text}".strip()
    state.cell = None
    if not state.fresh:
        state.shown.break_with("\t")


def _attributes(element: etree._Element, state: _State, location: str) -> None:
    for key, value in element.attrib.items():
        key, value = str(key).lower(), str(value)
        where = f"{location}，第 {state.block} 段，属性 {key}"
        if value.startswith("data:") and len(value) > 64:
            state.aside.append(Remark(Kind.UNREADABLE_PART, Layer.IMAGE, where, value[:20], _WHY_DATA))
        elif element.tag == "meta" and key == "content":
            _beside(state, Layer.METADATA, f"{location}，网页属性", value)
        elif key in _SPOKEN:
            _beside(state, Layer.ALT_TEXT, where, value)
        elif key == "href" and value.startswith(("tel:", "sms:", "mailto:")):
            _beside(state, Layer.HIDDEN_TEXT, where, value.partition(":")[2])
        elif key not in _QUIET:
            _beside(state, Layer.HIDDEN_TEXT, where, value)


def _beside(state: _State, layer: Layer, location: str, text: str, *, conceal: bool = False) -> None:
    if not text.strip():
        return
    weaver = Weaver()
    weaver.add(text, layer, location)
    state.aside.extend(weaver.passages())
    if conceal:
        state.aside.append(Concealed(layer, location, text))
