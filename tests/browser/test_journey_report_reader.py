"""A citizen finds the annual report, reads it on desktop and phone, takes its files along and compares years."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.walking import RULES

PAGES = ("/reports/", "/reports/XG0123/", "/reports/XG0123/2021/", "/reports/years/2021/", "/reports/data/")
MODES = ({}, {"gongkai-elder": "on"}, {"gongkai-contrast": "high"})


def test_from_the_home_page_to_the_report_its_files_and_the_other_years(visitor, shot):
    citizen = visitor()
    citizen.goto("/")
    citizen.get_by_role("navigation").get_by_role("link", name="政府信息公开年报").first.press("Enter")
    citizen.wait_for_url("**/reports/")
    citizen.locator("main a[href='/reports/XG0123/']").first.press("Enter")
    citizen.wait_for_url("**/reports/XG0123/")
    expect(citizen.locator("table.years").first).to_be_visible()
    shot(citizen, "report-reader-1-years-side-by-side")
    citizen.locator("main a[href='/reports/XG0123/2021/']").first.press("Enter")
    citizen.wait_for_url("**/reports/XG0123/2021/")
    expect(citizen.locator(".report-table--applications caption")).to_have_count(1)
    links = citizen.locator("main .item__tools a[download]")
    assert links.count() >= 5
    for number in range(5):
        with citizen.expect_download() as taken:
            links.nth(number).press("Enter")
        assert taken.value.path().stat().st_size > 1000
    citizen.goto("/reports/data/")
    expect(citizen.get_by_text("使用许可")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
def test_every_page_is_readable_in_every_mode_on_desktop_and_phone(visitor, shot, phone):
    reader = visitor(phone=phone)
    for mode in MODES:
        reader.goto("/")
        reader.evaluate(
            "mode => { localStorage.clear(); for (const k in mode) localStorage.setItem(k, mode[k]) }", mode
        )
        for path in PAGES:
            assert reader.goto(path).status == 200
            found = Axe().run(reader, options=RULES)
            assert found.violations_count == 0, found.generate_report()
            over = reader.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert over <= 1, f"{path} scrolls sideways"
            if not mode:
                shot(
                    reader,
                    f"report-reader-{'phone' if phone else 'desktop'}-{path.strip('/').replace('/', '-')}",
                )
