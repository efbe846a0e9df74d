"""Import manifests in the database: what they name, and what they let through.

A release by a manifest takes its three approvals, and the examination, from the manifest's revision; in exchange the
manifest itself must hold the digest of the revision, which was screened clear and was never public here before.
"""

from gongkai.journal.guards import Guard
from gongkai.review.guard_conditions import flat

# The kind of subject that a manifest is; manifests.py registers it.
KIND = "manifest"

_FOR_A_MANIFEST = """EXISTS (SELECT 1 FROM "review_revision" r
 WHERE r.id = NEW.revision_id AND r.batch_id IS NOT NULL)"""
ITSELF = (
    "I1: it stands in a manifest and is approved with that, or is submitted anew",
    _FOR_A_MANIFEST,
)
# The canonical text has each digest in quotation marks; text that somebody typed has those escaped.
_IN_TEXT = """EXISTS (SELECT 1 FROM "review_revision" m JOIN "review_content" c ON c.digest = m.digest
 WHERE m.id = NEW.manifest_id AND REPLACE(c.text, '"digest":"' || NEW.digest || '"', '') <> c.text)"""
_SAME = """EXISTS (SELECT 1 FROM "review_revision" r JOIN "review_revision" m ON m.id = NEW.manifest_id
 WHERE r.id = NEW.revision_id AND r.digest = NEW.digest AND r.agency_id = m.agency_id
 AND m.subject_kind = '{kind}' AND m.subject_id = r.batch_id)"""
_NAMED = """EXISTS (SELECT 1 FROM "review_manifestentry" e
 WHERE e.manifest_id = NEW.manifest_id AND e.revision_id = NEW.revision_id AND e.digest = NEW.digest
 AND (e.address <> '' OR e.published_on IS NOT NULL))"""
_RELEASED = """EXISTS (SELECT 1 FROM "review_release" x WHERE x.revision_id = NEW.manifest_id
 AND NOT EXISTS (SELECT 1 FROM "review_withdrawal" w WHERE w.release_id = x.id))"""
_CLEAR = """EXISTS (SELECT 1 FROM "review_screening" s
 WHERE s.revision_id = NEW.revision_id AND s.digest = NEW.digest AND s.verdict = 'clear')
 AND NOT EXISTS (SELECT 1 FROM "review_screening" s JOIN "review_finding" f ON f.screening_id = s.id
 WHERE s.revision_id = NEW.revision_id)"""
_PUBLIC_BEFORE = """EXISTS (SELECT 1 FROM "review_revision" r
 JOIN "review_release" x ON x.subject_kind = r.subject_kind AND x.subject_id = r.subject_id
 WHERE r.id = NEW.revision_id)"""


def of_release() -> tuple[tuple[str, str], ...]:
    """What a release by a manifest may not be."""
    by = "NEW.manifest_id IS NOT NULL AND "
    return (
        (
            "I1: what was frozen for a manifest goes out by it",
            f"NEW.manifest_id IS NULL AND {_FOR_A_MANIFEST}",
        ),
        ("I1: it is of another manifest", f"{by}NOT {_SAME.format(kind=KIND)}"),
        ("I1: the manifest does not name it", f"{by}NOT ({_NAMED} AND {_IN_TEXT})"),
        ("I1: the manifest is not released, or withdrawn", f"{by}NOT {_RELEASED}"),
        ("I1: it was not screened clear", f"{by}NOT ({_CLEAR})"),
        ("I1: it was public here before", f"{by}{_PUBLIC_BEFORE}"),
    )


def guards() -> list[Guard]:
    """The guards of the lines of manifests."""
    entry = (
        ("I1: it is of another manifest", f"NOT {_SAME.format(kind=KIND)}"),
        ("I1: the manifest does not name it", f"NOT {_IN_TEXT}"),
        ("I1: it was not screened clear", f"NOT ({_CLEAR})"),
        ("I1: it was public here before", _PUBLIC_BEFORE),
        (
            "I1: the manifest is under approval or has ended",
            'EXISTS (SELECT 1 FROM "review_approval" x WHERE x.revision_id = NEW.manifest_id) '
            'OR EXISTS (SELECT 1 FROM "review_cancellation" x WHERE x.revision_id = NEW.manifest_id)',
        ),
    )
    return [Guard("manifest_entry", "review_manifestentry", "INSERT", flat(entry))]
