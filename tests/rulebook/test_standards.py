"""Standard catalogues, statutory points of a project, service guides, numbers of the check of sites (rulebook 7.2, 9)."""

from datetime import date

import pytest

from gongkai.rulebook import expropriation, service_guides, site_checks, standards
from gongkai.rulebook.expropriation import Done

KIND = expropriation.KINDS["expropriation"]
TODAY = date(2021, 9, 1)


def said(*done: Done, today: date = TODAY) -> list[tuple[str, str]]:
    return [(breach.point, breach.words) for breach in expropriation.breaches(KIND, done, today)]


def test_the_pilot_has_twenty_six_fields_and_that_of_expropriation_twelve_entries():
    assert len({field.code for field in standards.FIELDS}) == 26
    entries = standards.ENTRIES["expropriation"]
    assert [entry.code for entry in entries] == [f"expropriation-{n:02}" for n in range(1, 13)]
    by_application = [entry.matter for entry in entries if entry.way == standards.ON_APPLICATION]
    assert by_application == ["启动要件", "社会稳定风险评估"]
    assert not next(entry for entry in entries if entry.matter == "房屋征收补偿方案").verified


@pytest.mark.parametrize(
    ("term", "days"),
    [
        ("信息形成或者变更之日起20个工作日内", 20),
        ("自批准之日起 5 个工作日内公开", 5),
        ("7工作日", 7),
        ("及时", 0),
        ("征求意见期限不少于30日", 0),
    ],
)
def test_a_term_gives_its_working_days(term, days):
    assert standards.working_days(term) == days


@pytest.mark.parametrize(
    ("text", "way"), [("主动", "proactive"), ("依申请公开", "on_application"), ("√", None)]
)
def test_the_way_of_disclosure_is_read_as_it_is_written(text, way):
    assert standards.way_of(text) == way


def test_what_the_law_wants_within_the_area_only_is_marked():
    restricted = {point.code for point in KIND.points if point.restricted}
    assert {"survey", "appraisal", "households", "compensation_decision"} <= restricted
    assert "decision" not in restricted
    assert KIND.point("decision").article == "《国有土地上房屋征收与补偿条例》第十三条"


def test_a_window_of_less_than_thirty_days_is_told_with_its_article():
    short = said(Done("survey", date(2021, 7, 1)), Done("solicitation", date(2021, 8, 20), date(2021, 9, 10)))
    assert ("solicitation", "“征收补偿方案征求意见”的期限只有21日，不得少于30日：请延长截止日期。") in short
    kept = said(Done("survey", date(2021, 7, 1)), Done("solicitation", date(2021, 8, 20), date(2021, 9, 19)))
    assert kept == []


def test_the_result_is_owed_when_the_window_is_over():
    asked = Done("solicitation", date(2021, 7, 1), date(2021, 8, 1))
    survey = Done("survey", date(2021, 6, 1))
    assert [point for point, _words in said(survey, asked)] == ["solicitation_result"]
    assert said(survey, asked, today=date(2021, 7, 20)) == []
    assert said(survey, asked, Done("solicitation_result", date(2021, 8, 5))) == []


def test_a_point_that_was_passed_over_is_told_with_the_later_one():
    found = dict(said(Done("decision", date(2021, 8, 1))))
    assert "其后的“房屋征收决定公告”已经公布" in found["solicitation"]
    assert "请登记在征收范围内公布的情况" in found["survey"]
    assert "hearing" not in found  # only where the case arises


def test_a_decision_must_name_the_plan_and_both_remedies():
    decision = KIND.point("decision")
    whole = "附：征收补偿方案。被征收人可以依法申请行政复议，也可以依法提起行政诉讼。"
    assert expropriation.lacking(decision, whole) == []
    assert expropriation.lacking(decision, "现予公告。可以申请行政复议。") == ["补偿方案", "行政诉讼"]


def test_a_guide_names_what_it_lacks():
    assert [each.label for each in service_guides.missing({"basis": "x", "who": " "}, "submit")][:2] == [
        "申请条件",
        "办理材料",
    ]
    assert {each.code for each in service_guides.missing({}, "warn")} == {
        "term",
        "fee",
        "result",
        "complaints",
    }


def test_columns_have_cycles_of_two_weeks_and_six_months():
    assert site_checks.CYCLES["news"].due(date(2021, 3, 1)) == date(2021, 3, 15)
    assert site_checks.CYCLES["documents"].due(date(2021, 8, 31)) == date(2022, 2, 28)
    assert site_checks.CYCLES["none"].due(date(2021, 8, 31)) is None
    assert (site_checks.NOT_UPDATED, site_checks.LONG_NOT_UPDATED, site_checks.EMPTY) == (5, 10, 5)
