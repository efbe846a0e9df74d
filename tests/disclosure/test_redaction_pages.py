"""A clerk takes out of a file, masks a list, takes out of the text: the new version is what goes to review."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl.comments import Comment

from gongkai.disclosure import items, redacting
from gongkai.files import storage
from gongkai.files.models import Derived
from gongkai.journal.models import Entry
from gongkai.review import approvals, drafts
from gongkai.screening import Verdict
from tests.invariants.attacks import neighbour
from tests.items import GOOD, drafted, submitted
from tests.screening import plants_page, plants_word, traces
from tests.screening.planting import ID, LEAKS

NAMES = ["张三丰", "李四", "欧阳小明"]


def roster():
    """A list as offices send it: title row, headings, three people, a hidden sheet with all numbers, a remark."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名单"
    sheet.append(["2021年住房补贴发放名单"])
    sheet.merge_cells("A1:E1")
    sheet.append(["序号", "姓名", "身份证号", "联系电话", "住址"])
    for number, name in enumerate(NAMES, 1):
        sheet.append([number, name, ID, 13812345678, "洛阳市西工区中州路12号院3号楼2单元501室"])
    sheet["B3"].comment = Comment("父亲李大，电话13912345678", "经办")
    hidden = book.create_sheet("底册")
    hidden.sheet_state = "hidden"
    hidden.append(["卡号", "6222021234567890128"])
    sheet["F3"] = "=底册!B1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def logged_in(office, name="handler"):
    client = Client()
    client.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def attached(office, data, name):
    item = drafted(office)
    return item, items.attach(office.actor("handler"), item, data, name)


def address(page, item, row):
    return reverse(f"disclosure:{page}", args=[item.pk, row.pk])


def test_a_page_shows_what_is_found_and_proposes_what_goes(office):
    item, row = attached(office, plants_word.text(LEAKS["resident_id"]), "名单.docx")
    page = logged_in(office).get(address("redact", item, row)).content.decode()
    assert "公民身份号码（1处）" in page
    assert ID not in page
    assert 'name="drop" value="comments"' in page
    edit = logged_in(office).get(reverse("disclosure:edit", args=[item.pk])).content.decode()
    assert address("redact", item, row) in edit and address("mask", item, row) in edit


def test_the_redacted_version_takes_the_place_of_the_old_one_and_is_screened_again(office):
    item, row = attached(office, plants_word.text(LEAKS["resident_id"] + "，联系人张三"), "名单.docx")
    client = logged_in(office)
    answer = client.post(
        address("redact", item, row), {"kinds": "resident_id", "words": "张 三"}, follow=True
    )
    [new] = redacting.chosen(item)
    assert new.pk != row.pk and new.name == "名单.docx"
    made = storage.read(new.file_id)
    assert not traces.where(made, ID) and not traces.where(made, "张三")
    assert redacting.screened(item, new).verdict is Verdict.CLEAR
    told = answer.content.decode()
    assert "公民身份号码" in told and "指定的字词" in told and ID not in told and "张三" not in told
    # What is submitted now is what was made.
    assert not approvals.blocking(submitted(office, item))


def test_a_list_is_shown_before_and_after_and_masked_in_every_place(office):
    item, row = attached(office, roster(), "发放名单.xlsx")
    client = logged_in(office)
    page = client.get(address("mask", item, row)).content.decode()
    assert "识别为：公民身份号码" in page and "识别为：姓名" in page
    assert "<ins>138****5678</ins>" in page and "洛阳市西工区中州路" in page
    said = {"list0-2": "surname_all", "list0-3": "last_four", "list0-4": "mobile_middle", "list0-5": "street"}
    said |= {"list0-1": "keep", "list0-6": "delete"}
    shown = client.post(address("mask", item, row), said | {"preview": "1"}).content.decode()
    assert "<ins>欧阳某某</ins>" in shown
    assert not Derived.objects.filter(how="masked").exists()
    client.post(address("mask", item, row), said)
    [new] = redacting.chosen(item)
    made = storage.read(new.file_id)
    sheet = openpyxl.load_workbook(io.BytesIO(made))["名单"]
    assert [cell.value for cell in sheet[5][:5]] == [
        3,
        "欧阳某某",
        "****1230",
        "138****5678",
        "洛阳市西工区中州路",
    ]
    for planted in (ID, "13812345678", "张三丰", "501室"):
        assert not traces.where(made, planted), planted
    assert Derived.objects.filter(how="masked").count() == 1


