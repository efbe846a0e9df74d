"""I7: personal data is destroyed after 鉴定 by an approved 销毁清册, and by no other door."""

import json
import uuid
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from gongkai.agencies.models import Person
from gongkai.agencies.policy import Refused
from gongkai.applications import figures, personal
from gongkai.applications.intake import Upload
from gongkai.applications.models import Application, PartyPrint
from gongkai.correspondence import handling, writer
from gongkai.files import sealing, storage
from gongkai.files.archives import (
    appraisals,
    destruction,
    filing,
    kept,
    kinds,
    menu,
    packages,
    registers,
    standing,
)
from gongkai.files.models import (
    Attachment,
    CaseKey,
    DestroyedKey,
    Destruction,
    DestructionList,
    DestructionStep,
    ErasedFile,
    FilingState,
    Package,
)
from gongkai.journal import clock, guards
from gongkai.journal.models import Entry
from gongkai.remedies import cases as remedies
from gongkai.review import erasing, releases
from gongkai.review.models import Revision
from tests import items
from tests.applications.cases import ID, PERSON
from tests.correspondence.letters import LETTER, answered
from tests.files.filed import approved, carried_out, closed, destroyed, doomed, filed, listed, witnessed
from tests.files.test_archive_packages import faults, text_of
from tests.invariants.attacks import database_refuses, neighbour, sql, unguarded
from tests.remedies.lawsuits import registered

LATER = (2032, 1, 4)


@pytest.fixture
def row(office, at):
    """The file of a case of 2021, kept for ten years."""
    with at(2021, 4, 23):
        return filed(office, closed(office, files=(Upload("身份证明.txt", "身份证复印件。".encode()),)))


def key_is_there(row):
    return CaseKey.objects.filter(pk=row.case_key).exists()


def case_of(row):
    return Application.objects.get(pk=row.subject_id)


# --- The whole way


def test_what_tells_of_people_goes_and_what_is_counted_stays(
    office, at, row, django_capture_on_commit_callbacks
):
    case = case_of(row)
    PartyPrint.objects.create(application=case, role="agent", fact="name", print="0" * 64)
    before = figures.table(office.agency, 2021), figures.channels(office.agency, 2021)
    fixed = Application.objects.filter(pk=case.pk).values().get()
    places = [storage.path_of(each) for each in Package.objects.values_list("file_id", flat=True)]
    places += [storage.path_of(each) for each in Attachment.objects.values_list("file_id", flat=True)]
    assert len(places) >= 4 and all(place.exists() for place in places)
    with at(*LATER), django_capture_on_commit_callbacks(execute=True):
        made = destroyed(office, row)
    with pytest.raises(sealing.Sealed, match="销毁"):
        personal.person(case)
    assert (figures.table(office.agency, 2021), figures.channels(office.agency, 2021)) == before
    assert before[0]["r1"]["natural_person"] == 1 and before[0]["r3_1"]["total"] == 1
    # What is counted stays; that a known person applied can no longer be asked.
    gone = dict.fromkeys(("name_print", "identity_print", "phone_print"), "")
    assert all(fixed[name] for name in gone)
    assert Application.objects.filter(pk=case.pk).values().get() == fixed | gone
    assert not PartyPrint.objects.exists() and not Attachment.objects.exists()
    assert not any(place.exists() for place in places)
    assert ErasedFile.objects.count() == len(places)
    assert FilingState.objects.get().state == "destroyed" and not key_is_there(row)
    [entry] = Entry.objects.filter(action="archive.destroyed")
    assert {table for table, *_rest in json.loads(entry.data)["covers"]} == {
        "files_destruction",
        "files_destroyedkey",
        "files_erasedfile",
    }
    assert PERSON.name not in made.content and ID not in made.content
    assert faults() == []


def test_the_registration_of_a_destroyed_case_is_still_held(office, at, row):
    with at(*LATER):
        destroyed(office, row)
    Application.objects.filter(pk=row.subject_id).update(channel="fax")
    assert any("登记内容被改动" in fault for fault in faults())


