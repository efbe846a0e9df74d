"""A long screening is told while it goes on, on the button and to those who hear the page."""

from playwright.sync_api import expect

from tests.browser import walking

# The page stays, as on a slow line, and what it would have sent is kept.
HELD = """() => {
  window.sent = [];
  window.addEventListener("submit", event => {
    const pressed = [...new FormData(event.target, event.submitter)].filter(([name]) => name === "submit");
    if (!event.defaultPrevented) window.sent.push(...pressed);
    event.preventDefault();
  });
}"""


def test_while_the_attachments_are_screened_the_page_says_so_and_sends_once(visitor, shot):
    clerk = visitor("jingban", phone=True)
    clerk.goto("/workbench/items/new/")
    clerk.get_by_role("button", name="从空白开始").click()
    clerk.wait_for_url("**/edit/")
    walking.fill(clerk, title="演示片区五安置房分配办法公告")
    clerk.evaluate(HELD)
    clerk.get_by_role("button", name="送三级审查").click()
    button = clerk.get_by_role("button", name="正在筛查，请稍候")
    expect(button).to_be_visible()
    expect(clerk.locator(".waiting[role=status]")).to_contain_text("请不要关闭页面")
    shot(clerk, "screening-waited-for")
    walking.accessible(clerk)
    button.click()
    # What was pressed is in what is sent, as it is without scripts; a second press sends nothing.
    assert clerk.evaluate("window.sent") == [["submit", "1"]]
    # Whoever comes back to the kept page finds it as it was.
    clerk.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(clerk.get_by_role("button", name="送三级审查")).to_be_visible()
    expect(clerk.locator(".waiting[role=status]")).to_be_empty()
