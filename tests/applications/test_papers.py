"""The forms and records of rulebook 5.3 beside the letters: whole, or refused by the name of what is missing."""

import re
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from django.core import signing
from django.test import Client
from django.utils import translation

from gongkai.agencies.models import VoidNumber
from gongkai.agencies.policy import Refused
from gongkai.applications import letters, papers, receipts, rendering, seal_register_views, wording
from gongkai.applications.intake import Upload
from gongkai.applications.models import SealUse
from gongkai.applications.papers import Entry
from gongkai.applications.personal import Party, Request
from gongkai.files.archives import packages
from gongkai.journal.models import Entry as JournalEntry
from gongkai.paperwork import pdf
from gongkai.paperwork.errors import FieldEmpty
from gongkai.portal.apply_views import RECEIPT
from gongkai.review import sheet
from gongkai.review.models import Revision
from gongkai.rulebook.letters import LETTER_KINDS
from gongkai.rulebook.receipt import Arrival, Channel
from tests.applications.cases import ID, PERSON, REQUEST, approved, came, decided, released, sent, web
from tests.paperwork import samples

DAY = date(2021, 4, 23)
MADE = (papers.APPLICATION, papers.ORAL, papers.REPLY, papers.SERVICE)
OWN_MAKER = [
    (kind, each.key) for kind in MADE for each in LETTER_KINDS[kind].required() if each.key != "title"
]


def words_of(data):
    """The text of a PDF, in one line."""
    document = pypdfium2.PdfDocument(data)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "")
    finally:
        document.close()


@pytest.mark.parametrize(("kind", "element"), OWN_MAKER)
def test_a_paper_without_one_element_is_refused_by_its_name(office, kind, element):
    entries = [Entry(each.key, each.label, "演示") for each in LETTER_KINDS[kind].required()]
    assert papers.make(kind, office.agency, entries, day=DAY).startswith(b"%PDF")
    label = {each.key: each.label for each in LETTER_KINDS[kind].required()}[element]
    for rest in (
        [each for each in entries if each.element != element],
        [Entry(e.element, e.label, " " if e.element == element else e.value) for e in entries],
    ):
        with pytest.raises(Refused, match=f"“{label}”"):
            papers.make(kind, office.agency, rest, day=DAY)
    # Room for ink is a place for the element too.
    inked = [Entry(e.element, e.label, "", 10) if e.element == element else e for e in entries]
    assert papers.make(kind, office.agency, inked, day=DAY).startswith(b"%PDF")


@pytest.mark.parametrize("kind", MADE)
def test_a_paper_whose_agency_has_no_name_is_refused(office, kind):
    """Its title is the name of the agency with that of the paper."""
    entries = [Entry(each.key, each.label, "演示") for each in LETTER_KINDS[kind].required()]
    office.agency.name = " "
    with pytest.raises(Refused, match="机关"):
        papers.make(kind, office.agency, entries, day=DAY)


# The records that other rooms make: the same check, by the name of what is missing.
OF_RECEIPT = {
    "title": {"title": ""},
    "registration_number": {"number": ""},
    "received_on": {"received_on": None},
    "channel": {"channel": ""},
    "due": {"due": None},
    "contact": {"contact": ""},
    "query_code": {"query_code": ""},
}
OF_SHEET = {
    "title": {"agency": ""},
    "sheet_number": {"number": ""},
    "information": {"subject": ""},
    "intended_release": "拟公开方式、渠道、时间",
    "attribute": "公开属性建议和理由",
    "item_by_item": {"points": ()},
    "three_opinions": {"steps": ()},
    "content_digest": {"digest": ""},
}


def test_every_record_has_a_check_of_every_element():
    checked = {*MADE, receipts.KIND, sheet.KIND, packages.CATALOGUE_KIND}
    assert checked | set(wording.TEMPLATES) == set(LETTER_KINDS)
    # Where nothing was handed in the receipt says so itself.
    assert {each.key for each in LETTER_KINDS[receipts.KIND].required()} == {*OF_RECEIPT, "materials"}
    assert {each.key for each in LETTER_KINDS[sheet.KIND].required()} == set(OF_SHEET)
    assert [each.key for each in LETTER_KINDS[packages.CATALOGUE_KIND].required()] == ["title", "file_list"]


@pytest.mark.parametrize("element", OF_RECEIPT)
def test_a_receipt_without_one_element_is_refused_by_its_name(element):
    whole = samples.receipt(contact="演示科，0379-00000000")
    assert receipts.made(whole).startswith(b"%PDF")
    label = {each.key: each.label for each in LETTER_KINDS[receipts.KIND].required()}[element]
    with pytest.raises(FieldEmpty, match=re.escape(label)):
        receipts.made(replace(whole, **OF_RECEIPT[element]))


