"""A clerk writes a report: what is missing, figures chosen by keyboard, paragraphs from the records, remarks, phone."""

import re

import pytest
from playwright.sync_api import expect

from tests import demonstration
from tests.browser import walking
from tests.browser.conftest import serving

HERE = "/workbench/reports/XG0123/2022/"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """An instance of its own: the journey of the report begins and publishes the same year."""
    with serving(demonstration.copied(tmp_path_factory, "writing")) as address:
        yield address


def begun(page):
    page.goto("/workbench/reports/new/")
    page.fill("[name=year]", "2022")
    page.locator("form.form button[type=submit]").click()
    page.wait_for_url(f"**{HERE}")
    page.goto(f"{HERE}edit/")


def test_a_report_is_written_with_the_help_of_its_records(visitor, shot):
    head = visitor("zonghe")
    begun(head)
    shot(head, "writing-1-begun")
    walking.accessible(head)
    # The page leads to the part that is still to be written.
    expect(head.locator(".progress__next")).to_contain_text("五、存在的主要问题及改进情况")

    # A figure is chosen with the keyboard: two braces in the text lead to the list, Enter leads back.
    problems = head.locator("[name=problems]")
    problems.fill("（一）存在的主要问题\n解读形式较为单一。\n（二）改进情况\n开展培训")
    problems.press("End")
    problems.press_sequentially("{{")
    chooser = head.locator("#choose-problems")
    expect(chooser).to_be_focused()
    chooser.fill("training_sessions")
    chooser.press("Enter")
    expect(problems).to_be_focused()
    problems.press_sequentially("次，共2次。")
    assert problems.input_value().endswith("开展培训{{training_sessions}}次，共2次。")

    # It saves itself, and what stands beside follows: the printed text, and the number typed by hand.
    expect(head.locator("#autosave")).to_contain_text("已保存")
    beside = head.locator("#beside-part-5")
    expect(beside.locator(".bound-text")).to_contain_text(re.compile(r"开展培训\d+次，共2次"))
    expect(beside).to_contain_text("手写的数字")
    expect(beside.locator("mark")).to_have_text("2次")
    beside.get_by_role("button", name="定位").first.click()
    chosen = "e => e.value.slice(e.selectionStart, e.selectionEnd)"
    assert problems.evaluate(chosen) == "2次"
    shot(head, "writing-2-a-figure-and-a-remark")

    # A paragraph from the records enters its section by one press; what was typed is kept.
    head.locator("#part-1 details.proposals > summary").click()
    first = head.locator("#part-1 .proposal button[name=insert]").first
    with head.expect_navigation():
        first.click()
    assert "共2次。" in head.locator("[name=problems]").input_value()
    walking.accessible(head)
    shot(head, "writing-4-inserted")
    assert not head.trouble


def test_the_records_of_a_full_year_are_proposed(visitor, shot):
    head = visitor("zonghe")
    head.goto("/workbench/reports/XG0123/2021/edit/")
    for summary in head.locator("details.proposals > summary").all():
        summary.click()
    expect(head.locator("#part-1 .proposal").first).to_contain_text("项")
    walking.accessible(head)
    shot(head, "writing-3-paragraphs-from-the-records")
    assert not head.trouble


def test_the_editor_serves_a_phone_and_a_sheet_at_twice_its_size(visitor, shot):
    head = visitor("zonghe", phone=True)
    head.goto(f"{HERE}edit/")
    if head.locator("[name=overview]").count() == 0:
        begun(head)
    walking.accessible(head)
    shot(head, "writing-5-phone")
    # A sheet at 200 per cent is as wide as half of it.
    head.set_viewport_size({"width": 683, "height": 384})
    walking.accessible(head)
    shot(head, "writing-6-at-200-per-cent")


def test_what_moved_much_is_explained_on_desktop_and_phone(visitor, shot):
    head = visitor("zonghe")
    head.goto("/workbench/reports/")
    if head.locator(f"a[href='{HERE}']").count() == 0:
        begun(head)
    head.goto("/workbench/reports/entries/new/")
    head.select_option("[name=kind]", "licences")
    head.fill("[name=month]", "2022-05")
    head.fill("[name=amount]", "30")
    head.fill("[name=source]", "许可台账")
    with head.expect_navigation():
        head.locator("form.form button[type=submit]").click()
    head.goto(HERE)
    # The largest change first, where one asks for it; the page comes back to the table.
    for _press in range(2):
        head.locator("#comparison").get_by_role("link", name="增减", exact=True).click()
    first = head.locator("#comparison tbody tr").first
    expect(first).to_contain_text("行政许可")
    expect(first).to_contain_text("变化较大，未说明")
    walking.accessible(head)
    shot(head, "jumps-1-comparison")

    # The sentence is typed under part six, and saves itself.
    head.goto(f"{HERE}edit/#jumps")
    expect(head.locator("#beside-part-2")).to_contain_text("由上一年度的0增加到30")
    head.get_by_label(re.compile("行政许可")).fill("许可事项由区行政审批局划入。")
    expect(head.locator("#autosave")).to_contain_text("已保存")
    expect(head.locator("#beside-part-2")).not_to_contain_text("由上一年度的0增加到30")
    walking.accessible(head)
    shot(head, "jumps-2-explained")
    assert not head.trouble

    phone = visitor("zonghe", phone=True)
    phone.goto(f"{HERE}?sort=-change#comparison")
    expect(phone.locator("#comparison tbody tr").first).to_contain_text("许可事项由区行政审批局划入。")
    walking.accessible(phone)
    shot(phone, "jumps-3-phone")
    phone.goto(f"{HERE}edit/#jumps")
    walking.accessible(phone)
    shot(phone, "jumps-4-phone-editor")
    assert not phone.trouble


def test_a_citizen_looks_at_the_pictures(visitor, shot):
    for phone in (False, True):
        citizen = visitor(phone=phone)
        citizen.goto("/reports/XG0123/2021/")
        walking.follow(citizen, "看图了解本报告")
        expect(citizen.get_by_role("img", name=re.compile("申请渠道.*网络申请1件"))).to_be_visible()
        walking.accessible(citizen)
        shot(citizen, f"picture-{'phone' if phone else 'desktop'}")
        citizen.locator("details > summary", has_text="数据表").first.click()
        expect(citizen.locator(".chart table").first).to_be_visible()
        walking.accessible(citizen)
        assert not citizen.trouble
