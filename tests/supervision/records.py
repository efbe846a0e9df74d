"""Entries of the ledger as the tests write them."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from gongkai.journal import clock
from gongkai.supervision import entries, moves
from gongkai.supervision.definition import SYSTEM
from gongkai.supervision.models import Entry, Kind

SAMPLES = {
    "text": "演示文字",
    "longtext": "演示内容",
    "number": "2",
    "url": "https://example.gov.cn/1.html",
    "private": "演示·某人",
}


def sample(field: Any, office: Any) -> Any:
    """A fitting value for one field of a schema."""
    if field.type == "choice":
        return field.choices[0][0]
    if field.type == "date":
        return "2021-06-01"
    if field.type == "person":
        return office.people["handler"]
    if field.type == "people":
        return [office.people["handler"], office.people["reviewer"]]
    if field.type == "agency":
        return office.agency
    return SAMPLES[field.type]


def opener(office: Any, kind: Kind) -> Any:
    """Somebody who may open entries of the kind."""
    first = kind.definition.open_by[0]
    names = {"staff": "handler", "lead": "head", "principal": "approver", "supervisor": "supervisor"}
    return office.actor(names[first])


def opened(office: Any, code: str, *, by: str = "", **more: Any) -> Entry:
    """An entry of that kind with everything its schema asks for; its parent is made where one is needed."""
    kind = Kind.objects.get(pk=code)
    what = kind.definition
    fields = {field.name: sample(field, office) for field in what.form_fields} | more.pop("fields", {})
    base: dict[str, Any] = {"fields": fields}
    if what.due == "required":
        base["due_on"] = clock.today() + timedelta(days=30)
    if what.responsible == "required":
        base["responsible"] = office.people["handler"]
    if what.parent == "required":
        base["parent"] = opened(office, what.parents[0])
    if what.open_by == (SYSTEM,):
        if what.page == "rescreening":
            fields["release"] = "1"
        with transaction.atomic():
            return entries.open_of_itself(
                kind, office.agency, f"演示·{kind.name}", fields=fields, due_on=base.get("due_on")
            )
    actor = office.actor(by) if by else opener(office, kind)
    return entries.open_entry(
        actor, kind, office.agency, more.pop("subject", f"演示·{kind.name}"), **base | more
    )


def scored(office: Any, section: str, full: str, score: str, *, year: int = 2021) -> Entry:
    """An indicator that was scored."""
    entry = opened(office, "indicator", year=year, fields={"section": section, "full": full})
    return moves.take(office.actor("head"), entry, "score", fields={"score": score, "ground": "演示"})
