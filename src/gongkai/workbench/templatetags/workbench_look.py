"""Template tags of the workbench: due dates in words, lights, addresses that keep the filters."""

import datetime as dt
from typing import Any

from django import template
from django.http import QueryDict
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

WEEKDAYS = "一二三四五六日"


@register.filter
def due_date(value: dt.date | None) -> str:
    """2021年12月31日（星期五）; in English Friday 31 December 2021; None as nothing."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if (translation.get_language() or "").startswith("zh"):
        return f"{value.year}年{value.month}月{value.day}日（星期{WEEKDAYS[value.weekday()]}）"
    return formats.date_format(value, "l j F Y")


@register.filter
def days_left(remaining: int | None) -> str:
    """Words for working days left: positive still to run, 0 due today, negative overdue."""
    if remaining is None:
        return ""
    if remaining == 0:
        return _("due today")
    if remaining > 0:
        return ngettext("%(count)d working day left", "%(count)d working days left", remaining) % {
            "count": remaining
        }
    return ngettext("overdue by %(count)d working day", "overdue by %(count)d working days", -remaining) % {
        "count": -remaining
    }


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changes: Any) -> str:
    """This page's query with the given parameters set; None removes one. The page number starts anew."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def chosen_of(form: Any, names: Any) -> int:
    """How many of the named fields of a filter form are set."""
    return sum(form[name].value() not in (None, "", [], "unknown") for name in names if name in form.fields)


@register.simple_tag(takes_context=True)
def sort_of(context: dict[str, Any], column: dict[str, Any]) -> dict[str, str]:
    """How a column is sorted now and what its heading links to.

    column: with `sort`, the name of the order, and perhaps `anchor`, the id of the table's place on a longer page.
    The address carries the order as ?sort=name or ?sort=-name.
    Returns `direction` (ascending, descending or none) and `url`.
    """
    name = column.get("sort", "")
    request = context.get("request")
    now = (request.GET.get("sort") if request else "") or context.get("default_sort") or ""
    place = f"#{column['anchor']}" if column.get("anchor") else ""
    if now == name:
        return {"direction": "ascending", "url": address_with(context, sort=f"-{name}") + place}
    direction = "descending" if now == f"-{name}" else "none"
    return {"direction": direction, "url": address_with(context, sort=name) + place}
