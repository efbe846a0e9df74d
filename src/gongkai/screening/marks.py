"""Marks on a document: of state secrets, of internal papers, of drafts.

The same words stand in ordinary prose (保守国家秘密法, 涉密信息不上网). A word is a mark where its
written form says so (a star behind the level) or where it stands alone: on its own line, in its own
cell, in its own brackets, or at an end of a line behind a wide gap.
"""

import re
from collections.abc import Iterator

from gongkai.screening.finding import Kind, Layer
from gongkai.screening.hits import Hit, Page

_LEVEL = r"(?:绝[ \n]{0,3}密|机[ \n]{0,3}密|秘[ \n]{0,3}密)"
_STAR = r"[★☆✩✪✫✭✮✯✰⭐🌟⋆✦]"
_TERM = r"(?:(?:[0-9][0-9 ]{0,3}|[一二三四五六七八九十]{1,3}) ?(?:年|个月|月|天|日)|长 ?期|永久)"
_STARRED = re.compile(
    rf"(?<!工作)(?<!工作 ){_LEVEL}[ \n]{{0,3}}级?[ \n]{{0,3}}(?:{_STAR}[ \n]{{0,3}}(?:{_TERM})?|\*[ \n]{{0,3}}{_TERM})"
)
_NAMED_LEVEL = re.compile(rf"密 ?级(?:和保密期限|及保密期限)? ?[:\t] ?[\[(【〔]?({_LEVEL})")
_BARE_LEVEL = re.compile(rf"{_LEVEL} ?(?:级|件|文件|资料|材料)?(?: ?[-/:]? ?{_TERM})?")
_COPY_NUMBER = re.compile(r"份 {0,4}号 ?:? ?[0-9]{6}(?![0-9])")
_FIRST_COPY_NUMBER = re.compile(r"\s{0,20}(0[0-9]{5})[ \t]{0,20}(?:\n|$)")

_INTERNAL_WORD = (
    rf"(?:工作 ?秘密(?: ?{_STAR} ?(?:{_TERM})?)?|"
    r"内 ?部 ?(?:资 ?料|文 ?件|材料|刊物|参考|传阅|使用)|注 ?意 ?保 ?存|妥善保管|"
    r"(?:不得|请勿|严禁|禁止|切勿|不准|勿)(?:对外)?(?:外传|外泄|扩散|转发|翻印|复印|复制|上网|传播|对外公开)|"
    r"(?:仅|只|限)(?:供|限)?(?:内部|领导|机关内部|系统内部|本单位内部)(?:使用|参考|传阅|掌握|参阅)|"
    r"阅后(?:收回|销毁|即焚|退回)|内参|传 ?阅(?:件|文件|材料)?)"
)
_INTERNAL = re.compile(_INTERNAL_WORD)
_INTERNAL_RUN = re.compile(rf"({_INTERNAL_WORD}(?:[ ,;★☆\-]{{0,4}}{_INTERNAL_WORD}){{1,6}})")
_NAMED_INTERNAL = re.compile(rf"(?:性质|类别|属性|密级|标识|级别|类型) ?[:\t] ?[\[(【〔]?({_INTERNAL_WORD})")
_THIS_PAPER = r"(?:本|此|该)(?:件|文|文件|材料|资料|名册|名单|方案|报告|通知|表)[^。;\n]{0,10}[属为系是供]于?[^。;\n]{0,6}"
_NOT_A_CLAUSE = r"(?![^。;,、\n)]{0,2}的)"
_DECLARED = re.compile(_THIS_PAPER + r"(内部(?:资料|文件|材料|使用|参考)|工作秘密)" + _NOT_A_CLAUSE)
_DECLARED_SECRET = re.compile(_THIS_PAPER + rf"(国家秘密|{_LEVEL})" + _NOT_A_CLAUSE)
_NEGATION = re.compile(r"[不非未无否](?!得|准)")

