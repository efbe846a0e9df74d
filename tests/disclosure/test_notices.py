"""A notice with an end date: both texts are one reviewed content, and the day changes the page, nobody else (I1, I9)."""

from datetime import datetime

import pytest

from gongkai.agencies.policy import Refused
from gongkai.channels import site, tree
from gongkai.disclosure import items, notice_watch, notices
from gongkai.disclosure.models import Period, PeriodWatch
from gongkai.journal import clock, sweeping
from gongkai.journal.models import Entry
from gongkai.review import drafts, releases, subjects, submission
from gongkai.review.models import Release
from gongkai.search import query
from tests.conftest import SHANGHAI
from tests.items import approve, drafted, submitted
from tests.portal import sites

MORE = {
    "posting": "household_compensation",
    "begins": "2021-03-02",
    "ends": "2021-03-31",
    "how": "书面提出，写明姓名、房屋坐落和理由。",
    "contact": "城改办征收科，0379-00000001，凯旋路1号",
    "online": True,
    "at_end": "replace",
    "after": "<p>期满金丝雀：分户补偿情况公示已结束，无异议成立。</p>",
    "after_summary": "期满摘要金丝雀。",
}
TEXT = {
    "title": "健康路棚户区改造分户补偿情况公示",
    "summary": "首次摘要金丝雀。",
    "body": "<p>首文金丝雀：张某某，补偿面积80平方米。</p>",
    "column": "21-c5",
    "formed_on": "2021-03-01",
    "variety": "notice",
}


@pytest.fixture
def office(committed):
    return sites.written(committed)


def at_moment(*moment):
    return clock.at(datetime(*moment, tzinfo=SHANGHAI))


def notice(office, files=(), dropped=(), more=None, **content):
    """A notice that three people released on 2 March 2021."""
    with at_moment(2021, 3, 2, 9):
        item = drafted(office, **TEXT | content, more=MORE | (more or {}))
        added = {name: items.attach(office.actor("handler"), item, data, name) for name, data in files}
        if dropped:
            draft = drafts.draft_of("item", item.pk)
            said = draft.content["more"] | {"drops": [str(added[name].pk) for name in dropped]}
            drafts.save(
                office.actor("handler"), "item", item.pk, office.agency, draft.content | {"more": said},
                version=draft.version,
            )  # fmt: skip
        revision = submitted(office, item)
        for step in (1, 2, 3):
            approve(office, revision, step)
    item.refresh_from_db()
    return item


def everything():
    return "\n".join(path + "\n" + (tree.read(path) or b"").decode(errors="ignore") for path in tree.files())


def page_of(item):
    return tree.read(f"items/{item.index_number.replace('/', '-')}/index.html").decode()


def found(words):
    results = query.search(words)
    return [] if results.loose else [hit.title for hit in results.hits]


def test_until_the_last_day_is_over_the_first_text_stands_and_nothing_of_the_second(office):
    item = notice(office)
    with at_moment(2021, 3, 2, 9, 5):
        text = page_of(item)
        assert "首文金丝雀" in text and "公示中：2021年3月2日（星期二）至2021年3月31日（星期三）" in text
        assert "还剩29天" in text and "书面提出" in text and "0379-00000001" in text
        assert f'href="/opinions/{item.pk}/"' in text
        assert "期满金丝雀" not in everything() and "期满摘要金丝雀" not in everything()
        assert found("首文金丝雀") == [item.title] and found("期满金丝雀") == []
        assert site.verify() == []


def test_at_midnight_page_lists_search_and_feed_change_without_anyone(office):
    item = notice(office)
    with at_moment(2021, 3, 31, 23, 59, 59):
        sweeping.sweep(everything=True)
        assert "首文金丝雀" in page_of(item) and "今天是最后一天" in page_of(item)
    with at_moment(2021, 4, 1, 0, 0, 30):
        notice_watch.bring_to_the_day()
        text, all_of_it = page_of(item), everything()
        assert "期满金丝雀" in text and "公示期满" in text
        assert "首文金丝雀" not in all_of_it and "首次摘要金丝雀" not in all_of_it
        assert "期满摘要金丝雀" in tree.read("columns/21-c5/feed.xml").decode()
        assert "公示期满" in tree.read("columns/21-c5/index.html").decode()
        assert found("首文金丝雀") == [] and found("期满金丝雀") == [item.title]
        assert f'href="/opinions/{item.pk}/"' not in text
        assert not PeriodWatch.objects.exists()
        assert site.verify() == [] and notice_watch.bring_to_the_day() == 0


