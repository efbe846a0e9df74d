"""An item as a file to keep: what the page shows now, gone with the withdrawal, made once."""

import io
import os
import shutil

import pytest
from django.test import Client
from docx import Document
from docx.oxml.ns import qn

from gongkai.channels import tree
from gongkai.paperwork import released_files
from gongkai.paperwork.errors import LayoutFailed
from gongkai.portal import item_documents
from gongkai.review import releases
from gongkai.review.models import Withdrawal
from tests.items import drafted, released, submitted
from tests.portal import sites


@pytest.fixture
def written(committed):
    sites.fresh()
    sites.name_site(committed)
    shutil.rmtree(item_documents.folder(), ignore_errors=True)
    return committed


def address(item, kind):
    return f"/documents/{item.index_number.replace('/', '-')}.{kind}"


def words(response):
    document = Document(io.BytesIO(b"".join(response.streaming_content)))
    return "".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def test_the_word_file_says_what_the_page_says(written):
    item = released(written)

    response = Client().get(address(item, "docx"))

    assert response["Content-Disposition"].startswith("attachment")
    said = words(response)
    assert item.title in said
    assert item.index_number in said
    assert "东至王城大道，西至健康路。" in said
    assert f"/items/{item.index_number.replace('/', '-')}/" in said


def test_the_pdf_is_one(written):
    item = released(written)
    response = Client().get(address(item, "pdf"))
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_the_page_offers_both(written):
    item = released(written)
    page = tree.read(f"items/{item.index_number.replace('/', '-')}/index.html").decode()
    assert address(item, "docx") in page
    assert address(item, "pdf") in page


def test_what_is_withdrawn_leads_to_its_page_with_the_next_request(written):
    item = released(written)
    assert Client().get(address(item, "docx")).status_code == 200

    releases.withdraw(
        written.actor("approver"), item.live, reason=Withdrawal.Reason.ERROR, show_title=False, note=""
    )

    response = Client().get(address(item, "docx"))
    assert response.status_code == 302
    assert response["Location"] == f"/items/{item.index_number.replace('/', '-')}/"


def test_what_was_never_released_has_no_file(written):
    item = drafted(written)
    submitted(written, item)
    for name in (
        "XG0123-2021-00001.docx",
        f"{item.pk}.docx",
        ".docx",
        "..%2f..%2fkeys.pdf",
        "x.exe",
        "a" * 300,
    ):
        assert Client().get(f"/documents/{name}").status_code == 404


def test_a_file_is_made_once_and_anew_when_the_page_changes(written, monkeypatch):
    item = released(written)
    made = []

    def counting(text):
        made.append(text)
        return released_files.released_docx(text)

    monkeypatch.setitem(item_documents.MAKERS, "docx", counting)
    Client().get(address(item, "docx"))
    Client().get(address(item, "docx"))
    assert len(made) == 1

    item.agency.name = "西工区城市更新服务中心"
    item.agency.save()
    assert "西工区城市更新服务中心" in words(Client().get(address(item, "docx")))


def test_a_text_that_cannot_be_set_is_told_with_the_way_to_its_page(written, monkeypatch):
    item = released(written)

    def failing(text):
        raise LayoutFailed("no")

    monkeypatch.setitem(item_documents.MAKERS, "pdf", failing)
    response = Client().get(address(item, "pdf"))
    assert response.status_code == 503
    assert "可以打印" in response.content.decode()


def test_files_that_nobody_asked_for_in_a_month_are_forgotten(written):
    item = released(written)
    Client().get(address(item, "docx"))
    assert item_documents.forget() == 0
    (made,) = item_documents.folder().glob("*/*")
    os.utime(made, (0, 0))
    assert item_documents.forget() == 1
    assert list(item_documents.folder().glob("*/*")) == []


def test_nothing_made_of_an_item_stays_when_it_is_withdrawn(written):
    item, other = released(written), released(written, title="另一件")
    for each in (item, other):
        Client().get(address(each, "docx"))
    assert len(list(item_documents.folder().glob("*/*"))) == 2

    releases.withdraw(written.actor("approver"), item.live, reason=Withdrawal.Reason.ERROR)

    (left,) = item_documents.folder().glob("*/*")
    assert left.parent.name == str(other.pk)


def test_a_file_that_was_being_made_while_its_item_was_withdrawn_is_not_given_out(written, monkeypatch):
    item = released(written)

    def slow(text):
        releases.withdraw(written.actor("approver"), item.live, reason=Withdrawal.Reason.ERROR)
        return released_files.released_docx(text)

    monkeypatch.setitem(item_documents.MAKERS, "docx", slow)
    assert Client().get(address(item, "docx")).status_code == 302
    assert list(item_documents.folder().glob("*/*")) == []
