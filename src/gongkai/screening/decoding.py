"""Bytes to text: Unicode where it is marked or valid, else GB 18030, as Chinese offices write."""

import codecs
import re
import unicodedata

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 4096
_STRANGE = frozenset({"Cn", "Co", "Cs", "Cc"})


def decode(data: bytes) -> str:
    """The text of a file. Raises UnicodeError if the bytes are not text in a known encoding."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data.decode(encoding))
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _checked(text)
    raise UnicodeError("no known encoding")


def _checked(text: str) -> str:
    """The same text if it looks like text: binary data often decodes, into control characters."""
    if len(_CONTROL.findall(text)) * 200 > len(text):
        raise UnicodeError("control characters")
    part = text[:_SAMPLE]
    strange = sum(unicodedata.category(char) in _STRANGE and char not in "\t\n\r\f\x1b" for char in part)
    if strange * 20 > len(part):
        raise UnicodeError("unassigned characters")
    return text
