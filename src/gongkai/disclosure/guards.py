"""Lists, feeds and search read the cached columns of an item: none is shown as public but by its release (I1)."""

from gongkai.journal.guards import Guard

_RELEASED = """EXISTS (SELECT 1 FROM "review_release" l JOIN "review_revision" r ON r.id = l.revision_id
 WHERE l.id = NEW.live_id AND l.subject_kind = 'item' AND l.subject_id = NEW.id AND l.agency_id = NEW.agency_id
 AND r.title = NEW.title
 AND NOT EXISTS (SELECT 1 FROM "review_withdrawal" w WHERE w.release_id = l.id))"""
_IN_TIME = """EXISTS (SELECT 1 FROM "disclosure_period" p WHERE p.id = NEW.period_id AND p.item_id = NEW.item_id
 AND p.agency_id = NEW.agency_id AND p.begins <= NEW.received_on AND NEW.received_on <= p.ends)"""
_LATE = "an opinion belongs to the period in which it came"
_MESSAGE = "I1: an item is public only by its release, under the title that was approved"


def guards() -> list[Guard]:
    """A public row names a release of this very item that was not withdrawn, and bears its title."""
    unreleased = f"NEW.state = 'public' AND NOT {' '.join(_RELEASED.split())}"
    return [
        Guard("item_public_insert", "disclosure_item", "INSERT", ((_MESSAGE, unreleased),)),
        Guard("item_public_update", "disclosure_item", "UPDATE", ((_MESSAGE, unreleased),)),
        Guard(
            "opinion_in_time", "disclosure_opinion", "INSERT", ((_LATE, f"NOT {' '.join(_IN_TIME.split())}"),)
        ),
    ]
