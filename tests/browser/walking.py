"""What the people of the demonstration do again and again on the pages of a case, each step as they would do it."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
from axe_playwright_python.sync_playwright import Axe

from gongkai.rulebook.calendar import standard_calendar

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
CASE = re.compile(r"/workbench/applications/[0-9a-f-]{36}/$")
LETTER = re.compile(r"/workbench/letters/[0-9a-f-]{36}/edit/$")
FILLED = "演示内容，写明具体情况。"
WEEKDAYS = "一二三四五六日"


def today() -> date:
    """The day that the served instance shows."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def after(working_days: int, day: date | None = None) -> date:
    """The working day so many after a day; after today by default."""
    return standard_calendar().add_working_days(day or today(), working_days)


def before(working_days: int) -> date:
    """The working day so many before today."""
    calendar, day = standard_calendar(), today()
    while working_days:
        day -= timedelta(days=1)
        working_days -= calendar.is_working_day(day)
    return day


def prose(day: date) -> str:
    """2021年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def with_weekday(day: date) -> str:
    """2021年12月31日（星期五）."""
    return f"{prose(day)}（星期{WEEKDAYS[day.weekday()]}）"


def main(page: Any) -> str:
    """The words of the page that its reader sees or can unfold."""
    return str(page.locator("main").text_content())


def fill(page: Any, /, **typed: Any) -> None:
    """Type into the fields by name: text, a day, a tick (True), a choice; a list of paths is files."""
    for name, value in typed.items():
        field = page.locator(f"main [name={name}]")
        kind = field.first.evaluate("e => e.type || e.tagName.toLowerCase()")
        if kind == "radio":
            page.check(f"main [name={name}][value='{value}']")
        elif kind == "checkbox":
            field.set_checked(value)
        elif kind.startswith("select"):
            field.select_option(value)
        elif kind == "file":
            field.set_input_files(value)
        else:
            field.first.fill(value.isoformat() if isinstance(value, date) else str(value))


def press(page: Any, name: str) -> None:
    """Press the one button of that name and wait for the page that follows."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Any, name: str | re.Pattern[str]) -> None:
    """Follow the first link of that name."""
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=name).first.click()


def choose(page: Any, name: str) -> None:
    """Follow the link of an act, which may stand folded under “更多”."""
    link = page.locator("main").get_by_role("link", name=name, exact=True)
    if not (link.count() and link.first.is_visible()):
        page.locator("main .menu > summary").first.click()
    with page.expect_navigation():
        link.first.click()


def refused(page: Any) -> str:
    """What the page says against what was typed or asked."""
    found = page.locator("main .error-summary, main [role=alert], main .consequence--refused")
    assert found.count(), main(page)[:2000]
    return "\n".join(found.all_text_contents())


def accessible(page: Any) -> None:
    """No violation of WCAG 2.2 AA on the page as it stands, and nothing that scrolls sideways."""
    report = Axe().run(page, options=RULES)
    found = [f"{row['id']}: {row['nodes'][0]['target']}" for row in report.response["violations"]]
    assert not found, f"{page.url}: {found}"
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide), f"{page.url} scrolls sideways"


def register(clerk: Any, channel: str, wanted: str, /, **typed: Any) -> tuple[str, str]:
    """The clerk enters what came in otherwise than online; number and query code, the page of the case open."""
    clerk.goto("/workbench/")
    clerk.goto("/workbench/applications/new/")
    said = {
        "channel": channel,
        "applicant_kind": "natural_person",
        "name": "演示申请人乙",
        "identity": "passport",
        "identity_number": "E00000002",
        "phone": "0379-00000009",
        "address": "演示路二号",
        "description": wanted,
        "form": "paper",
        "way": "pick_up",
    }
    fill(clerk, **said | typed)
    press(clerk, "登记")
    assert CASE.search(clerk.url), refused(clerk)
    found = re.search(r"登记编号(\S+?)，查询码([^。]+)。", clerk.locator("body").inner_text())
    assert found, main(clerk)
    return found[1], found[2]


def act(clerk: Any, case: str, name: str, /, **typed: Any) -> None:
    """Choose an act of the case from its page, fill its form, and press its button, which bears the act's name."""
    clerk.goto(case)
    choose(clerk, name)
    fill(clerk, **typed)
    press(clerk, name)


