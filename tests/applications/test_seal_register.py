"""The register of seal use and the plug of an electronic seal (issue 3 Build 4)."""

import io
import json
import time

import pypdfium2
import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.agencies import options
from gongkai.agencies.policy import Refused
from gongkai.applications import rendering, seal_register_views, sealing_register, service
from gongkai.applications.models import SealUse
from gongkai.files import storage
from gongkai.journal import chain
from gongkai.journal.models import Entry, NeverChanged
from tests.applications.cases import approved, decided, sent, stamped, web

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def letter(office, at):
    with at(2026, 3, 2):
        yield approved(office, decided(office, web(office)))


@pytest.fixture
def plug():
    """Plug an e-seal in for one test."""
    names = []

    def register(apply, name="fake"):
        sealing_register.register_means(name, "演示电子印章", apply)
        names.append(name)
        return name

    yield register
    for name in names:
        sealing_register.remove_means(name)


def send(office, letter):
    return service.dispatch(office.actor("handler"), letter, way="direct", on=letter.dated, words="本人签收")


def test_a_letter_goes_out_only_stamped_unless_the_agency_says_otherwise(office, letter):
    with pytest.raises(Refused) as refusal:
        send(office, letter)
    assert "印章管理" in refusal.value.article
    stamped(office, letter)
    send(office, letter)
    other = approved(office, decided(office, web(office)))
    options.change(office.actor("head"), office.agency, {sealing_register.REQUIRED: False})
    other.agency.refresh_from_db()
    send(office, other)


def test_a_line_names_copies_approver_keeper_and_day_and_has_the_next_number(office, letter):
    stamped(office, letter, copies=3)
    row = letter.seal_uses.get()
    assert (row.number, row.copies, row.on, row.method) == ("XG0123-印-2026-0001", 3, letter.dated, "stamp")
    assert (row.approved_by, row.sealed_by) == (office.people["approver"], office.people["head"])
    stamped(office, letter, copies=1)
    assert [row.number for row in letter.seal_uses.order_by("pk")][-1] == "XG0123-印-2026-0002"
    assert [f.message for f in chain.verify() if "链头" not in f.message] == []


@pytest.mark.parametrize(
    ("person", "copies", "by"),
    [("handler", 2, "stamp"), ("approver", 2, "stamp"), ("reviewer", 2, "stamp"), ("head", 0, "stamp"),
     ("head", 100, "stamp"), ("head", 2, "no-such-means"), ("supervisor", 2, "stamp")],
)  # fmt: skip
def test_who_wrote_or_approved_does_not_stamp_and_a_refusal_takes_no_number(
    office, letter, person, copies, by
):
    with pytest.raises(Refused):
        sealing_register.stamp(office.actor(person), letter, copies=copies, by=by)
    assert not SealUse.objects.exists()
    stamped(office, letter)
    assert SealUse.objects.get().number.endswith("-0001")


def test_who_may_approve_is_a_leader_or_whom_the_agency_authorises(office, letter):
    head, second = office.people["head"], office.actor("second_handler")
    with pytest.raises(Refused):
        sealing_register.stamp(second, letter, copies=1, approved_by=head)
    options.change(office.actor("head"), office.agency, {sealing_register.HEAD_APPROVES: True})
    letter.agency.refresh_from_db()
    assert sealing_register.stamp(second, letter, copies=1, approved_by=head).approved_by == head
    with pytest.raises(Refused):
        sealing_register.stamp(office.actor("head"), letter, copies=1, approved_by=head)


def test_an_unreleased_a_dropped_and_a_sent_letter_are_not_stamped(office, at, letter):
    draft = decided(office, web(office))
    with pytest.raises(Refused):
        stamped(office, draft)
    case = letter.application
    case.refresh_from_db()
    stamped(office, letter)
    decided(office, case)
    letter.refresh_from_db()
    assert letter.dropped
    with pytest.raises(Refused):
        stamped(office, letter)
    went = sent(office, decided(office, web(office)), letter.dated)
    with pytest.raises(Refused):
        stamped(office, went)


def test_the_database_refuses_a_forged_line(office, letter):
    people = office.people
    line = {"agency": office.agency, "number": "X", "on": letter.dated, "copies": 1, "at": letter.created_at}
    draft = decided(office, web(office))
    for forged in (
        {"letter": draft, "approved_by": people["approver"], "sealed_by": people["head"]},
        {"letter": letter, "approved_by": people["head"], "sealed_by": people["head"]},
    ):
        with pytest.raises(DatabaseError, match="applications_sealuse"), transaction.atomic():
            SealUse.objects.create(**line, **forged)
    stamped(office, letter)
    row = letter.seal_uses.get()
    row.copies = 9
    with pytest.raises(NeverChanged):
        row.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE applications_sealuse SET copies = 9")


