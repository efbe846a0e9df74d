"""Compiling: every figure from its records, and every figure opens to what it counted (I5)."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Refused
from gongkai.applications import figures as application_figures
from gongkai.applications.models import Application
from gongkai.disclosure import normative
from gongkai.disclosure.models import NormativeDocument
from gongkai.reporting import compiling, entries, figures
from gongkai.reporting.figures import Period
from gongkai.rulebook.report_checks import check_report
from gongkai.rulebook.report_form import Cell
from tests import items
from tests.reporting.reports import KINDS, LEAVES, case

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2021)


def counted(office, period=YEAR, **more):
    return compiling.compile_figures(office.agency, period, **more)


def test_every_cell_of_the_form_is_counted_by_a_figure(office):
    tables = counted(office).tables
    assert len(tables.cells()) == 10 + 25 * 7 + 15
    assert [str(cell) for cell in tables.cells() if tables.value(cell) is None] == []


def test_an_application_is_counted_by_receipt_answer_and_year_end(office):
    case(office, date(2020, 12, 20), row="r3_1", answered=date(2021, 1, 5))
    case(office, date(2021, 3, 1), row="r3_6_3", answered=date(2021, 3, 20), kind="other", channel="fax")
    case(office, date(2021, 12, 31), row="r3_2", answered=date(2022, 1, 1), channel="ordinary_mail")
    case(office, date(2019, 6, 1), row="r3_1", answered=date(2020, 12, 31))
    case(office, date(2022, 1, 1))
    found = counted(office)
    rows = found.tables.applications
    assert rows["r1"] == (1, 0, 0, 0, 0, 1, 2)
    assert rows["r2"] == (1, 0, 0, 0, 0, 0, 1)
    assert rows["r3_1"] == (1, 0, 0, 0, 0, 0, 1)
    assert rows["r3_6_3"] == (0, 0, 0, 0, 0, 1, 1)
    assert rows["r3_2"] == (0,) * 7
    assert rows["r4"] == (1, 0, 0, 0, 0, 0, 1)
    by_channel = {key: found.value(key) for key in ("by_counter", "by_fax", "by_web", "by_post")}
    assert by_channel == {"by_counter": 0, "by_fax": 1, "by_web": 0, "by_post": 1}
    assert check_report(found.tables, agency=office.agency.name, own=True) == ()


cases = st.lists(
    st.tuples(
        st.dates(date(2020, 7, 1), date(2022, 3, 1)),
        st.one_of(st.none(), st.integers(0, 200)),
        st.sampled_from(LEAVES),
        st.sampled_from(KINDS),
    ),
    max_size=12,
)


@given(rows=cases)
@settings(max_examples=25)
def test_whatever_the_cases_the_table_balances_and_next_year_carries_over(office, rows):
    Application.objects.all().delete()
    for received, days, row, kind in rows:
        answered = None if days is None else date.fromordinal(received.toordinal() + days)
        case(office, received, row=row if answered else "", answered=answered, kind=kind)
    this, following = counted(office), counted(office, Period.of_year(2022))
    assert check_report(this.tables, agency=office.agency.name, own=True) == ()
    room = application_figures.table(office.agency, 2021)
    assert {key: tuple(row.values()) for key, row in room.items()} == this.tables.applications
    later = check_report(following.tables, agency=office.agency.name, previous=this.tables, own=True)
    assert [finding.rule for finding in later if finding.rule == "C4"] == []


def test_every_figure_equals_what_it_opens_to(office, at):
    with at(2021, 3, 1):
        items.released(office)
        items.released(office)
        for month, amount in ((1, "3"), (1, "4"), (2, "2")):
            entries.enter(
                office.actor("handler"),
                office.agency,
                "licences",
                month=date(2021, month, 1),
                amount=Decimal(amount),
                source="许可台账",
            )
    case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 5))
    found = counted(office)
    assert found.value("items_released") == 2
    assert found.value("disclosure.licences.decisions") == 6
    for each in figures.every():
        rows = each.records(office.agency, YEAR)
        listed = [each.opened(row) for row in rows]
        assert len(listed) == len(found.counted[each.key].records), each.key
        assert all(one.text for one in listed), each.key
        if each.counts:
            assert found.value(each.key) == len(listed), each.key
        else:
            assert found.value(each.key) == each.measure(rows, office.agency, YEAR), each.key


def test_the_latest_entry_of_a_month_counts_and_charges_keep_four_decimals(office, at):
    actor = office.actor("handler")
    with at(2021, 6, 1):
        for amount in ("1.5", "1.2345"):
            entries.enter(
                actor,
                office.agency,
                "charges",
                month=date(2021, 5, 1),
                amount=Decimal(amount),
                source="非税票据",
            )
    assert counted(office).tables.charges == Decimal("1.2345")
    assert counted(office).tables.to_json()["disclosure"]["charges"] == "1.2345"
    assert counted(office, Period.of_year(2020)).tables.to_json()["disclosure"]["charges"] == "0"


@pytest.mark.parametrize(
    ("kind", "amount", "source"),
    [
        ("licences", "1.5", "台账"),
        ("licences", "1", " "),
        ("charges", "-1", "票据"),
        ("charges", "1.00001", "票据"),
        ("none", "1", "票据"),
    ],
)
def test_an_entry_that_the_table_cannot_hold_is_refused(office, at, kind, amount, source):
    with at(2021, 6, 1), pytest.raises(Refused):
        entries.enter(
            office.actor("handler"),
            office.agency,
            kind,
            month=date(2021, 5, 1),
            amount=Decimal(amount),
            source=source,
        )


def test_normative_documents_as_the_register_counts_them(office, at):
    made = [
        NormativeDocument.objects.create(
            agency=office.agency, title=f"第{n}号", document_number=f"西改〔{year}〕{n}号", issued_on=day
        )
        for n, (year, day) in enumerate(
            ((2019, date(2019, 7, 1)), (2021, date(2021, 1, 1)), (2021, date(2021, 12, 31)))
        )
    ]
    with at(2021, 12, 31):
        normative.happen(office.actor("handler"), made[0], "repealed", on=date(2021, 8, 1), paper="废止决定")
    row = counted(office).tables.disclosure["normative_documents"]
    expected = normative.counts(office.agency, 2021)["normative"]
    assert row == (expected["made"], expected["repealed"], expected["in_force"]) == (2, 1, 2)


def test_the_last_moment_of_the_year_counts_and_the_first_of_the_next_does_not(office):
    from gongkai.journal import clock

    zone = ZoneInfo("Asia/Shanghai")
    for moment in (datetime(2021, 12, 31, 23, 59, 59, tzinfo=zone), datetime(2022, 1, 1, tzinfo=zone)):
        with clock.at(moment):
            items.released(office)
    assert counted(office).value("items_released") == 1


def test_a_count_of_the_text_may_begin_before_the_year_the_tables_never(office, at):
    with at(2020, 6, 1):
        items.released(office, formed_on="2020-05-30")
    with at(2021, 6, 1):
        items.released(office)
    early = {"items_released": date(2019, 5, 15), "applications.r1.total": date(2019, 5, 15)}
    case(office, date(2020, 6, 1), row="r3_1", answered=date(2020, 6, 2))
    found = counted(office, starts=early)
    assert found.value("items_released") == 2
    assert found.value("applications.r1.total") == 0
    with pytest.raises(Refused):
        counted(office, starts={"items_released": date(2022, 1, 1)})


@pytest.mark.parametrize("months", [1, 3])
def test_the_parts_of_a_year_add_up_to_the_year(office, months):
    for month in range(1, 13):
        case(office, date(2021, month, 3), row="r3_1", answered=date(2021, month, 20))
    parts = compiling.year_by_parts(office.agency, 2021, months=months)
    assert len(parts) == 12 // months
    for key in ("applications.r1.total", "applications.r3_1.natural_person", "by_web"):
        assert sum(one.value(key) for one in parts) == counted(office).value(key) == 12


def test_another_agency_counts_nothing_of_it(office, at):
    with at(2021, 6, 1):
        items.released(office)
    case(office, date(2021, 6, 1))
    other = Agency.objects.create(name="西工区房屋征收办公室", code="XG0124", parent=office.district)
    found = compiling.compile_figures(other, YEAR)
    assert {each.value for each in found.counted.values()} <= {0, None}


def test_cells_are_addressed_by_table_row_and_column():
    assert figures.cell_key(Cell("applications", "r1", "total")) == "applications.r1.total"
    assert figures.figure("applications.r1.total").cell == Cell("applications", "r1", "total")
