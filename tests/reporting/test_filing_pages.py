"""The pages of filing: the supervisor's collection, one filed report, the agency's own page, the setting."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.agencies.models import Agency
from gongkai.reporting import filing, filing_checks
from gongkai.reporting.models import AnnualReport, FilingDecision, FilingReminder
from tests.conftest import Office
from tests.invariants.attacks import appoint, neighbour, person
from tests.reporting.filings import again, approved, collects, filed
from tests.reporting.reports import begun

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, office):
    def of(name):
        client.logout()
        client.force_login(office.people[name])
        return client

    return of


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def year(office):
    return reverse("reporting:collection", args=[2021])


def test_the_collection_says_where_each_agency_stands(page, office, at):
    collects(office, file_by="01-26", publish_by="01-28", basis="演示通知")
    Agency.objects.create(name="西工区教育局", code="XG0200", parent=office.district)
    with at(2022, 1, 20):
        row = filed(office)
        said = text(page("supervisor").get(year(office)))
        assert "西工区教育局" in said and office.agency.name in said
        assert "星期三" in said and "演示通知" in said, "26 January 2022 with its weekday"
        assert reverse("reporting:filed", args=[row.pk]) in said
        only = text(page("supervisor").get(year(office) + "?standing=filed"))
        assert office.agency.name in only and "西工区教育局" not in only
        assert office.district.name + "</a>" not in only
    with at(2022, 1, 27):
        late = text(page("supervisor").get(year(office) + "?late=true"))
        assert "西工区教育局" in late and office.agency.name + "</a>" not in late
    for form in ("csv", "xlsx"):
        assert page("supervisor").get(f"{year(office)}?export={form}").status_code == 200
    assert page("handler").get(year(office)).status_code == 403


def test_check_all_shows_errors_first_and_accept_all_leaves_them(page, office, at):
    collects(office)
    with at(2022, 1, 20):
        row = filed(office)
        client = page("supervisor")
        client.post(reverse("reporting:accept_all", args=[2021]))
        assert not FilingDecision.objects.exists(), "nothing is accepted unchecked"
        client.post(reverse("reporting:check_all", args=[2021]))
        row.refresh_from_db()
        assert row.check_made.done_at is not None
        row.check_made.errors = 1
        row.check_made.save()
        client.post(reverse("reporting:accept_all", args=[2021]))
        assert not FilingDecision.objects.exists(), "nothing with an error"
        client.post(reverse("reporting:check_all", args=[2021]))
        client.post(reverse("reporting:accept_all", args=[2021]))
    assert FilingDecision.objects.get().decision == "accepted"
    assert AnnualReport.objects.get(pk=row.report_id).live is not None


def test_rows_are_accepted_only_as_they_were_seen(page, office, at):
    collects(office)
    with at(2022, 1, 20):
        row = filed(office)
        client = page("supervisor")
        choice = f"{office.agency.pk}~{row.pk}~"
        stale = f"{office.agency.pk}~{row.pk + 1}~"
        client.post(year(office), {"bulk": "accept", "row": [stale]})
        assert not FilingDecision.objects.exists()
        client.post(year(office), {"bulk": "accept", "row": [choice]})
        assert FilingDecision.objects.get().filing == row
        client.post(year(office), {"bulk": "remind", "row": [choice], "words": "请报送"})
        assert not FilingReminder.objects.exists(), "what is there is not reminded of"


def test_a_filed_report_is_returned_with_reasons_that_the_agency_sees(page, office, at):
    collects(office)
    with at(2022, 1, 20):
        row = filed(office)
        client = page("supervisor")
        shown = text(client.get(reverse("reporting:filed", args=[row.pk])))
        assert row.digest in shown and "勾稽关系" in shown
        asked = reverse("reporting:filing_return", args=[row.pk])
        assert text(client.get(asked))
        again_shown = text(client.post(asked, {"cell_0_text": "数字有误"}))
        assert "数字有误" in again_shown, "what was typed stays"
        client.post(
            asked,
            {
                "opinion": "请补充后再报。",
                "part_5": "问题过于笼统。",
                "cell_0": "applications.r1.total",
                "cell_0_text": "与登记簿不符。",
            },
        )
        decision = FilingDecision.objects.get()
        assert [one["where"] for one in decision.remarks] == ["problems", "applications.r1.total"]
        own = text(page("handler").get(reverse("reporting:report", args=[office.agency.code, 2021])))
        for words in ("请补充后再报。", "问题过于笼统。", "与登记簿不符。"):
            assert words in own
        revision = again(office, row.report)
        approved(office, revision)
        second = filing.standing(row.report)
        shown = text(page("supervisor").get(reverse("reporting:filed", args=[second.pk])))
        assert "问题已按意见补写" in shown and "<ins>" in shown


def test_the_leader_sees_what_approval_means_and_may_publish_on_the_last_day(page, office, at):
    collects(office)
    with at(2022, 1, 20):
        row = filed(office)
        own = reverse("reporting:report", args=[office.agency.code, 2021])
        address = reverse("reporting:unawaited", args=[row.pk])
        assert address not in text(page("approver").get(own))
        assert page("handler").get(address).status_code == 404
        refused = text(page("approver").post(address, {"reason": "等不及"}))
        assert "2022-01-31" in refused
    with at(2022, 1, 31):
        assert address in text(page("approver").get(own))
        assert address not in text(page("handler").get(own))
        page("approver").post(address, {"reason": "法定期限届满。"})
        assert "法定期限届满。" in text(page("supervisor").get(year(office))), "the supervisor sees why"


def test_a_reminder_stands_in_the_inbox_until_it_is_filed(page, office, at):
    collects(office)
    with at(2022, 1, 20):
        begun(office)
        filing.remind(office.actor("supervisor"), office.agency, 2021, "请于本周内报送。")
        inbox = reverse("workbench:inbox")
        assert "请于本周内报送。" in text(page("handler").get(inbox))
        assert "请于本周内报送。" not in text(page("supervisor").get(inbox))
        report = AnnualReport.objects.get()
        approved(office, again(office, report))
        assert "请于本周内报送。" not in text(page("handler").get(inbox))
        assert report.agency.name in text(page("supervisor").get(inbox))


def test_the_setting_keeps_its_history_and_what_was_typed(page, office, at):
    address = reverse("reporting:collecting", args=[office.district.code])
    client = page("supervisor")
    refused = text(client.post(address, {"collects": "on", "first_year": "2021", "file_by": "02-30"}))
    assert 'value="02-30"' in refused
    client.post(
        address, {"collects": "on", "first_year": "2021", "file_by": "01-26", "basis": "演示通知〔2021〕1号"}
    )
    assert "演示通知〔2021〕1号" in text(client.get(address))
    assert page("handler").get(address).status_code == 404


def test_what_no_one_may_see_of_another_districts_filings(page, office, at):
    collects(office)
    with at(2022, 1, 20):
        row = filed(office)
        other = Agency.objects.create(name="涧西区人民政府", code="410305", government=True)
        stranger = person(office, "stranger", other)
        appoint(office, stranger, "supervisor", other)
        client = page("stranger")
        for name in ("filed", "filing_return"):
            assert client.get(reverse(f"reporting:{name}", args=[row.pk])).status_code in (403, 404)
        assert client.post(reverse("reporting:filing_accept", args=[row.pk])).status_code in (403, 404)
        assert office.agency.name not in text(client.get(year(office)))
        client.post(year(office), {"bulk": "accept", "row": [f"{office.agency.pk}~{row.pk}~"]})
        client.post(reverse("reporting:check_all", args=[2021]))
        client.post(reverse("reporting:accept_all", args=[2021]))
    assert not FilingDecision.objects.exists()


def test_a_hundred_agencies_cost_no_more_queries_than_one(page, office, at):
    collects(office)
    with at(2022, 1, 20):
        filed(office)
        client = page("supervisor")
        client.get(year(office))
        with CaptureQueriesContext(
            connection,
        ) as few:
            client.get(year(office))
        for n in range(100):
            agency = Agency.objects.create(name=f"西工区演示局{n}", code=f"D{n:03}", parent=office.district)
            AnnualReport.objects.create(
                agency=agency,
                year=2021,
                created_by=office.people["head"],
                created_at="2022-01-02T09:00:00+08:00",
            )
        with CaptureQueriesContext(connection) as many:
            client.get(year(office))
    assert len(many) <= len(few) + 1, [each["sql"][:90] for each in many]


def test_copied_text_among_the_agencies_is_shown_with_its_passages(page, office, at):
    collects(office)
    words = (
        "我们在全年工作中坚持把群众最关心的安置房分配和过渡费发放放在首位，逐户上门讲解政策口径，"
        "每月召开一次现场答疑会，把会上提出的问题按片区登记造册并逐项销号，年底前再次回访全部已登记的住户。"
    )
    own = {"problems": f"（一）存在的主要问题\n{words}\n（二）改进情况\n按月核对。"}
    with at(2022, 1, 20):
        first = filed(office, **own)
        agency = neighbour(office)
        names = ("handler", "reviewer", "approver")
        other = Office(agency, office.district, {n: office.people[f"their_{n}"] for n in names})
        second = filed(other, **own)
        filing_checks.ask(office.actor("supervisor"), 2021)
    for row, name in ((first, agency.name), (second, office.agency.name)):
        row.refresh_from_db()
        copied = [one for one in row.check_made.findings if one["rule"] == "COPY"]
        assert [one["label"] for one in copied] == [name]
        assert any("逐户上门讲解政策口径" in each["words"] for each in copied[0]["passages"])
    address = reverse("reporting:filed", args=[first.pk])
    assert agency.name in text(page("supervisor").get(address))
    assert agency.name not in text(page("handler").get(address)), "I6: what others filed is not public yet"
