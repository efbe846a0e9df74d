"""A clerk takes a former site over; three people approve the list; a citizen opens an old address and finds the item."""

import time
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import walking
from tests.disclosure.import_files import row, sheet

OLD = "/art/2019/5/6/art_{n}.html"


def old_site(folder: Path) -> Path:
    """Three rows that can come in, one whose day is none."""
    rows = [row(n, 标题=f"演示旧站公告第{n}号", 访问地址=OLD.format(n=n)) for n in (1, 2, 3)]
    rows.append(row(4, 发布时间="去年五月"))
    path = folder / "旧网站信息.xlsx"
    path.write_bytes(sheet(rows))
    return path


def test_a_former_site_moves_in(visitor, shot, tmp_path):
    clerk = visitor("jingban")
    clerk.goto("/workbench/items/imports/new/")
    clerk.set_input_files("[name=file]", old_site(tmp_path))
    walking.press(clerk, "读取文件")

    # The columns are guessed; what is wrong is told before anything is read.
    expect(clerk.get_by_text("“去年五月”不是日期").first).to_be_visible()
    walking.accessible(clerk)
    shot(clerk, "import-1-columns")
    walking.press(clerk, "各列无误，读取全部")
    for _try in range(20):
        if not clerk.get_by_role("button", name="现在读取一部分").count():
            break
        walking.press(clerk, "现在读取一部分")
    walking.accessible(clerk)
    shot(clerk, "import-2-read")
    assert "未采用：内容有误：1" in " ".join(walking.main(clerk).split()).replace(" ", "")

    with clerk.expect_navigation():
        clerk.locator("#manifests a").first.click()
    walking.accessible(clerk)
    shot(clerk, "import-3-list")
    walking.press(clerk, "清单送审")
    review = clerk.url
    walking.approve(clerk, review)
    walking.approve(visitor("fenguan"), review)
    leader = visitor("zhuren", phone=True)
    leader.goto(review)
    walking.accessible(leader)
    shot(leader, "import-4-leader-on-a-phone")
    walking.approve(leader, review)

    # The sweeper releases what the list names; an old address then leads to the item.
    citizen = visitor()
    for _try in range(60):
        answer = citizen.goto(OLD.format(n=2))
        if answer.status == 200:
            break
        time.sleep(1)
    expect(citizen.get_by_role("heading", name="演示旧站公告第2号").first).to_be_visible()
    assert "/items/" in citizen.url
    assert f"{OLD.format(n=2)}，2019-05-06" in walking.main(citizen)
    walking.accessible(citizen)
    shot(citizen, "import-5-old-address")
