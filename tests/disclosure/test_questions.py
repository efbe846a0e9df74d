"""Questions and answers, and that one may begin from a published letter without anything of its writer."""

import pytest

from gongkai.agencies.policy import Refused
from gongkai.correspondence import publication
from gongkai.disclosure import questions
from gongkai.disclosure.models import Question
from gongkai.portal import questions as shown
from gongkai.review import drafts, submission
from gongkai.review.submission import content_of
from gongkai.search import entries
from tests.correspondence import letters
from tests.correspondence.test_personal import CANARIES, published
from tests.items import drafted, released, submitted
from tests.portal.sites import name_site

MORE = {"question": "过渡费什么时候发？", "subject": "expropriation", "origin": "hotline", "policy": ""}


def asked(office, **content):
    from gongkai.disclosure import columns

    columns.load()
    said = {"title": "过渡费发放时间", "column": "questions", "variety": "question", "more": MORE}
    return released(office, **said | content)


def test_a_question_needs_its_words_and_its_subject(office, at):
    with at(2021, 3, 2):
        item = drafted(office, variety="question", more=MORE | {"question": " ", "subject": "x"})
        with pytest.raises(submission.Incomplete) as refusal:
            submitted(office, item)
    assert {"more_question", "more_subject"} <= {problem.field for problem in refusal.value.problems}


def test_the_newest_of_each_subject_stand_on_its_page_and_the_search_finds_the_question(office, at):
    name_site(office)
    with at(2021, 3, 2):
        item = asked(office)
        pages = dict(shown.pages())
        assert set(pages) == {"questions/index.html", "questions/expropriation/index.html"}
        assert all("过渡费发放时间" in page.decode() for page in pages.values())
        assert Question.objects.get(item=item).subject == "expropriation"
        entry = entries.maker_of("item")(item.live, content_of(item.live.digest))
    assert "过渡费什么时候发？" in entry.body


def test_a_question_begins_from_what_is_public_of_a_letter(office, at):
    with at(2021, 3, 1):
        matter = letters.answered(office)
        with pytest.raises(Refused, match="先公开"):
            questions.begin_from_letter(office.actor("handler"), matter.pk)
        published(office, matter)
        item = questions.begin_from_letter(office.actor("handler"), matter.pk)
        said = drafts.draft_of("item", item.pk).content
        assert (said["title"], said["more"]["question"]) == ("过渡费何时发放", "过渡费何时发放？")
        assert said["body"] == "<p>已于3月5日发放。</p>"
        assert not any(canary in str(said) for canary in CANARIES)
        publication.withdraw(office.actor("reviewer"), matter, reason="error")
        with pytest.raises(Refused):
            questions.begin_from_letter(office.actor("handler"), matter.pk)


def test_only_who_drafts_items_takes_a_letter_over(office, at):
    with at(2021, 3, 1):
        matter = letters.answered(office)
        published(office, matter)
        for name in ("supervisor", "system", "audit"):
            with pytest.raises(Refused):
                questions.begin_from_letter(office.actor(name), matter.pk)
