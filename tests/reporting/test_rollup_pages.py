"""The pages of the roll-up, as the district office and others meet them."""

import random
from datetime import date

import pytest
from django.urls import reverse

from gongkai.agencies.models import Agency
from gongkai.reporting import rollup_members
from tests.reporting.districts import all_published, begun_roll_up, district_of, staffed, taken_in
from tests.reporting.report_rendering import balanced
from tests.reporting.reports import begun, case, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(office):
    return district_of(office)


def page(client, person, view, *args, **query):
    client.force_login(person)
    return client.get(reverse(f"reporting:{view}", args=args), query)


def test_the_members_stand_in_one_list_with_what_each_gives(district, client, at, office):
    with at(2022, 1, 10):
        all_published(district)
        begun_roll_up(district)
    supervisor = office.people["supervisor"]
    with at(2022, 2, 1):
        answer = page(client, supervisor, "members", "410303", 2021)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "西工区第1局" in text and "2022-01-10" in text
        for name in ("member", "outside", "towns"):
            query = {"name": "西工区第1局"} if name == "member" else {}
            assert page(client, supervisor, name, "410303", 2021, **query).status_code == 200
        for form in ("xlsx", "csv"):
            assert page(client, supervisor, "members", "410303", 2021, export=form).status_code == 200
            assert (
                page(client, supervisor, "side_by_side", "410303", 2021, f"members.{form}").status_code == 200
            )
        opened = page(client, supervisor, "sum", "410303", 2021, "applications.r1.total").content.decode()
        assert "西工区第2局" in opened
        assert page(client, supervisor, "report", "410303", 2021).status_code == 200
        assert page(client, supervisor, "intake", "410303", 2021).status_code == 200
        assert page(client, supervisor, "rollups").status_code == 302


def test_only_the_government_and_its_supervisor_see_the_members(district, client, at, office):
    """A member sees no other member's figures; another district sees nothing; only the supervisor keeps the list."""
    other = Agency.objects.create(name="涧西区人民政府", code="410305", government=True)
    elsewhere = staffed(other, "other", office)
    views = ("members", "intake", "outside", "towns")
    seen = {}
    with at(2022, 1, 10):
        for who, person in (
            ("supervisor", office.people["supervisor"]),
            ("government's handler", district.government.people["handler"]),
            ("government's leader", district.government.people["approver"]),
            ("member's handler", office.people["handler"]),
            ("another member's leader", district.members["M001"].people["approver"]),
            ("another district", elsewhere.people["handler"]),
            ("administrator", office.people["system"]),
        ):
            seen[who] = [page(client, person, view, "410303", 2021).status_code for view in views]
    assert seen == {
        "supervisor": [200, 200, 200, 200],
        "government's handler": [200, 200, 404, 404],
        "government's leader": [200, 404, 404, 404],
        "member's handler": [404] * 4,
        "another member's leader": [404] * 4,
        "another district": [404] * 4,
        "administrator": [404] * 4,
    }


def test_nothing_of_a_members_draft_is_shown(district, client, at, office):
    case(office, date(2021, 3, 1))
    with at(2022, 1, 10):
        begun(office)
        text = page(client, district.government.people["handler"], "members", "410303", 2021).content.decode()
        shown = page(
            client, district.government.people["handler"], "sum", "410303", 2021, "applications.r1.total"
        ).content.decode()
    assert "尚未发布" in text
    assert reverse("reporting:report", args=[office.agency.code, 2021]) not in text + shown


def test_the_list_is_filtered_by_name_group_and_state(district, client, at, office):
    with at(2022, 2, 10):
        published(office)
        person = office.people["supervisor"]

        def names(**query):
            text = page(client, person, "members", "410303", 2021, **query).content.decode()
            table = text[text.index("<tbody>") : text.index("</tbody>")] if "<tbody>" in text else ""
            return [name for name in ("西工区第1局", office.agency.name) if name in table]

        assert names(state="late") == ["西工区第1局"]
        assert names(state="given") == [office.agency.name]
        assert names(q="改造") == [office.agency.name]
        assert names(group="town") == []
        assert names(state="nonsense") == ["西工区第1局", office.agency.name]


def test_the_collection_leads_to_the_members_and_back_and_both_name_late_outside_offices(
    district, client, at, office
):
    """An office without an account is due by the same day as a department, a town's government by that of governments."""
    late, there, town = "西工区供销合作社", "西工区红十字会", "洛北乡人民政府"
    person = office.people["supervisor"]
    with at(2022, 1, 10):
        for name, group in ((late, "department"), (there, "department"), (town, "town")):
            rollup_members.add_outside(district.supervisor, district.agency, 2021, name, group=group)
        rollup_members.set_towns(
            district.supervisor, district.agency, 2021, towns=True, reason="区政府办通知"
        )
        taken_in(district, there, balanced(random.Random(1)))
    members = reverse("reporting:members", args=["410303", 2021])

    with at(2022, 2, 1):
        text = page(client, person, "collection", 2021).content.decode()
        listed = page(client, person, "members", "410303", 2021, state="late").content.decode()
    assert members in text and reverse("reporting:collection", args=[2021]) in listed
    assert "3个单位中已录入1个单位的报告" in text
    table = listed[listed.index("<tbody>") : listed.index("</tbody>")]
    for shown in (text, table):
        assert late in shown and there not in shown and town not in shown
    with at(2022, 4, 1):
        assert town in page(client, person, "collection", 2021).content.decode()
