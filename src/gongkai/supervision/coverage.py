"""How far the standard catalogues are covered by what is public: by agency and field, and entry by entry; tasks from
what is missing (国办发〔2019〕54号: 对照标准目录公开)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency, Person
from gongkai.agencies.policy import Actor, Refused
from gongkai.disclosure import standards
from gongkai.disclosure.models import StandardAnswer, StandardCount, StandardDuty, StandardEntry
from gongkai.rulebook.standards import PROACTIVE
from gongkai.supervision import entries
from gongkai.supervision.models import Entry

TASK = "task"


def _number(rows: QuerySet[Any], by: str, **how: Any) -> Any:
    """A number from rows of an outer row, which all have the same `by`; 0 where there are none."""
    counted = rows.order_by().values(by).annotate(**how).values(*how)
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def by_duty(day: date) -> QuerySet[StandardDuty]:
    """Each field that an agency answers, with `total` entries owed, `answered`, `missing` and `late` items."""
    owed = StandardEntry.objects.filter(edition__in=standards.in_force(day), way=PROACTIVE)
    codes = owed.filter(edition__field=OuterRef(OuterRef("field"))).values("code")
    held = StandardCount.objects.filter(agency=OuterRef("agency"), public__gt=0, code__in=codes)
    rows = StandardDuty.objects.select_related("agency", "field").annotate(
        total=_number(owed.filter(edition__field=OuterRef("field")), "edition__field", number=Count("pk")),
        answered=_number(held, "agency", number=Count("pk")),
        late=_number(held, "agency", number=Sum("late")),
    )
    return rows.annotate(missing=F("total") - F("answered"))


def by_entry(agency: Agency, day: date) -> QuerySet[StandardEntry]:
    """The entries that an agency owes on its own initiative, with `held` and `late` items and `newest` (moment)."""
    fields = StandardDuty.objects.filter(agency=agency).values("field__code")
    counted = StandardCount.objects.filter(agency=agency, code=OuterRef("code"))
    newest = StandardAnswer.objects.filter(agency=agency, code=OuterRef("code")).order_by("-released_at")
    rows = standards.entries(day).filter(edition__field__code__in=fields, way=PROACTIVE)
    return rows.annotate(
        held=Coalesce(Subquery(counted.values("public")[:1]), 0),
        late=Coalesce(Subquery(counted.values("late")[:1]), 0),
        newest=Subquery(newest.values("released_at")[:1]),
    )


def open_task(actor: Actor, agency: Agency, entry: StandardEntry, said: Mapping[str, Any]) -> Entry:
    """A task to publish what an entry wants: `said` names the responsible person and the day. Raises Refused."""
    subject = _("Publish by the standard catalogue: %(field)s, %(entry)s") % {
        "field": entry.edition.field.name,
        "entry": str(entry),
    }
    subject = subject[: entries.LONGEST_SUBJECT]
    responsible: Person = said["responsible"]
    with transaction.atomic():
        if Entry.objects.filter(kind=TASK, agency=agency, subject=subject, closed_as="").exists():
            raise Refused(_("A task for this entry is open already."))
        wanted = _("What is disclosed: %(contents)s. Term: %(term)s.")
        return entries.open_entry(
            actor,
            TASK,
            agency,
            subject,
            fields={"requirement": wanted % {"contents": entry.contents, "term": entry.term or "—"}},
            responsible=responsible,
            due_on=said["due_on"],
        )
