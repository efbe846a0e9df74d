"""Marks on a document: of state secrets, of internal papers, of drafts.

The same words stand in ordinary prose (保守国家秘密法, 涉密信息不上网). A word is a mark where its
written form says so (a star behind the level) or where it stands alone: on its own line, in its own
cell, in its own brackets, or at an end of a line behind a wide gap.
"""

import re
from collections.abc import Iterator

from gongkai.screening.anchors import Anchor
from gongkai.screening.finding import Kind, Layer
from gongkai.screening.hits import Hit, Page

_LEVEL = r"(?:绝[ \n]{0,3}密|机[ \n]{0,3}密|秘[ \n]{0,3}密)"
_STAR = r"[★☆✩✪✫✭✮✯✰⭐🌟⋆✦]"
# Signs that stand in for the star count only with a term behind them.
_SIGN = r"[▲△●◆◇■※✱✶✳✴❋*]"
_TERM = r"(?:(?:[0-9][0-9 ]{0,3}(?:- ?[0-9]{1,2} ?)?|[一二三四五六七八九十]{1,3}) ?(?:年|个月|月|天|日)|长 ?期|永久)"
_WRITTEN_TERM = rf"(?:\(? ?(?:保密期限? ?:? ?)?{_TERM} ?\)?)"
_STARRED = re.compile(
    rf"(?<!工作)(?<!工作 )(?<!商业)(?<!商业 )(?<!《){_LEVEL}[ \n]{{0,3}}级?[ \n]{{0,3}}"
    rf"(?:[\[(【]?{_STAR}[\])】]?[ \n]{{0,3}}{_WRITTEN_TERM}?|{_SIGN}[ \n]{{0,3}}{_TERM})"
)
_NAMED_LEVEL = re.compile(
    r"(?:密 ?级|密别|(?:保密|涉密|秘密)(?:等级|级别)|[定标]密(?:级别)?)(?:[和及、/]保密期限)? ?[:\t ] ?[\[(【〔]?"
    rf"({_LEVEL})"
)
_BARE_LEVEL = re.compile(rf"{_LEVEL} ?(?:级|件|文件|资料|材料)?(?: ?[-/:,]? ?{_WRITTEN_TERM})?")
_SECRET_PAPER = re.compile(r"涉密(?:文件|资料|材料|件)|(?<![绝机秘涉])密件")
_IN_OWN_BRACKETS = re.compile(
    r"[\[(【〔「](涉密|国家秘密)[\])】〕」](?=[ .。!]{0,3}(?:[\n\t]|$|[A-Za-z]{2,5}$))"
)
# The parts of a file's name are divided otherwise than those of a line.
_LEVEL_IN_A_NAME = re.compile(rf"(?:^|[_\-+ ])({_LEVEL}|涉密)(?=[_\-+ .]|$)")
_INTERNAL_IN_A_NAME = re.compile(r"(?:^|[_\-+ ])(内部(?:资料|文件|材料)?)(?=[_\-+ .]|$)")
_LEVELS = tuple(re.compile(written) for written in (r"绝 ?密", r"机 ?密", r"(?<!工作)(?<!商业)秘 ?密"))
_ENUMERATED_WITHIN = 40
_COPY_NUMBER = re.compile(r"份 {0,4}号 ?:? ?[0-9]{6}(?![0-9])")
_FIRST_COPY_NUMBER = re.compile(r"\s{0,20}(0[0-9]{5})[ \t]{0,20}(?:\n|$)")

