"""Staff pages: the ledgers, the matter, its acts; nothing of another agency."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from gongkai.agencies import navigation
from gongkai.agencies.models import Agency
from gongkai.correspondence import documents, replies
from gongkai.correspondence.models import Matter
from gongkai.files import sealing
from gongkai.journal.models import Entry
from gongkai.review.models import Revision
from tests.correspondence import letters
from tests.items import approve


def url(name, *args):
    return reverse(f"correspondence:{name}", args=args)


def test_a_handler_takes_a_letter_from_intake_to_dispatch_by_the_pages(office, at, client):
    client.force_login(office.people["handler"])
    with at(2021, 3, 1):
        answer = client.post(
            url("intake", "mailbox"),
            {
                "agency": str(office.agency.pk), "received_on": "2021-02-26", "channel": "post",
                "title": "过渡费发放", "topic": "renewal", "text": letters.LETTER.text, "name": letters.NAME,
                "phone": letters.PHONE, "may_publish": "on",
            },
            follow=True,
        )  # fmt: skip
        matter = Matter.objects.get()
        page = answer.content.decode()
        assert matter.number == "XG0123-XX2021-0001" and matter.number in page
        assert re.search(r"[2-9A-Z]{12}", page), "the code for the writer is shown once"
        assert "2021年3月5日" in page
        assert letters.SECRET not in page and letters.NAME not in page
        opened = client.post(url("letter", matter.pk)).content.decode()
        assert letters.SECRET in opened and letters.PHONE in opened
        assert Entry.objects.filter(action="correspondence.opened").count() == 1
        client.post(
            url("happen", matter.pk, "assigned"),
            {"lead": str(office.people["handler"].pk), "helpers": "物业科、征收科", "title": "过渡费发放"},
        )
        matter.refresh_from_db()
        assert matter.events.last().data["helpers"] == ["物业科", "征收科"]
        editor = client.post(url("reply_begin", matter.pk), follow=True)
        reply = matter.replies.get()
        typed = editor.context["form"].initial | {"body": "", "submit": "1", "to_writer": "on"}
        missing = client.post(url("reply", reply.pk), typed)
        assert missing.context["form"].errors["body"]
        typed |= {"body": "来信收悉，已办。", "version": missing.context["form"]["version"].value()}
        review = client.post(url("reply", reply.pk), typed)
        revision = Revision.objects.get()
        assert review.url == reverse("review:page", args=[revision.pk])
        proof = client.get(review.url).content.decode()
        assert "来信收悉，已办。" in proof and letters.NAME not in proof
        for step in (1, 2, 3):
            approve(office, revision, step)
        reply.refresh_from_db()
        documents.make(reply)
        sent = client.post(url("send", reply.pk), {"way": "post", "on": "2021-03-01"}, follow=True)
        matter.refresh_from_db()
        assert matter.state == "answered" and reply.number in sent.content.decode()
        pdf = client.get(url("document", documents.made(reply)[0].pk))
        assert pdf.headers["Cache-Control"] == "no-store"
        assert Entry.objects.filter(action="correspondence.document_opened").count() == 1


@pytest.mark.parametrize("kind", ["mailbox", "media_line", "assigned", "hotline", "complaint"])
def test_every_ledger_intake_and_matter_page_opens_and_exports(office, at, client, kind):
    client.force_login(office.people["head"])
    with at(2021, 3, 1):
        matter = letters.in_hand(office, kind)
        untitled = letters.received(office).matter
        page = client.get(url(kind))
        assert matter.number in page.content.decode()
        everything = client.get(url("matters")).content.decode()
        assert url("matter", untitled.pk) in everything, "what nobody titled yet can be opened"
        assert client.get(f"{url(kind)}?export=xlsx").headers["Content-Type"].endswith("sheet")
        found = client.get(f"{url('matters')}?writer={letters.NAME}&q={matter.number}")
        assert found.context["count"] == 1
        assert client.get(f"{url(kind)}?writer=别人").context["count"] == 0
        assert client.get(url("intake", kind)).status_code == 200
        assert client.get(url("matter", matter.pk)).status_code == 200
        for event in ("progress", "extended"):
            assert client.get(url("happen", matter.pk, event)).status_code == 200
        assert client.get(url("happen", matter.pk, "closed")).status_code == 403


def test_every_bad_intake_says_why_and_keeps_what_was_typed(office, at, client):
    client.force_login(office.people["handler"])
    typed = {
        "agency": str(office.agency.pk), "received_on": "2021-03-09", "channel": "platform", "source": "12345",
        "source_number": "T1", "title": "噪声", "topic": "environment", "text": "夜间施工",
    }  # fmt: skip
    with at(2021, 3, 1):
        page = client.post(url("intake", "hotline"), typed)
        assert page.context["form"].non_field_errors() and "夜间施工" in page.content.decode()
        page = client.post(
            url("intake", "hotline"), typed | {"source_number": "", "received_on": "2021-03-01"}
        )
        assert page.context["form"].errors["source_number"]
    assert Matter.objects.count() == 0


def test_a_matter_of_another_agency_is_not_there(office, at, client):
    other = Agency.objects.create(name="西工区住建局", code="XG0200", parent=office.district)
    with at(2021, 3, 1):
        matter = letters.answered(office)
        reply = matter.replies.get()
        attachment = documents.make(reply)[0]
        stranger = office.people["handler"]
        Matter.objects.filter(pk=matter.pk).update(agency=other)
        type(reply).objects.filter(pk=reply.pk).update(agency=other)
        type(attachment).objects.filter(pk=attachment.pk).update(agency=other)
        client.force_login(stranger)
        for address in (
            url("matter", matter.pk), url("happen", matter.pk, "closed"), url("publish", matter.pk),
            url("reply", reply.pk), url("send", reply.pk), url("document", attachment.pk),
        ):  # fmt: skip
            assert client.get(address).status_code == 404, address
        assert client.post(url("letter", matter.pk)).status_code == 404
        assert client.get(url("matters")).context["count"] == 0
        assert client.get(reverse("files:attachment", args=[attachment.pk])).status_code == 404
        client.force_login(office.people["supervisor"])
        assert client.get(url("matter", matter.pk)).status_code == 200
        assert client.get(url("happen", matter.pk, "closed")).status_code in (200, 403)
        assert client.post(url("happen", matter.pk, "closed")).status_code in (200, 403)
    matter.refresh_from_db()
    assert matter.state == "answered"


def test_the_inbox_holds_what_waits_for_each_person(office, at):
    def steps(name):
        rows = navigation.waiting(office.actor(name))
        return {(row.number, str(row.url)) for row in rows if row.number}

    with at(2021, 3, 1):
        new = letters.received(office).matter
        mine = letters.in_hand(office)
        told = letters.registered(office, "assigned").matter
        place = (new.number, url("matter", new.pk))
        assert place in steps("handler") and place in steps("head")
        assert (mine.number, url("matter", mine.pk)) in steps("handler")
        assert (mine.number, url("matter", mine.pk)) not in steps("second_handler")
        assert steps("approver") == set() == steps("reviewer")
        from gongkai.correspondence import handling

        handling.propose(office.actor("handler"), told, words="建议由征收科承办")
        assert steps("approver") == {(told.number, url("matter", told.pk))}
        _reply, draft = replies.begin(office.actor("handler"), mine, {"body": "已办。"})
        from gongkai.review import submission

        submission.submit(office.actor("handler"), draft, version=draft.version)
        assert (mine.number, url("matter", mine.pk)) not in steps("handler")


@pytest.mark.parametrize(
    "known", ["138-0013-8000", "+86 138 0013 8000", "１３８００１３８０００", "买买提·阿布都"]
)
@pytest.mark.parametrize(
    ("name", "phone"), [("买买提•阿布都", "(138)00138000"), ("买买提・阿布都 ", "008613800138000")]
)
def test_a_writer_is_found_however_name_and_telephone_were_written(office, at, client, known, name, phone):
    client.force_login(office.people["head"])
    with at(2021, 3, 1):
        letters.registered(office, "mailbox", letter=replace(letters.LETTER, name=name, phone=phone))
        assert client.get(url("matters"), {"writer": known}).context["count"] == 1
        assert client.get(url("matters"), {"writer": "0379 138 0013 8000"}).context["count"] == 0


def test_a_writer_whose_digest_is_of_what_was_typed_is_still_found(office, at, client):
    client.force_login(office.people["head"])
    with at(2021, 3, 1):
        matter = letters.registered(office, "mailbox").matter
        Matter.objects.filter(pk=matter.pk).update(phone_print=sealing.fingerprint("0379-63910000"))
        assert client.get(url("matters"), {"writer": "0379-63910000"}).context["count"] == 1
