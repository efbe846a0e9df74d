"""The pages of the roll-up, as the district office and others meet them."""

import pytest
from django.urls import reverse

from tests.reporting.districts import all_published, begun_roll_up, district_of

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