def sealed_by_a_fake(pdf, letter):
    """Gives the PDF an additional page, as an e-seal changes the bytes."""
    document = pypdfium2.PdfDocument(pdf)
    document.new_page(200, 200)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def test_what_an_e_seal_made_is_what_goes_out(office, letter, plug, client):
    stamped(office, letter, by=plug(sealed_by_a_fake))
    row = letter.seal_uses.get()
    assert row.method == "fake"
    rendering.make({"kind": "letter", "subject": str(letter.pk)})
    fair = next(each for each in rendering.files(letter) if each.purpose == "pdf")
    out = sealing_register.outgoing(letter)
    assert out == row.file and out.file_id != fair.file_id
    data = storage.read(out.file_id, case_key=out.case_key)
    assert data.startswith(b"%PDF-")
    with pytest.raises(Refused):
        stamped(office, letter, by="fake")
    send(office, letter)
    entries = {
        each.action: each for each in Entry.objects.filter(action__in=("letter.stamped", "letter.dispatched"))
    }
    assert json.loads(entries["letter.stamped"].data)["digest"] == out.file_id
    assert json.loads(entries["letter.dispatched"].data)["digest"] == out.file_id
    client.force_login(office.people["handler"], backend=BACKEND)
    page = client.get(f"/workbench/letters/{letter.pk}/").content.decode()
    assert "演示电子印章" in page and f"/kept/{out.pk}/" in page
    assert client.get(f"/workbench/letters/{letter.pk}/kept/{out.pk}/").content == data


def _fails(pdf, letter):
    raise RuntimeError("连接被拒绝 secret-token")


@pytest.mark.parametrize(
    "apply",
    [_fails, lambda pdf, letter: pdf, lambda pdf, letter: b"not a pdf", lambda pdf, letter: None,
     lambda pdf, letter: b"%PDF-" + b"0" * (20 * 1024 * 1024)],
)  # fmt: skip
def test_a_failing_e_seal_changes_nothing_and_says_so(office, letter, plug, apply):
    with pytest.raises(Refused) as refusal:
        stamped(office, letter, by=plug(apply))
    assert "演示电子印章" in refusal.value.message and "secret-token" not in refusal.value.message
    assert not SealUse.objects.exists() and sealing_register.lacking(letter)
    stamped(office, letter)
    assert SealUse.objects.get().number.endswith("-0001")


def test_a_slow_e_seal_is_not_waited_for(office, letter, plug, monkeypatch):
    monkeypatch.setattr(sealing_register, "SECONDS", 0.05)
    with pytest.raises(Refused):
        stamped(office, letter, by=plug(lambda pdf, letter: time.sleep(1) or pdf + b"late"))
    assert not SealUse.objects.exists()


def test_a_means_has_a_name_of_its_own():
    for name in ("stamp", "", "x" * 41):
        with pytest.raises(ValueError):
            sealing_register.register_means(name, "演示", sealed_by_a_fake)


def test_the_register_is_listed_exported_printed_and_marks_what_is_void(office, letter, client):
    stamped(office, letter)
    case = letter.application
    case.refresh_from_db()
    decided(office, case)
    client.force_login(office.people["supervisor"], backend=BACKEND)
    page = client.get("/workbench/seal-register/").content.decode()
    assert "XG0123-印-2026-0001" in page and letter.number in page and "张三丰" not in page
    assert client.get("/workbench/seal-register/?export=xlsx").content.startswith(b"PK")
    printed = client.get("/workbench/seal-register/?print=1")
    assert printed["Content-Type"] == "application/pdf"
    text = text_of(printed.content)
    assert "用印登记簿" in text and "XG0123-印-2026-0001" in text and "（作废）" in text
    assert "XG0123-印-2026-0001" not in client.get("/workbench/seal-register/?year=2025").content.decode()
    client.force_login(office.people["system"], backend=BACKEND)
    assert client.get("/workbench/seal-register/").status_code in (403, 404)
    assert seal_register_views.printed([]).startswith(b"%PDF-")


def text_of(data):
    document = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return "".join(text.split())


def test_the_page_stamps_and_keeps_what_was_typed(office, letter, client):
    client.force_login(office.people["handler"], backend=BACKEND)
    where = f"/workbench/letters/{letter.pk}/stamp/"
    said = {"copies": "4", "approved_by": str(office.people["approver"].pk), "by": "stamp"}
    kept = client.post(where, said).content.decode()
    assert 'value="4"' in kept and not SealUse.objects.exists()
    client.force_login(office.people["head"], backend=BACKEND)
    assert client.post(where, said).status_code == 302
    assert SealUse.objects.get().copies == 4
    page = client.get(f"/workbench/letters/{letter.pk}/").content.decode()
    assert "XG0123-印-2026-0001" in page
