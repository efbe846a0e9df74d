"""A record amended, one application cut into two, two answered by one letter."""

from tests.browser import walking
from tests.browser.walking import accessible, act, fill, main, press

FACTS = "您申请的信息由本机关制作并保存，现向您提供。"


def test_a_record_about_oneself_is_amended(office, visitor):
    citizen = visitor()
    citizen.goto("/apply/amendment/")
    citizen.select_option("[name=agency]", label="西工区城市改造办公室")
    accessible(citizen)
    said = {
        "applicant_kind": "natural_person",
        "name": "演示申请人己",
        "identity": "passport",
        "identity_number": "E00000006",
        "phone": "0379-00000013",
        "record": "演示片区六被征收人登记表第12号",
        "wrong": "房屋面积登记为80平方米。",
        "correction": "房屋面积应为86平方米。",
    }
    fill(citizen, **said)
    citizen.wait_for_function("document.querySelector('[data-challenge]').value !== ''")
    citizen.locator("form.form button[type=submit]").last.click()
    # Art. 41 asks for evidence; what was typed stays.
    citizen.locator("[role=alert], .error-summary").first.wait_for()
    assert "证据" in walking.refused(citizen)
    assert citizen.input_value("[name=wrong]") == said["wrong"]
    fill(citizen, proof="房屋所有权证载明面积86平方米。")
    citizen.wait_for_function("document.querySelector('[data-challenge]').value !== ''")
    citizen.locator("form.form button[type=submit]").last.click()
    citizen.wait_for_url("**/apply/done/")
    number = citizen.locator("dd strong").nth(0).inner_text()
    code = citizen.locator("dd strong").nth(1).inner_text()

    clerk = office("jingban")
    clerk.goto("/workbench/applications/")
    clerk.get_by_role("link", name=number).first.click()
    clerk.wait_for_url(walking.CASE)
    case = clerk.url
    assert "第四十一条" in main(clerk) and said["correction"] in main(clerk)
    accessible(clerk)
    act(
        clerk,
        case,
        "作出更正决定",
        result="record_amended",
        facts="经核对权属证书，登记有误。",
        amended="房屋面积：86平方米。",
    )
    letter = walking.release(office, clerk)
    text = walking.letter_text(clerk, letter)
    assert "第四十一条" in text and "86平方米" in text
    walking.send(clerk, letter, "electronic")
    assert "已答复，待结案" in main(clerk)
    followed = walking.follow_up(visitor, number, code)
    assert walking.prose(walking.today()) in main(followed)
    assert not clerk.trouble and not citizen.trouble


def test_one_application_is_cut_into_two(office):
    clerk = office("jingban")
    arrived = walking.before(2)
    number, _code = walking.register(clerk, "counter", "演示片区六规划图；演示片区七资金表", arrived=arrived)
    case = clerk.url
    act(clerk, case, "拆分申请")
    # Uncut it is one part only: refused, and the boxes keep their words.
    boxes = clerk.locator("[name=parts]")
    assert walking.refused(clerk) and "规划图" in boxes.nth(0).input_value()
    accessible(clerk)
    boxes.nth(0).fill("演示片区六规划图")
    boxes.nth(1).fill("演示片区七资金表")
    press(clerk, "拆分申请")
    assert clerk.url == case, walking.refused(clerk)
    part = clerk.locator("#linked a").first
    other = part.inner_text()
    assert other != number
    part.click()
    clerk.wait_for_url(lambda url: url != case)
    # The part keeps the receipt day, so the due day is the same.
    assert walking.with_weekday(walking.after(20, arrived)) in clerk.locator(".work__deadline").inner_text()
    assert "演示片区七资金表" in main(clerk) and number in clerk.locator("#linked").inner_text()
    assert not clerk.trouble


def test_two_applications_are_answered_by_one_letter(office, visitor):
    clerk = office("jingban")
    who = {"name": "演示申请人庚", "identity_number": "E00000007"}
    first, _ = walking.register(clerk, "counter", "演示片区七规划图", arrived=walking.before(1), **who)
    lead = clerk.url
    second, code = walking.register(clerk, "counter", "演示片区七用地批文", arrived=walking.today(), **who)
    joining = clerk.url
    act(clerk, joining, "并案办理", lead=first)
    assert clerk.url == joining and first in clerk.locator("#linked").inner_text(), walking.refused(clerk)
    clerk.goto(joining + "decide/")
    assert first in walking.refused(clerk)
    clerk.goto(lead)
    assert second in clerk.locator("#linked").inner_text() and "演示片区七用地批文" in main(clerk)
    accessible(clerk)
    walking.decide(clerk, lead, "provided", facts=FACTS)
    walking.confirm(clerk)
    letter = walking.release(office, clerk)
    text = walking.letter_text(clerk, letter)
    assert first in text and second in text
    walking.send(clerk, letter, "direct", words="申请人签收")
    clerk.goto(joining)
    assert "已答复，待结案" in main(clerk)
    followed = walking.follow_up(visitor, second, code)
    assert walking.prose(walking.today()) in main(followed)
    assert not clerk.trouble
