"""A list with a hidden sheet is stopped, redacted and released; a marked text waits for the province to answer."""

import io
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import expect

from tests.browser import walking
from tests.screening.planting import ID


def workbook() -> bytes:
    """A notice's list of resettlement rooms; behind it, hidden, the sheet it was made from."""
    book = openpyxl.Workbook()
    shown = book.active
    shown.title = "分配结果"
    shown.append(["序号", "房号", "面积（平方米）"])
    shown.append([1, "演示片区1号楼101室", 88])
    hidden = book.create_sheet("原始登记")
    hidden.append(["姓名", "公民身份号码"])
    hidden.append(["李四（演示）", ID])
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def draft(clerk: Any, title: str, body: str) -> str:
    """A complete draft of an item; the address of its form, which is open."""
    clerk.goto("/workbench/items/new/")
    clerk.get_by_role("button", name="从空白开始").click()
    clerk.wait_for_url("**/edit/")
    walking.fill(clerk, title=title, summary=f"公布{title}。", formed_on=walking.today())
    clerk.select_option("[name=attribute]", "proactive")
    clerk.select_option("[name=column]", label="棚户区改造")
    clerk.locator("[contenteditable]").first.click()
    clerk.keyboard.type(body)
    return str(clerk.url)


def submit(clerk: Any) -> str:
    """Send the open draft to review; the address of the review, whose page is open."""
    clerk.get_by_role("button", name="送三级审查").click()
    clerk.wait_for_url("**/workbench/review/**")
    return str(clerk.url)


def test_a_hidden_sheet_is_stopped_redacted_and_released(visitor, shot, tmp_path: Path):
    title = "演示片区安置房分配结果"
    path = tmp_path / "分配结果.xlsx"
    path.write_bytes(workbook())
    clerk = visitor("jingban")
    form = draft(clerk, title, "分配结果见附件。")
    clerk.set_input_files("[name=attachment]", path)
    clerk.get_by_role("button", name="添加文件").click()
    clerk.get_by_text("分配结果.xlsx").first.wait_for()

    # Stopped: nobody sees that sheet in Excel, the page names it, and the number is masked.
    review = submit(clerk)
    finding = clerk.locator(".finding", has_text="公民身份号码").first
    expect(finding).to_contain_text("隐藏工作表")
    expect(finding).to_contain_text("原始登记")
    assert ID not in clerk.content()
    walking.accessible(clerk)
    shot(clerk, "confidentiality-1-stopped")
    walking.answer_points(clerk)
    clerk.locator("form.decision button[value=approve]").click()
    expect(clerk.get_by_text("请从文本中删除每个阻断项").first).to_be_visible()
    # What was answered is still there.
    assert clerk.locator("select[name^=answer_]").first.input_value() == "no"

    clerk.goto(form)
    clerk.get_by_role("link", name="涂去 分配结果.xlsx").click()
    # The rooms of a list of flats look like addresses: only a person may choose to take them out.
    assert not clerk.get_by_label("家庭住址（1处）").is_checked()
    shot(clerk, "confidentiality-2-what-to-take-out")
    clerk.get_by_role("button", name="生成涂去后的文件").click()
    clerk.wait_for_url("**/made/")
    assert "必须处理" not in walking.main(clerk) and "公民身份号码" not in walking.main(clerk)
    clerk.goto(form)
    again = submit(clerk)
    assert again != review
    assert not clerk.locator(".finding--blocking").count()
    # The page says that something was taken out of a file: in part, with what was done.
    expect(clerk.get_by_role("note").filter(has_text="部分公开")).to_be_visible()
    for who in ("jingban", "fenguan"):
        person = visitor(who)
        person.goto(again)
        walking.answer_points(
            person, severable="separated", note_severable="附件中的隐藏工作表已删除。", conclusion="partial"
        )
        shot(person, f"confidentiality-3-{who}")
        with person.expect_navigation():
            person.locator("form.decision button[value=approve]").click()
        assert person.url.endswith("/workbench/"), walking.refused(person)
    walking.approve(visitor("zhuren", phone=True), again)

    citizen = visitor()
    citizen.goto("/search/?q=演示片区安置房分配结果")
    citizen.get_by_role("link", name=title).first.click()
    with citizen.expect_download() as coming:
        citizen.get_by_role("link", name="分配结果").first.click()
    got = Path(coming.value.path()).read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(got))
    assert book.sheetnames == ["分配结果"]
    assert book["分配结果"]["B2"].value == "演示片区1号楼101室"
    assert ID not in str([[cell.value for cell in row] for sheet in book for row in sheet.rows])
    assert not clerk.trouble and not citizen.trouble


