"""The pages of a report in the workbench: its tables open to their records, writing, figures by hand, files."""

import io
import re
from datetime import date

import openpyxl
import pytest

from gongkai.disclosure.models import DecisionCount
from gongkai.reporting import content as contents
from gongkai.reporting import figures
from gongkai.reporting.models import AnnualReport, ManualFigure
from gongkai.review import drafts
from gongkai.review.models import ReviewState
from tests import items
from tests.reporting.reports import WRITTEN, begun, case, published

pytestmark = pytest.mark.django_db
HERE = "/workbench/reports/XG0123/2021/"


@pytest.fixture
def desk(client, office, at):
    """The handler's browser in January 2022."""
    client.force_login(office.people["handler"])
    with at(2022, 1, 10):
        yield client


def form_of(office, **changes):
    draft = drafts.draft_of(contents.KIND, AnnualReport.objects.get().pk)
    said = {name: draft.content[name] for name in ("opening", "overview", "problems", "other", "carry_over")}
    return said | {"version": draft.version} | changes


def test_the_handler_begins_writes_and_submits(desk, office):
    answer = desk.post("/workbench/reports/new/", {"agency": office.agency.pk, "year": 2021}, follow=True)
    assert answer.redirect_chain[-1][0] == HERE
    page = desk.get(f"{HERE}edit/").content.decode()
    assert "{{items_released}}" in page
    answer = desk.post(f"{HERE}edit/", form_of(office, submit="1"))
    # The place that the office has to fill is named beside its field; what was typed is kept.
    assert "problems" in answer.context["form"].errors
    assert answer.context["form"]["overview"].value() == form_of(office)["overview"]
    answer = desk.post(f"{HERE}edit/", form_of(office, **WRITTEN, submit="1"))
    state = ReviewState.objects.get(subject_kind="report")
    assert answer["Location"] == f"/workbench/review/{state.revision_id}/"
    review = desk.get(answer["Location"]).content.decode()
    assert "三、收到和处理政府信息公开申请情况" in review


def test_every_cell_of_the_report_page_opens_to_its_figure(desk, office, at):
    with at(2021, 6, 1):
        items.released(office)
    found = case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 5))
    begun(office)
    page = desk.get(HERE).content.decode()
    linked = set(re.findall(rf'href="{HERE}figures/([a-z0-9_.-]+)/"', page))
    assert {each.key for each in figures.every()} <= linked
    for key in sorted(linked):
        assert desk.get(f"{HERE}figures/{key}/").status_code == 200, key
    opened = desk.get(f"{HERE}figures/applications.r3_1.natural_person/").content.decode()
    assert found.number in opened and f"/workbench/applications/{found.pk}/" in opened
    opened = desk.get(f"{HERE}figures/items_released/").content.decode()
    assert items.GOOD["title"] in opened


def test_a_figure_of_the_text_opens_from_the_day_its_count_begins(desk, office, at):
    with at(2020, 6, 1):
        items.released(office, title="往年信息", formed_on="2020-05-30")
    begun(office, starts={"items_released": "2020-01-01"})
    assert "往年信息" in desk.get(f"{HERE}figures/items_released/").content.decode()


def test_months_and_quarters_add_up_on_the_page(desk, office):
    case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 4, 5))
    begun(office)
    for part, columns in (("month", 13), ("quarter", 5)):
        table = desk.get(f"{HERE}by/{part}/").context["table"]
        assert len(table["columns"]) == columns
        r1 = next(row["cells"] for row in table["rows"] if "applications.r1.total" in row["cells"][0]["url"])
        assert sum(r1[1:]) == 1
    assert desk.get(f"{HERE}by/week/").status_code == 404


def test_a_figure_by_hand_goes_to_the_leader_and_is_shown_as_such(desk, office, client):
    begun(office)
    address = f"{HERE}figures/disclosure.licences.decisions/"
    answer = desk.post(address, {"value": "5", "reason": ""})
    assert answer.status_code == 200 and answer.context["form"].errors
    desk.post(address, {"value": "5", "reason": "区行政审批局提供"})
    row = ManualFigure.objects.get()
    assert "区行政审批局提供" in desk.get(HERE).content.decode()
    desk.post(f"/workbench/report-figures/{row.pk}/", {"decision": "approve"})
    assert not hasattr(ManualFigure.objects.get(), "decision")
    client.force_login(office.people["approver"])
    assert any(one["may"] for one in client.get(HERE).context["by_hand"])
    client.post(f"/workbench/report-figures/{row.pk}/", {"decision": "approve"})
    page = client.get(HERE).content.decode()
    assert ManualFigure.objects.get().decision.approved
    assert "number--marked" in page


