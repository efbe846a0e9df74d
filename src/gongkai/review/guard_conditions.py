"""Conditions that several guards of this room share, in the SQL that SQLite and PostgreSQL share."""

# That an appointment p held on the day of the row: confirmed, begun, not run out, not ended.
IN_FORCE = """p.starts_on <= NEW.on_day AND (p.ends_on IS NULL OR p.ends_on >= NEW.on_day)
 AND EXISTS (SELECT 1 FROM "agencies_appointmentconfirmation" c WHERE c.appointment_id = p.id)
 AND EXISTS (SELECT 1 FROM "agencies_person" u WHERE u.id = p.person_id AND u.is_active)
 AND NOT EXISTS (SELECT 1 FROM "agencies_appointmentend" e
 WHERE e.appointment_id = p.id AND e.ended_on <= NEW.on_day)"""
APPOINTED = """EXISTS (SELECT 1 FROM "agencies_appointment" p
 JOIN "review_revision" r ON r.id = {revision}
 WHERE p.id = NEW.appointment_id AND p.person_id = NEW.person_id AND p.agency_id = r.agency_id
 AND p.role = {role} AND {in_force})"""
ENDED = """(EXISTS (SELECT 1 FROM "review_cancellation" x WHERE x.revision_id = NEW.revision_id)
 OR EXISTS (SELECT 1 FROM "review_approval" x WHERE x.revision_id = NEW.revision_id AND x.decision = 'returned'))"""

# What the three people approved of a release: the revision itself, or the manifest that names it.
APPROVED = "COALESCE(NEW.manifest_id, NEW.revision_id)"
APPROVED_DIGEST = f'(SELECT q.digest FROM "review_revision" q WHERE q.id = {APPROVED})'  # noqa: S608


def one_line(sql: str) -> str:
    """The expression without line breaks."""
    return " ".join(sql.split())


def flat(conditions: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The conditions of a guard, each expression in one line."""
    return tuple((message, one_line(expression)) for message, expression in conditions)