def test_a_server_that_was_down_over_midnight_changes_the_page_at_its_first_sweep(office):
    item = notice(office)
    with at_moment(2021, 4, 12, 8):
        assert notice_watch.bring_to_the_day() == 1
        assert "期满金丝雀" in page_of(item) and "首文金丝雀" not in everything()


def test_a_page_written_late_reads_the_clock_again(office, monkeypatch):
    """A writer that began before midnight and ends after it leaves the second text."""
    from gongkai.channels import parts, renderers

    item = notice(office)
    part = parts.subject_part(renderers.kind_of("item"), item.pk)
    public = renderers.kind_of("item")
    with at_moment(2021, 3, 31, 23, 59, 59):

        def slow(release, content):
            made = public.pages(release, content)
            clock.advance(2)
            return made

        monkeypatch.setitem(
            renderers._kinds, "item", renderers.PublicKind("item", public.folder, slow, public.tombstone)
        )
        part = parts.subject_part(renderers.kind_of("item"), item.pk)
        parts.settle(part)
    assert "期满金丝雀" in page_of(item) and "首文金丝雀" not in page_of(item)


def test_attachments_that_are_marked_go_and_the_others_stay(office):
    item = notice(
        office,
        files=[("分户表.txt", "分户金丝雀".encode()), ("办法.txt", "办法照旧".encode())],
        dropped=["分户表.txt"],
    )
    folder = f"items/{item.index_number.replace('/', '-')}/files"
    with at_moment(2021, 3, 3, 9):
        assert len(list(tree.files(folder))) == 2
    with at_moment(2021, 4, 1, 0, 1):
        notice_watch.bring_to_the_day()
        assert [tree.read(path).decode() for path in tree.files(folder)] == ["办法照旧"]
        assert "分户表" not in page_of(item) and "分户金丝雀" not in everything()


def test_a_notice_without_second_text_says_that_it_is_over(office):
    item = notice(office, files=[("分户表.txt", "分户金丝雀".encode())], more={"at_end": "clear"})
    with at_moment(2021, 4, 1, 0, 1):
        notice_watch.bring_to_the_day()
        text = page_of(item)
        assert item.title in text and "公示期已满" in text
        assert "金丝雀" not in everything()


def test_a_text_may_stay_marked_as_over(office):
    item = notice(office, more={"at_end": "keep", "after": "", "after_summary": ""})
    with at_moment(2021, 4, 1, 0, 1):
        notice_watch.bring_to_the_day()
        assert "首文金丝雀" in page_of(item) and "公示期满" in page_of(item)


def test_the_reviewers_read_both_texts_and_the_day(office):
    with at_moment(2021, 3, 2, 9):
        item = drafted(office, **TEXT, more=MORE)
        revision = submitted(office, item)
        kind = subjects.kind_of("item")
        content = submission.content_of(revision.digest)
        shown = kind.preview(content, office.agency)
        assert "首文金丝雀" in shown and "期满金丝雀" in shown and notices.AFTER in shown
        assert "2021年3月31日（星期三）" in shown and "the second text" not in shown
        lines = "\n".join(kind.lines(content))
        assert "期满金丝雀" in lines and "期满摘要金丝雀" in lines
        places = {part.location: part.text for part in kind.parts(content)}
        assert "期满金丝雀" in places[notices.AFTER], "the second text is screened too"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ends": "2021-03-01"}, "more_ends"),
        ({"begins": "2021-02-01"}, "more_begins"),
        ({"begins": ""}, "more_begins"),
        ({"ends": "gestern"}, "more_ends"),
        ({"ends": "2023-03-01"}, "more_ends"),
        ({"posting": ""}, "more_posting"),
        ({"posting": "nonsense"}, "more_posting"),
        ({"at_end": ""}, "more_at_end"),
        ({"after": "<p> </p>"}, "more_after"),
        ({"after_summary": " "}, "more_after_summary"),
        ({"how": ""}, "more_how"),
        ({"contact": ""}, "more_contact"),
    ],
)
def test_what_is_missing_is_named_beside_its_field(office, more, field):
    with at_moment(2021, 3, 2, 9):
        item = drafted(office, **TEXT, more=MORE | more)
        draft = drafts.draft_of("item", item.pk)
        with pytest.raises(submission.Incomplete) as refusal:
            submission.submit(office.actor("handler"), draft, version=draft.version)
        assert field in [problem.field for problem in refusal.value.problems]


