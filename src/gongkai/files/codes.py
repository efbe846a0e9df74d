"""Query codes (查询码): what a receipt gives to somebody who writes, so that with the number it opens what became of it.

Only a keyed digest of number and code is kept: neither the agency nor the database knows a code again.
"""

import re
import secrets

from gongkai.files import sealing

# No letters or figures that look alike; twelve of them are 59 bits.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
# Of what is typed, no more is looked at.
LONGEST_NUMBER, LONGEST_CODE = 80, 40


def fresh() -> str:
    """A code that nobody had."""
    return "".join(secrets.choice(SIGNS) for _n in range(LENGTH))


def of(number: str, code: str, *, about: str = "") -> str:
    """The digest to keep. about: keeps the codes of one kind apart from those of another, as in "opinion:"."""
    return sealing.fingerprint(f"{about}{number}|{code}")


def typed(number: str, code: str, *, about: str = "") -> str | None:
    """The digest to look up for what somebody typed, with or without spaces and hyphens, in small letters or capitals;
    None where that is no number with a code."""
    said, squeezed = "".join(number.split()), re.sub(r"[\s\-]", "", code)
    if not (0 < len(said) <= LONGEST_NUMBER and 0 < len(squeezed) <= LONGEST_CODE):
        return None
    return of(said, squeezed, about=about)
