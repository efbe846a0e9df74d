"""What may be shown of what was found."""

import re

from gongkai.screening.passage import DIGITS

_HEAD, _TAIL = 6, 2
_AROUND = 10
_MARGIN = 64
_CHAIN = re.compile(r"[0-9](?:[ \-\n.]{0,3}[0-9xX])*")
_SPACE = re.compile(r"\s+")


def mask_number(value: str) -> str:
    """A number with at most its first six and last two characters left, fewer if it is short.

    >>> mask_number("11010519491231002X")
    '110105**********2X'
    >>> mask_number("13800000000")
    '138******00'
    """
    head = min(_HEAD, max(len(value) // 3, 1))
    tail = _TAIL if len(value) > head + _TAIL else 0
    return value[:head] + "*" * (len(value) - head - tail) + value[len(value) - tail :]


def mask_digits(text: str) -> str:
    """Text in which every chain of five or more digits, also a broken one, is starred out."""

    def star(match: re.Match[str]) -> str:
        chain = match.group()
        digits = sum(char.isdigit() for char in chain)
        return re.sub(r"[0-9]", "*", chain) if digits >= 5 else chain

    return _CHAIN.sub(star, fold_visible(text))


def fold_visible(text: str) -> str:
    """The text with plain digits, so that no form of a digit escapes masking; the rest unchanged."""
    return text.translate(DIGITS)


def excerpt(text: str, start: int, end: int, shown: str) -> str:
    """`shown` in place of text[start:end], with a few characters on either side, masked.

    The neighbourhood is masked before it is cut: a cut number must not show its middle.
    """
    before = mask_digits(text[max(start - _MARGIN, 0) : start])[-_AROUND:]
    after = mask_digits(text[end : end + _MARGIN])[:_AROUND]
    return _SPACE.sub(" ", before + shown + after).strip()


def sample(text: str, limit: int = 40) -> str:
    """The beginning of a text, masked."""
    cut = _SPACE.sub(" ", mask_digits(text[: limit + _MARGIN])).strip()
    return cut if len(cut) <= limit else cut[: limit - 1] + "…"
