"""I6: one policy on every URL, file, list, export and use case, in that agency or its subtree."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gongkai.agencies import appointing, policy
from gongkai.agencies.models import Agency, Appointment, Role
from gongkai.agencies.policy import Refused, actor_for, agencies_for, allowed
from gongkai.disclosure import items, projects
from gongkai.disclosure.models import Project
from gongkai.journal import clock
from gongkai.review import approvals, releases
from tests.invariants.attacks import (
    POWERLESS,
    appoint,
    client_of,
    neighbour,
    person,
)
from tests.items import drafted, released, submitted, ticked


def test_ids_that_do_not_belong_together_are_refused(house):
    office, objects = house
    other = drafted(office, title="另一件")
    theirs, _draft = items.begin(
        office.actor("their_handler"), office.people["their_handler"].agency, {"title": "他们的"}
    )
    client = client_of(office, "handler")
    assert client.get(reverse("disclosure:item", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("disclosure:edit", args=[theirs.pk])).status_code == 404
    # Taking another item's file off this one takes nothing off.
    client.post(reverse("disclosure:detach", args=[other.pk, objects["attachment"]]))
    assert client.get(reverse("files:attachment", args=[objects["attachment"]])).status_code == 200
    assert client.get(reverse("disclosure:revision_file", args=["%2e%2e"])).status_code == 404
    assert client.get(reverse("files:attachment", args=[uuid4()])).status_code == 404
    photo = reverse("files:attachment", args=[objects["photo"]])
    assert client.get(photo).status_code == 200
    assert client_of(office, "their_handler").get(photo).status_code == 404
    # A point of another agency's project, and its code, are none of an item here.
    assert projects.find(theirs.agency, f"{Project.objects.get().code}/decision") is None


def test_a_list_and_its_export_hold_only_the_rows_of_the_readers_agencies(house):
    office, _objects = house
    items.begin(
        office.actor("their_handler"), office.people["their_handler"].agency, {"title": "教育局的标题"}
    )
    for who, ours, theirs in (("handler", True, False), ("their_handler", False, True)):
        client = client_of(office, who)
        page = client.get(reverse("disclosure:items")).content.decode()
        assert ("只有本机关能看的标题" in page, "教育局的标题" in page) == (ours, theirs)
        assert exported(client.get(reverse("disclosure:items") + "?export=xlsx").content) == (
            {"只有本机关能看的标题"} if ours else {"教育局的标题"}
        )


def exported(data):
    from io import BytesIO

    from openpyxl import load_workbook

    rows = list(load_workbook(BytesIO(data)).active.iter_rows(values_only=True))
    return {row[0] for row in rows[1:]}


def test_a_supervisor_sees_the_subtree_and_nothing_beside_it(house):
    office, objects = house
    above = client_of(office, "supervisor")
    assert above.get(reverse("review:page", args=[objects["review"]])).status_code == 200
    assert above.get(reverse("files:attachment", args=[objects["attachment"]])).status_code == 200
    # Seeing is not acting.
    actor = office.actor("supervisor")
    for act in (
        "review.draft",
        "review.step1",
        "review.step2",
        "review.step3",
        "review.erase",
        "people.appoint",
    ):
        assert not allowed(actor, act, office.agency)
    # A sibling whose path begins alike is not below.
    county = Agency.objects.create(name="涧西区人民政府", code="410305", government=True)
    assert not allowed(actor, "review.read", county)


def test_an_agency_that_moves_takes_its_subtree_along(office):
    """Found by attack: the children kept the old path, and the old supervisor kept seeing them."""
    child = Agency.objects.create(name="城改办征收科", code="XG0123-1", parent=office.agency)
    county = Agency.objects.create(name="涧西区人民政府", code="410305", government=True)
    office.agency.parent = county
    office.agency.save()
    child.refresh_from_db()
    assert child.path.startswith(office.agency.path) and office.agency.path.startswith(county.path)
    assert not allowed(office.actor("supervisor"), "review.read", child)
    county.parent = child
    with pytest.raises(ValueError, match="below itself"):
        county.save()


def test_lists_and_single_rows_follow_the_same_policy(house):
    """For every act and everybody: the agencies of the list are exactly those in which the act is allowed."""
    office, _objects = house
    acts = list(policy.POLICY)
    for name in office.people:
        for hat in (policy.BUSINESS, policy.ADMINISTRATION):
            actor = office.actor(name, hat)
            for act in acts:
                one_by_one = {agency.pk for agency in Agency.objects.all() if allowed(actor, act, agency)}
                assert set(agencies_for(actor, act).values_list("pk", flat=True)) == one_by_one, (name, act)


def test_whoever_has_no_appointment_in_force_has_no_right_anywhere(house):
    office, _objects = house
    for name in POWERLESS:
        for hat in (policy.BUSINESS, policy.ADMINISTRATION):
            assert office.actor(name, hat).appointments == (), (name, hat)


def test_two_hats_never_add_up(office):
    both = person(office, "both")
    appoint(office, both, Role.SYSTEM_ADMIN)
    appoint(office, both, Role.HANDLER)
    clerk, admin = office.actor("both", "business"), office.actor("both", "administration")
    assert allowed(clerk, "review.step1", office.agency) and not allowed(
        clerk, "people.appoint", office.agency
    )
    assert allowed(admin, "people.appoint", office.agency) and not allowed(
        admin, "review.step1", office.agency
    )
    revision = submitted(office, drafted(office))
    with pytest.raises(Refused):
        approvals.approve(admin, revision, step=1, opinion="同意", checklist=ticked("item", 1))


def test_a_hat_worn_in_a_session_ends_with_its_appointment(office):
    both = person(office, "both")
    row = appoint(office, both, Role.SECURITY_ADMIN)
    appoint(office, both, Role.HANDLER)
    client = client_of(office, "both")
    session = client.session
    session["gongkai_hat"] = "administration"
    session.save()
    assert client.get(reverse("agencies:calendar")).status_code == 200
    appointing.end(office.actor("system"), row, on=clock.today(), reason="调整")
    assert client.get(reverse("agencies:calendar")).status_code == 403
    for invented in ("superuser", "", None, 7, ["administration"]):
        assert actor_for(both, invented).hat == "business"


CLASHES = [
    (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
    (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
    (Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN),
    *((Role.AUDIT_ADMIN, role) for role in (Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.DISCLOSURE_HEAD, Role.SUPERVISOR)),
    *((role, Role.AUDIT_ADMIN) for role in (Role.HANDLER, Role.REVIEWER, Role.APPROVER)),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), CLASHES)
@pytest.mark.parametrize("ending", [None, date(2099, 1, 1)], ids=["held", "end set for later"])
def test_roles_that_exclude_one_another_are_never_held_together(office, first, second, ending):
    somebody = person(office, "somebody")
    row = appoint(office, somebody, first)
    if ending:
        # Found by attack: an appointment whose end was only announced counted as ended.
        appointing.end(office.actor("system"), row, on=ending, reason="将调离")
    with pytest.raises(Refused):
        appoint(office, somebody, second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment._base_manager.create(
            person=somebody, agency=office.agency, role=second, paper="伪造", starts_on=date(2021, 1, 1),
            made_by=str(office.people["system"].pk), made_at=clock.now(),
        )  # fmt: skip


@pytest.mark.parametrize("name", ["handler", "second_handler", "reviewer", "approver", "supervisor"])
def test_withdrawing_needs_one_person_and_only_certain_ones(office, name):
    item = released(office)
    assert releases.withdraw(office.actor(name), item.live, reason="leak").pk


@pytest.mark.parametrize("name", ["head", "system", "security", "audit", "their_handler", "their_supervisor"])
def test_nobody_else_withdraws(office, name):
    neighbour(office)
    item = released(office)
    with pytest.raises(Refused):
        releases.withdraw(office.actor(name), item.live, reason="leak")
