"""The table of sub-reasons of 其他处理 as an administrator edits it (rulebook 5.7); never deleted, only retired.

Earlier decisions name a sub-reason by its key, so the key of a row stays; what a letter says was frozen with it.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.applications import citing, wording, wordings
from gongkai.applications.models import SubReason
from gongkai.journal import chain
from gongkai.rulebook.letters import LETTER_KINDS, RemedyClass

ACT = "configuration.edit"
SUBJECT = "sub_reason"
OUTCOME = "other"
# The letters by which an applicant can be answered so: answers, but for those of refusals under arts. 14 to 16.
LETTERS = tuple(
    number
    for number, template in wording.TEMPLATES.items()
    if template.series == "reply" and LETTER_KINDS[number].remedy is not RemedyClass.WITHHELD
)
_LIMITS = {"label": 100, "law": 200, "conclusion": 300}


@dataclass(frozen=True)
class Said:
    """One row as it is written. letter: number in rulebook 5.3; remedy: whether the letter tells of remedies."""

    label: str
    letter: int
    remedy: bool
    law: str = ""
    conclusion: str = ""
    active: bool = True


def save(actor: Actor, said: Said, *, key: str = "") -> SubReason:
    """Add a sub-reason, or change the one of that key; the decision page offers it at once. Raises Refused."""
    require(actor, ACT, None)
    values = _checked(said)
    with transaction.atomic():
        chain.hold()
        rows = {row.key: row for row in SubReason.objects.select_for_update()}
        if key and key not in rows:
            raise Refused(_("There is no such sub-reason; choose one from the list."))
        if any(row.label == values["label"] and row.key != key for row in rows.values()):
            raise Refused(_("There is a sub-reason of that name already; change that one."))
        others = [row for row in rows.values() if row.active and row.key != key]
        if not said.active and not others:
            raise Refused(
                _("This is the last sub-reason in use: without one, nothing is decided as 其他处理.")
            )
        if key == "withdrawn" and (said.letter != rows[key].letter or not said.active):
            raise Refused(_("The act “withdraw” uses this sub-reason with its letter: it stays in use."))
        row = rows.get(key) or SubReason(key=_free(rows), outcome=OUTCOME)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        chain.record("sub_reason.saved", actor.who, subject=(SUBJECT, row.key), **values)
    return row


def _free(taken: Any) -> str:
    number = len(taken) + 1
    while f"own_{number}" in taken:
        number += 1
    return f"own_{number}"


def _checked(said: Said) -> dict[str, Any]:
    values = {name: getattr(said, name).strip() for name in _LIMITS}
    if not values["label"]:
        raise Refused(_("Give the sub-reason a name."))
    for name, limit in _LIMITS.items():
        if len(values[name]) > limit:
            raise Refused(_("At most %(n)d characters.") % {"n": limit})
        if words := wordings.text_faults(_("“%(text)s”") % {"text": values[name][:20]}, values[name]):
            raise Refused(words[0])
    if words := citing.fault(values["law"], ()):
        raise Refused(words)
    if said.letter not in LETTERS:
        raise Refused(_("By that letter nobody is answered; choose one from the list."))
    if said.remedy and LETTER_KINDS[said.letter].remedy is RemedyClass.NONE:
        raise Refused(
            _("“%(letter)s” carries no notice of remedies: choose another letter, or leave remedies out.")
            % {"letter": LETTER_KINDS[said.letter].title}
        )
    return values | {"letter": said.letter, "remedy": said.remedy, "active": said.active}
