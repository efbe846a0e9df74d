"""Complaints about disclosure: to the agency above, handled by its supervisor, answered by a formal document."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gongkai.agencies import appointing, navigation
from gongkai.agencies.models import Agency, Person, Role
from gongkai.agencies.policy import Refused, actor_for
from gongkai.correspondence import (
    complaints,
    documents,
    enclosures,
    handling,
    intake,
    replies,
    tracking,
    writer,
)
from gongkai.correspondence.archiving import MatterArchive
from gongkai.correspondence.enclosures import Upload
from gongkai.correspondence.models import Matter
from gongkai.journal import chain
from gongkai.journal.models import Entry as JournalEntry
from gongkai.review import drafts, submission
from gongkai.supervision import kinds
from gongkai.supervision.models import Entry
from tests.correspondence import letters
from tests.items import approve

FILE = Upload("截图.txt", "申请回执截图（演示）".encode())


def url(name, *args):
    return reverse(f"correspondence:{name}", args=args)


def appoint(office, person, agency, role):
    system, security = (office.actor(name, "administration") for name in ("system", "security"))
    made = appointing.propose(system, person, agency, role, paper="任职文件", starts_on=date(2021, 1, 1))
    appointing.confirm(security, made)


def staffed(office):
    """The district with its three people beside the supervisor; as an office of the tests."""
    names = {"handler": Role.HANDLER, "reviewer": Role.REVIEWER, "approver": Role.APPROVER}
    people = {
        name: Person.objects.create_user(
            f"district_{name}", "password-of-1", name=f"区·{name}", agency=office.district
        )
        for name in names
    }
    for name, role in names.items():
        appoint(office, people[name], office.district, role)
    return type(office)(
        office.district, office.district, people | {"supervisor": office.people["supervisor"]}
    )


def complained(office, **more):
    facts = {"topic": "unanswered", "application": "XG0123-SQ2021-0007", "files": [FILE]} | more
    return complaints.receive(facts.pop("about", office.agency), letters.LETTER, **facts)


def test_a_complaint_goes_to_the_supervisor_above_and_no_one_of_the_agency_sees_it(office, at, client):
    with at(2021, 3, 1):
        done = complained(office)
        matter = done.matter
        assert (matter.agency, matter.about) == (office.district, office.agency)
        assert done.number == "410303-TS2021-0001" and len(done.code) == 12
        waiting = navigation.waiting(office.actor("supervisor"))
        assert [row.number for row in waiting] == [matter.number]
        assert waiting[0].title == "对区城改办的投诉：未按期答复申请"
        for name in ("handler", "reviewer", "approver", "head"):
            client.force_login(office.people[name])
            assert client.get(url("matter", matter.pk)).status_code == 404
            assert client.get(url("complaint")).context["count"] == 0
            with pytest.raises(Refused):
                writer.open_letter(office.actor(name), matter)
            assert not [row for row in navigation.waiting(office.actor(name)) if row.number == matter.number]
            assert url("complaint") not in client.get("/workbench/").content.decode(), (
                "no list that stays empty"
            )
        client.force_login(office.people["supervisor"])
        page = client.get(url("complaint"))
        assert matter.number in page.content.decode() and page.context["count"] == 1
        assert url("complaint") in client.get("/workbench/").content.decode()
        assert (
            client.get(f"{url('complaint')}?about={office.agency.pk}&topic=unanswered").context["count"] == 1
        )
        assert client.get(f"{url('complaint')}?topic=charged").context["count"] == 0
        assert client.get(f"{url('complaint')}?export=csv").status_code == 200


def test_what_the_writer_sends_is_sealed_and_its_opening_is_journaled(office, at, client):
    with at(2021, 3, 1):
        matter = complained(office).matter
        row = Matter.objects.filter(pk=matter.pk).values().get()
        kept = enclosures.of(matter)
        assert not any(canary in str(row) for canary in (letters.NAME, letters.PHONE, letters.SECRET))
        assert kept[0].file.sealed and kept[0].case_key == matter.key_id
        client.force_login(office.people["supervisor"])
        shown = client.get(url("matter", matter.pk)).content.decode()
        assert letters.SECRET not in shown and "截图.txt" in shown
        assert client.get(reverse("files:attachment", args=[kept[0].pk])).status_code == 404
        assert letters.SECRET in client.post(url("letter", matter.pk)).content.decode()
        answer = client.post(url("enclosure", matter.pk, kept[0].pk))
        assert answer.content == FILE.data and answer.headers["Cache-Control"] == "no-store"
        assert JournalEntry.objects.filter(action="correspondence.file_opened").count() == 1
        papers = MatterArchive().papers(MatterArchive().subject(matter.pk))
        assert {"截图.txt": FILE.data}.items() <= {paper.title: paper.data for paper in papers}.items()
        foreign = complained(office, files=[Upload("另一件.txt", b"1")]).matter
        assert client.post(url("enclosure", matter.pk, enclosures.of(foreign)[0].pk)).status_code == 403
        client.force_login(office.people["head"])
        assert client.post(url("enclosure", matter.pk, kept[0].pk)).status_code == 404
    assert [fault for fault in chain.verify() if "链头" not in fault.message] == []


def test_the_supervisor_accepts_asks_the_agency_orders_and_the_writer_reads_the_answer(office, at, client):
    kinds.load()
    with at(2021, 3, 1):
        district = staffed(office)
        done = complained(office)
        matter = done.matter
        due = tracking.progress(done.number, done.code).deadline["due"]
        assert due == date(2021, 3, 22), "15 working days, as the district may set otherwise"
        handling.assign(
            district.actor("supervisor"),
            matter,
            lead=district.people["handler"],
            title="对区城改办逾期答复的投诉",
        )
        client.force_login(office.people["supervisor"])
        page = client.get(url("matter", matter.pk))
        act = next(act for act in page.context["acts"] if "/complaint/" in act["url"])
        form = client.get(act["url"]).context["form"]
        typed = {name: form[name].value() or "" for name in form.fields}
        assert (typed["matter"], typed["channel"]) == (matter.number, "web")
        opened = client.post(act["url"], typed, follow=True)
        entry = Entry.objects.get(kind="complaint")
        assert (entry.agency, entry.issuer) == (office.agency, office.district), opened.content.decode()
        assert entry.number in client.get(url("matter", matter.pk)).content.decode()

        def move(who, code, **said):
            client.force_login(office.people[who])
            address = reverse("supervision:move", args=[entry.pk, code])
            form = client.get(address).context["form"]
            said = {"on": "2021-03-01", "note": "", "version": form["version"].value()} | said
            answer = client.post(address, said)
            assert answer.status_code == 302, answer.context["form"].errors
            entry.refresh_from_db()

        move("supervisor", "ask", note="请三日内说明情况。")
        seen = client.get(reverse("supervision:entry", args=[entry.pk])).content.decode()
        assert letters.NAME not in seen and letters.SECRET not in seen
        assert [row.number for row in navigation.waiting(office.actor("head"))] == [entry.number]
        move("head", "explain", statement="因工作交接延误，已于当日答复。")
        client.force_login(office.people["handler"])
        assert client.get(reverse("supervision:move", args=[entry.pk, "reject"])).status_code == 403
        move("supervisor", "uphold", outcome="投诉属实。", reply="已书面答复投诉人。")
        assert entry.state == "upheld"
        order = reverse("supervision:open", args=["notice"]) + f"?agency={office.agency.pk}&parent={entry.pk}"
        client.force_login(office.people["supervisor"])
        assert client.get(order).context["form"]["parent"].value() == str(entry.pk)

        matter.refresh_from_db()
        handler = district.actor("handler")
        reply, draft = replies.begin(handler, matter, {"body": "经核查，您反映的情况属实，已责令改正。"})
        assert draft.content["title"] == "关于对区城改办逾期答复的投诉的答复" and draft.content["to_writer"]
        revision = submission.submit(handler, draft, version=draft.version)
        for step in (1, 2, 3):
            approve(district, revision, step)
        reply.refresh_from_db()
        documents.make(reply)
        assert not tracking.progress(done.number, done.code).replies, "what was not sent is not shown"
        replies.dispatch(handler, reply, way="web")
        found = tracking.progress(done.number, done.code)
        assert [row.number for row, _files in found.replies] == [reply.number] and found.may_rate
        assert drafts.draft_of("answered_letter", matter.pk) is None


def test_who_works_for_the_agency_complained_of_handles_nothing_of_it(office, at):
    with at(2021, 3, 1):
        matter = complained(office).matter
        appoint(office, office.people["supervisor"], office.agency, Role.REVIEWER)
        partial = office.actor("supervisor")
        for act in (
            lambda: writer.open_letter(partial, matter),
            lambda: enclosures.opened(partial, matter, enclosures.of(matter)[0].pk),
            lambda: handling.redirect(partial, matter, to="petition", words="转信访"),
            lambda: handling.assign(partial, matter, lead=office.people["supervisor"], title="投诉"),
        ):
            with pytest.raises(Refused, match="被投诉的机关"):
                act()
        assert matter.events.count() == 1
        district = staffed(office)
        handling.assign(district.actor("handler"), matter, lead=district.people["handler"], title="投诉")
        reply, draft = replies.begin(district.actor("handler"), matter)
        appoint(office, district.people["handler"], office.agency, Role.HANDLER)
        with pytest.raises(Refused, match="被投诉的机关"):
            replies.save(district.actor("handler"), reply, draft.content, version=draft.version)


def test_nobody_complains_to_the_agency_itself_nor_where_nobody_supervises(office, at):
    with at(2021, 3, 1):
        assert complaints.superiors() == {office.agency: office.district}
        with pytest.raises(Refused, match="第五十一条"):
            complained(office, about=office.district)
        with pytest.raises(Refused):
            complained(office, topic="renewal")
        with pytest.raises(Refused):
            complained(office, files=[FILE] * 6)
        with pytest.raises(Refused, match="10MB"):
            complained(office, files=[Upload("大.txt", b"a" * (enclosures.LARGEST + 1))])
        with pytest.raises(Refused):
            complained(office, files=[Upload("程序.exe", b"MZ" + b"\x00" * 100)])
        for agency, about in ((office.agency, office.agency), (office.agency, office.district)):
            with pytest.raises(Refused):
                intake.register(
                    office.actor("handler"), agency, "complaint", letters.LETTER, channel="phone",
                    received_on=date(2021, 3, 1), title="投诉", about=about,
                )  # fmt: skip
        assert Matter.objects.count() == 0
        first = complained(office)
        assert first.number.endswith("-0001"), "what was refused took no number"
        for wrong in ({"about": None}, {"about": office.district}, {"kind": "mailbox"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Matter.objects.filter(pk=first.matter.pk).update(**wrong)


def test_the_supervisor_registers_what_came_by_telephone(office, at, client):
    office.agency.children.create(name="西工区征收服务所", code="XG0125")
    client.force_login(office.people["supervisor"])
    with at(2021, 3, 1):
        form = client.get(url("intake", "complaint")).context["form"]
        assert form["agency"].value() == office.district.pk
        said = {
            "agency": str(office.district.pk), "about": str(office.agency.pk), "received_on": "2021-03-01",
            "channel": "phone", "title": "对区城改办的投诉", "topic": "refused", "name": letters.NAME,
            "phone": letters.PHONE, "text": letters.LETTER.text,
        }  # fmt: skip
        assert client.post(url("intake", "complaint"), said).status_code == 302
        matter = Matter.objects.get()
        assert (matter.about, matter.number) == (office.agency, "410303-TS2021-0001")
        assert client.get(url("intake", "mailbox")).status_code == 403
    assert Agency.objects.count() == 3 and actor_for(office.people["supervisor"]).hat == "business"
