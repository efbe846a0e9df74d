"""The page of a case in its situations: days to keep, whom it waits for, what was recorded, what may be done."""

import re
from datetime import date, time

import pytest

from gongkai.agencies import calendars, options
from gongkai.applications import act_groups, assigning, calls, events, incoming, interval, notices
from gongkai.applications.acts import ACTS
from gongkai.applications.models import Application, Matter
from gongkai.remedies import cases as remedies
from gongkai.rulebook.receipt import Arrival, Channel
from tests.applications.cases import PERSON, came, decided, released, searched, sent, web
from tests.files.filed import closed, destroyed, filed

BACKEND = "django.contrib.auth.backends.ModelBackend"


def day(text):
    return date.fromisoformat(text)


@pytest.fixture
def page(office, client):
    """The text of a case's page, as a person of the office sees it."""

    def shown(case, person="handler", part=""):
        client.force_login(office.people[person], backend=BACKEND)
        answer = client.get(f"/workbench/applications/{case.pk}/{part}")
        assert answer.status_code == 200, answer.status_code
        text = answer.content.decode()
        return " ".join(re.sub(r"<[^>]+>", " ", text[text.index("<main") : text.index("</main>")]).split())

    return shown


def test_the_days_to_keep_stand_beside_the_due_day(office, at, page):
    with at(2026, 3, 2):
        case = web(office)
        shown = page(case)
        assert "2026年3月30日（星期一） · 剩余20个工作日" in shown
        assert "告知补正的最后日期 2026年3月11日（星期三）" in shown
        assert "拟稿日 2026年3月23日（星期一）" in shown
        assert "下次提醒 2026年3月16日（星期一）" in shown
        assert "经办人 暂无" in shown
    with at(2026, 3, 12):
        assert "告知补正的最后日期" not in page(case)


def test_the_draft_date_follows_the_setting_of_the_agency(office, at, page):
    with at(2026, 3, 2):
        options.change(office.actor("head"), office.agency, {"draft_days_before": 3})
        assert "拟稿日 2026年3月25日" in page(web(office))


def test_every_act_stands_in_one_group_and_a_refused_one_says_why(office, at, page):
    with at(2026, 3, 2):
        case = web(office)
        shown = page(case)
        for label, _keys in act_groups.GROUPS.values():
            assert str(label) in shown
        for act in ACTS.values():
            if Matter.INFORMATION in act.matters and act.key != "answer":
                assert act.label in shown, act.key
    assert "请先要求申请人说明理由，并发出该告知书。（《中华人民共和国政府信息公开条例》第三十五条）" in shown


def test_each_consulted_party_has_its_own_term_and_meaning_of_silence(office, at, page):
    handler = office.actor("handler")
    with at(2026, 3, 2):
        case = web(office)
        for ask, name in (
            (notices.consult_third_party, "某建筑公司"),
            (notices.consult_co_maker, "住建局"),
        ):
            sent(office, ask(handler, case, name=name, information="补偿协议"), day("2026-03-02"))
        sent(
            office, notices.consult_agency(handler, case, name="档案馆", items="协助检索"), day("2026-03-02")
        )
        posted = notices.consult_third_party(handler, case, name="某设计院", information="图纸")
        sent(office, posted, day("2026-03-02"), way="post", tracking="EMS1")
        shown = page(case)
        assert "第三方：某建筑公司 2026年3月23日（星期一） · 剩余15个工作日" in shown
        assert "逾期不答复的，由本机关依照条例决定" in shown and "逾期不答复的，视为同意公开" in shown
        assert "其他机关：档案馆" in shown and "不答复不视为同意" in shown
        assert "第三方：某设计院 已发出；期限自对方收到之日起算" in shown
    with at(2026, 3, 24):
        shown = page(case)
        assert "期限已于2026年3月23日（星期一）届满 · 第三方逾期未提出意见，由本机关依照条例规定决定" in shown
        assert "期限已于2026年3月23日（星期一）届满 · 被征求机关逾期未提出意见，视为同意公开" in shown
        assert "其他机关：档案馆" in shown and "不答复不视为同意" in shown


