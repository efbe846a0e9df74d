"""Filing in the database: where a superior collects, a report goes out by its acceptance, or on the last day of
art. 49 by the word of the leader, and by nothing else (I1).

Written in the SQL that SQLite and PostgreSQL share; journal/guards.py renders and installs them.
"""

from gongkai.journal.guards import Guard
from gongkai.review.guard_conditions import APPOINTED, ENDED, IN_FORCE, flat

# That agency s stands above agency a.
_ABOVE = "s.id <> a.id AND substr(a.path, 1, length(s.path)) = s.path"
_COLLECTING = """EXISTS (SELECT 1 FROM "reporting_collectionrule" c
 JOIN "agencies_agency" s ON s.id = c.agency_id
 JOIN "reporting_annualreport" p ON p.id = NEW.subject_id
 JOIN "agencies_agency" a ON a.id = p.agency_id
 WHERE c.collects AND p.year >= c.first_year AND {above}
 AND NOT EXISTS (SELECT 1 FROM "reporting_collectionrule" l WHERE l.agency_id = c.agency_id AND l.id > c.id))"""
_FILED = 'EXISTS (SELECT 1 FROM "reporting_filing" f WHERE f.revision_id = NEW.revision_id)'
_ACCEPTED = """EXISTS (SELECT 1 FROM "reporting_filing" f JOIN "reporting_filingdecision" d ON d.filing_id = f.id
 WHERE f.revision_id = NEW.revision_id AND f.digest = NEW.digest AND d.digest = NEW.digest
 AND d.decision = 'accepted' AND d.at <= NEW.released_at)"""
_UNAWAITED = """EXISTS (SELECT 1 FROM "reporting_filing" f JOIN "reporting_filingunawaited" u ON u.filing_id = f.id
 WHERE f.revision_id = NEW.revision_id AND f.digest = NEW.digest AND u.digest = NEW.digest
 AND u.at <= NEW.released_at)"""
_RETURNED = """EXISTS (SELECT 1 FROM "reporting_filing" f JOIN "reporting_filingdecision" d ON d.filing_id = f.id
 WHERE f.revision_id = NEW.revision_id AND d.decision = 'returned')"""
_SAME_FILING = (
    'EXISTS (SELECT 1 FROM "reporting_filing" f WHERE f.id = NEW.filing_id AND f.digest = NEW.digest)'
)
_REVISION = '(SELECT f.revision_id FROM "reporting_filing" f WHERE f.id = NEW.filing_id)'
_RELEASED = 'EXISTS (SELECT 1 FROM "review_release" x WHERE x.revision_id = NEW.revision_id)'
_OVER = f"({ENDED} OR {_RELEASED})".replace("NEW.revision_id", _REVISION)
_DECIDED = 'EXISTS (SELECT 1 FROM "reporting_filingdecision" d WHERE d.filing_id = NEW.filing_id)'
_GONE_AHEAD = 'EXISTS (SELECT 1 FROM "reporting_filingunawaited" u WHERE u.filing_id = NEW.filing_id)'
_EARLIER = 'EXISTS (SELECT 1 FROM "reporting_filing" f WHERE f.id = NEW.filing_id AND f.at > NEW.at)'
# The supervisor's appointment: to an agency above the one that reports, and not below the one that collects.
_SUPERVISES = """EXISTS (SELECT 1 FROM "agencies_appointment" p
 JOIN "agencies_agency" s ON s.id = p.agency_id
 JOIN "reporting_filing" f ON f.id = NEW.filing_id
 JOIN "agencies_agency" k ON k.id = f.collector_id
 JOIN "reporting_annualreport" t ON t.id = f.report_id
 JOIN "agencies_agency" a ON a.id = t.agency_id
 WHERE p.id = NEW.appointment_id AND p.person_id = NEW.person_id AND p.role = 'supervisor'
 AND {above} AND substr(k.path, 1, length(s.path)) = s.path AND {in_force})"""
_OWN = """EXISTS (SELECT 1 FROM "reporting_filing" f JOIN "review_revision" r ON r.id = f.revision_id
 WHERE f.id = NEW.filing_id AND (
 EXISTS (SELECT 1 FROM "agencies_person" o WHERE o.id = NEW.person_id AND o.agency_id = r.agency_id)
 OR EXISTS (SELECT 1 FROM "review_approval" x WHERE x.revision_id = r.id AND x.person_id = NEW.person_id)
 OR EXISTS (SELECT 1 FROM "review_revisioneditor" w WHERE w.revision_id = r.id AND w.person_id = NEW.person_id)
 OR EXISTS (SELECT 1 FROM "agencies_appointment" p WHERE p.agency_id = r.agency_id
 AND p.person_id = NEW.person_id AND {in_force})))"""
