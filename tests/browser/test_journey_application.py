"""A citizen applies; the clerk decides and answers by a reviewed letter; the citizen reads it by number and code."""

from playwright.sync_api import expect

from tests.browser import walking


def test_from_the_public_form_to_the_letter_read_by_code(office, visitor, shot):
    citizen = visitor()
    citizen.goto("/apply/")
    citizen.select_option("[name=agency]", label="西工区城市改造办公室")
    citizen.check("[name=applicant_kind][value=natural_person]")
    citizen.fill("[name=name]", "演示申请人甲")
    citizen.select_option("[name=identity]", "passport")
    citizen.fill("[name=identity_number]", "E00000001")
    citizen.fill("[name=phone]", "0379-00000008")

    # What is missing is said in a sentence, and what was typed stays.
    citizen.wait_for_function("document.querySelector('[data-challenge]').value !== ''")
    citizen.locator("form.form button[type=submit]").last.click()
    expect(citizen.locator("[role=alert], .error-summary").first).to_be_visible()
    assert citizen.input_value("[name=name]") == "演示申请人甲"
    citizen.fill("[name=description]", "演示片区一绿化方案批准文件")
    shot(citizen, "application-1-the-form")
    citizen.wait_for_function("document.querySelector('[data-challenge]').value !== ''")
    citizen.locator("form.form button[type=submit]").last.click()
    citizen.wait_for_url("**/apply/done/")
    number = citizen.locator("dd strong").nth(0).inner_text()
    code = citizen.locator("dd strong").nth(1).inner_text()
    shot(citizen, "application-2-number-and-code")

    clerk = office("jingban")
    clerk.goto("/workbench/")
    clerk.get_by_role("link", name=number).first.click()
    expect(clerk.locator(".deadline").first).to_be_visible()
    shot(clerk, "application-3-the-case")
    case = clerk.url
    # That nothing was found presupposes a search (art. 36).
    clerk.goto(case + "act/record_search/")
    clerk.fill("[name=where]", "本机关档案室、项目管理系统")
    clerk.fill("[name=keywords]", "绿化、片区一")
    clerk.fill("[name=result]", "没有结果")
    shot(clerk, "application-3-the-search")
    clerk.locator("form.form button[type=submit]").last.click()
    clerk.wait_for_url(case)
    walking.decide(
        clerk,
        case,
        "not_found",
        facts="经检索本机关全部档案和业务系统，没有制作或者获取您申请的信息。",
    )
    shot(clerk, "application-4-the-decision")
    walking.confirm(clerk)
    shot(clerk, "application-5-the-letter")
    letter = walking.release(office, clerk)
    walking.send(clerk, letter, "electronic")
    assert clerk.url == case

    citizen.goto("/track/")
    citizen.fill("[name=number]", number)
    citizen.fill("[name=code]", code)
    with citizen.expect_navigation():
        citizen.locator("form.form button[type=submit]").last.click()
    shot(citizen, "application-6-the-answer-by-code")
    expect(citizen.get_by_text("行政复议").first).to_be_visible()
    with citizen.expect_download() as download:
        citizen.locator("button[name=document]").first.click()
    assert download.value.suggested_filename.endswith((".pdf", ".docx"))
    assert not citizen.trouble


def test_a_wrong_code_opens_nothing(visitor):
    citizen = visitor()
    citizen.goto("/track/")
    citizen.fill("[name=number]", "XG0123-2021-0001")
    citizen.fill("[name=code]", "AAAAAAAAAAAA")
    with citizen.expect_navigation():
        citizen.locator("form.form button[type=submit]").last.click()
    assert "XG0123-2021-0001" not in citizen.locator("h1").inner_text()
    expect(citizen.locator("[role=alert], .error-summary").first).to_be_visible()
