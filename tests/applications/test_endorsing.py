"""Countersigning and legal review: bound to exactly one content, before the three steps (issue 3 Build 4)."""

import pypdfium2
import pytest

from gongkai.agencies import appointing, navigation, options
from gongkai.agencies.models import Agency, Person, Role
from gongkai.agencies.policy import BUSINESS, Refused, actor_for
from gongkai.applications import endorsing, letters, rendering
from gongkai.applications.models import Endorsement, Stage
from gongkai.files import storage
from gongkai.journal import chain, clock
from gongkai.journal.models import Entry
from gongkai.review.submission import Incomplete
from tests.applications.cases import approved, complete, decided, web

BACKEND = "django.contrib.auth.backends.ModelBackend"


def hire(office, name, role, agency=None):
    where = agency or office.agency
    person = Person.objects.create_user(name, f"{name}-password-1", name=f"演示·{name}", agency=where)
    appoint(office, person, role, where)
    office.people[name] = person
    return person


def appoint(office, person, role, agency):
    made = appointing.propose(
        office.actor("system", "administration"),
        person,
        agency,
        role,
        paper="任职文件",
        starts_on=clock.today(),
    )
    appointing.confirm(office.actor("security", "administration"), made)


@pytest.fixture
def wanted(office, at):
    """An agency that asks for both, its people, and a complete letter."""
    with at(2026, 3, 2):
        hire(office, "countersigner", Role.COUNTERSIGNER)
        hire(office, "lawyer", Role.LEGAL_REVIEWER)
        options.change(
            office.actor("head"),
            office.agency,
            {endorsing.ASKED[Stage.COUNTERSIGN]: True, endorsing.ASKED[Stage.LEGAL]: True},
        )
        case = web(office)
        letter = decided(office, case)
        letter.agency.refresh_from_db()
        complete(office, letter)
        yield letter


def offer(office, letter):
    version = letters.draft_of(letter).version
    assert endorsing.go_on(office.actor("handler"), letter, version=version) is None
    letter.refresh_from_db()


def word(office, name, letter, agreed=True, opinion=""):
    letter.refresh_from_db()
    return endorsing.endorse(office.actor(name), letter, agreed=agreed, opinion=opinion, seen=letter.offered)


def test_the_three_steps_begin_once_everybody_agreed_to_exactly_this_text(office, wanted):
    letter = wanted
    with pytest.raises(Incomplete) as refusal:
        letters.submit(office.actor("handler"), letter, version=letters.draft_of(letter).version)
    assert [each.field for each in refusal.value.problems] == [endorsing.FIELD]
    offer(office, letter)
    with pytest.raises(Refused):
        word(office, "lawyer", letter)
    word(office, "countersigner", letter, opinion="与我科职责相符")
    with pytest.raises(Incomplete):
        letters.submit(office.actor("handler"), letter, version=letters.draft_of(letter).version)
    word(office, "lawyer", letter, opinion="依据正确")
    approved(office, letter)
    assert letter.number
    rendering.make({"kind": "letter", "subject": str(letter.pk)})
    said = text_of_pdf(rendering.signed_draft(letter))
    for words in (
        "会签",
        "合法性审核",
        "演示·lawyer",
        "依据正确",
        "与我科职责相符",
        letter.release.digest[:16],
    ):
        assert words in said, words
    assert [f.message for f in chain.verify() if "链头" not in f.message] == []


def text_of_pdf(row):
    document = pypdfium2.PdfDocument(storage.read(row.file_id, case_key=row.case_key))
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return "".join(text.split())


def test_a_later_save_an_added_file_and_another_day_of_law_ask_anew(office, wanted, at):
    letter = wanted
    offer(office, letter)
    word(office, "countersigner", letter)
    word(office, "lawyer", letter)
    handler = office.actor("handler")
    assert endorsing.lacking(letter) is None
    draft = letters.draft_of(letter)
    letters.save(handler, letter, {"conclusion": "改动一字。"}, version=draft.version)
    assert endorsing.lacking(letter) is Stage.COUNTERSIGN
    with pytest.raises(Incomplete):
        letters.submit(handler, letter, version=letters.draft_of(letter).version)
    offer(office, letter)
    word(office, "countersigner", letter)
    letters.attach(handler, letter, "附件".encode(), "附件.txt")
    assert endorsing.lacking(letter) is Stage.COUNTERSIGN and endorsing.waiting_for(letter) is None
    with pytest.raises(Refused):
        word(office, "lawyer", letter)


def test_a_returned_letter_shows_its_reason_and_must_change(office, wanted, client):
    letter = wanted
    offer(office, letter)
    with pytest.raises(Refused):
        word(office, "countersigner", letter, agreed=False)
    word(office, "countersigner", letter, agreed=False, opinion="第二段引用的条款不对")
    client.force_login(office.people["handler"], backend=BACKEND)
    page = client.get(f"/workbench/letters/{letter.pk}/").content.decode()
    assert page.count("第二段引用的条款不对") >= 2
    assert "第二段引用的条款不对" in client.get(f"/workbench/letters/{letter.pk}/edit/").content.decode()
    with pytest.raises(Refused):
        offer(office, letter)
    draft = letters.draft_of(letter)
    letters.save(office.actor("handler"), letter, {"conclusion": "已改。"}, version=draft.version)
    offer(office, letter)
    assert endorsing.waiting_for(letter) is Stage.COUNTERSIGN