def test_numbers_of_a_month_are_entered_with_their_source(desk, office):
    said = {"agency": office.agency.pk, "kind": "penalties", "month": "2021-05", "amount": "4"}
    answer = desk.post("/workbench/reports/entries/new/", said)
    assert "source" in answer.context["form"].errors
    desk.post("/workbench/reports/entries/new/", said | {"source": "处罚决定登记簿"})
    assert DecisionCount.objects.get().month == date(2021, 5, 1)
    assert "处罚决定登记簿" in desk.get("/workbench/reports/entries/").content.decode()


def test_files_and_export_of_draft_and_published_report(desk, office):
    case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 5))
    published(office)
    for name, magic in (
        ("report.docx", b"PK"),
        ("report.pdf", b"%PDF"),
        ("report.json", b"{"),
        ("report.xlsx", b"PK"),
    ):
        answer = desk.get(f"{HERE}files/{name}")
        assert answer.status_code == 200 and answer.content.startswith(magic), name
    assert desk.get(f"{HERE}files/report.exe").status_code == 404
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{HERE}files/report.xlsx").content))
    assert len(book.worksheets) == 3
    values = [cell.value for row in book.worksheets[1].iter_rows() for cell in row]
    assert values.count(1) == 6
    assert desk.get(f"{HERE}preview/").status_code == 200
    files = desk.get("/workbench/reports/").context["exports"]
    assert [file["url"] for file in files] == ["?export=xlsx", "?export=csv"]


def test_last_years_figures_stand_beside_this_years(desk, office, at):
    case(office, date(2021, 12, 1), row="r3_1", answered=date(2021, 12, 5))
    published(office)
    with at(2023, 1, 10):
        begun(office, 2022)
        here = HERE.replace("2021", "2022")
        changes = [row["cells"] for row in desk.get(here).context["comparison"]["rows"]]
    assert [(cells[0]["url"], *cells[1:5]) for cells in changes] == [
        (f"{here}figures/applications.{row}.{column}/", "1", "0", "-1", "-100%")
        for row in ("r1", "r3_1", "r3_7")
        for column in ("natural_person", "total")
    ]


def test_records_that_change_after_publication_are_shown_beside_it(desk, office):
    published(office)
    case(office, date(2021, 12, 1))
    page = desk.get(HERE)
    assert {one.cell.row for one in page.context["since"]} == {"r1", "r4"}
    assert 'href="/reports/XG0123/2021/"' in page.content.decode()


def test_findings_stand_on_the_page_with_rule_and_both_sides(desk, office):
    case(office, date(2021, 3, 1), row="", answered=date(2021, 3, 5))
    begun(office)
    found = desk.get(HERE).content.decode()
    assert "C3" in found and "三（七）总计1，不等于各项均为0" in found


def test_staff_of_another_agency_find_nothing(desk, office, client):
    from gongkai.agencies.models import Agency, Person

    begun(office)
    other = Agency.objects.create(name="西工区房屋征收办公室", code="XG0124", parent=office.district)
    stranger = Person.objects.create_user("stranger", "stranger-password-1", name="演示·外", agency=other)
    client.force_login(stranger)
    for page in ("", "edit/", "preview/", "files/report.json", "by/month/", "figures/items_released/"):
        assert client.get(HERE + page).status_code in (403, 404), page


def test_two_writers_at_once_one_is_told(desk, office):
    begun(office)
    first = form_of(office, other="无需要说明的其他事项。甲")
    second = form_of(office, other="无需要说明的其他事项。乙")
    desk.post(f"{HERE}edit/", first)
    answer = desk.post(f"{HERE}edit/", second)
    assert answer.context["form"].non_field_errors()
    assert answer.context["form"]["other"].value().endswith("乙")
    assert form_of(office)["other"].endswith("甲")


def test_the_inbox_shows_the_report_with_its_last_day(desk, office):
    from gongkai.agencies import navigation

    begun(office)
    [row] = [one for one in navigation.waiting(office.actor("handler")) if "年度报告" in one.title]
    assert row.due_on == date(2022, 1, 31)
