"""The pages of the acts in the course of a case: what each form begins with, and the use case that it calls."""

from typing import Any

from gongkai.agencies.policy import Actor
from gongkai.applications import (
    assigning,
    calls,
    consultations,
    events,
    excess,
    forms,
    incoming,
    personal,
    searching,
    verdicts,
)
from gongkai.applications.models import Application
from gongkai.files.sealing import Sealed
from gongkai.journal import clock

Said = dict[str, Any]


def assign_form(actor: Actor, case: Application) -> Said:
    people = assigning.candidates(case.agency).exclude(pk=case.handler_id)
    return {"people": people, "initial": {"seen": str(case.handler_id or "")}}


def assign(actor: Actor, case: Application, said: Said) -> Any:
    return assigning.assign(actor, case, said["to"], said["reason"], seen=said["seen"])


def search_form(actor: Actor, case: Application) -> Said:
    return {"initial": {"on": clock.today(), "searcher": actor.person.name, "found": "no"}}


def search(actor: Actor, case: Application, said: Said) -> Any:
    files = forms.uploads(said.pop("files"))
    return searching.record(actor, case, **said | {"found": said["found"] == "yes"}, files=files)


def call_form(actor: Actor, case: Application) -> Said:
    """The applicant's number stands in the form, since it is dialled; the journal says who saw it."""
    try:
        person, _request = personal.show(actor, case, "call")
    except Sealed:
        return {"initial": {"on": clock.today()}}
    whom = person.name
    return {"initial": {"on": clock.today(), "number": person.phone or person.agent_phone, "whom": whom}}


def call(actor: Actor, case: Application, said: Said) -> Any:
    reached = said["reached"] == "yes"
    return calls.log(
        actor,
        case,
        said["on"],
        number=said["number"],
        reached=reached,
        whom=said["whom"],
        said=said["said"],
        at=said["at"],
    )


def reasons_form(actor: Actor, case: Application) -> Said:
    return {"initial": {"facts": excess.facts(case)}}


def received_reasons(actor: Actor, case: Application, said: Said) -> Any:
    return incoming.receive_reasons(
        actor, case, said["on"], text=said["text"], files=forms.uploads(said["files"])
    )


def delay_form(actor: Actor, case: Application) -> Said:
    return {"initial": {"on": clock.today()}}


def objectors(actor: Actor, case: Application) -> Said:
    names = consultations.objectors(case, events.of(case)).values()
    return {"objectors": [name for name in names if name]}


def fee_form(actor: Actor, case: Application) -> Said:
    return {"earlier": excess.earlier(case)}


def third_parties(actor: Actor, case: Application) -> Said:
    """Whom the case still waits for, to enter a third party's opinion."""
    return {"asked": verdicts.asked(case, events.of(case), "third_party_answered")}


def agencies(actor: Actor, case: Application) -> Said:
    """Whom the case still waits for, to enter an agency's opinion."""
    return {"asked": verdicts.asked(case, events.of(case), "agency_answered")}
