"""No list of the workbench speaks English to a Chinese reader: headings, filters; a day is chosen, not typed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver
from django.utils import translation

from gongkai.agencies.pages import StaffList
from gongkai.channels.visit_models import PageVisits
from gongkai.channels.visit_pages import VisitFilters

CHINESE = re.compile("[\u4e00-\u9fff]")


def _below(kind: type) -> Iterator[Any]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def lists() -> list[Any]:
    """Every list that an address leads to."""
    assert get_resolver().url_patterns, "importing the addresses makes the lists known"
    return sorted({each for each in _below(StaffList) if each.__module__.startswith("gongkai.")}, key=str)


@pytest.mark.parametrize("view", lists(), ids=lambda view: view.__name__)
def test_headings_and_filters_are_chinese_and_told_apart(view, db):
    with translation.override("zh-hans"):
        kind = view.table_class
        model = view.model or kind._meta.model
        named = {name: column.verbose_name for name, column in kind.base_columns.items()}
        headings = [
            str(said or (model._meta.get_field(name).verbose_name if model else ""))
            for name, said in named.items()
            if name not in view.export_only
        ]
        filters = getattr(view, "filterset_class", None)
        labels = [str(each.label or "") for each in filters.base_filters.values()] if filters else []
        assert not [said for said in (*headings, *labels) if said and not CHINESE.search(said)]
        assert len(set(headings)) == len(headings), headings


def test_a_day_of_a_filter_is_chosen_from_the_calendar(db):
    form = VisitFilters(queryset=PageVisits.objects.none()).form
    assert {name for name, field in form.fields.items() if field.widget.input_type == "date"} == {
        "since",
        "until",
    }