_LET_OUT = r"(?:外传|外泄|扩散|转发|翻印|复印|复制|上网|传播|对外公开|公开)"
_INTERNAL_WORD = (
    rf"(?:工作 ?秘密(?: ?{_STAR}? ?{_TERM}| ?{_STAR})?|"
    r"(?:机关|本?单位|系统|行业|党内)?内 ?部 ?(?:资 ?料|文 ?件|材料|刊物|参考|参阅|传阅|使用|掌握|明电|发行)|"
    r"请?注 ?意 ?保 ?存|"
    rf"(?:此件)?(?:不得|请勿|严禁|禁止|切勿|不准|勿)(?:对外)?{_LET_OUT}|"
    r"此件不(?:予|宜)?公开|限内部(?:使用|发行|传阅|掌握)?|"
    r"(?:仅限|仅供|只限|只供|限于|[仅只限])(?:内部|领导|机关内部|系统内部|本?单位内部)(?:使用|参考|传阅|掌握|参阅)|"
    r"(?:阅|用|会)[后毕](?:收回|销毁|即焚|退回|交回)|内参|领导参阅|传 ?阅(?:件|文件|材料)?)"
)
_INTERNAL = re.compile(_INTERNAL_WORD)
# Beside a mark these belong to it; alone they are said of anything.
_BESIDE_A_MARK = rf"(?:{_INTERNAL_WORD}|请?妥善保管|仅供参考)"
_INTERNAL_RUN = re.compile(
    rf"({_INTERNAL_WORD}(?:[ ,;、★☆\-]{{0,4}}{_BESIDE_A_MARK}){{1,6}}|仅供参考[ ,;、]{{1,4}}{_INTERNAL_WORD})"
)
_INTERNAL_IN_BRACKETS = re.compile(r"[\[(【〔「](内部)[\])】〕」](?=[ .。!]{0,3}(?:[\n\t]|$|[A-Za-z]{2,5}$))")
_NAMED_INTERNAL = re.compile(rf"(?:性质|类别|属性|密级|标识|级别|类型) ?[:\t] ?[\[(【〔]?({_INTERNAL_WORD})")
# A short line about a paper that ends in the order: 内部情况通报　不得外传.
_ORDER = re.compile(
    r"^[^\n\t。]{0,16}(?:内部|资料|材料|名单|名册|文件|此件|本件)[^\n\t。]{0,10}[ ,;!、]"
    rf"((?:不得|请勿|严禁|禁止|切勿)(?:对外)?{_LET_OUT})[! ]{{0,3}}$",
    re.MULTILINE,
)
_THIS_PAPER = r"(?:本|此|该)(?:件|文|文件|材料|资料|名册|名单|方案|报告|通知|表)[^。;\n]{0,10}[属为系是供]于?[^。;\n]{0,6}"
_NOT_A_CLAUSE = r"(?![^。;,、\n)]{0,2}的)"
_DECLARED = re.compile(_THIS_PAPER + r"(内部(?:资料|文件|材料|使用|参考)|工作秘密)" + _NOT_A_CLAUSE)
_DECLARED_SECRET = re.compile(_THIS_PAPER + rf"(国家秘密|{_LEVEL})" + _NOT_A_CLAUSE)
_NEGATION = re.compile(r"[不非未无否](?!得|准|予|宜)")

_DRAFT_WORD = (
    r"(?:(?:内部)?(?:征 ?求 ?意 ?见|送 ?审|讨 ?论|审 ?议|报 ?批|报 ?审|代 ?拟|修 ?改|修 ?订|过 ?程|审 ?定|试 ?行|"
    r"上 ?会|会 ?签|送 ?签|汇 ?报|评 ?审)稿|"
    r"第[一二三四五六七八九十0-9]{1,2}稿|"
    r"(?:第[一二三四五六七八九十0-9]{1,2}[次版]?)?(?:初 ?稿|草 ?稿|样 ?稿|未 ?定 ?稿|底 ?稿|二稿|三稿|终稿)|草 ?案稿?|"
    r"(?:征求意见|送审|讨论)版|(?i:draft))(?: ?\((?:第?[一二三四五六七八九十0-9.]{1,4}[次稿版]?|修改|修订)\))?"
)
_DRAFT = re.compile(_DRAFT_WORD)

_URGENCY = re.compile(r"[ \t]*(?:特急|加急|平急|特提|急件)")
_OPEN = "[【〔({「『★☆*"
_CLOSE = "]】〕)}」』★☆*"
_FILLER = " :。.,;!-_★☆*"
_ENDING = re.compile(r"[)\]】〕]?\.[A-Za-z]{2,5}(?:\n|$)")
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
    """Whether nothing but filler, or the ending of a file's name, stands up to a boundary on its right."""
    if _ENDING.match(text, end):
        return True
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


def _enumerated(text: str, start: int) -> bool:
    """Whether all three levels stand close together: that explains them and marks nothing."""
    near = text[max(start - _ENUMERATED_WITHIN, 0) : start + _ENUMERATED_WITHIN]
    return all(level.search(near) for level in _LEVELS)


