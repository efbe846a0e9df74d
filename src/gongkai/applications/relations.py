"""Cases that belong together: parts of a split, cases joined, answers ordered anew. Read here, written elsewhere.

A part and an answer anew name their `origin`; a joined case names its `lead`. A letter of one may answer several:
then each of them has the event that the letter brought about.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor
from gongkai.applications import events, personal, states
from gongkai.applications.acts import ACTS
from gongkai.applications.models import Application, CaseEvent, Letter, Matter
from gongkai.files import sealing
from gongkai.paperwork.registers import printable
from gongkai.rulebook.receipt import Channel

# What a letter bears as its addressee, with room for 等…人.
LONGEST_ADDRESSEE = 480


def prose(day: date) -> str:
    """A day as letters write it: 2021年5月24日."""
    return f"{day.year}年{day.month}月{day.day}日"


def joined(case: Application) -> list[Application]:
    """The case and those that are handled together with it, the lead first."""
    head = case.lead or case
    return [head, *head.followers.select_related("agency").order_by("number")]


def is_anew(case: Application) -> bool:
    """Whether the case answers another one anew, as ordered: an application, or a request to amend a record."""
    return case.matter == Matter.REDO or (case.matter == Matter.AMENDMENT and case.origin_id is not None)


def applied(case: Application) -> Application:
    """The application itself, where the case answers it anew."""
    while is_anew(case) and case.origin is not None:
        case = case.origin
    return case


def letters_of(case: Application) -> QuerySet[Letter]:
    """The letters of a case, those that answer it together with others or went out before it was split off among
    them."""
    shared = CaseEvent.objects.filter(application=case, letter__isnull=False).values("letter")
    return Letter.objects.filter(Q(application=case) | Q(pk__in=shared)).order_by("created_at", "pk")


def under_way(case: Application) -> Letter | None:
    """A letter that is being written, reviewed or sent, or whose arrival is yet to move the clock."""
    for row in case.letters.filter(dropped=False).select_related("dispatch", "proof"):
        moves_on_arrival = ACTS[row.act].at == "service"
        if row.sent_on is None or (moves_on_arrival and not hasattr(row, "proof")):
            return row
    return None


def excerpt(case: Application) -> str:
    """What this case is about, word for word: the whole request, or the part that stayed after a split. Of a letter
    that was filed as a picture, and of which nothing was typed, where it stands."""
    kept = case.events.filter(type="split").order_by("seq").last()
    if kept is not None:
        return " ".join(events.words(kept).split())
    request = personal.request(case)
    return request.excerpt or f"见申请人提交的材料（{'、'.join(request.materials) or '附卷'}）"


def computed(case: Application) -> dict[str, str]:
    """What a letter says of the application or the applications that it answers (rulebook 5.2)."""
    answered = [applied(each) for each in joined(case)]
    days = sorted({each.received_on for each in answered if each.received_on})
    channels = dict.fromkeys(Channel(each.channel).label for each in answered)
    said = [excerpt(each) for each in answered]
    if len(answered) > 1:
        said = [f"{each.number}：{words}" for each, words in zip(answered, said, strict=True)]
    number = "、".join(each.number for each in answered)
    if is_anew(case):
        number += f"；重新答复登记编号：{case.number}"
    return {
        "received_on": "、".join(prose(day) for day in days) + ("分别" if len(days) > 1 else ""),
        "channel": "、".join(channels),
        "registration_number": number,
        # Word for word, but for a picture character that no font has: it would stop every letter of the case.
        "request_excerpt": printable("；".join(said)),
    }


def preamble(rows: Sequence[CaseEvent]) -> str:
    """What the facts of an ordered answer begin with: the decision or judgment; empty where none was ordered."""
    for row in sorted(rows, key=lambda row: row.seq, reverse=True):
        if row.type == "term_set" and row.data["kind"] in (states.ANEW, states.ORDER):
            return f"根据{row.data['law']}，本机关重新办理。"
        if row.type == "term_set" and row.data["kind"] == states.LIFTED:
            break
    return ""


def addressee(case: Application) -> str:
    """All applicants whom a letter answers, each once; but for a sign that no font has, which would stop every
    letter of the case."""
    names = [printable(name) for each in joined(case) for name in personal.person(each).names.split("、")]
    return _within("、".join(dict.fromkeys(name for name in names if name)))


def spoken_to(case: Application) -> str:
    """How a letter speaks to its applicant."""
    return "您" if case.applicant_kind == "natural_person" else "贵单位"


def _within(names: str) -> str:
    """The names as far as they fit where a letter is addressed, and how many there are where they do not."""
    if len(names) <= LONGEST_ADDRESSEE:
        return names
    kept = names[:LONGEST_ADDRESSEE].rpartition("、")[0] or names[:LONGEST_ADDRESSEE]
    count = names.count("、") + 1
    return f"{kept}等{count}人" if count > 1 else kept


def in_lists(rows: QuerySet[Application]) -> QuerySet[Application]:
    """The cases that are worked on by themselves: joined ones stand behind their lead, whose row has `others`
    (how many) and `first_due` (the earliest last day of them all)."""
    open_ones = Q(followers__answered_on__isnull=True)
    return rows.filter(lead__isnull=True).annotate(
        others=Count("followers"),
        first_due=Coalesce(
            Least("due_on", Min("followers__due_on", filter=open_ones)),
            "due_on",
            Min("followers__due_on", filter=open_ones),
        ),
    )


def due_before(case: Application) -> Application | None:
    """The case among those handled together whose answer is due first, where that is before this one's."""
    others = [each for each in joined(case) if each.due_on and each != case]
    first = min(others, key=lambda each: each.due_on or date.max, default=None)
    if first is None or first.due_on is None or (case.due_on is not None and case.due_on <= first.due_on):
        return None
    return first


def same_applicant(one: Application, other: Application) -> bool:
    """Whether both have the same applicant by the keyed digests: the identity number, or name and telephone."""
    if one.identity_print and one.identity_print == other.identity_print:
        return True
    pairs = ((one.name_print, other.name_print), (one.phone_print, other.phone_print))
    return all(mine and mine == theirs for mine, theirs in pairs)


def original_words(rows: Sequence[CaseEvent]) -> str:
    """The whole request as it was before the split, kept on each part; empty for another case."""
    first = rows[0]
    return events.words(first) if "part_of" in first.data else ""


def facts(actor: Actor, case: Application, rows: Sequence[CaseEvent]) -> list[dict[str, Any]]:
    """What the page of a case says of its own share and of the cases joined with it, as {label, value, wide}; each
    other case that is opened for it has its journal entry. Raises Refused, sealing.Sealed."""
    found = []
    if whole := original_words(rows):
        found.append({"label": _("the whole request"), "value": whole, "wide": True})
    if any(row.type == "split" for row in rows):
        found.append({"label": _("handled here"), "value": excerpt(case), "wide": True})
    for each in readable(case):
        personal.show(actor, each, "joined")
        label = _("wanted in %(number)s") % {"number": each.number}
        found.append({"label": label, "value": excerpt(each), "wide": True})
    return found


def readable(case: Application) -> list[Application]:
    """The other cases handled together with this one, but those whose personal data was destroyed."""
    return [each for each in joined(case) if each != case and not sealing.destroyed(each.case_key)]


def before(case: Application) -> list[Application]:
    """The cases that this one comes from, the nearest first: their files belong to it too."""
    found: list[Application] = []
    while case.origin is not None:
        case = case.origin
        found.append(case)
    return [each for each in found if not sealing.destroyed(each.case_key)]