def test_a_marked_text_waits_until_the_province_has_answered(visitor, shot):
    title = "演示片区地下管线资料目录"
    clerk = visitor("jingban")
    draft(clerk, title, "秘密★3年")
    review = submit(clerk)
    mark = clerk.locator(".finding", has_text="国家秘密标志").first
    expect(mark).to_be_visible()
    # No ground takes a mark away.
    assert not mark.get_by_role("link").count()
    expect(clerk.locator("form.decision .consequence")).to_contain_text("逐级报请保密行政管理部门确定")

    walking.follow(clerk, "报请确定")
    sent = walking.before(3)
    walking.fill(
        clerk,
        question="secret",
        matter="目录标有密级，原定密机关已撤销，是否仍属国家秘密不明确。",
        addressee_kind="competent",
        addressee="演示区国家保密局",
        route="演示市国家保密局",
        document_number="演示办函〔2026〕9号",
        sent_on=sent,
    )
    clerk.locator("main form button[type=submit]").last.click()
    assert "逐级" in walking.refused(clerk)
    assert clerk.input_value("[name=matter]").startswith("目录标有密级")
    walking.fill(clerk, addressee_kind="secrecy")
    with clerk.expect_navigation(url="**" + review.split("/workbench")[1]):
        clerk.locator("main form button[type=submit]").last.click()
    # The term of art. 26 runs on, and the page says so.
    expect(clerk.get_by_text("公开期限不中止", exact=False).first).to_be_visible()
    walking.accessible(clerk)
    shot(clerk, "referral-1-waits")
    clerk.goto("/workbench/review/referrals/")
    expect(clerk.get_by_role("link", name=title)).to_be_visible()
    walking.accessible(clerk)
    shot(clerk, "referral-2-register")

    # The district's own answer decides nothing about a secret; the province's does.
    clerk.goto(review)
    walking.follow(clerk, "登记答复")
    walking.fill(
        clerk,
        outcome="open",
        level="county",
        body="演示区国家保密局",
        answered_on=walking.today(),
    )
    clerk.locator("main form button[type=submit]").last.click()
    assert "只有国家或者省" in walking.refused(clerk)
    walking.fill(clerk, level="provincial", body="演示省国家保密局", document_number="演示保函〔2026〕3号")
    with clerk.expect_navigation(url="**" + review.split("/workbench")[1]):
        clerk.locator("main form button[type=submit]").last.click()

    # With the answer the mark can be disputed and resolved, each by its person.
    for person, act in ((clerk, "dispute"), (visitor("fenguan"), "resolve")):
        person.goto(review)
        person.locator(f".finding a[href$='/{act}/']").first.click()
        walking.fill(person, ground="演示保函〔2026〕3号：不属于国家秘密，可以公开。")
        with person.expect_navigation(url="**" + review.split("/workbench")[1]):
            person.locator("main form button[type=submit]").last.click()
        walking.approve(person, review)
    walking.approve(visitor("zhuren", phone=True), review)
    citizen = visitor()
    citizen.goto(f"/search/?q={title}")
    expect(citizen.get_by_role("link", name=title).first).to_be_visible()
    assert not clerk.trouble
