"""What happened in a case, as its file tells it (办理过程): each event with its days, parties and numbers, and how
each letter went out and arrived. A document of the agency, so it speaks Chinese."""

from collections.abc import Callable, Mapping
from typing import Any

from gongkai.agencies.models import Person
from gongkai.applications import acts, calls, consultations, events, relations, searching, states
from gongkai.applications.models import Application, CaseEvent, Dispatch, Letter, ServiceProof, SubReason, Way
from gongkai.applications.papers import WAYS
from gongkai.files import sealing
from gongkai.files.archives.kinds import Happening
from gongkai.rulebook.amendments import AMENDMENTS
from gongkai.rulebook.events import EventType
from gongkai.rulebook.letters import LETTER_KINDS
from gongkai.rulebook.outcomes import OUTCOMES
from gongkai.rulebook.receipt import Channel

_OUTCOMES = {key: each.label for key, each in (*OUTCOMES.items(), *AMENDMENTS.items())}


def happenings(case: Application) -> list[Happening]:
    """Everything on file, by the day that counts; of one day, in the order of its entry."""
    rows = states.in_order(events.of(case))
    named = {row.data["to"] for row in rows if row.type == "assigned"}
    people = {str(pk): name for pk, name in Person.objects.filter(pk__in=named).values_list("pk", "name")}
    told = [(row.on, row.at, _event(case, row, people)) for row in rows]
    for letter in relations.letters_of(case).select_related("dispatch__person", "proof__person"):
        sent, proof = getattr(letter, "dispatch", None), getattr(letter, "proof", None)
        if sent is not None:
            told.append((sent.on, sent.at, _sent(letter, sent)))
        if proof is not None:
            told.append((proof.on, proof.at, _arrived(letter, proof)))
    return [each for _on, _at, each in sorted(told, key=lambda row: row[:2])]


def named(letter: Letter) -> str:
    """A letter by its kind and number."""
    return f"《{LETTER_KINDS[letter.kind].title}》{letter.number}"


def _event(case: Application, row: CaseEvent, people: Mapping[str, str]) -> Happening:
    own = acts.OWN_EVENTS.get(row.type)
    what = str(own) if own is not None else EventType(row.type).label
    number = f"（{row.letter.number}）" if row.letter and row.letter.number else ""
    said = _words(case, row, people)
    return Happening(row.on, f"{what}{number}", row.person.name if row.person else "", said)


def _words(case: Application, row: CaseEvent, people: Mapping[str, str]) -> str:
    data = row.data
    if row.type == "searched":
        return _search(searching.opened(row))
    if row.type == "called":
        return _call(next(each for each in calls.of([row])))
    facts = _FACTS.get(row.type)
    parts = [facts(case, row)] if facts else []
    if row.type == "assigned":
        parts.append(f"交{people.get(data['to'], '')}办理")
    parts.append(events.words(row))
    return "；".join(part.strip().rstrip("；") for part in parts if part.strip())


def _search(each: searching.Search) -> str:
    period = f"，检索年份：{each.period}" if each.period else ""
    found = "检索到所申请信息" if each.found else "没有检索到所申请信息"
    return (
        f"检索范围：{each.where}{period}；检索方法：{each.keywords}；检索人：{each.searcher}；"
        f"结果：{each.result.rstrip('。；')}（{found}）"
    )


def _call(each: calls.Call) -> str:
    at = f"{each.at}，" if each.at else ""
    if not each.reached:
        return f"{at}拨打{each.number}，未接通" + (f"；{each.said}" if each.said else "")
    return f"{at}拨打{each.number}，与{each.whom}通话：{each.said}"


def _registered(case: Application, row: CaseEvent) -> str:
    return f"渠道：{Channel(case.channel).label}；收件日期：{case.arrived_on.isoformat()}"


def _asked(case: Application, row: CaseEvent) -> str:
    whom = consultations.name_of(row.letter)
    sent = f"，{row.data['sent']}发出" if row.data.get("sent") else ""
    return f"{whom}收到征求意见的文书{sent}" if whom or sent else ""


def _opinion(case: Application, row: CaseEvent) -> str:
    asked = next(
        (
            each.letter
            for each in case.events.filter(type__in=consultations.ASKING).select_related("letter")
            if each.data.get("ref") == row.data.get("ref")
        ),
        None,
    )
    said = consultations.OPINIONS.get(row.data.get("opinion", ""), "")
    return "：".join(str(part) for part in (consultations.name_of(asked), said) if part)


def _decided(case: Application, row: CaseEvent) -> str:
    label = _OUTCOMES.get(row.data["outcome"], "")
    reason = SubReason.objects.filter(key=row.data.get("sub_reason") or "").values_list("label", flat=True)
    return "；".join(part for part in (label, *reason) if part)


def _ordered(case: Application, row: CaseEvent) -> str:
    said = [row.data.get("law", ""), f"答复期限至{row.data['until']}" if row.data.get("until") else ""]
    return "；".join(part for part in said if part)


def _until(words: str) -> Callable[[Application, CaseEvent], str]:
    return lambda case, row: f"{words}{row.data['until']}" if row.data.get("until") else ""


def _days(case: Application, row: CaseEvent) -> str:
    return f"延长{row.data['working_days']}个工作日" if row.data.get("working_days") else ""


def _numbers(words: str, *keys: str) -> Callable[[Application, CaseEvent], str]:
    """Other cases, by their numbers."""

    def said(case: Application, row: CaseEvent) -> str:
        found: list[Any] = []
        for key in keys:
            value = row.data.get(key, [])
            found += value if isinstance(value, list) else [value]
        numbers = Application.objects.filter(pk__in=found).order_by("number").values_list("number", flat=True)
        return f"{words}{'、'.join(numbers)}" if numbers else ""

    return said


_FACTS: Mapping[str, Callable[[Application, CaseEvent], str]] = {
    "registered": _registered,
    "term_set": _ordered,
    "correction_requested": _until("补正期限至"),
    "reasons_requested": _until("说明理由的期限至"),
    "delayed": _until("答复日期延至"),
    "third_party_asked": _asked,
    "agency_consulted": _asked,
    "third_party_answered": _opinion,
    "agency_answered": _opinion,
    "extension_approved": _days,
    "extended": _days,
    "fee_notified": lambda case, row: f"信息处理费{row.data['amount']}元" if row.data.get("amount") else "",
    "decided": _decided,
    "split": _numbers("分出：", "into"),
    "merged": _numbers("并案：", "lead", "follower"),
    "separated": _numbers("分开：", "left", "follower"),
}


def _sent(letter: Letter, sent: Dispatch) -> Happening:
    post = f"，邮件号{sent.tracking}" if sent.tracking else ""
    return Happening(sent.on, "发出文书", sent.person.name, f"{named(letter)}，{WAYS[Way(sent.way)]}{post}")


def _arrived(letter: Letter, proof: ServiceProof) -> Happening:
    how = sealing.unseal(proof.sealed) if proof.sealed else ""
    said = "，".join(part for part in (named(letter), how.strip()) if part)
    return Happening(proof.on, "文书送达", proof.person.name, said)
