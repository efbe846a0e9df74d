"""Policy documents on the site: validity with its paper, interpretation and document lead to each other, the register."""

from datetime import date

import pytest

from gongkai.channels import site, tree
from gongkai.disclosure import normative
from gongkai.portal import policies, tags
from gongkai.review import releases
from tests.items import released
from tests.policies import NUMBER, PLANNED, TITLE, explained, former, passed, policy
from tests.portal.sites import written


@pytest.fixture
def shown(committed):
    return written(committed)


def page(item):
    item.refresh_from_db()
    return (tree.read(f"items/{item.index_number.replace('/', '-')}/index.html") or b"").decode()


def differing():
    """Differences but for boards that show the day of the clock, which these tests move."""
    return [each for each in site.verify() if not each.path.startswith("participation/")]


def read(path):
    return (tree.read(path) or b"").decode()


def test_document_and_interpretation_lead_to_each_other_until_one_is_withdrawn(shown, at):
    with at(2021, 3, 2):
        item = policy(shown, PLANNED)
        told = explained(shown, item)
        passed(shown, item)
        passed(shown, told)
        assert f"/items/{told.index_number.replace('/', '-')}/" in page(item)
        assert f"/items/{item.index_number.replace('/', '-')}/" in page(told)
        assert "<li>适用范围</li>" in page(told) and "征收科" in page(told)
        assert PLANNED["plan_outline"] not in page(item)
        told.refresh_from_db()
        releases.withdraw(shown.actor("reviewer"), told.live, reason="error")
        assert "政策解读" not in page(item).split("<main")[1]
        assert not differing()


def test_a_repealed_document_names_its_paper_as_long_as_that_is_public(shown, at):
    with at(2019, 3, 2):
        old = former(shown)
    with at(2021, 3, 2):
        site.write_all()
        item = policy(shown, {"repeals": "西城改〔2019〕1号"})
        passed(shown, item)
        address = f"/items/{item.index_number.replace('/', '-')}/"
        assert TITLE in page(old) and address in page(old) and "废止" in page(old)
        assert "旧征收办法" in page(item)
        item.refresh_from_db()
        releases.withdraw(shown.actor("reviewer"), item.live, reason="leak")
        assert TITLE not in page(old) and address not in page(old) and "废止" in page(old)
        assert not differing()


def test_a_document_that_lapses_today_says_so_on_its_page(shown, at):
    with at(2021, 3, 2):
        item = policy(shown, {"expires_on": "2021-12-31"})
        passed(shown, item)
        assert "有效期届满" not in page(item)
    with at(2022, 1, 1):
        normative.lapse()
        assert "有效期届满" in page(item) and "失效" in page(item)
        assert "失效" in read("normative/2021/index.html")
        assert not [each for each in differing() if each.path.startswith("normative")]


def test_the_register_holds_what_is_public_by_year_and_its_pages_bear_their_tags(shown, at):
    with at(2020, 3, 2):
        older = released(
            shown,
            title="二〇年办法",
            document_number="西城改〔2020〕1号",
            normative=True,
            formed_on="2020-03-01",
        )
    with at(2021, 3, 2):
        item = policy(shown)
        passed(shown, item)
        passed(
            shown, policy(shown, {"level": "other"}, document_number="西城改〔2021〕9号", title="其他文件")
        )
        front = read("normative/index.html")
        assert TITLE in front and "二〇年办法" in front and "其他文件" not in front
        assert not tags.faults_of("normative/index.html", front.encode())
        assert "二〇年办法" in read("normative/2020/index.html")
        assert [row["number"] for row in policies.rows()] == [NUMBER, "西城改〔2020〕1号"]
        older.refresh_from_db()
        releases.withdraw(shown.actor("reviewer"), older.live, reason="error")
        assert tree.read("normative/2020/index.html") is None
        assert "二〇年办法" not in read("normative/index.html")
        assert not differing()


def test_a_document_leaves_its_old_year_when_its_day_is_corrected(shown, at):
    from gongkai.disclosure import content as contents
    from gongkai.disclosure import items
    from gongkai.review import drafts

    with at(2021, 3, 2):
        item = policy(shown)
        passed(shown, item)
        assert TITLE in read("normative/2021/index.html")
        draft = drafts.draft_of("item", item.pk)
        said = contents.EMPTY | draft.content | {"formed_on": "2020-12-30"}
        items.save(shown.actor("handler"), item, said, version=draft.version)
        passed(shown, item)
        assert not differing()
        assert date(2020, 12, 30) == item.normative.issued_on
        assert TITLE in read("normative/2020/index.html")
        assert tree.read("normative/2021/index.html") is None
