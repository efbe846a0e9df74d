"""The applicant and the wanted information: sealed at rest, read only with a journal entry (I7)."""

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.policy import Actor, require
from gongkai.applications.models import KIND, Application, PartyPrint
from gongkai.files import prints, sealing
from gongkai.journal import chain

IDENTITIES = {
    "resident_id": _("resident identity card"),
    "credit_code": _("unified social credit code"),
    "passport": _("passport"),
    "hk_macau_permit": _("travel permit for Hong Kong and Macau residents"),
    "taiwan_permit": _("travel permit for Taiwan residents"),
    "hkmt_residence": _("residence permit for Hong Kong, Macau and Taiwan residents"),
    "permanent_residence": _("foreign permanent resident identity card"),
    "officer_card": _("officer's card"),
    "other": _("another document"),
}
FORMS = {"paper": _("paper"), "electronic": _("electronic data"), "reading": _("reading or copying by hand")}
WAYS = {
    "post": _("by post"),
    "email": _("by e-mail"),
    "online": _("on this site, by number and query code"),
    "pick_up": _("collected in person"),
    "on_site": _("read at the office"),
}


# Applicants of one application; a longer list comes as a file, with its 代表人 as the applicant.
MOST_APPLICANTS = 10
# What a party is looked up by, how many cases that may give, and what a further party is (PartyPrint).
MOST_FOUND = 1000
FACTS = {prints.NAME: "name", prints.IDENTITY: "identity_number", prints.PHONE: "phone"}
CO_APPLICANT, SPOKESPERSON, AGENT, ACTING = "co_applicant", "spokesperson", "agent", "acting"


@dataclass(frozen=True)
class Party:
    """Somebody with an identity: a further applicant, or the 代表人 that the applicants appointed."""

    name: str = ""
    identity: str = "resident_id"
    identity_number: str = ""
    phone: str = ""
    address: str = ""

    @property
    def described(self) -> str:
        """In one line: name, identity document, telephone, address."""
        identity = f"{IDENTITIES.get(self.identity, '')} {self.identity_number}"
        shown = (self.name, identity if self.identity_number else "", self.phone, self.address)
        return "，".join(part for part in shown if part)


@dataclass(frozen=True)
class Person:
    """Who applies: the first applicant, the others, and who acts for them.

    An organisation names who acts for it (representative). Several applicants have one 代表人: the one at
    `spokesperson` (0 the first, 1 the first of co_applicants …), or `delegate`, who is none of them and shows
    a letter of appointment. An agent shows the power of attorney.
    """

    name: str = ""
    identity: str = "resident_id"
    identity_number: str = ""
    phone: str = ""
    email: str = ""
    postcode: str = ""
    address: str = ""
    representative: str = ""
    representative_identity: str = "resident_id"
    representative_identity_number: str = ""
    agent: str = ""
    agent_identity: str = "resident_id"
    agent_identity_number: str = ""
    agent_phone: str = ""
    co_applicants: tuple[Party, ...] = ()
    spokesperson: int = 0
    delegate: Party | None = None

    @property
    def names(self) -> str:
        """All applicants in order, as a letter is addressed to them."""
        return "、".join(name for name in (self.name, *(each.name for each in self.co_applicants)) if name)

    @property
    def first(self) -> Party:
        """The first applicant, as the others are written."""
        return Party(self.name, self.identity, self.identity_number, self.phone, self.address)

    @property
    def speaker(self) -> Party:
        """Whom the agency turns to: the 代表人, or the one applicant."""
        return self.delegate or (self.first, *self.co_applicants)[self.spokesperson]

    @property
    def others(self) -> tuple[tuple[str, Party], ...]:
        """Everybody beside the first applicant, with the role that PartyPrint records."""
        found = [(CO_APPLICANT, each) for each in self.co_applicants]
        if self.delegate is not None:
            found.append((SPOKESPERSON, self.delegate))
        if self.representative:
            number = self.representative_identity_number
            found.append((ACTING, Party(self.representative, self.representative_identity, number)))
        if self.agent:
            shown = Party(self.agent, self.agent_identity, self.agent_identity_number, self.agent_phone)
            found.append((AGENT, shown))
        return tuple(found)

    @property
    def everybody(self) -> tuple[str, ...]:
        """The name of each party, for a check that a paper tells of none."""
        return tuple(name for name in (self.name, *(each.name for _role, each in self.others)) if name)


