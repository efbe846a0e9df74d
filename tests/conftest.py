"""Shared fixtures: an agency with its people, a clock, a database that bears real commits."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import founding

SHANGHAI = ZoneInfo("Asia/Shanghai")
hypothesis_settings.register_profile(
    "gongkai", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile("gongkai")
# Most of what a run holds stays to its end: looking through it again and again slows all of it.
gc.set_threshold(200_000, 50, 100)
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_finish() -> None:
    gc.freeze()


@pytest.fixture(autouse=True)
def _fresh_instance_folder() -> Iterator[None]:
    """The journal's heads of one test say nothing about the next one's database."""
    folder = settings.INSTANCE.home / "journal"
    for name in ("head.json", "heads.jsonl"):
        (folder / name).unlink(missing_ok=True)
    yield


@dataclass
class Office:
    """One agency with everybody appointed, as most tests need it."""

    agency: Any
    district: Any
    people: dict[str, Any]

    def actor(self, name: str, hat: str = "business") -> Any:
        from gongkai.agencies.policy import actor_for

        return actor_for(self.people[name], hat)


def make_office() -> Office:
    """The district government and the office, with one person for each role."""
    from gongkai.agencies import appointing
    from gongkai.agencies.models import Agency, Person, Role
    from gongkai.disclosure import columns
    from gongkai.journal.chain import Who

    columns.load()
    district = Agency.objects.create(
        name="西工区人民政府", code="410303", government=True, document_mark="西政"
    )
    agency = Agency.objects.create(
        name="西工区城市改造办公室",
        short_name="区城改办",
        code="XG0123",
        parent=district,
        document_mark="西城改公",
        phone="0379-00000000",
        reconsideration_body="洛阳市西工区人民政府",
        superior_department="洛阳市住房和城乡建设局",
        court="洛阳铁路运输法院",
    )
    roles = {
        "handler": (agency, Role.HANDLER),
        "second_handler": (agency, Role.HANDLER),
        "reviewer": (agency, Role.REVIEWER),
        "approver": (agency, Role.APPROVER),
        "head": (agency, Role.DISCLOSURE_HEAD),
        "supervisor": (district, Role.SUPERVISOR),
        "system": (agency, Role.SYSTEM_ADMIN),
        "security": (agency, Role.SECURITY_ADMIN),
        "audit": (agency, Role.AUDIT_ADMIN),
    }
    people = {
        name: Person.objects.create_user(name, f"{name}-password-1", name=f"演示·{name}", agency=where)
        for name, (where, _role) in roles.items()
    }
    appointing.found(
        Who("system:test"),
        [(people[name], where, role, "任职文件", date(2019, 1, 1)) for name, (where, role) in roles.items()],
    )
    return Office(agency, district, people)


_founded: list[founding.Founded] = []


def founded_office() -> Office:
    """The office, from its rows where another test of this process has founded it."""
    if not founding.empty():
        return make_office()
    if not _founded:
        made, rows = founding.kept(make_office)
        _founded.append(rows)
        return made
    return Office(*founding.again(_founded[0]))


@pytest.fixture
def office(db: None) -> Office:
    """The office in the database of this test."""
    return founded_office()


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases write no public pages, where no test looks at any: they are most of what a release takes."""
    from gongkai.channels import site

    monkeypatch.setattr(site, "follow", lambda _kind, _subject: None)


@pytest.fixture
def at() -> Any:
    """`with at(2021, 3, 1): …` lets the clock show nine in the morning of that day."""
    from gongkai.journal import clock

    def set_clock(year: int, month: int, day: int, hour: int = 9) -> Any:
        return clock.at(datetime(year, month, day, hour, tzinfo=SHANGHAI))

    return set_clock


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The test database of this process: that of a new instance, copied from a file on SQLite."""
    from django.test.utils import setup_databases, teardown_databases

    from gongkai.journal import schema
    from tests import migrated

    with django_db_blocker.unblock():
        # Django would migrate it.
        with patch("django.core.management.call_command"):
            made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        if connection.vendor == "sqlite":
            migrated.fill(connection)
        else:
            schema.create()
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def committed(
    request: pytest.FixtureRequest, django_db_blocker: Any, django_db_setup: None
) -> Iterator[Office]:
    """A database of its own, with real commits and on_commit: made anew, because triggers forbid a flush."""
    from tests.committed import own_database

    with django_db_blocker.unblock(), own_database(connection):
        # Rows that are put back leave the sequences of PostgreSQL's copy behind.
        yield founded_office() if connection.vendor == "sqlite" else make_office()
