"""Files that nobody takes are told before they are sent, so that nothing typed is lost on the way."""

from playwright.sync_api import expect

from tests.browser.walking import accessible, fill

MANY = [{"name": f"材料{n}.txt", "mimeType": "text/plain", "buffer": b"x"} for n in range(120)]


def test_a_hundred_files_are_refused_before_they_leave_and_what_was_typed_stays(visitor, office):
    citizen = visitor(phone=True)
    clerk = office("jingban")
    for page, address in (
        (citizen, "/apply/"),
        (citizen, "/apply/amendment/"),
        (clerk, "/workbench/applications/new/"),
    ):
        page.goto(address)
        fill(page, name="演示申请人辛")
        page.set_input_files("[name=files]", MANY)
        expect(page.locator("#id_files_too_much")).to_contain_text("最多十个")
        sent = []
        page.on("request", lambda request, sent=sent: sent.append(request.method))
        page.locator(".form button.button[type=submit]").last.click()
        expect(page.locator("[name=files]")).to_be_focused()
        assert "POST" not in sent and page.input_value("[name=name]") == "演示申请人辛", address
        page.set_input_files("[name=files]", MANY[:10])
        expect(page.locator("#id_files_too_much")).to_be_empty()
        accessible(page)
    assert not citizen.trouble and not clerk.trouble
