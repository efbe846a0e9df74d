"""Log-in, throttling, the two hats, and the set-up page of an empty instance."""

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from django.test import Client, override_settings

from gongkai.agencies import appointing, setup
from gongkai.agencies.models import Agency, Appointment, Person, Role
from gongkai.journal.models import Entry

PASSWORD = "a long enough phrase 7"


def log_in(client, name, password):
    return client.post("/workbench/login/", {"username": name, "password": password})


def test_a_person_logs_in_and_sees_their_inbox(office):
    client = Client()
    assert log_in(client, "handler", "handler-password-1").status_code == 302
    page = client.get("/workbench/")
    assert "没有待办事项" in page.content.decode()
    assert Entry.objects.filter(action="person.logged_in").count() == 1


def test_nobody_gets_in_without_logging_in(client, db):
    for address in ("/workbench/", "/workbench/items/", "/workbench/people/", "/workbench/journal/"):
        answer = client.get(address)
        assert answer.status_code == 302 and answer.url.startswith("/workbench/login/")


def test_five_wrong_passwords_close_the_door_even_to_the_right_one(office):
    client = Client()
    for _attempt in range(5):
        log_in(client, "handler", "wrong")
    answer = log_in(client, "handler", "handler-password-1")
    assert answer.status_code == 429
    assert "登录暂时关闭" in answer.content.decode()


def test_a_session_ends_by_itself(office):
    assert settings.SESSION_COOKIE_AGE <= 30 * 60 and settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


def test_a_closed_account_has_no_log_in(office):
    Person.objects.filter(username="handler").update(is_active=False)
    client = Client()
    assert log_in(client, "handler", "handler-password-1").status_code == 200
    assert client.get("/workbench/").status_code == 302


def test_the_hats_are_switched_explicitly_journalled_and_never_add_up(office):
    both = office.people["handler"]
    appointing.propose(
        office.actor("system", "administration"),
        both,
        office.agency,
        Role.SECURITY_ADMIN,
        paper="任命文件",
        starts_on=date(2019, 1, 1),
    )
    appointing.confirm(office.actor("security", "administration"), Appointment.objects.latest("pk"))
    client = Client()
    log_in(client, "handler", "handler-password-1")
    assert client.get("/workbench/items/").status_code == 200
    assert client.get("/workbench/calendar/").status_code == 403
    client.post("/workbench/hat/", {"hat": "administration"})
    assert client.get("/workbench/calendar/").status_code == 200
    assert client.get("/workbench/items/").status_code == 403
    assert Entry.objects.filter(action="person.switched").count() == 1


def test_a_hat_one_does_not_have_is_refused(office):
    client = Client()
    log_in(client, "approver", "approver-password-1")
    assert client.post("/workbench/hat/", {"hat": "administration"}).status_code == 403


def empty_instance():
    return override_settings(INSTANCE=replace(settings.INSTANCE, demo=False))


def three(**changes):
    said = {"code": "", "agency_name": "某机关", "agency_code": "XX01"}
    for role in ("system_admin", "security_admin", "audit_admin"):
        said |= {f"{role}_name": role, f"{role}_username": role, f"{role}_password": PASSWORD}
    return said | changes


@pytest.fixture
def code(db):
    (settings.INSTANCE.home / "keys" / "setup.tries").unlink(missing_ok=True)
    yield setup.new_code()
    (settings.INSTANCE.home / "keys" / setup.CODE).unlink(missing_ok=True)


def test_the_set_up_page_appoints_three_people_once(client, code):
    with empty_instance():
        assert client.get("/workbench/setup/").status_code == 200
        assert client.post("/workbench/setup/", three(code=code)).status_code == 302
        assert {a.role for a in Appointment.objects.all()} == {
            "system_admin",
            "security_admin",
            "audit_admin",
        }
        assert Agency.objects.get().name == "某机关"
        assert client.get("/workbench/setup/").status_code == 404


def test_the_set_up_page_needs_the_right_code_and_three_people(client, code):
    wrong = client.post("/workbench/setup/", three(code="0000-0000-0000-0000"))
    assert "启用码不对" in wrong.content.decode() and not Appointment.objects.exists()
    same = client.post("/workbench/setup/", three(code=code, audit_admin_username="system_admin"))
    assert "三个不同的人" in same.content.decode() and not Person.objects.exists()


def test_the_code_cannot_be_guessed_at_leisure(client, code):
    for _attempt in range(10):
        client.post("/workbench/setup/", three(code="0000-0000-0000-0000"))
    answer = client.post("/workbench/setup/", three(code=code))
    assert answer.status_code == 403 and not Appointment.objects.exists()


def test_without_a_code_there_is_no_set_up_page(client, db):
    assert client.get("/workbench/setup/").status_code == 404


def test_nobody_alone_takes_over_an_account_by_its_password(office):
    system, security = Client(), Client()
    log_in(system, "system", "system-password-1")
    log_in(security, "security", "security-password-1")
    leader = office.people["approver"]
    address = f"/workbench/people/{leader.pk}/password"
    assert security.post(f"{address}/issue/").status_code == 403
    assert system.post(f"{address}/issue/").status_code == 403
    assert system.post(f"{address}/ask/").status_code == 302
    assert system.post(f"{address}/issue/").status_code == 403
    assert log_in(Client(), "approver", "approver-password-1").status_code == 302
    page = security.post(f"{address}/issue/", follow=True).content.decode()
    given = page.split("可用口令 ")[1].split(" ")[0]

    # The old one is gone, and the given one opens nothing but the page to change it.
    assert log_in(Client(), "approver", "approver-password-1").status_code == 200
    client = Client()
    log_in(client, "approver", given)
    assert client.get("/workbench/items/").url == "/workbench/password/"
    own = {"old_password": given, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post("/workbench/password/", own).status_code == 302
    assert client.get("/workbench/items/").status_code == 200
    assert security.post(f"{address}/issue/").status_code == 403
