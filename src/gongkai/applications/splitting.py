"""Splitting one application into several (一事一申请, 信息处理费管理办法 art. 4; rulebook 5.7).

The case goes on with the first part; each further part is registered with its own number and key, by the receipt
day of the application, so that r1 of that year rises by it. What has happened so far happened to each part: a
correction is inherited with its days, and so is the question for reasons. Where more is under way than that, the
parts would have no lawful history of their own, and a split is refused.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import events, offspring, personal, relations
from gongkai.applications.acts import CLOCK_EVENTS, demand
from gongkai.applications.models import Application, CaseEvent, Matter
from gongkai.journal import clock
from gongkai.rulebook.norms import cite

LAW = cite("fee_measures", 4)
MOST_PARTS = 20
LONGEST_PART = 2000
# What each part has as its own, on the same days.
INHERITED = (
    "received",
    "correction_requested",
    "correction_received",
    "reasons_requested",
    "reasons_received",
)


def why_not(case: Application, rows: Sequence[CaseEvent]) -> None:
    """Raises Refused where the case cannot be split now, beyond what table and role say; with the way out."""
    if case.followers.exists():
        raise Refused(
            _("Other cases are handled together with this one: have them handled separately first."), LAW
        )
    if relations.under_way(case) is not None:
        raise Refused(
            _(
                "A letter of this case is under way: send it and enter its arrival, or give it up, then split."
            ),
            LAW,
        )
    types = {row.type for row in rows}
    if types & (CLOCK_EVENTS - set(INHERITED)) or "extension_approved" in types:
        raise Refused(
            _(
                "After a consultation, an extension, a later day or a fee notice the term of the parts would be "
                "another: handle the application as one, and answer its parts in one letter."
            ),
            LAW,
        )


def split(
    actor: Actor, case: Application, parts: Sequence[str], *, seen: int | None = None
) -> list[Application]:
    """Split into `parts`, each the description of one thing by the smallest reasonable unit; the new cases.

    The case keeps the first part. seen: the last event that the person knew of. Raises Refused with the article.
    """
    wanted = [" ".join(part.split()) for part in parts if part.strip()]
    _check(wanted)
    with transaction.atomic():
        held = events.lock(case.pk)
        demand(actor, held, "split")
        rows = events.of(held)
        if seen is not None and rows[-1].seq != seen:
            raise Refused(_("Someone else changed this case in the meantime. Reload the page and look."))
        why_not(held, rows)
        whole, request = relations.excerpt(held), personal.request(held)
        made = [_part(actor, held, rows, request, whole, text) for text in wanted[1:]]
        events.write(
            held, "split", clock.today(), actor, words=wanted[0], into=[str(each.pk) for each in made]
        )
    return made


def _check(wanted: Sequence[str]) -> None:
    if len(wanted) < 2:
        raise Refused(_("Write at least two parts; one thing needs no split."), LAW)
    if len(wanted) > MOST_PARTS:
        raise Refused(
            _("At most %(n)d parts at once; put what belongs together into one.") % {"n": MOST_PARTS}, LAW
        )
    if any(len(part) > LONGEST_PART for part in wanted):
        raise Refused(_("A part has at most %(n)d characters.") % {"n": LONGEST_PART}, LAW)
    if len(set(wanted)) < len(wanted):
        raise Refused(_("Two parts say the same: take one of them out."), LAW)


def _part(
    actor: Actor,
    case: Application,
    rows: Sequence[CaseEvent],
    request: personal.Request,
    whole: str,
    text: str,
) -> Application:
    own = replace(request, title="", number="", description=text)
    made = offspring.open_from(actor, case, Matter.INFORMATION, own, words=whole, part_of=case.number)
    for row in rows:
        if row.type in INHERITED:
            data: dict[str, Any] = row.data | ({} if row.type == "received" else {"of": str(case.pk)})
            events.write(made, row.type, row.on, actor, words=events.words(row), letter=row.letter, **data)
    return made
