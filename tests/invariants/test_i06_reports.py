"""I6 for reports: figures, registers, filings, and what a government sums up, at every address of the room."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from gongkai.disclosure.models import DecisionCount
from gongkai.files import storage
from gongkai.journal import clock
from gongkai.reporting import manual, rollup_members
from gongkai.reporting.models import EarlierReport, MemberUpload, Upload
from tests.invariants.attacks import (
    ADMINISTRATORS,
    CANARY,
    STRANGERS,
    addresses,
    answers_none,
    client_of,
    neighbour,
    without_rights,
)
from tests.reporting.districts import District, begun_roll_up, staffed, taken_in
from tests.reporting.filings import collects, filed
from tests.reporting.report_rendering import balanced

pytestmark = pytest.mark.django_db
FIGURE = "disclosure.licences.decisions"
# Pages without an object of one agency in their address: they are narrowed, not closed.
OPEN_TO_STAFF = {
    "reporting:reports", "reporting:begin", "reporting:entries", "reporting:enter", "reporting:import",
    "reporting:import_template", "reporting:earlier", "reporting:earlier_next", "reporting:earlier_list",
    # Of the reader's own agencies below, or of no one.
    "reporting:collection_now", "reporting:collection", "reporting:check_all", "reporting:accept_all",
}  # fmt: skip
OF_THE_GOVERNMENT = {
    "members", "member", "outside", "towns", "side_by_side", "taken_in", "intake", "read_next", "upload", "sum",
    "collecting",
}  # fmt: skip
OUTSIDE = "西工区供销合作社"
# The addresses are tried in so many tests.
PARTS = 2


@pytest.fixture
def house(office, at):
    """The office with a report that waits for the district, whose own report is begun; and everybody without a part."""
    with at(2022, 1, 10):
        collects(office)
        neighbour(office)
        without_rights(office)
        district = District(staffed(office.district, "gov", office), office.actor("supervisor"), {})
        handler = office.actor("handler")
        decision = DecisionCount.objects.create(
            agency=office.agency, kind="licences", month=date(2021, 3, 1), amount=1, source=CANARY, number="1号",
            decided_on=date(2021, 3, 5), person=handler.person, at=clock.now(),
        )  # fmt: skip
        filing = filed(office, problems=f"（一）存在的主要问题\n{CANARY}。\n（二）改进情况\n按月核对。")
        begun_roll_up(district)
        add = {"group": "department", "reason": CANARY}
        rollup_members.add_outside(district.supervisor, office.district, 2021, OUTSIDE, **add)
        tables = balanced(random.Random(5))
        objects = {
            "decision": decision.pk,
            "filing": filing.pk,
            "figure": manual.propose(handler, filing.report, FIGURE, Decimal(5), reason=CANARY).pk,
            "earlier_taken": EarlierReport.objects.create(
                agency=office.agency, year=2020, tables=tables.to_json(), source=f"{CANARY}.txt", digest="0" * 64,
                person=handler.person, at=clock.now(),
            ).pk,
            "taken_in": taken_in(district, OUTSIDE, tables).pk,
            "upload": MemberUpload.objects.create(
                government=office.district, year=2021, filename=f"{CANARY}.txt", at=clock.now(),
                file=storage.store(CANARY.encode(), "年报.txt", who=handler.who), person=handler.person,
            ).pk,
            **{
                name: Upload.objects.create(
                    agency=office.agency, purpose=purpose, name=f"{CANARY}.xlsx", digest="0" * 64, said=said,
                    person=handler.person, at=clock.now(),
                ).pk
                for name, purpose, said in (
                    ("import", "decisions", {"rows": [], "faults": [], "ignored": []}), ("earlier", "report", {}),
                )
            },
        }  # fmt: skip
        yield office, objects


def path_of(office, name, converters, objects):
    kind = name.split(":")[1]
    keys = {
        "decide": "figure", "upload": "upload", "taken_in": "taken_in", "import_preview": "import",
        "decision": "decision", "earlier_file": "earlier",
        "earlier_taken": "earlier_taken",
    }  # fmt: skip
    values = {
        "code": office.district.code if kind in OF_THE_GOVERNMENT else office.agency.code,
        "year": 2021,
        "key": FIGURE,
        "part": "month",
        "register": "decisions",
        "name": "members.csv" if kind == "side_by_side" else "report.json",
        "pk": objects[keys.get(kind, "filing")],
    }
    path = reverse(name, kwargs={key: values[key] for key in converters})
    return path + (f"?name={OUTSIDE}" if kind == "member" else "")


@pytest.mark.parametrize("part", range(PARTS))
def test_no_address_of_reports_answers_a_stranger(house, part):
    """By everybody without a right there: sent to log in, forbidden, or not found; and nothing is done."""
    office, objects = house
    for name, converters in sorted(addresses("reporting").items())[part::PARTS]:
        path = path_of(office, name, converters, objects)
        # Whether a government collects is a setting, and no text: the administrator keeps it too.
        administrators = [] if name == "reporting:collecting" else ADMINISTRATORS
        answers_none(office, path, [*STRANGERS, *administrators], narrowed=name in OPEN_TO_STAFF)


def test_the_same_addresses_do_answer_those_who_have_a_right_there(house):
    """Or the test above would prove nothing."""
    office, objects = house
    for name, converters in addresses("reporting").items():
        path = path_of(office, name, converters, objects)
        answers = {
            client_of(office, who).get(path).status_code for who in ("handler", "approver", "supervisor")
        }
        assert answers & {200, 405} or (answers & {302} and not converters), (name, answers)


def test_what_the_strangers_did_not_see_is_there_to_be_seen(house):
    """Each kind of object bears the words that the test above looks for."""
    office, objects = house
    pages = {
        "reporting:entries": "handler", "reporting:decision": "handler", "reporting:edit": "handler",
        "reporting:report": "approver",
        "reporting:filed": "supervisor", "reporting:members": "supervisor", "reporting:intake": "supervisor",
        "reporting:upload": "supervisor", "reporting:import_preview": "handler",
        "reporting:earlier_list": "handler", "reporting:earlier_taken": "supervisor",
    }  # fmt: skip
    for name, who in pages.items():
        path = path_of(office, name, addresses("reporting")[name], objects)
        assert CANARY in client_of(office, who).get(path).text, name


def test_a_report_of_one_agency_is_not_reached_through_another(house):
    office, objects = house
    above = client_of(office, "supervisor")
    for name in ("taken_in", "upload"):
        elsewhere = {"code": office.district.code, "year": 2020, "pk": objects[name]}
        assert above.get(reverse(f"reporting:{name}", kwargs=elsewhere)).status_code == 404
    # What one sent in is one's own to confirm, also among colleagues.
    path = reverse("reporting:import_preview", args=[objects["import"]])
    assert client_of(office, "second_handler").get(path).status_code == 404
    # The office below does not see what the government sums up.
    for name in OF_THE_GOVERNMENT - {"collecting"}:
        path = path_of(office, f"reporting:{name}", addresses("reporting")[f"reporting:{name}"], objects)
        assert client_of(office, "head").get(path).status_code in (403, 404, 405), name
