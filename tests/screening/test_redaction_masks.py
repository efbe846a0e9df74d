"""How the columns of a list are masked, and what a hostile or odd file comes to."""

import csv
import io
import zipfile

import openpyxl
import pytest
from docx import Document

from gongkai.screening import Kind, redaction
from gongkai.screening.redaction import Box, Concealment, Masking, Order, masks
from gongkai.screening.redaction.columns import without
from gongkai.screening.redaction.doors import lists, redact
from tests.screening import plants_sheet, plants_word, traces
from tests.screening.planting import ID


@pytest.mark.parametrize(
    ("rule", "cell", "masked"),
    [
        ("surname_all", "张三丰", "张某某"),
        ("surname_all", "张 三", "张某"),
        ("surname_all", "欧阳小明", "欧阳某某"),
        ("surname_one", "李晓光", "李某"),
        ("surname_star", "王小二", "王**"),
        ("surname_star", "阿布都热西提·买买提", "阿***"),
        ("mobile_middle", "138 1234 5678", "138****5678"),
        ("mobile_middle", "１３８１２３４５６７８", "138****5678"),
        ("mobile_middle", "13812345678、13912345678", "138****5678、139****5678"),
        ("mobile_middle", "不详", "■■■"),
        ("last_four", ID, "****1230"),
        ("last_four", "41030519900307123X", "****123X"),
        ("last_four", "12345", "■■■"),
        ("middle", "豫C12345", "豫C***45"),
        ("year", "1990年3月7日", "1990年"),
        ("year", "1990-03-07 00:00:00", "1990年"),
        ("year", "一九九〇年三月", "一九九〇年"),
        ("street", "洛阳市西工区王城路街道12号院3号楼", "洛阳市西工区王城路街道"),
        ("street", "红山乡杨湾村3组12号", "红山乡杨湾村"),
        ("street", "中州路12号院3号楼2单元501室", "中州路"),
        ("street", "家属院", "■■■"),
        ("hide", "低保", "■■■"),
        ("keep", " 原样 ", " 原样 "),
        ("hide", "", ""),
    ],
)
def test_a_cell_after_masking(rule, cell, masked):
    assert masks.mask(rule, cell) == masked


@pytest.mark.parametrize(
    ("heading", "cells", "item"),
    [
        ("姓  名", ["张三"], "name"),
        ("学生姓名", ["张三"], "minor_name"),
        ("备注", [ID, ID], "resident_id"),
        ("联系电话", ["0379-63912345"], "mobile_number"),
        ("开户账号", ["无"], "bank_card"),
        ("户籍地址", ["红山乡"], "home_address"),
        ("残疾等级", ["二级"], "health"),
        ("出生日期", ["1990"], "birth"),
        ("金额", ["500"], ""),
    ],
)
def test_a_column_is_known_by_its_cells_and_its_heading(heading, cells, item):
    assert masks.item_of(heading, cells) == item


def test_every_default_is_one_of_its_choices_and_every_rule_has_a_name():
    for item in masks.items().values():
        assert item.default in item.choices
        assert set(item.choices) <= set(masks.rules())


def test_a_csv_list_is_masked_column_by_column():
    data = f"姓名,身份证号,致贫原因\n张三丰,{ID},疾病\n李四,{ID},残疾\n".encode("gb18030")
    [each] = lists(data, "名单.csv")
    assert [column.item for column in each.columns] == ["name", "resident_id", "health"]
    order = Order(
        maskings=(Masking(0, 1, "surname_all"), Masking(0, 2, "last_four"), Masking(0, 3, "delete"))
    )
    made = redact(data, "名单.csv", order).data.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(made))) == [
        ["姓名", "身份证号"],
        ["张某某", "****1230"],
        ["李某", "****1230"],
    ]


def test_a_table_of_a_word_document_is_masked_and_loses_a_column():
    document = Document()
    grid = document.add_table(3, 3)
    for cell, text in zip(
        grid._cells,
        ["姓名", "电话", "病种", "张三", "13812345678", "甲", "李四", "13912345678", "乙"],
        strict=True,
    ):
        cell.text = text
    order = Order(
        maskings=(Masking(0, 1, "surname_one"), Masking(0, 2, "mobile_middle"), Masking(0, 3, "delete"))
    )
    made = redact(plants_word.packed(document), "名单.docx", order).data
    table = Document(io.BytesIO(made)).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["姓名", "电话"], ["张某", "138****5678"], ["李某", "139****5678"],
    ]  # fmt: skip


