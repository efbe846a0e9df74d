"""Papers and things of a person: passports and permits, vehicle plates, home addresses."""

import re
from collections.abc import Iterator
from itertools import chain

from gongkai.screening.anchors import Anchor
from gongkai.screening.finding import Kind
from gongkai.screening.hits import Hit, Page
from gongkai.screening.masking import mask_digits, mask_number

_TRAVEL_WORD = re.compile(r"护照|通行证|旅行证|出入境|(?i:passport)")
_NOT_TRAVEL = re.compile(r"编号|型号|单号|批号|货号|代码|合同号?|图号|标准|车次|账号|序列号|文号|索引号|桩号")
# Ordinary passports: E with seven digits after a letter, E or G with eight. Other series and the
# permits for Hong Kong, Macao and Taiwan look like any code and need a word beside them.
_PASSPORT = re.compile(
    r"[EGeg](?<![A-Za-z0-9].)(?:(?<=[Ee])[0-9A-HJ-NP-Za-hj-np-z][0-9]{7}|(?<=[Gg])[0-9]{8})(?![A-Za-z0-9])"
)
_PASSPORT_NAMED = re.compile(
    r"[CDHKMPSWcdhkmpsw1](?<![A-Za-z0-9].)(?:(?<!1)[0-9]{7,10}|(?<=[DSPCdspc])[A-Ea-e][0-9]{7}|(?<=1)[45][0-9]{7})(?![A-Za-z0-9])"
)
# Parted by blanks, and the eight digits of the permit for residents of Taiwan: only right behind the word.
_BEHIND_THE_WORD = re.compile(
    r"(?:护照|通行证|旅行证|(?i:passport))[^0-9A-Za-z\n\t]{0,6}(?i:no)?[.:# ]{0,3}((?:[EGeg] ?[0-9]{4} [0-9]{4}|[EGeg] [0-9]{8}))(?![A-Za-z0-9])"
    r"|(?:台胞证|台湾居民来往大陆通行证|台湾通行证)[^0-9A-Za-z\n\t]{0,6}([0-9]{8})(?![A-Za-z0-9])"
)
_WHY_PASSPORT = "护照或出入境证件号码；个人信息未经单独同意不得公开（个人信息保护法第二十五条）"

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[A-Z][ \-•.]?"
    r"(?=(?:[A-Z]?[0-9]){2})(?:[A-HJ-NP-Z0-9]{6}|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Za-z0-9])"
)
_WHY_PLATE = "机动车号牌，可以指认个人（个人信息保护法第四条）"

_STREET = r"(?:省|市|区|县|旗|镇|乡|村|路|街|道|巷|里|弄|胡同|小区|社区|花园|家园|苑|园|城|庄|新村|公寓|院)"
# A building, perhaps an entrance and a floor, and a room. Typesetters put blanks around figures.
_BUILDING = r"[0-9A-Za-z]{1,4} ?(?:号楼|栋|幢|座|号|#) ?"
_FLOOR = r"(?:[0-9]{1,2} ?层 ?)?"
_DOOR = re.compile(
    r"(?:"
    rf"{_BUILDING}[0-9一二三四五六七八九十]{{1,3}} ?单元 ?{_FLOOR}[0-9]{{1,5}}(?: ?[室号户])?"
    rf"|[0-9A-Za-z]{{1,4}} ?(?:号楼|栋|幢) ?{_FLOOR}[0-9]{{3,4}}(?: ?[室号户])?"
    r"|[0-9]{1,5} ?号(?:院|楼)? ?[0-9]{3,4} ?[室户]"
    r")(?! ?[0-9年月\-])"
)
# Building, entrance and room with hyphens, as it is written at a housing estate.
_DOOR_IN_FIGURES = re.compile(r"[0-9]{1,3}-[0-9]{1,2}-[0-9]{3,4}(?: ?[室号户])?(?! ?[0-9年月\-])")
_VILLAGE_DOOR = re.compile(
    r"村(?:民)?(?:委会)? ?第? ?[0-9一二三四五六七八九十]{1,3} ?(?:村民)?[组队社] ?[0-9]{1,4} ?号"
)
_HOME_WORD = re.compile(
    r"(?:家庭|现|常)?住址|户籍(?:所在)?地|户籍地址|居住地址?|现住|家住|住所地?|通讯地址|家庭地址"
)
_HOME_STREET = re.compile(r"[路街道巷弄] ?[0-9]{1,5} ?号(?:院|附[0-9]{1,3}号)?")
_OFFICE_WORD = re.compile(
    r"办公|政务|服务|中心|大厅|大厦|政府|机关|委员会|局|厅|公司|法院|检察院|学校|医院|银行|窗口|会议室|受理|邮编|传真"
)
_WHY_ADDRESS = "写到门牌的住址；公开名单中的住址只到村、街道一级"
_REACH = 32


def passports(page: Page) -> Iterator[Hit]:
    """Passport and permit numbers; there is no check digit, so the words beside them decide."""
    for match in _PASSPORT.finditer(page.folded):
        label = page.label(match.start())
        if _TRAVEL_WORD.search(label) or not _NOT_TRAVEL.search(label):
            yield _passport(match)
    for match in _PASSPORT_NAMED.finditer(page.folded):
        if _TRAVEL_WORD.search(page.label(match.start())):
            yield _passport(match)
    for match in _BEHIND_THE_WORD.finditer(page.folded):
        yield _passport(match, match.lastindex or 0)


def _passport(match: re.Match[str], group: int = 0) -> Hit:
    number = match.group(group).upper().replace(" ", "")
    return Hit(Kind.PASSPORT, *match.span(group), mask_number(number), _WHY_PASSPORT)


def plates(page: Page) -> Iterator[Hit]:
    """Vehicle plates of seven characters, and of eight for new-energy cars (GA 36)."""
    for match in _PLATE.finditer(page.folded):
        plate = match.group()
        yield Hit(Kind.VEHICLE_PLATE, *match.span(), plate[0] + "***" + plate[-2:], _WHY_PLATE)


def addresses(page: Page) -> Iterator[Hit]:
    """Addresses down to the door of a home; rooms of an office are not meant."""
    for match in chain(page.near(Anchor.DOOR, _DOOR), _DOOR_IN_FIGURES.finditer(page.folded)):
        before = page.before(match.start(), _REACH)
        line = before[before.rfind("\n") + 1 :]
        home = _HOME_WORD.search(page.label(match.start()))
        if home or (
            re.search(_STREET, line) and not _OFFICE_WORD.search(line + _same_line(page.after(match.end())))
        ):
            yield _address(match)
    for match in _VILLAGE_DOOR.finditer(page.folded):
        yield _address(match)
    for match in _HOME_STREET.finditer(page.folded):
        line = page.label(match.start())
        if (
            _HOME_WORD.search(line)
            and not _OFFICE_WORD.search(line)
            and not _DOOR.match(page.after(match.end(), 24))
        ):
            yield _address(match)


def _same_line(text: str) -> str:
    return re.split(r"[\n\t]", text, maxsplit=1)[0]


def _address(match: re.Match[str]) -> Hit:
    shown = re.sub(r"[0-9A-Za-z]", "*", mask_digits(match.group()))
    return Hit(Kind.HOME_ADDRESS, *match.span(), shown, _WHY_ADDRESS)