@dataclass(frozen=True)
class Request:
    """What is wanted (art. 29): name, document number or a description, and form and way of access."""

    title: str = ""
    number: str = ""
    description: str = ""
    form: str = "electronic"
    way: str = "online"
    materials: tuple[str, ...] = field(default=())

    @property
    def excerpt(self) -> str:
        """What was asked for, word for word, in one line."""
        named = f"《{self.title.strip('《》')}》" if self.title else ""
        numbered = f"（{self.number}）" if self.number else ""
        return " ".join(part for part in (f"{named}{numbered}", " ".join(self.description.split())) if part)


def seal(key: Any, value: Person | Request) -> str:
    """The value as sealed JSON."""
    return sealing.seal(key, _text(value))


def _text(value: Person | Request) -> str:
    return json.dumps(asdict(value), ensure_ascii=False, sort_keys=True)


def person(case: Application) -> Person:
    """The applicant, for a use case that writes its own journal entry. Raises sealing.Sealed."""
    return _opened(Person, case.sealed_person)


def request(case: Application) -> Request:
    """What is wanted, for a use case that writes its own journal entry. Raises sealing.Sealed."""
    return _opened(Request, case.sealed_request)


def says(case: Application, who: Person, what: Request) -> bool:
    """Whether the case was registered with exactly these: a form that was sent twice."""
    sealed = (case.sealed_person, case.sealed_request)
    return [json.loads(sealing.unseal(text)) for text in sealed] == [
        json.loads(_text(value)) for value in (who, what)
    ]


def _opened(kind: Any, text: str) -> Any:
    """What was sealed, whatever fields its time had."""
    said = json.loads(sealing.unseal(text))
    if "materials" in said:
        said["materials"] = tuple(said["materials"])
    if "co_applicants" in said:
        said["co_applicants"] = tuple(_known(Party, each) for each in said["co_applicants"])
    if said.get("delegate"):
        said["delegate"] = _known(Party, said["delegate"])
    return _known(kind, said)


def _known(kind: Any, said: dict[str, Any]) -> Any:
    names = {entry.name for entry in fields(kind)}
    return kind(**{name: value for name, value in said.items() if name in names})


def show(actor: Actor, case: Application, what: str) -> tuple[Person, Request]:
    """Both, for showing them to a person; the journal says who saw them. what: the page. Raises Refused."""
    require(actor, "application.personal", case.agency)
    with transaction.atomic():
        chain.record(
            "application.shown", actor.who, agency=case.agency_id, subject=(KIND, case.pk), page=what
        )
    return person(case), request(case)


def facts(value: Person) -> list[tuple[str, str]]:
    """The parties as (label, value) for pages and papers; a pair without value is left out."""
    words = {
        CO_APPLICANT: gettext("further applicant"),
        SPOKESPERSON: gettext("representative of the applicants, by letter of appointment"),
        ACTING: gettext("acting for the organisation"),
        AGENT: gettext("agent"),
    }
    contact = "，".join(part for part in (value.email, value.postcode) if part)
    found = [
        (gettext("applicant"), value.first.described),
        (gettext("e-mail and postcode"), contact),
        *((words[role], party.described) for role, party in value.others),
    ]
    if value.co_applicants and value.delegate is None:
        found.append((gettext("representative of the applicants"), value.speaker.name))
    return [(label, said) for label, said in found if said]


def prints_of(value: Person) -> dict[str, str]:
    """The keyed digests of the first applicant, for exact look-up; empty where nothing was given."""
    return {f"{fact}_print": prints.of(fact, getattr(value, name)) for fact, name in FACTS.items()}


def keep_prints(case: Application, value: Person) -> None:
    """Write the digests of everybody else, inside the transaction that registers the case."""
    PartyPrint.objects.bulk_create(
        PartyPrint(application=case, role=role, fact=fact, print=prints.of(fact, getattr(party, name)))
        for role, party in value.others
        for fact, name in FACTS.items()
        if getattr(party, name).strip()
    )


def find(agencies: Any, *, name: str = "", identity: str = "", phone: str = "") -> QuerySet[Application]:
    """The cases of these agencies whose parties have all the facts given; no fact, no case.

    For a use case that writes its own journal entry.
    """
    given = {"name": name, "identity": identity, "phone": phone}
    wanted = {fact: prints.either(fact, value) for fact, value in given.items() if value.strip()}
    if not wanted:
        return Application.objects.none()
    found = Application.objects.filter(agency__in=agencies)
    for fact, either in wanted.items():
        beside = PartyPrint.objects.filter(fact=fact, print__in=either).values_list(
            "application_id", flat=True
        )
        # Named one by one, so that each half of the condition goes along its own index.
        found = found.filter(Q(**{f"{fact}_print__in": either}) | Q(pk__in=list(beside[:MOST_FOUND])))
    return found
