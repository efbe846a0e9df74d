"""Registration, letter and index numbers: no gaps, no duplicates, under concurrency too (I8, I9)."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency, IssuedNumber, NumberSeries, VoidNumber
from gongkai.agencies.policy import Refused
from gongkai.journal import chain, clock
from gongkai.journal.chain import Who


def issue(
    agency: Agency, kind: str, form: str, *, who: Who, subject: tuple[str, Any], on: date | None = None
) -> IssuedNumber:
    """Give out the next number of the agency's series `kind` in the year of `on` (default: today).

    form: how it is written, with {year}, {n}, {mark} and {code}, as "{mark}〔{year}〕{n}号". Must run in
    the transaction that uses the number: when that fails the number was never given out, so there is no gap.
    """
    # Before the series is locked: whoever holds the journal may want the same series.
    chain.hold()
    year = (on or clock.today()).year
    # The savepoint keeps a lost race for the first row from spoiling the caller's transaction.
    with transaction.atomic():
        NumberSeries.objects.get_or_create(agency=agency, kind=kind, year=year)
    rows = NumberSeries.objects.filter(agency=agency, kind=kind, year=year)
    rows.update(last=F("last") + 1)
    value = rows.get().last
    text = form.format(year=year, n=value, mark=agency.document_mark, code=agency.code)
    number = IssuedNumber.objects.create(
        agency=agency,
        kind=kind,
        year=year,
        value=value,
        text=text,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        issued_at=clock.now(),
    )
    chain.record("number.issued", who, agency=agency.pk, subject=subject, covers=[number], number=text)
    return number


def void(number: IssuedNumber, reason: str, *, who: Who) -> VoidNumber:
    """Mark a number 作废; it stays and is never given out again. Raises Refused where it is void already."""
    try:
        with transaction.atomic():
            row = VoidNumber.objects.create(
                number=number, reason=reason, voided_by=who.id, voided_at=clock.now()
            )
            chain.record(
                "number.voided",
                who,
                agency=number.agency_id,
                subject=(number.subject_kind, number.subject_id),
                covers=[row],
                number=number.text,
                reason=reason,
            )
    except IntegrityError as error:
        raise Refused(_("This number is void already.")) from error
    return row
