"""A district with members, as the tests of the roll-up need it: people for its government, reports of its agencies."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from gongkai.agencies import appointing
from gongkai.agencies.models import Agency, Person, Role
from gongkai.reporting import reports
from gongkai.reporting.models import AnnualReport
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


def balanced(values: dict[str, int], charges: str = "0.0000") -> ReportTables:
    """Tables that cross-foot: applications of natural persons by result row, the rest nothing."""
    from gongkai.rulebook.report_form import LEAF_ROWS, SUM_ROW, row_keys

    total = sum(values.values())
    rows = dict.fromkeys(row_keys("applications"), (0,) * 7)
    for key in LEAF_ROWS:
        if values.get(key):
            rows[key] = (values[key], 0, 0, 0, 0, 0, values[key])
    rows["r1"] = rows[SUM_ROW] = (total, 0, 0, 0, 0, 0, total)
    return ReportTables(
        disclosure={
            key: (0,) * (3 if key in ("rules", "normative_documents") else 1)
            for key in row_keys("disclosure")
            if key != "charges"
        },
        charges=Decimal(charges),
        applications=rows,
        remedies=dict.fromkeys(row_keys("remedies"), (0,) * 5),
    )


def new_id() -> str:
    return str(uuid4())
