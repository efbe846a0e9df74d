"""The sub-reasons of 其他处理 are data: added, changed and retired by an administrator, used at once."""

import pytest
from django.test import Client

from gongkai.agencies.policy import Refused
from gongkai.applications import letters, sub_reasons
from gongkai.applications.models import SubReason
from gongkai.applications.wizard_forms import DecisionForm
from gongkai.journal.models import Entry
from gongkai.rulebook.outcomes import DEFAULT_SUB_REASONS
from tests.applications.cases import decided, web

SAID = sub_reasons.Said(
    "已移交人民法院的案卷",
    35,
    True,
    "《中华人民共和国政府信息公开条例》第三十六条",
    "{you}申请的案卷已移交。",
)


def admin(office):
    return office.actor("system", "administration")


def test_a_new_one_is_offered_and_its_words_begin_the_letter(office, at):
    with at(2021, 4, 23):
        row = sub_reasons.save(admin(office), SAID)
        assert (row.key, SAID.label) in DecisionForm(outcome="other", asked=False).fields[
            "sub_reason"
        ].choices
        letter = decided(office, web(office), "other", sub_reason=row.key)
    said = letters.opened(letters.draft_of(letter).content).elements
    # A natural person is addressed as 您.
    assert (letter.kind, said["law"], said["conclusion"]) == (35, SAID.law, "您申请的案卷已移交。")
    assert said["sub_reason"] == SAID.label
    assert letters.carries_remedy(letter)
    assert Entry.objects.filter(action="sub_reason.saved").exists()


def test_a_retired_one_stays_with_its_cases_and_is_offered_no_more(office, at):
    with at(2021, 4, 23):
        letter = decided(office, web(office), "other", sub_reason="enquiry")
        was = SubReason.objects.get(key="enquiry")
        said = sub_reasons.Said(was.label, was.letter, was.remedy, was.law, was.conclusion, active=False)
        sub_reasons.save(admin(office), said, key="enquiry")
        assert "enquiry" not in dict(DecisionForm(outcome="other", asked=False).fields["sub_reason"].choices)
    assert letters.carries_remedy(letter)
    assert SubReason.objects.count() == len(DEFAULT_SUB_REASONS)


@pytest.mark.parametrize(
    "change",
    [
        {"label": " "},
        {"label": "咨询类"},
        {"letter": 17},
        {"letter": 4},
        {"letter": 29, "remedy": True},
        {"conclusion": "见{law}"},
        {"law": "<b>条例</b>"},
        {"label": "长" * 101},
    ],
)
def test_an_unsound_one_is_refused(office, change):
    if change.get("label") == "咨询类":
        change = {"label": SubReason.objects.get(key="enquiry").label}
    said = sub_reasons.Said(**{**SAID.__dict__, **change})
    with pytest.raises(Refused):
        sub_reasons.save(admin(office), said)
    assert SubReason.objects.count() == len(DEFAULT_SUB_REASONS)


def test_the_last_one_and_the_one_of_the_withdrawal_stay_in_use(office):
    was = SubReason.objects.get(key="withdrawn")
    with pytest.raises(Refused):
        sub_reasons.save(
            admin(office), sub_reasons.Said(was.label, was.letter, was.remedy, active=False), key=was.key
        )
    SubReason.objects.exclude(key="enquiry").update(active=False)
    was = SubReason.objects.get(key="enquiry")
    with pytest.raises(Refused):
        sub_reasons.save(
            admin(office), sub_reasons.Said(was.label, was.letter, was.remedy, active=False), key=was.key
        )


def test_only_an_administrator(office):
    with pytest.raises(Refused):
        sub_reasons.save(office.actor("head"), SAID)


def test_the_pages(office):
    client = Client()
    client.force_login(office.people["system"])
    typed = {"label": SAID.label, "letter": "35", "remedy": "on", "law": SAID.law, "active": "on"}
    assert client.post("/workbench/sub-reasons/new/", typed).status_code == 302
    assert SAID.label in client.get("/workbench/sub-reasons/").content.decode()
    again = client.post("/workbench/sub-reasons/new/", typed).content.decode()
    assert SAID.law in again and SubReason.objects.filter(label=SAID.label).count() == 1
    assert client.get("/workbench/sub-reasons/nothing/").status_code == 404
    client.force_login(office.people["handler"])
    assert client.get("/workbench/sub-reasons/").status_code == 403
