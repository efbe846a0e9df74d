"""Matters from intake to answer: each kind's way, and what no way leads round."""

import pytest
from django.utils import translation

from gongkai.agencies.models import VoidNumber
from gongkai.agencies.policy import Refused
from gongkai.correspondence import documents, handling, happenings, procedure, replies, terms
from gongkai.correspondence.models import Matter, MatterEvent
from gongkai.correspondence.procedure import Event, Kind, State, Step
from gongkai.journal import chain
from gongkai.review import releases
from tests.correspondence import letters


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_each_kind_goes_from_intake_to_a_formal_reply(office, at, kind):
    office.agency.options = {"reply_number_form": "西城改函〔{year}〕{n}号"}
    office.agency.save()
    with at(2021, 3, 1):
        matter = letters.in_hand(office, kind)
        assert matter.state == State.IN_HAND
        assert matter.handler == office.people["handler"]
    with at(2021, 3, 5):
        reply = letters.cleared(office, matter)
        matter.refresh_from_db()
        assert matter.state == State.CLEARED
        assert reply.number == "西城改函〔2021〕1号"
        documents.make(reply)
        assert sorted(row.name for row in documents.made(reply)) == [
            "西城改函〔2021〕1号.docx",
            "西城改函〔2021〕1号.pdf",
        ]
        letters.send(office, reply)
        matter.refresh_from_db()
        assert (matter.state, matter.answered_on.isoformat()) == (State.ANSWERED, "2021-03-05")
        handling.close(office.actor("handler"), matter)
    matter.refresh_from_db()
    assert matter.state == State.CLOSED
    assert [f for f in chain.verify() if "链头" not in f.message] == []


def test_a_released_reply_has_its_papers_before_anyone_asks(committed, at):
    """The documents are made after the commit, in the same call: a red head, and the writer's name on it."""
    office = committed
    with at(2021, 3, 1):
        matter = letters.in_hand(office)
        reply = letters.cleared(office, matter)
        rows = {row.file.extension: row for row in documents.made(reply)}
        documents.after_release({"kind": "reply", "subject": str(reply.pk)})
        assert len(documents.made(reply)) == 2, "a message delivered twice makes them once"
    assert set(rows) == {"pdf", "docx"}
    assert documents.read(rows["pdf"]).startswith(b"%PDF-")
    import io

    from docx import Document

    lines = [p.text for p in Document(io.BytesIO(documents.read(rows["docx"]))).paragraphs]
    assert f"{letters.NAME}：" in lines
    assert reply.number in lines


def test_nothing_is_answered_or_closed_without_a_formal_released_reply(office, at):
    with at(2021, 3, 1):
        matter = letters.in_hand(office)
        with pytest.raises(Refused, match=r"formal|正式"):
            handling.close(office.actor("handler"), matter)
        reply, _draft = replies.begin(office.actor("handler"), matter, {"body": "答复。"})
        with pytest.raises(Refused):
            replies.dispatch(office.actor("handler"), reply, way="post")
        with pytest.raises(Refused):
            happenings.write(office.actor("handler").who, matter, Event.DISPATCHED)
    matter.refresh_from_db()
    assert (matter.state, matter.answered_on) == (State.IN_HAND, None)


def test_the_procedure_has_no_door_to_answered_but_the_cleared_reply():
    assert procedure.problems(procedure.TABLE) == []
    forged = procedure.TABLE | {
        (Kind.MAILBOX, State.IN_HAND, Event.CLOSED): Step(Event.CLOSED, ("handle",), State.ANSWERED)
    }
    assert procedure.problems(forged) == ["mailbox: answered from in_hand without a formal reply"]


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        ("mailbox", lambda a, m: handling.sign(a, m)),
        ("media_line", lambda a, m: handling.return_ticket(a, m, ground="not_ours", words="不属职责")),
        ("assigned", lambda a, m: handling.redirect(a, m, to="petition", words="转信访")),
        ("hotline", lambda a, m: handling.reopen(a, m, words="再办")),
    ],
)
def test_an_event_that_the_table_does_not_know_is_refused_with_the_state(office, at, kind, act):
    with at(2021, 3, 1):
        matter = letters.registered(office, kind).matter
        with pytest.raises(Refused, match=r"已登记|registered"):
            act(office.actor("handler"), matter)
    assert matter.events.count() == 1


def test_a_ticket_returns_within_five_working_days_and_not_on_the_sixth(office, at):
    with at(2021, 4, 1):
        first = letters.registered(office, "hotline", source_number="A1").matter
        second = letters.registered(office, "hotline", source_number="A2").matter
    # 3 to 5 April 2021 were off (清明): the fifth working day after 1 April is the 9th.
    with at(2021, 4, 9):
        handling.return_ticket(office.actor("handler"), first, ground="not_ours", words="属市级职责")
        first.refresh_from_db()
        assert first.state == State.RETURNED
    with at(2021, 4, 10), pytest.raises(Refused, match="5"):
        handling.return_ticket(office.actor("handler"), second, ground="not_ours", words="属市级职责")


def test_a_ticket_number_is_registered_once(office, at):
    with at(2021, 4, 1):
        letters.registered(office, "hotline", source_number="A1")
        with pytest.raises(Refused):
            letters.registered(office, "hotline", source_number="A1")
    assert Matter.objects.count() == 1


