"""Staff pages of columns, standard catalogues and projects, as the people for them use them."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.disclosure import projects, standards
from gongkai.disclosure.models import Column, KeyField, StandardDuty, StandardEdition, StandardField
from tests.disclosure.test_standards import workbook
from tests.items import released


def test_an_edition_is_looked_at_and_then_taken(office, at, client):
    standards.load()
    client.force_login(office.people["system"])
    address = "/workbench/standards/tax/import/"
    with at(2021, 5, 1):
        assert "表头" in client.get(address).content.decode()
        file = SimpleUploadedFile("税收.xlsx", workbook(("纳税服务", "办税指南", "办税流程", "及时", "主动")))
        page = client.post(address, {"file": file, "starts_on": "2021-05-01"})
        assert "纳税服务·办税指南" in page.content.decode()
        assert not StandardEdition.objects.filter(field__code="tax").exists()
        client.post(address, {"kept": page.context["kept"]})
    assert str(StandardEdition.objects.get(field__code="tax").entries.get()) == "纳税服务·办税指南"


def test_a_wrong_file_is_refused_on_the_form(office, at, client):
    standards.load()
    client.force_login(office.people["system"])
    with at(2021, 5, 1):
        file = SimpleUploadedFile("税收.xlsx", b"no workbook")
        page = client.post("/workbench/standards/tax/import/", {"file": file, "starts_on": "2021-05-01"})
    assert "请用表格软件另存为xlsx" in page.content.decode()


def test_the_head_says_which_fields_the_agency_answers(office, at, client):
    standards.load()
    client.force_login(office.people["head"])
    field = StandardField.objects.get(code="tax")
    client.post(f"/workbench/standards/duties/{office.agency.pk}/", {"fields_answered": [field.pk]})
    assert StandardDuty.objects.get().field == field


def test_a_column_with_public_items_stays_in_use(office, at, client):
    with at(2021, 3, 10):
        released(office, column="housing")
        client.force_login(office.people["system"])
        row = Column.objects.get(code="housing")
        said = {
            "name": "棚改",
            "description": "棚户区改造信息",
            "keywords": "棚改",
            "order": 3,
            "cycle": "news",
        }
        page = client.post("/workbench/columns/housing/", said)
        assert "有已公开的信息" in page.content.decode()
        client.post("/workbench/columns/housing/", said | {"active": "on"})
    row.refresh_from_db()
    assert (row.name, row.cycle, row.active) == ("棚改", "news", True)


def test_the_list_of_columns_counts_what_the_check_would_object_to(office, at, client):
    with at(2021, 3, 10):
        released(office, column="news")
    client.force_login(office.people["head"])
    with at(2021, 3, 20):
        assert (
            "工作动态"
            not in client.get("/workbench/columns/?state=stale").content.decode().split("results")[1]
        )
    with at(2021, 4, 1):
        assert (
            "工作动态" in client.get("/workbench/columns/?state=stale").content.decode().split("results")[1]
        )


def test_the_administrator_chooses_the_key_fields(office, at, client):
    client.force_login(office.people["system"])
    client.post("/workbench/columns/key/", {"group_0": "重点", "target_0": "column:housing"})
    assert [(row.group, str(row)) for row in KeyField.objects.all()] == [("重点", "棚户区改造")]
    page = client.post("/workbench/columns/key/", {"group_0": "", "target_0": "column:housing"})
    assert "请填写这一行的分组" in page.content.decode()


def test_a_clerk_opens_a_project_and_records_a_posting(office, at, client):
    client.force_login(office.people["handler"])
    with at(2021, 3, 10):
        said = {"name": "健康路片区", "kind": "expropriation", "place": "健康路", "begun_on": "2021-03-01"}
        client.post("/workbench/projects/new/", said)
        row = projects.Project.objects.get()
        posting = {
            "point": "survey",
            "where": "site",
            "on": "2021-03-09",
            "by": "演示",
            "note": "1号院公示栏",
        }
        client.post(f"/workbench/projects/{row.pk}/post/", posting)
        page = client.get(f"/workbench/projects/{row.pk}/").content.decode()
    assert "1号院公示栏" in page
    assert row.postings.get().on == date(2021, 3, 9)
    assert client.get(f"/workbench/projects/{row.pk}/change/").status_code == 200
    client.force_login(office.people["supervisor"])
    assert client.get(f"/workbench/projects/{row.pk}/post/").status_code == 404
