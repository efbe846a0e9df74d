"""March in the district: reports of offices without Gongkai come in as files, the government's report is the sum of
all, goes through three people, and a citizen reads it."""

import random
import re

from playwright.sync_api import expect

from tests.browser import walking
from tests.reporting.report_rendering import balanced
from tests.reports.paper import filled_in
from tests.reports.producers import word

YEAR = 2024
HERE = f"/workbench/reports/XG0001/{YEAR}/"
OUTSIDE = "西工区供销合作社"
PROBLEMS = "（一）存在的主要问题\n部分部门更新间隔偏长。\n（二）改进情况\n按季度通报各部门更新情况（演示）。"
LEFT_OPEN = re.compile("【[^】]*】")


def missing(page):
    """The members that have given nothing yet."""
    rows = page.locator("main table").first.locator("tbody tr", has_not_text="已提供数据")
    # The name stands above the note that says what is missing.
    return [row.locator("th, td").first.inner_text().split("\n")[0].strip() for row in rows.all()]


def test_files_are_taken_in_summed_reviewed_and_read(visitor, shot, tmp_path):
    supervisor = visitor("quban")
    supervisor.goto("/workbench/rollups/")
    supervisor.wait_for_url("**/XG0001/*/members/")
    supervisor.goto(f"{HERE}members/add/")
    walking.accessible(supervisor)
    walking.fill(supervisor, name=OUTSIDE, group="department")
    walking.press(supervisor, "添加该单位")
    names = missing(supervisor)
    assert OUTSIDE in names
    walking.accessible(supervisor)

    # Every report that is missing comes as a Word file; what was read is looked at before it counts.
    files, received = [], 0
    for number, name in enumerate(names):
        tables = balanced(random.Random(number))
        received += tables.applications["r1"][-1]
        data, ending = word(filled_in(tables, name, YEAR))
        files.append(tmp_path / f"{name}{ending}")
        files[-1].write_bytes(data)
    supervisor.goto(f"{HERE}intake/")
    walking.fill(supervisor, files=files)
    walking.press(supervisor, "上传文件")
    while supervisor.get_by_role("button", name="读取下一份").count():
        walking.press(supervisor, "读取下一份")
    walking.accessible(supervisor)
    shot(supervisor, "rollup-1-files-as-read")
    for file in files:
        supervisor.goto(f"{HERE}intake/")
        walking.follow(supervisor, file.name)
        if file == files[-1]:
            walking.accessible(supervisor)
            shot(supervisor, "rollup-2-a-file-cell-by-cell")
        walking.press(supervisor, "录入这份报告")
    supervisor.goto(f"{HERE}members/")
    expect(supervisor.get_by_text("每一格都等于各单位之和")).to_be_visible()
    shot(supervisor, "rollup-3-members")

    # The government's clerk begins its report: the sums stand there, and each opens to its members.
    clerk = visitor("qujingban")
    clerk.goto("/workbench/reports/new/")
    walking.fill(clerk, year=YEAR)
    walking.press(clerk, "开始编制")
    walking.accessible(clerk)
    clerk.goto(f"{HERE}sums/applications.r1.total/")
    expect(clerk.locator(".tile__number")).to_have_text(re.compile(rf"^{received}"))
    expect(clerk.locator("main table")).to_contain_text(OUTSIDE)
    walking.accessible(clerk)
    shot(clerk, "rollup-4-a-sum-opens-to-its-members")
    clerk.goto(f"{HERE}edit/")
    overview = clerk.locator("main [name=overview]")
    overview.fill(LEFT_OPEN.sub("对所属部门考核1次，没有责任追究情况（演示）。", overview.input_value()))
    clerk.fill("main [name=problems]", PROBLEMS)
    clerk.locator("form.form button[name=submit]").click()
    clerk.wait_for_url("**/workbench/review/**")
    review = clerk.url
    walking.approve(clerk, review)
    walking.approve(visitor("qufenguan"), review)
    leader = visitor("quzhang", phone=True)
    leader.goto(review)
    walking.accessible(leader)
    walking.approve(leader, review)

    citizen = visitor(phone=True)
    citizen.goto(f"/reports/XG0001/{YEAR}/")
    expect(citizen.get_by_text(f"收到政府信息公开申请{received}件")).to_be_visible()
    walking.accessible(citizen)
    shot(citizen, "rollup-5-the-governments-report")
    citizen.goto(f"/reports/years/{YEAR}/")
    expect(citizen.get_by_role("link", name="洛阳市西工区人民政府").first).to_be_visible()
    for page in (supervisor, clerk, leader, citizen):
        assert not page.trouble