@pytest.mark.parametrize("element", OF_SHEET)
def test_a_review_sheet_without_one_element_is_refused_by_its_name(office, at, element, monkeypatch):
    with at(2021, 4, 23):
        letter = approved(office, decided(office, web(office)))
        taken = []
        monkeypatch.setattr(pdf, "review_sheet_pdf", lambda said: taken.append(said) or b"%PDF")
        sheet.pdf(letter.release.revision)
    [whole] = taken
    sheet.whole(whole)
    without = OF_SHEET[element]
    if isinstance(without, str):
        without = {"facts": tuple(fact for fact in whole.facts if fact.name != without)}
    label = {each.key: each.label for each in LETTER_KINDS[sheet.KIND].required()}[element]
    with pytest.raises(FieldEmpty, match=re.escape(label)):
        sheet.whole(replace(whole, **without))


def test_a_file_without_documents_has_no_catalogue():
    with pytest.raises(FieldEmpty, match="卷内文件清单"):
        packages._catalogue_pdf(None, [])


def test_the_day_of_a_receipt_is_the_day_here(office, at):
    """Registered at seven in the morning in Luoyang, when it is still the day before in Greenwich."""
    with at(2021, 4, 23, hour=7):
        case = web(office)
        shown = words_of(receipts.receipt_pdf(case))
    assert shown.count("2021年4月23日") >= 2 and "2021年4月22日" not in shown


def test_the_form_says_what_was_filed_and_what_was_left_out(office, at):
    with at(2021, 4, 23):
        case = web(office)
        shown = words_of(papers.application_form(case))
        for text in (case.number, PERSON.name, PERSON.identity_number, PERSON.phone, REQUEST.title, "不需要"):
            assert text in shown
        bare = came(
            office,
            Channel.ORDINARY_MAIL,
            Arrival(DAY, confirmed=DAY),
            person=type(PERSON)(name="张三丰"),
        )
        shown = words_of(papers.application_form(bare))
    assert papers.BLANK in shown and "申请人签名见原件" in shown
    assert "申请人在网上填写并确认提交；互联网" in words_of(papers.application_form(case))


def test_the_applicant_takes_the_form_along(office, at):
    with at(2021, 4, 23):
        case = web(office)
        client = Client()
        assert client.get("/apply/done/form.pdf").status_code == 302
        client.cookies[RECEIPT.cookie] = signing.dumps(str(case.pk), salt=RECEIPT.cookie)
        assert PERSON.name in words_of(client.get("/apply/done/form.pdf").content)


def test_the_record_of_an_oral_application_names_clerk_time_and_reading_back(office, at):
    with at(2021, 4, 23):
        case = came(office, Channel.ORAL, Arrival(DAY))
        shown = words_of(papers.oral_record(case))
        assert f"居民身份证 {ID}" in shown and "提供形式：电子数据" in shown
        assert "演示·handler" in shown and "2021年4月23日 9:00" in shown and "确认无误" in shown
        with pytest.raises(Refused):
            papers.oral_record(web(office))


def test_a_paper_is_in_chinese_whatever_language_its_reader_has(office, at):
    with at(2021, 4, 23), translation.override("en"):
        several = replace(PERSON, co_applicants=(Party("李四", "passport", "E12345678"),))
        case = came(office, Channel.ORAL, Arrival(DAY), person=several)
        form, record = words_of(papers.application_form(case)), words_of(papers.oral_record(case))
        assert "张三丰（代表人）、李四" in record and "护照 E12345678" in form
        assert not re.search("resident|passport|electronic|number", form + record)
        assert translation.get_language() == "en"


def test_review_sheet_register_of_seals_and_void_number_are_in_chinese_too(office, at):
    """The sheet is filed with the letter at its release: an approver with English pages must not make it English."""
    with at(2021, 4, 23):
        case = web(office)
        letter = released(office, decided(office, case))
        revision, moment = letter.release.revision, letter.release.released_at
        usual = words_of(sheet.pdf(revision, made_on=moment))
        with translation.override("en"):
            assert words_of(sheet.pdf(revision, made_on=moment)) == usual
            with pytest.raises(Refused, match="once the first step is taken"):
                sheet.pdf(Revision(agency=office.agency))
            decided(office, case)
            register = words_of(seal_register_views.printed(list(SealUse.objects.all())))
            assert translation.get_language() == "en"
        assert register == words_of(seal_register_views.printed(list(SealUse.objects.all())))
    assert "主要领导" in usual and "事实、日期和申请内容与案卷一致" in usual and "（作废）" in register
    assert VoidNumber.objects.get().reason == "已作出其他决定"