def test_the_list_is_an_official_form_with_every_word(office, at, row):
    with at(*LATER):
        doomed(office, row)
        made = listed(office, row)
        assert made.number == "销毁清册〔2032〕1号"
        open_form = text_of(registers.destruction_pdf(made))
        witnessed(office, made)
        destruction.carry_out(office.actor("handler"), made)
        made = DestructionList.objects.get()
        done = text_of(registers.destruction_pdf(made))
    squeezed = "".join(done.split())
    for words in ("档案销毁清册", row.title, "10年", "2021", "保管期限已满", "监销人", "已按本清册销毁"):
        assert words in squeezed, words
    for name in ("reviewer", "approver", "second_handler", "handler"):
        assert office.people[name].name in squeezed
    assert "同意" not in open_form and "已按本清册销毁" not in open_form
    assert [line[2:6] for line in registers.table(made)] == [["1", row.title, "2021", "10年"]]


def test_each_person_finds_the_list_in_their_inbox_in_turn(office, at, row):
    def found():
        people = ("handler", "second_handler", "reviewer", "approver", "head", "supervisor", "security")
        return [name for name in people if menu.lists(office.actor(name))]

    with at(*LATER):
        waiting = appraisals.propose(office.actor("handler"), [row.pk], "destroy", "期满。")
        assert [
            bool(menu.appraisals(office.actor(name))) for name in ("reviewer", "approver", "handler")
        ] == [
            True,
            True,
            False,
        ]
        appraisals.decide(office.actor("reviewer"), waiting, agreed=True, opinion="")
        assert not menu.appraisals(office.actor("approver"))
        made = listed(office, row)
        assert found() == ["reviewer"]
        destruction.take(office.actor("reviewer"), made, "review", agreed=True)
        assert found() == ["approver"]
        destruction.take(office.actor("approver"), made, "approve", agreed=True)
        assert found() == ["second_handler"]
        destruction.take(office.actor("second_handler"), made, "witness", agreed=True)
        assert found() == ["handler"]
        destruction.carry_out(office.actor("handler"), made)
        assert found() == []


# --- Appraisal


@pytest.mark.parametrize(
    ("result", "more", "words"),
    [
        ("burn", {}, "鉴定结果"),
        ("extend", {}, "今天之后"),
        ("extend", {"until": date(2032, 1, 4)}, "今天之后"),
        ("transfer", {"receiver": "洛阳市西工区档案馆"}, "交接文据"),
        ("destroy", {"opinion": "  "}, "鉴定意见"),
        ("destroy", {"opinion": "长" * 501}, "500"),
        ("destroy", {"filings": []}, "500"),
        ("destroy", {"filings": [uuid.UUID(int=1)]}, "不存在"),
    ],
)
def test_an_appraisal_says_what_it_must(office, at, row, result, more, words):
    said = {"filings": [row.pk], "opinion": "期满。"} | more
    with at(*LATER), pytest.raises(Refused, match=words):
        appraisals.propose(office.actor("handler"), said.pop("filings"), result, said.pop("opinion"), **said)


def test_before_its_day_a_file_is_not_appraised_and_a_permanent_one_never_destroyed(office, at, row):
    with at(2021, 4, 23):
        lasting = filed(office, closed(office), years=0)
    with at(2031, 12, 31), pytest.raises(Refused, match="2032-01-01"):
        doomed(office, row)
    with at(*LATER):
        with pytest.raises(Refused, match="永久"):
            doomed(office, lasting)
        doomed(office, row)


def test_nobody_appraises_alone(office, at, row):
    with at(*LATER):
        waiting = appraisals.propose(office.actor("head"), [row.pk], "destroy", "期满。")
        for name in ("handler", "head", "supervisor", "security"):
            with pytest.raises(Refused):
                appraisals.decide(office.actor(name), waiting, agreed=True, opinion="")
        for name in ("reviewer", "approver", "supervisor"):
            with pytest.raises(Refused):
                appraisals.propose(office.actor(name), [row.pk], "destroy", "期满。")
        with pytest.raises(Refused, match="不能鉴定"):
            appraisals.propose(office.actor("handler"), [row.pk], "destroy", "期满。")
        with pytest.raises(Refused, match="理由"):
            appraisals.decide(office.actor("approver"), waiting, agreed=False, opinion="")
        appraisals.decide(office.actor("approver"), waiting, agreed=False, opinion="再保管。")
        with pytest.raises(Refused, match="已经作出"):
            appraisals.decide(office.actor("reviewer"), waiting, agreed=True, opinion="")
        with pytest.raises(Refused, match="不能列入"):
            listed(office, row)


