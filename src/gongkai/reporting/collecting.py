"""Which agency collects whose reports, and by which days: the setting of a supervising agency, with its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, grant, oversees, require, system
from gongkai.journal import chain, clock
from gongkai.reporting.filing_models import CollectionRule
from gongkai.rulebook.terms import REPORT_LAW, ReportLevel, TermError, report_due

SETTING = "report.collecting"
grant(
    SETTING, oversees | system, gettext_lazy("set whether this agency collects the reports of those below it")
)


@dataclass(frozen=True)
class Terms:
    """The days of one report: file_by and publish_by as local rules set them, last_day that of art. 49."""

    file_by: date
    publish_by: date
    last_day: date


@dataclass(frozen=True)
class Rules:
    """The rules in force by the key of the agency that set them."""

    by_agency: dict[UUID, CollectionRule]

    @classmethod
    def load(cls) -> "Rules":
        """All of them, in one query: there is one for each supervising agency."""
        return cls.of(CollectionRule.objects.select_related("agency").order_by("pk"))

    @classmethod
    def of(cls, rows: Iterable[CollectionRule]) -> "Rules":
        return cls({row.agency_id: row for row in rows})

    def over(self, agency: Agency, year: int) -> CollectionRule | None:
        """The rule of the nearest superior that collects the report on that year; None where none does."""
        for key in reversed(above(agency)):
            row = self.by_agency.get(key)
            if row is not None and row.collects and year >= row.first_year:
                return row
        return None

    def terms(self, agency: Agency, year: int) -> Terms | None:
        """The days of the report of an agency; None for a year before the regulation."""
        return days(self.over(agency, year), year, government=agency.government)


def days(rule: CollectionRule | None, year: int, *, government: bool) -> Terms | None:
    """The days of the reports that a rule covers, of departments or of governments; without a rule those of art. 49."""
    last = statutory(year, government=government)
    if last is None or rule is None:
        return Terms(last, last, last) if last else None
    publish = last if government else _day(rule.publish_by, year, last)
    filed = _day(rule.governments_by if government else rule.file_by, year, publish)
    return Terms(filed, publish, last)


def above(agency: Agency) -> list[UUID]:
    """The keys of the agencies above one, the highest first."""
    return [UUID(part) for part in agency.path.strip("/").split("/")][:-1]


def statutory(year: int, *, government: bool) -> date | None:
    """The last day of art. 49: 31 January, of a government 31 March; None before the regulation."""
    try:
        return report_due(year, ReportLevel.GOVERNMENT if government else ReportLevel.DEPARTMENT)
    except TermError:
        return None


def _day(said: str, year: int, latest: date) -> date:
    """A day MM-DD of the year after the report's, never later than `latest`."""
    return min(date.fromisoformat(f"{year + 1}-{said}"), latest) if said else latest


def rules_for(agency: Agency) -> Rules:
    """The rules that may concern one agency, in one query."""
    return Rules.of(
        CollectionRule.objects.filter(agency__in=above(agency)).select_related("agency").order_by("pk")
    )


def collector(agency: Agency, year: int) -> Agency | None:
    """The agency with which the report is filed before it is published; None where no superior collects."""
    rule = rules_for(agency).over(agency, year)
    return rule.agency if rule else None


def set_rule(
    actor: Actor,
    agency: Agency,
    *,
    collects: bool,
    first_year: int,
    file_by: str = "",
    publish_by: str = "",
    governments_by: str = "",
    basis: str = "",
) -> CollectionRule:
    """Say from now on whether `agency` collects. Days are MM-DD, not after those of art. 49. Raises Refused."""
    require(actor, SETTING, agency)
    if not 2021 <= first_year <= 2100:
        raise Refused(_("Collecting begins with a report on a year from 2021 to 2100."))
    for said, last in ((file_by, "01-31"), (publish_by, "01-31"), (governments_by, "03-31")):
        _check(said, last)
    if file_by and publish_by and file_by > publish_by:
        raise Refused(_("Reports are filed before they are published: set an earlier day for filing."))
    if (file_by or publish_by or governments_by) and not basis.strip():
        raise Refused(_("Name the paper that sets days of its own."))
    with transaction.atomic():
        row = CollectionRule.objects.create(
            agency=agency,
            collects=collects,
            first_year=first_year,
            file_by=file_by,
            publish_by=publish_by,
            governments_by=governments_by,
            basis=basis.strip()[:300],
            person=actor.person,
            at=clock.now(),
        )
        chain.record(
            "report.collecting",
            actor.who,
            agency=agency.pk,
            subject=("agency", agency.pk),
            covers=[row],
            collects=collects,
            first_year=first_year,
        )
    return row


def _check(said: str, last: str) -> None:
    if not said:
        return
    try:
        date.fromisoformat(f"2023-{said}")
    except ValueError:
        raise Refused(
            _("“%(day)s” is not a day; write month and day as 01-26.") % {"day": said[:10]}
        ) from None
    if len(said) != 5 or said > last:
        raise Refused(
            _("The day %(day)s is later than that of the law (%(last)s).") % {"day": said[:5], "last": last},
            REPORT_LAW,
        )
