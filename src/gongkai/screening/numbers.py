"""Numbers that belong to a person: resident ids, mobile numbers and bank cards.

Digits are read as chains: groups of digits parted by blanks, hyphens or a line break. Each chain is
joined once and searched once, so the work grows with the length of the text and not faster.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from stdnum import luhn
from stdnum.cn import ric, uscc

from gongkai.screening.finding import Kind
from gongkai.screening.hits import Hit, Page
from gongkai.screening.masking import mask_number

# GB/T 2260 province codes, with 81–83 of the residence permits for Hong Kong, Macao and Taiwan
# residents and 91 of foreign permanent residents.
_PROVINCE_CODES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91"
PROVINCES = frozenset(_PROVINCE_CODES.split())

# A chain: digits, then again and again a short gap and digits. An X ends an id, so it may stand alone.
_CHAIN = re.compile(
    r"[0-9]+(?:[ \-]{0,3}\n?[ \-]{0,3}[0-9]+)*+(?:[ \-]{0,3}\n?[ \-]{0,3}[xX](?![A-Za-z0-9]))?"
)
_NO_GAPS = {ord(char): None for char in " -\n"}
# A card number is written with at least four digits together; ids and mobile numbers may be spaced out.
_LONG_GROUP = re.compile(r"[0-9]{4}")
_GROUP = re.compile(r"[0-9]+|[xX]")
_ID18 = re.compile(
    r"(?=([1-9][0-9]{5}(?:1[89]|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9xX]))"
)
_ID15 = re.compile(r"(?=([1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}))")
_MOBILE = re.compile(r"(?=(1[3-9][0-9]{9}))")
# Written with dots or brackets, which join no other number.
_MOBILE_DOTTED = re.compile(
    r"(?<![0-9.])(1[3-9][0-9])(?:\.([0-9]{4})\.|\) ?([0-9]{4})[ \-]?)([0-9]{4})(?![0-9.])"
)
# One digit in each cell, as forms ask for it.
_ID_IN_CELLS = re.compile(r"(?<![0-9])(?<![0-9]\t)[1-9] ?\t(?: ?[0-9] ?\t){16} ?[0-9xX](?! ?\t? ?[0-9])")
_MOBILE_GLUED = re.compile(r"(?:0|86|0086)(1[3-9][0-9]{9})")

_IDENTITY = re.compile(r"身份证|身份号|证件号|证件号码|居民身份|公民身份|证号|身份|\bID\b|\bid\b")
_CREDIT_CODE = re.compile(r"信用代码|纳税人识别号|税号|机构代码")
_PHONE = re.compile(r"电话|手机|联系|微信|致电|咨询|短信|号码|(?i:tel|phone|mobile)")
_ACCOUNT = re.compile(r"卡号|银行|账号|账户|帐号|帐户|开户|信用卡|储蓄卡|借记卡|一卡通|存折|(?i:card)")
_OTHER_NUMBER = re.compile(
    r"(?:编号|[单运货保]单?号|流水号?|序列号|文号|案号|受理号|发票号码?|合同号|批准号|登记号|备案号?|许可证号?|代码|编码|条形?码|"
    r"索引号|凭证号?|批号|货号|产权证号?|证书号|[学工考档卷件期页图票房桩车]号|准考证号?|档案号?|社保号|公积金号|车架号|发动机号|"
    r"(?:宗地|地块|图幅|项目|工程|课题|标段|采购|招标|标识|识别|追溯|监管|防伪|验证)(?:编?号|码)|税号|邮编|QQ号?|ICP备|安备|标准号?|"
    r"ISBN|ISSN|ORDER|NO\.?|№)[^0-9\n，。；]{0,6}$",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r" ?(?:[万亿]?(?:元|美元|欧元|港元|平方|立方|公里|千米|米|吨|千瓦|公斤|人次|户(?![主籍])|股(?![东长室])|亩)|万|亿|[%‰]|号(?![码机]))"
)
_MONEY = ("¥", "￥", "$")
_PHONE_NEAR = 8
# Accounts of offices and firms are published to be paid into.
_PUBLIC_ACCOUNT = re.compile(
    r"财政|国库|专户|对公|基本账户|基本户|单位账户|缴款|缴费|保证金|收款单位|执收|局|委员会|中心|公司"
)
_ACCOUNT_LINE = 60
# A record number of an office: district code, date (or year and 00), serial number.
_RECORD_NUMBER = re.compile(r"[1-6][0-9]{5}(?:19|20)[0-9]{2}(?:0[0-9]|1[0-2])(?:[0-2][0-9]|3[01])[0-9]*")
_LINE_NUMBER = re.compile(r"(?:\A|[\n\t])[1-9][0-9]{0,2}\.$")
_FILE_NAME = re.compile(
    r"[\w\-]{0,40}\.(?:s?html?|aspx?|jsp|php|jpe?g|png|gif|pdf|docx?|xlsx?|zip|rar)\b", re.IGNORECASE
)

# Issuer prefixes of cards used in China: UnionPay 62, and the older ranges of the large banks.
_BIN_BY_LENGTH: tuple[tuple[str, frozenset[int]], ...] = (
    ("62", frozenset({16, 17, 18, 19})),
    ("9558", frozenset({16, 19})),
    ("9559", frozenset({19})),
    ("601382", frozenset({19})),
    ("601428", frozenset({16, 17})),
    ("603", frozenset({16, 19})),
    ("436742", frozenset({16, 19})),
    ("622", frozenset({16, 17, 18, 19})),
    ("4", frozenset({16})),
    ("51", frozenset({16})),
    ("52", frozenset({16})),
    ("53", frozenset({16})),
    ("54", frozenset({16})),
    ("55", frozenset({16})),
    ("35", frozenset({16})),
)

_WHY_ID18 = (
    "省码、出生日期和校验码均成立（GB 11643）；个人信息未经单独同意不得公开（个人信息保护法第二十五条）"
)
_WHY_ID15 = (
    "身份字样旁的十五位号码，省码和出生日期成立；个人信息未经单独同意不得公开（个人信息保护法第二十五条）"
)
_WHY_MOBILE = "十一位手机号码；个人信息未经单独同意不得公开（个人信息保护法第二十五条）"
_WHY_CARD = "发卡行标识和校验位均成立；金融账户属敏感个人信息（个人信息保护法第二十八条）"


@dataclass(frozen=True, slots=True)
class _Chain:
    """Digit groups of one chain, joined; `starts[i]` is where group i begins in `digits`."""

    digits: str
    groups: list[tuple[int, int]]
    starts: list[int]
    breaks: list[int]

    def cut(self, start: int, length: int) -> tuple[int, int] | None:
        """First and last group of digits[start:start+length] if it begins and ends with a group."""
        first = bisect_left(self.starts, start)
        if first == len(self.starts) or self.starts[first] != start:
            return None
        after = bisect_left(self.starts, start + length)
        if after < len(self.starts) and self.starts[after] != start + length:
            return None
        if after == len(self.starts) and start + length != len(self.digits):
            return None
        if self.breaks[after - 1] - self.breaks[first] > 1:
            return None
        return first, after - 1

    def shape(self, first: int, last: int) -> tuple[int, ...]:
        """Lengths of the groups from first to last."""
        return tuple(end - start for start, end in self.groups[first : last + 1])

    def broken(self, first: int, last: int) -> bool:
        """Whether a line break lies between the groups."""
        return self.breaks[last] != self.breaks[first]


def _chains(folded: str) -> Iterator[_Chain]:
    for match in _CHAIN.finditer(folded):
        if match.end() - match.start() < 11:
            continue
        written = match.group()
        joined = written.translate(_NO_GAPS)
        if len(joined) < 11 or not (
            _LONG_GROUP.search(written) or _ID18.search(joined) or _MOBILE.search(joined)
        ):
            continue
        groups: list[tuple[int, int]] = []
        starts: list[int] = []
        breaks: list[int] = []
        lines = length = 0
        previous = match.start()
        for group in _GROUP.finditer(folded, match.start(), match.end()):
            start, end = group.span()
            lines += folded.count("\n", previous, start)
            # An X directly behind its digits belongs to their group.
            if group.group() in "xX" and groups and groups[-1][1] == start:
                groups[-1] = (groups[-1][0], end)
            else:
                groups.append((start, end))
                starts.append(length)
                breaks.append(lines)
            length += end - start
            previous = end
        yield _Chain(joined, groups, starts, breaks)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_resident_id(number: str) -> bool:
    """Whether 18 characters are a resident id: province code, date of birth, check digit (GB 11643).

    District codes are not checked: they change, and an unknown one may still be a person's.
    """
    return (
        len(number) == 18
        and number[:2] in PROVINCES
        and _is_date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        and ric.calc_check_digit(number) == number[17].upper()
    )


def is_old_resident_id(number: str) -> bool:
    """Whether 15 digits are a resident id of the first generation: province code and date."""
    return (
        len(number) == 15
        and number[:2] in PROVINCES
        and _is_date(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))
    )


def is_bank_card(number: str, *, named: bool) -> bool:
    """Whether digits are a card number: issuer prefix and Luhn check.

    `named`: a word for an account stands beside it; then any 12 to 19 digits with a right check count.
    """
    if not luhn.is_valid(number) or len(set(number)) == 1:
        return False
    if named:
        return 12 <= len(number) <= 19
    return any(number.startswith(prefix) and len(number) in lengths for prefix, lengths in _BIN_BY_LENGTH)


def _decimal(page: Page, start: int, end: int) -> bool:
    """Whether the number is part of a decimal fraction; a comma parts numbers as long as these.

    A short number and a dot at the beginning of a line count the line: 3.4103….
    """
    text = page.folded
    left = start >= 2 and text[start - 1] == "." and text[start - 2].isdigit()
    if left and end - start == 18 and _LINE_NUMBER.search(text, max(start - 5, 0), start):
        left = False
    right = end + 1 < len(text) and text[end] == "." and text[end + 1].isdigit()
    return left or right


def _inside_word(page: Page, start: int, end: int) -> bool:
    """Whether Latin letters touch the number: then it is part of a code, unless they say phone."""
    text = page.folded
    left = re.search(r"[A-Za-z_]+$", text[max(start - 12, 0) : start])
    if left and not re.fullmatch(r"(?i)tel|phone|mobile|mob|vx|wx|wechat|sj|dh|v", left.group()):
        return True
    return end < len(text) and (text[end].isascii() and (text[end].isalpha() or text[end] == "_"))


def _resident_ids(page: Page, chain: _Chain) -> Iterator[tuple[int, int, Hit]]:
    for match in _ID18.finditer(chain.digits):
        number = match.group(1)
        cut = chain.cut(match.start(), 18)
        if cut is None or not is_resident_id(number):
            continue
        start, end = chain.groups[cut[0]][0], chain.groups[cut[1]][1]
        if _decimal(page, start, end):
            continue
        if _CREDIT_CODE.search(page.label(start)) and uscc.is_valid(number):
            continue
        yield *cut, Hit(Kind.RESIDENT_ID, start, end, mask_number(number.upper()), _WHY_ID18)
    for match in _ID15.finditer(chain.digits):
        number = match.group(1)
        cut = chain.cut(match.start(), 15)
        if cut is None or not is_old_resident_id(number):
            continue
        start, end = chain.groups[cut[0]][0], chain.groups[cut[1]][1]
        if _IDENTITY.search(page.label(start)) or _IDENTITY.search(page.after(end)):
            yield *cut, Hit(Kind.RESIDENT_ID, start, end, mask_number(number), _WHY_ID15)


_MOBILE_SHAPES = frozenset({(11,), (3, 4, 4), (4, 4, 3), (4, 3, 4), (3, 8), (7, 4), (1,) * 11})


def _mobile_shape(page: Page, chain: _Chain, first: int, last: int) -> bool:
    shape = chain.shape(first, last)
    if shape in _MOBILE_SHAPES:
        return True
    if len(shape) == 2 and chain.broken(first, last):
        return True
    return len(shape) <= 4 and bool(_PHONE.search(page.label(chain.groups[first][0])))


def _mobiles(page: Page, chain: _Chain) -> Iterator[tuple[int, int, Hit]]:
    found: list[tuple[int, int, int, int, str]] = []
    for match in _MOBILE.finditer(chain.digits):
        cut = chain.cut(match.start(), 11)
        if cut is not None and _mobile_shape(page, chain, *cut):
            found.append((*cut, chain.groups[cut[0]][0], chain.groups[cut[1]][1], match.group(1)))
    for index, (start, end) in enumerate(chain.groups):
        if 12 <= end - start <= 15 and (glued := _MOBILE_GLUED.fullmatch(page.folded, start, end)):
            found.append((index, index, glued.start(1), end, glued.group(1)))
    for first, last, start, end, number in found:
        if _decimal(page, start, end) or _inside_word(page, start, end):
            continue
        called = _PHONE.search(page.before(start, _PHONE_NEAR))
        counted = _QUANTITY.match(page.after(end)) or page.before(start, 2).strip().endswith(_MONEY)
        if (counted and not called) or _FILE_NAME.match(page.after(end, 48)):
            continue
        if _OTHER_NUMBER.search(page.label(start)) and not called:
            continue
        yield first, last, Hit(Kind.MOBILE_NUMBER, start, end, mask_number(number), _WHY_MOBILE)


def _card_cuts(chain: _Chain) -> Iterator[tuple[int, int]]:
    """Runs of groups written as cards are: whole, in fours, six and the rest, or over a line break."""
    groups = chain.groups
    for first in range(len(groups)):
        size = groups[first][1] - groups[first][0]
        if 12 <= size <= 19:
            yield first, first
        if first == 0 and 1 < len(groups) <= 6 and 16 <= len(chain.digits) <= 19:
            yield 0, len(groups) - 1
        if size == 4:
            last, total = first, 4
            while last + 1 < len(groups) and groups[last][1] - groups[last][0] == 4 and total < 16:
                last += 1
                total += groups[last][1] - groups[last][0]
            longer = last + 1 < len(groups) and groups[last + 1][1] - groups[last + 1][0] <= 3
            if total == 16 and longer:
                yield first, last + 1
            if 12 <= total <= 16:
                yield first, last
        if first + 1 < len(groups):
            total = size + groups[first + 1][1] - groups[first + 1][0]
            parted = chain.broken(first, first + 1) or (size == 6 and total >= 16)
            if size < 16 <= total <= 19 and parted:
                yield first, first + 1


def _as_cards_are(chain: _Chain, first: int, last: int) -> bool:
    """Whether the groups are those printed on cards: fours, or six and the rest; or one line break."""
    shape = chain.shape(first, last)
    fours = len(shape) > 2 and all(size == 4 for size in shape[:-1]) and shape[-1] <= 4
    return fours or (len(shape) == 2 and (shape[0] == 6 or chain.broken(first, last)))


def _line_before(page: Page, start: int) -> str:
    before = page.before(start, _ACCOUNT_LINE)
    return page.passage.places_over(start, start + 1)[0].heading + before[before.rfind("\n") + 1 :]


def _cards(page: Page, chain: _Chain) -> Iterator[tuple[int, int, Hit]]:
    for first, last in _card_cuts(chain):
        if chain.breaks[last] - chain.breaks[first] > 1:
            continue
        start, end = chain.groups[first][0], chain.groups[last][1]
        number = "".join(page.folded[a:b] for a, b in chain.groups[first : last + 1])
        if not number.isdigit():
            continue
        label = page.label(start)
        called = bool(_ACCOUNT.search(label))
        public = bool(_PUBLIC_ACCOUNT.search(_line_before(page, start)))
        named = called and not public
        if not is_bank_card(number, named=named) or (public and number[0] in "345"):
            continue
        if (
            not called
            and (last - first > 0 or _RECORD_NUMBER.fullmatch(number))
            and not _as_cards_are(chain, first, last)
        ):
            continue
        if _decimal(page, start, end) or _QUANTITY.match(page.after(end)):
            continue
        if not named and (_OTHER_NUMBER.search(label) or _inside_word(page, start, end)):
            continue
        yield first, last, Hit(Kind.BANK_CARD, start, end, mask_number(number), _WHY_CARD)


def _otherwise_written(page: Page) -> Iterator[Hit]:
    """Forms whose digits are no chain: with dots or brackets, or one digit in each cell."""
    text = page.folded
    for match in _MOBILE_DOTTED.finditer(text):
        if match.group(3) and text[max(match.start() - 1, 0)] != "(":
            continue
        number = "".join(filter(None, match.groups()))
        yield Hit(Kind.MOBILE_NUMBER, *match.span(), mask_number(number), _WHY_MOBILE)
    for match in _ID_IN_CELLS.finditer(text) if "\t" in text else ():
        number = "".join(match.group().split())
        if is_resident_id(number):
            yield Hit(Kind.RESIDENT_ID, *match.span(), mask_number(number.upper()), _WHY_ID18)


def numbers(page: Page) -> Iterator[Hit]:
    """Resident ids, mobile numbers and bank cards, each stretch of digits counted once."""
    yield from _otherwise_written(page)
    for chain in _chains(page.folded):
        taken: set[int] = set()
        for detect in (_resident_ids, _cards, _mobiles):
            for first, last, hit in detect(page, chain):
                span = range(first, last + 1)
                if taken.isdisjoint(span):
                    taken.update(span)
                    yield hit
