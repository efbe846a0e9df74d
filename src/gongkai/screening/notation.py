"""Slips in how document numbers and dates are written: what a list of words cannot say.

Numbers of documents as GB/T 9704—2012 7.2.5 has them, dates as GB/T 15835—2011 and the calendar do.
"""

import re
from collections.abc import Iterator
from datetime import date

from gongkai.screening.finding import Kind, Layer
from gongkai.screening.hits import Hit, Page

_LAYERS = frozenset({Layer.TEXT, Layer.TABLE, Layer.HEADER_FOOTER, Layer.FOOTNOTE})
# The code of an agency, the year in brackets, the number. Those of cases at court (round brackets, letters
# before the number) are written otherwise and rightly so.
_NUMBER = re.compile(
    r"(?:[\[【](?<=[一-鿿].) ?(?:19|20)[0-9]{2} ?[\]】]|\((?<=[一-鿿].)(?:19|20)[0-9]{2}\)) ?(?:第 ?)?[0-9]{1,5} ?号"
)
_PADDED = re.compile(r"〔(?<=[一-鿿].)(?:19|20)[0-9]{2}〕 ?(?:第 ?)?0[0-9]{0,4} ?号")
_DAY = re.compile(r"月(?<=[0-9 ].) ?([0-9]{1,2}) ?(日|号(?![院楼线馆店文桥机井库栋幢地厅台门口窗码令]))")
_BEFORE_DAY = re.compile(r"(?:([0-9]{4}) ?年 ?)?(?<![0-9])([0-9]{1,2}) ?$")
_YEAR_IN_WORDS = re.compile(r"二[零Oo0][零〇一二三四五六七八九Oo0]{2}年")

_WHY_BRACKETS = "发文字号的年份用六角括号〔〕括入（GB/T 9704—2012）"
_WHY_PADDED = "发文字号的顺序号不编虚位（GB/T 9704—2012）"
_WHY_SPOKEN = "公文中的日期写“日”，不写“号”"
_WHY_NO_DAY = "日历上没有这一天，请核对"
_WHY_YEAR = "年份中的“零”写作“〇”（GB/T 15835—2011）"


def notation(page: Page) -> Iterator[Hit]:
    """Slips of notation in what the public reads."""
    for start, end, why in _slips(page.folded):
        if page.layer(start) in _LAYERS:
            yield Hit(Kind.WORDING, start, end, page.passage.text[start:end], why)


def _slips(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _NUMBER.finditer(text):
        yield *match.span(), _WHY_BRACKETS
    for match in _PADDED.finditer(text):
        yield *match.span(), _WHY_PADDED
    for match in _DAY.finditer(text):
        before = _BEFORE_DAY.search(text, max(match.start() - 11, 0), match.start())
        if before is None:
            continue
        year = int(before.group(1)) if before.group(1) else None
        if not _exists(year, int(before.group(2)), int(match.group(1))):
            yield before.start(2), match.end(), _WHY_NO_DAY
        elif match.group(2) == "号":
            yield before.start(2), match.end(), _WHY_SPOKEN
    for match in _YEAR_IN_WORDS.finditer(text):
        yield *match.span(), _WHY_YEAR


def _exists(year: int | None, month: int, day: int) -> bool:
    """Whether there is such a day; without a year, in any year."""
    try:
        # 2024 is a leap year: of a day without its year nothing more is known.
        date(year or 2024, month, day)
    except ValueError:
        return False
    return True
