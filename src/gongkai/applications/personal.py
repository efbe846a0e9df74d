"""The applicant and the wanted information: sealed at rest, read only with a journal entry (I7)."""

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.policy import Actor, require
from gongkai.applications.models import KIND, Application
from gongkai.files import sealing
from gongkai.journal import chain

IDENTITIES = {
    "resident_id": _("resident identity card"),
    "credit_code": _("unified social credit code"),
    "passport": _("passport"),
    "hk_macau_permit": _("travel permit for Hong Kong and Macau residents"),
    "taiwan_permit": _("travel permit for Taiwan residents"),
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


@dataclass(frozen=True)
class Person:
    """Who applies. An organisation names who acts for it; an agent shows the power of attorney."""

    name: str = ""
    identity: str = "resident_id"
    identity_number: str = ""
    phone: str = ""
    email: str = ""
    postcode: str = ""
    address: str = ""
    representative: str = ""
    agent: str = ""
    agent_identity_number: str = ""
    agent_phone: str = ""


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
    return sealing.seal(key, json.dumps(asdict(value), ensure_ascii=False, sort_keys=True))


def person(case: Application) -> Person:
    """The applicant, for a use case that writes its own journal entry. Raises sealing.Sealed."""
    return _opened(Person, case.sealed_person)


def request(case: Application) -> Request:
    """What is wanted, for a use case that writes its own journal entry. Raises sealing.Sealed."""
    return _opened(Request, case.sealed_request)


def _opened(kind: Any, text: str) -> Any:
    said = json.loads(sealing.unseal(text))
    names = {entry.name for entry in fields(kind)}
    if "materials" in said:
        said["materials"] = tuple(said["materials"])
    return kind(**{name: value for name, value in said.items() if name in names})


def show(actor: Actor, case: Application, what: str) -> tuple[Person, Request]:
    """Both, for showing them to a person; the journal says who saw them. what: the page. Raises Refused."""
    require(actor, "application.personal", case.agency)
    with transaction.atomic():
        chain.record(
            "application.shown", actor.who, agency=case.agency_id, subject=(KIND, case.pk), page=what
        )
    return person(case), request(case)


def prints(value: Person) -> dict[str, str]:
    """The keyed digests for exact look-up; empty where nothing was given."""
    return {
        "name_print": sealing.fingerprint(value.name) if value.name else "",
        "identity_print": sealing.fingerprint(value.identity_number) if value.identity_number else "",
        "phone_print": sealing.fingerprint(value.phone) if value.phone else "",
    }