def test_an_extension_comes_back_on_its_day_and_what_was_handed_over_does_not(office, at, row):
    with at(2021, 4, 23):
        other = filed(office)
    with at(*LATER):
        longer = appraisals.propose(
            office.actor("handler"), [row.pk], "extend", "有争议。", until=date(2042, 1, 1)
        )
        appraisals.decide(office.actor("approver"), longer, agreed=True, opinion="")
        said = {"receiver": "洛阳市西工区档案馆", "receipt": "移交〔2032〕3号"}
        over = appraisals.propose(office.actor("handler"), [other.pk], "transfer", "接收进馆。", **said)
        appraisals.decide(office.actor("approver"), over, agreed=True, opinion="")
        state = FilingState.objects.get(filing=row)
        assert (state.state, state.appraise_on) == ("filed", date(2042, 1, 1))
        assert FilingState.objects.get(filing=other).state == "transferred"
        with pytest.raises(Refused, match="2042-01-01"):
            doomed(office, row)
        with pytest.raises(Refused, match="已经移交"):
            appraisals.propose(office.actor("handler"), [other.pk], "transfer", "再移交。", **said)
        # What stayed here of it is a copy: it goes the same way as anything else.
        destroyed(office, other)
    assert not key_is_there(other) and key_is_there(row)
    with at(2042, 1, 1):
        destroyed(office, row)
    assert faults() == []


# --- Every other door


def test_no_list_without_an_agreed_appraisal_or_with_a_wrong_witness(office, at, row):
    with at(*LATER):
        with pytest.raises(Refused, match="不能列入"):
            listed(office, row)
        doomed(office, row)
        for name in ("reviewer", "approver", "second_handler"):
            if name != "second_handler":
                with pytest.raises(Refused):
                    destruction.make(office.actor(name), office.agency, [row.pk], office.people["head"])
        for witness in ("handler", "security", "supervisor"):
            with pytest.raises(Refused, match="监销人"):
                listed(office, row, witness=witness)
        theirs = neighbour(office)
        with pytest.raises(Refused):
            destruction.make(office.actor("their_handler"), office.agency, [row.pk], office.people["head"])
        with pytest.raises(Refused, match="不存在"):
            destruction.make(office.actor("their_handler"), theirs, [row.pk], office.people["their_reviewer"])
        listed(office, row)
        with pytest.raises(Refused, match="不能列入"):
            listed(office, row)


def test_each_step_is_one_persons_and_comes_in_its_order(office, at, row):
    with at(*LATER):
        doomed(office, row)
        made = listed(office, row)
        for name in ("handler", "head", "approver", "supervisor", "security", "system"):
            with pytest.raises(Refused):
                destruction.take(office.actor(name), made, "review", agreed=True)
        with pytest.raises(Refused, match="先经"):
            destruction.take(office.actor("approver"), made, "approve", agreed=True)
        with pytest.raises(Refused, match="尚未批准"):
            destruction.take(office.actor("second_handler"), made, "witness", agreed=True)
        with pytest.raises(Refused, match="尚未批准"):
            destruction.carry_out(office.actor("handler"), made)
        approved(office, made)
        with pytest.raises(Refused, match="已经办理"):
            destruction.take(office.actor("reviewer"), made, "review", agreed=True)
        with pytest.raises(Refused, match="second_handler"):
            destruction.take(office.actor("head"), made, "witness", agreed=True)
        with pytest.raises(Refused, match="监销人须在"):
            destruction.carry_out(office.actor("handler"), made)
        destruction.take(office.actor("second_handler"), made, "witness", agreed=True)
        for name in ("reviewer", "approver", "supervisor", "security", "system"):
            with pytest.raises(Refused):
                destruction.carry_out(office.actor(name), made)
        with pytest.raises(Refused, match="不得监督自己"):
            destruction.carry_out(office.actor("second_handler"), made)
    with at(2032, 1, 5), pytest.raises(Refused, match="当日"):
        destruction.carry_out(office.actor("handler"), made)
    assert key_is_there(row)


