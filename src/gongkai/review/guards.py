"""I1 in the database: no release without its approvals, no approval without its appointment.

Written in the SQL that SQLite and PostgreSQL share; journal/guards.py renders and installs them.
"""

from gongkai.journal.guards import Guard
from gongkai.review import confidentiality_guards, manifest_guards
from gongkai.review.guard_conditions import (
    APPOINTED,
    APPROVED,
    APPROVED_DIGEST,
    ENDED,
    IN_FORCE,
    flat,
)

_ROLE = "CASE NEW.step WHEN 1 THEN 'handler' WHEN 2 THEN 'reviewer' ELSE 'approver' END"
_OPEN_BLOCKS = """EXISTS (SELECT 1 FROM "review_finding" f
 JOIN "review_screening" s ON s.id = f.screening_id
 WHERE s.revision_id = NEW.revision_id AND f.severity = 'block'
 AND NOT EXISTS (SELECT 1 FROM "review_resolution" o WHERE o.finding_id = f.id){more})"""
_SCREENED = """EXISTS (SELECT 1 FROM "review_screening" s
 WHERE s.revision_id = NEW.revision_id AND s.digest = NEW.digest)"""
_SAME_DIGEST = """EXISTS (SELECT 1 FROM "review_revision" r
 WHERE r.id = NEW.revision_id AND r.digest = NEW.digest{more})"""
_THREE = """EXISTS (SELECT 1 FROM "review_approval" a
 JOIN "review_approval" b ON b.revision_id = a.revision_id AND b.step = 2
 JOIN "review_approval" c ON c.revision_id = a.revision_id AND c.step = 3
 JOIN "agencies_appointment" pa ON pa.id = a.appointment_id
 JOIN "agencies_appointment" pb ON pb.id = b.appointment_id
 JOIN "agencies_appointment" pc ON pc.id = c.appointment_id
 WHERE a.revision_id = {approved} AND a.step = 1
 AND a.decision = 'passed' AND b.decision = 'passed' AND c.decision = 'passed'
 AND a.digest = {digest} AND b.digest = {digest} AND c.digest = {digest}
 AND a.person_id <> b.person_id AND b.person_id <> c.person_id AND a.person_id <> c.person_id
 AND a.id < b.id AND b.id < c.id AND a.at <= b.at AND b.at <= c.at AND c.at <= NEW.released_at
 AND pa.agency_id = NEW.agency_id AND pb.agency_id = NEW.agency_id AND pc.agency_id = NEW.agency_id
 AND pa.role = 'handler' AND pb.role = 'reviewer' AND pc.role = 'approver'
 AND pa.person_id = a.person_id AND pb.person_id = b.person_id AND pc.person_id = c.person_id
 AND (c.release_at IS NULL OR c.release_at <= NEW.released_at))"""
_WROTE = """EXISTS (SELECT 1 FROM "review_revisioneditor" w
 WHERE w.revision_id = NEW.revision_id AND w.person_id = {person})"""
_WROTE_AND_APPROVED = """EXISTS (SELECT 1 FROM "review_approval" x JOIN "review_revisioneditor" w
 ON w.revision_id IN (x.revision_id, NEW.revision_id) AND w.person_id = x.person_id
 WHERE x.revision_id = {approved} AND x.step > 1)"""
_LATER = """EXISTS (SELECT 1 FROM "review_revision" r
 JOIN "review_revision" y ON y.subject_kind = r.subject_kind AND y.subject_id = r.subject_id AND y.number > r.number
 WHERE r.id = NEW.revision_id)"""
_PUBLIC_NOW = """EXISTS (SELECT 1 FROM "review_release" x WHERE x.digest = NEW.digest
 AND NOT EXISTS (SELECT 1 FROM "review_withdrawal" w WHERE w.release_id = x.id)
 AND NOT EXISTS (SELECT 1 FROM "review_release" y
 WHERE y.subject_kind = x.subject_kind AND y.subject_id = x.subject_id AND y.id > x.id))"""
_MAY_ERASE = """EXISTS (SELECT 1 FROM "agencies_appointment" p WHERE p.person_id = NEW.{column} AND p.role = '{role}'
 AND {in_force}{more})"""
_IS_MARK = """EXISTS (SELECT 1 FROM "review_finding" f
 WHERE f.id = NEW.finding_id AND f.kind = 'classification_mark')"""
# Only who may determine it takes a mark away, and only of this very content (条例第十七条, 保密法第二十五条).
_DETERMINED = """EXISTS (SELECT 1 FROM "review_finding" m
 JOIN "review_screening" s ON s.id = m.screening_id
 JOIN "review_referral" q ON q.revision_id = s.revision_id AND q.digest = s.digest AND q.question = 'secret'
 JOIN "review_referralanswer" a ON a.referral_id = q.id AND a.outcome IN ('open', 'partial')
 WHERE m.id = NEW.finding_id)"""