_DRAFT_WORD = (
    r"(?:(?:内部)?(?:征 ?求 ?意 ?见|送 ?审|讨 ?论|审 ?议|报 ?批|报 ?审|代 ?拟|修 ?改|修 ?订|过 ?程|审 ?定|试 ?行)稿|"
    r"(?:第[一二三四五六七八九十0-9]{1,2}[次版]?)?(?:初 ?稿|草 ?稿|样 ?稿|未 ?定 ?稿|底 ?稿|二稿|三稿|终稿)|草案稿|"
    r"(?:征求意见|送审|讨论)版|(?i:draft))"
)
_DRAFT = re.compile(_DRAFT_WORD)

_URGENCY = re.compile(r"[ \t]*(?:特急|加急|平急|特提|急件)")
_OPEN = "[【〔({「『★☆*"
_CLOSE = "]】〕)}」』★☆*"
_FILLER = " :。.,;!-_★☆*"
# The line above ends in the first half of a term: a page broke 国家|秘密 over two lines.
_HALF_TERM = re.compile(r"(?:国家|商业|工作|军事|警务|审判|检察|党和国家|泄露|涉及|属于|保守|、|和|或|的) ?$")

_WHY_MARK = "国家秘密标志的书写形式；涉密信息不得公开（保守国家秘密法实施条例第五条）"
_WHY_BARE = "密级单独成行、成格或自成括注，是标志而不是行文；涉密信息不得公开（保守国家秘密法实施条例第五条）"
_WHY_COPY = "份号只用于涉密公文（GB/T 9704—2012）"
_WHY_INTERNAL = (
    "内部标识；工作秘密和内部事务信息不予公开（保守国家秘密法第六十四条、政府信息公开条例第十六条）"
)
_WHY_DRAFT = "文稿标识单独出现，可能是未定稿；过程性信息可以不予公开（政府信息公开条例第十六条）"


def _edge_left(text: str, start: int) -> bool:
    """Whether nothing but filler stands between the offset and a boundary on its left."""
    at = start
    blanks = 0
    while at > 0 and start - at < 40:
        char = text[at - 1]
        if char in "\n\t":
            return True
        if char in _OPEN and char not in _FILLER:
            return True
        if char not in _FILLER:
            return blanks >= 2
        blanks = blanks + 1 if char == " " else 0
        at -= 1
    return at == 0


def _edge_right(text: str, end: int) -> bool:
    at = end
    blanks = 0
    while at < len(text) and at - end < 40:
        char = text[at]
        if char in "\n\t":
            return True
        if char in _CLOSE and char not in _FILLER:
            return True
        if char not in _FILLER:
            return blanks >= 2
        blanks = blanks + 1 if char == " " else 0
        at += 1
    return at == len(text)


def _wrapped(text: str, start: int, end: int) -> bool:
    """Whether the line is the tail of a sentence that began on the line above."""
    line_end = text.rfind("\n", max(start - 8, 0), start)
    if line_end < 0:
        return False
    above = text[max(line_end - 24, 0) : line_end]
    if _HALF_TERM.search(above):
        return True
    sentence_ends = text[end : end + 1] in ("。", ",", ";", "、")
    return sentence_ends and "\n" not in above and len(above) == 24 and above[-1] not in "。:;!?\t"


