"""Figures of the ledger of supervision that the narrative parts state (rulebook 1.6, 2.1; S60 to S75).

What is to be held, checked or made counts once it was: a planned meeting is none yet. What comes in or is
found counts by its day. Cancelled and void entries count nowhere.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.reporting import figures
from gongkai.reporting.figures import Family, Figure, Period, Tally
from gongkai.reporting.sources.supervision import open_entry
from gongkai.supervision.models import Entry

DONE, DROPPED = Entry.End.DONE, Entry.End.DROPPED
Condition = Callable[[Period], Q]


def _held(period: Period) -> Q:
    return Q(closed_as=DONE, occurred_on__range=(period.first, period.last))


def _begun(period: Period) -> Q:
    return ~Q(closed_as=DROPPED) & Q(occurred_on__range=(period.first, period.last))


def _finished(period: Period) -> Q:
    return Q(closed_as=DONE, closed_on__range=(period.first, period.last))


def _standing(period: Period) -> Q:
    ended_later = Q(closed_on__isnull=True) | Q(closed_on__gt=period.last)
    return ended_later & Q(occurred_on__lte=period.last)


def _in_force_since(period: Period) -> Q:
    # A rule that was repealed since was made all the same.
    days = (period.first.isoformat(), period.last.isoformat())
    return Q(state__in=("in_force", "repealed"), fields__effective_on__range=days)


SOURCES = {
    _held: _("Entries of the ledger that were held or carried out, whose day lies in the period."),
    _begun: _("Entries of the ledger whose day lies in the period; cancelled and void ones are left out."),
    _finished: _("Entries of the ledger that were closed with their aim reached on a day of the period."),
    _standing: _("Entries of the ledger that had begun and were not closed on the last day of the period."),
    _in_force_since: _("Rules of the ledger that took effect in the period."),
}
# Figure → kind of the ledger, what counts of it, its name, its unit.
FIGURES: dict[str, tuple[str, Condition, object, str]] = {
    "deployments": ("deployment", _begun, _("deployments received from above"), "项"),
    "meetings": ("meeting", _held, _("meetings on disclosure held"), "次"),
    "rules_made": ("rule", _in_force_since, _("rules that took effect"), "项"),
    "mechanisms": ("mechanism", _begun, _("working mechanisms set up"), "项"),
    "campaigns": ("campaign", _held, _("publicity events held"), "次"),
    "inspections": ("inspection", _held, _("inspections carried out"), "次"),
    "findings_found": ("finding", _begun, _("problems found"), "个"),
    "findings_rectified": ("finding", _finished, _("problems rectified"), "个"),
    "complaints": ("complaint", _begun, _("complaints on disclosure received"), "件"),
    "evaluations": ("evaluation", _held, _("public evaluations held"), "次"),
    "accounts": ("account", _standing, _("new-media accounts run"), "个"),
    "account_posts": ("account_post", _begun, _("posts in new media"), "条"),
    "opinions": ("opinion", _begun, _("cases of public opinion found"), "件"),
    "concerns_answered": ("concern", _finished, _("public concerns answered by disclosure"), "个"),
    "secondments": ("secondment", _begun, _("secondments for training"), "人次"),
    "appraisals": ("appraisal", _held, _("tests of professional skill"), "人次"),
}


def entries(key: str, agency: Agency, period: Period) -> QuerySet[Entry]:
    """The entries that one figure of `FIGURES` counts."""
    kind, condition, _label, _unit = FIGURES[key]
    return Entry.objects.filter(condition(period), agency=agency, kind=kind)


def findings_of(agency: Agency, since: date, until: date) -> QuerySet[Entry]:
    """Problems of the ledger that were open or rectified at some time between two days."""
    ended_before = Q(closed_on__lt=since)
    rows = Entry.objects.filter(agency=agency, kind="finding", occurred_on__lte=until)
    return rows.exclude(closed_as=DROPPED).exclude(ended_before).order_by("occurred_on", "number")


def _of_ledger(agency: Agency, period: Period) -> Tally:
    conditions = list(SOURCES)
    kinds = {kind for kind, _condition, _label, _unit in FIGURES.values()}
    rows = (
        Entry.objects.filter(agency=agency, kind__in=kinds)
        .order_by()
        .annotate(
            **{
                f"fits_{n}": Case(When(condition(period), then=Value(1)), default=Value(0))
                for n, condition in enumerate(conditions)
            }
        )
        .values_list("pk", "kind", *(f"fits_{n}" for n in range(len(conditions))))
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for pk, kind, *fits in rows:
        fitting = [condition for condition, fit in zip(conditions, fits, strict=True) if fit]
        for key, (counts, condition, _label, _unit) in FIGURES.items():
            if counts == kind and condition in fitting:
                found[key].append(str(pk))
    return Tally(found)


LEDGER = Family("ledger", _of_ledger)


def _figure(key: str) -> Figure:
    _kind, condition, label, unit = FIGURES[key]

    def rows(agency: Agency, period: Period) -> QuerySet[Entry]:
        return entries(key, agency, period)

    return Figure(key, label, SOURCES[condition], rows, open_entry, unit=unit, family=LEDGER)


def declare() -> None:
    """One figure for each kind of work that a report speaks of."""
    figures.declare(*(_figure(key) for key in FIGURES))
