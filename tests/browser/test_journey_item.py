"""A clerk drafts from a Word file, is stopped by a resident id, mends it; three people release it; a citizen finds it."""

import io
from pathlib import Path
from typing import Any

from docx import Document
from playwright.sync_api import expect

from tests.browser import walking

# A made-up number with a right check digit: 洛阳市西工区, 1 January 1990.
RESIDENT_ID = "41030319900101001X"


def word_file(folder: Path, *paragraphs: str) -> Path:
    document = Document()
    document.add_heading(paragraphs[0], 0)
    for text in paragraphs[1:]:
        document.add_paragraph(text)
    path = folder / "公告.docx"
    buffer = io.BytesIO()
    document.save(buffer)
    path.write_bytes(buffer.getvalue())
    return path


def decide(page: Any, title: str) -> None:
    """Open the review from the inbox, tick every point, press the one button."""
    page.goto("/workbench/")
    walking.follow(page, title)
    walking.approve(page, page.url)


def test_from_word_to_the_public(visitor, shot, tmp_path):
    title = "演示片区四安置房分配办法公告"
    clerk = visitor("jingban")
    clerk.goto("/workbench/items/new/")
    path = word_file(tmp_path, title, "为做好安置房分配工作，现公告如下。", f"联系人身份证号{RESIDENT_ID}。")
    clerk.set_input_files("[name=word]", path)
    clerk.get_by_role("button", name="导入此 Word 文件").click()
    clerk.wait_for_url("**/edit/")
    assert clerk.input_value("[name=title]") == title
    clerk.fill("[name=summary]", "公布安置房分配的原则和程序。")
    clerk.select_option("[name=attribute]", "proactive")
    clerk.select_option("[name=column]", label="棚户区改造")
    shot(clerk, "item-1-drafted-from-word")

    # The form says what is missing and keeps what was typed.
    walking.press(clerk, "送三级审查")
    expect(clerk.get_by_text("请填写信息的生成或获取日期").first).to_be_visible()
    assert clerk.input_value("[name=summary]") == "公布安置房分配的原则和程序。"
    clerk.fill("[name=formed_on]", "2026-11-02")
    clerk.get_by_role("button", name="送三级审查").click()
    clerk.wait_for_url("**/workbench/review/**")

    # Stopped: the number is shown masked, and confirming is refused.
    expect(clerk.get_by_text("公民身份号码").first).to_be_visible()
    assert RESIDENT_ID not in clerk.locator(".findings").inner_text()
    shot(clerk, "item-2-stopped-by-a-resident-id")
    for box in clerk.locator("form.decision input[type=checkbox]").all():
        box.check()
    clerk.locator("form.decision button[value=approve]").click()
    expect(clerk.get_by_text("请从文本中删除每个阻断项").first).to_be_visible()

    # Mended in the text, submitted anew.
    with clerk.expect_navigation():
        clerk.get_by_role("link", name="政府信息", exact=True).last.click()
    clerk.goto(clerk.url.rstrip("/") + "/edit/")
    paragraph = clerk.locator("[contenteditable] p", has_text="联系人身份证号")
    paragraph.click(click_count=3)
    clerk.keyboard.type("联系人见公告附注。")
    clerk.get_by_role("button", name="送三级审查").click()
    clerk.wait_for_url("**/workbench/review/**")
    assert not clerk.get_by_text("公民身份号码").count()

    decide(clerk, title)
    decide(visitor("fenguan"), title)
    leader = visitor("zhuren", phone=True)
    leader.goto("/workbench/")
    walking.follow(leader, title)
    shot(leader, "item-3-leader-on-a-phone")
    decide(leader, title)

    citizen = visitor()
    citizen.goto("/")
    citizen.locator("input[name=q]").first.fill("安置房分配")
    citizen.keyboard.press("Enter")
    citizen.get_by_role("link", name=title).first.click()
    expect(citizen.locator("h1", has_text=title)).to_be_visible()
    assert RESIDENT_ID not in citizen.content()
    shot(citizen, "item-4-the-public-page")
    assert not citizen.trouble and not clerk.trouble
