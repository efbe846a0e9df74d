"""Acting on a case: every act of the one table, in its way (ways.py), and the table itself."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Body
from pydantic import BaseModel

from gongkai.agencies.policy import Refused, allowed
from gongkai.api import shapes
from gongkai.api.callers import Caller
from gongkai.api.case_calls import case_of, shown
from gongkai.api.door import caller_of, offer
from gongkai.api.form_bodies import both
from gongkai.api.models import Scope
from gongkai.api.problems import Problem, refused
from gongkai.api.ways import WAYS
from gongkai.applications import acts, events, verdicts
from gongkai.applications.acts import ACTS
from gongkai.applications.models import Application, Letter

ACTS_TAG = "Acts"
WRITE = (Scope.READ_CASES.value, Scope.WRITE_CASES.value)


def perform(caller: Caller, case: Application, key: str, said: BaseModel) -> Any:
    """Do the act; what its use case made. Raises Problem: 403 for another role, 422 for the fields, 409 by law."""
    if not allowed(caller, ACTS[key].right, case.agency):
        raise Problem(403, _("This act is for another role of the agency than the token's person holds."))
    way = WAYS[key]
    try:
        form = way.fill(caller, case, said)
    except Problem as problem:
        # Where the act is unlawful now, the law is the better answer than a field that hangs on it.
        found = _verdict(caller, case, key)
        if problem.status == 422 and found is not None and not found.allowed:
            raise Problem(
                409, str(found.reason), article=found.article, way_out=way_out(caller, case)
            ) from None
        raise
    try:
        return way.run(caller, case, form)
    except Refused as refusal:
        raise refused(refusal, way_out(caller, case)) from refusal


def _verdict(caller: Caller, case: Application, key: str) -> acts.Verdict | None:
    found = verdicts.of(caller, case, events.of(case))
    return next((each for each in found if each.act.key == key), None)


def way_out(caller: Caller, case: Application) -> str:
    """What this caller may do with the case instead, in one sentence."""
    case = Application.objects.select_related("agency").get(pk=case.pk)
    may = [each.act for each in verdicts.of(caller, case, events.of(case)) if each.allowed]
    if not may:
        return _("Nothing is to be done here by this person now.")
    return _("Lawful now: %(acts)s.") % {"acts": "、".join(f"{act.label} ({act.key})" for act in may)}


def _about(key: str) -> str:
    act, consequence = ACTS[key], WAYS[key].consequence
    states = ", ".join(f"`{state.value}`" for state in act.states)
    roles = ", ".join(f"`{role.value}`" for role in act.roles)
    said = [both(acts.LABELS[key]), f"Law: {act.law}. In the states {states}; by {roles}."]
    return "\n\n".join([*said, both(consequence)] if consequence else said)


def _offer(key: str) -> None:
    def do(request: HttpRequest, case: UUID, said: Any = Body(...)) -> shapes.Done:  # noqa: B008 (ninja's form)
        caller = caller_of(request)
        row = case_of(caller, case)
        made = perform(caller, row, key, said)
        letter = made.pk if isinstance(made, Letter) else None
        return shapes.Done(letter=letter, case=shown(caller, case_of(caller, row.pk)))

    do.__annotations__["said"] = WAYS[key].body
    offer(
        "POST",
        f"applications/{{uuid:case}}/acts/{key}",
        shapes.Done,
        scopes=WRITE,
        tag=ACTS_TAG,
        also=(404,),
        name=f"act_{key}",
        summary=both(acts.LABELS[key]),
        about=_about(key),
    )(do)


@offer("GET", "acts", shapes.Acts, tag=ACTS_TAG, name="list_acts")
def table(request: HttpRequest) -> shapes.Acts:
    """The table of acts: in which states and by whom each is lawful, by which article, and what it asks for."""
    return shapes.Acts(
        items=[
            shapes.ActShape(
                act=act.key,
                label=act.label,
                law=act.law,
                states=[state.value for state in act.states],
                matters=[matter.value for matter in act.matters],
                roles=[role.value for role in act.roles],
                event=act.event,
                open=act.key in WAYS,
                fields=[
                    shapes.FieldShape(name=name, label=str(field.label or name), required=field.required)
                    for name, field in WAYS[act.key].fields.items()
                ]
                if act.key in WAYS
                else [],
            )
            for act in ACTS.values()
        ]
    )


for _key in WAYS:
    _offer(_key)
