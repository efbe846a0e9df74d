"""Pages of lists over several agencies: the same rows in the same order as if all had been sorted."""

import pytest
from django.db import connection
from django.db.models.functions import Reverse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django_tables2 import RequestConfig

from gongkai.agencies import paging
from gongkai.agencies.models import Agency, Person
from gongkai.agencies.paging import CountedPaginator
from gongkai.agencies.tables import PersonTable


@pytest.fixture
def agencies(db):
    return [Agency.objects.create(name=f"机关{n}", code=f"A{n}") for n in range(5)]


def people(agencies, count):
    """People of one agency after the other; the first agency has most of those whose names come first."""
    Person.objects.bulk_create(
        Person(
            username=f"u{n}",
            name=f"{n * 37 % count:04d}",
            agency=agencies[0] if n * 37 % count < 80 else agencies[n % 5],
            is_active=n % 7 > 0,
        )
        for n in range(count)
    )


def shown(rows, agencies, page, sort="name"):
    """The names on a page of the list, and the table."""
    table = PersonTable(rows)
    request = RequestFactory().get("/", {"page": page, "sort": sort})
    RequestConfig(
        request,
        paginate={
            "per_page": 30,
            "paginator_class": CountedPaginator,
            "silent": True,
            "seats": [agency.pk for agency in agencies],
            "seat_field": "agency",
        },
    ).configure(table)
    return [row.record.name for row in table.paginated_rows], table


@pytest.mark.parametrize("sort", ["name", "-name", "is_active"])
@pytest.mark.parametrize("page", [1, 2, 3, 6])
def test_a_page_is_what_sorting_everything_gives(agencies, page, sort):
    people(agencies, 200)
    rows = Person.objects.filter(agency__in=agencies[:4]).order_by()
    order = (sort, "pk") if sort == "is_active" else (sort,)
    expected = [each.name for each in rows.order_by(*order)][(page - 1) * 30 : page * 30]
    found, table = shown(rows, agencies[:4], page, sort)
    assert table.paginator.count == rows.count()
    if sort == "is_active":
        # Rows alike in the order may come in any of their own.
        assert len(found) == len(expected)
    else:
        assert found == expected


def test_each_agency_is_asked_for_its_first_rows_only(agencies):
    people(agencies, 200)
    with CaptureQueriesContext(connection) as seen:
        shown(Person.objects.filter(agency__in=agencies), agencies, 1)
    sent = [each["sql"] for each in seen]
    assert len(sent) == 1 + len(agencies) + 2
    assert all("LIMIT 30" in sql for sql in sent[1:-1])


def test_of_very_many_agencies_the_keys_alone_are_sorted(agencies, monkeypatch):
    monkeypatch.setattr(paging, "SEATS", 4)
    people(agencies, 200)
    rows = Person.objects.filter(agency__in=agencies)
    with CaptureQueriesContext(connection) as seen:
        found, _table = shown(rows, agencies, 2)
    assert len(seen) == 3
    assert found == [each.name for each in rows.order_by("name")][30:60]


def test_an_order_that_no_row_holds_is_left_to_the_database(agencies):
    people(agencies, 200)
    rows = Person.objects.filter(agency__in=agencies).annotate(key=Reverse("name")).order_by("key")
    paginator = CountedPaginator(rows, 30, seats=[agency.pk for agency in agencies], seat_field="agency")
    names = sorted((f"{n:04d}" for n in range(200)), key=lambda name: name[::-1])
    assert [each.name for each in paginator._read(30, 60)] == names[30:60]


def test_a_short_list_of_one_agency_is_counted_by_its_first_page(agencies):
    people(agencies[:1] * 5, 25)
    with CaptureQueriesContext(connection) as seen:
        found, table = shown(Person.objects.filter(agency=agencies[0]), [], 1)
    assert (len(seen), len(found), table.paginator.count) == (1, 25, 25)


def test_a_long_list_is_counted_so_far_and_no_further(agencies, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 50)
    people(agencies, 100)
    _found, table = shown(Person.objects.all(), [], 1)
    assert table.paginator.count == 50
    assert table.paginator.num_pages == 2
