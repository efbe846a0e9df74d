"""A figure of a submitted report opens to the records of then, and says what they give now (I5, I10)."""

from datetime import date

import pytest
from django.utils.html import strip_tags

from gongkai.reporting import compiling, document
from gongkai.reporting.compiling import grouped
from gongkai.reporting.figures import Period
from tests.reporting.reports import begun, case, submitted

pytestmark = pytest.mark.django_db
PAGE = "/workbench/reports/{code}/2021/figures/applications.r1.total/"


def test_each_record_is_frozen_once_however_many_figures_count_it(office):
    for n in range(40):
        case(office, date(2021, 3, 1 + n % 20), row="r3_1", answered=date(2021, 4, 1))
    counted = compiling.compile_figures(office.agency, Period.of_year(2021))
    frozen = counted.frozen()
    assert sorted(map(len, frozen["records"])) == [40]
    assert document.counted_of(frozen) == dict(counted.counted)
    assert len(str(frozen)) < 40 * 45 + 30_000


def test_groups_together_are_the_records_of_each_key():
    said = {"a": ("1", "2", "3"), "b": ("2", "3"), "c": (), "d": ("9",), "e": ("3", "1")}
    groups, of_key = grouped(said)
    assert {key: sorted(pk for n in of_key[key] for pk in groups[n]) for key in said} == {
        key: sorted(keys) for key, keys in said.items()
    }
    assert sorted(pk for group in groups for pk in group) == ["1", "2", "3", "9"]


def test_the_page_shows_what_was_frozen_and_what_the_records_say_now(office, at, client):
    first = case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 5))
    case(office, date(2021, 3, 2), row="r3_1", answered=date(2021, 3, 6))
    with at(2022, 1, 10):
        report, draft = begun(office)
        client.force_login(office.people["handler"])
        page = PAGE.format(code=office.agency.code)
        assert client.get(f"{page}frozen/").status_code == 404
        assert "frozen/" not in client.get(page).text
        submitted(office, report, draft)
        first.received_on = date(2020, 12, 31)
        first.save()
        later = case(office, date(2021, 12, 30))
        assert f"{page}frozen/" in client.get(page).text
        shown = strip_tags(client.get(f"{page}frozen/").text)
    assert first.number in shown and later.number in shown
    assert shown.index(later.number) < shown.index(first.number)
