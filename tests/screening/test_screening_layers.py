"""Every kind in every layer that is claimed, and decoys in all of them."""

from collections.abc import Callable

import pytest

from gongkai.screening import DEFAULT_RULES, Result, Verdict
from gongkai.screening.child import screen
from tests.screening import (
    plants_legacy,
    plants_mail,
    plants_ofd,
    plants_page,
    plants_sheet,
    plants_slides,
    plants_word,
)
from tests.screening.planting import DECOYS, LEAKS

Plant = Callable[[str], bytes]


def csv(leak: str) -> bytes:
    return f'序号,内容\n1,"{leak}"\n'.encode()


def plain(leak: str) -> bytes:
    return f"工作情况\n{leak}\n完".encode("gb18030")


def markdown(leak: str) -> bytes:
    return f"# 工作情况\n\n{leak}\n".encode()


def markdown_comment(leak: str) -> bytes:
    return f"# 工作情况\n<!-- {leak} -->\n完".encode()


# format, layer, planter
CLAIMED: list[tuple[str, str, Plant]] = [
    ("docx", "text", plants_word.text),
    ("docx", "text", plants_word.split_runs),
    ("docx", "text", plants_word.text_box),
    ("docx", "table", plants_word.table),
    ("docx", "table", plants_word.nested_table),
    ("docx", "header_footer", plants_word.header),
    ("docx", "header_footer", plants_word.footer),
    ("docx", "footnote", plants_word.footnote),
    ("docx", "footnote", plants_word.endnote),
    ("docx", "comment", plants_word.comment),
    ("docx", "tracked_change", plants_word.deleted),
    ("docx", "tracked_change", plants_word.inserted),
    ("docx", "hidden_text", plants_word.vanished),
    ("docx", "hidden_text", plants_word.white),
    ("docx", "hidden_text", plants_word.hidden_by_style),
    ("docx", "hidden_text", plants_word.unknown_part),
    ("docx", "metadata", plants_word.title_property),
    ("docx", "metadata", plants_word.custom_property),
    ("docx", "alt_text", plants_word.alt_text),
    ("docx", "embedded_file", plants_word.embedded_workbook),
    ("xlsx", "table", plants_sheet.cell),
    ("xlsx", "table", plants_sheet.rich_cell),
    ("xlsx", "hidden_sheet", plants_sheet.hidden_sheet),
    ("xlsx", "hidden_sheet", plants_sheet.very_hidden_sheet),
    ("xlsx", "hidden_row", plants_sheet.hidden_row),
    ("xlsx", "hidden_column", plants_sheet.hidden_column),
    ("xlsx", "comment", plants_sheet.comment),
    ("xlsx", "header_footer", plants_sheet.header),
    ("xlsx", "metadata", plants_sheet.title_property),
    ("xlsx", "hidden_text", plants_sheet.white),
    ("xlsx", "hidden_text", plants_sheet.invisible_format),
    ("xlsx", "hidden_text", plants_sheet.defined_name),
    ("xlsx", "hidden_text", plants_sheet.pivot_cache),
    ("xlsx", "text", plants_sheet.text_box),
    ("xlsx", "embedded_file", plants_sheet.embedded_text),
    ("pdf", "text", plants_page.text),
    ("pdf", "text", plants_page.form_field),
    ("pdf", "metadata", plants_page.title_property),
    ("pdf", "metadata", plants_page.packet),
    ("pdf", "comment", plants_page.note),
    ("pdf", "hidden_text", plants_page.invisible),
    ("pdf", "embedded_file", plants_page.attachment),
    ("pptx", "text", plants_slides.text),
    ("pptx", "text", plants_slides.split_runs),
    ("pptx", "text", plants_slides.grouped),
    ("pptx", "text", plants_slides.layout),
    ("pptx", "text", plants_slides.chart),
    ("pptx", "table", plants_slides.table),
    ("pptx", "comment", plants_slides.comment),
    ("pptx", "comment", plants_slides.threaded_comment),
    ("pptx", "hidden_text", plants_slides.notes),
    ("pptx", "hidden_text", plants_slides.hidden_slide),
    ("pptx", "hidden_text", plants_slides.unlisted_slide),
    ("pptx", "hidden_text", plants_slides.off_slide),
    ("pptx", "hidden_text", plants_slides.off_slide_in_group),
    ("pptx", "hidden_text", plants_slides.switched_off),
    ("pptx", "alt_text", plants_slides.alt_text),
    ("pptx", "metadata", plants_slides.title_property),
    ("pptx", "embedded_file", plants_slides.embedded_workbook),
    ("ofd", "text", plants_ofd.text),
    ("ofd", "text", plants_ofd.letters),
    ("ofd", "text", plants_ofd.block),
    ("ofd", "text", plants_ofd.template),
    ("ofd", "text", plants_ofd.composite),
    ("ofd", "text", plants_ofd.outline),
    ("ofd", "hidden_text", plants_ofd.invisible),
    ("ofd", "hidden_text", plants_ofd.transparent),
    ("ofd", "hidden_text", plants_ofd.white),
    ("ofd", "hidden_text", plants_ofd.outside),
    ("ofd", "hidden_text", plants_ofd.unknown_part),
    ("ofd", "under_cover", plants_ofd.covered),
    ("ofd", "comment", plants_ofd.annotation),
    ("ofd", "metadata", plants_ofd.title_property),
    ("ofd", "metadata", plants_ofd.custom_data),
    ("ofd", "embedded_file", plants_ofd.attachment),
    ("eml", "text", plants_mail.body),
    ("eml", "text", plants_mail.body_in_gbk),
    ("eml", "text", plants_mail.page_body),
    ("eml", "text", plants_mail.subject),
    ("eml", "metadata", plants_mail.remark_header),
    ("eml", "comment", plants_mail.page_comment),
    ("eml", "hidden_text", plants_mail.beside_the_parts),
    ("eml", "embedded_file", plants_mail.attachment),
    ("eml", "embedded_file", plants_mail.forwarded),
    ("mht", "text", plants_mail.web_archive),
    ("zip", "embedded_file", plants_mail.entry),
    ("zip", "embedded_file", plants_mail.hidden_in_entry),
    ("zip", "embedded_file", plants_mail.nested),
    ("zip", "embedded_file", plants_mail.named_entry),
    ("zip", "comment", plants_mail.commented),
    *plants_legacy.planters(plants_legacy.WORD, "doc"),
    *plants_legacy.planters(plants_legacy.SHEET, "xls"),
    ("txt", "text", plain),
    ("md", "text", markdown),
    ("md", "comment", markdown_comment),
    ("csv", "table", csv),
    *[("html", name.split()[0], plant) for name, plant in plants_page.HTML.items()],
]


