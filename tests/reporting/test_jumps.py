"""Large changes against last year's report: what counts as one, who is asked for its reason, who reads it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from gongkai.agencies.policy import Refused
from gongkai.disclosure.models import DecisionCount
from gongkai.reporting import content as contents
from gongkai.reporting import document, entries, reports
from gongkai.reporting.inspection.previous import jumps
from gongkai.review import drafts
from gongkai.review.submission import content_of
from gongkai.rulebook.report_form import APPLICATION_ROWS, REMEDY_ROWS, ReportTables
from tests.reporting.filings import collects, filed
from tests.reporting.reports import WRITTEN, begun, published, submitted
from tests.reporting.test_open_data import earlier

pytestmark = pytest.mark.usefixtures("unwritten")

EMPTY = ReportTables(
    {
        "rules": (0, 0, 0),
        "normative_documents": (0, 0, 0),
        "licences": (0,),
        "penalties": (0,),
        "coercive_measures": (0,),
    },
    Decimal(0),
    {row.key: (0,) * 7 for row in APPLICATION_ROWS},
    {row.key: (0,) * 5 for row in REMEDY_ROWS},
)
LICENCES = "disclosure.licences.decisions"
HERE = "/workbench/reports/XG0123/2021/"


def licences(number):
    return replace(EMPTY, disclosure={**EMPTY.disclosure, "licences": (number,)})


def rows(**changed):
    made = {row: (0, 0, 0, 0, 0, n, n) for row, n in changed.items()}
    return replace(EMPTY, applications={**EMPTY.applications, **made})


def moved(now, then):
    return [f"{one.cell.row}.{one.cell.column}" for one in jumps(now, then)]


@pytest.mark.parametrize(
    ("then", "now", "large"),
    [
        (60, 90, True),
        (60, 89, False),
        (60, 30, True),
        (4, 13, False),
        (0, 9, False),
        (0, 10, True),
        (12, 0, True),
        (9, 0, False),
    ],
)
def test_a_jump_is_half_of_last_years_figure_and_ten(then, now, large):
    assert bool(jumps(licences(now), licences(then))) is large


def test_one_movement_is_asked_for_once():
    # All twenty came in and were granted: the sum of the results says nothing more, nor do the columns.
    assert moved(rows(r1=20, r3_1=20, r3_7=20), EMPTY) == ["r1.total", "r3_1.total"]
    # Many small movements make a large sum, which is then asked for itself.
    spread = dict.fromkeys(("r3_1", "r3_2", "r3_3_1", "r3_3_2", "r3_5_1"), 4)
    assert moved(rows(**spread, r3_7=20), EMPTY) == ["r3_7.total"]
    # What was carried over is last year's own figure.
    assert moved(rows(r2=30), EMPTY) == []
    upheld = replace(EMPTY, remedies={**EMPTY.remedies, "reconsideration": (15, 0, 0, 0, 15)})
    assert moved(upheld, EMPTY) == ["reconsideration.upheld"]


def test_a_blank_cell_of_last_year_is_compared_with_nothing():
    assert jumps(licences(50), licences(None)) == []


@pytest.fixture
def desk(client, office, at):
    """The handler's browser in January 2022; the report on 2020 was taken over, with sixty licences."""
    client.force_login(office.people["handler"])
    with at(2022, 1, 10):
        earlier(office, 2020, licences(60))
        yield client


def warned(report):
    draft = drafts.draft_of(contents.KIND, report.pk)
    return [one for one in contents.standing(report, draft.content).findings if one.rule == "PREVIOUS"]


def sentence(report, text, **more):
    draft = drafts.draft_of(contents.KIND, report.pk)
    said = {name: draft.content[name] for name in ("opening", "overview", "problems", "other")}
    return said | {"version": draft.version, f"jump_{LICENCES}": text} | more


@pytest.mark.django_db
def test_the_differences_stand_on_the_page_the_largest_first_where_one_asks_for_it(desk, office):
    earlier(office, 2020, replace(licences(60), charges=Decimal("3.5")))
    begun(office)
    for order, expected in (("", [LICENCES, "charges"]), ("?sort=change", ["charges", LICENCES])):
        found = desk.get(HERE + order)
        cells = [row["cells"] for row in found.context["comparison"]["rows"]]
        for each, name in zip(cells, expected, strict=True):
            assert name in each[0]["url"] and desk.get(each[0]["url"]).status_code == 200
    said = found.content.decode()
    assert "-60" in said and "-100%" in said and "变化较大，未说明" in said
    assert 'href="?sort=-change#comparison"' in said


