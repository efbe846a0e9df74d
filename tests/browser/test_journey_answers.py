"""Answers and what comes after: partial, refused and ordered anew, withdrawn, turned into an item."""

import re

from tests.browser import walking
from tests.browser.walking import accessible, act, approve, choose, fill, follow, main, press

FACTS = "您申请的信息由本机关制作并保存，现向您提供。"


def test_a_partial_disclosure_with_a_redacted_copy(office, tmp_path):
    clerk = office("jingban")
    walking.register(clerk, "counter", "演示片区六专题会议材料", arrived=walking.today())
    case = clerk.url
    parts = {
        "opened": "会议议定事项\n项目资金安排",
        "part_0": "会议讨论记录",
        "ground_0": "deliberative",
        "reason_0": "属于讨论记录，公开会影响集体讨论的坦率",
        "part_1": "附件二中的身份证号码",
    }
    walking.decide(clerk, case, "partly_provided", **parts, facts=FACTS)
    # A part without ground or reason is refused; the list stays as typed.
    assert "第三十七条" in walking.refused(clerk)
    assert clerk.input_value("[name=part_0]") == parts["part_0"]
    fill(clerk, ground_1="prohibited_by_law", reason_1="属于法律禁止公开的个人信息")
    press(clerk, "查看处理结果")
    assert "会议讨论记录" in main(clerk) and "第十六条" in main(clerk)
    accessible(clerk)
    walking.confirm(clerk)
    letter = clerk.url

    whole, redacted = tmp_path / "会议材料.txt", tmp_path / "会议材料（遮盖）.txt"
    whole.write_text("会议材料，全文。", "utf-8")
    redacted.write_text("会议材料，部分遮盖。", "utf-8")
    for path, purpose in ((whole, "original"), (redacted, "redacted")):
        choices = clerk.locator("aside [name=purpose] option").evaluate_all("all => all.map(e => e.value)")
        assert purpose in choices
        fill(clerk, purpose=purpose, enclosure=path)
        press(clerk, "添加文件")
        assert clerk.url == letter
    assert "会议材料（遮盖）.txt" in main(clerk)
    accessible(clerk)
    released = walking.release(office, clerk)
    text = walking.letter_text(clerk, released)
    assert "1.会议讨论记录" in text and "2.附件二中的身份证号码" in text
    assert "第十六条" in text and "第十四条" in text
    assert "会议材料（遮盖）" in text and "会议材料.txt" not in text
    walking.send(clerk, released, "direct", words="申请人签收")
    assert "部分公开" in main(clerk)
    assert not clerk.trouble


def test_a_refusal_is_revoked_and_answered_anew(office, shot):
    clerk = office("jingban")
    number, _code = walking.register(clerk, "counter", "演示片区六内部值班安排", arrived=walking.today())
    case = clerk.url
    walking.decide(clerk, case, "internal_affairs", facts="该信息属于本机关内部管理事务。")
    walking.confirm(clerk)
    letter = walking.release(office, clerk)
    text = walking.letter_text(clerk, letter)
    # The remedy of the law of today: reconsideration comes before the court.
    assert "行政复议" in text and "六十日" in text.replace("60日", "六十日")
    walking.send(clerk, letter, "direct", words="申请人签收")

    clerk.goto("/workbench/remedies/")
    follow(clerk, "登记案件")
    accessible(clerk)
    said = {"kind": "reconsideration", "subject": "不服不予公开决定", "received_on": walking.today()}
    fill(clerk, **said, application="XG0123-1999-9999")
    press(clerk, "登记")
    assert walking.refused(clerk) and clerk.input_value("[name=subject]") == said["subject"]
    fill(clerk, application=number)
    press(clerk, "登记")
    assert not clerk.url.endswith("/new/"), walking.refused(clerk)
    remedy = clerk.url
    accessible(clerk)
    choose(clerk, "登记审结")
    fill(
        clerk,
        on=walking.today(),
        detail="revoked",
        paper="演示复决〔2026〕1号",
        served_on=walking.today(),
        redo=True,
    )
    press(clerk, "登记审结")
    assert clerk.url == remedy, walking.refused(clerk)
    assert walking.with_weekday(walking.after(20)) in main(clerk)
    clerk.get_by_role("link", name=re.compile(r"^XG0123-")).nth(1).click()
    clerk.wait_for_url(walking.CASE)
    anew = clerk.url
    assert anew != case and "演示复决〔2026〕1号" in main(clerk) and number in main(clerk)
    assert walking.with_weekday(walking.after(20)) in clerk.locator(".work__deadline").inner_text()
    accessible(clerk)
    shot(clerk, "case-2-answered-anew-as-ordered")
    clerk.goto(case)
    assert clerk.locator(f"#linked a[href='/{anew.split('/', 3)[3]}']").count()

    walking.decide(clerk, anew, "provided", facts=FACTS)
    walking.confirm(clerk)
    answer = walking.release(office, clerk)
    assert "演示复决〔2026〕1号" in walking.letter_text(clerk, answer)
    walking.send(clerk, answer, "direct", words="申请人签收")
    assert "已答复，待结案" in main(clerk)
    clerk.goto(remedy)
    assert "重新答复日期" in main(clerk) and walking.today().isoformat() in main(clerk)
    assert not clerk.trouble