def screened(data: bytes, form: str) -> Result:
    return screen(data, f"件.{form}", DEFAULT_RULES)


@pytest.mark.parametrize("kind", LEAKS)
@pytest.mark.parametrize(
    "form,layer,plant", CLAIMED, ids=lambda value: getattr(value, "__name__", str(value))
)
def test_a_planted_leak_is_found_in_its_layer(form: str, layer: str, plant: Plant, kind: str) -> None:
    result = screened(plant(LEAKS[kind]), form)
    assert result.reason is None
    found = {(finding.kind, finding.layer) for finding in result.findings}
    assert (kind, layer) in found
    # Nothing else is seen in it but that something is hidden there.
    assert {name for name, _ in found} <= {kind, "hidden_content"}


@pytest.mark.parametrize(
    "form,layer,plant", CLAIMED, ids=lambda value: getattr(value, "__name__", str(value))
)
def test_decoys_block_nowhere(form: str, layer: str, plant: Plant) -> None:
    for decoy in DECOYS:
        result = screened(plant(decoy), form)
        assert result.verdict in (Verdict.CLEAR, Verdict.WARN), (decoy, result.findings)
        assert {finding.kind for finding in result.findings} <= {"hidden_content"}


# Data attributes, scripts, defined names and spare parts are read, but every ordinary file has some.
ORDINARY = {
    plants_word.unknown_part,
    plants_sheet.defined_name,
    plants_ofd.unknown_part,
    plants_mail.beside_the_parts,
    *(plants_legacy.planter(name) for name in ("link.doc", "defined_name.xls", "rule.xls")),
} | {plants_page.HTML[name] for name in ("hidden_text field", "hidden_text data", "hidden_text script")}
CONCEALING = [
    entry
    for entry in CLAIMED
    if entry[1] in ("comment", "tracked_change", "hidden_text", "hidden_sheet", "hidden_row", "hidden_column")
    and entry[2] not in ORDINARY
]


