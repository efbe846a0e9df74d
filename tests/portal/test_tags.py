"""The page tags of the site guide: on every page of a written site, in their form; which are required is data."""

import pytest

from gongkai.agencies import options
from gongkai.agencies.policy import Refused
from gongkai.channels import renderers, tree
from gongkai.portal import rendering, tags
from gongkai.portal.tags import TagsMissing
from gongkai.review import releases
from gongkai.review.models import Release
from gongkai.rulebook import page_tags
from tests.channels.test_site_follows import with_files
from tests.items import released
from tests.portal import sites


@pytest.fixture
def office(committed):
    return sites.written(committed)


def test_every_page_of_a_written_site_has_its_tags(office):
    with_files(office, keywords="征收、补偿，安置", document_number="西城改规〔2021〕1号", normative=True)
    gone = released(office, title="撤下的公告")
    releases.withdraw(
        office.actor("handler"), Release.objects.get(subject_id=gone.pk), reason="error", note="数字有误"
    )
    pages = [path for path in tree.files() if path.endswith(".html")]
    assert {"site", "column", "article"} == {
        tags.level_of(path, tags.values(tree.read(path))) for path in pages
    }
    assert len(pages) > 20
    for path in pages:
        assert not renderers.missing_tags(path, tree.read(path)), path


def test_a_page_of_an_item_names_time_and_words_in_the_form_of_the_guide(office, at):
    with at(2021, 3, 2, 14):
        item = released(office, keywords="征收、补偿，安置")
    there = tags.values(tree.read(f"items/{item.index_number.replace('/', '-')}/index.html"))
    assert there["PubDate"] == "2021-03-02 14:00"
    assert there["Keywords"] == "征收;补偿;安置"
    assert there["ArticleTitle"] == item.title and there["ContentSource"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"SiteName": ""}, "缺少SiteName"),
        ({"SiteName": "西工区", "pubdate": "2021-03-02 09:30"}, "pubdate应写作PubDate"),
        ({"SiteName": "西工区", "PubDate": "2021年3月2日"}, "PubDate的格式不对"),
        ({"SiteName": "西工区", "ColumnKeywords": "征收、补偿"}, "应以“;”分开"),
    ],
)
def test_what_is_wrong_with_tags_is_named(values, words):
    (found,) = page_tags.faults(values, ("SiteName",))
    assert words in found


def test_which_tags_are_required_is_a_setting_of_the_top_agency(office):
    page = b"<html><head><meta name='SiteName' content='x'></head></html>"
    assert "缺少SiteDomain" in tags.faults_of("x.html", page)
    options.change(office.actor("system"), office.district, {"page_tags_site": "SiteName"})
    assert not tags.faults_of("x.html", page)
    with pytest.raises(Refused, match="sitename"):
        options.change(office.actor("system"), office.district, {"page_tags_site": "sitename"})
    options.change(office.actor("system"), office.district, {"page_tags_site": "SiteName;Url"})
    with pytest.raises(TagsMissing, match="Url"):
        rendering.page("portal/accessibility.html")