def test_a_proof_of_service_waits_for_the_number_and_then_for_ink(office, at):
    with at(2021, 4, 23):
        letter = decided(office, web(office))
        with pytest.raises(Refused):
            papers.proof_of_service(letter)
        released(office, letter)
        shown = words_of(papers.proof_of_service(letter))
    assert letter.number in shown and PERSON.name in shown and "□ 直接送达" in shown and "____年" in shown


def test_after_the_sending_it_tells_way_and_day(office, at):
    with at(2021, 4, 23):
        letter = sent(office, decided(office, web(office)), DAY)
        shown = words_of(papers.proof_of_service(letter))
    assert "■ 直接送达" in shown and "2021年4月23日" in shown and "演示·handler" in shown


def test_the_receipt_has_every_element_of_its_kind(office, at):
    with at(2021, 4, 23):
        case = web(office)
        shown = words_of(receipts.receipt_pdf(case))
    for text in (case.number, "2021年4月23日", "2021年5月24日", "互联网", "收到材料", "联系方式", "查询码"):
        assert text in shown


def test_staff_print_them_with_a_journal_entry(office, at):
    client = Client()
    client.force_login(office.people["handler"])
    with at(2021, 4, 23):
        case = came(office, Channel.ORAL, Arrival(DAY))
        letter = released(office, decided(office, case))
        page = client.get(f"/workbench/applications/{case.pk}/").content.decode()
        assert LETTER_KINDS[1].title in page and LETTER_KINDS[3].title in page
        page = client.get(f"/workbench/letters/{letter.pk}/").content.decode()
        assert LETTER_KINDS[30].title in page
        before = JournalEntry.objects.filter(action="application.shown").count()
        for address in (
            f"/workbench/applications/{case.pk}/application-form.pdf",
            f"/workbench/applications/{case.pk}/oral-record.pdf",
            f"/workbench/letters/{letter.pk}/proof-of-service.pdf",
        ):
            assert client.get(address).content.startswith(b"%PDF")
        assert JournalEntry.objects.filter(action="application.shown").count() == before + 3
        client.force_login(office.people["supervisor"])
        assert client.get(f"/workbench/letters/{letter.pk}/proof-of-service.pdf").status_code == 404


def test_the_form_of_an_asked_party_can_be_printed_before_the_release(office, at):
    with at(2021, 4, 23):
        from gongkai.applications import notices

        letter = notices.consult_third_party(
            office.actor("handler"), web(office), name="演示建设公司", information="施工合同"
        )
        shown = words_of(papers.reply_form(letter))
    assert "演示建设公司" in shown and "施工合同" in shown and PERSON.name not in shown
    assert letters.opened(letters.draft_of(letter).content).addressee == "演示建设公司"


def test_a_sign_that_no_font_has_stops_neither_receipt_nor_letter(office, at):
    with at(2021, 4, 23):
        hostile = replace(
            PERSON, name="张😀\u202e丰", co_applicants=(Party("\ue000", "passport", "E1234567"),)
        )
        case = web(
            office,
            person=hostile,
            request=Request(title="😀", description="\x01\uffff"),
            files=[Upload("😀.txt", b"x")],
        )
        assert receipts.receipt_pdf(case).startswith(b"%PDF")
        letter = sent(office, decided(office, case), date(2021, 4, 23))
        rendering.make({"kind": "letter", "subject": letter.pk})
    assert "张〔U+1F600〕丰" in letters.opened(letters.draft_of(letter).content).addressee
    assert [row.purpose for row in rendering.files(letter)] == ["pdf", "docx"]


def test_the_longest_application_has_its_receipt_and_its_letter(office, at):
    signs = Request(title="😀" * 300, number="号" * 100, description="长" * 4000 + "😀" * 1000)
    with at(2021, 4, 23):
        case = web(office, person=replace(PERSON, name="😀" * 100), request=signs)
        assert receipts.receipt_pdf(case).startswith(b"%PDF")
        assert papers.application_form(case).startswith(b"%PDF")
        letter = sent(office, decided(office, case), date(2021, 4, 23))
        rendering.make({"kind": "letter", "subject": letter.pk})
    assert len(rendering.files(letter)) == 2
