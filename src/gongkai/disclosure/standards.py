"""Standard catalogues by field (标准目录, 国办发〔2019〕54号): editions, duties of agencies, what is published for each entry.

The edition in force on a day is the newest that had begun. An item names the entry that it answers by the entry's
code, which is the same in every edition; at its release the counts behind the public pages and the coverage move.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import calendars
from gongkai.agencies.models import Agency
from gongkai.agencies.papers import in_chinese
from gongkai.agencies.policy import Actor, Refused, grant, head, oversees, require, security, staff, system
from gongkai.disclosure import standard_sheet
from gongkai.disclosure.models import (
    Item,
    StandardAnswer,
    StandardCount,
    StandardDuty,
    StandardEdition,
    StandardEntry,
    StandardField,
)
from gongkai.journal import canon, chain, clock, outbox
from gongkai.rulebook import standards as rules
from gongkai.rulebook.calendar import CalendarError

READ, DUTIES, EDIT = "standard.read", "standard.duties", "standard.edit"
CHANGED = "standards.changed"
grant(READ, staff | oversees | system | security, gettext_lazy("see the standard catalogues of this agency"))
grant(DUTIES, head | oversees, gettext_lazy("say which standard catalogues this agency answers"))
grant(EDIT, system | security, gettext_lazy("import standard catalogues"))
WHO = chain.Who("system:standards", "系统")


@in_chinese
@transaction.atomic
def load() -> int:
    """Create the fields that are missing, and their first edition where the rulebook has one. Returns how many
    fields were created."""
    there = set(StandardField.objects.values_list("code", flat=True))
    missing = [
        StandardField(code=field.code, name=field.label, order=order)
        for order, field in enumerate(rules.FIELDS)
        if field.code not in there
    ]
    StandardField.objects.bulk_create(missing, ignore_conflicts=True)
    for field in StandardField.objects.filter(code__in=rules.ENTRIES, editions=None):
        rows = [asdict(entry) for entry in rules.ENTRIES[field.code]]
        _write(field, rows, rules.STARTS_ON, _("with the program"), "", None, WHO)
    return len(missing)


def _write(
    field: StandardField,
    rows: Iterable[Mapping[str, Any]],
    starts_on: date,
    name: str,
    digest: str,
    person: Any,
    who: chain.Who,
) -> StandardEdition:
    edition = StandardEdition.objects.create(
        field=field, starts_on=starts_on, name=name, digest=digest, person=person, at=clock.now()
    )
    entries = [
        StandardEntry.objects.create(edition=edition, order=order, **row)
        for order, row in enumerate(rows, start=1)
    ]
    chain.record(
        "standards.edition",
        who,
        subject=("standard_field", field.code),
        covers=[edition, *entries],
        name=name,
        starts_on=starts_on.isoformat(),
    )
    outbox.emit(CHANGED, field=field.code)
    return edition


def edition_of(field: StandardField, day: date) -> StandardEdition | None:
    """The edition of a field in force on a day."""
    return field.editions.filter(starts_on__lte=day).order_by("-starts_on", "-pk").first()


def in_force(day: date) -> list[int]:
    """The keys of the editions in force on a day, one for each field that has any."""
    rows = StandardEdition.objects.filter(starts_on__lte=day).order_by("starts_on", "pk")
    return list(dict(rows.values_list("field_id", "pk")).values())


def entries(day: date, fields: Iterable[str] | None = None) -> QuerySet[StandardEntry]:
    """The entries in force on a day, of all fields or of those named by code."""
    found = StandardEntry.objects.filter(edition__in=in_force(day)).select_related("edition__field")
    if fields is not None:
        found = found.filter(edition__field__code__in=list(fields))
    return found.order_by("edition__field__order", "order")


def entry(code: str, day: date) -> StandardEntry | None:
    """The entry with that code in the edition in force; None where there is none any more."""
    return entries(day).filter(code=code).first() if code else None


def choices(agency: Agency) -> list[Any]:
    """The entries an item of this agency can answer, in groups by field: those of its duties, or all where it has
    none."""
    own = list(StandardDuty.objects.filter(agency=agency).values_list("field__code", flat=True))
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in entries(clock.today(), own or None):
        groups.setdefault(row.edition.field.name, []).append((row.code, str(row)))
    return list(groups.items())


# What is published


def answer_of(item: Item, content: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Code, agency and first release by which a public item answers the entry that its frozen content names; None
    where it names none."""
    code = content.get("standard", "")
    return (code, item.agency_id, item.released_at) if code and item.released_at else None