def test_one_person_with_both_seats_is_still_one_person(office, at, row):
    """The reviewer is also deputy for the leader: the two words must be of two people."""
    from gongkai.agencies.models import Role
    from tests.invariants.attacks import appoint

    with at(*LATER):
        appoint(office, office.people["reviewer"], Role.APPROVER, deputy=True)
        appoint(office, office.people["reviewer"], Role.HANDLER)
        doomed(office, row)
        made = listed(office, row)
        destruction.take(office.actor("reviewer"), made, "review", agreed=True)
        with pytest.raises(Refused, match="两位不同"):
            destruction.take(office.actor("reviewer"), made, "approve", agreed=True)
        own = destruction.take(office.actor("handler"), made, "drop", agreed=False, opinion="重编")
        assert not own.agreed
        mine = destruction.make(
            office.actor("reviewer"), office.agency, [row.pk], office.people["second_handler"]
        )
        with pytest.raises(Refused, match="编制人"):
            destruction.take(office.actor("reviewer"), mine, "review", agreed=True)


def test_a_refused_list_ends_and_its_files_can_be_listed_anew(office, at, row):
    with at(*LATER):
        doomed(office, row)
        made = listed(office, row)
        with pytest.raises(Refused, match="理由"):
            destruction.take(office.actor("reviewer"), made, "review", agreed=False)
        destruction.take(office.actor("reviewer"), made, "review", agreed=False, opinion="含信访材料。")
        for act in (
            lambda: destruction.take(office.actor("approver"), made, "approve", agreed=True),
            lambda: destruction.carry_out(office.actor("handler"), made),
        ):
            with pytest.raises(Refused, match="终止"):
                act()
        again = witnessed(office, listed(office, row))
        assert again.number == "销毁清册〔2032〕2号"
        destruction.carry_out(office.actor("handler"), again)
        with pytest.raises(Refused, match="已经执行"):
            destruction.carry_out(office.actor("handler"), again)
    assert Destruction.objects.count() == 1


def test_a_list_changed_after_its_approval_destroys_nothing(office, at, row):
    with at(2021, 4, 23):
        other = filed(office)
    with at(*LATER):
        doomed(office, row)
        made = witnessed(office, listed(office, row))
        said = json.loads(made.content)
        said["entries"][0] |= {"key": other.case_key.hex, "filing": other.pk.hex}
        forged = json.dumps(said, ensure_ascii=False)
        database_refuses(
            "UPDATE files_destructionlist SET content = %s", forged, saying="rows are never changed"
        )
        with unguarded():
            sql("UPDATE files_destructionlist SET content = %s", forged)
        with pytest.raises(Refused, match="被改动"):
            destruction.carry_out(office.actor("handler"), made)
        assert any("销毁清册" in fault and "被改动" in fault for fault in faults())
    assert key_is_there(row) and key_is_there(other)


@pytest.mark.parametrize("when", ["proposed", "listed", "carried out"])
def test_a_pending_remedy_holds_a_case_at_every_step(office, at, row, when):
    def sued():
        return registered(office, "direct_litigation", application=case_of(row))

    with at(*LATER):
        if when == "proposed":
            remedy = sued()
            with pytest.raises(Refused, match="尚未终结"):
                doomed(office, row)
        elif when == "listed":
            doomed(office, row)
            remedy = sued()
            with pytest.raises(Refused, match="尚未终结"):
                listed(office, row)
        else:
            doomed(office, row)
            made = witnessed(office, listed(office, row))
            remedy = sued()
            assert "尚未终结" in destruction.hindrance(made)
            with pytest.raises(Refused, match="尚未终结"):
                destruction.carry_out(office.actor("handler"), made)
            remedies.decide(
                office.actor("handler"),
                remedy,
                on=clock.today(),
                detail="claim_rejected",
                version=remedy.version,
            )
            destruction.carry_out(office.actor("handler"), made)
    assert key_is_there(row) is (when != "carried out")


