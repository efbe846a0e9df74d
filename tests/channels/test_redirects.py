"""Addresses of before lead to where the thing stands now, and never say more than stands there."""

import pytest
from django.conf import settings

from gongkai.agencies.policy import Refused
from gongkai.channels import moved, redirects, site, tree
from gongkai.channels.redirect_models import Redirect
from gongkai.config.sitefiles import SiteFiles
from gongkai.journal import chain
from gongkai.review import releases
from gongkai.review.models import Release
from tests.items import drafted, released
from tests.portal import sites


@pytest.fixture
def office(committed):
    return sites.written(committed)


@pytest.fixture
def asked(office):
    """What the first layer answers: (status, where it leads)."""

    def rest(environ, start):
        start("200 OK", [])
        return [b"django"]

    layer = SiteFiles(settings.INSTANCE.home / "site", settings.INSTANCE.home / "static", rest, {"search"})

    def get(path, query=""):
        status, headers, _body = sites.get(layer, path, query=query)
        return status, headers.get("location", "")

    return get


def address_of(item):
    return f"/items/{item.index_number.replace('/', '-')}/"


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("/art/2021/3/5/art_123.html", "/art/2021/3/5/art_123.html"),
        ("https://www.example.gov.cn/art/1.html#top", "/art/1.html"),
        ("/show.asp?id=7&type=公告", "/show.asp?id=7&type=%E5%85%AC%E5%91%8A"),
        ("/show.asp?id=7&type=%e5%85%ac%e5%91%8a", "/show.asp?id=7&type=%E5%85%AC%E5%91%8A"),
        ("/公告/%B9%AB.html", "/%E5%85%AC%E5%91%8A/%B9%AB.html"),
        ("/zwgk//tz/", "/zwgk/tz"),
    ],
)
def test_an_address_of_before_has_one_form(written, known):
    assert moved.key(written) == known


@pytest.mark.parametrize(
    "nonsense", ["", "art/1.html", "/a\n/b", "/../../etc/passwd", "/a/%2e%2e/b", "/" + "x" * 2000, "/a%00b"]
)
def test_what_is_no_address_is_refused_with_a_sentence(office, nonsense):
    item = released(office)
    with pytest.raises(Refused, match=r"is no address|不是网址"):
        redirects.add(office.actor("head"), nonsense, item)
    assert not Redirect.objects.exists()


def test_an_address_of_before_leads_to_the_item(office, asked):
    item = released(office)
    head = office.actor("head")
    redirects.add(head, "/art/2021/3/5/art_123.html", item)
    redirects.add(head, "/show.asp?id=7", item)
    there = address_of(item)
    assert asked("/art/2021/3/5/art_123.html") == (301, there)
    assert asked("/show.asp", "id=7") == (301, there)
    # Messengers add parameters of their own; another article of the same program is another address.
    assert asked("/art/2021/3/5/art_123.html", "from=singlemessage") == (301, there)
    assert asked("/show.asp", "id=8")[0] == 404
    assert asked("/show.asp")[0] == 404


def test_a_plain_web_server_finds_a_page_that_leads_on(office):
    item = released(office)
    redirects.add(office.actor("head"), "/art/2021/3/5/art_123.html", item)
    redirects.add(office.actor("head"), "/zwgk/tz/", item)
    for path in ("art/2021/3/5/art_123.html", "zwgk/tz/index.html"):
        page = tree.read(path).decode()
        assert f"url={address_of(item)}" in page and "noindex" in page
        assert item.title not in page
    assert not site.verify()
    lines = "".join(redirects.nginx_lines())
    assert f'"/art/2021/3/5/art_123.html" "{address_of(item)}";\n' in lines


def test_what_is_not_released_is_led_to_by_nothing(office, asked):
    item = drafted(office, title="尚未公布的方案")
    redirects.add(office.actor("head"), "/art/9.html", item)
    assert asked("/art/9.html")[0] == 404
    assert not any(path.startswith(("moved/", "art/")) for path in tree.files())


def test_a_withdrawn_item_is_led_to_as_its_tombstone(office, asked):
    item = released(office)
    redirects.add(office.actor("head"), "/art/9.html", item)
    releases.withdraw(
        office.actor("handler"), Release.objects.get(subject_id=item.pk), reason="error", note="数字有误"
    )
    assert asked("/art/9.html") == (301, address_of(item))
    assert asked(address_of(item))[0] == 410
    assert item.title not in tree.read("art/9.html").decode()


def test_pages_and_services_of_the_site_are_never_shadowed(office, asked):
    item = released(office)
    head = office.actor("head")
    for own in ("/", "/index.html", "/guide/", "/robots.txt", "/404.html", address_of(item), "/moved/x.html"):
        with pytest.raises(Refused):
            redirects.add(head, own, item)
    for service in ("/search/?q=1", "/workbench/items/", "/apply/x.html", "/static/x.css"):
        with pytest.raises(Refused):
            redirects.add(head, service, item)
    # An address of this site that nothing stands at any more may lead on.
    redirects.add(head, "/columns/old-code/", item)
    assert asked("/columns/old-code/") == (301, address_of(item))
    assert not site.verify()


def test_an_address_may_lead_to_another_page_of_the_site_and_only_there(office, asked):
    system = office.actor("system")
    redirects.add(system, "/zwgk/zn.html", "https://www.example.gov.cn/guide/")
    assert asked("/zwgk/zn.html") == (301, "/guide/")
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "/nowhere/", "/../secret"):
        with pytest.raises(Refused):
            redirects.add(system, "/zwgk/a.html", elsewhere)


def test_an_address_given_up_leads_nowhere_and_its_history_stays(office, asked):
    item = released(office)
    head = office.actor("head")
    row = redirects.add(head, "/art/9.html", item)
    assert redirects.add(head, "/art/9.html", item) == row
    redirects.retire(head, row, "登记有误")
    assert asked("/art/9.html")[0] == 404
    assert tree.read("art/9.html") is None
    assert Redirect.objects.filter(old="/art/9.html").count() == 2
    assert not site.verify()
    assert not [fault for fault in chain.verify() if "链头" not in fault.message]


def test_nobody_without_the_right_moves_an_address(office):
    item = released(office)
    for name in ("handler", "reviewer", "approver"):
        with pytest.raises(Refused):
            redirects.add(office.actor(name), "/art/9.html", item)


def test_a_changed_file_of_addresses_is_named_and_set_right(office, asked):
    item = released(office)
    row = redirects.add(office.actor("head"), "/art/9.html", item)
    path = moved.shard_path(row.shard)
    tree.write(path, b'"/art/9.html" "//evil.example/";\n"/x" "https://evil.example/";\n')
    assert asked("/art/9.html")[1] == ""
    assert [(one.path, one.what) for one in site.verify(mend=True)] == [(path, "changed")]
    assert asked("/art/9.html") == (301, address_of(item))


def test_many_addresses_are_entered_together_or_none(office, asked):
    item = released(office)
    wanted = [redirects.Wanted(f"/art/{number}.html", item) for number in range(200)]
    redirects.add_many(None, wanted, "旧网站迁移")
    assert asked("/art/199.html") == (301, address_of(item))
    with pytest.raises(Refused):
        redirects.add_many(None, [redirects.Wanted("/art/500.html", item), redirects.Wanted("/", item)], "x")
    assert asked("/art/500.html")[0] == 404


def test_every_folder_of_the_site_is_known_as_its_own(office):
    """Or a page that leads on could be written where the site's own pages stand."""
    released(office)
    folders = {path.partition("/")[0] for path in tree.files() if "/" in path}
    assert folders <= moved.OWN
