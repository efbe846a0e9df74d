"""Accounts: made and closed by the system administrator; nobody sets another's rights here (see appointing)."""

import secrets
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency, PasswordIssue, PasswordReset, Person
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
        password_given=True,
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


# A request that nobody issued by then is asked again.
LASTS = timedelta(hours=24)


def ask_password(actor: Actor, person: Person) -> PasswordReset:
    """Ask that a person who lost their password be given a new one. Raises Refused.

    Alone nobody can take over another's account: the security administrator issues it.
    """
    require(actor, "people.account", person.agency)
    if pending_reset(person):
        raise Refused(_("A new password is asked for already; the security administrator issues it."))
    with transaction.atomic():
        row = PasswordReset.objects.create(person=person, asked_by=actor.person, asked_at=clock.now())
        chain.record(
            "person.password_asked",
            actor.who,
            agency=person.agency_id,
            subject=("person", person.pk),
            covers=[row],
        )
    return row


def pending_reset(person: Person) -> PasswordReset | None:
    """The request that waits for the security administrator, or None."""
    return (
        PasswordReset.objects.filter(person=person, issue__isnull=True, asked_at__gt=clock.now() - LASTS)
        .order_by("-pk")
        .first()
    )


def issue_password(actor: Actor, person: Person) -> str:
    """A new password for a person, shown once, to be changed at the first log-in; open sessions end.

    By another administrator than the one who asked. Raises Refused.
    """
    require(actor, "people.confirm", person.agency)
    reset = pending_reset(person)
    if reset is None:
        raise Refused(_("No new password is asked for; the system administrator asks first."))
    if actor.person.pk in (reset.asked_by_id, person.pk):
        raise Refused(_("Another administrator issues this password."))
    password = secrets.token_urlsafe(12)
    person.set_password(password)
    person.password_given = True
    try:
        with transaction.atomic():
            row = PasswordIssue.objects.create(reset=reset, issued_by=actor.person, issued_at=clock.now())
            person.save(update_fields=["password", "password_given"])
            chain.record(
                "person.password_issued",
                actor.who,
                agency=person.agency_id,
                subject=("person", person.pk),
                covers=[row],
            )
    except IntegrityError as error:
        raise Refused(_("This password was issued a moment ago.")) from error
    _end_sessions(person)
    return password


def _end_sessions(person: Person) -> None:
    for session in Session.objects.filter(expire_date__gt=clock.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
