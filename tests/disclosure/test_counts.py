"""The kept numbers of public items follow every release and withdrawal, and a check mends what does not agree."""

from gongkai.disclosure import counts
from gongkai.disclosure.count_models import PublicCount
from gongkai.disclosure.models import Column
from gongkai.review import drafts, releases
from gongkai.review.models import Release
from tests.items import approve, released, submitted


def withdraw(office, item):
    live = Release.objects.filter(subject_id=item.pk).latest("pk")
    releases.withdraw(office.actor("reviewer"), live, reason="error", note="有误")


def held(code):
    return counts.of_column(Column.objects.get(code=code).pk)


def test_a_release_counts_once_in_its_year_however_often_it_is_released(office, at):
    with at(2021, 3, 2):
        item = released(office)
        released(office, title="另一件", column="housing")
    with at(2022, 3, 2):
        draft = drafts.draft_of("item", item.pk)
        drafts.save(
            office.actor("handler"),
            "item",
            item.pk,
            office.agency,
            draft.content | {"title": "更正后的标题"},
            version=draft.version,
        )
        revision = submitted(office, item)
        for step in (1, 2, 3):
            approve(office, revision, step)
    assert (held("21-c5"), held("housing"), held("rules")) == (1, 1, 0)
    assert (counts.of_year(2021), counts.of_year(2022)) == (2, 0)
    assert counts.differences() == []


def test_a_withdrawn_item_leaves_the_count_and_a_moved_one_takes_its_place_along(office, at):
    with at(2021, 3, 2):
        gone, moved = released(office), released(office, title="换栏目的一件")
        withdraw(office, gone)
    assert held("21-c5") == 1
    with at(2021, 4, 1):
        draft = drafts.draft_of("item", moved.pk)
        changed = draft.content | {"column": "housing"}
        drafts.save(office.actor("handler"), "item", moved.pk, office.agency, changed, version=draft.version)
        revision = submitted(office, moved)
        for step in (1, 2, 3):
            approve(office, revision, step)
    assert (held("21-c5"), held("housing")) == (0, 1)
    assert counts.differences() == []


def test_a_count_that_does_not_agree_is_named_and_mended(office, at):
    with at(2021, 3, 2):
        released(office)
    PublicCount.objects.update(public=7)
    [said] = counts.differences()
    assert "2021年" in said and "gongkai check --repair" in said
    assert counts.differences(repair=True) == []
    assert counts.differences() == [] and held("21-c5") == 1


def test_a_count_that_is_behind_does_not_stop_a_withdrawal(office, at):
    with at(2021, 3, 2):
        item = released(office)
        PublicCount.objects.update(public=0)
        withdraw(office, item)
    assert held("21-c5") == 0