def test_nobody_endorses_what_they_wrote(office, wanted):
    letter = wanted
    appoint(office, office.people["handler"], Role.COUNTERSIGNER, office.agency)
    offer(office, letter)
    with pytest.raises(Refused) as refusal:
        word(office, "handler", letter)
    assert "第十七条" in refusal.value.article


def test_what_was_shown_is_what_is_endorsed(office, wanted):
    letter = wanted
    offer(office, letter)
    seen = letter.offered
    draft = letters.draft_of(letter)
    letters.save(office.actor("handler"), letter, {"conclusion": "换过。"}, version=draft.version)
    offer(office, letter)
    with pytest.raises(Refused):
        endorsing.endorse(office.actor("countersigner"), letter, agreed=True, seen=seen)
    assert not Endorsement.objects.exists()


def test_the_inbox_asks_one_after_the_other_and_then_the_drafter(office, wanted):
    letter = wanted

    def inbox(name):
        return [row for row in navigation.waiting(office.actor(name)) if str(letter.pk) in row.url]

    assert inbox("countersigner") == inbox("lawyer") == []
    offer(office, letter)
    assert [str(row.step) for row in inbox("countersigner")] == [Stage.COUNTERSIGN.label]
    assert inbox("lawyer") == []
    word(office, "countersigner", letter)
    assert inbox("countersigner") == [] and len(inbox("lawyer")) == 1
    assert str(letter.pk) in inbox("lawyer")[0].url and "张三丰" not in inbox("lawyer")[0].title
    word(office, "lawyer", letter)
    assert inbox("lawyer") == [] and len(inbox("handler")) == 1


def test_i6_an_endorser_reads_the_letter_before_them_and_nothing_else(office, wanted, client):
    letter = wanted
    case = letter.application
    other = web(office)
    second = decided(office, other)
    client.force_login(office.people["countersigner"], backend=BACKEND)
    endorse = f"/workbench/letters/{letter.pk}/endorse/"
    # Not yet put before them: it does not exist for them.
    assert client.get(endorse).status_code == 404
    letters.attach(office.actor("handler"), letter, "附件内容".encode(), "附件.txt")
    offer(office, letter)
    before = Entry.objects.filter(action="application.shown").count()
    page = client.get(endorse).content.decode()
    assert "张三丰" in page and "附件.txt" in page
    shown = Entry.objects.filter(action="application.shown").order_by("seq")
    assert shown.count() == before + 1 and shown.last().actor == str(office.people["countersigner"].pk)
    [file] = [row.pk for row in storage.attached("letter", letter.pk)]
    assert client.get(f"{endorse}{file}/").content.decode() == "附件内容"
    for address in (
        f"applications/{case.pk}/",
        f"applications/{case.pk}/decide/",
        f"applications/{other.pk}/",
        f"letters/{letter.pk}/",
        f"letters/{letter.pk}/edit/",
        f"letters/{letter.pk}/stamp/",
        f"letters/{letter.pk}/send/",
        f"letters/{second.pk}/",
        f"letters/{second.pk}/endorse/",
    ):
        assert client.get(f"/workbench/{address}").status_code == 404, address
    client.force_login(office.people["lawyer"], backend=BACKEND)
    assert client.get(endorse).status_code == 404
    elsewhere = Agency.objects.create(name="另一机关", code="OTHER9", document_mark="另公")
    hire(office, "stranger", Role.COUNTERSIGNER, elsewhere)
    client.force_login(office.people["stranger"], backend=BACKEND)
    assert client.get(endorse).status_code == 404
    with pytest.raises(Refused):
        endorsing.endorse(
            actor_for(office.people["stranger"], BUSINESS), letter, agreed=True, seen=letter.offered
        )


def test_the_page_takes_the_word(office, wanted, client):
    letter = wanted
    offer(office, letter)
    client.force_login(office.people["countersigner"], backend=BACKEND)
    endorse = f"/workbench/letters/{letter.pk}/endorse/"
    kept = client.post(endorse, {"seen": letter.offered, "decision": "return", "opinion": ""})
    assert kept.status_code == 200 and not Endorsement.objects.exists()
    client.post(endorse, {"seen": letter.offered, "decision": "approve", "opinion": "同意会签"})
    row = Endorsement.objects.get()
    assert row.agreed and row.stage == Stage.COUNTERSIGN and "同意会签" not in row.sealed
    assert "同意会签" in client.get(endorse).content.decode()


def test_an_agency_that_asks_for_nothing_goes_straight_to_the_three_steps(office, at):
    with at(2026, 3, 2):
        letter = decided(office, web(office))
        complete(office, letter)
        assert endorsing.lacking(letter) is None
        assert endorsing.go_on(office.actor("handler"), letter, version=letters.draft_of(letter).version)