def test_a_case_that_is_open_or_has_an_open_offspring_is_held(office, at, row):
    from tests.applications.cases import web

    with at(2021, 4, 26):
        redo = web(office)
        Application.objects.filter(pk=redo.pk).update(origin=row.subject_id)
    with at(*LATER):
        with pytest.raises(Refused, match="尚未结案"):
            doomed(office, row)
        Application.objects.filter(pk=redo.pk).update(origin=None)
        Application.objects.filter(pk=row.subject_id).update(state="answered")
        with pytest.raises(Refused, match="尚未结案"):
            doomed(office, row)


def test_the_database_lets_no_key_go_past_a_list(office, at, row):
    key = row.case_key
    with at(*LATER):
        doomed(office, row)
        made = approved(office, listed(office, row))
    with pytest.raises(IntegrityError, match="I7"), transaction.atomic():
        sealing.destroy(key)
    for statement in (
        "DELETE FROM files_casekey",
        "UPDATE files_casekey SET wrapped = wrapped",
    ):
        database_refuses(statement, saying="I7|never changed")
    with pytest.raises(DatabaseError, match="I7"), transaction.atomic(), at(*LATER):
        # Approved, but nobody witnessed it.
        Destruction.objects.create(
            list=made,
            digest=made.digest,
            person=office.people["handler"],
            on_day=clock.today(),
            at=clock.now(),
        )
    with at(*LATER):
        made = DestructionList.objects.get()
        destruction.take(office.actor("second_handler"), made, "witness", agreed=True)
        with pytest.raises(DatabaseError, match="I7"), transaction.atomic():
            # The witness cannot be the one who destroys.
            Destruction.objects.create(
                list=made,
                digest=made.digest,
                person=office.people["second_handler"],
                on_day=clock.today(),
                at=clock.now(),
            )
        other = sealing.new_key()
        with transaction.atomic():
            done = Destruction.objects.create(
                list=made,
                digest=made.digest,
                person=office.people["handler"],
                on_day=clock.today(),
                at=clock.now(),
            )
            with pytest.raises(DatabaseError, match="I7"), transaction.atomic():
                # A key that the list does not name.
                DestroyedKey.objects.create(key=other.pk.hex, destruction=done, at=clock.now())
            transaction.set_rollback(True)
    assert key_is_there(row)


@pytest.mark.parametrize(
    ("step", "person", "role"),
    [
        ("review", "handler", "handler"),
        ("review", "approver", "approver"),
        ("approve", "reviewer", "reviewer"),
        ("witness", "head", ""),
    ],
)
def test_the_database_takes_no_word_of_a_wrong_person(office, at, row, step, person, role):
    with at(*LATER):
        doomed(office, row)
        made = listed(office, row)
        if step != "review":
            destruction.take(office.actor("reviewer"), made, "review", agreed=True)
        if step == "witness":
            destruction.take(office.actor("approver"), made, "approve", agreed=True)
        who: Person = office.people[person]
        with pytest.raises(DatabaseError, match="I7"), transaction.atomic():
            DestructionStep.objects.create(
                list=made,
                step=step,
                agreed=True,
                digest=made.digest,
                person=who,
                appointment=who.appointments.get(role=role) if role else None,
                on_day=clock.today(),
                at=clock.now(),
            )


def test_a_key_taken_past_the_guards_or_brought_back_is_found(office, at, row):
    wrapped = CaseKey.objects.get(pk=row.case_key)
    with at(*LATER):
        made = destroyed(office, row)
        assert made.count == 1 and faults() == []
        with pytest.raises(DatabaseError, match="does not come back"), transaction.atomic():
            CaseKey.objects.bulk_create([wrapped])
        with unguarded():
            CaseKey.objects.bulk_create([wrapped])
    assert any("仍在库中" in fault for fault in faults())
    with unguarded():
        CaseKey.objects.all().delete()
    with at(2033, 1, 4):
        other = closed(office)
    with unguarded():
        sealing.destroy(other.case_key)
    assert any("未经销毁清册" in fault for fault in faults())


def test_the_guards_stand_and_a_changed_cache_is_found(office, at, row):
    assert guards.missing() == []
    FilingState.objects.update(state="destroyed")
    assert any("状态缓存" in fault for fault in faults())
    standing.refresh(row)
    assert faults() == []


# --- Shared files, other kinds


