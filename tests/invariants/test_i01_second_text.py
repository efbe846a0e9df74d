"""I1: the second text of a notice and what goes with the first are what three people approved, or nothing is shown."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from gongkai.channels import site, tree
from gongkai.disclosure import notice_watch
from gongkai.disclosure.models import Period, PeriodWatch
from gongkai.files.models import Attachment
from gongkai.review import evidence
from gongkai.review.models import Content, Release, Revision
from tests.disclosure.test_notices import at_moment, found, notice, office  # noqa: F401
from tests.invariants.attacks import sql, unguarded
from tests.items import approve, submitted

FORGED = "伪造金丝雀"


def folder(item):
    return f"items/{item.index_number.replace('/', '-')}"


def shown(item):
    return "".join((tree.read(path) or b"").decode(errors="ignore") for path in tree.files(folder(item)))


def turn():
    with at_moment(2021, 4, 1, 0, 0, 10):
        notice_watch.bring_to_the_day()
        site.verify(mend=True)


def forge(item):
    digest = item.live.digest
    text = Content.objects.get(pk=digest).text
    assert "期满金丝雀" in text
    sql(
        "UPDATE review_content SET text = %s WHERE digest = %s",
        text.replace("期满金丝雀", FORGED),
        digest,
    )


def test_the_database_takes_no_other_second_text(office):  # noqa: F811
    item = notice(office)
    with pytest.raises(DatabaseError), transaction.atomic():
        forge(item)
    turn()
    assert "期满金丝雀" in shown(item) and FORGED not in shown(item)


def test_a_second_text_that_was_changed_past_the_guards_is_shown_nowhere(office):  # noqa: F811
    item = notice(office)
    with at_moment(2021, 3, 10, 9):
        with unguarded():
            forge(item)
        assert [fault for fault in evidence.faults() if item.live.digest in str(fault)]
    turn()
    with at_moment(2021, 4, 1, 9):
        everything = "\n".join((tree.read(path) or b"").decode(errors="ignore") for path in tree.files())
        assert FORGED not in everything and "首文金丝雀" not in everything
        assert not found(FORGED)


def test_other_days_of_a_notice_bring_nothing_forward(office):  # noqa: F811
    """The rows of the period and the watch are no truth: the frozen content and the clock are."""
    item = notice(office)
    with at_moment(2021, 3, 10, 9):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql("UPDATE disclosure_period SET ends = '2021-03-09'")
        with unguarded():
            sql("UPDATE disclosure_period SET ends = '2021-03-09'")
            sql("UPDATE disclosure_periodwatch SET \"on\" = '2021-03-01'")
        notice_watch.bring_to_the_day()
        assert "首文金丝雀" in shown(item) and "期满金丝雀" not in shown(item)
    assert Period.objects.get().ends == date(2021, 3, 9)


def test_a_watch_that_was_taken_away_keeps_nobody_from_the_second_text(office):  # noqa: F811
    item = notice(office)
    PeriodWatch.objects.all().delete()
    turn()
    assert "期满金丝雀" in shown(item) and "首文金丝雀" not in shown(item)


def test_an_attachment_marked_to_go_goes_and_no_other(office):  # noqa: F811
    item = notice(office, files=[("名单.txt", b"a"), ("说明.txt", b"b")], dropped=["名单.txt"])
    names = [row.name for row in Attachment.objects.filter(owner_id=item.pk)]
    assert sorted(names) == ["名单.txt", "说明.txt"]
    with at_moment(2021, 3, 10, 9), pytest.raises(DatabaseError), transaction.atomic():
        # What goes is part of the frozen content.
        sql("UPDATE review_content SET text = replace(text, 'drops', 'dropt')")
    turn()
    left = list(tree.files(f"{folder(item)}/files"))
    assert len(left) == 1 and left[0].endswith("说明.txt")


def test_a_second_text_in_review_replaces_nothing_at_midnight(office):  # noqa: F811
    """A successor with another second text that two of three approved: the one that three approved is shown."""
    from gongkai.disclosure import content as contents
    from gongkai.disclosure import items
    from gongkai.review import drafts

    item = notice(office)
    with at_moment(2021, 3, 20, 9):
        draft = drafts.draft_of(contents.KIND, item.pk)
        more = draft.content["more"] | {"after": f"<p>{FORGED}</p>"}
        items.save(office.actor("handler"), item, draft.content | {"more": more}, version=draft.version)
        revision = submitted(office, item)
        for step in (1, 2):
            approve(office, revision, step)
    turn()
    assert FORGED not in shown(item) and "期满金丝雀" in shown(item)
    assert Release.objects.count() == 1 and Revision.objects.count() == 2
