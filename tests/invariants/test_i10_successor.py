"""I10: published text stays up, unchanged, while its successor is being reviewed."""

from django.conf import settings

from gongkai.review import approvals, submission
from tests.invariants.attacks import amended
from tests.items import approve, released


def test_what_is_public_stays_byte_for_byte_while_its_successor_is_reviewed(committed):
    """Every file of the site before, during and after the review of an amendment."""
    office = committed
    item = released(office)
    site = settings.INSTANCE.home / "site"

    def public():
        return {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}

    before, live = public(), item.live
    second = amended(office, item)
    for step in (1, 2):
        approve(office, second, step)
        assert public() == before
    approvals.return_(office.actor("approver"), second, step=3, opinion="再改")
    third = amended(office, item, title="再次更正")
    submission.recall(office.actor("handler"), third)
    item.refresh_from_db()
    assert public() == before and item.live == live and item.title == live.revision.title
    assert submission.live_release("item", item.pk) == live