def released(item: Item, content: Mapping[str, Any]) -> None:
    """Inside a release: the item answers the entry that its frozen content names, and no other."""
    withdrawn(item)
    if answer_of(item, content) is None or item.live is None:
        return
    code = content["standard"]
    # The edition of the day of the release, so that the row can be made anew on any other day.
    late = _late(item, entry(code, timezone.localtime(item.live.released_at).date()))
    StandardAnswer.objects.create(
        item=item, code=code, agency_id=item.agency_id, released_at=item.released_at, late=late
    )
    StandardCount.objects.bulk_create(
        [StandardCount(code=code, agency_id=item.agency_id)], ignore_conflicts=True
    )
    _counted(code, item, 1, late=late)


def withdrawn(item: Item) -> None:
    """Inside a withdrawal: the item answers nothing any more."""
    held = StandardAnswer.objects.filter(item=item).first()
    if held is None:
        return
    _counted(held.code, item, -1, late=held.late)
    held.delete()


def _counted(code: str, item: Item, number: int, *, late: bool) -> None:
    rows = StandardCount.objects.filter(code=code, agency_id=item.agency_id)
    if number < 0:
        # A count that is behind must not stop a withdrawal.
        rows = rows.filter(public__gt=0)
    rows.update(public=F("public") + number)
    if late:
        rows.filter(**({"late__gt": 0} if number < 0 else {})).update(late=F("late") + number)


def _late(item: Item, row: StandardEntry | None) -> bool:
    """Whether the first release came after the working days that the entry gives from forming."""
    if row is None or not row.days or item.formed_on is None or item.released_at is None:
        return False
    try:
        due = calendars.current().add_working_days(item.formed_on, row.days)
    except CalendarError:
        return False
    return timezone.localtime(item.released_at).date() > due


def differences(*, repair: bool = False) -> list[str]:
    """What `gongkai check` says of the kept numbers: one sentence for each entry and agency; none after a repair."""
    with transaction.atomic():
        kept = StandardCount.objects.all()
        if repair:
            kept = kept.select_for_update()
        there = {(row.code, row.agency_id): (row.public, row.late) for row in kept}
        rows = StandardAnswer.objects.order_by().values_list("code", "agency_id")
        right = {
            (code, agency): (public, late)
            for code, agency, public, late in rows.annotate(
                public=Count("pk"), behind=Count("pk", filter=Q(late=True))
            )
        }
        wrong = [where for where in {*there, *right} if there.get(where, (0, 0)) != right.get(where, (0, 0))]
        if repair:
            for code, agency in wrong:
                public, late = right.get((code, agency), (0, 0))
                StandardCount.objects.update_or_create(
                    code=code, agency_id=agency, defaults={"public": public, "late": late}
                )
            return []
    return [
        f"标准目录事项 {code} 的公开条数与信息记录不符；运行 gongkai check --repair。"
        for code in sorted({code for code, _agency in wrong})
    ]


# Duties


def set_duties(actor: Actor, agency: Agency, fields: Sequence[StandardField]) -> None:
    """Say which fields an agency answers. Raises Refused."""
    require(actor, DUTIES, agency)
    with transaction.atomic():
        before = set(StandardDuty.objects.filter(agency=agency).values_list("field__code", flat=True))
        after = {field.code for field in fields}
        StandardDuty.objects.filter(agency=agency, field__code__in=before - after).delete()
        StandardDuty.objects.bulk_create(
            [StandardDuty(agency=agency, field=field) for field in fields if field.code not in before]
        )
        chain.record(
            "standards.duties",
            actor.who,
            agency=agency.pk,
            subject=("agency", agency.pk),
            before=sorted(before),
            after=sorted(after),
        )


