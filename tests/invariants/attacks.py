"""What the attack tests share: more people and agencies, raw SQL, and a database without its guards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.agencies import appointing
from gongkai.agencies.models import Agency, Appointment, Person, Role
from gongkai.disclosure import items
from gongkai.journal import guards
from gongkai.review import drafts, submission

SQLITE = connection.vendor == "sqlite"


def person(office: Any, name: str, agency: Agency | None = None) -> Person:
    """A person with an account and no appointment; `office.actor(name)` knows them from now on."""
    made = Person.objects.create_user(
        name, f"{name}-password-1", name=f"演示·{name}", agency=agency or office.agency
    )
    office.people[name] = made
    return made


def appoint(
    office: Any,
    who: Person,
    role: str,
    agency: Agency | None = None,
    *,
    starts_on: date = date(2019, 1, 1),
    ends_on: date | None = None,
    deputy: bool = False,
    confirmed: bool = True,
) -> Appointment:
    """An appointment as the two administrators make it."""
    row = appointing.propose(
        office.actor("system"),
        who,
        agency or office.agency,
        role,
        paper="任职文件",
        starts_on=starts_on,
        ends_on=ends_on,
        deputy=deputy,
    )
    if confirmed:
        appointing.confirm(office.actor("security"), row)
    return row


def neighbour(office: Any) -> Agency:
    """Another agency of the same district, with three people of its own and a supervisor of itself alone."""
    agency = Agency.objects.create(
        name="西工区教育局", code="XG0200", parent=office.district, document_mark="西教"
    )
    for name, role in {
        "their_handler": Role.HANDLER,
        "their_reviewer": Role.REVIEWER,
        "their_approver": Role.APPROVER,
        "their_supervisor": Role.SUPERVISOR,
    }.items():
        appoint(office, person(office, name, agency), role, agency)
    return agency


def amended(office: Any, item: Any, title: str = "更正后的标题") -> Any:
    """An amendment of a public item, submitted: its revision."""
    draft = drafts.draft_of("item", item.pk)
    saved = items.save(office.actor("handler"), item, draft.content | {"title": title}, version=draft.version)
    return submission.submit(office.actor("handler"), saved, version=saved.version)


def sql(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    """Run one statement past Django's models; the rows it gives back."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall()) if cursor.description else []


def database_refuses(statement: str, *params: Any, saying: str = "") -> None:
    """The statement ends in an error of the database, with these words in it."""
    with pytest.raises(DatabaseError, match=saying), transaction.atomic():
        sql(statement, *params)


@contextmanager
def unguarded() -> Iterator[None]:
    """What a tamperer with the rights of the database's owner does first: every guard off, and on again."""
    if SQLITE:
        for (name,) in sql("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            sql(f'DROP TRIGGER "{name}"')
    else:
        # Checks put off until the commit would stand in the way of ALTER TABLE.
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        for table in sorted({guard.table for guard in guards.guards()}):
            sql(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL')
    yield
    if not SQLITE:
        for table in sorted({guard.table for guard in guards.guards()}):
            sql(f'ALTER TABLE "{table}" ENABLE TRIGGER ALL')
    guards.install()
