"""What tells of the writer: sealed, opened with a journal entry, kept out of everything else (I7)."""

import re
import unicodedata
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.correspondence import happenings
from gongkai.correspondence.models import Matter
from gongkai.files import prints, sealing
from gongkai.journal import chain


@dataclass(frozen=True)
class Letter:
    """What the writer sent, in the clear. For an assigned matter `text` is the leader's instruction (批示原文)."""

    text: str
    subject: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


PARTICULARS = ("name", "phone", "email", "address")
# Shorter values are part of ordinary words and would refuse harmless texts.
SHORTEST = {"name": 2, "phone": 7, "email": 5, "address": 6}


def unsealed(matter: Matter) -> Letter:
    """The letter in the clear, for the machine's own use (checks, addressing a reply). Raises sealing.Sealed."""
    return Letter(
        **{
            name: sealing.unseal(getattr(matter, f"sealed_{name}"))
            for name in ("text", "subject", *PARTICULARS)
        }
    )


def open_letter(actor: Actor, matter: Matter) -> Letter:
    """The letter for a member of staff to read; the journal says who opened it. Raises Refused."""
    require(actor, "correspondence.read", matter.agency)
    happenings.refuse_partial(actor, matter)
    try:
        letter = unsealed(matter)
    except sealing.Sealed as error:
        raise Refused(_("The letter was erased after its retention period.")) from error
    with transaction.atomic():
        chain.record(
            "correspondence.opened", actor.who, agency=matter.agency_id, subject=("matter", matter.pk)
        )
    return letter


def told_in(matter: Matter, *texts: str) -> list[str]:
    """Which particulars of the writer stand in these texts, in words for the reader."""
    labels = {
        "name": _("the writer's name"),
        "phone": _("the writer's telephone number"),
        "email": _("the writer's e-mail address"),
        "address": _("the writer's address"),
    }
    try:
        letter = unsealed(matter)
    except sealing.Sealed:
        return []
    together = _squeezed("\n".join(texts))
    said = {name: _squeezed(prints.written(name, getattr(letter, name))) for name in PARTICULARS}
    return [
        str(labels[name])
        for name in PARTICULARS
        if len(said[name]) >= SHORTEST[name] and said[name] in together
    ]


def refuse_particulars(matter: Matter, *texts: str) -> None:
    """Refused where a text holds the writer's particulars: they stay in the sealed letter."""
    if found := told_in(matter, *texts):
        raise Refused(
            _("The text holds %(what)s; leave it out, it stays in the sealed letter.")
            % {"what": "、".join(found)}
        )


def _squeezed(text: str) -> str:
    """Without what is written between the parts of a number or name, so that no other way of writing hides one."""
    return re.sub(r"[\s\-‐–—()·•‧∙⋅・.]", "", unicodedata.normalize("NFKC", text)).upper()
