"""Appointments: proposed by the system administrator, confirmed by the security administrator.

Nobody holds two of the three administrators' roles, and the audit administrator never reviews or
approves (rulebook 12.1, 三权分立); the database refuses both too (see `guards`).
"""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import (
    ADMINISTRATORS,
    Agency,
    Appointment,
    AppointmentConfirmation,
    AppointmentEnd,
    Person,
    Role,
)
from gongkai.agencies.policy import Actor, Refused, effective, require
from gongkai.journal import chain, clock
from gongkai.journal.chain import Who
from gongkai.journal.guards import Guard


def propose(
    actor: Actor,
    person: Person,
    agency: Agency,
    role: str,
    *,
    paper: str,
    starts_on: date,
    ends_on: date | None = None,
    deputy: bool = False,
) -> Appointment:
    """Write an appointment that counts once it is confirmed. Raises Refused."""
    require(actor, "people.appoint", agency)
    try:
        with transaction.atomic():
            return _propose(
                actor.who,
                person,
                agency,
                role,
                paper=paper,
                starts_on=starts_on,
                ends_on=ends_on,
                deputy=deputy,
            )
    except IntegrityError as error:
        raise Refused(
            _("Another appointment of this person was made in the meantime. Reload the page.")
        ) from error


def _propose(
    who: Who,
    person: Person,
    agency: Agency,
    role: str,
    *,
    paper: str,
    starts_on: date,
    ends_on: date | None = None,
    deputy: bool = False,
) -> Appointment:
    if not paper.strip():
        raise Refused(_("Name the paper on which the appointment rests."))
    if ends_on and ends_on < starts_on:
        raise Refused(_("The appointment ends before it begins."))
    rows = person.appointments.select_related("end")
    held = {a.role for a in rows if _overlap(a, starts_on, ends_on)}
    if role in ADMINISTRATORS and held & (set(ADMINISTRATORS) - {role}):
        raise Refused(_("Nobody holds two of the three administrators' roles."), "GB/T 22239—2019")
    business = held - set(ADMINISTRATORS)
    if (role == Role.AUDIT_ADMIN and business) or (Role.AUDIT_ADMIN in held and role not in ADMINISTRATORS):
        raise Refused(_("The audit administrator never reviews or approves."), "GB/T 22239—2019")
    mixed = (role in ADMINISTRATORS and business) or (
        role not in ADMINISTRATORS and held & set(ADMINISTRATORS)
    )
    if mixed and not settings.INSTANCE.small:
        raise Refused(_("Only in an instance of one small agency may an administrator hold a business role."))
    row = Appointment.objects.create(
        person=person,
        agency=agency,
        role=role,
        deputy=deputy,
        paper=paper.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        made_by=who.id,
        made_at=clock.now(),
    )
    chain.record(
        "appointment.proposed", who, agency=agency.pk, subject=("person", person.pk), covers=[row], role=role
    )
    return row


def _overlap(held: Appointment, starts_on: date, ends_on: date | None) -> bool:
    # An end that was set for a later day leaves the appointment in force until then.
    if hasattr(held, "end") and held.end.ended_on <= starts_on:
        return False
    return (ends_on is None or held.starts_on <= ends_on) and (
        held.ends_on is None or held.ends_on >= starts_on
    )


def confirm(actor: Actor, appointment: Appointment) -> AppointmentConfirmation:
    """The security administrator's confirmation; never of what oneself proposed or gets. Raises Refused."""
    require(actor, "people.confirm", appointment.agency)
    if appointment.made_by == str(actor.person.pk):
        raise Refused(_("Another person than the proposer confirms an appointment."))
    if appointment.person_id == actor.person.pk:
        raise Refused(_("Nobody confirms an appointment of their own."))
    if hasattr(appointment, "confirmation"):
        raise Refused(_("This appointment is confirmed already."))
    try:
        with transaction.atomic():
            return _confirm(actor.who, appointment)
    except IntegrityError as error:
        raise Refused(_("This appointment is confirmed already.")) from error


