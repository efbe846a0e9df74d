"""Forms of numbers as settings of an agency: checked, so that no number is given out twice or cannot be written."""

import string
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import TEXT, Option
from gongkai.agencies.policy import Refused

GROUP = gettext_lazy("Forms of numbers")
# What `numbering.issue` fills in.
FIELDS = ("year", "n", "mark", "code")
# As long as a number may get (IssuedNumber.text), with the largest number of a series.
LONGEST, LARGEST = 80, 999_999
# The same number of two series would differ in nothing: they are compared by one example.
_YEAR, _N = 2021, 1
# Space of numbers → the keys of its series. Within a space a number must not come twice, in any agency.
_spaces: dict[str, list[str]] = {}


def option(key: str, label: object, default: str, *, space: str) -> Option:
    """The setting of a form of numbers, to be declared. space: what tells the numbers of the instance apart, as
    "letter": two series of one space, of one agency or of two, may not write the same number."""
    keys = _spaces.setdefault(space, [])
    if key not in keys:
        keys.append(key)
    return Option(
        key,
        GROUP,
        label,
        TEXT,
        default,
        words=gettext_lazy(
            "With {n}, {year}, {mark} (the document mark of the agency) and {code} (its code); {n:04d} writes four "
            "digits."
        ),
        check=partial(check, key, space),
    )


def check(key: str, space: str, agency: Agency | None, form: str) -> None:
    """Raise Refused unless numbers can be written by this form, and no other series writes the same ones."""
    names = _names(form)
    if unknown := sorted(set(names) - set(FIELDS)):
        raise Refused(
            _("“{%(name)s}” is not known; use {n}, {year}, {mark} and {code}.") % {"name": unknown[0]}
        )
    for needed in ("n", "year"):
        if needed not in names:
            raise Refused(
                _("{%(name)s} must stand in it, or numbers would repeat themselves.") % {"name": needed}
            )
    _write(form, agency, LARGEST)
    if agency is not None:
        _refuse_the_same(key, space, agency, form)


def _names(form: str) -> list[str]:
    try:
        parts = list(string.Formatter().parse(form))
    except ValueError as error:
        raise Refused(_("a brace is not closed; write names as {n}.")) from error
    for _text, _name, layout, conversion in parts:
        # Only the number of digits may be given, so that a form cannot blow a number up.
        if conversion or (
            layout and not (layout.endswith("d") and layout[:-1] in {f"0{n}" for n in range(2, 10)})
        ):
            raise Refused(_("after the name only the number of digits may stand, as {n:04d}."))
    return [name for _text, name, _layout, _conversion in parts if name is not None]


def _write(form: str, agency: Agency | None, n: int) -> str:
    mark, code = (agency.document_mark, agency.code) if agency else ("", "")
    try:
        text = form.format(year=_YEAR, n=n, mark=mark, code=code)
    except ValueError as error:
        raise Refused(_("digits can be set for {n} and {year} alone.")) from error
    if len(text) > LONGEST:
        raise Refused(_("a number would get longer than %(n)d characters.") % {"n": LONGEST})
    return text


def _refuse_the_same(key: str, space: str, agency: Agency, form: str) -> None:
    mine = _write(form, agency, _N)
    for other in Agency.objects.all():
        for each in _spaces[space]:
            if (other.pk, each) != (agency.pk, key) and _example(other, each) == mine:
                raise Refused(
                    _("%(agency)s writes the same numbers (%(number)s); put {mark}, {code} or a word in it.")
                    % {"agency": other.name, "number": mine}
                )


def _example(agency: Agency, key: str) -> str:
    held: Any = options.read(agency, key)
    try:
        return _write(str(held), agency, _N)
    except (Refused, KeyError, IndexError):
        # Set past this check, as by an earlier version; it writes no number at all.
        return ""
