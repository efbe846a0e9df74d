"""The first three administrators of an instance, appointed with the one-time code that `init` printed."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies import appointing
from gongkai.agencies.models import Agency, Appointment, Person, Role
from gongkai.agencies.policy import Refused
from gongkai.instance import write_secret
from gongkai.journal import canon, clock
from gongkai.journal.chain import Who

CODE = "setup.code"


@dataclass(frozen=True)
class FirstAdministrator:
    """One of the three: role, log-in name, name, password."""

    role: str
    username: str
    name: str
    password: str


def new_code() -> str:
    """A fresh one-time code; only its digest is kept, in the keys folder."""
    code = "-".join(secrets.token_hex(2) for _part in range(4))
    path = settings.INSTANCE.home / "keys" / CODE
    path.unlink(missing_ok=True)
    write_secret(path, canon.sm3(code.encode()).encode())
    return code


def is_open() -> bool:
    """Whether the set-up page may be used: nobody is appointed yet and a code is out."""
    return (settings.INSTANCE.home / "keys" / CODE).exists() and not Appointment.objects.exists()


def right(code: str) -> bool:
    """Whether this is the code, compared in constant time."""
    path = settings.INSTANCE.home / "keys" / CODE
    if not path.exists():
        return False
    return secrets.compare_digest(path.read_text("ascii"), canon.sm3(code.strip().lower().encode()))


def may_try(tries: int, within: timedelta) -> bool:
    """Whether the code may be tried now; each call counts as a try. Kept in a file: there is nobody to log yet."""
    path = settings.INSTANCE.home / "keys" / "setup.tries"
    now = clock.now()
    moments = path.read_text("ascii").split() if path.exists() else []
    recent = [text for text in moments if datetime.fromisoformat(text) > now - within]
    path.write_text("\n".join([*recent, now.isoformat()]), "ascii")
    return len(recent) < tries


def complete(code: str, agency_name: str, agency_code: str, three: list[FirstAdministrator]) -> Agency:
    """Found the agency and appoint the three administrators; the code is spent. Raises Refused."""
    if not right(code):
        raise Refused(_("This is not the code that “gongkai init” printed."))
    if {one.role for one in three} != {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}:
        raise Refused(_("Appoint one system, one security and one audit administrator."))
    if len({one.username for one in three}) != 3:
        raise Refused(_("The three administrators are three different people."))
    with transaction.atomic():
        if not is_open():
            raise Refused(_("This instance is set up already."))
        agency = Agency.objects.create(name=agency_name.strip(), code=agency_code.strip(), government=False)
        rows = []
        for one in three:
            person = Person(username=one.username, name=one.name, agency=agency, joined_on=clock.today())
            try:
                validate_password(one.password, person)
            except ValidationError as error:
                raise Refused(f"{one.name}：{' '.join(error.messages)}") from error
            person.set_password(one.password)
            person.save()
            rows.append((person, agency, one.role, _("set-up of the instance"), clock.today()))
        appointing.found(Who("system:setup", _("set-up")), rows)
    (settings.INSTANCE.home / "keys" / CODE).unlink(missing_ok=True)
    return agency