PLAN = MORE | {"posting": "compensation_plan", "at_end": "keep"}


def test_a_compensation_plan_is_open_for_thirty_days(office):
    """590号令第十条：征求意见期限不得少于30日, counted from the day after the first."""
    with at_moment(2021, 3, 2, 9):
        item = drafted(office, **TEXT | {"variety": "solicitation"}, more=PLAN | {"ends": "2021-03-31"})
        draft = drafts.draft_of("item", item.pk)
        with pytest.raises(submission.Incomplete) as refusal:
            submission.submit(office.actor("handler"), draft, version=draft.version)
        said = " ".join(str(problem.message) for problem in refusal.value.problems)
        assert "第十条" in said and "2021-04-01" in said
        drafts.save(
            office.actor("handler"), "item", item.pk, office.agency,
            draft.content | {"more": PLAN | {"ends": "2021-04-01"}}, version=draft.version,
        )  # fmt: skip
        assert submitted(office, item)


def test_a_term_is_not_cut_short_by_a_late_approval(office):
    with at_moment(2021, 3, 2, 9):
        item = drafted(office, **TEXT | {"variety": "solicitation"}, more=PLAN | {"ends": "2021-04-01"})
        revision = submitted(office, item)
        approve(office, revision, 1)
        approve(office, revision, 2)
    with at_moment(2021, 3, 5, 9), pytest.raises(Refused, match="第十条"):
        approve(office, revision, 3)
    item.refresh_from_db()
    assert item.live_id is None and not Period.objects.exists()


def test_a_draft_of_new_days_changes_nothing_before_its_release(office):
    """I10: the day that counts is that of the released text."""
    item = notice(office)
    with at_moment(2021, 3, 10, 9):
        draft = drafts.draft_of("item", item.pk)
        earlier = draft.content | {"more": draft.content["more"] | {"ends": "2021-03-11"}}
        drafts.save(office.actor("handler"), "item", item.pk, office.agency, earlier, version=draft.version)
        submitted(office, item)
    with at_moment(2021, 3, 20, 9):
        notice_watch.bring_to_the_day()
        assert "首文金丝雀" in page_of(item) and "期满金丝雀" not in everything()


def test_a_correction_with_a_later_day_moves_the_end(office):
    item = notice(office)
    with at_moment(2021, 3, 10, 9):
        draft = drafts.draft_of("item", item.pk)
        later = draft.content | {"more": draft.content["more"] | {"ends": "2021-04-10"}}
        drafts.save(office.actor("handler"), "item", item.pk, office.agency, later, version=draft.version)
        revision = submitted(office, item)
        for step in (1, 2, 3):
            approve(office, revision, step)
    with at_moment(2021, 4, 1, 9):
        notice_watch.bring_to_the_day()
        assert "首文金丝雀" in page_of(item) and "2021年4月10日" in page_of(item)
    with at_moment(2021, 4, 11, 0, 1):
        notice_watch.bring_to_the_day()
        assert "期满金丝雀" in page_of(item)


def test_a_withdrawn_notice_stays_withdrawn_at_midnight(office):
    item = notice(office)
    with at_moment(2021, 3, 10, 9):
        release = Release.objects.get(subject_id=item.pk)
        releases.withdraw(office.actor("reviewer"), release, reason="error")
    with at_moment(2021, 4, 1, 0, 1):
        notice_watch.bring_to_the_day()
        assert "金丝雀" not in everything() and not PeriodWatch.objects.exists()


def test_the_end_is_in_the_journal(office):
    item = notice(office)
    with at_moment(2021, 4, 1, 0, 1):
        notice_watch.bring_to_the_day()
    assert Entry.objects.filter(action="notice.ended", subject_id=str(item.pk)).count() == 1
