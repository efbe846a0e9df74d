"""What a kind expects and an agency does not have: the list of missing rules, among others (S98)."""

from dataclasses import dataclass
from typing import Any

from gongkai.agencies.models import Agency
from gongkai.supervision.models import Entry, Kind

AGENCIES_SHOWN = 50


@dataclass(frozen=True)
class Gap:
    """An expected value of a kind's field for which an agency has no entry in force."""

    agency: Agency
    code: str
    label: str


def missing(kind: Kind, agencies: Any) -> list[Gap]:
    """The gaps of these agencies, at most 50 of them; empty for a kind that expects nothing.

    In force is an entry whose state has the end “done”.
    """
    name, expected = kind.definition.expects
    if not name:
        return []
    labels = dict(kind.definition.field(name).choices)
    shown = list(agencies[:AGENCIES_SHOWN])
    there = {
        (entry.agency_id, entry.fields.get(name))
        for entry in Entry.objects.filter(
            kind=kind, agency__in=[a.pk for a in shown], closed_as=Entry.End.DONE
        )
    }
    return [
        Gap(agency, code, labels[code])
        for agency in shown
        for code in expected
        if (agency.pk, code) not in there
    ]
