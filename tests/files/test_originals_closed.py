"""What is attached is stored without its properties; what it was made from is kept, closed, and read with a trace."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from gongkai.disclosure import items
from gongkai.files import cleaning, storage
from gongkai.files.models import Derived, StoredFile
from gongkai.journal import chain
from gongkai.journal.models import Entry
from gongkai.review import drafts, erasing, submission
from gongkai.screening import Kind, screen_file
from gongkai.screening.redaction import Order
from tests.items import drafted, submitted
from tests.screening import plants_word, traces
from tests.screening.planting import ID
from tests.screening.test_redaction_properties import PLANTED, document, photograph

NAMED = "身份证" + ID


def logged_in(office, name):
    client = Client()
    client.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_attachment_is_stored_clean_and_the_file_as_it_came_is_kept(office):
    item, old = drafted(office), document()
    row = items.attach(office.actor("handler"), item, old, "公告.docx")
    assert not traces.where(storage.read(row.file_id), PLANTED)
    [derived] = cleaning.history("item", item.pk)
    assert (derived.how, derived.result_id) == ("cleaned", row.file_id)
    assert cleaning.name_of(derived) == "公告.docx"
    assert storage.read(derived.original_id) == old
    # What went is told in words, without what it said.
    assert derived.removed and PLANTED not in str(derived.removed)
    # The heads of the chain lie outside a test that commits nothing.
    assert not [fault for fault in chain.verify() if fault.row]


def test_a_picture_of_the_text_is_cleaned_too(office):
    item = drafted(office)
    row = items.picture(office.actor("handler"), item, photograph(), "现场.jpg")
    assert not traces.where(storage.read(row.file_id), PLANTED)


def test_what_carries_nothing_is_stored_as_it_came(office):
    item = drafted(office)
    row = items.attach(office.actor("handler"), item, "正文。".encode(), "说明.txt")
    assert storage.read(row.file_id) == "正文。".encode()
    assert not cleaning.history("item", item.pk).exists()


def test_a_signed_file_is_stored_as_it_came_and_the_handler_and_the_screening_say_so(office):
    item = drafted(office)
    signed = plants_word.with_parts(document(), {"_xmlsignatures/sig1.xml": b"<Signature/>"})
    page = logged_in(office, "handler").post(
        reverse("disclosure:attach", args=[item.pk]),
        {"attachment": SimpleUploadedFile("批复.docx", signed)},
        follow=True,
    )
    assert "“批复.docx”：文件带有电子签名" in page.content.decode()
    assert "属性未清除" in page.content.decode()
    [file] = storage.attached("item", item.pk)
    assert storage.read(file.file_id) == signed
    kinds = {each.kind for each in screen_file(signed, "批复.docx").findings}
    assert Kind.DOCUMENT_METADATA in kinds


def test_only_the_staff_of_the_agency_reads_an_original_and_the_journal_says_who(office):
    item, old = drafted(office), document()
    items.attach(office.actor("handler"), item, old, "公告.docx")
    [derived] = cleaning.history("item", item.pk)
    address = reverse("files:original", args=[derived.pk])
    for name in ("supervisor", "system", "security", "audit"):
        assert logged_in(office, name).get(address).status_code == 404
    assert Client().get(address).status_code in (302, 404)
    answer = logged_in(office, "reviewer").get(address)
    assert answer.content == old
    assert "attachment" in answer["Content-Disposition"]
    entry = Entry.objects.filter(action="file.original_read").get()
    assert entry.actor == str(office.people["reviewer"].pk)
    assert entry.subject_id == str(item.pk)


def redacted(office, item, row):
    outcome = cleaning.redact(row, Order(kinds=frozenset({Kind.RESIDENT_ID})))
    return cleaning.replace(office.actor("handler"), row, outcome)


def test_the_file_before_redaction_is_closed_as_an_original(office):
    item = drafted(office)
    row = items.attach(office.actor("handler"), item, plants_word.text(NAMED), "名单.docx")
    new = redacted(office, item, row)
    assert new.name == "名单.docx"
    assert not traces.where(storage.read(new.file_id), ID)
    old_address = reverse("files:attachment", args=[row.pk])
    assert logged_in(office, "supervisor").get(old_address).status_code == 404
    assert logged_in(office, "handler").get(old_address).status_code == 200
    assert Entry.objects.filter(action="file.original_read").count() == 1
    assert logged_in(office, "supervisor").get(reverse("files:attachment", args=[new.pk])).status_code == 200
    assert [each.how for each in cleaning.made(new)] == ["redacted", "cleaned"]


def test_no_row_about_an_original_is_changed_or_deleted(office):
    item = drafted(office)
    items.attach(office.actor("handler"), item, document(), "公告.docx")
    for statement in (
        "UPDATE files_derived SET how = 'redacted'",
        "DELETE FROM files_derived",
        "DELETE FROM files_storedfile",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_an_erasure_takes_the_originals_behind_its_files(office):
    from gongkai.files.models import ErasedFile

    item = drafted(office)
    row = items.attach(office.actor("handler"), item, plants_word.text(NAMED), "名单.docx")
    new = redacted(office, item, row)
    draft = drafts.draft_of("item", item.pk)
    drafts.save(
        office.actor("handler"), "item", item.pk, office.agency,
        draft.content | {"attachments": [str(new.pk)]}, version=draft.version,
    )  # fmt: skip
    revision = submitted(office, item)
    submission.recall(office.actor("handler"), revision)
    security = office.actor("security", "administration")
    erasing.erase(office.actor("reviewer"), security, revision.digest, "鉴定后销毁，西城改销〔2021〕1号")
    digests = {new.file_id, *(each.original_id for each in Derived.objects.filter(owner_id=item.pk))}
    assert set(ErasedFile.objects.values_list("pk", flat=True)) == digests
    assert StoredFile.objects.filter(pk__in=digests).count() == 3


def test_the_enclosure_of_a_letter_goes_out_clean_and_is_still_known_as_what_it_was(office, at):
    from gongkai.agencies.policy import Refused
    from gongkai.applications import letters, partial
    from tests.applications.cases import decided, web

    with at(2021, 4, 23):
        letter, old = decided(office, web(office)), document()
        row = letters.attach(office.actor("handler"), letter, old, "方案.docx")
        assert not traces.where(storage.read(row.file_id), PLANTED)
        with pytest.raises(Refused):
            letters.attach(office.actor("handler"), letter, old, "方案.docx", purpose=partial.ORIGINAL)
