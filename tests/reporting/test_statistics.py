"""Public statistics: counted from the records, kept, and without numbers so small that they tell of a person."""

from datetime import date

from gongkai.correspondence import tracking
from gongkai.portal import statistics as shown
from gongkai.reporting import statistics
from gongkai.reporting.statistics_models import PublicStatistics
from tests.applications import cases
from tests.correspondence import letters
from tests.portal.sites import name_site


def test_letters_are_counted_by_month_and_what_a_leader_assigns_is_not(office, at):
    with at(2021, 3, 1):
        taken = letters.received(office)
        letters.take_up(office, taken.matter)
        letters.registered(office, "assigned")
        letters.registered(office, "hotline")
    with at(2021, 4, 1):
        letters.send(office, letters.cleared(office, taken.matter))
        tracking.rate(taken.number, taken.code, "satisfied")
    said = statistics.count(2021, date(2021, 4, 30))["letters"]
    assert (said["received"], said["answered"]) == (2, 1)
    assert said["months"][2] == {"month": 3, "received": 2, "answered": 0}
    assert said["months"][3] == {"month": 4, "received": 0, "answered": 1}
    assert len(said["months"]) == 4
    assert {row["key"]: row["count"] for row in said["kinds"]} == {
        "mailbox": 1,
        "media_line": 0,
        "hotline": 1,
    }
    assert said["grades"] is None, "one grade would be that of one writer"


def test_applications_are_counted_with_those_answered_in_time(office, at):
    with at(2021, 3, 1):
        case = cases.web(office)
        cases.web(office)
        cases.searched(office, case)
        letter = cases.decided(office, case)
        cases.sent(office, letter, date(2021, 3, 1))
    said = statistics.count(2021, date(2021, 3, 31))["applications"]
    assert (said["received"], said["answered"], said["in_time"]) == (2, 1, 1)
    assert said["outcomes"] == [{"key": "other", "label": "其他结果（合计）", "count": None}]


def test_small_outcomes_stand_together_so_that_none_can_be_told_by_subtraction(db):
    told = statistics._told({"r3_1": 20, "r3_2": 4, "r3_3_1": 2})
    assert [(row["key"], row["count"]) for row in told] == [("r3_1", 20), ("other", 6)]
    told = statistics._told({"r3_1": 20, "r3_2": 2, "r3_3_1": 2})
    assert [(row["key"], row["count"]) for row in told] == [("r3_1", 20), ("other", 4)]


def test_a_year_is_kept_and_the_old_ones_are_not_counted_again(office, at):
    name_site(office)
    with at(2019, 5, 6):
        letters.registered(office, "hotline")
    with at(2021, 3, 1):
        assert statistics.refresh() == [2019, 2020, 2021]
        assert statistics.refresh() == []
        page = dict(shown.pages())["statistics/2019/index.html"].decode()
        letters.registered(office, "mailbox", source="", source_number="")
        assert dict(shown.pages())["statistics/2019/index.html"].decode() == page
        assert statistics.refresh() == [2021]
    assert PublicStatistics.objects.get(pk=2021).data["letters"]["received"] == 1


def test_the_cost_does_not_grow_with_the_cases(office, at, django_assert_max_num_queries):
    with at(2021, 3, 1):
        for _n in range(6):
            letters.registered(office, "mailbox", source="", source_number="")
        with django_assert_max_num_queries(20):
            statistics.count(2021, date(2021, 3, 31))


def test_an_older_year_that_the_records_do_not_bear_out_is_named_and_counted_anew(office, at):
    name_site(office)
    with at(2019, 5, 6):
        letters.registered(office, "hotline")
    with at(2021, 3, 1):
        statistics.refresh()
        row = statistics.of_year(2019)
        before = row.data
        PublicStatistics.objects.filter(pk=2019).update(data=before | {"letters": {}})
        [sentence] = statistics.differences()
        assert "2019年" in sentence and "gongkai check --repair" in sentence
        assert statistics.differences(repair=True) == []
        assert statistics.of_year(2019).data == before
