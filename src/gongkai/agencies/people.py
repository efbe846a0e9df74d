"""Accounts: made and closed by the system administrator; nobody sets another's rights here (see appointing)."""

import secrets
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency, Person
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import chain, clock


def add(
    actor: Actor,
    *,
    agency: Agency,
    username: str,
    name: str,
    position: str = "",
    full_time: bool = False,
    joined_on: date | None = None,
) -> tuple[Person, str]:
    """A new person and the first password, shown once. No right comes with the account. Raises Refused."""
    require(actor, "people.account", agency)
    password = secrets.token_urlsafe(12)
    person = Person(
        username=username.strip(),
        name=name.strip(),
        agency=agency,
        position=position,
        full_time=full_time,
        joined_on=joined_on or clock.today(),
    )
    try:
        validate_password(password, person)
        person.set_password(password)
        with transaction.atomic():
            person.save()
            chain.record("person.added", actor.who, agency=agency.pk, subject=("person", person.pk))
    except IntegrityError as error:
        raise Refused(_("This log-in name is taken; choose another.")) from error
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    return person, password


def close(actor: Actor, person: Person, *, on: date | None = None) -> None:
    """Close an account: no log-in, no right, open sessions end; what the person did stays. Raises Refused."""
    require(actor, "people.account", person.agency)
    if person.pk == actor.person.pk:
        raise Refused(_("Another administrator closes your account."))
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_active=False, left_on=on or clock.today())
        chain.record("person.closed", actor.who, agency=person.agency_id, subject=("person", person.pk))
    _end_sessions(person)


def new_password(actor: Actor, person: Person) -> str:
    """A new first password for a person who lost theirs, shown once. Raises Refused."""
    require(actor, "people.account", person.agency)
    password = secrets.token_urlsafe(12)
    person.set_password(password)
    with transaction.atomic():
        person.save(update_fields=["password"])
        chain.record(
            "person.password_reset", actor.who, agency=person.agency_id, subject=("person", person.pk)
        )
    return password


def _end_sessions(person: Person) -> None:
    for session in Session.objects.filter(expire_date__gt=clock.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
