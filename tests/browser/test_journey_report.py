"""The office compiles, checks and publishes its report; a citizen reads it."""


def test_from_the_records_to_the_public_report(visitor, shot):
    head = visitor("zonghe")
    head.goto("/workbench/reports/")
    shot(head, "report-1-years")
    head.goto("/workbench/reports/XG0123/2021/")
    shot(head, "report-2-compiled")
    # A figure opens to its records.
    head.goto("/workbench/reports/XG0123/2021/figures/items_released/")
    assert head.get_by_text("演示片区二安置房选房结果和交付安排").first.is_visible()
    shot(head, "report-3-a-figure-opens-to-its-records")

    citizen = visitor()
    citizen.goto("/reports/")
    citizen.get_by_role("link", name="2021").first.click()
    assert citizen.get_by_text("主动公开政府信息9项").first.is_visible()
    assert citizen.get_by_text("勾稽关系").first.is_visible()
    shot(citizen, "report-4-the-public-report")
    assert not citizen.trouble and not head.trouble
