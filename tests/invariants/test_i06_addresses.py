"""I6: every address of the rooms, tried by everybody who has no right there, and by those who have."""

import pytest
from django.urls import reverse

from gongkai.review import approvals
from gongkai.review.models import Revision
from tests.invariants.attacks import ADMINISTRATORS, STRANGERS, addresses, answers_none, client_of
from tests.invariants.houses import ITEMS
from tests.items import approve

# The house is built once for each part of the addresses: no attack changes anything in it.
PARTS = 3
ROOMS = ("review", "disclosure", "files", "agencies", "channels", "search")
# Pages without an object of one agency in their address: they are narrowed, not closed (see the lists of test_i06_permissions.py).
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