@pytest.mark.parametrize(
    "form,layer,plant", CONCEALING, ids=lambda value: getattr(value, "__name__", str(value))
)
def test_what_is_concealed_is_told_even_when_harmless(form: str, layer: str, plant: Plant) -> None:
    found = [(finding.kind, finding.layer) for finding in screened(plant("已办结"), form).findings]
    assert found == [("hidden_content", layer)]


def test_the_version_before_a_deletion_is_read_as_a_whole() -> None:
    result = screened(plants_word.deleted_in_part(LEAKS["resident_id"]), "docx")
    assert [(f.kind, f.layer) for f in result.findings] == [("resident_id", "tracked_change")]


def test_the_heading_of_a_column_names_its_figures() -> None:
    data = "姓名,身份证号码\n张三,410305900307123\n".encode()
    assert [(f.kind, f.location) for f in screened(data, "csv").findings] == [
        ("resident_id", "第 2 行第 2 列")
    ]
    html = plants_page.html(
        "<table><tr><th>姓名</th><th>身份证号码</th></tr><tr><td>张三</td><td>410305900307123</td></tr></table>"
    )
    assert [f.kind for f in screened(html, "html").findings] == ["resident_id"]


def test_figures_of_neighbouring_cells_are_not_joined() -> None:
    assert screened(b"a,b,c\n410305,19900307,1230\n", "csv").verdict is Verdict.CLEAR
    assert (
        screened(b"<table><tr><td>138</td><td>1234</td><td>5678</td></tr></table>", "html").verdict
        is Verdict.CLEAR
    )


@pytest.mark.parametrize("plant", [plants_word.macro, plants_page.script])
def test_code_in_a_file_blocks(plant: Plant) -> None:
    result = screened(plant(""), "docx")
    assert [(f.kind, f.layer, f.severity) for f in result.findings] == [("macro", "embedded_file", "block")]


def test_a_damaged_picture_is_never_clear() -> None:
    result = screened(plants_word.picture(), "docx")
    assert result.verdict is Verdict.BLOCK
    assert [(f.kind, f.layer) for f in result.findings] == [("unreadable_part", "image")]


def test_a_person_in_the_properties_is_told_and_a_program_is_not() -> None:
    document = plants_word.fresh()
    document.core_properties.author = "张三"
    (finding,) = screened(plants_word.packed(document), "docx").findings
    assert (finding.kind, finding.severity, finding.excerpt) == ("document_metadata", "warn", "作者：张三")
    document.core_properties.author = "python-docx"
    assert screened(plants_word.packed(document), "docx").verdict is Verdict.CLEAR


def test_a_flood_is_counted_and_not_listed() -> None:
    data = "\n".join(["13812345678，"] * 1000).encode()
    findings = screened(data, "txt").findings
    assert len(findings) == 201
    assert "800" in findings[-1].excerpt


@pytest.mark.parametrize(
    "text", ["QUJD" * 100, "\\u673a\\u5bc6\\u2605", "&#49;&#51;&#56;", "=E6=9C=BA=E5=AF=86"]
)
def test_encoded_content_is_never_clear(text: str) -> None:
    for form in ("txt", "md", "csv"):
        assert [f.kind for f in screened(f"附件：{text}\n".encode(), form).findings] == ["unreadable_part"]