def test_a_hidden_sheet_a_remark_and_the_formula_over_it_go_from_a_workbook(office):
    item, row = attached(office, roster(), "发放名单.xlsx")
    drop = ["comments", "hidden_sheets", "hidden_cells", "leftovers"]
    logged_in(office).post(
        address("redact", item, row),
        {"kinds": ["resident_id", "mobile_number", "bank_card", "home_address"], "drop": drop},
    )
    [new] = redacting.chosen(item)
    made = storage.read(new.file_id)
    for planted in (ID, "13812345678", "13912345678", "6222021234567890128", "李大", "底册"):
        assert not traces.where(made, planted), (planted, traces.where(made, planted))
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["名单"]
    assert book["名单"]["B3"].value == "张三丰"
    assert redacting.screened(item, new).verdict is Verdict.CLEAR


def test_a_page_of_a_pdf_becomes_a_picture(office):
    item, row = attached(office, plants_page.text(LEAKS["resident_id"]), "公告.pdf")
    logged_in(office).post(address("redact", item, row), {"kinds": "resident_id", "pages": ""})
    [new] = redacting.chosen(item)
    assert not traces.where(storage.read(new.file_id), ID)
    assert "resident_id" not in {finding.kind for finding in redacting.screened(item, new).findings}


def test_nothing_is_lost_where_nothing_was_chosen_or_the_draft_changed(office):
    item, row = attached(office, plants_word.text(LEAKS["resident_id"]), "名单.docx")
    client = logged_in(office)
    page = client.post(address("redact", item, row), {"words": ""}).content.decode()
    assert "请选择要涂去的内容" in page
    page = client.post(address("redact", item, row), {"words": "从未出现的人"}).content.decode()
    assert "没有所选的内容" in page and "从未出现的人" in page
    assert [each.pk for each in redacting.chosen(item)] == [row.pk]


@pytest.mark.parametrize(
    ("field", "typed", "words"), [("pages", "三", "不是页码"), ("boxes", "1 50 20 10 25", "不是有效的范围")]
)
def test_what_is_typed_wrongly_is_told_in_a_sentence(office, field, typed, words):
    item, row = attached(office, plants_page.text("正文"), "公告.pdf")
    page = logged_in(office).post(address("redact", item, row), {field: typed}).content.decode()
    assert words in page and typed in page


def test_a_number_in_the_text_becomes_a_blot(office):
    item = drafted(
        office,
        title="公示张三的补偿",
        body=f"<p>被征收人张三，{LEAKS['resident_id']}，<strong>张</strong>三签字。</p>",
    )
    client, where = logged_in(office), reverse("disclosure:redact_text", args=[item.pk])
    page = client.get(where).content.decode()
    assert "公民身份号码（1处）" in page and ID not in page
    draft = drafts.draft_of("item", item.pk)
    client.post(where, {"kinds": "resident_id", "words": "张三", "version": draft.version})
    said = drafts.draft_of("item", item.pk).content
    assert said["title"] == "公示■■■的补偿"
    assert ID not in said["body"] and "张三" not in said["body"]
    assert said["summary"] == GOOD["summary"]
    late = client.post(where, {"words": "补偿", "version": draft.version}).content.decode()
    assert (
        ("补偿" in drafts.draft_of("item", item.pk).content["title"] and "有人" in late)
        or "其他" in late
        or "保存" in late
    )


def test_who_may_not_draft_here_finds_no_page_and_changes_nothing(office):
    item, row = attached(office, plants_word.text(LEAKS["resident_id"]), "名单.docx")
    agency = neighbour(office)
    assert agency.pk != item.agency_id
    for name in ("supervisor", "security", "audit"):
        for page in ("redact", "mask", "made"):
            client = logged_in(office, name)
            assert client.get(address(page, item, row)).status_code == 404
            assert client.post(address(page, item, row), {"kinds": "resident_id"}).status_code == 404
        assert (
            logged_in(office, name).get(reverse("disclosure:redact_text", args=[item.pk])).status_code == 404
        )
    assert not Entry.objects.filter(action="file.redacted").exists()


def test_a_file_of_another_item_is_not_worked_on(office):
    item, row = attached(office, plants_word.text(LEAKS["resident_id"]), "名单.docx")
    other = drafted(office)
    assert logged_in(office).get(address("redact", other, row)).status_code == 404
    assert logged_in(office).get(address("made", item, row)).status_code == 200
