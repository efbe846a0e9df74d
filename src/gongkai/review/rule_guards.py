"""What the database holds of the rules of screening and of what is screened again, whoever writes the row."""

from gongkai.journal.guards import Guard
from gongkai.review.guard_conditions import IN_FORCE, flat

_HOLDS = """EXISTS (SELECT 1 FROM "agencies_appointment" p WHERE p.person_id = NEW.person_id AND {which}
 AND {in_force})"""
_SECURITY = "p.role = 'security_admin'"
# A dictionary of the instance is the security administrator's, an agency's that of its head of disclosure.
_KEEPER = (
    """((d.agency_id IS NULL AND {security}) OR (p.role = 'disclosure_head' AND p.agency_id = d.agency_id))"""
)
_KEEPS = """EXISTS (SELECT 1 FROM "review_dictionary" d JOIN "agencies_appointment" p ON {keeper}
 WHERE d.id = NEW.dictionary_id AND p.person_id = NEW.person_id AND {in_force})"""
_REVIEWS = """EXISTS (SELECT 1 FROM "review_rescreening" r
 JOIN "agencies_appointment" p ON p.agency_id = r.agency_id
 WHERE r.id = NEW.rescreening_id AND p.id = NEW.appointment_id AND p.person_id = NEW.person_id
 AND p.role = 'reviewer' AND {in_force})"""
_NAMES_FIXED = """(CAST(NEW.{column} AS TEXT) LIKE '%classification_mark%'
 OR CAST(NEW.{column} AS TEXT) LIKE '%unreadable_part%')"""


def guards() -> list[Guard]:
    """The guards of policy, dictionaries, screenings afterwards and dismissals."""
    security = _HOLDS.format(which=_SECURITY, in_force=IN_FORCE)
    keeps_new = _HOLDS.format(
        which="((NEW.agency_id IS NULL AND p.role = 'security_admin') OR "
        "(p.role = 'disclosure_head' AND p.agency_id = NEW.agency_id))",
        in_force=IN_FORCE,
    )
    keeps = _KEEPS.format(keeper=_KEEPER.format(security=_SECURITY), in_force=IN_FORCE)
    reviews = _REVIEWS.format(in_force=IN_FORCE)
    policy = (
        ("screening: only the security administrator sets the policy", f"NOT {security}"),
        (
            "screening: what always blocks is named by no policy",
            f"{_NAMES_FIXED.format(column='severities')} OR {_NAMES_FIXED.format(column='columns')}",
        ),
        ("screening: a policy gives its reason", "TRIM(NEW.reason) = ''"),
    )
    rescreening = (
        (
            "screening: a screening afterwards is of what was released",
            'NOT EXISTS (SELECT 1 FROM "review_release" x WHERE x.id = NEW.release_id '
            "AND x.digest = NEW.digest AND x.agency_id = NEW.agency_id)",
        ),
    )
    dismissal = (
        ("screening: only the confidentiality reviewer of the agency dismisses", f"NOT {reviews}"),
        (
            "screening: a classification mark is never dismissed",
            'EXISTS (SELECT 1 FROM "review_newfinding" f WHERE f.rescreening_id = NEW.rescreening_id '
            "AND f.kind = 'classification_mark')",
        ),
        (
            "screening: who wrote the text does not dismiss what was found in it",
            'EXISTS (SELECT 1 FROM "review_rescreening" r JOIN "review_release" x ON x.id = r.release_id '
            'JOIN "review_revisioneditor" w ON w.revision_id = x.revision_id '
            "WHERE r.id = NEW.rescreening_id AND w.person_id = NEW.person_id)",
        ),
        ("screening: a dismissal gives its ground", "TRIM(NEW.ground) = ''"),
    )
    return [
        Guard("screening_policy", "review_screeningpolicy", "INSERT", flat(policy)),
        Guard(
            "dictionary",
            "review_dictionary",
            "INSERT",
            flat((("screening: another keeps this dictionary", f"NOT {keeps_new}"),)),
        ),
        Guard(
            "dictionary_version",
            "review_dictionaryversion",
            "INSERT",
            flat((("screening: another keeps this dictionary", f"NOT {keeps}"),)),
        ),
        Guard("rescreening", "review_rescreening", "INSERT", flat(rescreening)),
        Guard("dismissal", "review_dismissal", "INSERT", flat(dismissal)),
    ]
