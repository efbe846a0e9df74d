"""Asking others for their opinion (条例 arts. 32–34): which days it takes out of the term, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from gongkai.rulebook.calendar import Calendar
from gongkai.rulebook.events import Event, EventType
from gongkai.rulebook.norms import cite

OPINION_DAYS = 15

THIRD_PARTY_LAW = cite("regulation", 32)
EXCLUSION_LAW = cite("regulation", 33, 3)
CO_MAKER_LAW = cite("regulation", 34)


class WaitingFor(Enum):
    """Whose act a case waits for."""

    CORRECTION = "申请人补正"
    PAYMENT = "申请人缴费"
    THIRD_PARTY = "第三方意见"
    CO_MAKER = "共同制作机关意见"
    OTHER_AGENCY = "其他机关意见"


@dataclass(frozen=True, slots=True)
class Excluded:
    """The days x with after < x ≤ upto do not count; `upto` None: the consultation is open without a cap."""

    after: date
    upto: date | None


@dataclass(slots=True)
class Consultation:
    """One consultation, from its asking event; `answered` is filled in when the answer arrives."""

    whom: WaitingFor
    on: date
    start: date
    ref: str | int | None
    cap: date | None
    """The last of the 15 working days after `on`; None for another agency, whose time has no legal cap."""
    answered: date | None = None

    @classmethod
    def begin(cls, event: Event, calendar: Calendar) -> "Consultation":
        whom = consulted(event)
        capped = whom is not WaitingFor.OTHER_AGENCY
        cap = calendar.add_working_days(event.on, OPINION_DAYS) if capped else None
        return cls(whom, event.on, event.sent or event.on, event.ref, cap)

    @property
    def end(self) -> date | None:
        """The last excluded day: the answer's, but for a third party or a co-maker never after the cap."""
        if self.answered is None or self.cap is None:
            return self.answered or self.cap
        return min(self.answered, self.cap)

    @property
    def whose(self) -> str:
        return _WHOSE[self.whom]

    @property
    def laws(self) -> tuple[str, ...]:
        return _LAWS[self.whom]

    @property
    def silence(self) -> str:
        """What it means that the cap passed without an opinion; the two articles differ on purpose."""
        if self.whom is WaitingFor.CO_MAKER:
            return "被征求机关逾期未提出意见，视为同意公开"
        return "第三方逾期未提出意见，由本机关依照条例规定决定是否公开"

    def is_closed_by(self, event: Event) -> bool:
        """Whether this answering event may close it: still open, of its kind, of its `ref` if one is given."""
        of_third_party = event.type is EventType.THIRD_PARTY_ANSWERED
        return (
            self.answered is None
            and (self.whom is WaitingFor.THIRD_PARTY) == of_third_party
            and (event.co_maker is None or self.whom is consulted(event))
            and (event.ref is None or self.ref == event.ref)
        )


_WHOSE = {
    WaitingFor.THIRD_PARTY: "第三方",
    WaitingFor.CO_MAKER: "共同制作机关",
    WaitingFor.OTHER_AGENCY: "其他机关",
}
_LAWS = {
    WaitingFor.THIRD_PARTY: (THIRD_PARTY_LAW, EXCLUSION_LAW),
    WaitingFor.CO_MAKER: (CO_MAKER_LAW, EXCLUSION_LAW),
    WaitingFor.OTHER_AGENCY: (EXCLUSION_LAW,),
}


def consulted(event: Event) -> WaitingFor:
    """Who is asked or answers in a consultation event."""
    if event.type in (EventType.THIRD_PARTY_ASKED, EventType.THIRD_PARTY_ANSWERED):
        return WaitingFor.THIRD_PARTY
    return WaitingFor.OTHER_AGENCY if event.co_maker is False else WaitingFor.CO_MAKER


def merged(consultations: Iterable[Consultation], day0: date) -> list[Excluded]:
    """The exclusions from the term of that day 0: cut at it, overlapping ones joined, in order."""
    result: list[Excluded] = []
    for each in sorted(consultations, key=lambda one: one.start):
        after, upto = max(each.start, day0), each.end
        if upto is not None and upto <= after:
            continue
        last = result[-1] if result else None
        if last is not None and (last.upto is None or after <= last.upto):
            upto = None if upto is None or last.upto is None else max(upto, last.upto)
            result[-1] = Excluded(last.after, upto)
        else:
            result.append(Excluded(after, upto))
    return result
