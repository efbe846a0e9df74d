"""What moves the term of a case: correction, a third party, extension, fee; each day as the page shows it."""

from datetime import timedelta

from tests.browser import walking
from tests.browser.walking import accessible, act, fill, main, press

FACTS = "您申请的信息由本机关制作并保存，现向您提供。"


def due(page):
    return page.locator(".work__deadline").inner_text()


def test_one_correction_and_no_second(office, visitor):
    clerk = office("jingban")
    arrived = walking.before(5)
    number, code = walking.register(clerk, "counter", "有关安置的材料", arrived=arrived)
    case = clerk.url
    assert walking.with_weekday(walking.after(20, arrived)) in due(clerk)
    assert walking.with_weekday(walking.after(7, arrived)) in clerk.locator("#dates").inner_text()

    until = walking.after(10)
    said = {"unclear": "没有写明是哪个片区、哪一年的材料。", "items": "写明片区、年份和文件名称。"}
    act(clerk, case, "告知补正", **said, until=walking.today())
    # A day that leaves no time is refused, with the article, and the words stay.
    assert "第三十条" in walking.refused(clerk) and clerk.input_value("[name=unclear]") == said["unclear"]
    fill(clerk, until=until)
    press(clerk, "告知补正")
    accessible(clerk)
    letter = walking.posted(office, clerk)
    assert "补正" in main(clerk) and walking.with_weekday(until) in clerk.locator("#dates").inner_text()
    accessible(clerk)
    text = walking.letter_text(clerk, letter)
    assert "第三十条" in text and walking.prose(until) in text and said["items"] in text
    told = walking.follow_up(visitor, number, code)
    assert walking.prose(until) in main(told)

    act(clerk, case, "登记收到补正", on=walking.today(), text="演示片区五2025年安置房分配方案")
    # A fresh term from the day after.
    assert walking.with_weekday(walking.after(20)) in due(clerk)
    assert walking.after(20) != walking.after(20, arrived)
    clerk.goto(case + "act/request_correction/")
    assert "补正只能一次性告知" in walking.refused(clerk) and "第三十条" in walking.refused(clerk)
    assert not clerk.locator("form.form button[type=submit]").count()
    assert not clerk.trouble


def test_a_third_party_objects_and_is_overruled(office, later, shot):
    clerk = office("jingban")
    walking.register(clerk, "counter", "演示片区五施工单位履约评价", arrived=walking.before(2))
    case, party = clerk.url, "演示建设有限公司"
    act(clerk, case, "征求第三方意见", name=party, information="演示片区五施工单位履约评价表")
    asked = walking.posted(office, clerk)
    walking.served(clerk, asked)
    opinions = clerk.locator("#consultations")
    assert party in opinions.inner_text() and walking.with_weekday(walking.after(15)) in opinions.inner_text()
    text = walking.letter_text(clerk, asked)
    assert party in text and "第三十二条" in text and "演示申请人" not in text

    act(clerk, case, "登记第三方意见", on=walking.today(), opinion="disagree", text="涉及商业秘密。")
    assert "不同意公开" in opinions.inner_text()
    accessible(clerk)
    walking.decide(clerk, case, "provided", third_party="overruled", facts=FACTS)
    walking.confirm(clerk)
    answer = walking.release(office, clerk)
    clerk.goto(case)
    # The answer waits until the third party was told, and then for the interval.
    assert "第三十二条" in walking.refused(clerk)
    walking.send(clerk, answer, "direct", words="申请人签收")
    assert "第三十二条" in walking.refused(clerk)

    act(
        clerk,
        case,
        "告知第三方决定公开",
        content="履约评价表全文",
        reasons="关系安置房质量，不公开对公共利益有重大影响。",
    )
    told = walking.posted(office, clerk)
    walking.served(clerk, told)
    assert "公共利益" in walking.letter_text(clerk, told)
    clerk.goto(case)
    first = walking.after(10) + timedelta(days=1)
    assert walking.with_weekday(first) in clerk.locator("#dates").inner_text()
    walking.send(clerk, answer, "direct", words="申请人签收")
    assert first.isoformat() in walking.refused(clerk) and "第三十二条" in walking.refused(clerk)
    shot(clerk, "case-1-a-third-party-is-told-first")

    # Once the interval has passed, the whole is handed over.
    ahead = later("jingban", days=(first - walking.today()).days)
    path = answer.split("/", 3)[3]
    walking.send(ahead, f"/{path}", "direct", words="申请人签收")
    assert walking.CASE.search(ahead.url), walking.refused(ahead)
    assert "已答复，待结案" in main(ahead) and "予以公开" in main(ahead)
    assert not clerk.trouble and not ahead.trouble


def test_an_extension_approved_by_the_head(office):
    clerk, head = office("jingban"), office("zonghe")
    arrived = walking.before(6)
    walking.register(clerk, "counter", "演示片区五历年资金使用情况", arrived=arrived)
    case = clerk.url
    clerk.goto(case + "act/extend/")
    assert "第三十三条" in walking.refused(clerk)
    act(head, case, "同意延期", working_days=21, reason="资料数量大，分散在三处档案室。")
    assert walking.refused(head)
    fill(head, working_days=10)
    press(head, "同意延期")
    # Approved alone, the day stands; the notice brings the new one.
    assert walking.with_weekday(walking.after(20, arrived)) in due(head)
    act(clerk, case, "起草延期告知书")
    letter = walking.posted(office, clerk)
    assert walking.with_weekday(walking.after(30, arrived)) in due(clerk)
    text = walking.letter_text(clerk, letter)
    assert walking.prose(walking.after(30, arrived)) in text and "第三十三条" in text
    assert not clerk.trouble and not head.trouble


def test_a_fee_by_pages(office, visitor):
    clerk = office("jingban")
    arrived = walking.before(4)
    number, code = walking.register(clerk, "counter", "演示片区五评估报告全部附件", arrived=arrived)
    case = clerk.url
    act(clerk, case, "通知缴纳信息处理费", ladder="by_pages", units=20, payment="缴至财政专户（演示账号）")
    # So few pages cost nothing.
    assert "缴至财政专户" in clerk.input_value("[name=payment]") and walking.refused(clerk)
    fill(clerk, units=120)
    press(clerk, "通知缴纳信息处理费")
    letter = walking.posted(office, clerk)
    walking.served(clerk, letter)
    assert walking.with_weekday(walking.after(20)) in clerk.locator("#dates").inner_text()
    text = walking.letter_text(clerk, letter)
    assert "120页" in text and "1100元" in text.replace(",", "") and "缴至财政专户" in text
    followed = walking.follow_up(visitor, number, code)
    assert walking.prose(walking.after(20)) in main(followed)

    act(clerk, case, "登记缴费", on=walking.today(), receipt="演示票据0001")
    assert walking.with_weekday(walking.after(20)) in due(clerk)
    assert walking.after(20) != walking.after(20, arrived)
    accessible(clerk)
    assert not clerk.trouble
