"""What is kept of released items beside them: `gongkai check` names what does not agree, and mends it."""

from datetime import date, timedelta

import pytest

from gongkai.disclosure import kept, projects, standards
from gongkai.disclosure.models import Interpretation, ProjectItem, Question, StandardAnswer, StandardCount
from gongkai.review import drafts, releases
from gongkai.review.models import Release
from tests.items import approve, released, submitted
from tests.projects import recorded

ENTRY = "expropriation-07"
ANSWER = {"question": "怎样领取补偿款？", "subject": "expropriation", "origin": "counter", "policy": ""}
WHOLE = "<p>附：征收补偿方案。可以依法申请行政复议，也可以依法提起行政诉讼。</p>"


@pytest.fixture
def day(office, at):
    """A day on which the catalogues are loaded and a project is open."""
    with at(2021, 3, 10):
        standards.load()
        yield projects.begin(
            office.actor("handler"),
            office.agency,
            kind="expropriation",
            name="健康路片区房屋征收",
            place="健康路",
            begun_on=date(2021, 2, 1),
        )


def said(model, *columns):
    return list(model.objects.order_by("pk").values_list(*columns))


def mended(word):
    """One sentence names it; after a repair there is none."""
    [sentence] = kept.differences()
    assert word in sentence and "gongkai check --repair" in sentence
    assert kept.differences(repair=True) == []
    assert kept.differences() == []


def test_an_answer_that_was_lost_is_made_anew_from_the_release(office, day):
    item = released(office, standard=ENTRY)
    assert kept.differences() == []
    before = said(StandardAnswer, "item", "code", "agency", "released_at", "late")
    StandardAnswer.objects.all().delete()
    StandardCount.objects.all().delete()
    mended(item.title)
    assert said(StandardAnswer, "item", "code", "agency", "released_at", "late") == before
    assert said(StandardCount, "code", "public", "late") == [(ENTRY, 1, 0)]


def test_a_count_that_does_not_agree_is_mended(office, day):
    released(office, standard=ENTRY)
    StandardCount.objects.update(public=9, late=3)
    mended(ENTRY)
    assert said(StandardCount, "public", "late") == [(1, 0)]


def test_a_point_moved_to_another_day_is_put_back(office, day):
    recorded(office, day)
    item = released(office, body=WHOLE, project_point=f"{day.code}/decision")
    ProjectItem.objects.update(on=date(2021, 1, 1), point="plan")
    mended(item.title)
    assert said(ProjectItem, "point", "on") == [("decision", date(2021, 3, 10))]


def test_what_is_withdrawn_and_still_stands_for_a_point_is_taken_away(office, day):
    recorded(office, day)
    item = released(office, body=WHOLE, project_point=f"{day.code}/decision")
    row = ProjectItem.objects.get()
    releases.withdraw(office.actor("reviewer"), Release.objects.get(subject_id=item.pk), reason="error")
    ProjectItem.objects.bulk_create([row])
    mended(item.title)
    assert not ProjectItem.objects.exists()


def test_a_question_under_a_wrong_subject_is_put_back(office, day):
    released(office, variety="question", column="questions", more=ANSWER)
    Question.objects.update(subject="property")
    mended("咨询答问")
    assert said(Question, "subject") == [("expropriation",)]


def test_a_link_that_nothing_released_bears_out_is_taken_away(office, day):
    item = released(office)
    Interpretation.objects.create(item=item, policy=released(office, title="另一件"), form="text")
    mended("政策解读")
    assert not Interpretation.objects.exists()


def test_a_question_released_again_as_a_plain_text_leaves_the_pages_of_its_subject(office, day, at):
    item = released(office, variety="question", column="questions", more=ANSWER)
    draft = drafts.draft_of("item", item.pk)
    drafts.save(
        office.actor("handler"),
        "item",
        item.pk,
        office.agency,
        draft.content | {"variety": "", "more": {}, "column": "21-c5"},
        version=draft.version,
    )
    revision = submitted(office, item)
    for step in (1, 2, 3):
        approve(office, revision, step)
    assert not Question.objects.exists()
    assert kept.differences() == []


def test_the_edition_of_the_day_of_release_says_what_is_late(office, day, at):
    released(office, standard=ENTRY, formed_on=(date(2021, 3, 10) - timedelta(days=60)).isoformat())
    assert said(StandardAnswer, "late") == [(True,)]
    StandardAnswer.objects.all().delete()
    with at(2030, 1, 7):
        kept.differences(repair=True)
    assert said(StandardAnswer, "late") == [(True,)]
