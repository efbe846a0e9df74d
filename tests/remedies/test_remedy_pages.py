"""Pages of the register: a case in the browser, other agencies, table four that opens to its cases."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.agencies import appointing
from gongkai.agencies.models import Agency, Person, Role
from gongkai.remedies import cases
from gongkai.remedies.models import Remedy
from tests.remedies.lawsuits import registered


@pytest.fixture
def day(at):
    with at(2024, 3, 1):
        yield


@pytest.fixture
def log_in(client):
    def enter(person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


@pytest.fixture
def stranger(office):
    """A handler of another agency of the district."""
    other = Agency.objects.create(name="西工区演示局", code="XG8888", parent=office.district)
    person = Person.objects.create_user("stranger", "stranger-password-1", name="演示·外人", agency=other)
    proposed = appointing.propose(
        office.actor("system", "administration"),
        person,
        other,
        Role.HANDLER,
        paper="任职文件",
        starts_on=date(2019, 1, 1),
    )
    appointing.confirm(office.actor("security", "administration"), proposed)
    return person


def text(answer):
    return answer.content.decode()


def test_a_clerk_keeps_a_case_in_the_browser(office, day, log_in):
    clerk = log_in(office.people["handler"])
    typed = {
        "kind": "reconsideration",
        "subject": "不服不予公开决定",
        "received_on": "2024-02-28",
        "procedure": "ordinary",
        "application": "没有这个编号",
    }
    again = clerk.post(reverse("remedies:register"), typed)
    assert "本机关没有该编号的申请" in text(again)
    assert 'value="不服不予公开决定"' in text(again)
    clerk.post(reverse("remedies:register"), typed | {"application": ""})
    remedy = Remedy.objects.get()
    page = text(clerk.get(reverse("remedies:remedy", args=[remedy.pk])))
    assert "2024年3月13日（星期三）" in page
    assert "《中华人民共和国行政复议法》第四十八条" in page
    assert "洛阳市西工区人民政府" in page
    answered = {"version": str(remedy.version), "on": "2024-03-01", "paper": "演示答复书"}
    clerk.post(reverse("remedies:answer", args=[remedy.pk]), answered)
    stale = clerk.post(
        reverse("remedies:decide", args=[remedy.pk]),
        {"version": "1", "on": "2024-03-01", "detail": "maintained"},
    )
    assert "已被他人更新" in text(stale)
    remedy.refresh_from_db()
    decision = {"version": str(remedy.version), "on": "2024-03-01", "detail": "maintained"}
    clerk.post(reverse("remedies:decide", args=[remedy.pk]), decision)
    clerk.post(
        reverse("remedies:files", args=[remedy.pk]), {"paper": SimpleUploadedFile("决定书.txt", b"text")}
    )
    page = text(clerk.get(reverse("remedies:remedy", args=[remedy.pk])))
    assert all(words in page for words in ("结果维持", "演示答复书", "决定书.txt"))
    event = remedy.events.get(kind="decided")
    remedy.refresh_from_db()
    clerk.post(
        reverse("remedies:strike", args=[remedy.pk, event.pk]),
        {"version": str(remedy.version), "reason": "录入错误"},
    )
    page = text(clerk.get(reverse("remedies:remedy", args=[remedy.pk])))
    assert "已划去，不计入" in page
    remedy.refresh_from_db()
    assert remedy.result == "pending"


def test_the_page_says_what_runs_after_a_judgment_or_an_opinion(office, at, log_in):
    with at(2026, 3, 2):
        lost = registered(office, "direct_litigation")
        cases.decide(office.actor("handler"), lost, "revoked", on=date(2026, 3, 2))
        asked = registered(office)
        clerk = log_in(office.people["handler"])
        page = text(clerk.get(reverse("remedies:remedy", args=[lost.pk])))
        assert "上诉的最后一日" in page and "2026年3月17日" in page
        assert "《中华人民共和国行政诉讼法》第八十五条" in page
        typed = {"version": str(asked.version), "on": "2026-03-03", "paper": "演示复意〔2026〕1号"}
        refused = text(clerk.post(reverse("remedies:opinion", args=[asked.pk]), typed))
        assert "演示复意〔2026〕1号" in refused and Remedy.objects.get(pk=asked.pk).version == asked.version
        clerk.post(reverse("remedies:opinion", args=[asked.pk]), typed | {"on": "2026-03-02"})
        page = text(clerk.get(reverse("remedies:remedy", args=[asked.pk])))
        assert "报送整改情况的最后一日" in page and "2026年5月1日" in page
        assert "《中华人民共和国行政复议法》第七十六条" in page
        typed |= {"version": str(Remedy.objects.get(pk=asked.pk).version), "on": "2026-03-02"}
        clerk.post(reverse("remedies:rectified", args=[asked.pk]), typed | {"paper": "演示整改报告"})
        page = text(clerk.get(reverse("remedies:remedy", args=[asked.pk])))
        assert "已报送整改情况" in page and "报送整改情况的最后一日" not in page


def test_a_case_without_a_term_says_why(office, at, log_in):
    with at(2021, 4, 23):
        remedy = registered(office)
        page = text(log_in(office.people["handler"]).get(reverse("remedies:remedy", args=[remedy.pk])))
    assert "无法计算期限" in page


def test_another_agencys_case_answers_as_if_it_did_not_exist(office, day, log_in, stranger):
    remedy = registered(office)
    event = remedy.events.get()
    client = log_in(stranger)
    names = ("remedy", "change", "answer", "decide", "appeal", "redo", "opinion", "rectified")
    addresses = [reverse(f"remedies:{name}", args=[remedy.pk]) for name in names]
    addresses.append(reverse("remedies:strike", args=[remedy.pk, event.pk]))
    query = f"?agency={office.agency.pk}&year=2024&row=reconsideration&column=pending"
    addresses.append(reverse("remedies:counted") + query)
    for address in addresses:
        assert client.get(address).status_code == 404, address
    assert client.post(reverse("remedies:files", args=[remedy.pk])).status_code == 404
    assert remedy.number not in text(client.get(reverse("remedies:cases")))


def test_an_event_of_another_case_is_not_struck_through_this_one(office, day, log_in):
    one, other = registered(office), registered(office)
    client = log_in(office.people["handler"])
    address = reverse("remedies:strike", args=[one.pk, other.events.get().pk])
    assert client.get(address).status_code == 404


def test_the_supervisor_reads_and_does_not_write(office, day, log_in):
    remedy = registered(office)
    client = log_in(office.people["supervisor"])
    page = client.get(reverse("remedies:remedy", args=[remedy.pk]))
    assert remedy.number in text(page)
    assert "登记审结" not in text(page)
    assert client.get(reverse("remedies:decide", args=[remedy.pk])).status_code == 403


def test_table_four_opens_to_its_cases(office, day, log_in):
    remedy = registered(office, "direct_litigation")
    client = log_in(office.people["head"])
    page = text(client.get(reverse("remedies:table_four"), {"year": "2024"}))
    assert "尚未审结" in page
    query = {"agency": str(office.agency.pk), "year": "2024", "row": "direct_litigation", "column": "pending"}
    assert remedy.number in text(client.get(reverse("remedies:counted"), query))
    assert remedy.number not in text(client.get(reverse("remedies:counted"), query | {"column": "upheld"}))
    assert client.get(reverse("remedies:counted"), query | {"column": "profit"}).status_code == 404
    assert client.get(reverse("remedies:counted"), query | {"agency": "x"}).status_code == 404
