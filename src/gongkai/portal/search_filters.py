"""The filters beside the results: values with counts and names, and those that are set, each removable alone."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.channels import validity
from gongkai.disclosure.models import Column
from gongkai.search import entries
from gongkai.search.index import FACETS
from gongkai.search.query import Results

NAMES = (*FACETS, "from", "to")
# So many values of a filter are shown; the others are reached by words.
SHOWN = 20
Chosen = dict[str, str]
Address = Callable[[Chosen], str]


def _headings() -> dict[str, str]:
    return {
        "type": _("Type"),
        "column": _("Column"),
        "agency": _("Agency"),
        "year": _("Year"),
        "validity": _("Validity"),
        "from": _("From"),
        "to": _("To"),
    }


def _names(field: str, values: list[str]) -> dict[str, str]:
    """What the values of a filter are called; one without a name is not offered."""
    if field == "column":
        return dict(Column.objects.filter(active=True, code__in=values).values_list("code", "name"))
    if field == "agency":
        known = dict(Agency.objects.filter(code__in=values).values_list("code", "name"))
        return {value: known.get(value, value) for value in values}
    if field == "validity":
        return dict(validity.MARKS.values())
    if field == "type":
        ours = {"item": _("Government information"), "report": _("Annual report")}
        return {value: ours.get(value) or entries.type_label(value) for value in values}
    return {value: value for value in values}


def facets(found: Results, chosen: Chosen, address: Address) -> list[dict[str, Any]]:
    """Each filter with its values and counts; the value that is set leads back to all."""
    shown = []
    for field, heading in _headings().items():
        counted = list(found.facets.get(field, ()))
        if field == "year":
            counted.sort(reverse=True)
        names = _names(field, [value for value, _count in counted])
        options = [
            {
                "label": names[value],
                "url": address(chosen | {field: "" if chosen[field] == value else value}),
                "count": count,
                "current": chosen[field] == value,
            }
            for value, count in counted
            if value in names
        ]
        # A filter with one value tells nothing apart, unless it is set.
        if len(options) > 1 or any(option["current"] for option in options) or field in ("column", "year"):
            shown.append({"label": heading, "options": options[:SHOWN]})
    return [facet for facet in shown if facet["options"]]


def removable(chosen: Chosen, address: Address) -> list[dict[str, str]]:
    """The filters that are set, each with the address without it; the others stay."""
    headings = _headings()
    return [
        {
            "label": f"{headings[name]}：{_names(name, [chosen[name]]).get(chosen[name], chosen[name])}",
            "url": address(chosen | {name: ""}),
        }
        for name in NAMES
        if chosen[name]
    ]
