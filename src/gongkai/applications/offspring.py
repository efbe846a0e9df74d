"""Opening a case from another one: a part of a split, or the answer anew that was ordered.

The new case has its own number, its own key and its own clock; applicant, channel and arrival are those of the
case it comes from. What is personal is sealed anew, so that each case is filed and erased by itself (I7).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from gongkai.agencies import numbering, options
from gongkai.agencies.policy import Actor
from gongkai.applications import intake, likeness, personal
from gongkai.applications.models import KIND, Application, CaseEvent, Matter, PartyPrint
from gongkai.files import sealing
from gongkai.journal import chain, clock

# Of the registered event of the case it comes from: how the receipt day is known (art. 31).
EVIDENCE = ("signed", "confirmed", "addressee", "read_back", "unreached")


def open_from(
    actor: Actor,
    case: Application,
    matter: Matter,
    request: personal.Request,
    *,
    words: str = "",
    **data: Any,
) -> Application:
    """Register a case that comes from `case`, inside the caller's transaction, which holds `case`; its clock does
    not run yet. words: kept sealed with the registration; data: what the registration says, nothing personal."""
    key = sealing.new_key()
    made = Application(
        agency=case.agency,
        submission=uuid4(),
        matter=matter,
        origin=case,
        channel=case.channel,
        applicant_kind=case.applicant_kind,
        arrived_on=case.arrived_on,
        case_key=key.pk,
        sealed_person=sealing.seal(key.pk, sealing.unseal(case.sealed_person)),
        sealed_request=personal.seal(key.pk, replace(request, materials=())),
        name_print=case.name_print,
        identity_print=case.identity_print,
        phone_print=case.phone_print,
        reading_help=case.reading_help,
        registered_by=actor.person,
        registered_at=clock.now(),
    )
    form = options.read(case.agency, intake.NUMBER_FORM)
    made.number = numbering.issue(case.agency, KIND, form, who=actor.who, subject=(KIND, made.pk)).text
    made.save(force_insert=True)
    PartyPrint.objects.bulk_create(
        PartyPrint(application=made, role=row.role, fact=row.fact, print=row.print)
        for row in case.party_prints.order_by("pk")
    )
    likeness.add(made, request)
    _registered(actor, made, case, words, data)
    return made


def _registered(
    actor: Actor, made: Application, case: Application, words: str, data: Mapping[str, Any]
) -> None:
    said = case.events.get(seq=1).data
    row = CaseEvent.objects.create(
        application=made,
        seq=1,
        type="registered",
        on=clock.today(),
        data={"digest": intake.fixed_digest(made)}
        | {name: said[name] for name in EVIDENCE if name in said}
        | data,
        sealed=sealing.seal(made.case_key, words.strip()),
        person=actor.person,
        at=clock.now(),
    )
    chain.record(
        "application.registered",
        actor.who,
        agency=made.agency_id,
        subject=(KIND, made.pk),
        covers=[row],
        number=made.number,
        channel=made.channel,
        origin=str(case.pk),
        matter=made.matter,
    )
