"""How applications come in: at the counter, by ordinary mail, online by several, and orally; to the answer."""

import re

from playwright.sync_api import expect

from tests.browser import walking
from tests.browser.walking import accessible, act, fill, follow, main, press

FACTS = "您申请的信息由本机关制作并保存，不存在不予公开的情形，现向您提供。"


def test_at_the_counter_until_the_case_is_closed(office, visitor):
    clerk = office("jingban")
    clerk.goto("/workbench/applications/new/")
    accessible(clerk)
    wanted = "演示片区五安置房选房顺序表"
    number, code = walking.register(clerk, "counter", wanted, arrived=walking.today())
    case, due = clerk.url, walking.after(20)
    # The due day with its weekday, and how it came about.
    assert walking.with_weekday(due) in main(clerk)
    assert "第三十一条" in main(clerk)
    accessible(clerk)
    receipt = walking.pdf_text(clerk, clerk.get_by_role("link", name="登记回执（含查询码，PDF）"))
    assert number in receipt and code.replace(" ", "") in receipt and walking.prose(due) in receipt

    walking.decide(clerk, case, "provided", facts=FACTS)
    assert "予以公开" in main(clerk) and "行政复议" in main(clerk)
    accessible(clerk)
    walking.confirm(clerk)
    accessible(clerk)
    letter = walking.release(office, clerk)
    accessible(clerk)
    leader = office("zhuren", phone=True)
    assert leader.viewport_size["width"] == 390
    accessible(leader)
    text = walking.letter_text(clerk, letter)
    assert "演示申请人乙" in text and FACTS in text and walking.prose(walking.today()) in text

    # Nothing goes out electronically that was not asked for so; at the counter it is signed for.
    walking.send(clerk, letter, "electronic", words="已发送")
    assert "第四十条" in walking.refused(clerk)
    fill(clerk, way="direct", words="演示申请人乙当场签收")
    press(clerk, "登记发出")
    assert clerk.url == case and "已答复，待结案" in main(clerk)

    citizen = walking.follow_up(visitor, number, code)
    assert walking.prose(walking.today()) in main(citizen) and "西工区人民政府" in main(citizen)
    accessible(citizen)
    told = walking.pdf_text(citizen, citizen.locator("button[name=document]").first)
    assert FACTS in told

    act(clerk, case, "结案归档")
    assert "已完成：结案归档" in main(clerk) and "现在不能办理" in main(clerk)
    assert not clerk.trouble and not leader.trouble and not citizen.trouble


def test_ordinary_mail_waits_for_the_confirmation(office):
    clerk = office("jingban")
    walking.register(clerk, "ordinary_mail", "演示片区五拆迁公告", arrived=walking.before(3))
    case = clerk.url
    # Registered, and no day is due: the receipt day waits for the talk with the applicant.
    assert "第三十一条" in main(clerk) and not clerk.locator(".work__deadline .deadline__date").count()

    call = {"on": walking.before(1), "number": "0379-00000009"}
    act(clerk, case, "登记通话", **call, reached="no")
    assert clerk.url == case and "未接通" in clerk.locator("#calls").inner_text()
    assert not clerk.locator(".work__deadline .deadline__date").count()
    assert "0379-00000009" not in clerk.locator("#calls").inner_text()
    act(
        clerk,
        case,
        "登记通话",
        **call | {"on": walking.today()},
        reached="yes",
        whom="申请人本人",
        said="确认申请属实",
    )
    assert "申请人本人" in clerk.locator("#calls").inner_text()
    accessible(clerk)

    act(clerk, case, "确认收到", on=walking.today())
    assert clerk.url == case
    assert walking.with_weekday(walking.after(20)) in clerk.locator(".work__deadline").inner_text()
    clerk.get_by_text("期限逐日计算").click()
    expect(clerk.get_by_text(walking.after(1).isoformat()).first).to_be_visible()
    assert not clerk.trouble


def test_online_by_several_with_their_representative(visitor):
    citizen = visitor()
    citizen.goto("/apply/")
    citizen.select_option("[name=agency]", label="西工区城市改造办公室")
    accessible(citizen)
    fill(
        citizen,
        applicant_kind="natural_person",
        name="演示申请人丙",
        identity="passport",
        identity_number="E00000003",
    )
    citizen.get_by_text("多人共同申请").click()
    press(citizen, "增加一名申请人")
    assert citizen.input_value("[name=name]") == "演示申请人丙"
    fill(citizen, co1_name="演示申请人丁", co1_identity="passport", co1_identity_number="E00000004")
    citizen.check("[name=spokesperson][value='1']")

    # While one types, what is published is offered; one goes on past it.
    citizen.locator("[name=description]").press_sequentially("棚户区改造项目征收补偿方案", delay=5)
    citizen.locator("#published a").first.wait_for()
    assert "已经公开" in citizen.locator("#published").inner_text()

    # No way to reach anybody: a sentence, and everything typed is still there.
    citizen.wait_for_function("document.querySelector('[data-challenge]').value !== ''")
    citizen.get_by_role("button", name="提交申请").click()
    citizen.locator("[role=alert], .error-summary").first.wait_for()
    assert citizen.input_value("[name=co1_name]") == "演示申请人丁"
    assert citizen.is_checked("[name=spokesperson][value='1']")
    assert "征收补偿方案" in citizen.input_value("[name=description]")
    accessible(citizen)
    fill(citizen, phone="0379-00000010", co1_phone="0379-00000011")
    citizen.wait_for_function("document.querySelector('[data-challenge]').value !== ''")
    citizen.get_by_role("button", name="提交申请").click()
    citizen.wait_for_url("**/apply/done/")
    accessible(citizen)
    number = citizen.locator("dd strong").nth(0).inner_text()
    code = citizen.locator("dd strong").nth(1).inner_text()
    assert walking.prose(walking.after(20)) in main(citizen)
    receipt = walking.pdf_text(citizen, citizen.get_by_role("link", name=re.compile("回执")))
    assert number in receipt and "演示申请人丙" in receipt
    followed = walking.follow_up(visitor, number, code)
    assert walking.prose(walking.after(20)) in main(followed)
    assert "演示申请人" not in followed.locator("body").inner_text()
    assert not citizen.trouble


def test_orally_filled_in_and_read_back(office):
    clerk = office("jingban")
    clerk.goto("/workbench/applications/new/")
    said = {"arrived": walking.today(), "evidence": "笔录经申请人核对无误", "name": "演示申请人戊"}
    more = {"identity": "passport", "identity_number": "E00000005", "phone": "0379-00000012"}
    wanted = {"description": "演示片区五过渡安置费发放标准", "way": "pick_up", "form": "paper"}
    fill(clerk, channel="oral", applicant_kind="natural_person", **said, **more, **wanted)
    press(clerk, "登记")
    # Not read back: refused, and the form is still filled in.
    assert "第二十九条" in walking.refused(clerk)
    assert clerk.input_value("[name=name]") == "演示申请人戊"
    fill(clerk, read_back=True, reading_help=True)
    press(clerk, "登记")
    assert walking.CASE.search(clerk.url), walking.refused(clerk)
    assert "口头申请" in main(clerk)
    record = walking.pdf_text(clerk, clerk.locator("main a[href$='oral-record.pdf']"))
    assert "演示申请人戊" in record and "过渡安置费发放标准" in record
    follow(clerk, re.compile("相同或者相似|相同|相似"))
    accessible(clerk)
    assert not clerk.trouble
