"""January in the district: agencies file, one report is returned and mended, the rest are accepted and public."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from tests import demonstration
from tests.browser import walking

YEAR = 2023
HERE = f"/workbench/report-collection/{YEAR}/"
OWN = f"/workbench/reports/XG0123/{YEAR}/"
THIN = "（一）存在的主要问题\n有待加强。\n（二）改进情况\n继续努力（演示）。"
MENDED = (
    "（一）存在的主要问题\n安置进度公开间隔长，群众重复来访询问。\n（二）改进情况\n按月公开安置进度（演示）。"
)


def neighbours(home):
    script = Path(__file__).parent / "neighbours.py"
    done = subprocess.run(
        [sys.executable, str(script), str(home), str(YEAR)],
        env=demonstration.environment() | {"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def write(page, problems):
    page.goto(f"{OWN}edit/")
    page.fill("main [name=problems]", problems)
    page.locator("form.form button[name=submit]").click()
    page.wait_for_url("**/workbench/review/**")
    return page.url


def test_one_is_returned_and_mended_the_rest_are_accepted(demo_home, visitor, shot):
    neighbours(demo_home)
    clerk = visitor("zonghe")
    clerk.goto("/workbench/reports/new/")
    clerk.fill("[name=year]", str(YEAR))
    clerk.locator("form.form button[type=submit]").click()
    clerk.wait_for_url(f"**{OWN}")
    expect(clerk.get_by_role("heading", name="报送主管部门")).to_be_visible()
    review = write(clerk, THIN)
    walking.approve(visitor("jingban"), review)
    walking.approve(visitor("fenguan"), review)
    leader = visitor("zhuren", phone=True)
    leader.goto(review)
    expect(leader.get_by_role("button", name="批准并报送主管部门")).to_be_visible()
    walking.approve(leader, review)

    district = visitor("quban")
    district.goto("/workbench/")
    expect(district.get_by_role("link", name=f"西工区教育局{YEAR}年").first).to_be_visible()
    district.goto(HERE)
    walking.accessible(district)
    walking.press(district, "检查全部已报送报告")
    expect(district.get_by_text("已检查3份，共3份待审核报告")).to_be_visible()
    shot(district, "collection-1-filed-and-checked")

    # One is opened and goes back, with what is wrong part by part and cell by cell.
    walking.follow(district, "西工区城市改造办公室")
    walking.accessible(district)
    shot(district, "collection-2-one-report")
    walking.follow(district, "退回并说明理由")
    walking.accessible(district)
    walking.fill(district, part_5="问题和改进都过于笼统，请结合本单位工作写明。")
    shot(district, "collection-3-returned-with-reasons")
    walking.press(district, "按这些意见退回")

    # The rest is accepted, all at once, each a decision of its own.
    district.goto(HERE)
    district.on("dialog", lambda dialog: dialog.accept())
    # Two reports are published before the answer comes.
    with district.expect_navigation(timeout=120_000):
        district.get_by_role("button", name="通过全部无错误的报告").click(no_wait_after=True)
    expect(district.get_by_text("已审核通过2份报告")).to_be_visible()
    citizen = visitor()
    assert citizen.goto(f"/reports/XG0201/{YEAR}/").status == 200
    assert citizen.goto(f"/reports/XG0123/{YEAR}/").status == 404

    # The agency reads why, mends it and files it anew; the leader approves on the phone.
    clerk.goto(OWN)
    expect(clerk.get_by_text("问题和改进都过于笼统").first).to_be_visible()
    walking.accessible(clerk)
    shot(clerk, "collection-4-what-the-agency-sees")
    review = write(clerk, MENDED)
    walking.approve(visitor("jingban"), review)
    walking.approve(visitor("fenguan"), review)
    walking.approve(leader, review)

    # On the phone the supervisor sees what changed, and accepts.
    phone = visitor("quban", phone=True)
    phone.goto(f"{HERE}?standing=filed")
    walking.accessible(phone)
    shot(phone, "collection-5-on-the-phone")
    walking.follow(phone, "西工区城市改造办公室")
    expect(phone.locator("#diff ins").first).to_be_visible()
    walking.accessible(phone)
    walking.press(phone, "审核通过并公开")
    citizen.goto(f"/reports/XG0123/{YEAR}/")
    expect(citizen.get_by_text("按月公开安置进度").first).to_be_visible()
    assert not district.trouble and not clerk.trouble and not phone.trouble and not leader.trouble