def test_a_column_taken_out_of_a_sheet_moves_what_stands_right_of_it():
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["序号", "姓名", "身份证号", "金额"], [1, "张三", ID, 500], [2, "李四", ID, 600]):
        sheet.append(row)
    sheet.merge_cells("C5:D5")
    sheet.column_dimensions["D"].width = 33
    made = redact(plants_sheet.packed(book), "名单.xlsx", Order(maskings=(Masking(0, 3, "delete"),))).data
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    assert [cell.value for cell in sheet[2]] == [1, "张三", 500]
    assert not sheet.merged_cells.ranges
    assert sheet.column_dimensions["C"].width == 33
    assert not traces.where(made, ID)


@pytest.mark.parametrize(
    ("reference", "column", "left"),
    [
        ("A1:C9", 2, "A1:B9"),
        ("B2:B5", 2, ""),
        ("D4", 2, "C4"),
        ("$B$1:$D$4", 2, "$B$1:$C$4"),
        ("A:A", 3, "A:A"),
    ],
)
def test_a_range_after_a_column_is_gone(reference, column, left):
    assert without(reference, column) == left


def test_a_text_shared_by_two_cells_stays_in_the_one_that_is_not_masked():
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["姓名", "经办人"], ["张三丰", "张三丰"]):
        sheet.append(row)
    made = redact(
        plants_sheet.packed(book), "名单.xlsx", Order(maskings=(Masking(0, 1, "surname_one"),))
    ).data
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["张某", "张三丰"]


@pytest.mark.parametrize("plant", ["white", "invisible_format"])
def test_a_cell_that_a_format_hides_is_emptied(plant):
    data = getattr(plants_sheet, plant)("已办结的底账")
    made = redact(data, "名单.xlsx", Order(drop=frozenset({Concealment.HIDDEN_TEXT}))).data
    assert not traces.where(made, "已办结的底账")
    assert openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]["B2"].value == "棚户区改造"


def test_a_number_is_taken_out_of_a_link_an_address_and_a_field_too():
    document = Document()
    document.add_paragraph("电话13812345678")
    document.part.relate_to(
        "tel:13812345678",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        is_external=True,
    )
    made = redact(
        plants_word.packed(document), "通知.docx", Order(kinds=frozenset({Kind.MOBILE_NUMBER}))
    ).data
    assert not traces.where(made, "13812345678")


def test_other_text_is_not_touched():
    document = Document()
    document.add_paragraph("张三丰、张三、李四，金额13800000000元。")
    made = redact(
        plants_word.packed(document),
        "通知.docx",
        Order(kinds=frozenset({Kind.MOBILE_NUMBER}), words=("李 四",)),
    ).data
    assert Document(io.BytesIO(made)).paragraphs[0].text == "张三丰、张三、■■■，金额13800000000元。"


def test_an_order_goes_to_the_process_and_back():
    order = Order(
        frozenset({Kind.PASSPORT}), frozenset({"ab"}), ("张三",), frozenset({Concealment.COMMENTS}), frozenset({2}),
        (Box(1, 0.1, 0.1, 0.2, 0.2),), (Masking(0, 1, "hide"),),
    )  # fmt: skip
    assert Order.from_json(order.to_json()) == order
    with pytest.raises(ValueError, match="页面之内"):
        Box(1, 0.5, 0.1, 0.4, 0.2)


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types>wordprocessingml</Types>")
        package.writestr("word/document.xml", b"<a>" + b"0" * (800 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (plants_word.text("正文")[:-400], "坏.docx"),
        (plants_word.with_parts(plants_word.text("正文"), {"word/document.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}), "实体.docx"),
        (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF", "坏.pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", "坏.png"),
        (b"\xff\xd8\xff\xe0\x00", "坏.jpg"),
        (b"PK\x03\x04" + b"0" * 100, "坏.xlsx"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_apart_is_told_in_one_sentence(data, name):
    for act in (
        lambda: redaction.redact(data, name, Order(words=("张三",))),
        lambda: redaction.survey(data, name),
    ):
        with pytest.raises(redaction.Unreadable) as told:
            act()
        assert len(str(told.value)) > 5


@pytest.mark.soak
def test_a_bomb_is_refused_within_the_limits():
    with pytest.raises(redaction.Unreadable):
        redaction.clean(bomb(), "弹.docx")


@pytest.mark.soak
def test_a_list_of_fifty_thousand_people_is_masked():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    sheet.append(["姓名", "身份证号", "电话"])
    for _ in range(50_000):
        sheet.append(["张三", ID, "13812345678"])
    out = io.BytesIO()
    book.save(out)
    order = Order(
        maskings=(Masking(0, 1, "surname_all"), Masking(0, 2, "last_four"), Masking(0, 3, "mobile_middle"))
    )
    made = redaction.redact(out.getvalue(), "名单.xlsx", order).data
    assert not traces.where(made, ID)
