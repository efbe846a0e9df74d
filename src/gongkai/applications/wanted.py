"""What an application must hold (art. 29) before it is taken, said field by field."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from stdnum.cn import ric, uscc

from gongkai.applications.models import APPLICANT_KINDS
from gongkai.applications.personal import FORMS, IDENTITIES, WAYS, Person, Request

NATURAL = "natural_person"
LONGEST = 5000
_LIMITS = {
    "name": 100,
    "identity_number": 40,
    "phone": 40,
    "email": 100,
    "postcode": 10,
    "address": 200,
    "representative": 60,
    "agent": 60,
    "agent_identity_number": 40,
    "agent_phone": 40,
}
Problems = dict[str, str]


def problems(kind: str, person: Person, request: Request) -> Problems:
    """What is missing or wrong in an application that the applicant fills in: field → one sentence."""
    found = malformed(kind, person, request)
    if not person.name.strip():
        found.setdefault("name", _("Give the name of the applicant."))
    if not person.identity_number.strip():
        found.setdefault("identity_number", _("Give the number of the identity document (art. 29)."))
    if not (person.phone.strip() or person.email.strip()):
        found.setdefault("phone", _("Give a telephone number or an e-mail address (art. 29)."))
    if kind != NATURAL and not person.representative.strip():
        found.setdefault("representative", _("Name the person who acts for the organisation."))
    if request.way == "post" and not person.address.strip():
        found.setdefault("address", _("Give the address to which the answer is to be posted."))
    if request.way == "email" and not person.email.strip():
        found.setdefault("email", _("Give the e-mail address to which the answer is to be sent."))
    if not request.excerpt:
        words = _("Say which information you want: its name, its document number, or a description.")
        found.setdefault("description", words)
    return found


def malformed(kind: str, person: Person, request: Request) -> Problems:
    """What is wrong in what was given; nothing is asked for. A letter that lacks something is registered all
    the same, and completed by a correction (art. 30)."""
    found: Problems = {}
    if kind not in dict(APPLICANT_KINDS):
        found["applicant_kind"] = _("Choose what kind of applicant this is.")
    if person.identity not in IDENTITIES:
        found["identity"] = _("Choose the kind of identity document.")
    for name, limit in _LIMITS.items():
        if len(getattr(person, name)) > limit:
            found[name] = _("At most %(n)d characters.") % {"n": limit}
    for name, limit in (("title", 300), ("number", 100), ("description", LONGEST)):
        if len(getattr(request, name)) > limit:
            found[name] = _("At most %(n)d characters; add a file for the rest.") % {"n": limit}
    if request.form not in FORMS:
        found["form"] = _("Choose the form in which you want the information.")
    if request.way not in WAYS:
        found["way"] = _("Choose the way in which you want the information.")
    _numbers(person, found)
    return found


def _numbers(person: Person, found: Problems) -> None:
    checks: dict[str, tuple[Callable[[str], bool], str]] = {
        "resident_id": (ric.is_valid, _("This is not a valid resident identity number; check each digit.")),
        "credit_code": (uscc.is_valid, _("This is not a valid unified social credit code; check it.")),
    }
    number = person.identity_number.strip()
    if number and person.identity in checks and "identity_number" not in found:
        valid, words = checks[person.identity]
        if not valid(number):
            found["identity_number"] = words
    if person.agent and not person.agent_identity_number.strip():
        found.setdefault("agent_identity_number", _("Give the agent's identity number too."))
