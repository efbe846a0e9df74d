"""The English edition: a frame without a Chinese word of the interface, ways to and fro, and records that stay Chinese."""

import re

import lxml.html
import pytest

from gongkai.channels import site, tree
from gongkai.journal import outbox
from gongkai.portal import editions, tags
from tests.items import released
from tests.portal import sites
from tests.reporting.reports import published

PAGES = ("", "guide/", "guide/XG0123/", "catalogue/", "reports/", "statistics/", "accessibility/")
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")


@pytest.fixture
def shown(office, at):
    from gongkai.reporting import statistics

    sites.fresh()
    sites.name_site(office)
    office.agency.disclosure_office = "办公室"
    office.agency.save()
    with at(2021, 6, 1):
        released(office, column="21-c5")
    with at(2022, 1, 10):
        published(office)
        statistics.refresh()
        site.write_all()
    return office


def read(path):
    return (tree.read(path) or b"").decode()


def words_of(element, chinese):
    """The words of the page in the language asked for: what stands below an element marked as Chinese, or not."""
    found = []
    for node in element.iter():
        if not isinstance(node.tag, str) or node.tag in ("script", "style"):
            continue
        marked = next((one.get("lang") for one in [node, *node.iterancestors()] if one.get("lang")), "")
        if (marked == "zh-Hans") == chinese:
            found += [
                node.text or "",
                *[node.get(name, "") for name in ("aria-label", "placeholder", "title")],
            ]
        above = node.getparent()
        if above is not None:
            outer = next((one.get("lang") for one in [above, *above.iterancestors()] if one.get("lang")), "")
            if (outer == "zh-Hans") == chinese:
                found.append(node.tail or "")
    return "\n".join(found)


@pytest.mark.django_db
def test_every_english_page_has_its_twin_and_no_chinese_word_of_the_interface(shown):
    for path in PAGES:
        html = read(f"en/{path}index.html")
        root = lxml.html.document_fromstring(html)
        assert root.get("lang") == "en", path
        said = words_of(root.find("body"), chinese=False)
        assert not CHINESE.search(said), (path, [line for line in said.split("\n") if CHINESE.search(line)])
        back = root.xpath("//a[@data-edition='zh-Hans']")[0]
        assert back.get("href") == f"/{path}"
        twin = lxml.html.document_fromstring(read(f"{path}index.html"))
        assert twin.xpath("//a[@data-edition='en']")[0].get("href") == f"/en/{path}"
        for page in (root, twin):
            assert page.xpath("//link[@rel='alternate' and @hreflang]/@href") == [
                f"https://www.example.gov.cn/{path}",
                f"https://www.example.gov.cn/en/{path}",
            ]
        assert not tags.faults_of(f"en/{path}index.html", html.encode())


@pytest.mark.django_db
def test_the_chinese_pages_speak_no_english(shown):
    for path in PAGES:
        body = lxml.html.document_fromstring(read(f"{path}index.html")).find("body")
        for switch in body.xpath("//*[@lang='en']"):
            switch.text = ""
        text = re.sub(
            r"Atom|ICP|JSON|CSV|Tab|XG\d+|\S+@\S+|[A-Za-z0-9.-]+\.cn|OpenAPI|DCAT", "", body.text_content()
        )
        assert not re.search(r"[A-Za-z]{3,}", text), (path, re.findall(r".*[A-Za-z]{3,}.*", text))


@pytest.mark.django_db
def test_english_pages_lead_on_in_english_and_to_the_records_in_chinese(shown):
    home = read("en/index.html")
    assert "Expropriation of houses" in home and "published in Chinese" in home
    for address in ("/en/guide/", "/en/catalogue/", "/en/reports/", "/en/statistics/", "/apply/"):
        assert f'href="{address}"' in home, address
    root = lxml.html.document_fromstring(home)
    item = root.xpath("//a[@class='item-list__title']")[0]
    assert item.get("lang") == "zh-Hans" and item.get("href").startswith("/items/")
    leading = set(root.xpath("//main//a/@href"))
    assert "/catalogue/" not in leading and "/reports/" not in leading


@pytest.mark.django_db
def test_a_page_without_twin_leads_to_the_front_of_the_english_edition(shown):
    from gongkai.disclosure.models import Item

    page = read(f"items/{Item.objects.get().index_number.replace('/', '-')}/index.html")
    root = lxml.html.document_fromstring(page)
    assert root.xpath("//a[@data-edition='en']")[0].get("href") == "/en/"
    assert not root.xpath("//link[@rel='alternate' and @hreflang]")


@pytest.mark.django_db
def test_search_in_english_has_no_chinese_word_of_the_interface(shown, client):
    client.cookies["gongkai_language"] = "en"
    for query in ("?q=征收", "?q=zzzz", ""):
        root = lxml.html.document_fromstring(client.get(f"/search/{query}").content.decode())
        said = words_of(root.find("body"), chinese=False).replace("征收", "")
        assert not CHINESE.search(said), [line for line in said.split("\n") if CHINESE.search(line)]
        assert root.xpath("//nav//a[@href='/en/guide/']")


@pytest.mark.django_db
def test_a_withdrawal_leaves_the_english_edition_too(shown, at):
    from gongkai.review import releases
    from gongkai.review.models import Release

    with at(2022, 1, 11):
        release = Release.objects.get(subject_kind="item")
        assert "征收补偿方案公告" in read("en/index.html")
        releases.withdraw(shown.actor("reviewer"), release, reason="error")
        outbox.sweep()
    assert "征收补偿方案公告" not in read("en/index.html")


@pytest.mark.django_db
def test_the_columns_that_every_instance_begins_with_have_english_names(office):
    from gongkai.disclosure.models import Column

    assert set(Column.objects.values_list("code", flat=True)) == set(editions.COLUMNS)
