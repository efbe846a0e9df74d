"""The keyed digests by which somebody is looked up without being read (I7): one however a fact is written.

A name, a telephone number, the number of an identity document: wide or narrow, a telephone with signs and country
code or without, a name with whatever dot its bearer's keyboard has.
"""

import re
import unicodedata

from gongkai.files import sealing

NAME, IDENTITY, PHONE = "name", "identity", "phone"
# A mobile number with the country's code before it; dots between the parts of a name.
_COUNTRY = re.compile(r"^(?:00)?86(?=1\d{10}$)")
_DOTS = re.compile("[·•‧∙⋅・.]")


def of(fact: str, value: str) -> str:
    """The digest of a fact, for a column; empty where nothing was given."""
    return sealing.fingerprint(written(fact, value)) if value.strip() else ""


def either(fact: str, value: str) -> set[str]:
    """What to look up: the digest of now, and the one from before one digest stood for every way of writing."""
    return {of(fact, value), sealing.fingerprint(value)} if value.strip() else set()


def written(fact: str, value: str) -> str:
    """The one way of writing of which the digest is."""
    told = unicodedata.normalize("NFKC", value)
    if fact == PHONE:
        digits = "".join(char for char in told if char.isascii() and char.isdigit())
        return _COUNTRY.sub("", digits) or told
    return _DOTS.sub("·", told) if fact == NAME else told
