"""Registering applications and requests to amend a record: the forms of the register as JSON, further applicants
as a list."""

import re
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Status
from pydantic import BaseModel, Field

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Refused, agencies_for
from gongkai.api import shapes
from gongkai.api.act_calls import WRITE
from gongkai.api.callers import Caller
from gongkai.api.case_calls import CASES, shown
from gongkai.api.door import caller_of, offer
from gongkai.api.form_bodies import body_of, filled
from gongkai.api.problems import Problem, refused, wrong_fields
from gongkai.applications import intake, register_views
from gongkai.applications.amendment_forms import AmendmentRegisterForm
from gongkai.applications.intake import Incomplete, RegisteredAlready
from gongkai.applications.models import Application
from gongkai.applications.personal import MOST_APPLICANTS
from gongkai.applications.request_forms import RegisterForm

# How the form names the fields of a further applicant, counted from one.
_FURTHER = re.compile(r"^co([0-9]+)_([a-z_]+)$")


def _form_body(name: str, form: type[RegisterForm], submission: str) -> type[BaseModel]:
    """The body: the form with every further applicant unfolded, those as one list. submission: what the page
    fills in unseen."""
    with translation.override("en"):
        whole = form({"others": str(MOST_APPLICANTS - 1)}, agencies=Agency.objects.none())
        whole.fields["submission"].label = submission
        flat = {
            name: field
            for name, field in whole.fields.items()
            if name != "others" and _FURTHER.match(name) is None
        }
        for each, field in flat.items():
            # What only several applicants are asked for is left out by one.
            field.required = field.required and each in form.base_fields
        words = "Further applicants of the same application."
        several = (list[_PARTY] | None, Field(None, max_length=MOST_APPLICANTS - 1, description=words))  # type: ignore[valid-type]
        return body_of(name, flat, co_applicants=several)


def _party() -> type[BaseModel]:
    """A further applicant, as the fields of the first of them."""
    with translation.override("en"):
        whole = RegisterForm({"others": "1"}, agencies=Agency.objects.none())
        party = {
            further[2]: field
            for name, field in whole.fields.items()
            if (further := _FURTHER.match(name)) is not None
        }
        for field in party.values():
            field.label = str(field.label).partition(": ")[2]
        return body_of("FurtherApplicant", party)


_PARTY = _party()
ApplicationBody = _form_body(
    "Application", RegisterForm, "A UUID that you choose; sent again it is the same application"
)
AmendmentBody = _form_body(
    "AmendmentRequest", AmendmentRegisterForm, "A UUID that you choose; sent again it is the same request"
)


def _form(kind: type[RegisterForm], said: BaseModel, caller: Caller) -> RegisterForm:
    """The register's form, filled in and valid. Raises Problem (422)."""
    given = said.model_dump(exclude_none=True)
    parties = given.pop("co_applicants", [])
    if parties:
        given = {"spokesperson": "0", **given, "others": str(len(parties))}
    for place, party in enumerate(parties, start=1):
        given |= {f"co{place}_{name}": value for name, value in party.items()}
    try:
        return filled(kind, given, agencies=agencies_for(caller, "application.register"))
    except Problem as problem:
        raise wrong_fields(_named(problem.said.fields), problem.said.message) from None


def _named(fields: dict[str, str]) -> dict[str, str]:
    """The form's names as those of the body."""

    def name(field: str) -> str:
        further = _FURTHER.match(field)
        return f"co_applicants.{int(further[1]) - 1}.{further[2]}" if further else field

    return {name(field): words for field, words in fields.items()}


@offer(
    "POST",
    "applications",
    shapes.Registered,
    status=201,
    answers={200: shapes.Registered},
    scopes=WRITE,
    tag=CASES,
    name="register_application",
)
def register(request: HttpRequest, said: ApplicationBody) -> Any:  # type: ignore[valid-type]
    """Register what came in by another way than the public page. `submission` is a UUID that you choose: the same
    sent again answers 200 with the case that the first one made, so that a call may be repeated until it is
    answered; another content under the same one is refused."""
    return _entered(caller_of(request), register_views.APPLICATION, said)


@offer(
    "POST",
    "amendments",
    shapes.Registered,
    status=201,
    answers={200: shapes.Registered},
    scopes=WRITE,
    tag=CASES,
    name="register_amendment",
)
def register_amendment(request: HttpRequest, said: AmendmentBody) -> Any:  # type: ignore[valid-type]
    """Register a request to amend a record about the applicant (art. 41), however it came in. From then on it is a
    case as every other: it is read and acted on under `/applications/{id}`, its matter is `amendment`, and it counts
    in no row of the report.

    `submission` is a UUID that you choose, as for an application; one UUID stands for one of the two."""
    return _entered(caller_of(request), register_views.AMENDMENT, said)


def _entered(caller: Caller, entry: register_views.Entry, said: BaseModel) -> Any:
    """The answer to what was sent for one kind of matter of the register. Raises Problem."""
    if not agencies_for(caller, "application.register").exists():
        raise Problem(403, _("The person for whom this token acts may not register applications."))
    form = _form(entry.form, said, caller)
    agency, submission = form.cleaned_data["agency"], form.cleaned_data["submission"]
    before = Application.objects.filter(submission=submission).first()
    if before is not None and before.agency_id != agency.pk:
        raise _used()
    try:
        case = register_views.registered(caller, entry, form)
    except RegisteredAlready:
        raise _used() from None
    except Incomplete as refusal:
        raise wrong_fields(_named(dict(refusal.problems))) from refusal
    except Refused as refusal:
        raise refused(refusal) from refusal
    case = Application.objects.select_related("agency").get(pk=case.pk)
    answer = shapes.Registered(
        id=case.pk, number=case.number, query_code=intake.query_code(case), case=shown(caller, case)
    )
    return Status(200 if before is not None else 201, answer)


def _used() -> Problem:
    return Problem(
        409,
        _("This submission is registered with another content already."),
        way_out=_("Send a different application under a UUID of its own."),
    )
