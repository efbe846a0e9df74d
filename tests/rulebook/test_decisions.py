"""Outcomes, letters and remedies: the table of I4 is whole, and each notice follows the law of its day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rulebook.calendar import standard_calendar
from gongkai.rulebook.letters import LETTER_KINDS, RemedyClass, letter_kind, missing_elements
from gongkai.rulebook.outcomes import (
    DEFAULT_SUB_REASONS,
    OUTCOMES,
    REPORT_ROWS,
    Outcome,
    OutcomeError,
    SubReason,
    outcome,
    outcomes_of_row,
    validate,
)
from gongkai.rulebook.remedies import (
    RemedyError,
    RemedyNotice,
    add_months,
    after_decision,
    letter_remedy_notice,
    overdue_notice,
    remedy_days,
    remedy_notice,
    same_regime,
)

BODY, SUPERIOR, COURT = "某市某区人民政府", "某市住房和城乡建设局", "某区人民法院"
served_days = st.dates(date(2019, 5, 15), date(2060, 12, 31))


def notice(key: str, on: str, sub_reason: SubReason | None = None) -> RemedyNotice | None:
    return remedy_notice(key, date.fromisoformat(on), BODY, SUPERIOR, COURT, sub_reason)


# The outcome table


def test_there_are_21_rows_and_each_has_an_outcome() -> None:
    assert len(REPORT_ROWS) == 21
    assert all(outcomes_of_row(row) for row in REPORT_ROWS)
    assert {each.row.key for each in OUTCOMES.values()} == set(REPORT_ROWS)


LETTER_OF_ROW = {
    "r3_1": {14, 15}, "r3_2": {16}, "r3_3_1": {17}, "r3_3_2": {17}, "r3_3_3": {17}, "r3_3_4": {17},
    "r3_3_5": {17}, "r3_3_6": {17}, "r3_3_7": {17}, "r3_3_8": {26}, "r3_4_1": {18, 19}, "r3_4_2": {20},
    "r3_4_3": {21}, "r3_5_1": {23}, "r3_5_2": {22}, "r3_5_3": {24}, "r3_5_4": {25}, "r3_5_5": {34},
    "r3_6_1": {27}, "r3_6_2": {27}, "r3_6_3": {35},
}  # fmt: skip


@pytest.mark.parametrize(("row", "letters"), LETTER_OF_ROW.items())
def test_each_row_is_answered_by_the_letter_of_rulebook_5_3(row: str, letters: set[int]) -> None:
    assert {each.letter for each in outcomes_of_row(row)} == letters


@pytest.mark.parametrize("key", sorted(OUTCOMES))
def test_each_outcome_cites_an_article_unless_the_law_has_none(key: str) -> None:
    without_article = {"already_held", "other"}
    assert bool(outcome(key).law) == (key not in without_article)


@pytest.mark.parametrize("key", sorted(OUTCOMES))
def test_every_reply_tells_of_remedies(key: str) -> None:
    reason = DEFAULT_SUB_REASONS["enquiry"] if outcome(key).needs_sub_reason else None
    assert notice(key, "2026-03-30", reason) is not None


def test_other_requires_a_sub_reason_whose_letter_is_used() -> None:
    other = outcome("other")
    with pytest.raises(OutcomeError, match="应写明具体情形"):
        other.letter_kind()
    letters = {key: other.letter_kind(reason).number for key, reason in DEFAULT_SUB_REASONS.items()}
    assert letters == {
        "withdrawn": 29,
        "not_government_information": 33,
        "transferred_to_archive": 35,
        "party_information": 35,
        "enquiry": 35,
    }
    assert notice("other", "2026-03-30", DEFAULT_SUB_REASONS["withdrawn"]) is None


def test_a_sub_reason_of_the_instance_works_and_one_out_of_place_is_refused() -> None:
    own = SubReason("merged", "other", "与其他申请并案办理", 35, False)
    validate(REPORT_ROWS, OUTCOMES, [own])
    assert outcome("other").remedy(own) is RemedyClass.NONE
    with pytest.raises(OutcomeError, match="不适用于"):
        outcome("provided").letter_kind(own)
    with pytest.raises(OutcomeError, match="没有“none”"):
        outcome("none")


def test_a_table_with_a_hole_is_refused() -> None:
    reasons = list(DEFAULT_SUB_REASONS.values())
    without_row = {key: each for key, each in OUTCOMES.items() if each.row.key != "r3_5_2"}
    row = REPORT_ROWS["r3_1"]
    for outcomes, sub_reasons, words in [
        (without_row, reasons, "r3_5_2 has no outcome"),
        ({**OUTCOMES, "x": Outcome("x", row, "", (), 36)}, reasons, "x has no row or no letter"),
        (dict(OUTCOMES), [], "other needs a sub-reason"),
        (dict(OUTCOMES), [*reasons, SubReason("x", "provided", "", 35, True)], "x belongs to no outcome"),
        (dict(OUTCOMES), [*reasons, SubReason("x", "other", "", 99, True)], "x has no letter"),
        (dict(OUTCOMES), [*reasons, SubReason("x", "other", "", 29, True)], "x wants remedies"),
    ]:
        with pytest.raises(ValueError, match=words):
            validate(REPORT_ROWS, outcomes, sub_reasons)


# Letters


def test_the_kinds_that_tell_of_remedies_are_those_of_rulebook_5_3() -> None:
    telling = {number for number, kind in LETTER_KINDS.items() if kind.remedy is not RemedyClass.NONE}
    assert telling == {10, *range(14, 29), 33, 34, 35}
    assert {n for n, kind in LETTER_KINDS.items() if kind.remedy is RemedyClass.WITHHELD} == {16, 17}


def test_missing_elements_are_named_in_the_order_of_the_letter() -> None:
    needed = [each.key for each in letter_kind(18).required()]
    assert missing_elements(18, needed) == ()
    missing = missing_elements(18, set(needed) - {"seal", "search_method", "remedy"})
    assert [(each.key, each.label) for each in missing] == [
        ("seal", "印章（机关印章）"),
        ("search_method", "检索方法"),
        ("remedy", "救济途径"),
    ]


def test_the_letter_to_a_third_party_does_not_name_the_applicant() -> None:
    for number in (7, 10, 11, 12):
        assert "applicant" not in {each.key for each in letter_kind(number).required()}


def test_the_sub_reason_decides_whether_letter_35_needs_a_remedy_notice() -> None:
    present = {each.key for each in letter_kind(35).required()} - {"remedy"}
    assert [each.key for each in missing_elements(35, present)] == ["remedy"]
    assert missing_elements(35, present, remedy=False) == ()


@pytest.mark.parametrize("number", sorted(LETTER_KINDS))
def test_every_letter_requires_something_of_its_own_and_nothing_twice(number: int) -> None:
    kind = letter_kind(number)
    keys = [each.key for each in kind.required()]
    assert kind.specific
    assert len(keys) == len(set(keys))
    assert all(each.label for each in kind.required())


# Remedies by date

WITHHELD = ["state_secret", "prohibited_by_law", "security_and_stability", "third_party_rights",
            "internal_affairs", "deliberative", "enforcement_file", "partly_provided"]  # fmt: skip


@pytest.mark.parametrize("key", WITHHELD)
def test_withholding_leads_to_reconsideration_first_since_2024(key: str) -> None:
    assert notice(key, "2023-12-31").variant == "R-old"  # type: ignore[union-attr]
    first = notice(key, "2024-01-01")
    assert first is not None
    assert (first.variant, first.reconsideration_first) == ("R-1", True)
    assert "应当先" in first.text
    assert SUPERIOR not in first.text
    assert "《中华人民共和国行政复议法》第二十三条第二款" in first.law


@pytest.mark.parametrize("key", sorted(set(OUTCOMES) - set(WITHHELD) - {"other"}))
def test_every_other_reply_leaves_the_choice(key: str) -> None:
    variants = [notice(key, day) for day in ("2021-03-03", "2024-06-01", "2025-05-31", "2025-06-01")]
    assert [each and each.variant for each in variants] == ["R-old", "R-2", "R-2", "R-2"]
    assert [each and each.regime for each in variants] == [
        "2019-05-15",
        "2024-01-01",
        "2024-01-01",
        "2025-06-01",
    ]
    assert all(each and "或者" in each.text and "应当先" not in each.text for each in variants)
    basis = [any("政府信息公开行政案件" in law for law in each.law) for each in variants if each]
    assert basis == [False, False, False, True]


def test_the_notice_of_2021_offers_both_reconsideration_bodies() -> None:
    text = f"可以在收到本答复书之日起60日内向{BODY}或者{SUPERIOR}申请行政复议，或者在6个月内向{COURT}提起行政诉讼。"
    old = notice("provided", "2021-03-03")
    assert old is not None
    assert old.text == "如不服本答复，" + text
    alone = remedy_notice("provided", date(2021, 3, 3), BODY, None, COURT)
    assert alone is not None
    assert f"向{BODY}申请行政复议" in alone.text


def test_the_third_party_is_told_too_and_procedural_letters_tell_nothing() -> None:
    on = date(2026, 3, 2)
    told = letter_remedy_notice(10, on, BODY, SUPERIOR, COURT)
    assert told is not None
    assert told.variant == "R-2"
    assert letter_remedy_notice(4, on, BODY, SUPERIOR, COURT) is None


def test_the_notice_after_an_expired_term_never_says_must() -> None:
    for due in (date(2023, 12, 30), date(2023, 12, 31), date(2026, 3, 30)):
        shown = overdue_notice(due, BODY, SUPERIOR)
        assert shown.variant == "R-3"
        assert "必须" not in shown.text
        assert "应当" not in shown.text
        assert f"{due.year}年{due.month}月{due.day}日" in shown.text
    assert SUPERIOR in overdue_notice(date(2023, 12, 30), BODY, SUPERIOR).text
    assert SUPERIOR not in overdue_notice(date(2023, 12, 31), BODY, SUPERIOR).text


def test_a_letter_that_slips_into_another_regime_is_noticed() -> None:
    assert same_regime("provided", date(2023, 11, 1), date(2023, 12, 31))
    assert not same_regime("provided", date(2023, 12, 31), date(2024, 1, 1))
    assert not same_regime("provided", date(2025, 5, 31), date(2025, 6, 1))
    assert same_regime("state_secret", date(2025, 5, 31), date(2025, 6, 1))
    assert same_regime("other", date(2023, 12, 31), date(2024, 1, 1), DEFAULT_SUB_REASONS["withdrawn"])


def test_a_notice_that_cannot_be_written_is_refused() -> None:
    on = date(2026, 3, 2)
    for body, court, day, words in [
        (" ", COURT, on, "行政复议机关"),
        (BODY, "", on, "人民法院"),
        (BODY, COURT, date(2019, 5, 14), "早于"),
    ]:
        with pytest.raises(RemedyError, match=words):
            remedy_notice("provided", day, body, None, court)
    with pytest.raises(RemedyError, match="具体情形"):
        letter_remedy_notice(35, on, BODY, None, COURT)


@given(served_days, st.sampled_from(sorted(set(OUTCOMES) - {"other"})))
def test_every_day_since_the_regulation_has_its_notice(on: date, key: str) -> None:
    shown = remedy_notice(key, on, BODY, SUPERIOR, COURT)
    assert shown is not None
    assert "{" not in shown.text
    assert BODY in shown.text
    assert shown.law


# Last days


@pytest.mark.parametrize(
    ("served", "reconsideration", "last", "litigation"),
    [
        ("2021-03-03", "2021-05-02", "2021-05-06", "2021-09-03"),
        ("2021-08-31", "2021-10-30", "2021-11-01", "2022-02-28"),
        ("2023-08-31", "2023-10-30", "2023-10-30", "2024-02-29"),
        ("2026-03-30", "2026-05-29", "2026-05-29", "2026-09-30"),
    ],
)
def test_last_days_of_remedies(served: str, reconsideration: str, last: str, litigation: str) -> None:
    result = remedy_days(date.fromisoformat(served), standard_calendar())
    assert result.reconsideration.isoformat() == reconsideration
    assert result.reconsideration_last.on.isoformat() == last
    assert result.litigation is not None
    assert result.litigation.isoformat() == litigation


def test_where_reconsideration_comes_first_the_suit_runs_from_its_decision() -> None:
    result = remedy_days(date(2026, 3, 30), standard_calendar(), reconsideration_first=True)
    assert (result.litigation, result.litigation_last) == (None, None)
    assert after_decision(date(2026, 6, 1), standard_calendar()).on == date(2026, 6, 16)
    assert after_decision(date(2026, 6, 4), standard_calendar()).on == date(2026, 6, 22)
    assert after_decision(date(2026, 12, 20), standard_calendar()).provisional


@given(served_days, st.integers(0, 24))
def test_months_end_on_the_same_day_or_the_month_s_last(day: date, n: int) -> None:
    later = add_months(day, n)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == n
    assert later.day == day.day or (
        later.day < day.day and add_months(later.replace(day=1), 1).toordinal() == later.toordinal() + 1
    )