def guards() -> list[Guard]:
    """The guards of this room."""
    appointed = APPOINTED.format(revision="NEW.revision_id", role=_ROLE, in_force=IN_FORCE)
    same = " AND r.agency_id = NEW.agency_id AND r.subject_kind = NEW.subject_kind AND r.subject_id = NEW.subject_id"
    resolving = APPOINTED.format(
        revision="(SELECT s.revision_id FROM review_finding f JOIN review_screening s ON s.id = f.screening_id "
        "WHERE f.id = NEW.finding_id)",
        role="'reviewer'",
        in_force=IN_FORCE,
    )
    undisputed = ' AND NOT EXISTS (SELECT 1 FROM "review_dispute" d WHERE d.finding_id = f.id)'
    approval = (
        ("I1: the appointment does not cover this step", f"NOT {appointed}"),
        ("I1: an approval of another content", f"NOT {_SAME_DIGEST.format(more='')}"),
        ("I1: not screened", f"NOT {_SCREENED}"),
        ("I1: the review has ended", ENDED),
        (
            "I1: released already",
            'EXISTS (SELECT 1 FROM "review_release" x WHERE x.revision_id = NEW.revision_id)',
        ),
        (
            "I1: the step before is missing",
            'NEW.step > 1 AND NOT EXISTS (SELECT 1 FROM "review_approval" x WHERE x.revision_id = NEW.revision_id '
            "AND x.step = NEW.step - 1 AND x.decision = 'passed')",
        ),
        (
            "I1: one person takes one step",
            'EXISTS (SELECT 1 FROM "review_approval" x WHERE x.revision_id = NEW.revision_id '
            "AND x.person_id = NEW.person_id)",
        ),
        (
            "I1: who wrote the text does not re-check or approve it",
            f"NEW.step > 1 AND {_WROTE.format(person='NEW.person_id')}",
        ),
        (
            "I1: blocking findings are open",
            f"NEW.decision = 'passed' AND NEW.step > 1 AND {_OPEN_BLOCKS.format(more='')}",
        ),
        (
            "I1: blocking findings are neither removed nor disputed",
            f"NEW.decision = 'passed' AND NEW.step = 1 AND {_OPEN_BLOCKS.format(more=undisputed)}",
        ),
        manifest_guards.ITSELF,
    )
    release = (
        ("I1: a release of another content", f"NOT {_SAME_DIGEST.format(more=same)}"),
        (
            "I1: three approvals in order by three people are missing",
            f"NOT {_THREE.format(approved=APPROVED, digest=APPROVED_DIGEST)}",
        ),
        ("I1: not screened", f"NOT {_SCREENED}"),
        ("I1: blocking findings are open", _OPEN_BLOCKS.format(more="")),
        ("I1: the review has ended", ENDED),
        (
            "I1: who wrote the text approved it",
            _WROTE_AND_APPROVED.format(approved=APPROVED),
        ),
        (
            "I1: nobody is named as writer of the text",
            'NOT EXISTS (SELECT 1 FROM "review_revisioneditor" x WHERE x.revision_id = NEW.revision_id)',
        ),
        ("I1: a later revision exists", _LATER),
        (
            "I1: the content is not stored",
            'NOT EXISTS (SELECT 1 FROM "review_content" x WHERE x.digest = NEW.digest)',
        ),
    )
    resolution = (
        (
            "I1: a classification mark is never resolved by a ground",
            f"{_IS_MARK} AND NOT {_DETERMINED}",
        ),
        ("I1: only the confidentiality reviewer resolves", f"NOT {resolving}"),
        (
            "I1: who wrote the text does not resolve its findings",
            'EXISTS (SELECT 1 FROM "review_finding" f JOIN "review_screening" s ON s.id = f.screening_id '
            'JOIN "review_revisioneditor" w ON w.revision_id = s.revision_id '
            "WHERE f.id = NEW.finding_id AND w.person_id = NEW.person_id)",
        ),
    )
    asked = _MAY_ERASE.format(
        column="asked_by_id",
        role="reviewer",
        in_force=IN_FORCE,
        more=' AND p.agency_id IN (SELECT r.agency_id FROM "review_revision" r WHERE r.digest = NEW.digest)',
    )
    erases = _MAY_ERASE.format(column="erased_by_id", role="security_admin", in_force=IN_FORCE, more="")
    erasure = (
        ("I1: the confidentiality reviewer of the agency asks for an erasure", f"NOT {asked}"),
        ("I1: the security administrator erases", f"NOT {erases}"),
        ("I1: what is public is withdrawn before it is erased", _PUBLIC_NOW),
    )
    erased = 'EXISTS (SELECT 1 FROM "review_erasure" x WHERE x.digest = OLD.digest)'
    return [
        Guard(
            "approval",
            "review_approval",
            "INSERT",
            flat(approval + confidentiality_guards.of_approval()),
        ),
        Guard(
            "release",
            "review_release",
            "INSERT",
            flat(release + manifest_guards.of_release() + confidentiality_guards.of_release()),
        ),
        Guard("resolution", "review_resolution", "INSERT", flat(resolution)),
        Guard("erasure", "review_erasure", "INSERT", flat(erasure)),
        Guard("content_no_update", "review_content", "UPDATE", (("review_content: never changed", "TRUE"),)),
        Guard(
            "content_no_truncate",
            "review_content",
            "TRUNCATE",
            (("review_content: deleted only after an erasure", "TRUE"),),
        ),
        Guard(
            "content_no_delete",
            "review_content",
            "DELETE",
            (("review_content: deleted only after an erasure", f"NOT {erased}"),),
        ),
        Guard(
            "content_no_replace",
            "review_content",
            "INSERT",
            (
                (
                    "UNIQUE constraint failed: review_content: never replaced",
                    'EXISTS (SELECT 1 FROM "review_content" x WHERE x.digest = NEW.digest)',
                ),
                (
                    "review_content: erased content does not come back",
                    'EXISTS (SELECT 1 FROM "review_erasure" x WHERE x.digest = NEW.digest)',
                ),
            ),
            keeps_rows=True,
        ),
    ]
