"""Service: the way, the proof, the law of the day, and that what was sent never changes (rulebook 4.3, 5.2, 5.7)."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.agencies.policy import Refused
from gongkai.applications import (
    closing,
    events,
    letters,
    notices,
    partial,
    rendering,
    renewing,
    sealing_register,
    sending_menu,
    service,
)
from gongkai.applications.intake import keep
from gongkai.applications.models import Dispatch, Letter, ServiceProof, State
from gongkai.applications.personal import Request
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import chain
from gongkai.journal.models import NeverChanged
from tests.applications.cases import PERSON, approved, decided, released, sent, stamped, web
from tests.invariants.attacks import neighbour

BACKEND = "django.contrib.auth.backends.ModelBackend"


def refused(article, use, *args, **more):
    with pytest.raises(Refused) as refusal:
        use(*args, **more)
    assert article in refusal.value.article, (refusal.value.message, refusal.value.article)
    return refusal.value


def answered(office, **more):
    return released(office, decided(office, web(office, **more)))


def text_of(data):
    document = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return "".join(text.split())


@pytest.mark.parametrize(
    ("received", "on", "said", "unsaid"),
    [
        ((2021, 4, 23), (2021, 5, 10), ("可以在收到本", "60日内", "或者", "洛阳市住房和城乡建设局", "6个月内"), ("应当先",)),
        ((2023, 11, 1), (2023, 11, 20), ("60日内", "或者", "洛阳市住房和城乡建设局", "6个月内"), ("应当先",)),
        ((2024, 3, 1), (2024, 3, 18), ("应当先", "60日内", "洛阳市西工区人民政府", "15日内"), ("洛阳市住房和城乡建设局", "6个月内")),
        ((2026, 3, 2), (2026, 3, 18), ("应当先", "60日内", "洛阳市西工区人民政府", "15日内"), ("洛阳市住房和城乡建设局", "6个月内")),
    ],
)  # fmt: skip
def test_shows_2_a_refusal_ends_in_the_remedy_notice_of_its_law(office, at, received, on, said, unsaid):
    """Rulebook 5.4, from the decision to the proof of service; read from the PDF that goes out."""
    with at(*received):
        case = web(office)
    with at(*on):
        letter = approved(office, decided(office, case, "deliberative", facts="所申请的信息属于讨论记录。"))
        rendering.make({"kind": "letter", "subject": str(letter.pk)})
        stamped(office, letter)
        handler = office.actor("handler")
        service.dispatch(handler, letter, way="post", on=date(*on), tracking="EA123456789CN")
        service.prove(handler, letter, date(*on), words="本人签收")
        case.refresh_from_db()
        closing.close(handler, case)
        case.refresh_from_db()
        going = sealing_register.outgoing(letter)
    assert (case.row, case.state) == ("r3_3_6", State.CLOSED)
    text = text_of(storage.read(going.file_id, case_key=going.case_key))
    assert letter.number in text and "不予公开告知书" in text
    for words in said:
        assert words in text, words
    for words in unsaid:
        assert words not in text, words
    sheet = rendering.signed_draft(letter)
    assert letter.release.digest[:16] in text_of(storage.read(sheet.file_id, case_key=sheet.case_key))
    assert [f.message for f in chain.verify() if "链头" not in f.message] == []


@pytest.mark.parametrize(
    ("outcome", "before", "after", "changes"),
    [
        # 2024-01-01: reconsideration first where withheld, and no choice of the superior department anywhere.
        ("deliberative", date(2023, 12, 29), date(2024, 1, 2), True),
        ("provided", date(2023, 12, 29), date(2024, 1, 2), True),
        ("partly_provided", date(2023, 12, 29), date(2024, 1, 2), True),
        # 2025-06-01: 法释〔2025〕8号 grounds the choice anew, the notice of a refusal stays.
        ("deliberative", date(2025, 5, 30), date(2025, 6, 3), False),
    ],
)
def test_a_letter_that_slips_into_another_law_is_neither_stamped_nor_sent(
    office, at, outcome, before, after, changes
):
    from tests.applications.test_partial_disclosure import TWO

    more = {"parts": TWO} if outcome == "partly_provided" else {}
    with at(before.year, before.month, before.day):
        ready = released(office, decided(office, web(office), outcome, **more))
        unstamped = approved(office, decided(office, web(office), outcome, **more))
    with at(after.year, after.month, after.day):
        handler = office.actor("handler")
        if not changes:
            service.dispatch(handler, ready, way="direct", on=after, words="本人签收")
            stamped(office, unstamped)
            return
        refused("行政复议法", service.dispatch, handler, ready, way="direct", on=after)
        refused("行政复议法", stamped, office, unstamped)
        # Dating the sending back does not help: that day is entered as the day that counts, and is looked at too.
        assert not Dispatch.objects.exists()
        case = ready.application
        case.refresh_from_db()
        again = released(office, decided(office, case, outcome, **more))
        service.dispatch(handler, again, way="direct", on=after, words="本人签收")
        ready.refresh_from_db()
        assert ready.dropped and ready.number != again.number
        refused("", service.dispatch, handler, ready, way="direct", on=before)


@pytest.mark.parametrize("outcome", ["deliberative", "partly_provided"])
def test_it_returns_to_review_with_its_words_and_files_and_the_notice_of_the_new_law(
    office, at, client, outcome
):
    """Rulebook 5.7: the number of the first stays void, the second ends in the notice of the day of its service."""
    client.force_login(office.people["handler"], backend=BACKEND)
    with at(2023, 12, 29):
        letter = released(office, decided(office, web(office), outcome))
        page = f"/workbench/letters/{letter.pk}/"
        refused("", renewing.return_to_review, office.actor("handler"), letter)
        assert f"{page}renew/" not in client.get(page).content.decode()
    with at(2024, 1, 2):
        shown = client.get(page).content.decode()
        assert f"{page}renew/" in shown and f"{page}send/" not in shown and "退回审查" in shown
        assert sending_menu.next_step(letter).startswith("退回审查")
        edit = client.post(f"{page}renew/").headers["Location"]
        assert client.get(edit).status_code == 200
        again = Letter.objects.get(application=letter.application, dropped=False)
        assert edit == f"/workbench/letters/{again.pk}/edit/" and again.decision == letter.decision
        old, new = letters.draft_of(letter).content, letters.draft_of(again).content
        assert letters.opened(new) == letters.opened(old)
        names = [[row.name for row in partial.originals(each)] for each in (letter, again)]
        assert names[0] == names[1] and bool(names[0]) == (outcome == "partly_provided")
        assert len(new["attachments"]) == len(old["attachments"])
        assert not set(new["attachments"]) & set(old["attachments"])
        # Pressed twice, it is told, and nothing happens.
        assert client.post(f"{page}renew/").headers["Location"] == page
        released(office, again)
        service.dispatch(office.actor("handler"), again, way="direct", on=date(2024, 1, 2), words="本人签收")
        letter.refresh_from_db()
        again.refresh_from_db()
        rendering.make({"kind": "letter", "subject": str(again.pk)})
    assert letter.dropped and letter.number and again.number not in ("", letter.number)
    going = next(row for row in rendering.files(again) if row.purpose == "pdf")
    text = text_of(storage.read(going.file_id, case_key=going.case_key))
    assert "应当先" in text and again.number in text
    assert [f.message for f in chain.verify() if "链头" not in f.message] == []


@pytest.mark.parametrize("name", ["reviewer", "approver", "supervisor", "system", "their_handler"])
def test_returning_to_review_is_for_who_handles_the_case_and_goes_round_nobody(office, at, client, name):
    neighbour(office)
    with at(2023, 12, 29):
        letter = released(office, decided(office, web(office)))
    with at(2024, 1, 2):
        client.force_login(office.people[name], backend=BACKEND)
        address = f"/workbench/letters/{letter.pk}/renew/"
        assert client.get(address).status_code in (404, 405)
        client.post(address)
        refused("", renewing.return_to_review, office.actor(name), letter)
        assert list(Letter.objects.all()) == [letter] and not Letter.objects.get().dropped
        # Whoever may return it has a draft: it goes out only after the three people, as any other.
        again = renewing.return_to_review(office.actor("handler"), letter)
        refused(
            "", service.dispatch, office.actor("handler"), again, way="direct", on=date(2024, 1, 2), words="x"
        )
        refused(
            "",
            service.dispatch,
            office.actor("handler"),
            letter,
            way="direct",
            on=date(2024, 1, 2),
            words="x",
        )
        assert not Dispatch.objects.exists()


def test_what_was_posted_in_time_and_arrived_under_another_law_is_told(office, at, client):
    client.force_login(office.people["handler"], backend=BACKEND)
    with at(2023, 12, 29):
        letter = answered(office)
        handler = office.actor("handler")
        service.dispatch(handler, letter, way="post", on=letter.dated, tracking="EA123456789CN")
    with at(2024, 1, 4):
        page = client.post(f"/workbench/letters/{letter.pk}/served/", {"on": "2024-01-03"}, follow=True)
        assert "另行送达" in page.content.decode()
        note = letter.application.events.get(type="note")
        assert letter.number in events.words(note) and "另行送达" in events.words(note)
        letter.application.refresh_from_db()
        # Posting day counts: the answer is in time all the same.
        assert letter.application.answered_on == date(2023, 12, 29)
    with at(2025, 5, 30):
        # 2025-06-01 grounds the choice anew and leaves its words: nobody was told anything wrong.
        assert not service.under_other_law(answered(office), date(2025, 6, 3))


def test_2025_06_01_the_notice_is_compared_as_a_whole(office, at):
    """What three people approved under the law until 2025-05-31 is sent after it only if its notice is the same."""
    with at(2025, 5, 30):
        letter = released(office, decided(office, web(office)))
        then = letters.remedy(letter, date(2025, 5, 31))
        now = letters.remedy(letter, date(2025, 6, 3))
    with at(2025, 6, 3):
        handler = office.actor("handler")
        if (then.regime, then.variant) == (now.regime, now.variant):
            service.dispatch(handler, letter, way="direct", on=date(2025, 6, 3), words="本人签收")
        else:
            refused("", service.dispatch, handler, letter, way="direct", on=date(2025, 6, 3))
    assert hasattr(Letter.objects.get(pk=letter.pk), "dispatch") == (
        (then.regime, then.variant) == (now.regime, now.variant)
    )


@pytest.mark.parametrize(
    "tracking", ["SF1234567890123", "YT8888888888888", "jd0012345678901", "顺丰 123456", "SF 1234-5678-90123"]
)
def test_another_courier_is_refused(office, at, tracking):
    with at(2026, 3, 2):
        letter = answered(office)
        refused(
            "送达",
            service.dispatch,
            office.actor("handler"),
            letter,
            way="post",
            on=letter.dated,
            tracking=tracking,
        )
        service.dispatch(
            office.actor("handler"), letter, way="post", on=letter.dated, tracking="1234567890123"
        )


def test_electronic_service_is_chosen_and_proved(office, at):
    with at(2026, 3, 2):
        handler = office.actor("handler")
        asked = {"title": "补偿方案", "description": "2020年的"}
        post = answered(office, request=Request(**asked, way="post"))
        refused("第四十条", service.dispatch, handler, post, way="electronic", on=post.dated, words="日志")
        mail = answered(office, request=Request(**asked, way="email"))
        refused("送达", service.dispatch, handler, mail, way="electronic", on=mail.dated)
        picture = keep(mail.application, _upload(), service.PROOF, handler, handler.who)
        service.dispatch(handler, mail, way="electronic", on=mail.dated, paper=picture)
        assert service.proofs(mail) == [picture] and service.proved(mail)
        online = answered(office, request=Request(**asked, way="online"))
        service.dispatch(handler, online, way="electronic", on=online.dated)
        assert service.proved(online)


def test_whoever_else_is_written_to_is_served_electronically_only_where_it_agreed(office, at):
    with at(2026, 3, 2):
        case = web(office)
        handler = office.actor("handler")
        letter = released(
            office, notices.consult_third_party(handler, case, name="演示建设公司", information="施工合同")
        )
        picture = keep(case, _upload(), service.PROOF, handler, handler.who)
        refused("送达", service.dispatch, handler, letter, way="electronic", on=letter.dated, paper=picture)
        words = "该公司3月2日来电确认以电子邮件接收；邮件服务器答复：250 OK"
        service.dispatch(handler, letter, way="electronic", on=letter.dated, words=words, paper=picture)
        assert service.proved(letter)


def _upload():
    from gongkai.applications.intake import Upload

    return Upload("截屏.txt", "邮件服务器答复：250 OK".encode())


def test_exchange_is_for_agencies_and_counts_from_its_signing(office, at):
    with at(2026, 3, 2):
        case = web(office)
        handler = office.actor("handler")
        letter = released(
            office, notices.consult_co_maker(handler, case, name="另一机关", information="补偿协议")
        )
    with at(2026, 3, 4):
        service.dispatch(handler, letter, way="exchange", on=date(2026, 3, 3), words="另一机关收发室签收")
        event = case.events.get(type="agency_consulted")
        assert event.on == date(2026, 3, 3)
        answer = answered(office)
        refused("送达", service.dispatch, handler, answer, way="exchange", on=answer.dated)


def test_closing_without_any_proof_asks_for_a_reason_and_keeps_it(office, at):
    with at(2026, 3, 2):
        letter = answered(office)
        handler = office.actor("handler")
        service.dispatch(handler, letter, way="post", on=letter.dated, tracking="EA123456789CN")
        case = letter.application
        refused("第四十五条", closing.close, handler, case)
        refused("第四十五条", closing.close, handler, case, reason="  ")
        row = closing.close(handler, case, reason="邮件按址无法投递退回，已公告")
    assert "退回" not in str(row.data) + row.sealed
    case.refresh_from_db()
    assert case.state == State.CLOSED


def test_a_receipt_that_comes_back_later_is_filed(office, at, client):
    with at(2026, 3, 2):
        letter = answered(office)
        handler = office.actor("handler")
        refused("送达", service.file_proof, handler, letter, "回证".encode(), "回证.txt")
        service.dispatch(handler, letter, way="direct", on=letter.dated)
        assert not service.proved(letter)
        client.force_login(office.people["handler"], backend=BACKEND)
        from django.core.files.uploadedfile import SimpleUploadedFile

        paper = SimpleUploadedFile("送达回证.txt", "申请人签字".encode())
        client.post(f"/workbench/letters/{letter.pk}/served/", {"paper": paper})
        letter.refresh_from_db()
        [row] = service.proofs(letter)
        assert row.file.sealed and service.proved(letter)
        page = client.get(f"/workbench/letters/{letter.pk}/kept/{row.pk}/")
        assert page.content.decode() == "申请人签字"


def test_a_served_letter_is_immutable(office, at):
    with at(2026, 3, 2):
        handler = office.actor("handler")
        letter = approved(office, decided(office, web(office)))
        rendering.make({"kind": "letter", "subject": str(letter.pk)})
        stamped(office, letter)
        for name, value in (("number", "改公复〔2026〕9号"), ("dated", date(2026, 3, 1)), ("kind", 17)):
            with pytest.raises(DatabaseError, match="keeps its number"), transaction.atomic():
                Letter.objects.filter(pk=letter.pk).update(**{name: value})
        service.dispatch(handler, letter, way="direct", on=letter.dated, words="本人签收")
        letter.refresh_from_db()
        before = [row.file_id for row in rendering.files(letter)]
        attacks = [
            lambda: Letter.objects.filter(pk=letter.pk).update(number=""),
            lambda: Letter.objects.filter(pk=letter.pk).update(dropped=True),
            lambda: Letter.objects.filter(pk=letter.pk).update(sent_on=None),
            lambda: Letter.objects.filter(pk=letter.pk).delete(),
            lambda: _sql("UPDATE applications_letter SET dated = '2026-01-01'"),
            lambda: _sql("DELETE FROM applications_dispatch"),
            lambda: _sql("UPDATE applications_dispatch SET way = 'post'"),
            lambda: _sql("UPDATE files_attachment SET name = 'x' WHERE owner_kind = 'letter'"),
            lambda: Attachment.objects.filter(owner_kind="letter", owner_id=letter.pk).delete(),
            lambda: storage.attach(
                "另一份".encode(), "x.txt", who=handler.who, agency=office.agency,
                owner=("letter", letter.pk), purpose="pdf",
            ),
            lambda: Dispatch.objects.create(
                letter=letter, way="post", on=letter.dated, person=handler.person, at=letter.created_at
            ),
        ]  # fmt: skip
        for attack in attacks:
            with pytest.raises((DatabaseError, NeverChanged)), transaction.atomic():
                attack()
        for use in (
            lambda: service.dispatch(handler, letter, way="post", on=letter.dated, tracking="EMS2"),
            lambda: letters.attach(handler, letter, b"x", "x.txt"),
            lambda: letters.save(
                handler, letter, {"conclusion": "改"}, version=letters.draft_of(letter).version
            ),
            lambda: letters.submit(handler, letter, version=letters.draft_of(letter).version),
            lambda: letters.give_up(handler, letter),
            lambda: letters.take_wording(handler, letter, version=letters.draft_of(letter).version),
            lambda: stamped(office, letter),
            lambda: service.prove(handler, letter, letter.dated, words="再次"),
        ):
            refused("", use)
    again = Letter.objects.get(pk=letter.pk)
    assert (again.number, again.dated, again.sent_on) == (letter.number, letter.dated, letter.sent_on)
    assert [row.file_id for row in rendering.files(again)] == before
    assert Dispatch.objects.count() == ServiceProof.objects.count() == 1


def _sql(text):
    with connection.cursor() as cursor:
        cursor.execute(text)


def test_no_dispatch_goes_round_the_three_people(office, at):
    with at(2026, 3, 2):
        letter = decided(office, web(office))
        with pytest.raises(DatabaseError, match="three people"), transaction.atomic():
            Dispatch.objects.create(
                letter=letter,
                way="direct",
                on=date(2026, 3, 2),
                person=office.people["handler"],
                at=letter.created_at,
            )
        with pytest.raises(DatabaseError, match="without its dispatch"), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(sent_on=date(2026, 3, 2))


def test_a_void_number_stays_in_the_series_marked(office, at, client):
    with at(2026, 3, 2):
        letter = approved(office, decided(office, web(office)))
        number = letter.number
        case = letter.application
        case.refresh_from_db()
        sent(office, decided(office, case), date(2026, 3, 2))
        client.force_login(office.people["handler"], backend=BACKEND)
        page = client.get("/workbench/letters/").content.decode()
        assert number in page and "作废" in page[page.index(number) :][:200]


def test_a_picture_character_in_the_request_stops_no_letter(office, at):
    with at(2021, 4, 23):
        case = web(office, request=Request(description="请公开补偿方案😀，谢谢"))
        letter = released(office, decided(office, case))
    assert (
        "补偿方案〔U+1F600〕，谢谢"
        in letters.opened(letters.draft_of(letter).content).elements["request_excerpt"]
    )


@pytest.mark.parametrize(("kind", "word"), [("natural_person", "您"), ("commercial_enterprise", "贵单位")])
def test_whoever_writes_a_letter_reads_the_words_that_will_be_printed(office, at, client, kind, word):
    with at(2026, 3, 2):
        acting = {"representative": "演示负责人", "representative_identity_number": PERSON.identity_number}
        firm = replace(PERSON, identity="other", **acting)
        letter = decided(office, web(office, kind=kind, person=PERSON if word == "您" else firm))
        client.force_login(office.people["handler"], backend=BACKEND)
        page = client.get(f"/workbench/letters/{letter.pk}/edit/").content.decode()
    assert "{you}" not in page and f"现向{word}提供" in page
