"""Every page type before a real browser: no violation that axe finds, no error, nothing heavy, nothing that moves or is cut."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from tests.portal import shown_answers
from tests.portal.showing import ENGLISH, PAGES, SIZES, lay, serving

pytestmark = pytest.mark.browser
CHROMIUM = os.environ.get("GONGKAI_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ITEM = PAGES["item"]
# 200 % on a screen of 1366 × 768 leaves half of it each way.
ZOOMED = {"width": 683, "height": 384}
HEAVIEST = 100_000
# What depends on colours and sizes; the rest of a page is the same in every mode.
LOOK = ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]
WATCH = """
window.shifted = [];
new PerformanceObserver(function (list) {
  list.getEntries().forEach(function (entry) { if (!entry.hadRecentInput) window.shifted.push(entry.value); });
}).observe({ type: "layout-shift", buffered: true });
"""
# Sideways scrolling, and text that its own box cuts off: neither fields, nor frames that scroll, nor words for the ear.
CUT = """() => {
  const root = document.documentElement, found = [];
  const wide = root.scrollWidth - root.clientWidth;
  if (wide > 0) found.push(wide + " px too wide");
  document.querySelectorAll("h1, h2, h3, p, a, li, td, th, dd, dt, button, label, legend").forEach((one) => {
    if (one.closest(".said, .scroll, [hidden]") || !one.offsetParent) return;
    const style = getComputedStyle(one);
    if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth && style.overflowX !== "visible")
      found.push("cut: " + one.textContent.trim().slice(0, 40));
  });
  return found;
}"""
# Octets of the page, its styles and scripts: as they came over the wire, and unpacked.
WEIGHT = """() => {
  const parts = [performance.getEntriesByType("navigation")[0], ...performance.getEntriesByType("resource")];
  const counted = parts.filter((one) => one.initiatorType !== "img" && !/\\.(svg|png|jpg)$/.test(one.name));
  return [counted.reduce((sum, one) => sum + one.encodedBodySize, 0),
          counted.reduce((sum, one) => sum + one.decodedBodySize, 0)];
}"""


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of the shown site, and every page of it by name."""
    with django_db_blocker.unblock(), serving() as (address, found):
        yield address, PAGES | ENGLISH | found
        assert settings.INSTANCE.demo


@pytest.fixture(scope="module")
def answers(site: tuple[str, dict[str, str]], django_db_blocker: Any) -> dict[str, str]:
    """The HTML of what no address alone shows, by name."""
    with django_db_blocker.unblock():
        return shown_answers.answers(site[1])


@pytest.fixture(scope="module")
def staff(site: tuple[str, dict[str, str]], django_db_blocker: Any) -> str:
    """The session of somebody who is logged in."""
    from django.test import Client

    from gongkai.agencies.models import Person

    with django_db_blocker.unblock():
        client = Client()
        client.force_login(
            Person.objects.get_by_natural_key("handler"), backend="django.contrib.auth.backends.ModelBackend"
        )
        return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


@pytest.fixture(scope="module")
def address(site: tuple[str, dict[str, str]]) -> str:
    return site[0]


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Any]:
    if not CHROMIUM:
        if os.environ.get("GONGKAI_REQUIRE_BROWSER"):
            pytest.fail("Chromium is required and not installed")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A page of a desktop, in a context of its own."""
    context = browser.new_context(viewport=SIZES["desktop"], locale="zh-CN", base_url=address)
    yield context.new_page()
    context.close()


def _violations(page: Any, rules: list[str] | None = None) -> list[str]:
    """What axe finds, with the first three places of each."""
    only = {"runOnly": rules} if rules else {}
    said = page.evaluate("(options) => axe.run(document, options)", {"resultTypes": ["violations"]} | only)
    return [f"{one['id']} {[node['html'][:160] for node in one['nodes'][:3]]}" for one in said["violations"]]


def _look(browser: Any, address: str, size: str, pages: dict[str, str], answers: dict[str, str]) -> list[str]:
    """What is wrong with pages and answers in any mode: axe, errors, scrolling, cut text, weight, shifts, strangers."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport=SIZES[size], locale="zh-CN", base_url=address)
    context.add_init_script(WATCH)
    page = context.new_page()
    trouble: list[str] = []
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "console",
        # The answer of a missing or withdrawn page is itself reported as an error by the browser.
        lambda said: (
            trouble.append(said.text) if said.type == "error" and "status of 4" not in said.text else None
        ),
    )
    for name, path in (pages | lay(answers)).items():
        answer = page.goto(path)
        assert answer.status < 400 or name.startswith(("gone", "not-found")), f"{name}: {answer.status}"
        page.evaluate(Axe().axe_script)
        found = _violations(page) + page.evaluate(CUT)
        moved = sum(page.evaluate("window.shifted"))
        packed, unpacked = page.evaluate(WEIGHT)
        if moved:
            found.append(f"moves by {moved}")
        if packed >= HEAVIEST or unpacked >= 2.5 * HEAVIEST:
            found.append(f"{packed} octets, unpacked {unpacked}")
        page.evaluate("document.documentElement.setAttribute('data-contrast', 'high')")
        found += [f"contrast {one}" for one in _violations(page, LOOK)]
        page.evaluate("document.documentElement.removeAttribute('data-contrast')")
        page.evaluate("document.documentElement.setAttribute('data-elder', '')")
        found += [f"elder {one}" for one in _violations(page, LOOK) + page.evaluate(CUT)]
        if size == "desktop":
            page.evaluate("document.documentElement.removeAttribute('data-elder')")
            page.set_viewport_size(ZOOMED)
            found += [f"200 % {one}" for one in page.evaluate(CUT)]
            page.set_viewport_size(SIZES[size])
        trouble += [f"{name}: {one}" for one in found]
    strangers = {one.url for one in asked if not one.url.startswith((address, "data:"))}
    fonts = {one.url for one in asked if one.resource_type == "font"}
    context.close()
    return trouble + [f"loads {url}" for url in sorted(strangers | fonts)]