def classification_marks(page: Page) -> Iterator[Hit]:
    """绝密, 机密, 秘密 as marks in their written forms, and the copy number of a classified paper."""
    text = page.folded
    yield from _levels(page)
    if "份" in text:
        for match in _COPY_NUMBER.finditer(text):
            if standing(text, match.start(), match.end()):
                yield _mark(page, Kind.CLASSIFICATION_MARK, match.start(), match.end(), _WHY_COPY)
    first = _FIRST_COPY_NUMBER.match(text)
    if first and page.layer(first.start(1)) in (Layer.TEXT, Layer.HEADER_FOOTER):
        yield _mark(page, Kind.CLASSIFICATION_MARK, first.start(1), first.end(1), _WHY_COPY)


def _levels(page: Page) -> Iterator[Hit]:
    text = page.folded
    taken: set[int] = set()
    for match in page.near(Anchor.LEVEL, _STARRED):
        taken.add(match.start())
        yield _mark(page, Kind.CLASSIFICATION_MARK, match.start(), match.end(), _WHY_MARK)
    for pattern in (_NAMED_LEVEL, _DECLARED_SECRET):
        for match in page.near(Anchor.LEVEL, pattern):
            start, end = match.span(1)
            if start not in taken and not _NEGATION.search(match.group()) and not _enumerated(text, start):
                taken.add(start)
                yield _mark(page, Kind.CLASSIFICATION_MARK, start, end, _WHY_MARK)
    for pattern in (_BARE_LEVEL, _SECRET_PAPER):
        for match in page.near(Anchor.LEVEL, pattern):
            start, end = match.span()
            if start not in taken and standing(text, start, end) and not _enumerated(text, start):
                taken.add(start)
                yield _mark(page, Kind.CLASSIFICATION_MARK, start, end, _WHY_BARE)
    for match in page.near(Anchor.LEVEL, _IN_OWN_BRACKETS):
        yield _mark(page, Kind.CLASSIFICATION_MARK, *match.span(1), _WHY_BARE)
    if page.layer(0) is Layer.METADATA:
        for match in page.near(Anchor.LEVEL, _LEVEL_IN_A_NAME):
            if match.start(1) not in taken:
                yield _mark(page, Kind.CLASSIFICATION_MARK, *match.span(1), _WHY_BARE)


def internal_marks(page: Page) -> Iterator[Hit]:
    """内部资料, 注意保存, 不得外传, 工作秘密 and their kin where they mark the paper itself."""
    text = page.folded
    taken: set[int] = set()
    if page.layer(0) is Layer.METADATA:
        for match in page.near(Anchor.INTERNAL, _INTERNAL_IN_A_NAME):
            taken.add(match.start(1))
            yield _mark(page, Kind.INTERNAL_MARK, *match.span(1), _WHY_INTERNAL)
    for pattern in (_INTERNAL_RUN, _NAMED_INTERNAL, _DECLARED, _ORDER, _INTERNAL_IN_BRACKETS):
        for match in page.near(Anchor.INTERNAL, pattern):
            start, end = match.span(1)
            if start in taken or (pattern is not _ORDER and _NEGATION.search(match.group())):
                continue
            if pattern is _INTERNAL_RUN and not _heads_a_line(text, start, end):
                continue
            taken.update(word.start() for word in _INTERNAL.finditer(text, start, end))
            yield _mark(page, Kind.INTERNAL_MARK, start, end, _WHY_INTERNAL)
    for match in page.near(Anchor.INTERNAL, _INTERNAL):
        start, end = match.span()
        # 传阅 in a cell of its own is a step of how papers go round.
        if start in taken or (match.group() == "传阅" and page.layer(start) is Layer.TABLE):
            continue
        if standing(text, start, end):
            yield _mark(page, Kind.INTERNAL_MARK, start, end, _WHY_INTERNAL)


def draft_marks(page: Page) -> Iterator[Hit]:
    """征求意见稿, 送审稿 and the like on a line of their own or in a header.

    In the title of a published solicitation the word is lawful and does not count.
    """
    text = page.folded
    for match in page.near(Anchor.DRAFT, _DRAFT):
        start, end = match.span()
        if text[start:end].isascii() and (
            text[end : end + 1].isalnum() or text[max(start - 1, 0) : start].isalnum()
        ):
            continue
        if page.layer(start) is Layer.HEADER_FOOTER or _alone_on_line(text, start, end):
            yield _mark(page, Kind.DRAFT_MARK, start, end, _WHY_DRAFT)


def _mark(page: Page, kind: Kind, start: int, end: int, why: str) -> Hit:
    return Hit(kind, start, end, page.passage.text[start:end], why)
