"""The values of an entry by its kind's schema: checked on the way in, in words on the way out."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency, Person
from gongkai.agencies.policy import Refused
from gongkai.files import sealing
from gongkai.supervision.definition import Definition, Field

LONGEST = {"text": 300, "longtext": 20_000, "url": 500, "private": 300}
MOST_PEOPLE = 500
LARGEST_NUMBER = Decimal(10) ** 12
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


class Wrong(Refused):
    """Values that cannot be taken; `problems` says what is wrong, by field name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


def clean(
    kind: Definition,
    fields: Iterable[Field],
    said: Mapping[str, Any],
    *,
    agency: Agency,
    kept: Mapping[str, Any],
    case_key: UUID | None,
) -> dict[str, Any]:
    """The values of `fields` as JSON. said: name → text, number, date, Person or list of them.

    kept: what the entry holds already, for caps on another field and for private fields left empty.
    Raises Wrong with every problem; nothing is known of a name that is not among `fields`.
    """
    wanted = {field.name: field for field in fields}
    problems: dict[str, str] = {}
    for name in said:
        if name not in wanted:
            problems[name] = _("“%(name)s” is not a field that can be set here.") % {"name": name[:40]}
    result: dict[str, Any] = {}
    for name, field in wanted.items():
        try:
            value = _one(field, said.get(name, "" if field.type == "private" else kept.get(name, "")), agency)
            if field.type == "private":
                value = _sealed(value, kept.get(name, ""), case_key)
            if field.required and not value:
                raise Refused(_("Fill in “%(label)s”.") % {"label": field.label})
            result[name] = value
        except Refused as refusal:
            problems[name] = refusal.message
    merged = {**kept, **result}
    for name, field in wanted.items():
        cap = merged.get(field.at_most) if field.at_most else None
        if name in result and result[name] and cap and Decimal(result[name]) > Decimal(cap):
            problems[name] = _("“%(label)s” is at most %(cap)s (“%(other)s”).") % {
                "label": field.label,
                "cap": cap,
                "other": kind.field(field.at_most).label,
            }
    if problems:
        raise Wrong(problems)
    return result


def _one(field: Field, value: Any, agency: Agency) -> Any:
    if value is None or value == "" or value == []:
        return [] if field.type == "people" else ""
    if field.type == "date":
        return _day(field, value).isoformat()
    if field.type == "number":
        return _number(field, value)
    if field.type == "choice":
        if value not in [code for code, _label in field.choices]:
            raise Refused(_("Choose one of the values of “%(label)s”.") % {"label": field.label})
        return value
    if field.type == "person":
        return _people(field, [value], agency)[0]
    if field.type == "people":
        return _people(field, list(value), agency)
    if field.type == "agency":
        return _agency(field, value)
    text = str(value).strip()
    if len(text) > LONGEST[field.type]:
        raise Refused(
            _("“%(label)s” is longer than %(longest)d characters.")
            % {"label": field.label, "longest": LONGEST[field.type]}
        )
    if field.type == "url":
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise Refused(
                _("“%(label)s” is an address that begins with http:// or https://.") % {"label": field.label}
            )
    return text


def _day(field: Field, value: Any) -> date:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise Refused(_("“%(label)s” is a day, as 2021-12-31.") % {"label": field.label}) from None
    if not FIRST <= day <= LAST:
        raise Refused(_("“%(label)s” lies between 2000 and 2099.") % {"label": field.label})
    return day


def _number(field: Field, value: Any) -> str:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or number > LARGEST_NUMBER or number != round(number, 4):
        raise Refused(
            _("“%(label)s” is a number from 0 with at most four decimals.") % {"label": field.label}
        )
    return f"{number.normalize():f}"


def _people(field: Field, values: list[Any], agency: Agency) -> list[str]:
    keys = list(dict.fromkeys(str(value.pk if isinstance(value, Person) else value) for value in values))
    if len(keys) > MOST_PEOPLE:
        raise Refused(_("“%(label)s” names at most 500 people.") % {"label": field.label})
    try:
        found = {str(pk) for pk in Person.objects.filter(pk__in=[UUID(key) for key in keys], agency=agency).values_list("pk", flat=True)}  # fmt: skip
    except ValueError:
        found = set()
    if found != set(keys):
        raise Refused(_("“%(label)s” names people of this agency.") % {"label": field.label})
    return keys


def _agency(field: Field, value: Any) -> str:
    key = str(value.pk if isinstance(value, Agency) else value)
    try:
        there = Agency.objects.filter(pk=UUID(key)).exists()
    except ValueError:
        there = False
    if not there:
        raise Refused(_("“%(label)s” names an agency of this instance.") % {"label": field.label})
    return key


def _sealed(value: str, kept: str, case_key: UUID | None) -> str:
    """A private text sealed; left empty, what is there stays."""
    if not value or value == kept:
        return kept
    if case_key is None:
        raise Refused(_("This entry has no key for personal data; open it anew."))
    return sealing.seal(case_key, value)


def shown(kind: Definition, held: Mapping[str, Any], *, opened: bool = False) -> list[dict[str, Any]]:
    """The values as facts [{label, value, wide}]; private ones as a mark unless `opened`."""
    people = _names(
        Person, [key for field in kind.fields if field.type in ("person", "people") for key in _keys(held.get(field.name))]
    )  # fmt: skip
    agencies = _names(
        Agency, [key for field in kind.fields if field.type == "agency" for key in _keys(held.get(field.name))]
    )  # fmt: skip
    facts = []
    for field in kind.fields:
        value = held.get(field.name)
        if not value:
            continue
        if field.type == "choice":
            words: Any = dict(field.choices).get(value, value)
        elif field.type in ("person", "people"):
            words = "、".join(people.get(key, "") for key in _keys(value))
        elif field.type == "agency":
            words = agencies.get(value, "")
        elif field.type == "date":
            words = date.fromisoformat(value)
        elif field.type == "private":
            words = sealing.unseal(value) if opened else _("sealed")
        else:
            words = value
        url = value if field.type == "url" else ""
        facts.append(
            {"label": field.label, "value": words, "url": url, "wide": field.type in ("longtext", "people")}
        )
    return facts


def _keys(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _names(model: type[Person] | type[Agency], keys: list[str]) -> dict[str, str]:
    return {str(row.pk): row.name for row in model._base_manager.filter(pk__in=keys)} if keys else {}
