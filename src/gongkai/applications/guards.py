"""What was sent stays as it is, in the database too: a letter, what went out with it, and that it was released.

Written in the SQL that SQLite and PostgreSQL share; journal/guards.py renders and installs them.
"""

from gongkai.journal.guards import Guard

_DISPATCHED = 'EXISTS (SELECT 1 FROM "applications_dispatch" d WHERE d.letter_id = NEW.id)'
_FIXED = ("number", "dated", "release_id", "kind", "act", "decision_id", "application_id")
_CHANGED = " OR ".join(
    f"NEW.{name} <> OLD.{name} OR (NEW.{name} IS NULL) <> (OLD.{name} IS NULL)" for name in _FIXED
)
_RELEASED = """EXISTS (SELECT 1 FROM "applications_letter" l WHERE l.id = NEW.letter_id
 AND l.release_id IS NOT NULL AND l.dated <= NEW."on" AND NOT l.dropped)"""
_STAMPED_OF = """EXISTS (SELECT 1 FROM "applications_letter" l WHERE l.id = NEW.letter_id
 AND l.agency_id = NEW.agency_id AND l.release_id IS NOT NULL AND NOT l.dropped)"""
_GONE_OUT = 'EXISTS (SELECT 1 FROM "applications_dispatch" d WHERE d.letter_id = NEW.letter_id)'
# An erased file, and what an approved list of destruction took with its case, no longer hold their papers.
_OF_RELEASED = """OLD.owner_kind = 'letter' AND EXISTS (SELECT 1 FROM "applications_letter" l
 JOIN "applications_application" c ON c.id = l.application_id
 WHERE l.id = OLD.owner_id AND l.release_id IS NOT NULL
 AND NOT EXISTS (SELECT 1 FROM "files_erasedfile" e WHERE e.file_id = OLD.file_id)
 AND NOT EXISTS (SELECT 1 FROM "files_destroyedkey" k
 WHERE k.key = REPLACE(CAST(c.case_key AS text), '-', '')))"""
# Papers that a released letter has once each; what comes back to the office (a signed receipt) is filed freely.
_SECOND = """NEW.owner_kind = 'letter' AND NEW.purpose IN ('pdf', 'docx', 'sheet')
 AND EXISTS (SELECT 1 FROM "files_attachment" a WHERE a.owner_kind = 'letter'
 AND a.owner_id = NEW.owner_id AND a.purpose = NEW.purpose)"""


def guards() -> list[Guard]:
    """The guards of this room."""
    letter = (
        ("applications_letter: what was sent never changes", "OLD.sent_on IS NOT NULL"),
        (
            "applications_letter: what was released keeps its number and text",
            f"OLD.release_id IS NOT NULL AND ({_CHANGED})",
        ),
        ("applications_letter: sent without its dispatch", f"NEW.sent_on IS NOT NULL AND NOT {_DISPATCHED}"),
        ("applications_letter: a letter given up stays given up", "OLD.dropped AND NOT NEW.dropped"),
    )
    kept = (("files_attachment: the papers of a released letter stay", _line(_OF_RELEASED)),)
    return [
        Guard("letter_update", "applications_letter", "UPDATE", letter),
        Guard(
            "letter_delete",
            "applications_letter",
            "DELETE",
            (("applications_letter: a letter with a number is never deleted", "OLD.number <> ''"),),
        ),
        Guard(
            "dispatch_released",
            "applications_dispatch",
            "INSERT",
            (
                (
                    "applications_dispatch: three people have not released this letter",
                    f"NOT {_line(_RELEASED)}",
                ),
            ),
        ),
        Guard(
            "seal_use_released",
            "applications_sealuse",
            "INSERT",
            (
                (
                    "applications_sealuse: three people have not released this letter",
                    f"NOT {_line(_STAMPED_OF)}",
                ),
                ("applications_sealuse: the letter went out already", _GONE_OUT),
                (
                    "applications_sealuse: who approved does not stamp",
                    "NEW.approved_by_id = NEW.sealed_by_id",
                ),
            ),
        ),
        Guard("letter_paper_update", "files_attachment", "UPDATE", kept),
        Guard("letter_paper_delete", "files_attachment", "DELETE", kept),
        Guard(
            "letter_paper_once",
            "files_attachment",
            "INSERT",
            (("files_attachment: a released letter has each of its papers once", _line(_SECOND)),),
        ),
    ]


def _line(sql: str) -> str:
    return " ".join(sql.split())