def decide(clerk: Any, case: str, outcome: str, **typed: Any) -> None:
    """Answer the seven questions up to this outcome, say what it needs, see what follows, decide."""
    clerk.goto(case + "decide/")
    while not clerk.locator(f"#answer-{outcome}").count():
        clerk.check("#answer-on")
        press(clerk, "继续")
    clerk.check(f"#answer-{outcome}")
    press(clerk, "继续")
    fill(clerk, **typed)
    press(clerk, "查看处理结果")


def confirm(clerk: Any) -> None:
    """The last page of the decision: the letter is drafted."""
    press(clerk, "作出决定并起草文书")
    assert LETTER.search(clerk.url), refused(clerk)


def write(clerk: Any, **typed: Any) -> str:
    """Complete the drafted letter, submit it; the address of its review."""
    fill(clerk, **typed)
    for field in clerk.locator("form.form textarea").all():
        if not field.input_value().strip():
            field.fill(FILLED)
    with clerk.expect_navigation():
        clerk.locator("form.form button[name=submit]").click()
    assert "/workbench/review/" in clerk.url, refused(clerk)
    return str(clerk.url)


def answer_points(page: Any, /, *, conclusion: str = "open", **said: str) -> None:
    """Tick the checklist and answer the sheet of the open review: nothing in the way but what is said otherwise.

    said: point → code of its answer, and note_<point> → words.
    """
    for box in page.locator("form.decision input[type=checkbox][name^=check_]").all():
        box.check()
    for field in page.locator("select[name^=answer_]").all():
        point = str(field.get_attribute("name")).removeprefix("answer_")
        # The first answer of each point is that nothing stands in the way.
        field.select_option(said[point]) if point in said else field.select_option(index=1)
    for name, words in said.items():
        if name.startswith("note_"):
            # Choosing an answer that must be explained has unfolded the place for it.
            page.fill(f"main [name={name}]", words)
    for field in page.locator("select[name=conclusion]").all():
        field.select_option(conclusion)


def approve(page: Any, review: str) -> None:
    """One person's step: every point ticked, on the sheet nothing in the way, the one button pressed."""
    page.goto(review)
    answer_points(page)
    with page.expect_navigation():
        page.locator("form.decision button[value=approve]").click()
    assert page.url.endswith("/workbench/"), refused(page)


def release(office: Any, clerk: Any, **typed: Any) -> str:
    """The letter open in the editor goes through three people and under the seal; its address, its page open."""
    letter = str(clerk.url).removesuffix("edit/")
    review = write(clerk, **typed)
    approve(clerk, review)
    approve(office("fenguan"), review)
    approve(office("zhuren", phone=True), review)
    keeper = office("zonghe")
    keeper.goto(letter)
    follow(keeper, "用印")
    press(keeper, "登记用印")
    assert keeper.url.endswith(letter.split("/workbench")[1]), refused(keeper)
    clerk.goto(letter)
    return letter


def send(clerk: Any, letter: str, way: str, **typed: Any) -> None:
    """Enter the sending of a stamped letter."""
    clerk.goto(letter)
    follow(clerk, "发出")
    fill(clerk, way=way, **typed)
    press(clerk, "登记发出")


def posted(office: Any, clerk: Any, **typed: Any) -> str:
    """The letter open in the editor is released and goes out by post; its address, the case's page open."""
    letter = release(office, clerk, **typed)
    send(clerk, letter, "post", tracking="EA000000001CN")
    assert CASE.search(clerk.url), refused(clerk)
    return letter


def served(clerk: Any, letter: str) -> None:
    """Enter that a posted letter arrived today."""
    clerk.goto(letter + "served/")
    fill(clerk, words="邮件回执，本人签收")
    press(clerk, "登记送达")


def pdf_text(page: Any, link: Any) -> str:
    """The text of a PDF that the page links, as it is downloaded."""
    with page.expect_download() as download:
        link.click()
    path = Path(download.value.path())
    document = pypdfium2.PdfDocument(path)
    return "".join("".join(each.get_textpage().get_text_range() for each in document).split())


def letter_text(clerk: Any, letter: str) -> str:
    """The text of the fair copy of a released letter."""
    clerk.goto(letter)
    return pdf_text(clerk, clerk.locator(f"main a[href$='{letter.split('/')[-2]}/pdf/']").first)


def follow_up(visitor: Any, number: str, code: str) -> Any:
    """The applicant looks the case up by number and query code."""
    citizen = visitor()
    citizen.goto("/track/")
    fill(citizen, number=number, code=code)
    with citizen.expect_navigation():
        citizen.locator("form.form button[type=submit]").last.click()
    assert number in citizen.locator("h1").inner_text(), main(citizen)
    return citizen
