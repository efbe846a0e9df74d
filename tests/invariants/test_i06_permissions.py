"""I6: one policy on every URL, file, list, export and use case, in that agency or its subtree."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gongkai.agencies import appointing, policy, saved
from gongkai.agencies.models import Agency, Appointment, Role
from gongkai.agencies.policy import Refused, actor_for, agencies_for, allowed
from gongkai.channels import packages, redirects
from gongkai.channels.export_models import Tampering
from gongkai.disclosure import imports, items, opinions, projects, standards
from gongkai.disclosure.models import NormativeDocument, Project
from gongkai.files import storage
from gongkai.files.models import Derived
from gongkai.journal import clock
from gongkai.review import approvals, consultations, referrals, releases
from gongkai.review.models import Finding, Revision
from gongkai.search.models import SynonymGroup
from tests.disclosure.test_drafting import PNG
from tests.invariants.attacks import (
    ADMINISTRATORS,
    STRANGERS,
    addresses,
    answers_none,
    appoint,
    client_of,
    neighbour,
    person,
    without_rights,
)
from tests.items import approve, drafted, released, submitted, ticked
from tests.review.rules import a_dictionary

# The house is built once for each part of the addresses: no attack changes anything in it.
PARTS = 12
ROOMS = ("review", "disclosure", "files", "agencies", "channels", "search")
# Pages without an object of one agency in their address: they are narrowed, not closed (see the lists below).
ITEMS = "/workbench/items/"
OPEN_TO_STAFF = {
    "disclosure:items", "disclosure:begin", "disclosure:normative_list", "disclosure:withheld",
    "disclosure:imports", "disclosure:import_begin", "review:manifests",
    "disclosure:participations", "disclosure:opinions",
    "disclosure:columns", "disclosure:standards", "disclosure:standard",
    "disclosure:projects", "disclosure:project_new", "channels:packages",
    "channels:visits", "channels:subscribers",
    "review:referrals", "review:rosters", "review:rescreenings",
    # The rules of the instance are for all staff to see.
    "review:screening_policy", "review:dictionaries",
    "agencies:people", "agencies:appointments", "agencies:agencies",
    # One's own saved views, and those shared where one sits.
    "agencies:saved_views", "agencies:save_view",
}  # fmt: skip
# Rules of screening, columns, catalogues, synonyms and where former addresses lead are no texts: the administrators see
# all of them, and keep those of the instance. What was found tampered with is theirs to settle.
RULES = (
    "review:screening_policy", "review:dictionar", "disclosure:column", "disclosure:key_fields", "disclosure:standard",
    "channels:redirect", "channels:site", "channels:tampering", "search:",
)  # fmt: skip


@pytest.fixture
def house(office):
    """The office with an item under review, a finding, a file, a register entry; and everybody who has no part in it."""
    agency = neighbour(office)
    item = drafted(office, title="只有本机关能看的标题", summary="联系人手机13812345678。")
    listed = "序号,姓名\n1,本机关内部附件\n"
    row = items.attach(office.actor("handler"), item, listed.encode(), "内部附件.csv")
    revision = submitted(office, item)
    document = NormativeDocument.objects.create(
        agency=office.agency,
        title="只有本机关能看的标题",
        document_number="西城改公〔2021〕1号",
        issued_on=date(2021, 1, 1),
    )
    head, today = office.actor("head"), clock.today()
    referral = referrals.refer(
        head, revision, question="disclosure", matter="只有本机关能看的疑点", addressee_kind="competent",
        addressee="西工区人民政府办公室", sent_on=today,
    )  # fmt: skip
    referrals.answer(
        head, referral, outcome="open", level="competent", body="西工区人民政府办公室", answered_on=today
    )
    consultation = consultations.ask(head, revision, consulted="西工区财政局", asked_on=today)
    consultations.answer(head, consultation, consents=True, answered_on=today)
    public = released(office, title="只有本机关能看的标题")
    as_it_came = storage.store("本机关内部附件，原件".encode(), "原件.txt", who=office.actor("handler").who)
    made = Derived.objects.create(
        original=as_it_came, result=row.file, how=Derived.How.REDACTED, agency=office.agency,
        owner_kind="item", owner_id=item.pk, person=office.people["handler"], at=clock.now(),
    )  # fmt: skip
    handler = office.actor("handler")
    moved_in = imports.receive(
        handler, office.agency, "旧站.csv", "标题,日期\n只有本机关能看的标题,2019-05-06\n".encode()
    )
    imports.confirm(handler, moved_in, imports.proposed(moved_in))
    said, opinion = an_opinion(office)
    standards.load()
    kept = projects.begin(
        handler,
        office.agency,
        kind="expropriation",
        name="只有本机关能看的标题",
        place="凯旋路",
        begun_on=today,
    )
    projects.post(
        handler, kept, point=projects.kind_of(kept).points[0].code, where="site", on=today, until=None,
        by="征收科", note="本机关内部附件", photo=(PNG, "照片.png"),
    )  # fmt: skip
    objects = {
        "project": kept.pk,
        "photo": kept.postings.get().photo_id,
        "package": a_package(office, public).pk,
        "tampering": Tampering.objects.create(
            where="/srv", at=clock.now(), count=1, restored=1, found=[["changed", "只有本机关能看的标题"]]
        ).pk,
        "redirect": redirects.add(None, "/old/1.html", public).pk,
        "synonym": SynonymGroup.objects.create(terms=["棚改", "棚户区改造"], changed_at=clock.now()).pk,
        "participation": said.pk,
        "opinion": opinion.pk,
        "derived": made.pk,
        "release": public.live_id,
        "import": moved_in.pk,
        "manifest": moved_in.manifest_id,
        "dictionary": a_dictionary(office, office.agency, ["只有本机关能看的标题"]).pk,
        "referral": referral.pk,
        "consultation": consultation.pk,
        "review": revision.pk,
        "finding": Finding.objects.filter(severity="block").first().pk,
        "item": item.pk,
        "attachment": row.pk,
        "digest": row.file_id,
        "normative": document.pk,
        "person": office.people["reviewer"].pk,
        "appointment": office.people["reviewer"].appointments.get().pk,
        "agency": office.agency.pk,
        "view": saved.save(office.actor("handler"), ITEMS, "state=draft", "只有本机关能看的标题").pk,
    }
    without_rights(office)
    assert agency.pk != office.agency.pk
    return office, objects


def an_opinion(office):
    """A public solicitation of today with one opinion."""
    today = clock.today()
    more = {
        "posting": "survey", "begins": today.isoformat(), "ends": (today + timedelta(days=5)).isoformat(),
        "how": "网上提交。", "contact": "城改办", "online": True, "at_end": "keep",
    }  # fmt: skip
    item = released(office, title="只有本机关能看的标题", variety="solicitation", more=more)
    return item, opinions.receive(item, opinions.Said("只有本机关能看的意见")).opinion


def a_package(office, public):
    """The package of a public item, whose agency has no site of its own."""
    office.agency.options = office.agency.options | {packages.ON: True}
    office.agency.save()
    return packages.make("item", public.pk)


def path_of(name, converters, objects):
    kind = name.split(":")[1]
    by_kind = {
        "page": "review", "recall": "review", "sheet": "review", "refer": "review", "consult": "review",
        "referral_answer": "referral", "consultation_answer": "consultation", "roster": "agency",
        "roster_pdf": "agency", "dispute": "finding", "resolve": "finding",
        "normative": "normative", "confirm": "appointment", "end": "appointment", "agency": "agency",
        "import": "import", "import_read": "import", "import_rows": "import", "import_row": "import",
        "manifest": "manifest", "manifest_submit": "manifest", "manifest_out": "manifest",
        "manifest_withdraw": "manifest", "manifest_again": "manifest",
        "rescreened": "release", "original": "derived",
        "participation": "participation", "draft_result": "participation", "register_opinion": "participation",
        "opinion": "opinion", "opinion_file": "opinion",
        "project": "project", "project_change": "project", "project_post": "project",
        "standard_duties": "agency", "tampering": "tampering", "redirect_retire": "redirect",
        "synonyms_edit": "synonym",
        "saved_view": "view", "settings_of": "agency", "delete_view": "view",
    } | dict.fromkeys(
        [f"dictionary{each}" for each in ("", "_import", "_take", "_term", "_drop", "_switch")], "dictionary"
    ) | dict.fromkeys(("person", "close_person", "ask_password", "issue_password", "appoint"), "person") | dict.fromkeys(
        [f"package{each}" for each in ("", "_file", "_place", "_check", "_removed")], "package"
    )  # fmt: skip
    values = {}
    for key in converters:
        if key == "number":
            values[key] = 2
        elif key == "code":
            values[key] = "housing" if kind == "column" else "expropriation"
        elif key == "digest":
            values[key] = objects["digest"]
        elif name == "files:attachment" or key == "attachment":
            values[key] = objects["attachment"]
        else:
            values[key] = objects[by_kind.get(kind, "item")]
    # A view is saved of a list that the address names.
    return reverse(name, kwargs=values) + (f"?list={ITEMS}" if name == "agencies:save_view" else "")


def release(office, objects):
    """Take the item of the house through its review."""
    revision = Revision.objects.get(pk=objects["review"])
    for finding in approvals.blocking(revision):
        approvals.dispute(office.actor("handler"), finding, "办公手机")
    approve(office, revision, 1)
    for finding in approvals.blocking(revision):
        approvals.resolve(office.actor("reviewer"), finding, "办公手机")
    approve(office, revision, 2)
    approve(office, revision, 3)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_address_answers_a_stranger(house, part):
    """Every address of the rooms by everybody without a right there: sent to log in, forbidden, or not found."""
    office, objects = house
    for name, converters in sorted(addresses(*ROOMS).items())[part::PARTS]:
        if name != "disclosure:withdraw":
            attack(office, objects, name, converters)


def test_withdrawing_answers_no_stranger_where_there_is_something_to_withdraw(house):
    office, objects = house
    release(office, objects)
    name = "disclosure:withdraw"
    attack(office, objects, name, addresses(*ROOMS)[name])


def attack(office, objects, name, converters):
    administrators = [] if name.startswith(("agencies:", *RULES)) else ADMINISTRATORS
    path = path_of(name, converters, objects)
    answers_none(office, path, [*STRANGERS, *administrators], narrowed=name in OPEN_TO_STAFF)


def test_the_same_addresses_do_answer_those_who_have_a_right_there(house):
    """Or the test above would prove nothing."""
    office, objects = house
    release(office, objects)
    for name, converters in addresses(*ROOMS).items():
        path = path_of(name, converters, objects)
        shown = [
            client_of(office, who).get(path)
            for who in ("handler", "reviewer", "approver", "system", "security", "audit", "head")
        ]
        answers = {each.status_code for each in shown}
        # What somebody wrote is read only after it was opened, which the journal tells (I7).
        assert not any("只有本机关能看的意见" in each.content.decode(errors="replace") for each in shown), (
            name
        )
        # Only a document that waits for its interpretation goes alone: tests/disclosure/test_policies.py.
        assert answers & {200, 405} or name == "disclosure:alone", (name, answers)


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