def _in_brackets(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and text[start - 1] in _OPEN and text[end] in _CLOSE


def _alone_on_line(text: str, start: int, end: int) -> bool:
    """Whether the line or cell holds nothing else, brackets and filler aside."""
    line_start = max(text.rfind("\n", max(start - 40, 0), start), text.rfind("\t", max(start - 40, 0), start))
    if line_start < 0 and start > 40:
        return False
    left = text[line_start + 1 : start]
    right = re.split(r"[\n\t]", text[end : end + 40], maxsplit=1)[0]
    return not (left.strip(_OPEN + _FILLER) or right.strip(_CLOSE + _FILLER))


def _heads_a_line(text: str, start: int, end: int) -> bool:
    """Whether a run of marks opens its line, or closes it without the full stop of a sentence."""
    if _edge_left(text, start):
        apart = any(char in " ,;★☆-" for char in text[start:end])
        return (apart or _edge_right(text, end)) and not _wrapped(text, start, end)
    return _edge_right(text, end) and text[end : end + 1] not in ("。", ",", ";")


def standing(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] stands as a mark of its own, by the rule of this module."""
    urgency = _URGENCY.match(text, end)
    if urgency:
        end = urgency.end()
    if not (_edge_left(text, start) and _edge_right(text, end)) or _wrapped(text, start, end):
        return False
    # In brackets amid a sentence it is an explanation: 国家秘密（机密）事项.
    if _in_brackets(text, start, end) and text[start - 1] == "(":
        return _edge_right(text, end + 1)
    return True


def classification_marks(page: Page) -> Iterator[Hit]:
    """绝密, 机密, 秘密 as marks in their written forms, and the copy number of a classified paper."""
    text = page.folded
    taken: set[int] = set()
    for match in _STARRED.finditer(text):
        taken.add(match.start())
        yield _mark(page, Kind.CLASSIFICATION_MARK, match.start(), match.end(), _WHY_MARK)
    for pattern in (_NAMED_LEVEL, _DECLARED_SECRET):
        for match in pattern.finditer(text):
            start, end = match.span(1)
            if start not in taken and not _NEGATION.search(match.group()):
                taken.add(start)
                yield _mark(page, Kind.CLASSIFICATION_MARK, start, end, _WHY_MARK)
    for match in _BARE_LEVEL.finditer(text):
        start, end = match.span()
        if start not in taken and standing(text, start, end):
            yield _mark(page, Kind.CLASSIFICATION_MARK, start, end, _WHY_BARE)
    for match in _COPY_NUMBER.finditer(text):
        if standing(text, match.start(), match.end()):
            yield _mark(page, Kind.CLASSIFICATION_MARK, match.start(), match.end(), _WHY_COPY)
    first = _FIRST_COPY_NUMBER.match(text)
    if first and page.layer(first.start(1)) in (Layer.TEXT, Layer.HEADER_FOOTER):
        yield _mark(page, Kind.CLASSIFICATION_MARK, first.start(1), first.end(1), _WHY_COPY)


def internal_marks(page: Page) -> Iterator[Hit]:
    """内部资料, 注意保存, 不得外传, 工作秘密 and their kin where they mark the paper itself."""
    text = page.folded
    taken: set[int] = set()
    for pattern in (_INTERNAL_RUN, _NAMED_INTERNAL, _DECLARED):
        for match in pattern.finditer(text):
            start, end = match.span(1)
            if start in taken or _NEGATION.search(match.group()):
                continue
            if pattern is _INTERNAL_RUN and not _heads_a_line(text, start, end):
                continue
            taken.update(word.start() for word in _INTERNAL.finditer(text, start, end))
            yield _mark(page, Kind.INTERNAL_MARK, start, end, _WHY_INTERNAL)
    for match in _INTERNAL.finditer(text):
        start, end = match.span()
        if start not in taken and standing(text, start, end):
            yield _mark(page, Kind.INTERNAL_MARK, start, end, _WHY_INTERNAL)


def draft_marks(page: Page) -> Iterator[Hit]:
    """征求意见稿, 送审稿 and the like on a line of their own or in a header.

    In the title of a published solicitation the word is lawful and does not count.
    """
    text = page.folded
    for match in _DRAFT.finditer(text):
        start, end = match.span()
        if text[start:end].isascii() and (
            text[end : end + 1].isalnum() or text[max(start - 1, 0) : start].isalnum()
        ):
            continue
        if page.layer(start) is Layer.HEADER_FOOTER or _alone_on_line(text, start, end):
            yield _mark(page, Kind.DRAFT_MARK, start, end, _WHY_DRAFT)


def _mark(page: Page, kind: Kind, start: int, end: int, why: str) -> Hit:
    return Hit(kind, start, end, page.passage.text[start:end], why)