def test_searches_calls_and_notes_have_their_parts_and_only_staff_reads_them(office, at, page):
    handler = office.actor("handler")
    with at(2026, 3, 2):
        case = web(office)
        assert "没有检索记录的，不能答复信息不存在" in page(case)
        searched(office, case)
        calls.log(
            handler,
            case,
            day("2026-03-02"),
            number="13800138000",
            reached=True,
            whom="申请人",
            said="补充说明项目名称",
            at=time(9, 30),
        )
        incoming.note(handler, case, "周三前再查一次")
        shown, above = page(case), page(case, "supervisor")
    assert "档案室（2018年至2020年） 演示·经办 “补偿方案” · 没有查到" in shown
    assert "2026-03-02 09:30 138****8000 · 申请人 补充说明项目名称" in shown
    # The number stands in full only where the applicant's data does.
    assert shown.count("13800138000") == 1
    for words in ("档案室", "138****8000", "补充说明项目名称", "周三前再查一次", PERSON.name):
        assert words not in above


def test_how_often_nobody_was_reached_is_said_beside_the_receipt(office, at, page):
    with at(2026, 3, 2):
        case = came(office, Channel.FAX, Arrival(day("2026-03-02")))
        for _attempt in (1, 2):
            calls.log(office.actor("handler"), case, day("2026-03-02"), number=PERSON.phone, reached=False)
        shown = page(case)
    assert "已拨打2次，未接通" in shown and "第三十一条" in shown


def test_an_answer_that_is_held_back_says_from_when_and_offers_no_sending(office, at, page):
    handler = office.actor("handler")
    with at(2026, 3, 2):
        case = web(office)
        asked = notices.consult_third_party(handler, case, name="某建筑公司", information="补偿协议")
        sent(office, asked, day("2026-03-02"))
        incoming.third_party_answered(
            handler, case, day("2026-03-02"), ref=asked.terms["ref"], opinion="disagree"
        )
        released(office, decided(office, case, third_party="overruled"))
        assert "请先将决定公开的内容和理由书面告知" in page(case)
        notice = notices.tell_third_party(
            handler, case, name="某建筑公司", content="补偿标准", reasons="公共利益"
        )
        sent(office, notice, day("2026-03-02"))
        shown = page(case)
        assert "答复最早发出日期 2026年3月17日（星期二）" in shown and "答复自2026-03-17起方可发出" in shown
        options.change(office.actor("head"), office.agency, {interval.WORKING_DAYS: 30})
        assert "将晚于答复期限" in page(case)


def test_what_belongs_together_is_linked(office, at, page):
    with at(2026, 3, 2):
        case = web(office)
        row = remedies.register(
            office.actor("handler"),
            office.agency,
            kind="reconsideration",
            subject="不服答复",
            received_on=day("2026-03-02"),
            application=case,
        )
        assert row.number in page(case) and row.number in page(case, "supervisor")


def test_where_the_file_was_destroyed_the_page_says_so_and_keeps_what_is_counted(
    office, at, client, page, django_capture_on_commit_callbacks
):
    with at(2021, 4, 23):
        case = closed(office)
        incoming.note(office.actor("handler"), case, "当面领取")
        filing = filed(office, case)
    with at(2032, 6, 1), django_capture_on_commit_callbacks(execute=True):
        destroyed(office, filing)
        shown = page(case)
        letter = case.letters.get()
        answer = client.get(f"/workbench/letters/{letter.pk}/").content.decode()
    assert "销毁清册" in shown and case.number in shown and "予以公开" in shown
    assert PERSON.name not in shown and "当面领取" not in shown
    assert "销毁清册" in answer and letter.number in answer and PERSON.name not in answer


def test_a_notice_moves_open_cases_and_the_list_says_which(office, at, client):
    with at(2026, 12, 21):
        case, other = web(office), web(office)
        assigning.assign(office.actor("head"), case, office.people["handler"])
        before = case.due_on
        calendars.load(
            office.actor("security", "administration"),
            2027,
            off=["2027-01-01", "2027-01-04", "2027-01-05"],
            work=[],
            source="演示通知",
        )
        events.refresh_open()
        client.force_login(office.people["handler"], backend=BACKEND)
        shown = client.get("/workbench/applications/moved/").content.decode()
        after = Application.objects.get(pk=case.pk).due_on
        assert case.number in shown and other.number in shown
        assert before.isoformat() in shown and after.isoformat() in shown and before != after
        assert (
            case.number not in client.get("/workbench/applications/moved/?since=2027-01-01").content.decode()
        )
        assert client.get("/workbench/applications/moved/?export=xlsx").content.startswith(b"PK")
