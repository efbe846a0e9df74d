"""Receipt days by channel, the two fee ladders, the terms outside the clock, norms and the catalogue."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rulebook import clock, consultation
from gongkai.rulebook.calendar import standard_calendar
from gongkai.rulebook.catalogue import (
    ARTICLE_20,
    ARTICLE_21,
    BOARDS,
    FIVE_DISCLOSURES,
    GENRES,
    GROUNDS,
    THEMES,
    VALIDITY_STATES,
    AgencyLevel,
    DisclosureAttribute,
    Strength,
    statutory_items,
)
from gongkai.rulebook.fees import FeeError, FeeLadder, fee, fee_by_items, fee_by_pages
from gongkai.rulebook.norms import NORMS, Validity, chinese_number, cite, norm
from gongkai.rulebook.outcomes import REPORT_ROWS
from gongkai.rulebook.receipt import (
    Addressee,
    Arrival,
    Channel,
    ReceiptError,
    ReportChannel,
    receipt_date,
)
from gongkai.rulebook.terms import TERMS, ReportLevel, TermError, publishing_due, report_due, term_due

CALENDAR = standard_calendar()
MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
IN_FORCE = date(2021, 1, 1)


# Receipt, art. 31


@pytest.mark.parametrize(
    ("channel", "arrival", "on"),
    [
        (Channel.COUNTER, Arrival(MONDAY), MONDAY),
        (Channel.ORAL, Arrival(MONDAY), MONDAY),
        (Channel.REGISTERED_MAIL, Arrival(MONDAY, signed=TUESDAY, confirmed=WEDNESDAY), TUESDAY),
        (Channel.REGISTERED_MAIL, Arrival(MONDAY), None),
        (Channel.REGISTERED_MAIL, Arrival(MONDAY, TUESDAY, WEDNESDAY, Addressee.OTHER), WEDNESDAY),
        (Channel.REGISTERED_MAIL, Arrival(MONDAY, TUESDAY, None, Addressee.OTHER), None),
        (Channel.ORDINARY_MAIL, Arrival(MONDAY, confirmed=TUESDAY), TUESDAY),
        (Channel.ORDINARY_MAIL, Arrival(MONDAY, signed=MONDAY), None),
        (Channel.FAX, Arrival(MONDAY, confirmed=MONDAY), MONDAY),
        (Channel.WEB, Arrival(MONDAY, confirmed=MONDAY), MONDAY),
        (Channel.WEB, Arrival(MONDAY), None),
        (Channel.EMAIL, Arrival(MONDAY, confirmed=WEDNESDAY), WEDNESDAY),
    ],
)
def test_receipt_day_by_channel_and_evidence(channel: Channel, arrival: Arrival, on: date | None) -> None:
    receipt = receipt_date(channel, arrival)
    assert receipt.on == on
    assert ("等待" in receipt.explanation) == (on is None)
    assert "第三十一条" in receipt.law


def test_evidence_before_the_arrival_is_refused() -> None:
    with pytest.raises(ReceiptError, match="签收之日 2026-03-02 早于"):
        receipt_date(Channel.REGISTERED_MAIL, Arrival(TUESDAY, signed=MONDAY))
    with pytest.raises(ReceiptError, match="确认之日 2026-03-02 早于"):
        receipt_date(Channel.WEB, Arrival(TUESDAY, confirmed=MONDAY))


def test_the_place_of_each_channel_among_the_report_s_four() -> None:
    places = {channel: channel.report_channel.label for channel in Channel}
    assert places == {
        Channel.COUNTER: "当面",
        Channel.ORAL: "当面",
        Channel.REGISTERED_MAIL: "信函",
        Channel.ORDINARY_MAIL: "信函",
        Channel.FAX: "传真",
        Channel.WEB: "网络",
        Channel.EMAIL: "网络",
    }
    assert {channel.report_channel for channel in Channel} == set(ReportChannel)


# Fees, 国办函〔2020〕109号


@pytest.mark.parametrize(
    ("items", "yuan"),
    [(0, 0), (10, 0), (11, 100), (30, 2000), (31, 2200), (40, 4000), (41, 4300), (50, 7000), (60, 11000)],
)
def test_the_ladder_by_items(items: int, yuan: int) -> None:
    assert fee_by_items(items, IN_FORCE).amount == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"),
    [(0, 0), (30, 0), (31, 10), (100, 700), (101, 720), (200, 2700), (201, 2740), (250, 4700)],
)
def test_the_ladder_by_pages(pages: int, yuan: int) -> None:
    assert fee_by_pages(pages, IN_FORCE).amount == yuan


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_fees_of_a_month_add_up_to_the_whole(first: int, second: int) -> None:
    whole = fee_by_items(first + second, IN_FORCE)
    parts = fee_by_items(first, IN_FORCE).amount + fee_by_items(second, IN_FORCE, already=first).amount
    assert whole.amount == parts
    assert sum(each.units for each in whole.slices) == whole.units


@given(st.sampled_from(FeeLadder), st.integers(0, 5000))
def test_one_more_unit_never_costs_less_than_the_one_before(ladder: FeeLadder, units: int) -> None:
    amounts = [fee(ladder, units + n, IN_FORCE).amount for n in range(3)]
    assert amounts[1] - amounts[0] <= amounts[2] - amounts[1]


def test_a_fee_explains_itself() -> None:
    bill = fee_by_items(3, IN_FORCE, already=29)
    assert [(each.first, each.last, each.price) for each in bill.slices] == [(30, 30, 100), (31, 32, 200)]
    assert (bill.amount, bill.law) == (500, "《政府信息公开信息处理费管理办法》第四条")
    assert fee_by_pages(1, IN_FORCE).law.endswith("第五条")


def test_fees_that_the_measures_do_not_know_are_refused() -> None:
    with pytest.raises(FeeError, match="2021-01-01 起施行"):
        fee_by_items(50, date(2020, 12, 31))
    with pytest.raises(FeeError, match="不与其他申请累计"):
        fee(FeeLadder.BY_PAGES, 10, IN_FORCE, already=5)
    for units in (-1, 1_000_001):
        with pytest.raises(FeeError, match="计费数量"):
            fee_by_items(units, IN_FORCE)


# Other terms


def test_publishing_within_twenty_working_days() -> None:
    assert publishing_due(date(2021, 1, 29), CALENDAR).on == date(2021, 3, 3)
    assert publishing_due(date(2026, 12, 20), CALENDAR).provisional


@pytest.mark.parametrize(
    ("level", "due"),
    [(ReportLevel.DEPARTMENT, date(2022, 1, 31)), (ReportLevel.GOVERNMENT, date(2022, 3, 31))],
)
def test_the_report_is_due_by_level(level: ReportLevel, due: date) -> None:
    assert report_due(2021, level) == due


@pytest.mark.parametrize("year", [2018, -1, 9999, 10**9])
def test_a_year_without_a_report_is_refused(year: int) -> None:
    with pytest.raises(TermError, match="年份"):
        report_due(year, ReportLevel.DEPARTMENT)


@pytest.mark.parametrize(
    ("key", "due"),
    [
        ("reconsideration_application", "2026-05-01"),
        ("direct_litigation", "2026-09-02"),
        ("litigation_after_reconsideration", "2026-03-17"),
        ("reconsideration_answer", "2026-03-16"),
        ("reconsideration_answer_simple", "2026-03-09"),
        ("reconsideration_decision_simple", "2026-04-01"),
        ("defence", "2026-03-17"),
        ("appeal_ruling", "2026-03-12"),
        ("first_instance_simple", "2026-04-16"),
        ("redo", "2026-03-30"),
    ],
)
def test_terms_of_rulebook_4_5(key: str, due: str) -> None:
    assert term_due(key, MONDAY, CALENDAR).on.isoformat() == due


def test_a_term_of_a_later_law_does_not_reach_back() -> None:
    with pytest.raises(TermError, match="2024-01-01"):
        term_due("reconsideration_answer", date(2023, 12, 31), CALENDAR)


def test_the_clock_and_the_table_of_terms_say_the_same() -> None:
    assert TERMS["correction_notice"].amount == clock.CORRECTION_NOTICE_DAYS
    assert TERMS["fee_payment"].amount == clock.PAYMENT_DAYS
    assert TERMS["third_party_opinion"].amount == consultation.OPINION_DAYS
    assert TERMS["co_maker_opinion"].amount == consultation.OPINION_DAYS


# Norms


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (1, "一"),
        (10, "十"),
        (16, "十六"),
        (20, "二十"),
        (33, "三十三"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
    ],
)
def test_articles_are_numbered_as_statutes_do(n: int, text: str) -> None:
    assert chinese_number(n) == text


def test_citations_name_article_paragraph_and_item() -> None:
    assert cite("regulation", 33, 2) == "《中华人民共和国政府信息公开条例》第三十三条第二款"
    assert cite("reconsideration_law", 23, 1, 4) == "《中华人民共和国行政复议法》第二十三条第一款第（四）项"
    with pytest.raises(ValueError, match="1 to 999"):
        cite("regulation", 0)


@pytest.mark.parametrize(
    ("earlier", "later", "change"),
    [
        ("reconsideration_law_old", "reconsideration_law", "2024-01-01"),
        ("court_rules_old", "court_rules", "2025-06-01"),
    ],
)
def test_one_law_follows_the_other_without_a_gap(earlier: str, later: str, change: str) -> None:
    day = date.fromisoformat(change)
    before = date.fromordinal(day.toordinal() - 1)
    assert (norm(earlier).holds(before), norm(earlier).holds(day)) == (True, False)
    assert (norm(later).holds(before), norm(later).holds(day)) == (False, True)


def test_a_rule_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot begin"):
        Validity(TUESDAY, MONDAY)
    assert all(each.title and each.number for each in NORMS.values())


# Catalogue


def test_the_statutory_items() -> None:
    assert len(ARTICLE_20) == 15
    assert ARTICLE_20[4].law == "《中华人民共和国政府信息公开条例》第二十条第（五）项"
    assert "房屋征收" in {entry.label for entry in ARTICLE_21[AgencyLevel.COUNTY]}
    assert {level: len(statutory_items(level)) for level in AgencyLevel} == {
        AgencyLevel.COUNTY: 22,
        AgencyLevel.TOWNSHIP: 23,
    }


def test_lists_are_complete_and_their_codes_unique() -> None:
    lists = (BOARDS, FIVE_DISCLOSURES, GENRES, THEMES, VALIDITY_STATES)
    assert [len(each) for each in lists] == [4, 5, 15, 22, 4]
    everything = [*ARTICLE_20, *ARTICLE_21[AgencyLevel.COUNTY], *ARTICLE_21[AgencyLevel.TOWNSHIP], *BOARDS,
                  *FIVE_DISCLOSURES, *GENRES, *THEMES, *VALIDITY_STATES]  # fmt: skip
    assert len({entry.code for entry in everything}) == len(everything)
    assert all(entry.label for entry in everything)


def test_attributes_and_grounds() -> None:
    assert {each.label: each.mark for each in DisclosureAttribute} == {
        "主动公开": "此件公开发布",
        "依申请公开": "此件依申请公开",
        "不予公开": "此件不予公开",
    }
    assert [each.needs_ground for each in DisclosureAttribute] == [False, True, True]
    assert {ground.row for ground in GROUNDS.values()} == {
        row for row in REPORT_ROWS if row.startswith("r3_3_")
    }
    assert GROUNDS["deliberative"].strength is Strength.DISCRETIONARY
    assert GROUNDS["state_secret"].strength is Strength.MANDATORY
    assert all("条例》第" in ground.law for ground in GROUNDS.values())
