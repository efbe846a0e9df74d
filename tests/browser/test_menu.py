"""The menu of a clerk: what the day needs stands open, registers are folded, typing finds either; by keyboard and phone."""

from playwright.sync_api import expect

from tests.browser import walking


def test_a_clerk_finds_every_page_in_the_menu(office, shot):
    clerk = office("jingban")
    clerk.goto("/workbench/items/")
    menu = clerk.locator("#menu")
    expect(menu.get_by_role("link", name="政府信息", exact=True)).to_have_attribute("aria-current", "page")
    assert menu.get_by_role("link").filter(visible=True).count() <= 30
    folded = menu.get_by_role("link", name="不予公开信息台账")
    expect(folded).to_be_hidden()
    shot(clerk, "menu")
    menu.get_by_text("更多 主动公开").click()
    expect(folded).to_be_visible()

    # Typing finds what is folded away; Enter opens it, and its group stays open there.
    find = clerk.get_by_role("searchbox", name="查找功能")
    find.fill("用印")
    expect(menu.get_by_role("link").filter(visible=True).first).to_have_text("用印登记")
    shot(clerk, "menu-found")
    find.fill("没有的功能")
    expect(clerk.get_by_text("没有这个名称的功能。")).to_be_visible()
    find.press("Escape")
    expect(menu.get_by_role("link", name="政府信息", exact=True)).to_be_visible()
    find.fill("用印")
    with clerk.expect_navigation():
        find.press("Enter")
    expect(menu.get_by_role("link", name="用印登记")).to_be_visible()
    expect(menu.get_by_role("link", name="用印登记")).to_have_attribute("aria-current", "page")
    walking.accessible(clerk)
    assert not clerk.trouble


def test_the_menu_on_a_phone_opens_by_its_button_and_finds_the_same(office, shot):
    clerk = office("jingban", phone=True)
    clerk.goto("/workbench/items/")
    clerk.get_by_role("link", name="菜单").click()
    expect(clerk.locator("#menu")).to_be_visible()
    shot(clerk, "menu-phone")
    clerk.get_by_role("searchbox", name="查找功能").fill("档案鉴定")
    with clerk.expect_navigation():
        clerk.locator("#menu").get_by_role("link", name="档案鉴定").click()
    walking.accessible(clerk)
    assert not clerk.trouble
