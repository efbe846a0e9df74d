"""Findings that open by themselves: what the records say is owed to the public and is not there (条例第四十七条).

A sweep compares what is lacking now with the open findings: each lack has one, which says how it stands and is closed
when it is mended. A supervisor may say that nothing need be done; for a quarter the same is not found again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gongkai.agencies import calendars
from gongkai.agencies.models import Agency
from gongkai.agencies.papers import in_chinese
from gongkai.disclosure import column_state, joint_releases, results, services, standards
from gongkai.disclosure.models import Item, StandardCount, StandardDuty, StandardEntry
from gongkai.journal import chain, clock
from gongkai.review.submission import contents_of
from gongkai.rulebook import postings, service_guides, site_checks
from gongkai.rulebook.calendar import CalendarError
from gongkai.rulebook.standards import PROACTIVE
from gongkai.supervision import entries, history, kinds, moves
from gongkai.supervision.models import Entry, EntryEvent, Kind

KIND = "shortfall"
EVERY = timedelta(hours=1)
RESULT, INTERPRETATION, EMPTY, STALE, GUIDES, STANDARD = (
    "result",
    "interpretation",
    "columns_empty",
    "columns_stale",
    "guides",
    "standard",
)
# Working days for mending, and calendar days in which what a supervisor waived is not found again.
DUE, WAIVED = 10, timedelta(days=90)
# On a new site every column is empty; the check of sites comes each quarter.
FIRST_FILLING = timedelta(days=30)
# What nobody has published so many working days after an edition began is missing (条例第二十六条).
ENTRY_TERM = 20
LISTED = 50
STANDARDS_LAW = "国办发〔2019〕54号"
INTERPRETATION_LAW = "国办发〔2016〕80号"


@dataclass(frozen=True)
class Shortfall:
    """What is lacking. sort and matter name it for good; subject and problem say it as it stands now."""

    sort: str
    agency: Agency
    matter: str
    subject: str
    problem: str
    law: str

    @property
    def key(self) -> tuple[str, str, str]:
        return str(self.agency.pk), self.sort, self.matter


def lacking(day: date) -> Iterator[Shortfall]:
    """Everything that is lacking on a day."""
    for find in (_results, _interpretations, _columns, _guides, _standards):
        yield from find(day)


def _results(day: date) -> Iterator[Shortfall]:
    for row in results.owed(Agency.objects.all()).filter(result_due__lt=day):
        yield Shortfall(
            RESULT,
            row.agency,
            str(row.item_id),
            _("Result not published: %(title)s") % {"title": row.item.title},
            _("The last day was %(ends)s, the result was due on %(due)s. Draft it on the page of the matter.")
            % {"ends": row.ends, "due": row.result_due},
            postings.RESULT_LAW,
        )


def _interpretations(day: date) -> Iterator[Shortfall]:
    for item, due in joint_releases.missing(Agency.objects.all()):
        if due is not None and due < day:
            yield Shortfall(
                INTERPRETATION,
                item.agency,
                str(item.pk),
                _("Interpretation not published: %(title)s") % {"title": item.title},
                _("Its plan wants an interpretation; it was due on %(due)s.") % {"due": due},
                INTERPRETATION_LAW,
            )


def _top() -> Agency | None:
    """The agency whose site this is: the check of sites counts the whole site."""
    return Agency.objects.filter(parent__isnull=True).order_by("path").first()


def _columns(day: date) -> Iterator[Shortfall]:
    agency = _top()
    begun = Item.objects.filter(state=Item.State.PUBLIC).order_by("released_at").first()
    if agency is None or begun is None or begun.released_at > clock.now() - FIRST_FILLING:
        return
    used = column_state.rows().filter(active=True)
    for sort, rows, least, words in (
        (EMPTY, used.filter(held=0), site_checks.EMPTY, _("%(n)d columns are empty")),
        (STALE, used.filter(column_state.stale(day)), site_checks.NOT_UPDATED,
         _("%(n)d columns were not updated within their cycle")),
    ):  # fmt: skip
        names = list(rows.order_by("board", "order").values_list("name", flat=True))
        if len(names) >= least:
            failing = _("From %(least)d on the site fails the check: %(names)s.")
            problem = failing % {"least": least, "names": _listed(names)}
            yield Shortfall(sort, agency, sort, words % {"n": len(names)}, problem, site_checks.LAW)


def _guides(day: date) -> Iterator[Shortfall]:
    agency = _top()
    rows = Item.objects.filter(variety=services.CODE, state=Item.State.PUBLIC).select_related("live")
    titles = {row.live.digest: row.title for row in rows.order_by("title") if row.live}
    short = {
        titles[digest]
        for digest, content in contents_of(titles).items()
        if len(service_guides.missing(content.get("more") or {}, service_guides.WARN))
        >= service_guides.VETO_MISSING
    }
    if agency is None or len(short) < service_guides.VETO_GUIDES:
        return
    words = _("%(n)d service guides lack %(kinds)d elements or more")
    said = {"n": len(short), "kinds": service_guides.VETO_MISSING}
    yield Shortfall(GUIDES, agency, GUIDES, words % said, _listed(sorted(short)), site_checks.LAW)


def _standards(day: date) -> Iterator[Shortfall]:
    """By agency and field: entries of an edition that began long enough ago, of which nothing is public."""
    owed: dict[int, list[StandardEntry]] = {}
    begun: dict[date, bool] = {}
    wanted = StandardEntry.objects.filter(edition__in=standards.in_force(day), way=PROACTIVE)
    for entry in wanted.select_related("edition").order_by("order"):
        start = entry.edition.starts_on
        if begun.setdefault(start, _after(start, ENTRY_TERM) < day):
            owed.setdefault(entry.edition.field_id, []).append(entry)
    held = set(StandardCount.objects.filter(public__gt=0).values_list("agency_id", "code"))
    for duty in StandardDuty.objects.select_related("agency", "field"):
        missing = [
            str(entry) for entry in owed.get(duty.field_id, ()) if (duty.agency_id, entry.code) not in held
        ]
        if missing:
            words = _("Standard catalogue of %(field)s: %(n)d entries missing")
            subject = words % {"field": duty.field.name, "n": len(missing)}
            yield Shortfall(STANDARD, duty.agency, duty.field.code, subject, _listed(missing), STANDARDS_LAW)


def _listed(names: list[str]) -> str:
    more = _(" and %(n)d more") % {"n": len(names) - LISTED} if len(names) > LISTED else ""
    return "、".join(names[:LISTED]) + more


def _after(day: date, days: int) -> date:
    try:
        return calendars.current().add_working_days(day, days)
    except CalendarError:
        # Before the calendars that come with the program; a working week is the measure.
        return day + timedelta(days=days * 7 // 5)


@in_chinese
def follow() -> int:
    """Make the ledger say what is lacking now; how many findings were opened, changed or closed. A second call does
    nothing."""
    found = {row.key: row for row in lacking(clock.today())}
    known = {_key(entry): entry for entry in _open().select_related("agency")}
    done = 0
    for key, row in found.items():
        entry = known.get(key)
        if entry is None or (entry.subject, entry.fields["problem"]) != _said(row):
            done += _settle(row)
    for key, entry in known.items():
        if key not in found:
            done += _close(entry)
    return done


def _open() -> Any:
    return Entry.objects.filter(kind=KIND, closed_as="")


def _key(entry: Entry) -> tuple[str, str, str]:
    return str(entry.agency_id), entry.fields["sort"], entry.fields["matter"]


def _said(row: Shortfall) -> tuple[str, str]:
    return row.subject[: entries.LONGEST_SUBJECT].strip(), row.problem.strip()


def _settle(row: Shortfall) -> int:
    """Open the finding of a shortfall, or let the open one say how it stands."""
    with transaction.atomic():
        # Two who look at once open one finding.
        chain.hold()
        same = Q(kind=KIND, agency=row.agency, fields__sort=row.sort, fields__matter=row.matter)
        known = _locked(Entry.objects.filter(same, closed_as=""))
        subject, problem = _said(row)
        if known is not None:
            before = history.snapshot(known)
            known.subject, known.fields = subject, dict(known.fields) | {"problem": problem}
            if history.snapshot(known) != before:
                history.write(known, None, EntryEvent.Act.CHANGED, before=before)
            return 1
        recently = clock.today() - WAIVED
        if Entry.objects.filter(same, closed_as=Entry.End.DROPPED, closed_on__gte=recently).exists():
            return 0
        if not Kind.objects.filter(pk=KIND).exists():
            # An instance of an earlier version does not have the kind yet.
            kinds.load()
        fields = {"sort": row.sort, "matter": row.matter, "problem": problem, "basis": row.law}
        due = _after(clock.today(), DUE)
        entries.open_of_itself(Kind.objects.get(pk=KIND), row.agency, subject, fields=fields, due_on=due)
    return 1


def _close(entry: Entry) -> int:
    with transaction.atomic():
        held = _locked(_open().filter(pk=entry.pk))
        if held is None:
            return 0
        moves.take_of_itself(held, "mended")
    return 1


def _locked(rows: Any) -> Entry | None:
    found: Entry | None = (
        rows.select_for_update(of=("self",)).select_related("kind", "agency", "issuer").first()
    )
    return found


PLACES: dict[str, Callable[[Entry], tuple[str, list[Any], str]]] = {
    RESULT: lambda entry: ("disclosure:participation", [entry.fields["matter"]], ""),
    INTERPRETATION: lambda entry: ("disclosure:item", [entry.fields["matter"]], ""),
    EMPTY: lambda entry: ("disclosure:columns", [], ""),
    STALE: lambda entry: ("disclosure:columns", [], ""),
    GUIDES: lambda entry: ("disclosure:items", [], ""),
    STANDARD: lambda entry: (
        "supervision:coverage_of",
        [entry.agency_id],
        f"?field={entry.fields['matter']}&state=missing",
    ),
}
"""Where each sort is mended: name of the address, its arguments, its query."""
