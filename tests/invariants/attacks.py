"""What the attack tests share: more people and agencies, raw SQL, and a database without its guards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gongkai.agencies import appointing
from gongkai.agencies.models import Agency, Appointment, Person, Role
from gongkai.disclosure import items
from gongkai.journal import guards
from gongkai.journal.models import Entry
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


# Everybody who has no part in an agency; None is nobody logged in.
# Who sits in the office without any appointment in force.
POWERLESS = ("nobody", "expired", "unconfirmed", "future", "ended")
STRANGERS = [
    "their_handler", "their_reviewer", "their_approver", "their_supervisor", *POWERLESS, "closed", None,
]  # fmt: skip
# The administrators see people, never texts.
ADMINISTRATORS = ["system", "security", "audit"]
# What no stranger may read, in whatever a test writes.
CANARY = "只有本机关能看的标题"
CANARIES = (CANARY, "本机关内部附件")


def without_rights(office: Any) -> None:
    """The people of STRANGERS who sit in the office and have no right there (any more, yet)."""
    person(office, "nobody")
    for name, terms in {
        "expired": {"ends_on": date(2020, 1, 1)},
        "unconfirmed": {"confirmed": False},
        "future": {"starts_on": date(2099, 1, 1)},
    }.items():
        appoint(office, person(office, name), Role.REVIEWER, **terms)
    ended = appoint(office, person(office, "ended"), Role.APPROVER)
    appointing.end(office.actor("system"), ended, on=date(2021, 1, 1), reason="调离")
    closed = person(office, "closed")
    appoint(office, closed, Role.HANDLER)
    Person.objects.filter(pk=closed.pk).update(is_active=False)


def addresses(*rooms: str) -> dict[str, Any]:
    """Every named address of the rooms with its converters, from the URLconf itself."""

    def walk(patterns: Any, room: str = "") -> Iterator[tuple[str, Any]]:
        for entry in patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, entry.app_name or room)
            elif isinstance(entry, URLPattern) and room in rooms:
                yield f"{room}:{entry.name}", entry.pattern.converters

    return dict(walk(get_resolver().url_patterns))


def client_of(office: Any, name: str | None) -> Client:
    """The browser of one of the people; of nobody where the name is None."""
    client = Client(raise_request_exception=False)
    if name is not None:
        client.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def _browser(office: Any, name: str | None) -> Client:
    """The browser of one of them, the same at every address of an office: logging in costs more than being refused.

    But for the one whose account is closed: the first answer ends that session, and the rest would be nobody's.
    """
    if name == "closed":
        return client_of(office, name)
    kept = office.__dict__.setdefault("_browsers", {})
    if name not in kept:
        kept[name] = client_of(office, name)
    return kept[name]


def told() -> int:
    """How much the journal holds, but for exports: of one's own narrowed list they are told too."""
    return Entry.objects.exclude(action="list.exported").count()


def answers_none(office: Any, path: str, people: list[str | None], *, narrowed: bool = False) -> None:
    """The address, read and posted to by each of them: sent to log in, forbidden or not found, and nothing done.

    narrowed: it answers any member of staff, with what is theirs.
    """
    before = told()
    for who in people:
        client = _browser(office, who)
        for method, query in (("get", ""), ("post", ""), ("get", "?export=xlsx"), ("head", "")):
            answer = getattr(client, method)(
                path + (query if "?" not in path else ""), {} if method == "post" else None
            )
            said = (who, method, path, answer.status_code)
            assert answer.status_code in (302, 403, 404, 405) or (narrowed and answer.status_code == 200), (
                said
            )
            if answer.status_code == 302:
                login = answer["Location"].startswith("/workbench/login/")
                assert login if who in (None, "closed") else narrowed and not login, said
            body = answer.content.decode(errors="replace")
            assert not any(each in body for each in CANARIES), said
    assert told() == before
