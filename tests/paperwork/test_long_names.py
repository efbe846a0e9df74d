"""Long names of agencies on a letter: mark and 署名 break between words, a note never stands on a page alone."""

import datetime

import pypdfium2

from gongkai.paperwork.document import Contact, Letter, paragraphs_of
from gongkai.paperwork.pdf import letter_pdf
from gongkai.paperwork.setting import MARK_LIMITS, mark_lines

LONG = "洛阳市西工区人民政府城市更新和棚户区改造工作领导小组办公室"


def letter(lines, **more):
    said = {"mark": LONG, "signatory": LONG} | more
    return Letter(
        number="西城改复〔2026〕1号",
        title=f"{LONG}\n政府信息公开告知书",
        addressee="申请人",
        body=paragraphs_of("\n".join(lines)),
        date=datetime.date(2026, 3, 16),
        contact=Contact(person="综合科", phone="0379-00000000"),
        **said,
    )


def pages(data):
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_bounded().split("\r\n") for page in document]
    finally:
        document.close()


def test_mark_and_signatory_break_between_words():
    assert mark_lines(LONG, *MARK_LIMITS["letter"]) == [
        "洛阳市西工区人民政府城市更新和",
        "棚户区改造工作领导小组办公室",
    ]
    assert mark_lines("西工区城市改造办公室", *MARK_LIMITS["letter"]) == ["西工区城市改造办公室"]
    [shown] = pages(letter_pdf(letter(["内容。"])))
    assert shown.count("洛阳市西工区人民政府城市更新和") == 3  # mark, title, signatory
    assert shown[shown.index("2026年3月16日") - 1] == "棚户区改造工作领导小组办公室"


def test_the_contact_stays_on_the_page_of_the_signature():
    for count in range(1, 24):
        made = letter([f"第{n}段。" for n in range(count)], mark="机关", signatory="机关")
        last = pages(letter_pdf(made))[-1]
        assert any("联系人" in line for line in last) and "2026年3月16日" in last
