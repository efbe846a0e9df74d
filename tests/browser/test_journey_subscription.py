"""A citizen subscribes to a column on a phone, confirms by the mail, is told of a release, and ends it by a link."""

import email
import email.policy
import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests import demonstration
from tests.browser import walking
from tests.browser.conftest import opened, serving

TITLE = "演示片区五安置房摇号结果公告"


@pytest.fixture
def posted(tmp_path):
    """The folder into which mail goes, and the newest mail that holds some words, awaited."""
    folder = tmp_path / "mails"
    folder.mkdir()

    def awaited(words):
        for _try in range(240):
            for place in sorted(folder.glob("*.log"), key=lambda place: -place.stat().st_mtime):
                message = email.message_from_bytes(place.read_bytes(), policy=email.policy.default)
                text = message.get_body(("plain",)).get_content()
                if words in text:
                    return message, text
            time.sleep(0.5)
        pytest.fail(f"no mail with {words}")

    return folder, awaited


def test_news_comes_by_mail_until_it_is_ended(tmp_path_factory, browser, shot, posted):
    folder, awaited = posted
    home = demonstration.copied(tmp_path_factory, "subscription")
    with serving(home, GONGKAI_MAIL_URL=f"file://{folder}?from=gk@example.invalid") as address:
        citizen = opened(browser, address, phone=True)
        citizen.goto("/columns/20-01/")
        walking.follow(citizen, "邮件订阅")
        # A column that is still empty can be subscribed to as well.
        citizen.goto("/subscribe/?column=housing")
        expect(citizen.get_by_text("个人信息保护法").first).to_be_visible()
        walking.accessible(citizen)
        shot(citizen, "subscribe-1-form-on-a-phone")
        walking.fill(citizen, email="no address", frequency="once")
        walking.press(citizen, "发送确认链接")
        assert citizen.input_value("main [name=email]") == "no address" and walking.refused(citizen)
        walking.fill(citizen, email="reader@example.invalid")
        walking.press(citizen, "发送确认链接")
        expect(citizen.get_by_role("heading", name="请查收邮件")).to_be_visible()
        walking.accessible(citizen)

        _message, text = awaited("/subscribe/confirm/")
        citizen.goto(_path(text, "confirm"))
        walking.accessible(citizen)
        shot(citizen, "subscribe-2-confirm")
        walking.press(citizen, "确认")
        expect(citizen.get_by_role("heading", name="我的订阅")).to_be_visible()
        walking.accessible(citizen)
        shot(citizen, "subscribe-3-mine")

        _release(browser, address)
        message, text = awaited(TITLE)
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and "/items/" in text
        citizen.goto(_path(text, "end"))
        walking.accessible(citizen)
        walking.press(citizen, "退订并删除")
        expect(citizen.get_by_role("heading", name="已退订并删除")).to_be_visible()
        citizen.goto(_path(text, "manage"))
        expect(citizen.get_by_role("heading", name="链接已失效")).to_be_visible()
        citizen.goto(urlsplit(re.search(r"https?://\S+/items/\S+", text)[0]).path)
        walking.follow(citizen, "二维码")
        expect(citizen.locator("main svg")).to_be_visible()
        walking.accessible(citizen)
        shot(citizen, "subscribe-4-qr")


def _path(text, name):
    return re.search(rf"/subscribe/{name}/\S+", text)[0]


def _release(browser, address):
    clerk = opened(browser, address, "jingban")
    clerk.goto("/workbench/items/new/")
    start = clerk.get_by_role("button", name=re.compile("起草|新建|开始"))
    if start.count():
        start.first.click()
        clerk.wait_for_url("**/edit/")
    said = {"title": TITLE, "summary": "公布摇号结果。", "formed_on": "2026-11-02", "attribute": "proactive"}
    walking.fill(clerk, **said)
    clerk.select_option("[name=column]", label="棚户区改造")
    clerk.locator("[contenteditable]").first.click()
    clerk.keyboard.type("摇号结果公布如下。")
    clerk.get_by_role("button", name="送三级审查").click()
    clerk.wait_for_url("**/workbench/review/**")
    review = clerk.url
    for name in ("jingban", "fenguan", "zhuren"):
        page = clerk if name == "jingban" else opened(browser, address, name)
        walking.approve(page, review)
