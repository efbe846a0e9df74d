"""What an application must hold (art. 29) before it is taken, said field by field."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from gongkai.applications import identities
from gongkai.applications.models import APPLICANT_KINDS
from gongkai.applications.personal import FORMS, IDENTITIES, MOST_APPLICANTS, WAYS, Party, Person, Request
from gongkai.paperwork.text import clean

NATURAL = "natural_person"
LONGEST = 5000
_LIMITS = {
    "name": 100,
    "identity_number": identities.LONGEST,
    "phone": 40,
    "email": 100,
    "postcode": 10,
    "address": 200,
    "representative": 60,
    "representative_identity_number": identities.LONGEST,
    "agent": 60,
    "agent_identity_number": identities.LONGEST,
    "agent_phone": 40,
}
# What a paper of an application proves; anything else is material.
AUTHORITY, APPOINTMENT, MATERIAL = "authority", "appointment", "material"
DELEGATE = "delegate"
# Documents of which an organisation, and a natural person, has none.
_OF_PEOPLE = frozenset(IDENTITIES) - {"credit_code", "other"}
Problems = dict[str, str]


def co(place: int, fact: str) -> str:
    """The name of a further applicant's field; place from 1."""
    return f"co{place}_{fact}"


def shown(text: str) -> str:
    """What a reader sees of a text: neither spaces nor signs of no width."""
    return clean(text)


def problems(kind: str, person: Person, request: Request) -> Problems:
    """What is missing or wrong in an application that the applicant fills in: field → one sentence."""
    found = malformed(kind, person, request)
    if not shown(person.name):
        found.setdefault("name", _("Give the name of the applicant."))
    if not person.identity_number.strip():
        found.setdefault("identity_number", _("Give the number of the identity document (art. 29)."))
    if not (person.phone.strip() or person.email.strip()):
        found.setdefault("phone", _("Give a telephone number or an e-mail address (art. 29)."))
    if kind != NATURAL and not shown(person.representative):
        found.setdefault("representative", _("Name the person who acts for the organisation."))
    if request.way == "post" and not person.address.strip():
        found.setdefault("address", _("Give the address to which the answer is to be posted."))
    if request.way == "email" and not person.email.strip():
        found.setdefault("email", _("Give the e-mail address to which the answer is to be sent."))
    if not any(map(shown, (request.title, request.number, request.description))):
        words = _("Say which information you want: its name, its document number, or a description.")
        found.setdefault("description", words)
    if person.agent and not person.agent_identity_number.strip():
        found.setdefault("agent_identity_number", _("Give the agent's identity number too."))
    for prefix, party in _beside(person):
        if not shown(party.name):
            found.setdefault(f"{prefix}_name", _("Give the name, or take this applicant off the form."))
        if not party.identity_number.strip():
            words = _("Give the number of the identity document (art. 29).")
            found.setdefault(f"{prefix}_identity_number", words)
    return found


def unproved(kind: str, person: Person, papers: Collection[str]) -> Problems:
    """What a form that nobody looks through with the applicant asks for on top: proof of who acts for whom.

    papers: the purposes of the files sent with it.
    """
    found: Problems = {}
    if kind == NATURAL and person.identity == "credit_code":
        found["identity"] = _("A natural person shows an identity card, a passport or a permit.")
    if kind != NATURAL and person.identity in _OF_PEOPLE:
        found["identity"] = _(
            "An organisation shows its unified social credit code; choose “another document” if it has none."
        )
    if kind != NATURAL and person.representative and not person.representative_identity_number:
        found["representative_identity_number"] = _("Give the identity number of who acts for it too.")
    if person.agent and AUTHORITY not in papers:
        found[AUTHORITY] = _("Add the power of attorney (授权委托书) as a file.")
    if person.delegate is not None and APPOINTMENT not in papers:
        found[APPOINTMENT] = _("Add the letter by which all applicants appointed this person, as a file.")
    return found


def malformed(kind: str, person: Person, request: Request) -> Problems:
    """What is wrong in what was given; nothing is asked for. A letter that lacks something is registered all
    the same, and completed by a correction (art. 30)."""
    found: Problems = {}
    if kind not in dict(APPLICANT_KINDS):
        found["applicant_kind"] = _("Choose what kind of applicant this is.")
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
    _together(person, found)
    return found


def _beside(person: Person) -> Iterator[tuple[str, Party]]:
    """The further applicants and the 代表人 who is none of them, each with the prefix of its fields."""
    for place, party in enumerate(person.co_applicants, start=1):
        yield f"co{place}", party
    if person.delegate is not None:
        yield DELEGATE, person.delegate


def _numbers(person: Person, found: Problems) -> None:
    """Kind and number of each party's document."""
    shown = {
        "identity": (person.identity, person.identity_number),
        "representative_identity": (person.representative_identity, person.representative_identity_number),
        "agent_identity": (person.agent_identity, person.agent_identity_number),
    }
    for prefix, party in _beside(person):
        shown[f"{prefix}_identity"] = (party.identity, party.identity_number)
    for name, (kind, number) in shown.items():
        if kind not in IDENTITIES:
            found[name] = _("Choose the kind of identity document.")
        elif words := identities.problem(kind, number):
            found.setdefault(f"{name}_number", words)


def _together(person: Person, found: Problems) -> None:
    """Several applicants: a sensible number, nobody twice, one 代表人 among them or named."""
    if len(person.co_applicants) >= MOST_APPLICANTS:
        found["others"] = _("At most %(n)d applicants on one form; add the list of the others as a file.") % {
            "n": MOST_APPLICANTS
        }
    seen = {(person.identity, identities.folded(person.identity_number))}
    for prefix, party in _beside(person):
        for name, limit in (
            ("name", 100),
            ("identity_number", identities.LONGEST),
            ("phone", 40),
            ("address", 200),
        ):
            if len(getattr(party, name)) > limit:
                found[f"{prefix}_{name}"] = _("At most %(n)d characters.") % {"n": limit}
        number = (party.identity, identities.folded(party.identity_number))
        if number[1] and number in seen:
            found.setdefault(f"{prefix}_identity_number", _("This applicant is named twice."))
        seen.add(number)
    if not 0 <= person.spokesperson <= len(person.co_applicants):
        found["spokesperson"] = _("Choose which applicant represents all of you (代表人).")
