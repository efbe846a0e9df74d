"""A clerk writes: what a draft needs, what a Word file brings, what is refused, and that nothing typed is lost."""

import io
import zipfile

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from docx import Document
from docx.oxml import OxmlElement

from gongkai.agencies import navigation
from gongkai.agencies.policy import Refused
from gongkai.disclosure import body, items, wordfile
from gongkai.disclosure.models import AttributeDecision, Item
from gongkai.files import storage
from gongkai.review import drafts, submission
from gongkai.review.models import Revision
from tests.items import GOOD, drafted, released, submitted

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def logged_in(office, name):
    client = Client()
    client.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def word(*paragraphs, hidden=""):
    document = Document()
    document.add_heading(paragraphs[0], 1)
    for text in paragraphs[1:]:
        document.add_paragraph(text)
    if hidden:
        run = document.add_paragraph().add_run(hidden)
        run._r.get_or_add_rPr().append(OxmlElement("w:vanish"))
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "片区", "进度"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("missing", "field", "words"),
    [
        ({"title": " "}, "title", "标题"),
        ({"summary": ""}, "summary", "内容概述"),
        ({"body": "<p></p>"}, "body", "正文"),
        ({"formed_on": ""}, "formed_on", "生成或获取日期"),
        ({"formed_on": "2031-01-01"}, "formed_on", "晚于今天"),
        ({"attribute": ""}, "attribute", "公开属性"),
        ({"attribute": "withheld"}, "attribute", "不主动公开"),
        ({"column": "nowhere"}, "column", "栏目"),
        ({"normative": True}, "document_number", "发文字号"),
    ],
)
def test_a_draft_that_lacks_something_names_the_field_and_the_cure(office, at, missing, field, words):
    with at(2021, 3, 2):
        item = drafted(office, **missing)
        draft = drafts.draft_of("item", item.pk)
        with pytest.raises(submission.Incomplete) as caught:
            submission.submit(office.actor("handler"), draft, version=draft.version)
    problems = {problem.field: problem.message for problem in caught.value.problems}
    assert words in problems[field]
    assert not Revision.objects.exists()


def test_a_word_file_brings_text_lists_tables_and_tells_what_is_hidden(office):
    item = drafted(office)
    data = word("一、总体安排", "按计划推进。", hidden="内部口径")
    imported = wordfile.read(office.actor("handler"), office.agency, item, data, "计划.docx")
    assert imported.title == "一、总体安排"
    assert "<table>" in imported.html and "按计划推进" in imported.html
    assert any("隐藏文字" in warning for warning in imported.warnings)


def test_a_title_in_words_own_style_becomes_the_title_and_is_not_said_twice(office):
    document = Document()
    document.add_heading("安置房分配办法公告", 0)
    document.add_paragraph("现公告如下。")
    stream = io.BytesIO()
    document.save(stream)
    item = drafted(office)
    imported = wordfile.read(office.actor("handler"), office.agency, item, stream.getvalue(), "公告.docx")
    assert imported.title == "安置房分配办法公告"
    assert imported.html == "<p>现公告如下。</p>"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("空.docx", b"", "文件是空的"),
        ("坏.docx", b"PK\x03\x04broken", "损坏"),
        ("伪装.docx", b"%PDF-1.7 not a word file", ""),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, ""),
    ],
)
def test_a_file_that_is_no_docx_is_refused_with_its_reason_and_leaves_no_item_behind(
    office, name, data, words
):
    client = logged_in(office, "handler")
    upload = io.BytesIO(data)
    upload.name = name
    answer = client.post("/workbench/items/new/", {"word": upload})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "error" in page and (words in page)
    assert not Item.objects.exists()


def test_an_archive_and_a_macro_are_refused(office):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("名单.txt", "x")
    with pytest.raises(Refused, match="压缩包"):
        storage.accept(stream.getvalue(), "材料.zip")


def test_scripts_styles_and_foreign_pictures_do_not_survive(office):
    dirty = (
        '<p onclick="x()">文<script>alert(1)</script></p><style>p{}</style>'
        '<img src="https://example.org/a.png"><a href="javascript:x()">链</a><iframe src="/"></iframe>'
    )
    clean = body.clean(dirty)
    assert clean == '<p>文</p><a rel="noopener noreferrer">链</a>'


def test_a_picture_of_another_item_does_not_get_into_a_revision(office, at):
    with at(2021, 3, 2):
        mine, other = drafted(office), drafted(office, title="另一件")
        picture = items.picture(office.actor("handler"), other, PNG, "图.png")
        draft = drafts.draft_of("item", mine.pk)
        text = f'<p>正文</p><img src="/workbench/files/{picture.pk}/" alt="图">'
        items.save(office.actor("handler"), mine, draft.content | {"body": text}, version=draft.version)
        frozen = submission.content_of(submitted(office, mine).digest)
    assert frozen["body"] == "<p>正文</p>"