@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_a_violation_in_any_mode(
    browser: Any, site: tuple[str, dict[str, str]], size: str
) -> None:
    address, pages = site
    trouble = _look(browser, address, size, pages, {})
    assert not trouble, "\n".join(trouble)


@pytest.mark.parametrize("size", SIZES)
def test_no_receipt_error_or_failure_has_a_violation_in_any_mode(
    browser: Any, address: str, answers: dict[str, str], size: str
) -> None:
    trouble = _look(browser, address, size, {}, answers)
    assert not trouble, "\n".join(trouble)


@pytest.mark.parametrize("size", SIZES)
def test_the_living_page_of_the_design_system_has_no_violation_and_shows_every_state(
    browser: Any, address: str, staff: str, size: str
) -> None:
    """Every component in every state, in three modes; what pointer and focus bring about is shown at rest."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport=SIZES[size], locale="zh-CN", base_url=address)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": staff, "url": address}])
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    answer = page.goto("/workbench/design/")
    assert answer.status == 200
    page.evaluate(Axe().axe_script)
    trouble += _violations(page) + page.evaluate(CUT)
    for mode, value in (("contrast", "high"), ("elder", "")):
        page.evaluate(
            "([mode, value]) => document.documentElement.setAttribute('data-' + mode, value)", [mode, value]
        )
        trouble += [f"{mode} {one}" for one in _violations(page, LOOK) + page.evaluate(CUT)]
        page.evaluate("(mode) => document.documentElement.removeAttribute('data-' + mode)", mode)
    assert not trouble, "\n".join(trouble)
    looks = page.evaluate(
        "() => [...document.querySelectorAll('.sample .button:not(.button--quiet, .button--danger, .button--small)')]"
        ".slice(0, 4).map((one) => { const s = getComputedStyle(one);"
        " return [s.backgroundColor, s.outlineStyle, s.borderTopStyle]; })"
    )
    rest, hover, focus, disabled = looks
    assert hover[0] != rest[0] and focus[1] == "solid" and disabled[2] == "dashed"
    context.close()


def test_the_four_questions_stand_above_the_fold(page: Any) -> None:
    """interface.md: what is new, find something, apply, write to the agency, without scrolling."""
    page.goto("/")
    for selector in ("#new", "#search-q", 'main a[href="/apply/"]', 'main a[href="/mailbox/"]'):
        box = page.locator(selector).first.bounding_box()
        assert box and box["y"] + box["height"] <= 768, selector


def test_styles_that_come_late_move_nothing(page: Any) -> None:
    """The page waits for its styles instead of being laid out twice; scripts that come later change no place."""
    page.add_init_script(WATCH)

    def late(route: Any) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/*.css", late)
    page.route("**/portal*.js", late)
    page.goto(ITEM, wait_until="load")
    assert sum(page.evaluate("window.shifted")) == 0


def test_the_keyboard_alone_leads_from_the_skip_link_to_the_application(page: Any) -> None:
    """Skip link, search, filter, pages of results, an item, its attachment, the form: no mouse."""

    def reach(selector: str, steps: int = 90) -> None:
        for _step in range(steps):
            page.keyboard.press("Tab")
            if page.evaluate("(s) => document.activeElement.matches(s)", selector):
                shown = page.evaluate(
                    "() => { const s = getComputedStyle(document.activeElement);"
                    " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; }"
                )
                assert shown, f"the focus on {selector} cannot be seen"
                return
        raise AssertionError(f"{selector} is not reached")

    page.goto("/")
    reach("a.skip", 1)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto("/")
    reach("#search-q")
    page.keyboard.type("征收补偿")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    reach(".filters a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?*&*")
    page.goto("/search/?q=棚户区")
    reach(".pagination a")
    page.keyboard.press("Enter")
    page.wait_for_url("**page=2**")
    reach(".item-list__title")
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/**")
    page.goto(ITEM)
    reach(".files a[download]")
    page.goto("/")
    reach('main a[href="/apply/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply/")
    reach("form select, form input:not([type=search])")


def test_the_filters_of_a_phone_are_a_sheet_that_escape_closes(browser: Any, address: str) -> None:
    context = browser.new_context(viewport=SIZES["phone"], base_url=address)
    page = context.new_page()
    page.goto("/search/?q=棚户区")
    assert not page.locator("#filters").is_visible()
    page.locator(".filters__open a").click()
    box = page.locator("#filters").bounding_box()
    assert box and (box["width"], box["height"]) == (390, 844)
    page.keyboard.press("Escape")
    page.wait_for_url("**#results")
    assert not page.locator("#filters").is_visible()
    context.close()


SPEECH = """
window.spoken = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, "speechSynthesis", { value: {
  speak: function (speech) { window.current = speech; window.spoken.push(speech.text); },
  cancel: function () { const last = window.current; window.current = null; if (last && last.onend) last.onend(); }
} });
"""


@pytest.mark.parametrize("elder", [False, True])
def test_a_page_is_read_aloud_sentence_by_sentence_with_pause_and_stop(page: Any, elder: bool) -> None:
    page.add_init_script(SPEECH)
    if elder:
        page.add_init_script("localStorage.setItem('gongkai-elder', 'on')")
    page.goto(ITEM)
    button, stop = page.locator("[data-read]"), page.locator("[data-read-stop]")
    assert button.inner_text() == "朗读" and not stop.is_visible()
    button.click()
    assert button.inner_text() == "暂停朗读" and stop.is_visible()
    page.evaluate("window.current.onend()")
    said = page.evaluate("window.spoken")
    assert len(said) == 2 and "实施办法" in said[0]
    button.click()
    assert button.inner_text() == "继续朗读" and page.evaluate("window.current") is None
    button.click()
    assert page.evaluate("window.spoken")[2] == said[1], "the sentence that was broken off is read again"
    stop.click()
    assert button.inner_text() == "朗读" and not stop.is_visible()
    assert page.evaluate("document.activeElement.hasAttribute('data-read')")
    button.click()
    assert page.evaluate("window.spoken")[3] == said[0]
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("window.current") is None


def test_without_a_voice_there_is_no_button(page: Any) -> None:
    page.add_init_script("delete window.speechSynthesis; delete Window.prototype.speechSynthesis;")
    page.goto(ITEM)
    assert not page.locator("[data-read]").is_visible()


def test_a_printed_item_is_its_text_its_facts_and_its_addresses(page: Any) -> None:
    page.goto(ITEM)
    page.emulate_media(media="print")
    for selector in (".site-nav", ".search", ".breadcrumb", ".item__tools", ".site-header__tools"):
        assert not page.locator(selector).first.is_visible(), selector
    for selector in (".document__title", ".facts", ".document", ".files"):
        assert page.locator(selector).first.is_visible(), selector
    printed = page.locator("main").inner_text()
    assert "https://www.example.gov.cn/items/XG0123-2021-00008/files/" in printed
    assert "本页网址：https://www.example.gov.cn/items/XG0123-2021-00008/" in printed
    code = page.locator(".printed-address svg").bounding_box()
    assert code and round(code["width"] / 96 * 25.4) == 24, (
        "the code is as large as a camera needs it on paper"
    )
    indent = page.evaluate(
        "() => { const s = getComputedStyle(document.querySelector('.document > p'));"
        " return parseFloat(s.textIndent) / parseFloat(s.fontSize); }"
    )
    assert round(indent, 2) == 2


def test_the_contents_of_a_long_text_lead_by_keyboard_and_are_not_printed(
    page: Any, site: tuple[str, dict[str, str]]
) -> None:
    page.goto(site[1]["item-policy"])
    links = page.locator(".contents a")
    assert links.first.inner_text() == "第一章　总则" and links.count() == 6
    links.nth(3).focus()
    page.keyboard.press("Enter")
    assert page.locator(":target").inner_text() == "第四章　交付和管理"
    page.emulate_media(media="print")
    assert not page.locator(".contents").is_visible()


def test_on_a_phone_the_text_of_an_item_begins_in_the_first_view_and_all_particulars_are_one_step_away(
    browser: Any, address: str
) -> None:
    context = browser.new_context(viewport=SIZES["phone"], locale="zh-CN", base_url=address)
    page = context.new_page()
    page.goto(ITEM)
    text = page.locator(".document").bounding_box()
    assert text and text["y"] < SIZES["phone"]["height"]
    assert page.locator(".facts .mark").is_visible() and not page.get_by_text("内容概述").is_visible()
    page.get_by_role("link", name="全部属性").click()
    assert page.get_by_text("内容概述").is_visible() and not page.get_by_text("全部属性").is_visible()
    page.emulate_media(media="print")
    assert page.get_by_text("内容概述").is_visible()
    context.close()


def test_forced_colours_and_less_motion_are_obeyed(browser: Any, address: str) -> None:
    context = browser.new_context(
        viewport=SIZES["desktop"], base_url=address, forced_colors="active", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(PAGES["item-repealed"])
    drawn = page.evaluate(
        "() => getComputedStyle(document.querySelector('.facts .mark'), '::before').forcedColorAdjust"
    )
    assert drawn == "none", "the sign of validity is drawn by its background, which forced colours take away"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    context.close()
