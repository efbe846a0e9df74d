"""Registering an application: the register's form as JSON, further applicants as a list."""

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
from gongkai.applications import intake
from gongkai.applications.intake import Incomplete, RegisteredAlready, Taken
from gongkai.applications.models import Application
from gongkai.applications.personal import MOST_APPLICANTS
from gongkai.applications.request_forms import RegisterForm
from gongkai.rulebook.receipt import Channel

# How the form names the fields of a further applicant, counted from one.
_FURTHER = re.compile(r"^co([0-9]+)_([a-z_]+)$")


def _body() -> type[BaseModel]:
    """The body: the form with every further applicant unfolded, those as one list."""
    with translation.override("en"):
        whole = RegisterForm({"others": str(MOST_APPLICANTS - 1)}, agencies=Agency.objects.none())
        # A page fills it in unseen.
        whole.fields["submission"].label = "A UUID that you choose; sent again it is the same application"
        party, flat = {}, {}
        for name, field in whole.fields.items():
            further = _FURTHER.match(name)
            if further is None and name != "others":
                # What only several applicants are asked for is left out by one.
                field.required = field.required and name in RegisterForm.base_fields
                flat[name] = field
            elif further is not None and further[1] == "1":
                field.label = str(field.label).partition(": ")[2]
                party[further[2]] = field
        one = body_of("FurtherApplicant", party)
        words = "Further applicants of the same application."
        several = (list[one] | None, Field(None, max_length=MOST_APPLICANTS - 1, description=words))  # type: ignore[valid-type]
        return body_of("Application", flat, co_applicants=several)


ApplicationBody = _body()


def _form(said: BaseModel, caller: Caller) -> RegisterForm:
    """The register's form, filled in and valid. Raises Problem (422)."""
    given = said.model_dump(exclude_none=True)
    parties = given.pop("co_applicants", [])
    if parties:
        given = {"spokesperson": "0", **given, "others": str(len(parties))}
    for place, party in enumerate(parties, start=1):
        given |= {f"co{place}_{name}": value for name, value in party.items()}
    try:
        return filled(RegisterForm, given, agencies=agencies_for(caller, "application.register"))
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
    caller = caller_of(request)
    if not agencies_for(caller, "application.register").exists():
        raise Problem(403, _("The person for whom this token acts may not register applications."))
    form = _form(said, caller)
    agency, submission = form.cleaned_data["agency"], form.cleaned_data["submission"]
    before = Application.objects.filter(submission=submission).first()
    if before is not None and before.agency_id != agency.pk:
        raise _used()
    try:
        case = _registered(caller, form, form.taken())
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


def _registered(caller: Caller, form: RegisterForm, taken: Taken) -> Application:
    said = form.cleaned_data
    return intake.register(
        caller,
        said["agency"],
        taken,
        channel=Channel(said["channel"]),
        arrival=form.arrival(),
        submission=said["submission"],
        read_back=said["read_back"],
        unreached=said["unreached"],
        evidence=said["evidence"],
    )


def _used() -> Problem:
    return Problem(
        409,
        _("This submission is registered with another content already."),
        way_out=_("Send a different application under a UUID of its own."),
    )
