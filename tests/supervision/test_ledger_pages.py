"""Pages of the ledger: each opens for its readers, answers 404 elsewhere, and keeps what was typed."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.agencies import appointing
from gongkai.agencies.models import Agency, Person, Role
from gongkai.supervision import attendance, figures, moves
from gongkai.supervision.models import Entry, Kind
from tests.supervision.records import opened


@pytest.fixture
def day(at):
    with at(2021, 6, 15):
        yield


@pytest.fixture
def log_in(client):
    def enter(person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


@pytest.fixture
def stranger(ledger):
    """A handler of another agency of the district."""
    other = Agency.objects.create(name="西工区演示局", code="XG8888", parent=ledger.district)
    person = Person.objects.create_user("stranger", "stranger-password-1", name="演示·外人", agency=other)
    proposed = appointing.propose(
        ledger.actor("system", "administration"),
        person,
        other,
        Role.HANDLER,
        paper="任职文件",
        starts_on=date(2019, 1, 1),
    )
    appointing.confirm(ledger.actor("security", "administration"), proposed)
    return person


def test_every_kind_has_its_list_and_its_form(ledger, day, log_in):
    for kind in Kind.objects.all():
        opened(ledger, kind.pk)
        page = log_in(ledger.people["supervisor"]).get(reverse("supervision:ledger", args=[kind.pk]))
        assert f"演示·{kind.name}" in page.content.decode()
        if kind.definition.open_by == ("system",):
            continue
        name = "supervisor" if kind.definition.open_by == ("supervisor",) else "approver"
        form = log_in(ledger.people[name]).get(
            reverse("supervision:open", args=[kind.pk]), {"agency": str(ledger.agency.pk)}
        )
        for field in kind.definition.form_fields:
            assert f'name="{field.name}"' in form.content.decode(), (kind.pk, field.name)


def test_a_clerk_opens_a_task_in_the_browser_and_reports_it(ledger, day, log_in):
    clerk = log_in(ledger.people["handler"])
    address = reverse("supervision:open", args=["task"])
    typed = {"subject": "公开补偿方案", "requirement": "", "occurred_on": "2021-06-15", "year": "2021"}
    again = clerk.post(address, typed)
    assert again.status_code == 200
    assert 'value="公开补偿方案"' in again.content.decode()
    assert not Entry.objects.exists()
    good = typed | {
        "requirement": "在公开平台发布",
        "due_on": "2021-06-30",
        "responsible": str(ledger.people["handler"].pk),
    }
    clerk.post(address, good)
    task = Entry.objects.get()
    page = clerk.get(reverse("supervision:entry", args=[task.pk])).content.decode()
    assert "任务〔2021〕1号" in page
    assert "报告办结" in page
    upload = {"evidence": SimpleUploadedFile("网页.txt", "已发布".encode())}
    clerk.post(reverse("supervision:evidence", args=[task.pk]), upload)
    clerk.post(reverse("supervision:note", args=[task.pk]), {"text": "已送审"})
    step = {"on": "2021-06-15", "outcome": "已发布", "version": str(Entry.objects.get().version)}
    clerk.post(reverse("supervision:move", args=[task.pk, "report"]), step)
    assert Entry.objects.get().state == "reported"
    page = clerk.get(reverse("supervision:entry", args=[task.pk])).content.decode()
    assert "网页.txt" in page
    assert "已送审" in page


def test_a_stale_form_is_told_and_keeps_what_was_typed(ledger, day, log_in):
    rule = opened(ledger, "rule")
    address = reverse("supervision:change", args=[rule.pk])
    clerk = log_in(ledger.people["handler"])
    typed = {
        "subject": "新名称",
        "version": str(rule.version),
        "occurred_on": "2021-06-15",
        "year": "2021",
        "category": "proactive",
        "edition": "第1版",
        "text": "正文",
    }
    Entry.objects.filter(pk=rule.pk).update(version=rule.version + 1)
    page = clerk.post(address, typed)
    assert page.status_code == 200
    assert "已被他人更新" in page.content.decode()
    assert 'value="新名称"' in page.content.decode()
    rule.refresh_from_db()
    assert rule.subject != "新名称"


def test_another_agencys_entry_answers_as_if_it_did_not_exist(ledger, day, log_in, stranger):
    task, session = opened(ledger, "task"), opened(ledger, "training")
    client = log_in(stranger)
    addresses = [
        ("get", reverse("supervision:entry", args=[task.pk])),
        ("get", reverse("supervision:change", args=[task.pk])),
        ("get", reverse("supervision:move", args=[task.pk, "report"])),
        ("post", reverse("supervision:note", args=[task.pk])),
        ("post", reverse("supervision:evidence", args=[task.pk])),
        ("post", reverse("supervision:private", args=[task.pk])),
        ("get", reverse("supervision:session", args=[session.pk])),
        ("get", figures.year(ledger.agency, 2021)["tasks_done"].url),
    ]
    for method, address in addresses:
        assert getattr(client, method)(address).status_code == 404, address
    listed = client.get(reverse("supervision:ledger", args=["task"])).content.decode()
    board = client.get(reverse("supervision:tasks")).content.decode()
    tree = client.get(reverse("supervision:plan")).content.decode()
    assert all(task.number not in page for page in (listed, board, tree))
    assert task.events.count() == 1


def test_the_supervisor_sees_the_subtree(ledger, day, log_in, stranger):
    task = opened(ledger, "task")
    page = log_in(ledger.people["supervisor"]).get(reverse("supervision:tasks")).content.decode()
    assert task.number in page
    assert ledger.agency.name in page


def test_administrators_of_the_instance_do_not_read_the_ledger(ledger, day, log_in):
    task = opened(ledger, "task")
    client = log_in(ledger.people["system"])
    assert client.get(reverse("supervision:entry", args=[task.pk])).status_code == 404
    assert client.get(reverse("supervision:kinds")).status_code == 200


def test_the_board_sorts_tasks_by_their_light(ledger, at, log_in):
    with at(2021, 6, 1):
        for due, name in ((date(2021, 6, 10), "甲"), (date(2021, 6, 16), "乙"), (date(2021, 8, 1), "丙")):
            opened(ledger, "task", subject=f"任务{name}", due_on=due)
    with at(2021, 6, 15):
        page = log_in(ledger.people["handler"]).get(reverse("supervision:tasks")).content.decode()
    lanes = [page.index(f'id="{code}"') for code in ("overdue", "soon", "ok")]
    places = [page.index(f"任务{name}") for name in "甲乙丙"]
    assert lanes[0] < places[0] < lanes[1] < places[1] < lanes[2] < places[2]


def test_the_plan_is_a_tree_that_counts_its_tasks(ledger, day, log_in):
    point = opened(ledger, "key_point", subject="要点一")
    opened(ledger, "task", parent=point, subject="任务一")
    done = opened(ledger, "task", parent=point, subject="任务二")
    Entry.objects.filter(pk=done.pk).update(state="done", closed_as="done")
    page = log_in(ledger.people["head"]).get(reverse("supervision:plan")).content.decode()
    assert "任务已办结1/2" in page
    assert page.index("要点一") < page.index("任务一")
    empty = log_in(ledger.people["head"]).get(reverse("supervision:plan"), {"year": "2019"})
    assert "要点一" not in empty.content.decode()


def test_attendance_is_entered_on_one_page(ledger, day, log_in):
    session = opened(ledger, "training")
    clerk = log_in(ledger.people["handler"])
    address = reverse("supervision:session", args=[session.pk])
    said = {"version": str(session.version)}
    for person in attendance.staff_on(ledger.agency, session.occurred_on):
        said |= {f"p_{person.pk.hex}": "attended", f"h_{person.pk.hex}": "1.5"}
    said[f"p_{ledger.people['head'].pk.hex}"] = "excused"
    assert clerk.post(address, said).status_code == 302
    session.refresh_from_db()
    moves.take(ledger.actor("handler"), session, "hold")
    page = clerk.get(reverse("supervision:training"), {"year": "2021"}).content.decode()
    assert "87.5 %" in page
    assert "（7/8）" in page
    figure = figures.year(ledger.agency, 2021)["training_coverage"]
    records = clerk.get(figure.url).content.decode()
    assert "演示·handler" in records
    assert "演示·head" not in records.split("<table")[1]


def test_the_register_says_zero_accountability(ledger, day, log_in):
    page = log_in(ledger.people["head"]).get(reverse("supervision:accountability"), {"year": "2021"})
    assert "零问责" in page.content.decode()
    opened(ledger, "accountability")
    page = log_in(ledger.people["head"]).get(reverse("supervision:accountability"), {"year": "2021"})
    assert "零问责" not in page.content.decode()
    assert "还有1件在核查" in page.content.decode()


def test_a_list_exports_all_but_sealed_fields(ledger, day, log_in):
    opened(ledger, "complaint", fields={"complainant": "演示·投诉人王某", "about": "未按期公开"})
    answer = log_in(ledger.people["head"]).get(
        reverse("supervision:ledger", args=["complaint"]), {"export": "xlsx"}
    )
    cells = [str(c) for row in load_workbook(BytesIO(answer.content)).active.values for c in row]
    assert "未按期公开" in cells
    assert not any("王某" in cell or "sm4" in cell.lower() for cell in cells)


def test_filters_narrow_a_list(ledger, day, log_in):
    opened(ledger, "task", subject="甲件")
    opened(ledger, "task", subject="乙件")
    address = reverse("supervision:ledger", args=["task"])
    page = log_in(ledger.people["head"]).get(address, {"q": "甲", "closed_as": "open", "state": "open"})
    assert "甲件" in page.content.decode()
    assert "乙件" not in page.content.decode()


def test_a_kind_refused_in_the_browser_comes_back_with_the_sentence(ledger, day, log_in):
    admin = log_in(ledger.people["system"])
    page = admin.post(reverse("supervision:kind_new"), {"definition": '{"code": "visit"}', "active": "on"})
    assert "事项类别“visit”" in page.content.decode()
    broken = admin.post(reverse("supervision:kind_new"), {"definition": "{", "active": "on"})
    assert "JSON" in broken.content.decode()
    assert not Kind.objects.filter(pk="visit").exists()
    refused = log_in(ledger.people["head"]).get(reverse("supervision:kinds"))
    assert refused.status_code == 403


def test_an_unknown_address_is_a_sentence_or_a_404(ledger, day, log_in):
    client = log_in(ledger.people["head"])
    assert client.get(reverse("supervision:ledger", args=["unicorn"])).status_code == 404
    assert client.get(reverse("supervision:records"), {"agency": "x"}).status_code == 403
    good = {"agency": str(ledger.agency.pk), "first": "2021-01-01", "last": "2021-12-31"}
    assert client.get(reverse("supervision:records"), good | {"figure": "profit"}).status_code == 404
    assert client.get(reverse("supervision:plan"), {"year": "twenty"}).status_code == 200
