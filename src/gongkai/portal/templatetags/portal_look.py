"""Template tags of the public pages: dates as Chinese offices write them, file sizes, page links."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import formats, timezone, translation
from django.utils.safestring import mark_safe

from gongkai.portal import editions

register = template.Library()

CHINESE_WORDS = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
Moment = dt.date | dt.datetime | str | None


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    """An aware time in the zone of the instance; plain dates and naive times as they are."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def prose_date(value: Moment) -> str:
    """2021年12月31日 for running text (31 December 2021 in English); text and None pass as text."""
    if not isinstance(value, dt.date):
        return "" if value is None else str(value)
    day = _local(value)
    if (translation.get_language() or "").startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return formats.date_format(day, "j F Y")


@register.simple_tag
def edition() -> str:
    """What stands before the addresses of the standing pages in the language of now: nothing, or /en."""
    return "" if _chinese() else f"/{editions.FOLDER}"


@register.simple_tag
def lang_of(text: object) -> str:
    """The attribute that marks Chinese words on a page in another language, for voices and for line breaking."""
    if _chinese() or not CHINESE_WORDS.search(str(text or "")):
        return ""
    return mark_safe(f' lang="{editions.TAGS[editions.CHINESE]}"')  # noqa: S308


def _chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")


@register.filter
def list_date(value: Moment) -> str:
    """2021-12-31 for lists and tables; text and None pass as text."""
    if not isinstance(value, dt.date):
        return "" if value is None else str(value)
    return _local(value).strftime("%Y-%m-%d")


@register.filter
def list_time(value: Moment) -> str:
    """2021-12-31 09:30, the form that 国办发〔2017〕47号 asks for on content pages; a plain date as list_date."""
    if not isinstance(value, dt.datetime):
        return list_date(value)
    return _local(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def file_size(octets: int | None) -> str:
    """A size in B, KB or MB with one decimal place where it tells something; None as nothing."""
    if octets is None:
        return ""
    if octets < 1024:
        return f"{octets} B"
    if octets < 1024 * 1024:
        return f"{octets / 1024:.0f} KB"
    return f"{octets / 1024 / 1024:.1f} MB"


@register.filter
def paired(facts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The facts that say something, two in a row: one that is left over before a wide one, or last, is wide too."""
    shown: list[dict[str, Any]] = []
    alone = False
    for fact in facts:
        if not (fact.get("value") or fact.get("mark")):
            continue
        if fact.get("wide"):
            if alone:
                shown[-1] = shown[-1] | {"wide": True}
            alone = False
        else:
            alone = not alone
        shown.append(fact)
    if alone:
        shown[-1] = shown[-1] | {"wide": True}
    return shown


def page_numbers(current: int, last: int, around: int = 2) -> list[int | None]:
    """Page numbers to show: the ends and the neighbours of `current`; None stands for a gap."""
    shown = sorted(
        {1, last, *range(max(1, current - around), min(last, current + around) + 1)} & set(range(1, last + 1))
    )
    numbers: list[int | None] = []
    for number in shown:
        if numbers and number - (numbers[-1] or 0) == 2:
            numbers.append(number - 1)
        elif numbers and number - (numbers[-1] or 0) > 2:
            numbers.append(None)
        numbers.append(number)
    return numbers


@register.inclusion_tag("portal/partials/pagination.html")
def page_links(current: int, last: int, address: str, first: str = "") -> dict[str, Any]:
    """Links to the pages of a list.

    current, last: page numbers from 1. address: the address of a page with `{page}` for its number, as in
    "?q=棚改&page={page}". first: the address of page 1 where it differs.
    """

    def url(number: int) -> str:
        return first if number == 1 and first else address.replace("{page}", str(number))

    return {
        "pagination": {
            "previous": url(current - 1) if current > 1 else "",
            "next": url(current + 1) if current < last else "",
            "pages": [
                {"number": number, "url": url(number) if number else "", "current": number == current}
                for number in page_numbers(current, last)
            ],
        }
        if last > 1
        else None
    }