_REPORTS = """EXISTS (SELECT 1 FROM "review_revision" r JOIN "reporting_annualreport" t ON t.id = r.subject_id
 WHERE r.id = NEW.revision_id AND r.subject_kind = 'report' AND r.digest = NEW.digest AND t.id = NEW.report_id)"""
_APPROVED = """(SELECT COUNT(*) FROM "review_approval" x WHERE x.revision_id = NEW.revision_id
 AND x.digest = NEW.digest AND x.decision = 'passed') = 3"""
_TO_SUPERIOR = """EXISTS (SELECT 1 FROM "reporting_annualreport" t JOIN "agencies_agency" a ON a.id = t.agency_id
 JOIN "agencies_agency" s ON s.id = NEW.collector_id WHERE t.id = NEW.report_id AND {above})"""
# Art. 49: 31 January, of a government 31 March, of the year after the report's.
_LAST_DAY = """EXISTS (SELECT 1 FROM "reporting_annualreport" t JOIN "agencies_agency" a ON a.id = t.agency_id
 WHERE t.id = NEW.report_id AND CAST(substr(CAST(NEW.last_day AS TEXT), 1, 4) AS INTEGER) = t.year + 1
 AND substr(CAST(NEW.last_day AS TEXT), 6) = CASE WHEN a.government THEN '03-31' ELSE '01-31' END)"""
_NOT_YET = (
    'EXISTS (SELECT 1 FROM "reporting_filing" f WHERE f.id = NEW.filing_id AND NEW.on_day < f.last_day)'
)
_LIVE = """EXISTS (SELECT 1 FROM "review_release" l WHERE l.id = NEW.live_id AND l.subject_kind = 'report'
 AND l.subject_id = NEW.id AND l.agency_id = NEW.agency_id
 AND NOT EXISTS (SELECT 1 FROM "review_withdrawal" w WHERE w.release_id = l.id))"""
_PUBLIC = "I1: a report is public only by its release"


def _set(condition: str) -> str:
    return condition.format(above=_ABOVE, in_force=IN_FORCE)


def guards() -> list[Guard]:
    """The guards of filings, of what is decided on them, and of the release that follows."""
    release = (
        ("I1: the supervising agency returned this report", f"NEW.subject_kind = 'report' AND {_RETURNED}"),
        (
            "I1: the supervising agency has not accepted this report",
            f"NEW.subject_kind = 'report' AND ({_FILED} OR {_set(_COLLECTING)}) AND NOT {_ACCEPTED} AND NOT {_UNAWAITED}",
        ),
    )
    filing = (
        ("I1: a filing of another content", f"NOT {_REPORTS}"),
        ("I1: filed with an agency that does not stand above", f"NOT {_set(_TO_SUPERIOR)}"),
        ("I1: another last day than that of art. 49", f"NOT {_LAST_DAY}"),
        ("I1: filed before its three approvals", f"NOT {_APPROVED}"),
        ("I1: the review has ended", f"({ENDED} OR {_RELEASED})"),
    )
    same = (
        ("I1: it speaks of another content", f"NOT {_SAME_FILING}"),
        ("I1: the review has ended", _OVER),
        ("I1: it comes before the filing", _EARLIER),
    )
    decision = (
        *same,
        ("I1: only the supervisor of an agency above decides on a filing", f"NOT {_set(_SUPERVISES)}"),
        ("I1: nobody of the agency itself decides on its filing", _set(_OWN)),
        ("I1: published without waiting already", _GONE_AHEAD),
    )
    leader = APPOINTED.format(revision=_REVISION, role="'approver'", in_force=IN_FORCE)
    unawaited = (
        *same,
        ("I1: only the principal leader publishes without waiting", f"NOT {leader}"),
        ("I1: not before the last day of art. 49", _NOT_YET),
        ("I1: a reason is needed", "length(trim(NEW.reason)) = 0"),
        ("I1: decided already", _DECIDED),
    )
    unreleased = ((_PUBLIC, f"NEW.live_id IS NOT NULL AND NOT {_LIVE}"),)
    return [
        Guard("report_release", "review_release", "INSERT", flat(release)),
        Guard("report_filing", "reporting_filing", "INSERT", flat(filing)),
        Guard("report_filing_decision", "reporting_filingdecision", "INSERT", flat(decision)),
        Guard("report_unawaited", "reporting_filingunawaited", "INSERT", flat(unawaited)),
        Guard("report_public_insert", "reporting_annualreport", "INSERT", flat(unreleased)),
        Guard("report_public_update", "reporting_annualreport", "UPDATE", flat(unreleased)),
    ]
