"""Numbers of identity documents: what can be told of a number without asking its issuer.

Checked to the last digit where the coding is a published standard (GB 11643, GB 32100); of a permit whose
coding is sure, the form; of the rest only length and characters, so that nobody's real document is refused.
Of a resident identity number the province counts and not the district: districts come and go, and whoever was
born before the districts were numbered bears the one in which the first card was issued.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_2

from gongkai.journal import clock
from gongkai.screening.numbers import PROVINCES

LONGEST = 40
_RESIDENT = re.compile(r"(\d{2})\d{4}(\d{8})\d{3}[\dX]", re.ASCII)
_RESIDENCE = re.compile(r"8[123]0000(\d{8})\d{3}[\dX]", re.ASCII)
# Not of residents: with these begin the permits of the same form (hkmt_residence, permanent_residence).
_OF_PERMITS = frozenset({"81", "82", "83", "91"})


def folded(number: str) -> str:
    """The number as it is kept: half width, capitals, no spaces."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda number: re.fullmatch(pattern, number) is not None


def _born(digits: str) -> bool:
    """Whether eight digits are a day on which somebody living may have been born."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return date(1850, 1, 1) < day <= clock.today()


def _resident(number: str) -> bool:
    """A resident identity number: province, day of birth, check digit (GB 11643)."""
    found = _RESIDENT.fullmatch(number)
    return (
        found is not None
        and found[1] in PROVINCES - _OF_PERMITS
        and _born(found[2])
        and ric.calc_check_digit(number) == number[-1]
    )


def _residence(number: str) -> bool:
    """18 digits as of a resident identity card, with 81, 82 or 83 for Hong Kong, Macau, Taiwan."""
    found = _RESIDENCE.fullmatch(number)
    return found is not None and mod_11_2.is_valid(number) and _born(found[1])


_CHECKS: Mapping[str, tuple[Callable[[str], bool], str | Promise]] = {
    "resident_id": (_resident, _("This is not a valid resident identity number; check each digit.")),
    "credit_code": (uscc.is_valid, _("This is not a valid unified social credit code; check it.")),
    "passport": (
        _matches(r"[A-Z0-9]{5,20}"),
        _("A passport number has 5 to 20 letters and digits and nothing else."),
    ),
    "hk_macau_permit": (
        _matches(r"[HM]\d{8}(\d{2})?"),
        _("The number of this permit is H or M and 8 digits (10 on older ones)."),
    ),
    "taiwan_permit": (
        _matches(r"[A-Z0-9()]{8,14}"),
        _("The number of this permit has 8 digits; on older ones up to 14 letters and digits."),
    ),
    "hkmt_residence": (
        _residence,
        _("The number of this permit has 18 digits and begins with 81, 82 or 83; check each digit."),
    ),
    "permanent_residence": (
        _matches(r"[A-Z]{3}\d{12}|9\d{16}[\dX]"),
        _("The number of this card is 9 and 17 more digits, or three letters and 12 digits on older ones."),
    ),
    "officer_card": (
        _matches(r"(?=.*\d)[\w〔〕\[\]()-]{4,30}"),
        _("Give the number as it stands on the card, with the characters before it."),
    ),
}


def problem(kind: str, number: str) -> str:
    """What is wrong with a number of that kind of document, in one sentence; empty where nothing is known to be.

    kind: a key of personal.IDENTITIES; of another document anything is taken.
    """
    number = folded(number)
    if not number or kind not in _CHECKS:
        return ""
    valid, words = _CHECKS[kind]
    return "" if valid(number) else str(words)