def test_withdrawn_and_confirmed_in_writing(office, visitor):
    clerk = office("jingban")
    number, code = walking.register(clerk, "counter", "演示片区六选房公告", arrived=walking.today())
    case = clerk.url
    act(clerk, case, "登记申请人撤回", on=walking.today(), words="申请人到窗口书面撤回，原件在卷。")
    letter = walking.release(office, clerk)
    text = walking.letter_text(clerk, letter)
    assert "撤回" in text and number in text
    walking.send(clerk, letter, "direct", words="申请人签收")
    assert "申请人撤回申请" in main(clerk)
    followed = walking.follow_up(visitor, number, code)
    assert "撤回" in main(followed)
    assert not clerk.trouble


def test_an_answer_becomes_an_item_for_everybody(office, visitor):
    clerk = office("jingban")
    title = "演示片区六安置房分配结果"
    walking.register(clerk, "counter", title, arrived=walking.today())
    case = clerk.url
    walking.decide(clerk, case, "provided", facts="演示片区六安置房分配结果由本机关制作并保存。")
    walking.confirm(clerk)
    letter = walking.release(office, clerk)
    walking.send(clerk, letter, "direct", words="申请人签收")
    clerk.goto(case + "act/convert/")
    accessible(clerk)
    press(clerk, "转为政府信息")
    assert clerk.url.endswith("/edit/") and "/items/" in clerk.url, walking.refused(clerk)
    assert "演示申请人" not in clerk.locator("main").inner_text()
    fill(clerk, title=title, summary="公布演示片区六安置房分配结果。", attribute="proactive")
    clerk.select_option("[name=column]", label="棚户区改造")
    fill(clerk, formed_on=walking.today())
    if not clerk.locator("[contenteditable]").first.inner_text().strip():
        clerk.locator("[contenteditable]").first.fill("分配结果如下（演示）。")
    with clerk.expect_navigation():
        clerk.get_by_role("button", name="送三级审查").click()
    review = clerk.url
    assert "/review/" in review, walking.refused(clerk)
    approve(clerk, review)
    approve(office("fenguan"), review)
    approve(office("zhuren", phone=True), review)
    citizen = visitor()
    citizen.goto("/")
    citizen.locator("input[name=q]").first.fill("片区六安置房分配结果")
    citizen.keyboard.press("Enter")
    citizen.get_by_role("link", name=title).first.click()
    citizen.locator("h1", has_text=title).wait_for()
    assert "演示申请人" not in citizen.content()
    accessible(citizen)
    clerk.goto(case)
    assert clerk.locator("#linked a[href*='/items/']").count()
    assert not clerk.trouble and not citizen.trouble
