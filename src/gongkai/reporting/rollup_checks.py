"""What the checks say of a sum: C14, members that are missing or wrong themselves, and what may be counted twice."""

from collections.abc import Iterator
from dataclasses import replace

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from gongkai.disclosure.models import NormativeDocument
from gongkai.reporting import figures
from gongkai.reporting.rollup import Source, Whole
from gongkai.rulebook.record_checks import check_rollup
from gongkai.rulebook.report_checks import check_report
from gongkai.rulebook.report_rules import Finding, Where

RULE = "C14"
# How many joint documents are named; the rest is a number.
NAMED = 5


def findings(whole: Whole, bound: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Errors first: members that give nothing, cells that are not the sum, figures of the text that the text binds
    though a member does not state them; then what a person should look at. bound: the keys that the text binds."""
    return (
        *_missing(whole),
        *_sums(whole),
        *_unstated(whole, bound),
        *_members_own(whole),
        *_twice(whole),
    )


def _missing(whole: Whole) -> Iterator[Finding]:
    for each in whole.missing:
        message = _(
            "“%(name)s” is missing: %(why)s. Take its report in, or leave it out of the list with a reason."
        ) % {"name": each.name, "why": each.missing}
        yield Finding(RULE, "error", message, Where())


def _sums(whole: Whole) -> Iterator[Finding]:
    """C14; a cell that was set by hand, with reason and approver, differs openly and warns."""
    members = {each.name: each.tables for each in whole.counted if each.tables is not None}
    by_hand = {key for key, each in whole.compiled.counted.items() if each.manual}
    for one in check_rollup(whole.compiled.tables, members):
        manual = any(
            key.startswith(f"{one.where.table}.{one.where.row}.") and _column(key) == one.where.column
            for key in by_hand
        )
        yield replace(one, severity="warning") if manual else one


def _column(key: str) -> str:
    each = figures.figure(key)
    return each.cell.column_label if each and each.cell else ""


def _unstated(whole: Whole, bound: frozenset[str]) -> Iterator[Finding]:
    for key, names in whole.incomplete.items():
        each = figures.figure(key)
        if key not in bound or each is None:
            continue
        if names:
            words = _(
                "The text states “%(figure)s”, but it is incomplete: %(names)s does not state it. Take it out of the "
                "text, or have the leader approve a figure set by hand."
            )
        else:
            words = _(
                "The text states “%(figure)s”, which does not add up from those of the members. Take it out of the "
                "text, or have the leader approve a figure set by hand."
            )
        said = "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
        yield Finding(RULE, "error", words % {"figure": each.label, "names": said}, Where())


def _members_own(whole: Whole) -> Iterator[Finding]:
    """A member's own errors are the member's to mend; here they warn."""
    for each in whole.counted:
        if each.tables is None or each.source == Source.RECORDS:
            continue
        wrong = [one for one in check_report(each.tables, agency=each.name) if one.severity == "error"]
        if wrong:
            message = _(
                "The report of “%(name)s” has %(n)d errors itself, the first: %(first)s Return it, or have it corrected."
            ) % {"name": each.name, "n": len(wrong), "first": wrong[0].message}
            yield Finding(RULE, "warning", message, Where())


def _twice(whole: Whole) -> Iterator[Finding]:
    """A joint normative document is counted once, by the agency that leads; the same number under two is asked about."""
    agencies = [each.member.agency.pk for each in whole.counted if each.member.agency]
    last = whole.own.period.last
    rows = (
        NormativeDocument.objects.filter(agency__in=agencies, issued_on__lte=last)
        .exclude(document_number="")
        .values("document_number")
        .annotate(makers=Count("agency", distinct=True))
        .filter(Q(makers__gt=1))
        .order_by("document_number")
        .values_list("document_number", flat=True)
    )
    numbers = list(rows[: NAMED + 1])
    if numbers:
        listed = "、".join(numbers[:NAMED]) + ("…" if len(numbers) > NAMED else "")
        message = _(
            "Normative documents stand in the registers of two members: %(numbers)s. A joint document is counted by "
            "the agency that leads; check that it is not counted twice."
        ) % {"numbers": listed}
        yield Finding(RULE, "warning", message, Where("disclosure", "normative_documents"))
