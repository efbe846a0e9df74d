"""A district with members, as the tests of the roll-up need it: people for its government, reports of its agencies."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.agencies import appointing
from gongkai.agencies.models import Agency, Person, Role
from gongkai.files import storage
from gongkai.journal import clock
from gongkai.reporting import reports, rollup_intake
from gongkai.reporting.models import AnnualReport, MemberFile, MemberUpload
from gongkai.rulebook.report_form import ReportTables
from tests.conftest import Office
from tests.reporting.reports import WRITTEN, published

SINCE = date(2019, 1, 1)
THREE = (("handler", Role.HANDLER), ("reviewer", Role.REVIEWER), ("approver", Role.APPROVER))
# Part one of a government without figures that do not add up, as shares.
OVERVIEW = "本年度全区收到政府信息公开申请{{applications}}件，主动公开政府信息{{items_released}}项。"


def member(office: Office, name: str, code: str, **more: Any) -> Office:
    """An agency below the district with its three people."""
    agency = Agency.objects.create(name=name, code=code, parent=office.district, document_mark=code, **more)
    return staffed(agency, agency.code, office)


def staffed(agency: Agency, prefix: str, office: Office) -> Office:
    """The three people of an agency, appointed by the administrators of the office."""
    system, security = (office.actor(name, "administration") for name in ("system", "security"))
    people = {
        name: Person.objects.create_user(f"{prefix}-{name}", name=f"演示·{prefix}·{name}", agency=agency)
        for name, _role in THREE
    }
    for name, role in THREE:
        proposed = appointing.propose(system, people[name], agency, role, paper="任职文件", starts_on=SINCE)
        appointing.confirm(security, proposed)
    return Office(agency, office.district, people)


@dataclass
class District:
    """The government with its three people and supervisor, and its members by code."""

    government: Office
    supervisor: Any
    members: dict[str, Office]

    @property
    def agency(self) -> Agency:
        return self.government.agency


def district_of(office: Office, *, agencies: int = 2) -> District:
    """The district of the fixture: its office and `agencies` more; no one collects, so reports are published at once."""
    government = staffed(office.district, "gov", office)
    more = {f"M{n:03d}": member(office, f"西工区第{n}局", f"M{n:03d}") for n in range(1, agencies + 1)}
    return District(government, office.actor("supervisor"), {office.agency.code: office, **more})


def begun_roll_up(district: District, year: int = 2021, **said: Any) -> tuple[AnnualReport, Any]:
    """The government's report with every part written."""
    actor = district.government.actor("handler")
    report, draft = reports.begin(actor, district.agency, year)
    draft = reports.save(
        actor, report, draft.content | WRITTEN | {"overview": OVERVIEW} | said, version=draft.version
    )
    return report, draft


def all_published(district: District, year: int = 2021) -> None:
    """Every member publishes its report."""
    for office in district.members.values():
        published(office, year)


def taken_in(
    district: District, name: str, tables: ReportTables, *, reason: str = "", **stated: str
) -> MemberFile:
    """The report of a member as if its file had been read: these tables, and these figures of its text.

    reason: why it replaces one that was taken in before.
    """
    return rollup_intake.take_in(
        district.supervisor, waiting_upload(district, name, tables, **stated), reason=reason
    )


def waiting_upload(
    district: District, name: str, tables: ReportTables, *, year: int = 2021, **stated: str
) -> MemberUpload:
    """A file that was sent in for a member and read, and waits to be taken in."""
    actor = district.supervisor
    number = MemberFile.objects.count() + MemberUpload.objects.count()
    return MemberUpload.objects.create(
        government=district.agency,
        year=year,
        file=storage.store(f"{name}{number}年报".encode(), f"{name}.txt", who=actor.who),
        filename=f"{name}.txt",
        person=actor.person,
        at=clock.now(),
        read={
            "status": "complete",
            "agency": name,
            "year": year,
            "form": "2021",
            "tables": tables.to_json(),
            "stated": stated,
            "scanned": False,
            "errors": 0,
            "blanks": [],
            "findings": [],
            "places": {},
        },
    )
