"""Taking part: opinions come in sealed until the last second, are answered one by one, and their result is published (I7, I8)."""

import threading
from datetime import date

import pytest
from django.db import DatabaseError, connections, transaction

from gongkai.agencies.policy import Refused
from gongkai.channels import site, tree
from gongkai.disclosure import notice_watch, opinion_menu, opinions, redacting, results
from gongkai.disclosure.models import Opinion, OpinionAnswer, ParticipationResult, Period
from gongkai.journal.models import Entry
from gongkai.review import drafts, releases
from gongkai.review.models import Release
from gongkai.screening import redaction
from tests.disclosure.opinions import DRAFT, NAME, PERIOD, PHONE, at_moment, out, said, sent, solicitation
from tests.items import drafted
from tests.portal import sites


@pytest.fixture
def office(committed):
    return sites.written(committed)


def page_of(item):
    return tree.read(f"items/{item.index_number.replace('/', '-')}/index.html").decode()


def board():
    return tree.read("participation/index.html").decode()


def answered(office, taken, outcome, reason):
    with at_moment(2021, 4, 2, 9):
        return opinions.answer(office.actor("handler"), taken.opinion, outcome=outcome, reason=reason)


def test_from_the_draft_to_the_published_result(office):
    item = solicitation(office)
    with at_moment(2021, 3, 2, 10):
        text = page_of(item)
        assert "征集中" in text and "起草说明" in text and "依据590号令" in text
        assert item.title in board() and f'href="/opinions/{item.pk}/"' in board()
    first, second = sent(item, 2021, 3, 10, 9), sent(item, 2021, 3, 11, 9, text="请延长过渡期。")
    third = sent(item, 2021, 3, 12, 9, text="同样请延长。")
    with at_moment(2021, 4, 2, 0, 1):
        notice_watch.bring_to_the_day()
        assert "征集结束" in page_of(item) and "补偿标准" in page_of(item)
        assert "共收到意见3条" in page_of(item) and "研究中3条" in page_of(item)
        assert "2021年5月1日（星期六）前公布结果" in page_of(item)
        with pytest.raises(Refused, match="3条意见未处理"):
            results.draft(office.actor("handler"), item)
    answered(office, first, "declined", "标准按评估结果确定。")
    answered(office, second, "adopted", "过渡期延长六个月。")
    answered(office, third, "adopted", "过渡期延长六个月。")
    with at_moment(2021, 4, 20, 9):
        begun = results.draft(office.actor("handler"), item)
        content = drafts.draft_of("item", begun.pk).content
        assert "采纳2条" in content["summary"] and "过渡期延长六个月。（2条）" in content["body"]
        assert NAME not in str(content) and "金丝雀意见" not in str(content)
        assert [row.url for row in opinion_menu.owed(office.actor("handler"))]
        out(office, begun)
        assert begun.title in page_of(item) and item.title in page_of(begun)
        assert begun.title in board() and "应于" not in board()
        assert not opinion_menu.owed(office.actor("handler"))
        assert site.verify() == []
    with at_moment(2021, 4, 21, 9):
        releases.withdraw(office.actor("reviewer"), Release.objects.get(subject_id=begun.pk), reason="error")
        assert begun.title not in page_of(item) and begun.title not in board()
        assert "结果尚未公布" in page_of(item) and opinion_menu.owed(office.actor("handler"))


def test_an_overdue_result_is_said_to_everybody(office):
    item = solicitation(office)
    with at_moment(2021, 5, 3, 0, 1):
        notice_watch.bring_to_the_day()
        site.write_all()
        assert "结果逾期未公布" in page_of(item) and "至今未公布" in board()
        (row,) = opinion_menu.owed(office.actor("handler"))
        assert row.due_on.isoformat() == "2021-05-01"


def test_the_closing_second(office):
    item = solicitation(office)
    assert sent(item, 2021, 4, 1, 23, 59, 59).number.endswith("00001")
    with pytest.raises(Refused, match=r"2021年4月1日（星期四）截止.*0379-00000001"):
        sent(item, 2021, 4, 2, 0, 0, 0)
    assert Opinion.objects.count() == 1


def test_a_late_one_gets_past_no_door_of_the_database(office):
    item = solicitation(office)
    with at_moment(2021, 4, 2, 0, 0), pytest.raises(DatabaseError), transaction.atomic():
        Opinion.objects.create(
            item=item, period=Period.objects.get(), agency=office.agency, number="X", channel="web",
            stance="other", named=False, sealed_text="x", received_on="2021-04-02",
            received_at="2021-04-02T00:00:00+08:00",
        )  # fmt: skip


@pytest.mark.commits
def test_many_at_once_get_numbers_without_gaps(office):
    item = solicitation(office)
    numbers, failed = [], []

    def send(n):
        try:
            with at_moment(2021, 3, 10, 9):
                taken = opinions.receive(
                    item, said(text=f"第{n}条"), form=f"form{n % 5}", address=f"10.0.0.{n}"
                )
                numbers.append(taken.number)
        except Refused as refusal:
            failed.append(refusal.message)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(numbers) == [f"XG0123-YJ2021-{n:05d}" for n in range(1, 6)], failed
    assert len(failed) == 5 and set(failed) == {"这条意见已经提交，编号当时已显示。"}
    assert Opinion.objects.count() == 5 and len(set(Opinion.objects.values_list("number", flat=True))) == 5


