"""I7: what tells of the writer stands nowhere in the clear, and is shown only with a journal entry."""

import pytest
from django.apps import apps
from django.db import connection

from gongkai.agencies.policy import Refused
from gongkai.correspondence import handling, intake, publication, replies, writer
from gongkai.files import sealing
from gongkai.journal.models import Entry
from gongkai.review import submission
from tests.correspondence import letters
from tests.invariants.attacks import unguarded
from tests.items import approve

CANARIES = (letters.NAME, letters.PHONE, letters.EMAIL, letters.ADDRESS, letters.SECRET, "金丝雀题目")


def everything_stored() -> str:
    """Every column of every table as text."""
    rows = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            rows += [repr(row) for row in cursor.fetchall()]
    return "\n".join(rows)


def published(office, matter):
    said = {"title": "过渡费何时发放", "question": "过渡费何时发放？", "answer": "已于3月5日发放。"}
    draft = publication.begin(office.actor("handler"), matter, said)
    revision = submission.submit(office.actor("handler"), draft, version=draft.version)
    for step in (1, 2, 3):
        approve(office, revision, step)


def test_no_row_holds_the_writer_in_the_clear(office, at):
    with at(2021, 3, 1):
        matter = letters.received(office, address="192.0.2.7").matter
        letters.take_up(office, matter)
        letters.send(office, letters.cleared(office, matter))
        matter.refresh_from_db()
        published(office, matter)
    stored = everything_stored()
    assert matter.number in stored
    for canary in (*CANARIES, "192.0.2.7"):
        assert canary not in stored
    assert writer.unsealed(matter).name == letters.NAME


def test_opening_the_letter_is_journalled(office, at):
    with at(2021, 3, 1):
        matter = letters.received(office).matter
        letter = writer.open_letter(office.actor("reviewer"), matter)
    assert letter.phone == letters.PHONE
    entry = Entry.objects.filter(action="correspondence.opened").get()
    assert (entry.actor, entry.subject_id) == (str(office.people["reviewer"].pk), str(matter.pk))


def test_staff_texts_that_name_the_writer_are_refused(office, at):
    with at(2021, 3, 1):
        matter = letters.in_hand(office)
        actor = office.actor("handler")
        with pytest.raises(Refused):
            handling.note(
                actor, matter, words=f"已致电{letters.PHONE[:3]} {letters.PHONE[3:7]}-{letters.PHONE[7:]}"
            )
        reply, draft = replies.begin(actor, matter)
        with pytest.raises(Refused):
            replies.save(actor, reply, draft.content | {"body": f"{letters.NAME}您好"}, version=1)
        letters.send(office, cleared_after(office, reply))
        matter.refresh_from_db()
        with pytest.raises(Refused):
            publication.begin(actor, matter, {"question": f"住{letters.ADDRESS}的居民问"})
        with pytest.raises(Refused):
            intake.register(
                actor, office.agency, "mailbox", letters.LETTER, channel="post",
                received_on=matter.received_on, title=f"{letters.NAME}来信",
            )  # fmt: skip
    assert letters.NAME not in everything_stored()


def cleared_after(office, reply):
    draft = replies.save(
        office.actor("handler"), reply, replies.opening(reply.matter) | {"body": "已办。"}, version=1
    )
    revision = submission.submit(office.actor("handler"), draft, version=draft.version)
    for step in (1, 2, 3):
        approve(office, revision, step)
    reply.refresh_from_db()
    return reply


def test_destroying_the_key_erases_the_letter_and_leaves_the_matter(office, at):
    with at(2021, 3, 1):
        matter = letters.answered(office)
        # What only an approved list may do (tests/files); here the key is simply gone.
        with unguarded():
            sealing.destroy(matter.key_id)
        with pytest.raises(Refused):
            writer.open_letter(office.actor("handler"), matter)
    assert matter.events.count() > 3


def test_a_writer_who_did_not_agree_is_not_published(office, at):
    with at(2021, 3, 1):
        matter = letters.answered(office, may_publish=False)
        with pytest.raises(Refused):
            publication.begin(office.actor("handler"), matter, {"title": "问"})


def test_a_name_that_no_font_has_is_told_before_the_review(office, at):
    from dataclasses import replace

    with at(2021, 3, 1):
        matter = letters.in_hand(office, letter=replace(letters.LETTER, name="王\U0001f600"))
        _reply, draft = replies.begin(office.actor("handler"), matter, {"body": "已办。"})
        with pytest.raises(submission.Incomplete, match=r"U\+1F600"):
            submission.submit(office.actor("handler"), draft, version=draft.version)


@pytest.mark.parametrize(
    "words",
    [
        "致电１３９１２３４５６７８",
        "致电(139)1234-5678",
        "致电+86 139 1234 5678",
        "买买提・阿布都来访",
        "CANARY＠example．org",
    ],
)
def test_particulars_are_refused_however_they_are_written(office, at, words):
    from dataclasses import replace

    with at(2021, 3, 1):
        letter = replace(letters.LETTER, name="买买提·阿布都", phone="+86 139-1234-5678")
        matter = letters.in_hand(office, letter=letter)
        with pytest.raises(Refused):
            handling.note(office.actor("handler"), matter, words=words)
        handling.note(office.actor("handler"), matter, words="已致电来信人，2021.3.1")