def test_a_file_that_an_item_shows_too_stays_with_the_item(office, at):
    from gongkai.applications import closing, letters, rendering
    from gongkai.disclosure import items as disclosure
    from tests.applications.cases import decided, sent, web

    with at(2021, 4, 23):
        case = web(office)
        letter = decided(office, case)
        given = letters.attach(
            office.actor("handler"), letter, "征收补偿方案全文。".encode(), "方案（张三丰）.txt"
        )
        sent(office, letter, clock.today())
        rendering.make({"kind": "letter", "subject": str(letter.pk)})
        closing.close(office.actor("handler"), case)
        row = filed(office, case)
        item = items.drafted(office)
        shown = disclosure.attach(office.actor("handler"), item, "征收补偿方案全文。".encode(), "方案.txt")
        assert shown.file_id == given.file_id
    with at(*LATER):
        destroyed(office, row)
    assert storage.read(shown.file_id).decode() == "征收补偿方案全文。"
    assert not Attachment.objects.filter(name__contains="张三丰").exists()
    assert Attachment.objects.get(pk=shown.pk).name == "方案.txt"


def test_a_matter_is_destroyed_by_its_key_and_stays_counted(office, at):
    with at(2021, 3, 1):
        matter = answered(office)
        handling.close(office.actor("handler"), matter)
        row = filing.file(office.actor("handler"), kinds.kind_of("matter"), matter.pk, 10)
    assert matter.name_print
    with at(*LATER):
        destroyed(office, row)
        with pytest.raises(Refused, match="保管期满后销毁"):
            writer.open_letter(office.actor("handler"), matter)
    matter.refresh_from_db()
    assert matter.name_print == matter.phone_print == "" and matter.number and matter.answered_on
    assert LETTER.name not in json.dumps(list(DestructionList.objects.values_list("content", flat=True)))
    assert faults() == []


def test_an_item_goes_only_when_it_is_withdrawn_and_its_text_was_erased(office, at):
    with at(2021, 3, 1):
        item = items.released(office)
        row = filing.file(office.actor("handler"), kinds.kind_of("item"), item.pk, 10)
    with at(*LATER):
        with pytest.raises(Refused, match="撤下"):
            doomed(office, row)
        revision = Revision.objects.get(subject_id=item.pk)
        releases.withdraw(office.actor("reviewer"), revision.release, reason="expired")
        doomed(office, row)
        made = witnessed(office, listed(office, row))
        with pytest.raises(Refused, match="正文"):
            destruction.carry_out(office.actor("handler"), made)
        security = office.actor("security", "administration")
        erasing.erase(office.actor("reviewer"), security, revision.digest, made.number)
        carried_out(office, made)
    assert ErasedFile.objects.filter(pk=row.packages.get().file_id).exists()
    assert packages.period(row.years) == "10年" and faults() == []


# --- The list outside the database


def test_the_list_outside_remembers_each_destruction_once(office, at, row, settings):
    place = settings.INSTANCE.home / "journal" / kept.LIST
    place.unlink(missing_ok=True)
    with at(*LATER):
        made = destroyed(office, row)
    assert kept.keep() == 1 and kept.keep() == 0
    [said] = kept.read(place.read_text("utf-8").splitlines())
    assert said["list"]["number"] == made.number and row.case_key.hex in said["list"]["content"]
    # The review's reader of the same list knows the line for its own and finds nothing to erase.
    assert len(erasing.read_list(place.read_text("utf-8").splitlines())) == 1
    assert erasing.apply_again(place.read_text("utf-8").splitlines()) == (0, [])
    assert kept.read([place.read_text("utf-8").replace(made.number, "销毁清册〔2032〕9号")]) == []
    place.unlink()


def test_nothing_is_half_destroyed(office, at, row, monkeypatch):
    with at(*LATER):
        doomed(office, row)
        made = witnessed(office, listed(office, row))

        def broken(key):
            raise RuntimeError("power cut")

        monkeypatch.setattr(sealing, "destroy", broken)
        with pytest.raises(RuntimeError), transaction.atomic():
            destruction.carry_out(office.actor("handler"), made)
    assert key_is_there(row) and not Destruction.objects.exists() and not ErasedFile.objects.exists()
    assert personal.person(case_of(row)).name == PERSON.name
    assert connection.vendor
