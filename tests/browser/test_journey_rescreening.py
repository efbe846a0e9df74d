"""The office learns a term that must not be public; what is public is screened again, and one person withdraws."""

from pathlib import Path

from playwright.sync_api import expect

from tests import demonstration
from tests.browser import walking

TITLE = "2021年上半年棚户区改造重大建设项目实施情况"
TERM = "主体结构施工至十二层"


def test_a_screening_after_publication_withdraws(visitor, shot, demo_home: Path, tmp_path: Path):
    citizen = visitor()
    citizen.goto(f"/search/?q={TITLE}")
    citizen.get_by_role("link", name=TITLE).first.click()
    address = citizen.url
    expect(citizen.get_by_text(TERM).first).to_be_visible()

    # The head of the disclosure office imports a list and sees what it would change before it counts.
    head = visitor("zonghe")
    head.goto("/workbench/screening/dictionaries/")
    walking.follow(head, "新建词库")
    head.fill("[name=name]", "本机关不宜公开的表述")
    head.get_by_role("button", name="新建").click()
    head.wait_for_url("**/dictionaries/*-*/")
    walking.follow(head, "导入文件")
    file = tmp_path / "词库.csv"
    file.write_text(f"错误,规范,理由,处置\n{TERM},,施工细节未经核准,阻断\n,空,,\n", "utf-8")
    head.set_input_files("[name=file]", file)
    walking.press(head, "预览变化")
    expect(head.get_by_text("新增的词条：1")).to_be_visible()
    shot(head, "rescreening-1-import-previewed")
    walking.press(head, "确认生效")
    expect(head.get_by_text("第1版已生效，共1条")).to_be_visible()
    shot(head, "rescreening-2-dictionary")

    # By the command, unless the sweeper of the running server comes first.
    done = demonstration.gongkai("rescreen", "--home", str(demo_home))
    assert done.returncode in (0, 1), done.stdout + done.stderr

    # The confidentiality reviewer finds the task in the inbox, on a phone, and withdraws with one button.
    reviewer = visitor("fenguan", phone=True)
    task = f"发布后筛查发现问题：{TITLE}"
    for _wait in range(30):
        if reviewer.get_by_role("link", name=task).count():
            break
        reviewer.wait_for_timeout(1000)
        reviewer.reload()
    walking.follow(reviewer, task)
    expect(reviewer.get_by_text("用语", exact=False).first).to_be_visible()
    walking.accessible(reviewer)
    shot(reviewer, "rescreening-4-found")
    supervisor = visitor("quban")
    supervisor.goto("/workbench/rescreening/")
    expect(supervisor.get_by_text(TITLE).first).to_be_visible()
    walking.accessible(supervisor)
    shot(supervisor, "rescreening-5-rounds")
    with reviewer.expect_navigation():
        reviewer.get_by_role("button", name="立即撤下").click()
    expect(reviewer.get_by_text("已撤下。")).to_be_visible()

    answer = citizen.goto(address)
    assert answer is not None
    expect(citizen.get_by_text("该信息已撤下").first).to_be_visible()
    assert TERM not in citizen.content()

    # As security administrator the same person lets slips of wording block from now on.
    head.locator("summary.top__person, .top__me > summary").first.click()
    head.get_by_role("button", name="切换为管理身份").click()
    head.goto("/workbench/screening/policy/")
    head.select_option("[name=cell-wording]", "block")
    head.fill("[name=reason]", "错字多发")
    walking.accessible(head)
    shot(head, "rescreening-3-policy")
    walking.press(head, "发布新版本")
    expect(head.get_by_text("用语（所有层）：提示 → 阻断").first).to_be_visible()
    shot(head, "rescreening-6-policy-set")

    for page in (head, reviewer, supervisor):
        assert page.trouble == []