def _confirm(who: Who, appointment: Appointment) -> AppointmentConfirmation:
    row = AppointmentConfirmation.objects.create(
        appointment=appointment, confirmed_by=who.id, confirmed_at=clock.now()
    )
    chain.record(
        "appointment.confirmed",
        who,
        agency=appointment.agency_id,
        subject=("person", appointment.person_id),
        covers=[row],
        role=appointment.role,
    )
    return row


def end(actor: Actor, appointment: Appointment, *, on: date, reason: str) -> AppointmentEnd:
    """End an appointment early, from the day `on`. Raises Refused."""
    require(actor, "people.appoint", appointment.agency)
    if hasattr(appointment, "end"):
        raise Refused(_("This appointment has ended already."))
    try:
        with transaction.atomic():
            row = AppointmentEnd.objects.create(
                appointment=appointment,
                ended_on=on,
                reason=reason,
                ended_by=str(actor.person.pk),
                ended_at=clock.now(),
            )
            chain.record(
                "appointment.ended",
                actor.who,
                agency=appointment.agency_id,
                subject=("person", appointment.person_id),
                covers=[row],
                role=appointment.role,
            )
    except IntegrityError as error:
        raise Refused(_("This appointment has ended already.")) from error
    return row


def found(who: Who, appointments: Iterable[tuple[Person, Agency, str, str, date]]) -> list[Appointment]:
    """The first appointments of an instance, (person, agency, role, paper, from), before anyone could make them.

    Only while there is no appointment at all: the set-up page and the demonstration. Raises Refused.
    """
    with transaction.atomic():
        if Appointment.objects.exists():
            raise Refused(_("This instance is set up already."))
        rows = []
        for person, agency, role, paper, starts_on in appointments:
            row = _propose(who, person, agency, role, paper=paper, starts_on=starts_on)
            _confirm(who, row)
            rows.append(row)
    return rows


def holders(agency: Agency, role: str, on: date | None = None) -> list[Person]:
    """Who holds `role` in the agency on a day (default today), deputies last."""
    rows = Appointment.objects.filter(effective(on or clock.today()), agency=agency, role=role)
    return [a.person for a in rows.select_related("person").order_by("deputy", "pk")]


def guards() -> list[Guard]:
    """The separation of administrators, and of proposing and confirming, in the database."""
    admins = ", ".join(f"'{role}'" for role in ADMINISTRATORS)
    clash = (
        'EXISTS (SELECT 1 FROM "agencies_appointment" held WHERE held.person_id = NEW.person_id '
        'AND NOT EXISTS (SELECT 1 FROM "agencies_appointmentend" e WHERE e.appointment_id = held.id '
        "AND e.ended_on <= NEW.starts_on) "
        "AND (held.ends_on IS NULL OR held.ends_on >= NEW.starts_on) "
        "AND (NEW.ends_on IS NULL OR held.starts_on <= NEW.ends_on) AND {which})"
    )
    two = clash.format(which=f"NEW.role IN ({admins}) AND held.role IN ({admins}) AND held.role <> NEW.role")
    audit = clash.format(
        which=f"((NEW.role = 'audit_admin' AND held.role NOT IN ({admins})) "
        f"OR (held.role = 'audit_admin' AND NEW.role NOT IN ({admins})))"
    )
    # SQLite keeps an id without hyphens, PostgreSQL with them.
    alone = (
        'EXISTS (SELECT 1 FROM "agencies_appointment" p WHERE p.id = NEW.appointment_id AND ('
        "REPLACE(CAST(p.person_id AS TEXT), '-', '') = REPLACE(NEW.confirmed_by, '-', '') "
        "OR (p.made_by = NEW.confirmed_by AND p.made_by NOT LIKE 'system:%')))"
    )
    return [
        Guard(
            "appointment_separation",
            "agencies_appointment",
            "INSERT",
            (
                ("nobody holds two of the three administrators roles", two),
                ("the audit administrator never reviews or approves", audit),
            ),
        ),
        Guard(
            "appointment_confirmation",
            "agencies_appointmentconfirmation",
            "INSERT",
            (("another person confirms an appointment than who proposed it or gets it", alone),),
        ),
    ]
