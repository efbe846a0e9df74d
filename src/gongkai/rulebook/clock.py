"""The statutory clock of an application (条例 arts. 30–35, rulebook 4): events in, due day and reasons out.

Two ideas carry all of it. A *term* has a day 0 and a number of working days; receiving the application, a
correction or a fee starts one, and a new term forgets what was excluded from or added to the one before. A
*consultation* excludes the working days x with start < x ≤ end from the running term; overlapping ones are
merged first, so that no day is excluded twice. The due day is then the day on which the number of counted days
is reached.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from gongkai.rulebook.answer_terms import STATUTORY, AnswerTerm, Order
from gongkai.rulebook.calendar import LAST_DAY, Calendar, CalendarError, Deadline
from gongkai.rulebook.clock_result import Clock, ClockState, Step, Waiting
from gongkai.rulebook.consultation import (
    EXCLUSION_LAW,
    OPINION_DAYS,
    THIRD_PARTY_LAW,
    Consultation,
    WaitingFor,
    merged,
)
from gongkai.rulebook.events import ClockError, Event, EventType, quoted
from gongkai.rulebook.norms import cite, norm

CORRECTION_NOTICE_DAYS = 7
EXTENSION_DAYS = 20
PAYMENT_DAYS = 20

_RECEIPT = cite("regulation", 31)
_CORRECTION = cite("regulation", 30)
_TERM = cite("regulation", 33, 2)
_EXCESSIVE = cite("regulation", 35)
_FEE = f"{cite('regulation', 42)}、《{norm('fee_measures').title}》"


def clock(
    events: Sequence[Event],
    calendar: Calendar,
    as_of: date | None = None,
    *,
    term: AnswerTerm = STATUTORY,
    order: Order | None = None,
) -> Clock:
    """Return what `events`, in the order of their days, mean for the term of the case on the day `as_of`.

    `term`: how long the answer may take; `order`: a day that a decision or judgment sets for it.
    Raises ClockError, and nothing else, for a case that the law does not allow or that cannot be; its text
    names the event and the article.
    """
    if not events:
        raise ClockError("没有收到申请的事件（received），无从计算期限。", _RECEIPT)
    case = _Case(calendar, term, order)
    for position, event in enumerate(events, start=1):
        try:
            case.take(event)
        except ClockError as error:
            raise error.at(position) from None
        except CalendarError as error:
            raise ClockError(str(error), position=position) from None
    try:
        return case.result(as_of)
    except CalendarError as error:
        raise ClockError(str(error)) from None


@dataclass(slots=True)
class _Case:
    """The state of a case while its events are taken one by one."""

    calendar: Calendar
    term: AnswerTerm
    coming: Order | None
    """The order while the events taken so far lie before it."""
    order: Order | None = None
    received: date | None = None
    last: date | None = None
    day0: date = date.min
    extension: int = 0
    extended: bool = False
    correction_requested: bool = False
    correction_since: date | None = None
    correction_until: date | None = None
    fee: date | None = None
    fee_since: date | None = None
    """The day of the first of several fee notices: the term stands still from it on."""
    delayed_until: date | None = None
    answered: date | None = None
    consultations: list[Consultation] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    provisional_checks: bool = False

    def take(self, event: Event) -> None:
        """Check `event` against the law, then apply it; on an error the case is spent."""
        if event.type is not EventType.RECEIVED and self.received is None:
            raise ClockError(f"在收到申请（received）之前不能有“{event.type.label}”。", _RECEIPT)
        if self.last is not None and event.on < self.last:
            raise ClockError(f"日期先后颠倒：{event.on} 早于前一事件的 {self.last}，请按日期先后排列。")
        if event.on > LAST_DAY:
            raise ClockError(f"日期 {event.on} 超出工作日历的最后一日 {LAST_DAY}。")
        if self.answered is not None:
            raise ClockError(f"已于 {self.answered} 答复，其后不能再有“{event.type.label}”。", _TERM)
        self.last = event.on
        ordered = self.coming if self.coming is not None and event.on >= self.coming.on else None
        if ordered is not None:
            self.order, self.coming = ordered, None
        match event.type:
            case EventType.RECEIVED:
                self._receive(event)
            case EventType.CORRECTION_REQUESTED:
                self._request_correction(event)
            case EventType.CORRECTION_RECEIVED:
                self._receive_correction(event)
            case EventType.THIRD_PARTY_ASKED | EventType.AGENCY_CONSULTED:
                self._consult(event)
            case EventType.THIRD_PARTY_ANSWERED | EventType.AGENCY_ANSWERED:
                self._take_opinion(event)
            case EventType.EXTENDED:
                self._extend(event)
            case EventType.FEE_NOTIFIED:
                self._notify_fee(event)
            case EventType.FEE_PAID:
                self._take_fee(event)
            case EventType.DELAYED:
                self._delay(event)
            case EventType.ANSWERED:
                self._answer(event)
        if ordered is not None:
            self._step_of(ordered)

    # Start and restart

    def _receive(self, event: Event) -> None:
        if self.received is not None:
            raise ClockError(f"收到申请之日只有一个，已登记为 {self.received}。", _RECEIPT)
        since = norm("regulation").validity.since
        if event.on < since:
            raise ClockError(
                f"收到申请之日 {event.on} 早于 {since}，该申请适用修订前的条例，本期限规则不适用。",
                f"《{norm('regulation').title}》（{norm('regulation').number}，自 {since} 起施行）",
            )
        self.received = event.on
        self._restart(event.on)
        self._step(event, f"{self.term.opening}，{self._due_text()}", *self.term.law)

    def _restart(self, day0: date) -> None:
        self.day0 = day0
        self.extension = 0
        self.delayed_until = None

    # Correction, art. 30

    def _request_correction(self, event: Event) -> None:
        if self.correction_requested:
            raise ClockError("补正只能一次性告知，不能再次要求补正。", _CORRECTION)
        limit = self.correction_limit()
        if event.on > limit.on:
            self._late(
                event,
                f"告知补正应在收到申请之日起{CORRECTION_NOTICE_DAYS}个工作日内（至 {limit.on}），{event.on} 已逾期",
                _CORRECTION,
            )
        if event.until is not None and event.until < event.on:
            raise ClockError(f"补正期限 {event.until} 早于告知之日 {event.on}，请核对。", _CORRECTION)
        self._checked_up_to(self._receipt_day(), event.on)
        self.correction_requested = True
        self.correction_since = event.on
        self.correction_until = event.until
        term = f"，补正期限至 {event.until}" if event.until else ""
        self._step(event, f"一次性告知申请人补正{term}；收到补正前答复期限停止计算", _CORRECTION)

    def _receive_correction(self, event: Event) -> None:
        if self.correction_since is None:
            raise ClockError("没有尚待补正的告知，不能登记收到补正。", _CORRECTION)
        late = ""
        if self.correction_until is not None and event.on > self.correction_until:
            late = f"（晚于告知的补正期限 {self.correction_until}，是否有正当理由由承办人认定）"
        self.correction_since = None
        self._restart(event.on)
        self._step(
            event,
            f"收到补正{late}，答复期限自次日起重新计算{self.term.days}个工作日，{self._due_text()}",
            _CORRECTION,
        )

    # Consultation, arts. 32–34

    def _consult(self, event: Event) -> None:
        if event.sent is not None and event.sent > event.on:
            raise ClockError(
                f"征求意见书发出之日 {event.sent} 晚于对方收到之日 {event.on}，请核对。", EXCLUSION_LAW
            )
        if event.sent is not None and event.sent < self._receipt_day():
            raise ClockError(
                f"征求意见书发出之日 {event.sent} 早于收到申请之日 {self._receipt_day()}，请核对。",
                EXCLUSION_LAW,
            )
        each = Consultation.begin(event, self.calendar)
        self.consultations.append(each)
        sent = f"（{each.start} 发出）" if each.start != each.on else ""
        ending = (
            f"至收到意见之日止，最迟至{OPINION_DAYS}个工作日届满的 {self._shown(each.on, each.cap)}"
            if each.cap is not None
            else "至收到意见之日止，法律未规定最长时限，逾期不视为同意"
        )
        self._step(
            event,
            f"{each.whose}收到征求意见书{sent}，自 {each.start} 次日起不计入答复期限，{ending}；{self._due_text()}",
            *each.laws,
        )

    def _take_opinion(self, event: Event) -> None:
        each = next((one for one in self.consultations if one.is_closed_by(event)), None)
        if each is None:
            whose = f"编号为{quoted(event.ref)}的" if event.ref is not None else ""
            law = THIRD_PARTY_LAW if event.type is EventType.THIRD_PARTY_ANSWERED else EXCLUSION_LAW
            raise ClockError(f"没有{whose}尚待答复的征求意见，不能登记“{event.type.label}”。", law)
        each.answered = event.on
        if each.cap is not None and event.on > each.cap:
            effect = f"{each.whose}的意见在{OPINION_DAYS}个工作日（至 {each.cap}）届满后到达，届满后的时间计入答复期限"
        else:
            effect = f"收到{each.whose}的意见，该项征求意见所需时间至此为止"
        self._step(event, f"{effect}；{self._due_text()}", *each.laws)

    # Extension and delay, arts. 33 and 35

    def _extend(self, event: Event) -> None:
        days = event.working_days
        if days is None or days < 1:
            raise ClockError("格式错误：延长期限应写明 working_days（1 至 20 的整数）。", _TERM)
        if days > EXTENSION_DAYS:
            raise ClockError(
                f"延长的期限最长不得超过{EXTENSION_DAYS}个工作日，working_days 不能更大。", _TERM
            )
        if self.extended:
            raise ClockError("答复期限只能延长一次。", _TERM)
        self._refuse_ordered()
        if self.stopped is not None:
            raise ClockError("答复期限正停止计算（等待补正或者缴费），不能延长。", _TERM)
        due = self.due()
        if due is not None and event.on > due:
            self._late(event, f"答复期限已于 {due} 届满，{event.on} 不能再延长", _TERM)
        self._checked_up_to(self.day0, event.on)
        self.extended = True
        self.extension = days
        self._step(
            event, f"经公开工作机构负责人同意并告知申请人，延长{days}个工作日，{self._due_text()}", _TERM
        )

    def _delay(self, event: Event) -> None:
        if event.until is None:
            raise ClockError("格式错误：确定延迟答复期限应写明 until（YYYY-MM-DD）。", _EXCESSIVE)
        if event.until < event.on:
            raise ClockError(f"延迟答复期限 {event.until} 早于告知之日 {event.on}，请核对。", _EXCESSIVE)
        self._refuse_ordered()
        self.delayed_until = event.until
        self._step(
            event, f"申请理由合理但无法按期答复，确定并告知延迟答复的期限，至 {event.until}", _EXCESSIVE
        )

    def _refuse_ordered(self) -> None:
        if self.order is not None:
            raise ClockError("答复期限由责令答复的决定或者判决确定，本机关不能自行延长。", self.order.law)

    # Fee, art. 42

    def _notify_fee(self, event: Event) -> None:
        due = self.due()
        if due is not None and event.on > due:
            self._late(event, f"收费通知应在答复期限内送达，期限已于 {due} 届满", _FEE)
        if self.fee is not None:
            self._refuse_lapsed(event, "再次通知缴费")
        self._checked_up_to(self.day0, event.on)
        if self.fee is None:
            self.fee_since = event.on
        self.fee = event.on
        limit = self.calendar.add_working_days(event.on, PAYMENT_DAYS)
        self._step(
            event,
            f"申请人收到收费通知，应自次日起{PAYMENT_DAYS}个工作日内（至 {self._shown(event.on, limit)}）缴费；"
            "缴费前答复期限停止计算",
            _FEE,
        )

    def _take_fee(self, event: Event) -> None:
        if self.fee is None:
            raise ClockError("没有尚待缴费的收费通知，不能登记缴费。", _FEE)
        self._refuse_lapsed(event, "缴费")
        self._checked_up_to(self.fee, event.on)
        self.fee = self.fee_since = None
        self._restart(event.on)
        self._step(
            event, f"完成缴费，答复期限自次日起重新计算{self.term.days}个工作日，{self._due_text()}", _FEE
        )

    def _refuse_lapsed(self, event: Event, act: str) -> None:
        assert self.fee is not None
        limit = self.calendar.add_working_days(self.fee, PAYMENT_DAYS)
        if event.on > limit:
            self._late(
                event,
                f"申请人未在收到收费通知次日起{PAYMENT_DAYS}个工作日内（至 {limit}）缴费，视为放弃申请，{event.on} 不能再{act}",
                _FEE,
            )

    def _late(self, event: Event, words: str, law: str) -> None:
        """Refuse an event that came after its last day, but for one that was in time when it was entered."""
        if not event.settled:
            raise ClockError(f"{words}。", law)
        self._step(
            event, f"按登记后载入的放假通知重新计算：{words}；登记时尚在期限内，已办理的事项仍照登记计算", law
        )

    # Answer

    def _answer(self, event: Event) -> None:
        self.answered = event.on
        due = self.due()
        if due is None:
            effect = "作出答复"
        elif event.on <= due:
            effect = f"作出答复，在期限（{due}）内"
        else:
            effect = f"作出答复，晚于期限（{due}）"
        self._step(event, effect, _TERM)

    # Arithmetic

    @property
    def stopped(self) -> date | None:
        """The day since which the term stands still, None while it runs."""
        return min((day for day in (self.correction_since, self.fee_since) if day is not None), default=None)

    def due(self) -> date | None:
        """The due day as the events so far have it.

        A consultation that began on or after the due day excludes nothing before it, so it can neither move nor
        hide a due day that has been reached.
        """
        if self.order is not None:
            return self.order.until
        if self.stopped is not None:
            return None
        if self.delayed_until is not None:
            return self.delayed_until
        left, position = self.term.days + self.extension, self.day0
        for interval in merged(self.consultations, self.day0):
            counted = self.calendar.working_days_between(position, interval.after)
            if counted >= left:
                break
            if interval.upto is None:
                return None
            left -= counted
            position = interval.upto
        return self.calendar.add_working_days(position, left)

    def correction_limit(self) -> Deadline:
        return self.calendar.deadline(self._receipt_day(), CORRECTION_NOTICE_DAYS)

    def _receipt_day(self) -> date:
        assert self.received is not None
        return self.received

    def _checked_up_to(self, after: date, on: date) -> None:
        """Note that lawfulness was judged by counting the working days from `after` to `on`."""
        self.provisional_checks |= self.calendar.is_provisional(after, on)

    # Explanation

    def _step(self, event: Event, effect: str, *laws: str) -> None:
        self.steps.append(Step(event.on, f"{effect}。", "、".join(laws)))

    def _step_of(self, order: Order) -> None:
        self.steps.append(Step(order.on, f"{order.words}。", order.law))

    def _shown(self, after: date, day: date) -> str:
        return f"{day}（暂定）" if self.calendar.is_provisional(after, day) else str(day)

    def _due_text(self) -> str:
        due = self.due()
        if self.order is not None:
            return f"应于 {due} 前答复"
        if due is None:
            return "届满之日暂不能确定" if self.stopped is None else "答复期限仍停止计算"
        if self.delayed_until is not None:
            return f"延迟答复的期限仍为 {due}"
        return f"期限至 {self._shown(self.day0, due)}"

    def _silences(self, as_of: date | None) -> Iterator[Step]:
        """The ends of capped consultations that passed unanswered, as far as the events and `as_of` reach."""
        days = [day for day in (self.last, None if self.answered else as_of) if day is not None]
        for each in self.consultations:
            if (
                each.cap is None
                or each.cap >= max(days)
                or (each.answered is not None and each.answered <= each.cap)
            ):
                continue
            yield Step(each.cap, f"{each.silence}；征求意见所需时间至此为止。", "、".join(each.laws))

    def _waiting(self) -> Iterator[Waiting]:
        if self.answered is not None:
            return
        if self.correction_since is not None:
            yield Waiting(WaitingFor.CORRECTION, self.correction_since, self.correction_until, False)
        if self.fee is not None:
            limit = self.calendar.deadline(self.fee, PAYMENT_DAYS)
            yield Waiting(WaitingFor.PAYMENT, self.fee, limit.on, limit.provisional)
        for each in self.consultations:
            if each.answered is None:
                provisional = each.cap is not None and self.calendar.is_provisional(each.on, each.cap)
                yield Waiting(each.whom, each.on, each.cap, provisional, each.ref)

    def _state(self, due: date | None) -> ClockState:
        if self.answered is not None:
            return ClockState.ANSWERED
        if self.correction_since is not None:
            return ClockState.AWAITING_CORRECTION
        if self.fee is not None:
            return ClockState.AWAITING_PAYMENT
        if due is None:
            return ClockState.AWAITING_AGENCY
        return ClockState.DELAYED if self.delayed_until is not None else ClockState.RUNNING

    def result(self, as_of: date | None) -> Clock:
        if self.coming is not None:
            self.order = self.coming
            self._step_of(self.order)
        due, waiting = self.due(), tuple(self._waiting())
        steps = [*self.steps, *self._silences(as_of)]
        if due is not None and self.answered is None:
            steps.append(Step(due, "答复期限届满之日。", self._due_law()))
        measured = self.answered or as_of
        return Clock(
            received=self._receipt_day(),
            day0=self.day0,
            working_days=self.term.days + self.extension,
            due=due,
            provisional=self.provisional_checks
            or self._due_is_provisional(due)
            or (due is None and any(each.provisional for each in waiting)),
            overdue=None if due is None or measured is None else measured > due,
            state=self._state(due),
            waiting=waiting,
            steps=tuple(sorted(steps, key=lambda step: step.on)),
            excluded=tuple(merged(self.consultations, self.day0)),
            stopped=self.stopped,
            delayed_until=self.delayed_until,
            ordered_until=self.order.until if self.order else None,
            answered=self.answered,
            correction_limit=self.correction_limit(),
            correction_requested=self.correction_requested,
            extended=self.extended,
        )

    def _due_is_provisional(self, due: date | None) -> bool:
        fixed = self.delayed_until is not None or self.order is not None
        return due is not None and not fixed and self.calendar.is_provisional(self.day0, due)

    def _due_law(self) -> str:
        if self.order is not None:
            return self.order.law
        return _TERM if self.delayed_until is None else _EXCESSIVE