# Import


@dataclass(frozen=True)
class Plan:
    """What an import would do: the rows with their codes, which of them are new or changed, and what is left out."""

    rows: tuple[dict[str, Any], ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]


def read(actor: Actor, field: StandardField, name: str, data: bytes) -> tuple[Plan, str]:
    """What a workbook would make of the catalogue of a field, and its digest; nothing is kept. Raises Refused."""
    require(actor, EDIT, None)
    try:
        reading = standard_sheet.read(data, name)
    except standard_sheet.SheetError as error:
        raise Refused(str(error)) from error
    return plan(field, reading.rows, reading.faults), canon.sm3(data)


def plan(
    field: StandardField, rows: Sequence[Mapping[str, Any]], faults: Sequence[tuple[str, str]] = ()
) -> Plan:
    """Give each row its code: the one it bears, that of the same matter before, or the next free one."""
    before = {row.code: row for row in entries(clock.today(), [field.code])}
    by_name = {(row.topic, row.matter): code for code, row in before.items()}
    used = set(StandardEntry.objects.filter(edition__field=field).values_list("code", flat=True))
    number, taken, coded, found = 0, set(), [], list(faults)
    for row in rows:
        code = row.get("code") or by_name.get((row["topic"], row["matter"]), "")
        while not code:
            number += 1
            said = f"{field.code}-{number:02}"
            code = "" if said in used or said in taken else said
        elsewhere = StandardEntry.objects.filter(code=code).exclude(edition__field=field).exists()
        if code in taken or elsewhere:
            where = _("in another field") if elsewhere else _("twice in this file")
            words = _("The code “%(code)s” stands %(where)s; leave it empty for a new matter.")
            found.append((f"{row['topic']}·{row['matter']}", words % {"code": code, "where": where}))
        taken.add(code)
        coded.append(dict(row) | {"code": code})
    names = rules.HEADINGS.values()
    return Plan(
        tuple(coded),
        tuple(_named(row) for row in coded if row["code"] not in before),
        tuple(
            _named(row)
            for row in coded
            if row["code"] in before and any(row[n] != getattr(before[row["code"]], n) for n in names)
        ),
        tuple(str(row) for code, row in before.items() if code not in taken),
        tuple(found),
    )


def _named(row: Mapping[str, Any]) -> str:
    return f"{row['topic']}·{row['matter']}"


def take(
    actor: Actor,
    field: StandardField,
    rows: Sequence[Mapping[str, Any]],
    *,
    starts_on: date,
    name: str,
    digest: str,
) -> StandardEdition:
    """Make a new edition of the rows that were looked at. Raises Refused."""
    require(actor, EDIT, None)
    made = plan(field, rows)
    if made.faults:
        raise Refused("；".join(f"{place}：{words}" for place, words in made.faults))
    with transaction.atomic():
        newest = field.editions.order_by("-starts_on").first()
        if newest is not None and starts_on < newest.starts_on:
            raise Refused(
                _("An edition in force from %(day)s is there already: choose that day or a later one.")
                % {"day": newest.starts_on.isoformat()}
            )
        return _write(field, made.rows, starts_on, name[:200], digest, actor.person, actor.who)


def coverage(day: date, agencies: QuerySet[Agency]) -> QuerySet[StandardEntry]:
    """The entries in force that the agencies owe on their own initiative: a row for each agency and entry, with
    `duty_agency` (key) and `duty_name`."""
    rows = StandardEntry.objects.filter(
        edition__in=in_force(day), edition__field__duties__agency__in=agencies
    )
    return rows.filter(~Q(way=rules.ON_APPLICATION)).annotate(
        duty_agency=F("edition__field__duties__agency"), duty_name=F("edition__field__duties__agency__name")
    )
