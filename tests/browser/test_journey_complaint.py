"""A citizen complains on a phone about an office; the district examines it with the office and answers; the citizen reads
the answer and rates it."""

import re
from typing import Any

from tests.browser import walking
from tests.browser.walking import choose, fill, follow, main, press

TITLE = "对区城改办逾期答复的投诉"
SAID = "我于上月申请公开征收补偿方案，期限届满仍未收到答复（演示）。"


def sent(page: Any) -> None:
    """Send the form of the page, whatever its button is called."""
    with page.expect_navigation():
        page.locator("main form.form button[type=submit]").last.click()


def test_a_citizen_complains_and_the_district_answers(visitor, shot, tmp_path):
    proof = tmp_path / "回执.txt"
    proof.write_text("申请回执（演示）", "utf-8")
    citizen = visitor(phone=True)
    citizen.goto("/guide/XG0123/")
    follow(citizen, "信息公开投诉举报")
    walking.accessible(citizen)
    shot(citizen, "complaint-1-form")
    sent(citizen)
    walking.accessible(citizen)
    assert "请" in walking.refused(citizen)
    citizen.select_option("[name=about]", label="西工区城市改造办公室（由洛阳市西工区人民政府受理）")
    fill(
        citizen, topic="unanswered", application="XG0123-SQ2026-0001", text=SAID, name="演示投诉人",
        phone="0379-00000009", files=[proof],
    )  # fmt: skip
    sent(citizen)
    number, code = citizen.locator("main .facts dd strong").all_inner_texts()[:2]
    assert "-TS" in number and "西工区城市改造办公室" in main(citizen)
    walking.accessible(citizen)
    shot(citizen, "complaint-2-receipt")

    # It is in the district's inbox and list, and nowhere at the office complained of.
    clerk = visitor("jingban")
    assert number not in main(clerk)
    clerk.goto("/workbench/correspondence/complaint/")
    assert number not in main(clerk)
    supervisor = visitor("quban")
    assert number in main(supervisor)
    supervisor.goto("/workbench/correspondence/complaint/")
    walking.accessible(supervisor)
    shot(supervisor, "complaint-3-list")
    follow(supervisor, "对区城改办的投诉：未按期答复申请")
    matter = supervisor.url
    assert SAID not in main(supervisor)
    press(supervisor, "打开来信")
    assert SAID in main(supervisor)
    walking.accessible(supervisor)
    with supervisor.expect_download() as download:
        supervisor.get_by_role("button", name="下载 回执.txt").click()
    assert download.value.suggested_filename == "回执.txt"
    choose(supervisor, "交承办人")
    supervisor.select_option("[name=lead]", label="林晓（演示）")
    fill(supervisor, title=TITLE)
    sent(supervisor)
    shot(supervisor, "complaint-4-accepted")

    # The office is asked, and says how it was; the supervisor finds the complaint justified and orders.
    choose(supervisor, "向被投诉的机关核查")
    assert supervisor.input_value("[name=subject]") == TITLE
    sent(supervisor)
    entry = supervisor.url
    choose(supervisor, "要求说明情况")
    fill(supervisor, note="请三日内说明情况。")
    sent(supervisor)
    head = visitor("zonghe")
    assert TITLE in main(head)
    head.goto(entry)
    assert SAID not in main(head) and "演示投诉人" not in main(head)
    choose(head, "说明情况")
    fill(head, statement="因工作交接延误，已于当日答复（演示）。")
    sent(head)
    supervisor.goto(entry)
    follow(supervisor, re.compile("督促整改通知"))
    walking.accessible(supervisor)
    assert supervisor.input_value("[name=parent]")
    supervisor.goto(entry)
    choose(supervisor, "认定属实")
    fill(supervisor, outcome="投诉属实，已督促整改。", reply="书面答复投诉人。")
    sent(supervisor)
    assert "属实，已督促整改" in main(supervisor)
    walking.accessible(supervisor)
    shot(supervisor, "complaint-5-examined")
    supervisor.goto(matter)
    assert "投诉〔" in main(supervisor)

    # The answer goes through three people of the district.
    writer = visitor("qujingban")
    writer.goto(matter)
    press(writer, "起草正式答复")
    fill(writer, body="经核查，您反映的情况属实，已责令该机关改正（演示）。")
    press(writer, "送三级审查")
    review = writer.url
    assert "/workbench/review/" in review, walking.refused(writer)
    walking.approve(writer, review)
    walking.approve(visitor("qufenguan"), review)
    walking.approve(visitor("quzhang", phone=True), review)
    writer.goto(matter)
    follow(writer, "发出答复")
    fill(writer, way="web")
    press(writer, "发出")
    shot(writer, "complaint-6-answered")

    citizen.goto("/complaints/track/")
    fill(citizen, number=number, code=code)
    sent(citizen)
    walking.accessible(citizen)
    shot(citizen, "complaint-7-answer")
    with citizen.expect_download() as download:
        citizen.get_by_role("button", name="下载 PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
    citizen.check("[name=grade][value=satisfied]")
    sent(citizen)
    assert "满意" in main(citizen)
    for page in (citizen, clerk, supervisor, head, writer):
        assert not page.trouble, page.trouble
