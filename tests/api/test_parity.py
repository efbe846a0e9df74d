"""What a program may do is what its person may do on the screen: every act, every role, every state (I6)."""

from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from gongkai.agencies import appointing
from gongkai.agencies.models import Agency, Person, Role
from gongkai.agencies.policy import allowed
from gongkai.api.ways import WAYS
from gongkai.applications import act_views, events, register_views, verdicts
from gongkai.applications.acts import ACTS
from gongkai.applications.models import Application, CaseEvent, State
from tests.api.programs import body_for, fields_of, program
from tests.applications.cases import web

PEOPLE = ("handler", "reviewer", "approver", "head", "supervisor")


def _seat(office, name):
    return {"agency": office.district} if name == "supervisor" else {}


class Undo(Exception):
    """Ends a savepoint: what a call did is taken back."""


@pytest.mark.parametrize("state", State)
def test_every_act_answers_a_program_as_it_answers_its_person(office, at, state):
    """The state of the case is set in its cache, as the table asks it; each call is taken back."""
    with at(2021, 3, 1):
        case = web(office)
    with at(2021, 3, 2):
        Application.objects.filter(pk=case.pk).update(state=state)
        case.refresh_from_db()
        for name in PEOPLE:
            caller = program(office, name, **_seat(office, name))
            person = office.actor(name)
            said = {each["act"]: each for each in caller.get(f"applications/{case.pk}").json()["acts"]}
            shown = {each.act.key: each for each in verdicts.of(person, case, events.of(case))}
            assert {key: (each["allowed"], each["article"]) for key, each in said.items()} == {
                key: (each.allowed, each.article) for key, each in shown.items()
            }
            for key in WAYS:
                _one(caller, person, case, key, shown.get(key))


def _one(caller, person, case, key, shown):
    before = CaseEvent.objects.count()
    body = body_for(f"/api/v1/applications/{{case}}/acts/{key}")
    try:
        with transaction.atomic():
            answer = caller.act(case, key, **body)
            changed = CaseEvent.objects.count() - before
            raise Undo
    except Undo:
        pass
    may = allowed(person, ACTS[key].right, case.agency)
    where = (key, caller.row.person.username, case.state, answer.content.decode())
    assert (answer.status_code == 403) == (not may), where
    assert answer.status_code in (200, 403, 409, 422), where
    if answer.status_code != 200:
        assert changed == 0, where
    if may and (shown is None or not shown.allowed) and answer.status_code != 200:
        said = answer.json()
        assert answer.status_code == 409 and said["message"] and said["way_out"], where
        if shown is not None and shown.article:
            assert said["article"], where


def test_every_act_with_a_page_has_a_call_with_its_fields(office):
    assert set(act_views.PAGES) <= set(WAYS) <= set(ACTS)
    caller = program(office)
    rows = {row["act"]: row for row in caller.get("acts").json()["items"]}
    assert set(rows) == set(ACTS)
    for key, way in WAYS.items():
        fields = [(name, field.required) for name, field in way.fields.items()]
        assert [(each["name"], each["required"]) for each in rows[key]["fields"]] == fields
        assert rows[key]["open"] and rows[key]["states"] == [str(state) for state in ACTS[key].states]
    assert {key for key, row in rows.items() if not row["open"]} == set(ACTS) - set(WAYS)


def test_registering_asks_for_what_the_page_of_the_register_asks_for(office):
    """What is typed on the pages of the register is what the bodies take; further applicants are a list there."""
    agencies = Agency.objects.all()
    for entry, path in (
        (register_views.APPLICATION, "/api/v1/applications"),
        (register_views.AMENDMENT, "/api/v1/amendments"),
    ):
        asked = set(entry.form(agencies=agencies).fields) - {"others"}
        several = set(entry.form({"others": "1"}, agencies=agencies).fields) - asked
        told = {name for name in several if not name.startswith("co1_")} - {"others"}
        assert fields_of(path) == asked | told | {"co_applicants"}


def test_the_same_pages_are_closed_to_the_same_people(office, at, client):
    """Where a call answers 403, the page of the act is closed to the person too."""
    with at(2021, 3, 1):
        case = web(office)
        for name in PEOPLE:
            client.force_login(office.people[name])
            caller = program(office, name, **_seat(office, name))
            for key in act_views.PAGES:
                page = client.get(reverse("applications:act", args=[case.pk, key]))
                path = f"/api/v1/applications/{{case}}/acts/{key}"
                with transaction.atomic():
                    call = caller.act(case, key, **body_for(path))
                    transaction.set_rollback(True)
                assert (page.status_code == 404) == (call.status_code == 403), (name, key)


def test_another_agencys_case_does_not_exist(office, at):
    """I6: neither in the list nor by its id nor by the id of its letter."""
    other = Agency.objects.create(name="西工区教育局", code="XG0456", parent=office.district)
    clerk = Person.objects.create_user("clerk", "clerk-password-1", name="演示·李", agency=other)
    with at(2021, 3, 1):
        row = appointing.propose(
            office.actor("system", "administration"),
            clerk,
            other,
            Role.HANDLER,
            paper="任职文件",
            starts_on=date(2021, 1, 1),
        )
        appointing.confirm(office.actor("security", "administration"), row)
        office.people["clerk"] = clerk
        case = web(office)
        stranger = program(office, "clerk", agency=other)
        assert stranger.get("applications").json() == {"items": [], "next": None}
        assert stranger.get(f"applications?agency={office.agency.pk}").json()["items"] == []
        for path in (
            f"applications/{case.pk}",
            f"applications/{case.pk}/personal",
            f"applications/{case.pk}/letters",
            f"agencies/{office.agency.pk}/statistics/2021",
            f"letters/{case.pk}",
        ):
            missing = stranger.get(path)
            assert missing.status_code == 404
            assert missing.json() == stranger.get(f"applications/{office.agency.pk}").json(), path
        assert stranger.act(case, "note", text="x").status_code == 404
        assert [each["id"] for each in stranger.get("agencies").json()["items"]] == [str(other.pk)]
        supervisor = program(office, "supervisor", agency=office.district)
        assert supervisor.get(f"applications/{case.pk}").status_code == 200
        assert supervisor.get(f"applications/{case.pk}/personal").status_code == 403
