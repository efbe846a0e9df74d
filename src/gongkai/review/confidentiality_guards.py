"""The confidentiality review in the database: nothing public without its examination, nothing past an open referral.

Guards of its own records, and what it asks of the approvals and releases of guards.py. Which kinds of subject go to the
public the rooms have registered; guards are made when all of them have.
"""

from gongkai.journal.guards import Guard
from gongkai.review import subjects
from gongkai.review.guard_conditions import APPOINTED, APPROVED, APPROVED_DIGEST, ENDED, IN_FORCE, flat
from gongkai.rulebook.examination import LEVELS, Conclusion

_PASSES = "NEW.decision = 'passed' AND NEW.step >= 2 AND "
_SAME_CONTENT = """EXISTS (SELECT 1 FROM "review_revision" r
 WHERE r.id = NEW.revision_id AND r.digest = NEW.digest)"""
_RELEASED = 'EXISTS (SELECT 1 FROM "review_release" x WHERE x.revision_id = NEW.revision_id)'
_OPEN_REFERRAL = """EXISTS (SELECT 1 FROM "review_referral" f WHERE f.revision_id = NEW.revision_id
 AND NOT EXISTS (SELECT 1 FROM "review_referralanswer" a WHERE a.referral_id = f.id))"""
_DETERMINED_CLOSED = """EXISTS (SELECT 1 FROM "review_referral" f
 JOIN "review_referralanswer" a ON a.referral_id = f.id
 WHERE f.revision_id = NEW.revision_id AND a.outcome = 'withheld')"""
_NOT_AGREED = """EXISTS (SELECT 1 FROM "review_consultation" k WHERE k.revision_id = NEW.revision_id
 AND NOT EXISTS (SELECT 1 FROM "review_consultationanswer" a WHERE a.consultation_id = k.id AND a.consents)
 AND (NOT EXISTS (SELECT 1 FROM "review_consultationanswer" a WHERE a.consultation_id = k.id)
 OR NOT EXISTS (SELECT 1 FROM "review_consultation" l JOIN "review_consultationanswer" b ON b.consultation_id = l.id
 WHERE l.revision_id = k.revision_id AND l.consulted = k.consulted AND l.id > k.id AND b.consents)))"""
_LATEST = """NOT EXISTS (SELECT 1 FROM "review_examination" y
 WHERE y.revision_id = e.revision_id AND y.step = e.step AND y.id > e.id)"""
_IS_PUBLIC = """EXISTS (SELECT 1 FROM "review_revision" r
 WHERE r.id = NEW.revision_id AND r.subject_kind IN {public})"""
_EXAMINED = """EXISTS (SELECT 1 FROM "review_examination" e WHERE e.revision_id = NEW.revision_id
 AND e.step = NEW.step AND e.person_id = NEW.person_id AND e.digest = NEW.digest
 AND (e.step = 1 OR e.conclusion IN {discloses}) AND {latest})"""
# Nested and not joined: SQLite would begin a join with all approvals of the person, who approves more every year.
_EXAMINED_BEFORE = """EXISTS (SELECT 1 FROM "review_examination" e
 WHERE e.revision_id = {approved} AND e.step = 2 AND e.digest = {digest}
 AND EXISTS (SELECT 1 FROM "review_approval" b
 WHERE b.revision_id = e.revision_id AND b.step = 2 AND b.person_id = e.person_id)
 AND e.conclusion IN {discloses} AND {latest})"""
_TOO_LOW = """NEW.level NOT IN {determine} AND EXISTS (SELECT 1 FROM "review_referral" f
 WHERE f.id = NEW.referral_id AND f.question = 'secret')"""
# The role of the one who examines, as in guards.py that of the one who approves.
_ROLE = "CASE NEW.step WHEN 1 THEN 'handler' ELSE 'reviewer' END"


def _list(values: list[str]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


Conditions = tuple[tuple[str, str], ...]


def of_approval() -> Conditions:
    """What an approval may not be: unexamined, past an open referral, past an agency that has not agreed."""
    examined = _EXAMINED.format(discloses=_discloses(), latest=_LATEST)
    return (
        (
            "I1: not examined by this person for disclosure",
            f"NEW.decision = 'passed' AND NEW.step IN (1, 2) AND {_is_public()} AND NOT {examined}",
        ),
        ("I1: a referral is open", _PASSES + _OPEN_REFERRAL),
        ("I1: it was determined that this is not to be disclosed", _PASSES + _DETERMINED_CLOSED),
        ("I1: another agency has not agreed", _PASSES + _NOT_AGREED),
    )


def of_release() -> Conditions:
    """The same of a release: of what the three people approved, and of the revision itself."""
    examined = _EXAMINED_BEFORE.format(
        discloses=_discloses(), latest=_LATEST, approved=APPROVED, digest=APPROVED_DIGEST
    )
    return (
        ("I1: not examined for disclosure", f"{_is_public()} AND NOT {examined}"),
        ("I1: a referral is open", _of_both(_OPEN_REFERRAL)),
        ("I1: it was determined that this is not to be disclosed", _of_both(_DETERMINED_CLOSED)),
        ("I1: another agency has not agreed", _of_both(_NOT_AGREED)),
    )


def _of_both(condition: str) -> str:
    """A condition on NEW.revision_id, asked of the manifest too."""
    return condition.replace("= NEW.revision_id", "IN (NEW.revision_id, NEW.manifest_id)")


def _is_public() -> str:
    public = sorted(kind.kind for kind in subjects.kinds() if kind.public)
    return _IS_PUBLIC.format(public=_list(public))


def _discloses() -> str:
    return _list([each.value for each in Conclusion if each.discloses])


def guards() -> list[Guard]:
    """The guards of examinations, referrals and consultations."""
    determine = _list([each.code for each in LEVELS.values() if each.determines_secrets])
    content = (
        ("I1: it speaks of another content", f"NOT {_SAME_CONTENT}"),
        ("I1: the review has ended", f"{ENDED} OR {_RELEASED}"),
    )
    appointed = APPOINTED.format(revision="NEW.revision_id", role=_ROLE, in_force=IN_FORCE)
    examination = (
        *content,
        ("I1: the appointment does not cover this examination", f"NOT {appointed}"),
        (
            "I1: the step of this examination is taken already",
            'EXISTS (SELECT 1 FROM "review_approval" x WHERE x.revision_id = NEW.revision_id '
            "AND x.step = NEW.step)",
        ),
        (
            "I1: the reviewer examines after the handler",
            'NEW.step = 2 AND NOT EXISTS (SELECT 1 FROM "review_approval" x '
            "WHERE x.revision_id = NEW.revision_id AND x.step = 1 AND x.decision = 'passed')",
        ),
        (
            "I1: who wrote the text does not examine it",
            'NEW.step = 2 AND EXISTS (SELECT 1 FROM "review_revisioneditor" w '
            "WHERE w.revision_id = NEW.revision_id AND w.person_id = NEW.person_id)",
        ),
    )
    answer = (
        (
            "I1: only the national or a provincial secrecy administration determines what is a state secret",
            _TOO_LOW.format(determine=determine),
        ),
        (
            "I1: an answer does not come before its referral",
            'EXISTS (SELECT 1 FROM "review_referral" f WHERE f.id = NEW.referral_id '
            "AND f.sent_on > NEW.answered_on)",
        ),
    )
    return [
        Guard("examination", "review_examination", "INSERT", flat(examination)),
        Guard("referral", "review_referral", "INSERT", flat(content)),
        Guard("referral_answer", "review_referralanswer", "INSERT", flat(answer)),
        Guard("consultation", "review_consultation", "INSERT", flat(content)),
    ]
