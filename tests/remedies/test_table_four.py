"""Table four: the rule on years, and random cases counted again by hand."""

import random
from datetime import date, timedelta

import pytest

from gongkai.remedies import cases, figures
from gongkai.remedies.models import Remedy, RemedyEvent
from tests.remedies.lawsuits import registered

NONE = [0, 0, 0, 0, 0]


def row(office, year, kind="reconsideration"):
    return figures.counts(office.agency, year)[kind]


def test_no_case_is_a_table_of_noughts(office):
    assert figures.counts(office.agency, 2021) == {
        "reconsideration": NONE,
        "direct_litigation": NONE,
        "litigation_after_reconsideration": NONE,
    }


def test_an_open_case_is_pending_and_comes_back_with_its_result(office, at):
    with at(2023, 1, 10):
        remedy = registered(office, received_on=date(2021, 11, 1))
        assert [row(office, year) for year in (2020, 2021, 2022)] == [NONE, [0, 0, 0, 1, 1], [0, 0, 0, 1, 1]]
        cases.decide(office.actor("handler"), remedy, "maintained", on=date(2022, 1, 5))
        assert [row(office, year) for year in (2021, 2022, 2023)] == [
            [0, 0, 0, 1, 1],
            [1, 0, 0, 0, 1],
            NONE,
        ]


def test_the_last_day_of_the_year_belongs_to_it(office, at):
    with at(2022, 1, 5):
        remedy = registered(office, received_on=date(2021, 12, 31))
        assert row(office, 2021) == [0, 0, 0, 1, 1]
        cases.decide(office.actor("handler"), remedy, "revoked", on=date(2021, 12, 31))
        assert row(office, 2021) == [0, 1, 0, 0, 1]
        assert row(office, 2022) == NONE


def test_a_judgment_appealed_against_is_pending_until_the_second(office, at):
    clerk = office.actor("handler")
    with at(2023, 3, 1):
        remedy = registered(office, "direct_litigation", received_on=date(2021, 3, 1))
        remedy = cases.decide(clerk, remedy, "claim_rejected", on=date(2021, 12, 20))
        remedy = cases.appeal(clerk, remedy, on=date(2022, 1, 4))
        cases.decide(clerk, remedy, "revoked", on=date(2023, 2, 1))
        found = [row(office, year, "direct_litigation") for year in (2021, 2022, 2023)]
    # What was reported for 2021 stays: at its end the judgment stood.
    assert found == [[1, 0, 0, 0, 1], [0, 0, 0, 1, 1], [0, 1, 0, 0, 1]]


def test_each_figure_opens_to_its_cases(office, at):
    with at(2022, 1, 5):
        kept = registered(office, received_on=date(2021, 5, 1))
        other = registered(office, "direct_litigation", received_on=date(2021, 5, 1))
        table = figures.year_table(office.agency, 2021)
        assert list(table["reconsideration"]["pending"].rows) == [kept]
        assert list(table["direct_litigation"]["total"].rows) == [other]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_random_cases_counted_by_hand(office, at, seed):
    """Cases with random days, decisions and appeals; every year's table against a plain count of their days."""
    dice = random.Random(seed)
    clerk = office.actor("handler")
    first, last = date(2020, 6, 1), date(2023, 6, 30)
    told = []
    with at(2023, 6, 30):
        for _n in range(25):
            kind = dice.choice(Remedy.Kind.values)
            received = first + timedelta(days=dice.randrange(900))
            remedy = registered(office, kind, received_on=received)
            # (day, column from that day on), by hand.
            path = [(received, "pending")]
            day = received + timedelta(days=dice.randrange(300))
            details = {"claim_rejected": "upheld", "illegal": "corrected", "withdrawn": "other_result"}
            if kind == "reconsideration":
                details = {"maintained": "upheld", "illegal": "corrected", "mediated": "other_result"}
            if day <= last and dice.random() < 0.8:
                detail = dice.choice(list(details))
                remedy = cases.decide(clerk, remedy, detail, on=day)
                path.append((day, details[detail]))
                appealed = day + timedelta(days=dice.randrange(1, 15))
                if kind != "reconsideration" and appealed <= last and dice.random() < 0.5:
                    remedy = cases.appeal(clerk, remedy, on=appealed)
                    path.append((appealed, "pending"))
                    second = appealed + timedelta(days=dice.randrange(1, 200))
                    if second <= last and dice.random() < 0.6:
                        cases.decide(clerk, remedy, "appeal_dismissed", on=second)
                        path.append((second, details[detail]))
            told.append((kind, path))
        for year in (2020, 2021, 2022, 2023):
            expected = {kind: dict.fromkeys(figures.COLUMNS, 0) for kind in Remedy.Kind.values}
            for kind, path in told:
                until = [(day, column) for day, column in path if day.year <= year]
                if not until:
                    continue
                day, column = until[-1]
                if column == "pending" or day.year == year:
                    expected[kind][column] += 1
                    expected[kind]["total"] += 1
            found = figures.counts(office.agency, year)
            assert found == {kind: list(cells.values()) for kind, cells in expected.items()}
            for cells in found.values():
                assert sum(cells[:4]) == cells[4]
    assert RemedyEvent.objects.filter(kind="registered").count() == 25
