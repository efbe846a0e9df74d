"""What citizens do on the public platform: find, read and keep, take part, apply from nothing found; and a notice whose
second text comes by itself."""

from typing import Any
from urllib.parse import quote

from playwright.sync_api import expect

from gongkai.cli.demo_year.platform import FORMER
from tests.browser import walking
from tests.browser.walking import fill, follow, main, press

POLICY = "西工区城市改造办公室棚户区改造安置房选房办法"
SOLICITED = "西工区棚户区改造安置小区管理办法（征求意见稿）"
FIRST, SECOND = "第三批房源共四十套，现予公示。", "第三批房源公示期满，未收到异议。"


def search(citizen: Any, words: str) -> list[str]:
    """What the field of the page head finds, by titles."""
    citizen.fill("header [name=q]", words)
    with citizen.expect_navigation():
        citizen.locator("header form[role=search] button").click()
    return list(citizen.locator("main .item-list__title").all_inner_texts())


def prose(page: Any, name: str, text: str) -> None:
    """Type into a field with an editor."""
    page.locator(".field", has=page.locator(f"[name={name}]")).locator(".tiptap").click()
    page.keyboard.insert_text(text)


def test_a_citizen_finds_reads_and_keeps(visitor, shot):
    citizen = visitor()
    citizen.goto("/")
    walking.accessible(citizen)
    # By number in any brackets, by pinyin, by the short word and in traditional characters.
    assert search(citizen, "西城改[2022]3号")[0] == POLICY
    assert POLICY in search(citizen, "xuanfangbanfa")
    assert POLICY in search(citizen, "棚改 选房")
    assert POLICY in search(citizen, "棚戶區改造選房辦法")
    walking.accessible(citizen)
    shot(citizen, "public-1-found")
    follow(citizen, POLICY)
    expect(citizen.get_by_text("有效", exact=True).first).to_be_visible()
    walking.accessible(citizen)

    # Kept as a file, printed without the frame of the site.
    for name, kind in (("下载PDF文件", ".pdf"), ("下载Word文件", ".docx")):
        with citizen.expect_download() as download:
            citizen.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.endswith(kind)
    citizen.emulate_media(media="print")
    expect(citizen.locator("header form[role=search]")).to_be_hidden()
    expect(citizen.get_by_role("heading", name=POLICY)).to_be_visible()
    citizen.emulate_media(media="screen")

    # Its interpretation leads there and back; the column is followed by its feed.
    follow(citizen, f"《{POLICY}》政策解读")
    follow(citizen, POLICY)
    citizen.goto("/columns/21-c5/")
    feed = citizen.get_by_role("link", name="订阅（Atom）").get_attribute("href")
    assert "演示片区三安置房第二批房源公示" in citizen.request.get(feed).text()

    # Large letters at twice the size still fit, and an address of before lands.
    citizen.goto(FORMER)
    expect(citizen.get_by_role("heading", name="棚户区改造安置房选房办理")).to_be_visible()
    citizen.get_by_role("button", name="长辈版").click()
    citizen.set_viewport_size({"width": 683, "height": 384})
    walking.accessible(citizen)
    shot(citizen, "public-2-elder-at-200-percent")
    assert not citizen.trouble


def test_nothing_found_leads_to_an_application(visitor, shot):
    citizen, words = visitor(phone=True), "龙鳞路地铁换乘站勘察图"
    citizen.goto(f"/search/?q={quote(words)}&exact=1")
    walking.accessible(citizen)
    shot(citizen, "public-3-nothing-found")
    follow(citizen, "申请公开这项信息")
    assert words in citizen.input_value("[name=description]")
    citizen.select_option("[name=agency]", label="西工区城市改造办公室")
    fill(
        citizen, applicant_kind="natural_person", name="演示申请人丙", identity="passport",
        identity_number="E00000003", phone="0379-00000007",
    )  # fmt: skip
    citizen.wait_for_function("document.querySelector('[data-challenge]').value !== ''")
    citizen.locator("main form.form button[type=submit]").last.click()
    citizen.wait_for_url("**/apply/done/")
    number, code = citizen.locator("main dd strong").all_inner_texts()[:2]
    walking.accessible(citizen)
    assert "答复期限" in main(walking.follow_up(lambda: citizen, number, code))
    assert not citizen.trouble


def test_a_citizen_takes_part_and_follows_it_up(visitor, shot):
    citizen = visitor(phone=True)
    citizen.goto("/participation/")
    walking.accessible(citizen)
    follow(citizen, SOLICITED)
    follow(citizen, "发表意见")
    walking.accessible(citizen)
    citizen.locator("[name=stance]").first.check()
    fill(citizen, text="建议停车位先登记后分配。")
    with citizen.expect_navigation():
        citizen.locator("main form.form button[type=submit]").click()
    number, code = citizen.locator("main .facts dd strong").all_inner_texts()[:2]
    walking.accessible(citizen)
    shot(citizen, "public-4-receipt")
    citizen.goto("/opinions/track/")
    fill(citizen, number=number, code=code)
    with citizen.expect_navigation():
        citizen.locator("main form.form button[type=submit]").click()
    assert SOLICITED in main(citizen)
    walking.accessible(citizen)
    assert not citizen.trouble


def test_a_notice_shows_its_second_text_the_day_after(visitor, later, shot):
    clerk, today, title = visitor("jingban"), walking.today(), "演示片区三安置房第三批房源公示"
    clerk.goto("/workbench/items/new/")
    walking.accessible(clerk)
    clerk.check("[name=variety][value=notice]")
    press(clerk, "从空白开始")
    fill(
        clerk, title=title, summary="公示第三批房源。", attribute="proactive", formed_on=today,
        more_posting="resettlement", more_begins=today, more_ends=today, more_how="书面提出，写明理由。",
        more_contact="综合科（演示），0379-00000000（演示）", more_at_end="replace", more_after_summary="公示期满。",
    )  # fmt: skip
    clerk.select_option("[name=column]", label="棚户区改造")
    prose(clerk, "body", FIRST)
    prose(clerk, "more_after", SECOND)
    shot(clerk, "public-5-notice-drafted")
    press(clerk, "送三级审查")
    review = clerk.url
    assert "/workbench/review/" in review, walking.refused(clerk)

    # Whoever reviews sees both texts and the day.
    leader = visitor("zhuren", phone=True)
    walking.approve(clerk, review)
    walking.approve(visitor("fenguan"), review)
    leader.goto(review)
    assert FIRST in main(leader) and SECOND in main(leader) and walking.with_weekday(today) in main(leader)
    walking.accessible(leader)
    shot(leader, "public-6-leader-sees-both-texts")
    walking.approve(leader, review)

    citizen = visitor()
    citizen.goto("/participation/")
    follow(citizen, title)
    assert FIRST in main(citizen) and SECOND not in citizen.content()
    there = citizen.url.split("/items/")[1]

    # The day passes; nobody does anything.
    after = later("", days=1)
    after.goto(f"/items/{there}")
    assert SECOND in main(after) and FIRST not in after.content()
    expect(after.get_by_text("公示期满").first).to_be_visible()
    after.goto("/participation/")
    assert title in main(after)
