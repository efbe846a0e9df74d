"""Every channel: the receipt day of art. 31, the evidence it needs, and what is never refused."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from gongkai.agencies.policy import Refused
from gongkai.applications import intake, personal, wanted
from gongkai.applications.intake import Upload
from gongkai.applications.models import Application, State
from gongkai.applications.personal import Person, Request
from gongkai.files import storage
from gongkai.rulebook.receipt import Addressee, Arrival, Channel
from tests.applications.cases import PERSON, REQUEST, came, taken, web

D = date(2021, 4, 22)
NEXT = date(2021, 4, 23)


@pytest.mark.parametrize(
    ("channel", "arrival", "received"),
    [
        (Channel.COUNTER, Arrival(D), D),
        (Channel.ORAL, Arrival(D), D),
        (Channel.REGISTERED_MAIL, Arrival(D, signed=NEXT), NEXT),
        (Channel.ORDINARY_MAIL, Arrival(D, confirmed=NEXT), NEXT),
        (Channel.FAX, Arrival(D, confirmed=NEXT), NEXT),
        (Channel.EMAIL, Arrival(D, confirmed=NEXT), NEXT),
    ],
)
def test_the_receipt_day_follows_the_channel(office, at, channel, arrival, received):
    with at(2021, 4, 23):
        case = came(office, channel, arrival)
    assert (case.state, case.received_on) == (State.PROCESSING, received)


@pytest.mark.parametrize(
    ("channel", "arrival"),
    [
        (Channel.REGISTERED_MAIL, Arrival(D)),
        (Channel.ORDINARY_MAIL, Arrival(D)),
        (Channel.FAX, Arrival(D)),
        (Channel.EMAIL, Arrival(D)),
        (Channel.REGISTERED_MAIL, Arrival(D, signed=D, addressee=Addressee.OTHER)),
    ],
)
def test_without_its_evidence_it_is_registered_and_its_clock_starts_at_the_confirmation(
    office, at, channel, arrival
):
    with at(2021, 4, 22):
        case = came(office, channel, arrival)
        assert (case.state, case.due_on, case.number) == (State.REGISTERED, None, "XG0123-2021-0001")
    with at(2021, 4, 23):
        case = intake.confirm(office.actor("handler"), case, NEXT)
    assert (case.state, case.received_on, case.due_on) == (State.PROCESSING, NEXT, date(2021, 5, 24))
    with at(2021, 4, 25), pytest.raises(Refused) as refusal:
        intake.confirm(office.actor("handler"), case, NEXT)
    assert "第三十一条" in refusal.value.article


def test_an_oral_application_is_read_back(office, at):
    with at(2021, 4, 22), pytest.raises(Refused) as refusal:
        intake.register(
            office.actor("handler"), office.agency, taken(), channel=Channel.ORAL, arrival=Arrival(D)
        )
    assert "第二十九条第一款" in refusal.value.article
    assert not Application.objects.exists()


def test_a_letter_that_lacks_something_is_registered_all_the_same(office, at):
    with at(2021, 4, 22):
        case = came(
            office,
            Channel.REGISTERED_MAIL,
            Arrival(D, signed=D),
            person=Person(name="李某"),
            request=Request(description="拆迁的文件"),
        )
    assert case.state == State.PROCESSING


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("name", {"person": replace(PERSON, name=" ")}),
        ("identity_number", {"person": replace(PERSON, identity_number="110105194912310021")}),
        ("identity_number", {"person": replace(PERSON, identity="credit_code", identity_number="123")}),
        ("phone", {"person": replace(PERSON, phone="", email="")}),
        ("address", {"person": replace(PERSON, address=""), "request": replace(REQUEST, way="post")}),
        ("email", {"person": replace(PERSON, email=""), "request": replace(REQUEST, way="email")}),
        ("description", {"request": Request()}),
        ("description", {"request": Request(description="长" * 5001)}),
        ("representative", {"kind": "commercial_enterprise"}),
        ("applicant_kind", {"kind": "total"}),
    ],
)
def test_the_public_form_says_what_is_missing(office, at, field, more):
    with at(2021, 4, 22), pytest.raises(intake.Incomplete) as refusal:
        web(office, **more)
    assert field in refusal.value.problems
    assert not Application.objects.exists()


def test_a_disguised_file_is_refused_and_nothing_is_registered(office, at):
    with at(2021, 4, 22), pytest.raises(Refused, match=r"身份证\.pdf"):
        web(office, files=[Upload("身份证.pdf", b"MZ\x90\x00" + b"\0" * 600)])
    assert not Application.objects.exists()


def test_files_are_sealed_and_keep_their_names_for_staff_only(office, at):
    with at(2021, 4, 22):
        case = web(office, files=[Upload("张三丰的授权委托书.txt", "委托王五办理".encode())])
    [row] = storage.attached("application", case.pk)
    assert row.name == "material-1.txt"
    assert "委托王五" not in storage.path_of(row.file_id).read_bytes().decode("latin-1")
    assert storage.read(row.file_id, case_key=row.case_key).decode() == "委托王五办理"
    assert personal.request(case).materials == ("张三丰的授权委托书.txt",)


def test_a_number_is_given_only_with_the_application(office, at, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("cut off")

    with at(2021, 4, 22):
        monkeypatch.setattr(intake, "_registered", fail)
        with pytest.raises(RuntimeError):
            web(office)
        monkeypatch.undo()
        assert web(office).number == "XG0123-2021-0001"


def test_a_file_of_other_content_under_the_same_name_is_no_repeat(office, at):
    """Only names were compared once: whoever had mended a scan got the receipt of the first, and the scan was lost."""
    submission = uuid4()

    def send(*files):
        return intake.submit(office.agency, taken(files=files), submission=submission)

    with at(2021, 4, 23):
        sent = (Upload("附图.txt", "第一页".encode()), Upload("委托书.txt", b"1", wanted.AUTHORITY))
        case = send(*sent)
        assert send(*sent) == case
        for other in (
            Upload("附图.txt", "第二页".encode()),
            Upload("附图.txt", "第一页，续".encode()),
            Upload("附图.txt", "第一页".encode(), wanted.APPOINTMENT),
        ):
            with pytest.raises(intake.RegisteredAlready):
                send(other, sent[1])
        # What is gone from the disk cannot be compared any more; its applicant still gets the receipt.
        storage.path_of(storage.attached("application", case.pk)[0].file_id).unlink()
        assert send(*sent) == case
    assert Application.objects.count() == 1
