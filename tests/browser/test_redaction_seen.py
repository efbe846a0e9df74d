"""A clerk masks a list and redacts a notice on a desktop and on a telephone; axe finds nothing on the pages."""

from tests.browser import walking
from tests.disclosure.test_redaction_pages import roster
from tests.screening import plants_word
from tests.screening.planting import ID


def test_a_list_is_masked_and_a_notice_redacted(visitor, shot, tmp_path):
    clerk = visitor("jingban")
    clerk.goto("/workbench/items/new/")
    clerk.get_by_role("button", name="从空白开始").click()
    clerk.wait_for_url("**/edit/")
    draft = clerk.url
    for name, data in (
        ("补贴发放名单.xlsx", roster()),
        ("征收公告.docx", plants_word.text(f"联系人张三丰，身份证{ID}，电话13812345678")),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        clerk.set_input_files("[name=attachment]", path)
        clerk.get_by_role("button", name="添加文件").click()
        clerk.get_by_text(name).first.wait_for()
    shot(clerk, "redaction-1-attached")

    clerk.get_by_role("link", name="批量遮盖 补贴发放名单.xlsx").click()
    walking.fill(clerk, **{"list0-2": "surname_all"})
    clerk.get_by_role("button", name="刷新预览").click()
    assert "张某某" in walking.main(clerk) and "138****5678" in walking.main(clerk)
    walking.accessible(clerk)
    shot(clerk, "redaction-2-preview")
    clerk.get_by_role("button", name="生成遮盖后的文件").click()
    clerk.wait_for_url("**/made/")
    assert "名单遮盖" in walking.main(clerk)
    walking.accessible(clerk)
    masked = clerk.url
    shot(clerk, "redaction-3-masked")

    clerk.goto(draft)
    clerk.get_by_role("link", name="涂去 征收公告.docx").click()
    walking.fill(clerk, words="张三丰")
    assert ID not in walking.main(clerk)
    walking.accessible(clerk)
    chosen = clerk.url
    shot(clerk, "redaction-4-chosen")
    clerk.get_by_role("button", name="生成涂去后的文件").click()
    clerk.wait_for_url("**/made/")
    assert "未发现问题" in walking.main(clerk)
    shot(clerk, "redaction-5-redacted")

    phone = visitor("jingban", phone=True)
    for number, address in enumerate((draft, masked, masked.replace("/made/", "/redact/")), 6):
        phone.goto(address)
        walking.accessible(phone)
        shot(phone, f"redaction-{number}-phone")
    # What was replaced is not worked on again.
    assert clerk.goto(chosen).status == 404