def test_nothing_of_a_writer_stands_in_the_clear_anywhere(office):
    """I7: sealed in the database, in no file of the site, opened with a journal entry."""
    item = solicitation(office)
    taken = sent(item, file=("材料.txt", "附件金丝雀丁".encode()))
    row = Opinion.objects.get()
    stored = " ".join(str(value) for value in vars(row).values())
    assert not any(word in stored for word in (NAME, PHONE, "金丝雀"))
    assert "金丝雀".encode() not in b"".join(tree.read(path) or b"" for path in tree.files())
    assert not any("金丝雀" in str(entry.data) for entry in Entry.objects.all())
    with at_moment(2021, 3, 11, 9):
        assert opinions.opened(office.actor("handler"), row).name == NAME
        assert opinions.open_file(office.actor("handler"), row)[1].decode() == "附件金丝雀丁"
        for who in ("reviewer", "approver", "supervisor", "audit"):
            with pytest.raises(Refused):
                opinions.opened(office.actor(who), row)
    assert Entry.objects.filter(action="opinion.opened", subject_id=str(row.pk)).count() == 1
    assert opinions.find(taken.number.lower(), taken.code.lower()) == row


def test_a_reason_names_nobody(office):
    taken = sent(solicitation(office))
    with at_moment(2021, 3, 20, 9), pytest.raises(Refused, match="姓名"):
        opinions.answer(office.actor("handler"), taken.opinion, outcome="adopted", reason=f"采纳{NAME}的意见")
    assert not OpinionAnswer.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "长" * 20_001])
def test_what_cannot_be_taken_is_said(office, text):
    with pytest.raises(Refused):
        sent(solicitation(office), text=text)
    assert not Opinion.objects.exists()


def test_a_name_where_the_agency_asks_for_it(office):
    item = solicitation(office, more={"named": True})
    with pytest.raises(Refused, match="姓名"):
        sent(item, name="")


def test_a_flood_from_one_network_is_refused_politely(office):
    item = solicitation(office)
    with at_moment(2021, 3, 10, 9):
        for n in range(opinions.PER_HOUR):
            opinions.receive(item, said(text=f"第{n}条"), address="10.0.0.9")
        with pytest.raises(Refused, match="稍后"):
            opinions.receive(item, said(text="再一条"), address="10.0.0.9")
        assert opinions.receive(item, said(text="别处"), address="10.0.0.10")


def test_a_letter_of_the_last_day_is_registered_afterwards(office):
    item = solicitation(office)
    with at_moment(2021, 4, 6, 9):
        words = {"stance": "for", "channel": "post"}
        taken = opinions.register(
            office.actor("handler"), item, said(), received_on=date(2021, 4, 1), **words
        )
        assert taken.opinion.received_on == date(2021, 4, 1)
        with pytest.raises(Refused, match="截止"):
            opinions.register(office.actor("handler"), item, said(), received_on=date(2021, 4, 2), **words)
        with pytest.raises(Refused):
            opinions.register(office.actor("reviewer"), item, said(), received_on=date(2021, 4, 1), **words)


def test_a_withdrawn_text_takes_no_opinions(office):
    item = solicitation(office)
    with at_moment(2021, 3, 10, 9):
        releases.withdraw(office.actor("reviewer"), Release.objects.get(subject_id=item.pk), reason="error")
    with pytest.raises(Refused, match="未公开"):
        sent(item)
    assert item.title not in board()


def test_records_of_taking_part_are_never_changed(office):
    taken = sent(solicitation(office))
    answered(office, taken, "noted", "转物业科。")
    for model, column in (
        (Period, "ends"), (Opinion, "sealed_text"), (OpinionAnswer, "reason"), (ParticipationResult, "at"),
    ):  # fmt: skip
        table = model._meta.db_table
        if not model.objects.exists():
            continue
        with pytest.raises(DatabaseError), transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(f'UPDATE "{table}" SET "{column}" = \'2030-01-01\'')


def test_names_go_out_of_the_second_text_too(office):
    more = {
        "after": "<p>公示无异议。联系人手机13900002222。</p>",
        "at_end": "replace",
        "after_summary": "无异议。",
    }
    with at_moment(2021, 3, 2, 9):
        body = "<p>经办人手机13900002222，欢迎来电。</p>"
        item = drafted(office, **DRAFT | {"body": body}, more=PERIOD | more)
        draft = drafts.draft_of("item", item.pk)
        order = redaction.Order(words=("13900002222",))
        redacting.redact_text(office.actor("handler"), item, order, version=draft.version)
        after = drafts.draft_of("item", item.pk).content
        assert "13900002222" not in after["body"] + after["more"]["after"]
        assert "欢迎来电" in after["body"] and "公示无异议" in after["more"]["after"]
        assert "依据590号令" in after["more"]["explanation"]
