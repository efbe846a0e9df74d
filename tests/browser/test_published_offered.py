"""While one describes what is wanted, what is published is offered; nothing but those words leaves the page."""

from urllib.parse import parse_qs

from playwright.sync_api import expect

from tests.browser.walking import accessible, fill, main


def described(citizen):
    """The form with personal data typed first, and the request that the description brought about."""
    citizen.goto("/apply/")
    citizen.select_option("[name=agency]", label="西工区城市改造办公室")
    fill(citizen, name="演示申请人庚", identity_number="E00000009", phone="0379-00000013")
    with citizen.expect_request("**/apply/published/") as asked:
        citizen.locator("[name=title]").press_sequentially("棚户区改造项目征收补偿方案", delay=5)
    citizen.locator("#published button").first.wait_for()
    return asked.value


def test_only_the_words_typed_are_sent(visitor):
    citizen = visitor(phone=True)
    asked = described(citizen)
    assert parse_qs(asked.post_data) == {"text": ["棚户区改造项目征收补偿方案"]} and "?" not in asked.url
    accessible(citizen)
    assert not citizen.trouble


def test_whoever_found_it_need_not_apply_and_whoever_did_not_goes_on(visitor, office):
    citizen = visitor()
    described(citizen)
    title = citizen.locator("#published a").first.inner_text()
    citizen.locator("#published button").first.click()
    citizen.wait_for_url("**/apply/found/")
    assert "不需要再申请" in main(citizen) and title in main(citizen)
    accessible(citizen)
    clerk = office("jingban")
    clerk.goto("/workbench/applications/found/")
    assert title in main(clerk) and "人次" in main(clerk)

    # Enter in a field sends the form; it neither adds an applicant nor claims that anything was found.
    described(citizen)
    citizen.focus("[name=phone]")
    with citizen.expect_navigation():
        citizen.keyboard.press("Enter")
    assert citizen.url.endswith("/apply/")
    expect(citizen.locator(".error-summary")).to_be_visible()
    assert (
        citizen.input_value("[name=others]") == "0" and citizen.input_value("[name=name]") == "演示申请人庚"
    )
    assert not citizen.trouble and not clerk.trouble