def test_due_days_follow_the_option_the_calendar_and_the_one_extension(office, at):
    office.agency.options = {"mailbox_working_days": 3}
    office.agency.save()
    with at(2021, 9, 17):
        matter = letters.in_hand(office)
        # 18 September was worked, 19 to 21 were off (中秋).
        assert terms.due(matter).on.isoformat() == "2021-09-23"
        with pytest.raises(Refused):
            handling.extend(office.actor("handler"), matter, days=2, words="情况复杂")
        handling.extend(office.actor("approver"), matter, days=2, words="情况复杂")
        matter.refresh_from_db()
        assert terms.due(matter).on.isoformat() == "2021-09-26"
        with pytest.raises(Refused):
            handling.extend(office.actor("approver"), matter, days=2, words="情况复杂")
    office.agency.options = {"mailbox_working_days": 30}
    office.agency.save()
    matter.refresh_from_db()
    assert terms.due(matter).on.isoformat() == "2021-09-26", (
        "a later setting moves no matter registered before"
    )
    texts = [row["text"] for row in terms.explanation(matter)]
    assert any("3" in text for text in texts) and any("情况复杂" in text for text in texts)


def test_an_overdue_term_is_not_extended_and_a_year_without_notice_is_provisional(office, at):
    with at(2021, 3, 1):
        matter = letters.in_hand(office)
    with at(2021, 3, 9), pytest.raises(Refused):
        handling.extend(office.actor("approver"), matter, days=2, words="情况复杂")
    with at(2027, 3, 1):
        assert terms.due(letters.in_hand(office)).provisional


def test_handling_again_begins_a_new_term_and_needs_a_new_reply(office, at):
    with at(2021, 3, 1):
        matter = letters.answered(office)
    with at(2021, 6, 1):
        handling.reopen(office.actor("approver"), matter, words="来信人反映尚未收到")
        matter.refresh_from_db()
        assert terms.due(matter).on.isoformat() == "2021-06-08"
        with pytest.raises(Refused):
            handling.close(office.actor("handler"), matter)
        letters.send(office, letters.cleared(office, matter))
        matter.refresh_from_db()
    assert matter.answered_on.isoformat() == "2021-03-01"
    assert matter.replies.count() == 2


def test_an_approved_reply_taken_back_leaves_its_number_void(office, at):
    with at(2021, 3, 1):
        matter = letters.in_hand(office)
        reply = letters.cleared(office, matter)
        releases.withdraw(office.actor("approver"), reply.release, reason="error")
        matter.refresh_from_db()
        assert matter.state == State.IN_HAND
        with pytest.raises(Refused):
            letters.send(office, reply)
        second = letters.cleared(office, matter)
        assert (reply.number[-2:], second.number[-2:]) == ("1号", "2号")
        letters.send(office, second)
        with pytest.raises(Refused):
            releases.withdraw(office.actor("approver"), second.release, reason="error")


def test_what_goes_out_and_what_is_recorded_is_chinese_whatever_language_its_clerk_reads(office, at):
    with at(2021, 3, 1), translation.override("en"):
        matter = letters.received(office).matter
        assert replies.opening(matter)["title"] == "关于其他来信的答复"
        letters.take_up(office, matter)
        reply = letters.cleared(office, matter)
        releases.withdraw(office.actor("approver"), reply.release, reason="error")
        assert VoidNumber.objects.get().reason == "发出前收回"
        assert translation.get_language() == "en"


def test_two_people_at_once_one_succeeds_the_other_is_told(office, at):
    with at(2021, 3, 1):
        matter = letters.registered(office, "mailbox").matter
        seen_by_both = Matter.objects.get(pk=matter.pk)
        handling.assign(office.actor("handler"), matter, lead=office.people["handler"], title="过渡费")
        with pytest.raises(Refused):
            handling.assign(
                office.actor("second_handler"), seen_by_both, lead=office.people["second_handler"]
            )
        replies.begin(office.actor("handler"), matter)
        with pytest.raises(Refused):
            replies.begin(office.actor("second_handler"), matter)


def test_the_cache_is_what_its_events_say(office, at):
    with at(2021, 3, 1):
        matter = letters.answered(office)
    told = (matter.state, matter.handler_id, matter.extra_days, matter.answered_on, matter.runs_from)
    Matter.objects.filter(pk=matter.pk).update(
        state="closed", handler=None, extra_days=9, answered_on=None, runs_from="2020-01-02"
    )
    again = happenings.rebuild(Matter.objects.get(pk=matter.pk))
    again.refresh_from_db()
    assert (again.state, again.handler_id, again.extra_days, again.answered_on, again.runs_from) == told


def test_events_are_never_changed(office, at):
    from django.db import DatabaseError, connection, transaction

    with at(2021, 3, 1):
        letters.in_hand(office)
    table = MatterEvent._meta.db_table
    for statement in (f'UPDATE "{table}" SET n = 9', f'DELETE FROM "{table}"'):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert list(MatterEvent.objects.order_by("n").values_list("kind", flat=True)) == [
        "registered",
        "assigned",
    ]


def test_letters_sent_at_once_get_numbers_without_gap_or_double(committed):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def send(_n):
        try:
            return letters.received(committed).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(pool.map(send, range(8)))
    assert [number[-4:] for number in numbers] == [f"{n:04d}" for n in range(1, 9)]
