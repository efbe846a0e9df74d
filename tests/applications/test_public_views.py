"""Staff pages on those who apply: exact look-up, ratings of a period, applications that were not needed."""

from io import BytesIO

from openpyxl import load_workbook

from gongkai.applications import diverting, satisfaction
from gongkai.journal.models import Entry
from tests.applications.cases import web
from tests.applications.test_applicants_page import answered, proof
from tests.applications.test_parties import TOGETHER
from tests.items import released
from tests.portal import sites


def login(client, office, name):
    client.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")


def main_of(response):
    assert response.status_code == 200, response.status_code
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main")]


def rows_of(response):
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(response.content)).active.rows]


def test_somebody_is_looked_up_by_post_and_the_journal_holds_nothing_of_what_was_typed(office, at, client):
    login(client, office, "handler")
    with at(2021, 4, 22):
        case = web(office, person=TOGETHER)
        page = client.get("/workbench/applicants/?name=李四").content.decode()
        assert case.number not in page
        page = client.post(
            "/workbench/applicants/", {"name": "李四", "phone": "13900139000"}
        ).content.decode()
        assert case.number in page
        assert "没有" in client.post("/workbench/applicants/", {"name": "不是谁"}).content.decode()
        assert "error-summary" in client.post("/workbench/applicants/", {"name": " "}).content.decode()
        first, second = Entry.objects.filter(action="applicant.looked_up").order_by("seq")
        assert '"by":["name","phone"]' in first.data and '"found":1' in first.data
        assert "李四" not in first.data + second.data and "139" not in first.data
        login(client, office, "supervisor")
        refused = client.post("/workbench/applicants/", {"name": "李四"})
        assert refused.status_code == 403 and case.number not in refused.content.decode()


def test_ratings_of_a_period_open_to_their_cases_and_words_only_to_the_agency(office, at, client):
    with at(2021, 4, 23):
        first, second = answered(office), answered(office, "not_found")
        satisfaction.rate(*proof(first), score=5, words="很清楚")
    with at(2021, 6, 1):
        satisfaction.rate(*proof(second), score=2)
        login(client, office, "handler")
        page = main_of(client.get("/workbench/applications/satisfaction/"))
        assert first.number in page and second.number in page and "3.5" in page and "很清楚" not in page
        april = main_of(client.get("/workbench/applications/satisfaction/?since=2021-04-01&until=2021-04-30"))
        assert first.number in april and second.number not in april and "5.0" in april
        low = main_of(client.get("/workbench/applications/satisfaction/?score=2"))
        assert second.number in low and first.number not in low
        export = rows_of(client.get("/workbench/applications/satisfaction/?export=xlsx"))
        assert len(export) == 3 and "很清楚" not in str(export)
        words = f"/workbench/applications/{first.pk}/satisfaction/"
        before = Entry.objects.filter(action="application.shown").count()
        assert "很清楚" in main_of(client.get(words))
        assert Entry.objects.filter(action="application.shown").count() == before + 1
        login(client, office, "supervisor")
        assert first.number in main_of(client.get("/workbench/applications/satisfaction/"))
        refused = client.get(words)
        assert refused.status_code == 403 and "很清楚" not in refused.content.decode()


def test_nothing_rated_and_nothing_found_say_so(office, at, client):
    with at(2021, 4, 23):
        login(client, office, "handler")
        assert "还没有评价" in main_of(client.get("/workbench/applications/satisfaction/"))
        assert "还没有记录" in main_of(client.get("/workbench/applications/found/"))


def test_what_was_found_without_applying_is_a_figure_that_opens_by_item(office, at, client):
    sites.fresh()
    with at(2021, 3, 1):
        plan, other = released(office, title="补偿方案"), released(office, title="安置方案")
    with at(2021, 4, 23):
        for n in range(3):
            diverting.found(plan.pk, office.agency.pk, f"203.0.113.{n}")
        diverting.found(other.pk, "unknown agency", "203.0.113.1")
    with at(2021, 5, 6):
        diverting.found(plan.pk, office.agency.pk, "203.0.113.1")
        login(client, office, "handler")
        page = main_of(client.get("/workbench/applications/found/"))
        assert "5 人次" in page and f"/workbench/items/{plan.pk}/" in page
        export = rows_of(client.get("/workbench/applications/found/?export=xlsx"))
        assert [[row[0], str(row[2])] for row in export[1:]] == [["补偿方案", "4"], ["安置方案", "1"]]
        assert "4 人次" in main_of(client.get("/workbench/applications/found/?until=2021-04-30"))
        login(client, office, "supervisor")
        assert "5 人次" in main_of(client.get("/workbench/applications/found/"))


def test_the_case_of_somebody_else_keeps_its_rating(office, at, client):
    with at(2021, 4, 23):
        case = web(office)
        login(client, office, "handler")
        assert client.get(f"/workbench/applications/{case.pk}/satisfaction/").status_code == 404
