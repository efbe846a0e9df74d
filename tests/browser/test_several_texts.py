"""Two rich texts on one page, a notice's (公示) own and the one for after its term: each takes pictures and what is copied from
Word, all is saved as one types, and nothing is lost when a file is added or the type is changed."""

import base64
import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import walking


def picture() -> str:
    """A small red square, base64."""
    out = io.BytesIO()
    Image.new("RGB", (24, 24), (180, 30, 30)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


PASTE = """
(area, { html, rtf, file }) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  if (rtf) data.setData("text/rtf", rtf);
  if (file) {
    const bytes = Uint8Array.from(atob(file), (sign) => sign.charCodeAt(0));
    data.items.add(new File([bytes], "image.png", { type: "image/png" }));
  }
  area.focus();
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}
"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {mso-style-unhide:no}</style>
</head><body><!--StartFragment--><p class=MsoNormal style='mso-margin-top-alt:auto'><span lang=EN-US
style='font-family:仿宋_GB2312'>公示期满，无异议成立。<o:p></o:p></span></p><table class=MsoTableGrid border=1><tr><td>
<p class=MsoNormal>健康路1号</p></td><td><p class=MsoNormal>80平方米</p></td></tr></table>%s<!--EndFragment--></body></html>"""


@pytest.fixture
def notice(visitor: Any) -> Any:
    """The form of a new notice, with its two texts ready."""
    clerk = visitor("jingban")
    clerk.goto("/workbench/items/new/")
    clerk.check("[name=variety][value=notice]")
    with clerk.expect_navigation():
        clerk.locator("button[name=empty]").click()
    expect(text(clerk, "期满后的正文")).to_be_visible()
    clerk.fill("[name=title]", "演示公示：两处正文")
    return clerk


def text(clerk: Any, name: str) -> Any:
    """The rich text of that label."""
    return clerk.locator(f'[contenteditable][aria-label="{name}"]')


def paste(area: Any, html: str = "", rtf: str = "", file: str = "") -> None:
    area.evaluate(PASTE, {"html": html, "rtf": rtf, "file": file})


def kept(clerk: Any) -> None:
    """Wait until all is saved, as the line under the title says, and open the page anew."""
    expect(clerk.locator("#autosave")).to_have_text(re.compile("^已保存"), timeout=8000)
    clerk.reload()
    expect(text(clerk, "期满后的正文")).to_be_visible()


def stored(area: Any) -> list[str]:
    return [str(image.get_attribute("src")) for image in area.locator("figure img").all()]


def test_both_texts_are_saved_as_one_types_and_survive_a_file_added_at_once(notice, tmp_path):
    text(notice, "正文").click()
    notice.keyboard.type("首文在此。")
    text(notice, "期满后的正文").click()
    notice.keyboard.type("后文在此。")
    path = tmp_path / "名单.txt"
    path.write_text("演示名单", encoding="utf-8")
    notice.set_input_files("[name=attachment]", path)
    with notice.expect_navigation():
        notice.get_by_role("button", name="添加文件").click()
    expect(notice.get_by_role("link", name="名单.txt", exact=True)).to_be_visible()
    expect(text(notice, "正文")).to_contain_text("首文在此。")
    expect(text(notice, "期满后的正文")).to_contain_text("后文在此。")
    # And again with both texts changed, by the line alone.
    text(notice, "期满后的正文").click()
    notice.keyboard.type("续写。")
    kept(notice)
    expect(text(notice, "期满后的正文")).to_contain_text("续写。")
    expect(text(notice, "正文")).to_have_text("首文在此。")
    walking.accessible(notice)
    assert not notice.trouble


def test_a_picture_goes_into_the_text_that_it_was_given_to(notice):
    paste(text(notice, "期满后的正文"), file=picture())
    expect(text(notice, "期满后的正文").locator("figure img")).to_have_count(1)
    with notice.expect_file_chooser() as chosen:
        notice.get_by_role("button", name="插入图片：期满后的正文").click()
    chosen.value.set_files({"name": "图.png", "mimeType": "image/png", "buffer": base64.b64decode(picture())})
    expect(text(notice, "期满后的正文").locator("figure img")).to_have_count(2)
    kept(notice)
    assert len(stored(text(notice, "期满后的正文"))) == 2 and not stored(text(notice, "正文"))
    assert all(address.startswith("/workbench/files/") for address in stored(text(notice, "期满后的正文")))
    assert not notice.trouble


def test_what_is_copied_from_word_keeps_words_table_and_pictures(notice):
    after = text(notice, "期满后的正文")
    hexadecimal = base64.b64decode(picture()).hex()
    rtf = r"{\rtf1{\pict\picscalex100\pngblip\bliptag1{\*\blipuid 00000000}" + f"\n{hexadecimal}" + "}}"
    image = '<p class=MsoNormal><img width=24 src="file:///C:/Temp/msohtmlclip1/clip_image001.png"></p>'
    # Word lays a picture of the copied words beside them: the words count.
    paste(after, html=WORD % image, rtf=rtf, file=picture())
    expect(after.locator("figure img")).to_have_count(1)
    expect(after.locator("td")).to_have_count(2)
    expect(after).to_contain_text("公示期满，无异议成立。")
    kept(notice)
    assert stored(after)[0].startswith("/workbench/files/") and after.locator("td").count() == 2
    assert "Mso" not in notice.locator("[name=more_after]").input_value()
    assert not notice.trouble


def test_a_picture_that_does_not_come_along_is_said_and_the_words_stay(notice):
    after = text(notice, "期满后的正文")
    paste(after, html=WORD % '<img src="file:///C:/Temp/clip_image001.png">')
    expect(notice.locator("#autosave")).to_contain_text("图片")
    expect(after).to_contain_text("公示期满，无异议成立。")
    assert not stored(after)
    data = f'<p>另一处：</p><img alt="示意图" src="data:image/png;base64,{picture()}">'
    paste(after, html=data)
    expect(after.locator('figure img[alt="示意图"]')).to_have_count(1)


def test_a_picture_under_way_is_waited_for_when_the_draft_is_saved(notice):
    def slowly(route: Any) -> None:
        notice.wait_for_timeout(700)
        route.continue_()

    notice.route("**/pictures/", slowly)
    paste(text(notice, "期满后的正文"), file=picture())
    walking.press(notice, "保存草稿")
    assert len(stored(text(notice, "期满后的正文"))) == 1


def test_before_another_type_is_saved_the_page_says_what_it_would_not_show(notice, shot):
    text(notice, "期满后的正文").click()
    notice.keyboard.type("后文在此。")
    notice.fill("[name=more_how]", "书面提出。")
    notice.select_option("[name=variety]", "interpretation")
    said = notice.locator(".field", has=notice.locator("[name=variety]")).locator("[role=status]")
    expect(said).to_contain_text("提出异议或参与的方式、期满后的正文")
    expect(said).to_contain_text("草稿")
    shot(notice, "item-type-changed")
    notice.select_option("[name=variety]", "notice")
    expect(said).to_be_hidden()
    notice.select_option("[name=variety]", "interpretation")
    walking.press(notice, "保存草稿")
    assert "期满后的正文" in walking.main(notice) and not text(notice, "期满后的正文").count()
    walking.accessible(notice)
    shot(notice, "item-type-kept")
    notice.select_option("[name=variety]", "notice")
    walking.press(notice, "保存草稿")
    expect(text(notice, "期满后的正文")).to_have_text("后文在此。")
    assert notice.input_value("[name=more_how]") == "书面提出。"
    assert not notice.trouble
