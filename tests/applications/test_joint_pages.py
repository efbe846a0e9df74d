"""The pages of splitting, joining, separating and of amendments: what was typed stays, what is refused says why."""

from datetime import date
from uuid import uuid4

import pytest

from gongkai.applications import amendments, events, intake, merging
from gongkai.applications.models import Application, Letter
from gongkai.applications.personal import Request
from gongkai.journal.models import Entry
from gongkai.portal import challenge
from tests.applications.cases import PERSON, taken, web
from tests.applications.test_amendments import WISH
from tests.applications.test_merging import OTHER

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def desk(office, client):
    client.force_login(office.people["handler"], backend=BACKEND)
    return client


def main_of(response):
    assert response.status_code == 200, response.status_code
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main")]


def act(case, key):
    return f"/workbench/applications/{case.pk}/act/{key}/"


def test_a_clerk_splits_by_boxes_and_finds_the_parts(office, at, desk):
    with at(2021, 4, 23):
        case = web(office)
        page = main_of(desk.get(act(case, "split")))
        assert page.count('name="parts"') >= 4
        # The request stands there to be cut, and the journal says who read it.
        assert "健康路棚户区改造项目征收补偿方案" in page
        assert Entry.objects.filter(action="application.shown", subject_id=str(case.pk)).exists()
        seen = events.of(case)[-1].seq
        kept = main_of(desk.post(act(case, "split"), {"parts": ["只有一件", ""], "seen": seen}))
        assert "只有一件" in kept and "第四条" in kept
        typed = ["补偿标准", "评估报告\n\n资金证明", ""]
        answer = desk.post(act(case, "split"), {"parts": typed, "seen": seen})
        assert answer.url == f"/workbench/applications/{case.pk}/"
        parts = list(case.offspring.order_by("number"))
        assert len(parts) == 2
        page = main_of(desk.get(answer.url))
        assert all(part.number in page for part in parts) and "补偿标准" in page
        page = main_of(desk.get(f"/workbench/applications/{parts[1].pk}/"))
        assert "资金证明" in page and case.number in page and "健康路棚户区改造项目征收补偿方案" in page
        again = main_of(desk.post(act(case, "split"), {"parts": ["一", "二"], "seen": seen}))
        assert "一" in again and case.offspring.count() == 2


def test_a_clerk_joins_and_separates(office, at, desk):
    with at(2021, 4, 23):
        lead = web(office)
        joining = web(office, request=Request(description="安置房源清单"))
        stranger = web(office, person=OTHER)
        page = main_of(desk.get(act(joining, "merge")))
        assert lead.number in page and stranger.number not in page
        kept = main_of(desk.post(act(joining, "merge"), {"number": "没有这件", "reason": "共同申请"}))
        assert "没有这件" in kept and "共同申请" in kept and "第四十五条" in kept
        kept = main_of(desk.post(act(joining, "merge"), {"number": stranger.number, "reason": ""}))
        assert "第四十五条" in kept
        main_of(desk.post(act(joining, "merge"), {}))
        desk.post(act(joining, "merge"), {"lead": lead.number})
        joining.refresh_from_db()
        assert joining.lead == lead
        page = main_of(desk.get(f"/workbench/applications/{lead.pk}/"))
        assert joining.number in page and "安置房源清单" in page
        page = main_of(desk.get(act(joining, "decide_amendment")))
        assert "consequence--refused" in page
        desk.post(act(joining, "separate"), {"reason": "分别答复"})
        joining.refresh_from_db()
        assert joining.lead is None
        page = main_of(desk.get(act(lead, "separate")))
        assert "consequence--refused" in page and 'type="submit"' not in page


