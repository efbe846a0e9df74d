"""Who is admitted: a token of a confirmed integration, in its term, from its networks, while its person has rights."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from gongkai.agencies import appointing, people
from gongkai.agencies.policy import Refused
from gongkai.api import callers, integrations
from gongkai.api.models import IntegrationConfirmation, TokenIssue, Use
from gongkai.journal import chain, clock
from gongkai.journal.models import Entry
from tests.api.programs import application, program, proposed
from tests.applications.cases import web


def admin(office, name):
    return office.actor(name, "administration")


def test_a_token_is_stored_only_as_a_keyed_digest(office):
    caller = program(office)
    stored = TokenIssue.objects.get()
    assert caller.token.startswith("gk_") and len(caller.token) == 67
    assert stored.digest == integrations.digest(caller.token)
    everything = " ".join(f"{entry.data} {entry.actor_name}" for entry in Entry.objects.all())
    assert caller.token not in everything and caller.token[3:] not in stored.digest
    said = caller.get("token").json()
    assert (said["integration"], said["person"], said["roles"]) == ("一网通办", "演示·handler", ["handler"])


def test_two_administrators_open_an_integration(office):
    row = proposed(office)
    with pytest.raises(Refused, match="须先由安全管理员确认"):
        integrations.issue(admin(office, "system"), row)
    for name in ("system", "audit"):
        with pytest.raises(Refused):
            integrations.confirm(admin(office, name), row)
    with pytest.raises(Refused):
        integrations.propose(
            admin(office, "security"),
            name="x",
            purpose="x",
            contact="x",
            agency=office.agency,
            person=office.people["handler"],
            scopes=["read:cases"],
            expires_on=clock.today() + timedelta(days=1),
        )
    integrations.confirm(admin(office, "security"), row)
    row.refresh_from_db()
    assert integrations.issue(admin(office, "system"), row)
    assert [entry.action for entry in Entry.objects.filter(subject_kind="integration").order_by("seq")] == [
        "integration.proposed",
        "integration.confirmed",
        "integration.token_issued",
    ]


def test_the_journal_covers_what_an_integration_is_made_of(committed):
    caller = program(committed)
    integrations.revoke(admin(committed, "system"), caller.row, "接口停用")
    assert list(chain.verify()) == []


def test_the_database_too_wants_two_people_and_a_confirmation(office):
    row = proposed(office)
    for attempt in (
        lambda: IntegrationConfirmation.objects.create(
            integration=row, confirmed_by=office.people["system"], confirmed_at=clock.now()
        ),
        lambda: IntegrationConfirmation.objects.create(
            integration=row, confirmed_by=office.people["handler"], confirmed_at=clock.now()
        ),
        lambda: TokenIssue.objects.create(
            integration=row, digest="0" * 64, issued_by=office.people["system"], issued_at=clock.now()
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"scopes": ["write:cases"]}, "须同时选择查看案件"),
        ({"scopes": ["everything"]}, "请选择该程序可以做的事"),
        ({"networks": ["10.0.0.0/99"]}, "不是网段"),
        ({"expires_on": date(2001, 1, 1)}, "两年以内"),
        ({"per_minute": 0}, "每分钟调用次数"),
        ({"person": "security"}, "没有业务岗位"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_with_what_to_do(office, more, words):
    with pytest.raises(Refused, match=words):
        proposed(office, **more)


def test_only_a_bearer_token_admits_and_a_session_never(office):
    caller = program(office)
    browser = Client()
    browser.force_login(office.people["handler"])
    for headers in ({}, {"Authorization": f"Basic {caller.token}"}, {"Authorization": "Bearer "}):
        refused = browser.get("/api/v1/applications", headers=headers | {"Accept-Language": "en"})
        assert refused.status_code == 401 and refused["WWW-Authenticate"] == "Bearer"
        assert "token" in refused.json()["message"]
    assert "Set-Cookie" not in refused.headers
    assert caller.get("applications").status_code == 200


def test_unknown_revoked_replaced_and_run_out_tokens_are_told_apart(office, at):
    with at(2021, 3, 1):
        caller = program(office, expires_on=date(2021, 6, 30))
        assert caller.get("applications").status_code == 200
        fresh = integrations.issue(admin(office, "system"), caller.row)
        assert "newer token" in caller.get("applications").json()["message"]
        caller.token = fresh
        assert caller.get("applications").status_code == 200
    with at(2021, 6, 30):
        assert caller.get("applications").status_code == 200
    with at(2021, 7, 1):
        run_out = caller.get("applications")
        assert run_out.status_code == 401 and "2021-06-30" in run_out.json()["message"]
    with at(2021, 6, 1):
        integrations.revoke(admin(office, "security"), caller.row, "接口停用")
        revoked = caller.get("applications")
        assert revoked.status_code == 401 and "revoked" in revoked.json()["message"]
        with pytest.raises(Refused, match="已撤销"):
            integrations.issue(admin(office, "system"), type(caller.row).objects.get(pk=caller.row.pk))
    caller.token = "gk_" + "0" * 64
    assert "not known" in caller.get("applications").json()["message"]


def test_a_token_is_bound_to_its_networks(office):
    caller = program(office, networks=["10.1.0.0/16", "2001:db8::/32"])
    assert caller.get("applications").status_code == 200
    for address, status in (("10.2.0.1", 403), ("2001:db8::7", 200), ("::ffff:10.1.9.9", 200), ("", 403)):
        caller.address = address
        assert caller.get("applications").status_code == status, address


def test_a_scope_that_is_missing_closes_its_calls_and_no_others(office, at):
    with at(2021, 3, 1):
        case = web(office)
        reader = program(office, scopes=["read:cases"])
        assert reader.get(f"applications/{case.pk}").status_code == 200
        for refused in (
            reader.act(case, "note", text="x"),
            reader.post("applications", application(office)),
            reader.get(f"applications/{case.pk}/personal"),
            reader.get(f"agencies/{office.agency.pk}/statistics/2021"),
        ):
            assert refused.status_code == 403 and "scope" in refused.json()["message"]
        reporter = program(office, scopes=["read:reports"])
        assert reporter.get(f"agencies/{office.agency.pk}/statistics/2021").status_code == 200
        assert reporter.get("applications").status_code == 403


def test_the_rights_end_with_the_appointment_and_with_the_account(office, at):
    with at(2021, 3, 1):
        caller = program(office)
        assert caller.get("applications").status_code == 200
        appointing.end(
            admin(office, "system"),
            office.people["handler"].appointments.get(),
            on=date(2021, 3, 2),
            reason="调离",
        )
    with at(2021, 3, 2):
        refused = caller.get("applications")
        assert refused.status_code == 403 and "no role" in refused.json()["message"]
        other = program(office, "second_handler")
        assert other.get("applications").status_code == 200
        people.close(admin(office, "system"), office.people["second_handler"])
        assert other.get("applications").status_code == 403


def test_only_the_appointments_of_the_agency_count(office, at):
    """A person with roles in two agencies lends a program those of one."""
    with at(2021, 3, 1):
        row = appointing.propose(
            admin(office, "system"),
            office.people["handler"],
            office.district,
            "handler",
            paper="任职文件",
            starts_on=date(2021, 1, 1),
        )
        appointing.confirm(admin(office, "security"), row)
        case = web(office)
        elsewhere = program(office, agency=office.district)
        assert elsewhere.get(f"applications/{case.pk}").status_code == 404
        assert elsewhere.get("applications").json()["items"] == []


def test_the_journal_names_the_program_beside_the_person(office, at):
    with at(2021, 3, 1):
        case = web(office)
        caller = program(office)
        assert caller.act(case, "note", text="已电话联系").status_code == 200
        assert caller.get(f"applications/{case.pk}/personal").status_code == 200
    for action in ("application.note", "application.shown"):
        entry = Entry.objects.get(action=action)
        assert (entry.actor_name, entry.address) == ("演示·handler（接口：一网通办）", "10.1.2.3")
        assert entry.actor == str(office.people["handler"].pk)


def test_more_calls_than_allowed_wait_for_the_next_minute(office, at):
    with at(2021, 3, 1):
        caller = program(office, per_minute=3)
        assert [caller.get("token").status_code for _n in range(4)] == [200, 200, 200, 429]
        refused = caller.get("token")
        assert refused["Retry-After"] == "60" and "3 calls a minute" in refused.json()["message"]
        clock.advance(61)
        assert caller.get("token").status_code == 200
        use = Use.objects.get()
        assert (use.count, use.address, use.at) == (1, "10.1.2.3", clock.now())


def test_guessing_tokens_is_slowed_down_and_nobody_else_is(office, at, monkeypatch):
    monkeypatch.setattr(callers, "WRONG_TOKENS", 3)
    with at(2021, 3, 1):
        caller = program(office)
        real, caller.token = caller.token, "gk_" + "1" * 64
        assert [caller.get("token").status_code for _n in range(4)] == [401, 401, 401, 429]
        assert int(caller.get("token")["Retry-After"]) == 600
        caller.token = real
        assert caller.get("token").status_code == 200
