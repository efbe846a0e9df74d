"""Slips of punctuation in Chinese text (GB/T 15834—2011): marks of the other script, mixed pairs, doubled marks.

Only what stands between Chinese characters counts: numbers, times, ratios, addresses of pages, names of files and
foreign words have marks of their own.
"""

import re
from collections.abc import Iterator

from gongkai.screening.finding import Kind, Layer
from gongkai.screening.hits import Hit, Page
from gongkai.screening.masking import sample

_LAYERS = frozenset({Layer.TEXT, Layer.TABLE, Layer.HEADER_FOOTER, Layer.FOOTNOTE})
_HAN = "[一-鿿〇]"
# From so many slips of one kind in a text on, they are told as one: a person corrects them all at once.
_FLOOD = 4
_NO_NAME = r"(?![A-Za-z0-9.])"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"[,;:?!](?<=[一-鿿〇》」』”’）].)(?=[一-鿿〇“‘《「『（])"),
        "中文之间用全角标点：，；：？！（GB/T 15834—2011）",
    ),
    (
        re.compile(rf"\((?<=[一-鿿〇》”].)(?=[^()（）\n\t]{{0,60}}\))[^()（）]*{_HAN}[^()（）]*\){_NO_NAME}"),
        "中文用全角括号（ ）（GB/T 15834—2011）",
    ),
    (
        re.compile(r"（[^()（）\n\t]{0,60}\)|\([^()（）\n\t]{0,60}）"),
        "括号一半全角一半半角，请统一（GB/T 15834—2011）",
    ),
    (
        re.compile(r"“[^“”\"\n\t]{1,60}\"|\"[^“”\"\n\t]{1,60}”"),
        "引号一半弯一半直，请统一用“ ”（GB/T 15834—2011）",
    ),
    (
        re.compile(r"。(?<!。。)(?!。。)[。，；：、.,](?!。)|[，；：、,][，。；：、](?![，。；：、])"),
        "标点重复或连用，请核对",
    ),
    (
        re.compile(r"\.{3,}(?<=[一-鿿〇，。；：、？！”》）]...)(?=[一-鿿〇，。；：、？！“”\s]|$)|。{3,}"),
        "省略号写作“……”（GB/T 15834—2011）",
    ),
)


def punctuation(page: Page) -> Iterator[Hit]:
    """Slips of punctuation in what the public reads; many of one kind in a text are told as one, with their number."""
    text = page.passage.text
    for pattern, why in _RULES:
        found = [match.span() for match in pattern.finditer(text) if page.layer(match.start()) in _LAYERS]
        told = found if len(found) < _FLOOD else found[:1]
        for start, end in told:
            reason = why if told is found else f"{why}，全文共 {len(found)} 处"
            yield Hit(Kind.WORDING, start, end, sample(text[start:end]), reason)