@pytest.mark.django_db
def test_a_jump_warns_until_the_writer_says_why_and_holds_nobody_up(desk, office):
    report, _draft = begun(office)
    [found] = warned(report)
    assert found.severity == "warning" and "由上一年度的60减少到0" in found.message
    page = desk.get(f"{HERE}edit/").content.decode()
    assert f'name="jump_{LICENCES}"' in page and "上一年度60，本年0（-60；-100%）" in page
    # Saved as one types, like the rest.
    answer = desk.post(
        f"{HERE}edit/", sentence(report, "许可事项划转至区行政审批局。"), headers={"X-Autosave": "1"}
    )
    assert answer.status_code == 200
    assert warned(report) == []
    assert "许可事项划转至区行政审批局。" in desk.get(HERE).content.decode()
    # Where the sentence is taken out again the warning is back, and submitting goes on all the same.
    desk.post(f"{HERE}edit/", sentence(report, ""))
    assert len(warned(report)) == 1
    submitted(office, report, drafts.draft_of(contents.KIND, report.pk))


@pytest.mark.django_db
def test_reviewers_read_the_sentence_and_the_public_does_not(desk, office):
    report, draft = begun(office, jumps={LICENCES: "许可事项已划转。"})
    revision = submitted(office, report, draft)
    page = desk.get(f"/workbench/review/{revision.pk}/").content.decode()
    assert "由上一年度的60减少到0" in page and "许可事项已划转。" in page and "不写入报告" in page
    content = content_of(revision.digest)
    assert content["jumps"] == {LICENCES: "许可事项已划转。"}
    assert "许可事项已划转" not in document.html(content)


@pytest.mark.django_db
def test_ticked_it_is_printed_in_part_six_and_follows_the_records(desk, office):
    report, _draft = begun(office)
    desk.post(f"{HERE}edit/", sentence(report, "许可事项已划转", jumps_in_text="on"))
    draft = drafts.draft_of(contents.KIND, report.pk)
    assert "由上一年度的60减少到0：许可事项已划转。" in contents.standing(report, draft.content).text("other")
    month = entries.enter(
        office.actor("handler"),
        office.agency,
        DecisionCount.Kind.LICENCES,
        month=date(2021, 5, 1),
        amount=Decimal(7),
        source="许可台账",
    )
    assert month.amount == 7
    revision = submitted(office, report, draft)
    printed = document.text_of(content_of(revision.digest), "other")
    assert "由上一年度的60减少到7：许可事项已划转。" in printed


@pytest.mark.django_db
def test_a_sentence_on_a_figure_that_no_longer_moves_is_kept_and_not_frozen(desk, office):
    key = "applications.r1.total"
    report, draft = begun(office, jumps={key: "上年集中申请。"}, jumps_in_text=True)
    assert f'name="jump_{key}"' in desk.get(f"{HERE}edit/").content.decode()
    revision = submitted(office, report, draft)
    content = content_of(revision.digest)
    assert content["jumps"] == {} and content["jumps_text"] == ""
    assert drafts.draft_of(contents.KIND, report.pk).content["jumps"] == {key: "上年集中申请。"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        {"jumps": {"items_released": "不是表内数据"}},
        {"jumps": {LICENCES: "字" * 301}},
        {"jumps": {LICENCES: 7}},
        {"jumps": []},
        {"jumps_in_text": "是"},
    ],
)
def test_what_is_no_sentence_on_a_figure_is_refused(desk, office, said):
    report, draft = begun(office)
    with pytest.raises(Refused):
        reports.save(office.actor("handler"), report, draft.content | WRITTEN | said, version=draft.version)


@pytest.mark.django_db
def test_the_supervising_agency_reads_it_beside_both_figures(desk, office):
    collects(office)
    row = filed(office, jumps={LICENCES: "许可事项已划转。"})
    desk.force_login(office.people["supervisor"])
    page = desk.get(reverse("reporting:filed", args=[row.pk]))
    [cells] = [one["cells"] for one in page.context["comparison"]["rows"]]
    assert cells[1:] == ["60", "0", "-60", "-100%", "许可事项已划转。"]
    assert desk.get(cells[0]["url"]).status_code == 200
    assert all(one["title"] != "PREVIOUS" for one in page.context["checks"])


@pytest.mark.django_db
def test_a_year_of_our_own_is_compared_like_one_taken_over(desk, office, at):
    entries.enter(
        office.actor("handler"),
        office.agency,
        DecisionCount.Kind.LICENCES,
        month=date(2021, 5, 1),
        amount=Decimal(30),
        source="许可台账",
    )
    published(office)
    with at(2023, 1, 10):
        report, _draft = begun(office, 2022)
        assert "由上一年度的30减少到0" in warned(report)[0].message
