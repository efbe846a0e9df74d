"""The kinds of the ledger: loaded from data/kinds.json, then extended by administrators."""

import json
from importlib import resources
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import chain
from gongkai.supervision.definition import BadKind, Definition, parse
from gongkai.supervision.models import Entry, Kind


def shipped() -> list[dict[str, Any]]:
    """The kinds that come with this version, flows written out. Raises BadKind where the data is wrong."""
    text = resources.files(__package__).joinpath("data", "kinds.json").read_text(encoding="utf-8")
    content = json.loads(text)
    rows = [_expanded(row, content["flows"]) for row in content["kinds"]]
    check_family([parse(row) for row in rows])
    return rows


def _expanded(row: dict[str, Any], flows: dict[str, Any]) -> dict[str, Any]:
    flow = row.get("flow")
    if flow is None:
        return row
    if flow not in flows:
        raise BadKind(
            _("Kind “%(code)s”: there is no flow “%(flow)s”.") % {"code": row.get("code"), "flow": flow}
        )
    return {key: value for key, value in row.items() if key != "flow"} | flows[flow]


def check_family(definitions: list[Definition]) -> None:
    """That every kind stands once and the kinds above it exist. Raises BadKind."""
    codes = [kind.code for kind in definitions]
    for kind in definitions:
        if codes.count(kind.code) > 1:
            raise BadKind(_("Kind “%(code)s” stands twice.") % {"code": kind.code})
        for parent in kind.parents:
            if parent not in codes:
                raise BadKind(
                    _("Kind “%(code)s”: there is no kind “%(parent)s” to belong to.")
                    % {"code": kind.code, "parent": parent}
                )


@transaction.atomic
def load() -> int:
    """Create the shipped kinds that are missing; local edits stay as they are. Returns how many were created."""
    there = set(Kind.objects.values_list("code", flat=True))
    missing = [row for row in shipped() if row["code"] not in there]
    for row in missing:
        Kind.objects.create(**_columns(parse(row)), data=row)
    return len(missing)


def _columns(kind: Definition) -> dict[str, Any]:
    names = ("code", "name", "group", "figure", "order")
    return {name: getattr(kind, name) for name in names}


def save(actor: Actor, data: Any, *, active: bool = True) -> Kind:
    """Add a kind, or change one. Raises Refused with the reason where the data is wrong.

    What entries already use stays: their states, and their fields with the same type (retire a field
    instead of removing it).
    """
    require(actor, "configuration.edit", None)
    with transaction.atomic():
        others = list(Kind.objects.select_for_update())
        try:
            kind = parse(data)
            check_family([kind, *(row.definition for row in others if row.code != kind.code)])
        except BadKind as error:
            raise Refused(str(error)) from None
        before = next((row for row in others if row.code == kind.code), None)
        if before is not None:
            _keep_what_is_used(before, kind)
        row, _created = Kind.objects.update_or_create(
            code=kind.code, defaults={**_columns(kind), "active": active, "data": data}
        )
        chain.record(
            "ledger.kind_saved",
            actor.who,
            subject=("ledger_kind", kind.code),
            definition=data,
            active=active,
        )
    return row


def _keep_what_is_used(before: Kind, after: Definition) -> None:
    used = Entry.objects.filter(kind=before)
    if not used.exists():
        return
    states = {state.code for state in after.states}
    for code in used.values_list("state", flat=True).distinct():
        if code not in states:
            raise Refused(
                _("Entries stand in the state “%(state)s”: keep it.")
                % {"state": before.definition.state(code).name}
            )
    ends = {state.code: state.end for state in after.states}
    for state in before.definition.states:
        if state.code in ends and ends[state.code] != state.end and used.filter(state=state.code).exists():
            raise Refused(
                _("Entries stand in the state “%(state)s”: its end cannot change.") % {"state": state.name}
            )
    types = {field.name: field.type for field in after.fields}
    for field in before.definition.fields:
        if types.get(field.name) != field.type:
            raise Refused(
                _("The field “%(label)s” holds entries: keep it with its type, or mark it as retired.")
                % {"label": field.label}
            )
