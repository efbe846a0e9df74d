"""The administrators' pages: two people open an integration, the token is shown once."""

import re
from datetime import timedelta

from django.urls import reverse

from gongkai.agencies import people
from gongkai.api.models import Integration
from gongkai.journal import clock
from tests.api.programs import Program, program, proposed


def enter(client, office, name):
    client.force_login(office.people[name])
    return client


def filled(office, **more):
    return {
        "name": "一网通办",
        "purpose": "收件同步",
        "contact": "演示·信息中心",
        "agency": office.agency.pk,
        "person": office.people["handler"].pk,
        "scopes": ["read:cases", "write:cases"],
        "expires_on": (clock.today() + timedelta(days=30)).isoformat(),
        "networks": "10.1.0.0/16\n10.2.3.4",
        "per_minute": "60",
    } | more


def test_from_the_proposal_to_the_first_call_and_the_end(client, office):
    new = reverse("integrations:propose")
    page = enter(client, office, "system").post(new, filled(office), follow=True)
    row = Integration.objects.get()
    assert (row.networks, row.per_minute) == (["10.1.0.0/16", "10.2.3.4/32"], 60)
    address = reverse("integrations:integration", args=[row.pk])
    assert page.redirect_chain[-1][0] == address and "待确认" in page.content.decode()
    assert client.post(reverse("integrations:confirm", args=[row.pk])).status_code == 403
    assert client.post(reverse("integrations:issue", args=[row.pk])).status_code == 403
    page = enter(client, office, "security").post(reverse("integrations:confirm", args=[row.pk]), follow=True)
    assert "已确认" in page.content.decode()
    issued = enter(client, office, "system").post(reverse("integrations:issue", args=[row.pk]))
    (token,) = re.findall(r"gk_[0-9a-f]{64}", issued.content.decode())
    assert issued["Cache-Control"] == "no-store"
    assert Program(row, token).get("token").json()["scopes"] == ["read:cases", "write:cases"]
    page = client.get(address).content.decode()
    assert token not in page and "10.1.2.3" in page and "可以调用" in page
    revoke = reverse("integrations:revoke", args=[row.pk])
    assert "请" in enter(client, office, "security").post(revoke, {"reason": ""}).content.decode()
    page = client.post(revoke, {"reason": "程序下线"}, follow=True).content.decode()
    assert "程序下线" in page and Program(row, token).get("token").status_code == 401


def test_a_refused_proposal_keeps_what_was_typed(client, office):
    page = enter(client, office, "system").post(
        reverse("integrations:propose"),
        filled(office, person=office.people["security"].pk, purpose="很长的用途说明"),
    )
    text = page.content.decode()
    assert "没有业务岗位" in text and "很长的用途说明" in text and not Integration.objects.exists()


def test_the_list_is_for_administrators_and_the_audit_only_looks(client, office):
    row = proposed(office)
    ledger = reverse("integrations:list")
    assert "一网通办" in enter(client, office, "audit").get(ledger).content.decode()
    page = client.get(reverse("integrations:integration", args=[row.pk])).content.decode()
    assert "确认接入" not in page and "撤销接入" not in page
    for name in ("handler", "approver", "supervisor"):
        assert enter(client, office, name).get(ledger).status_code == 403
        assert client.get(reverse("integrations:integration", args=[row.pk])).status_code == 404


def test_an_empty_list_says_so_and_a_waiting_one_is_found(client, office):
    ledger = reverse("integrations:list")
    assert enter(client, office, "security").get(ledger).status_code == 200
    proposed(office, name="等待的程序")
    program(office, name="已开的程序")
    text = client.get(f"{ledger}?waiting=true").content.decode()
    assert "等待的程序" in text and "已开的程序" not in text


def test_a_person_without_a_role_is_shown_on_the_page(client, office, at):
    caller = program(office)
    people.close(office.actor("system", "administration"), office.people["handler"])
    page = enter(client, office, "system").get(reverse("integrations:integration", args=[caller.row.pk]))
    assert "目前在本机关没有岗位" in page.content.decode()
