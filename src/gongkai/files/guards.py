"""I7 in the database: no key goes but by a list of destruction that two leaders approved and a witness saw.

Written in the SQL that SQLite and PostgreSQL share; journal/guards.py renders and installs them.
"""

from gongkai.journal.guards import Guard

_LIST = 'EXISTS (SELECT 1 FROM "files_destructionlist" l WHERE l.id = NEW.list_id AND {more})'
# That the appointment p held on the day of the row: confirmed, begun, not run out, not ended.
_APPOINTED = """EXISTS (SELECT 1 FROM "agencies_appointment" p
 JOIN "files_destructionlist" l ON l.id = NEW.list_id
 WHERE p.id = NEW.appointment_id AND p.person_id = NEW.person_id AND p.agency_id = l.agency_id
 AND p.role = CASE NEW.step WHEN 'review' THEN 'reviewer' ELSE 'approver' END
 AND p.starts_on <= NEW.on_day AND (p.ends_on IS NULL OR p.ends_on >= NEW.on_day)
 AND EXISTS (SELECT 1 FROM "agencies_appointmentconfirmation" c WHERE c.appointment_id = p.id)
 AND NOT EXISTS (SELECT 1 FROM "agencies_appointmentend" e
 WHERE e.appointment_id = p.id AND e.ended_on <= NEW.on_day))"""
_STEP = """EXISTS (SELECT 1 FROM "files_destructionstep" s WHERE s.list_id = NEW.list_id
 AND s.step = '{step}' AND s.agreed AND s.digest = NEW.digest)"""
_ENDED = """(EXISTS (SELECT 1 FROM "files_destructionstep" s WHERE s.list_id = NEW.list_id AND NOT s.agreed)
 OR EXISTS (SELECT 1 FROM "files_destruction" d WHERE d.list_id = NEW.list_id))"""
_TWO_LEADERS = """EXISTS (SELECT 1 FROM "files_destructionstep" a
 JOIN "files_destructionstep" b ON b.list_id = a.list_id AND b.step = 'approve' AND b.person_id <> a.person_id
 WHERE a.list_id = NEW.list_id AND a.step = 'review')"""
_SELF_WITNESSED = """EXISTS (SELECT 1 FROM "files_destructionstep" s WHERE s.list_id = NEW.list_id
 AND s.step = 'witness' AND s.person_id = NEW.person_id)"""
_NAMED = """EXISTS (SELECT 1 FROM "files_destruction" d JOIN "files_destructionlist" l ON l.id = d.list_id
 WHERE d.id = NEW.destruction_id AND l.content LIKE '%"' || NEW.key || '"%')"""
_OLD = """EXISTS (SELECT 1 FROM "files_destroyedkey" k
 WHERE k.key = REPLACE(CAST({row}.id AS text), '-', ''))"""


def guards() -> list[Guard]:
    """The guards of this room."""
    same = _LIST.format(more="l.digest = NEW.digest")
    made = _LIST.format(more="l.made_by_id = NEW.person_id")
    witness = _LIST.format(more="l.witness_id = NEW.person_id")
    step = (
        ("I7: a word on another list", f"NOT {same}"),
        ("I7: the list has ended", _ENDED),
        (
            "I7: the appointment does not cover this step",
            f"NEW.step IN ('review', 'approve') AND NOT {_APPOINTED}",
        ),
        ("I7: who made the list does not approve it", f"NEW.step IN ('review', 'approve') AND {made}"),
        ("I7: another witness", f"NEW.step = 'witness' AND NOT {witness}"),
        ("I7: the review is missing", f"NEW.step = 'approve' AND NOT {_STEP.format(step='review')}"),
        ("I7: the approval is missing", f"NEW.step = 'witness' AND NOT {_STEP.format(step='approve')}"),
    )
    destruction = (
        ("I7: another list", f"NOT {same}"),
        ("I7: the list has ended", _ENDED),
        *(
            (f"I7: {name} is missing", f"NOT {_STEP.format(step=name)}")
            for name in ("review", "approve", "witness")
        ),
        ("I7: two different leaders approve", f"NOT {_TWO_LEADERS}"),
        ("I7: nobody witnesses what they destroy", _SELF_WITNESSED),
    )
    never = (("files_casekey: keys are never changed", "TRUE"),)
    return [
        Guard("destruction_step", "files_destructionstep", "INSERT", _flat(step)),
        Guard("destruction", "files_destruction", "INSERT", _flat(destruction)),
        Guard(
            "destroyed_key",
            "files_destroyedkey",
            "INSERT",
            _flat((("I7: the list does not name this key", f"NOT {_NAMED}"),)),
        ),
        Guard("case_key_no_update", "files_casekey", "UPDATE", never),
        Guard("case_key_no_truncate", "files_casekey", "TRUNCATE", never),
        Guard(
            "case_key_no_delete",
            "files_casekey",
            "DELETE",
            _flat(
                (("I7: a key goes only by an approved list of destruction", f"NOT {_OLD.format(row='OLD')}"),)
            ),
        ),
        Guard(
            "case_key_no_replace",
            "files_casekey",
            "INSERT",
            _flat(
                (
                    (
                        "UNIQUE constraint failed: files_casekey: a key is never replaced",
                        'EXISTS (SELECT 1 FROM "files_casekey" x WHERE x.id = NEW.id)',
                    ),
                    ("I7: a destroyed key does not come back", _OLD.format(row="NEW")),
                )
            ),
            keeps_rows=True,
        ),
    ]


def _flat(conditions: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((message, " ".join(expression.split())) for message, expression in conditions)