def test_saving_over_someone_elses_save_is_refused_and_keeps_what_they_wrote(office, at):
    with at(2021, 3, 2):
        item = drafted(office)
        draft = drafts.draft_of("item", item.pk)
        items.save(office.actor("second_handler"), item, GOOD | {"title": "他人改的"}, version=draft.version)
        with pytest.raises(drafts.Overtaken):
            items.save(office.actor("handler"), item, GOOD | {"title": "我改的"}, version=draft.version)
    assert drafts.draft_of("item", item.pk).content["title"] == "他人改的"


def test_autosave_answers_the_new_version_and_a_conflict_as_a_sentence(office, at):
    client = logged_in(office, "handler")
    with at(2021, 3, 2):
        item = drafted(office)
    address = f"/workbench/items/{item.pk}/edit/"
    first = client.post(address, GOOD | {"version": 1}, headers={"X-Autosave": "1"})
    assert first.json() == {"version": 2}
    late = client.post(address, GOOD | {"version": 1}, headers={"X-Autosave": "1"})
    assert late.status_code == 409 and "他人刚刚保存" in late.json()["error"]


def test_an_incomplete_form_keeps_what_was_typed(office):
    client = logged_in(office, "handler")
    item = drafted(office)
    address = f"/workbench/items/{item.pk}/edit/"
    answer = client.post(address, GOOD | {"summary": "", "keywords": "只此一处", "version": 1, "submit": "1"})
    page = answer.content.decode()
    assert "只此一处" in page and "请用一两句话填写内容概述" in page
    assert drafts.draft_of("item", item.pk).content["keywords"] == "只此一处"


def test_a_refused_attachment_leaves_the_draft_as_it_was(office):
    client = logged_in(office, "handler")
    item = drafted(office)
    upload = io.BytesIO(b"PK\x03\x04broken")
    upload.name = "坏.xlsx"
    answer = client.post(f"/workbench/items/{item.pk}/files/", {"attachment": upload}, follow=True)
    assert "已损坏" in answer.content.decode()
    assert drafts.draft_of("item", item.pk).content["attachments"] == []


def test_what_is_not_public_is_filed_with_ground_and_comes_back_after_a_year(office, at):
    with at(2021, 3, 2):
        item = drafted(office)
        with pytest.raises(Refused, match="依据"):
            items.file_closed(office.actor("handler"), item, attribute="withheld", ground="", reason="涉密")
        items.file_closed(
            office.actor("handler"), item, attribute="withheld", ground="deliberative", reason="讨论稿"
        )
    item.refresh_from_db()
    assert item.state == Item.State.WITHHELD
    assert AttributeDecision.objects.get().next_examination.isoformat() == "2022-03-02"
    with at(2021, 12, 1):
        assert item.title not in [row.title for row in navigation.waiting(office.actor("handler"))]
    with at(2022, 2, 15):
        [row] = [row for row in navigation.waiting(office.actor("handler")) if row.title == item.title]
        assert row.due_on.isoformat() == "2022-03-02"
        # Still closed: the next examination is a year on, and the inbox is clear again.
        items.file_closed(
            office.actor("handler"), item, attribute="withheld", ground="deliberative", reason="仍在讨论"
        )
        assert item.title not in [row.title for row in navigation.waiting(office.actor("handler"))]


def test_a_supervisor_may_withdraw_what_an_office_below_released(office, at):
    client = logged_in(office, "supervisor")
    with at(2021, 3, 2):
        item = released(office)
        answer = client.post(f"/workbench/items/{item.pk}/withdraw/", {"reason": "error"})
    item.refresh_from_db()
    assert answer.status_code == 302 and item.state == Item.State.WITHDRAWN


def test_a_public_item_is_not_filed_as_closed_before_it_is_withdrawn(office, at):
    with at(2021, 3, 2):
        item = released(office)
        with pytest.raises(Refused, match="撤下"):
            items.file_closed(
                office.actor("handler"), item, attribute="on_application", ground="", reason="改为依申请"
            )


def pdf(**protection):
    import pikepdf

    stream = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(stream, encryption=pikepdf.Encryption(**protection) if protection else False)
    return stream.getvalue()


def test_a_pdf_with_a_password_is_refused_one_that_only_forbids_changes_is_taken():
    with pytest.raises(Refused, match="密码"):
        storage.accept(pdf(user="secret", owner="secret"), "方案.pdf")
    assert storage.accept(pdf(user="", owner="secret"), "方案.pdf").extension == "pdf"


def test_an_item_is_not_filed_as_closed_behind_a_running_review(office, at):
    with at(2021, 3, 2):
        item = drafted(office)
        submitted(office, item)
        with pytest.raises(Refused, match="审查"):
            items.file_closed(
                office.actor("handler"), item, attribute="withheld", ground="deliberative", reason="讨论稿"
            )


def test_no_list_can_be_made_to_show_what_was_not_released(office, at):
    with at(2021, 3, 2):
        public, draft = released(office), drafted(office, title="未经审查")
    for change in (
        lambda: Item.objects.filter(pk=public.pk).update(title="未经审查的标题"),
        lambda: Item.objects.filter(pk=draft.pk).update(state=Item.State.PUBLIC),
        lambda: Item.objects.filter(pk=draft.pk).update(state=Item.State.PUBLIC, live=public.live),
    ):
        with pytest.raises(DatabaseError, match="I1"), transaction.atomic():
            change()
