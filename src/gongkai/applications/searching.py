"""The search record of art. 36(四): who looked where, for what, with which result.

A court asks for it (rulebook 1.5), so no letter says that information does not exist without one. It may name
people, so it is sealed under the case key.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import events, intake
from gongkai.applications.acts import demand
from gongkai.applications.intake import Upload
from gongkai.applications.letters import prose
from gongkai.applications.models import Application, CaseEvent
from gongkai.journal import clock
from gongkai.rulebook.norms import cite

LAW = cite("regulation", 36, None, 4)
LONGEST = 2000


@dataclass(frozen=True)
class Search:
    """One search as it is read back. period: the years looked through; found: whether the wanted was there."""

    on: date
    where: str
    keywords: str
    period: str
    result: str
    searcher: str
    found: bool


@dataclass(frozen=True)
class _Words:
    where: str
    keywords: str
    period: str
    result: str
    searcher: str


def record(
    actor: Actor,
    case: Application,
    *,
    where: str,
    keywords: str,
    period: str,
    result: str,
    searcher: str,
    found: bool = False,
    on: date | None = None,
    files: Sequence[Upload] = (),
) -> CaseEvent:
    """Enter one search; a case may have several. on: default today. Raises Refused with art. 36(四)."""
    said = _Words(*(text.strip()[:LONGEST] for text in (where, keywords, period, result, searcher)))
    for text, words in (
        (said.where, _("Say where was searched: which archive, system or unit.")),
        (said.keywords, _("Say how was searched: by which words or numbers.")),
        (said.result, _("Say what the search brought.")),
        (said.searcher, _("Name who searched.")),
    ):
        if not text:
            raise Refused(words, LAW)
    with transaction.atomic():
        held = events.lock(case.pk)
        act = demand(actor, held, "record_search")
        row = events.write(
            held,
            act.event,
            on or clock.today(),
            actor,
            words=json.dumps(asdict(said), ensure_ascii=False),
            found=found,
        )
        for position, file in enumerate(files, start=1):
            intake.keep(held, file, f"record_search-{row.seq}-{position}", actor, actor.who)
    return row


def opened(row: CaseEvent) -> Search:
    """A search from its event. Raises sealing.Sealed."""
    said = _Words(**json.loads(events.words(row)))
    return Search(row.on, **asdict(said), found=row.data["found"])


def of(rows: Sequence[CaseEvent]) -> list[Search]:
    """The searches of a case, in the order of their days. Raises sealing.Sealed."""
    return sorted((opened(row) for row in rows if row.type == "searched"), key=lambda each: each.on)


def require(rows: Sequence[CaseEvent]) -> None:
    """Refuse “does not exist” unless a search without find is on file."""
    if all(row.type != "searched" or row.data["found"] for row in rows):
        raise Refused(
            _("Enter the search first: where, by which words, who, and that nothing was found."), LAW
        )


def drafted(case: Application) -> dict[str, str]:
    """What letter 18 says of the searches without find: scope, method and result, by element key."""
    made = [each for each in of(events.of(case)) if not each.found]
    if not made:
        return {}
    scope = [f"{each.where}（{each.period}）" if each.period else each.where for each in made]
    method = [f"在{each.where}以“{each.keywords}”检索" for each in made]
    result = [f"{prose(each.on)}，{each.result.rstrip('。')}" for each in made]
    return {
        "search_scope": "；".join(dict.fromkeys(scope)),
        "search_method": "；".join(dict.fromkeys(method)),
        "search_result": "；".join(result),
    }
