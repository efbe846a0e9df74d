"""Figures set by hand in the database: approved by the principal leader of that agency and by nobody who proposed it
(C15), whatever program writes the row.

Written in the SQL that SQLite and PostgreSQL share; journal/guards.py renders and installs them.
"""

from gongkai.journal.guards import Guard
from gongkai.review.guard_conditions import IN_FORCE, flat

_PROPOSED_BY = 'EXISTS (SELECT 1 FROM "reporting_manualfigure" f WHERE f.id = NEW.figure_id AND f.proposed_by_id = NEW.approver_id)'
_LEADER = f"""EXISTS (SELECT 1 FROM "agencies_appointment" p
 JOIN "reporting_manualfigure" f ON f.id = NEW.figure_id
 JOIN "reporting_annualreport" t ON t.id = f.report_id
 WHERE p.id = NEW.appointment_id AND p.person_id = NEW.approver_id AND p.agency_id = t.agency_id
 AND p.role = 'approver' AND {IN_FORCE})"""  # noqa: S608


def guards() -> list[Guard]:
    """The guards of what is decided on a figure set by hand."""
    decided = (
        ("C15: who proposed a figure does not approve it", f"NEW.approved AND {_PROPOSED_BY}"),
        ("C15: only the principal leader approves a figure", f"NEW.approved AND NOT {_LEADER}"),
        (
            "C15: only the leader rejects a figure, or who proposed it takes it back",
            f"NOT NEW.approved AND NOT {_LEADER} AND NOT {_PROPOSED_BY}",
        ),
    )
    reasoned = (("C15: a figure set by hand needs a reason", "length(trim(NEW.reason)) = 0"),)
    return [
        Guard("manual_figure_reason", "reporting_manualfigure", "INSERT", flat(reasoned)),
        Guard("manual_figure_decision", "reporting_manualdecision", "INSERT", flat(decided)),
    ]
