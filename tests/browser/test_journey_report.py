"""The office compiles, checks and files a report in the browser, the district accepts it; a citizen reads it."""

from playwright.sync_api import expect

from tests.browser import walking


def test_from_the_records_to_the_public_report(visitor, shot):
    head = visitor("zonghe")
    head.goto("/workbench/reports/XG0123/2021/")
    shot(head, "report-1-compiled")
    # A figure opens to its records.
    head.goto("/workbench/reports/XG0123/2021/figures/items_released/")
    expect(head.get_by_text("演示片区二安置房选房结果和交付安排").first).to_be_visible()
    shot(head, "report-2-a-figure-opens-to-its-records")

    # The next year's report is begun: its tables come from the records.
    head.goto("/workbench/reports/new/")
    head.fill("[name=year]", "2022")
    head.locator("form.form button[type=submit]").click()
    head.wait_for_url("**/workbench/reports/XG0123/2022/")
    head.goto(head.url + "edit/")

    # Submitting before part five is written is refused, and the form says which part.
    with head.expect_navigation():
        head.locator("form.form button[name=submit]").click()
    expect(head.locator("[role=alert], .error-summary").first).to_be_visible()
    shot(head, "report-3-stopped-by-the-check")
    head.fill(
        "[name=problems]", "（一）存在的主要问题\n解读形式较为单一。\n（二）改进情况\n增加问答形式的解读。"
    )
    head.locator("form.form button[name=submit]").click()
    head.wait_for_url("**/workbench/review/**")
    review = head.url

    citizen = visitor()
    walking.approve(visitor("jingban"), review)
    walking.approve(visitor("fenguan"), review)
    assert citizen.goto("/reports/XG0123/2022/").status == 404
    walking.approve(visitor("zhuren", phone=True), review)
    # The district collects: what the leader approved waits for it.
    assert citizen.goto("/reports/XG0123/2022/").status == 404
    district = visitor("quban")
    district.goto("/workbench/report-collection/2022/")
    walking.follow(district, "西工区城市改造办公室")
    walking.press(district, "审核通过并公开")

    citizen = visitor()
    citizen.goto("/reports/")
    citizen.get_by_role("link", name="2022").first.click()
    # The page of the year, with every agency's report.
    citizen.locator("main").get_by_role("link", name="2022年度报告").first.click()
    expect(citizen.get_by_text("勾稽关系").first).to_be_visible()
    expect(citizen.get_by_text("解读形式较为单一").first).to_be_visible()
    shot(citizen, "report-4-the-public-report")
    assert not citizen.trouble and not head.trouble


def test_the_report_of_the_reference_year_is_read_by_a_citizen(visitor):
    citizen = visitor()
    citizen.goto("/reports/XG0123/2021/")
    expect(citizen.get_by_text("主动公开政府信息9项").first).to_be_visible()
    assert not citizen.trouble
