"""I1 where two items go out in one act: nothing goes with the other that its own three people did not approve."""

from gongkai.disclosure import joint_releases
from gongkai.review.models import Release, ReviewState
from tests.items import approve, submitted
from tests.policies import PLANNED, explained, passed, policy


def test_a_cache_that_says_held_goes_out_with_nothing_and_holds_up_nobody(office, at):
    """UPDATE of the cache: the interpretation pretends to be approved and waiting."""
    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        told = explained(office, item)
        passed(office, told, 1)
        ReviewState.objects.filter(subject_id=told.pk).update(state="held")
        revision = passed(office, item)
        assert revision.state.state == "held"
        assert joint_releases.release_freed() == 0
        assert not Release.objects.exists()


def test_a_forged_held_row_does_not_stop_the_release_of_others(office, at):
    with at(2021, 3, 2):
        forged = policy(office, document_number="西城改〔2021〕7号", title="未经批准的文件")
        passed(office, forged, 1)
        ReviewState.objects.filter(subject_id=forged.pk).update(state="held")
        item = policy(office, PLANNED)
        explained(office, item)
        passed(office, item)
        office.agency.options = {"interpretation_together": False}
        office.agency.save()
        assert joint_releases.release_freed() == 1
    assert [row.subject_id for row in Release.objects.all()] == [item.pk]


def test_what_is_returned_or_taken_back_does_not_go_with_the_other(office, at):
    from gongkai.review import submission

    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        told = explained(office, item)
        waits = passed(office, item)
        submission.recall(office.actor("handler"), waits)
        last = submitted(office, told)
        for step in (1, 2, 3):
            approve(office, last, step)
        assert not Release.objects.exists()
        passed(office, item)
    assert Release.objects.count() == 2