def test_the_supervisor_reads_nothing_personal_of_joined_cases(office, at, client):
    with at(2021, 4, 23):
        lead, joining = web(office), web(office, request=Request(description="安置房源清单"))
        merging.merge(office.actor("handler"), joining, lead)
        client.force_login(office.people["supervisor"], backend=BACKEND)
        page = main_of(client.get(f"/workbench/applications/{lead.pk}/"))
        assert joining.number in page and "安置房源" not in page
        client.force_login(office.people["handler"], backend=BACKEND)
        main_of(client.get(f"/workbench/applications/{lead.pk}/"))
        shown = Entry.objects.filter(action="application.shown", subject_id=str(joining.pk))
        assert [entry.actor for entry in shown] == [str(office.people["handler"].pk)]


def test_an_amendment_is_decided_from_its_page(office, at, desk):
    with at(2021, 4, 23):
        case = amendments.submit(office.agency, taken(request=WISH), submission=uuid4())
        page = main_of(desk.get(f"/workbench/applications/{case.pk}/"))
        assert "第四十一条" in page and act(case, "decide_amendment") in page
        typed = {"result": "record_forwarded", "facts": "登记由不动产登记中心保存。"}
        kept = main_of(desk.post(act(case, "decide_amendment"), typed))
        assert typed["facts"] in kept and "第四十一条" in kept
        more = {"organ": "区不动产登记中心", "contact": "0379-1", "way": "passed_on"}
        answer = desk.post(act(case, "decide_amendment"), typed | more)
        letter = Letter.objects.get()
        assert answer.url == f"/workbench/letters/{letter.pk}/edit/" and letter.kind == 28


REGISTERED = {
    "channel": "counter",
    "arrived": "2021-04-23",
    "addressee": "agency",
    "applicant_kind": "natural_person",
    "identity": "resident_id",
    "name": PERSON.name,
    "identity_number": PERSON.identity_number,
    "phone": PERSON.phone,
    "way": "pick_up",
    "record": WISH.record,
    "wrong": WISH.wrong,
    "correction": WISH.correction,
}


def test_an_amendment_is_registered_at_the_counter(office, at, desk):
    where = "/workbench/applications/new/amendment/"
    with at(2021, 4, 23):
        assert where in main_of(desk.get("/workbench/applications/new/"))
        page = main_of(desk.get(where))
        assert 'name="proof"' in page and 'name="description"' not in page
        typed = REGISTERED | {"agency": str(office.agency.pk), "submission": str(uuid4())}
        kept = main_of(desk.post(where, typed))
        assert WISH.wrong in kept and "证据" in kept and not Application.objects.exists()
        answer = desk.post(where, typed | {"proof": WISH.proof})
        case = Application.objects.get()
        assert answer.url == f"/workbench/applications/{case.pk}/"
        assert (case.matter, case.due_on) == ("amendment", date(2021, 5, 24))
        assert amendments.wish(case).correction == WISH.correction


def test_an_amendment_is_asked_for_on_the_public_page(office, at, client):
    with at(2021, 4, 23):
        assert "/apply/amendment/" in main_of(client.get("/apply/"))
        page = main_of(client.get("/apply/amendment/"))
        assert 'name="correction"' in page and 'name="title"' not in page
        sent = challenge.issue()
        typed = REGISTERED | {"agency": str(office.agency.pk), "way": "online"}
        typed |= {challenge.TOKEN: sent["token"]}
        kept = main_of(client.post("/apply/amendment/", typed))
        assert WISH.record in kept and not Application.objects.exists()
        more = main_of(client.post("/apply/amendment/", typed | {"more": "1", "others": "0"}))
        assert WISH.wrong in more and 'name="co1_name"' in more


def test_the_query_code_of_a_part_stands_under_the_old_one(office, at, client, desk):
    with at(2021, 4, 23):
        case = web(office)
        desk.post(act(case, "split"), {"parts": ["补偿标准", "评估报告"], "seen": events.of(case)[-1].seq})
        [part] = case.offspring.all()
        found = main_of(client.post("/track/", {"number": case.number, "code": intake.query_code(case)}))
        assert part.number in found and intake.query_code(part) in found
        own = main_of(client.post("/track/", {"number": part.number, "code": intake.query_code(part)}))
        assert part.number in own and "2021年5月24日" in own
