"""What holds of the clock for all cases: an independent count, merging, monotonicity, no stray exception."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongkai.rulebook.calendar import standard_calendar
from gongkai.rulebook.clock import clock
from gongkai.rulebook.clock_result import Clock
from gongkai.rulebook.events import ClockError, Event, EventType, events_from_json
from gongkai.rulebook.term_days import counted_days_left, term_days

CALENDAR = standard_calendar()
receipts = st.dates(date(2019, 5, 15), date(2026, 12, 31))
any_days = st.dates(date(2019, 1, 1), date(2100, 12, 31))
near = st.integers(0, 40)
consultations = st.lists(st.tuples(near, near, st.booleans()), max_size=6)


def consulted(receipt: date, spans: list[tuple[int, int, bool]]) -> list[Event]:
    """A case with consultations begun and answered so many days after the receipt."""
    events = []
    for ref, (start, length, third) in enumerate(spans):
        asked, answered = (
            (EventType.THIRD_PARTY_ASKED, EventType.THIRD_PARTY_ANSWERED)
            if third
            else (EventType.AGENCY_CONSULTED, EventType.AGENCY_ANSWERED)
        )
        begin = receipt + timedelta(days=start)
        co_maker = None if third else False
        events += [
            Event(asked, begin, ref=ref, co_maker=co_maker),
            Event(answered, begin + timedelta(days=length), ref=ref, co_maker=co_maker),
        ]
    # Stable: an answer on its asking day stays behind it.
    return [Event(EventType.RECEIVED, receipt), *sorted(events, key=lambda event: event.on)]


@given(receipts, consultations)
def test_the_due_day_is_the_one_found_by_counting_day_by_day(
    receipt: date, spans: list[tuple[int, int, bool]]
) -> None:
    excluded = set()
    for start, length, third in spans:
        begin = receipt + timedelta(days=start)
        end = begin + timedelta(days=length)
        if third:
            end = min(end, CALENDAR.add_working_days(begin, 15))
        excluded |= {begin + timedelta(days=n) for n in range(1, (end - begin).days + 1)}
    day, counted = receipt, 0
    while counted < 20:
        day += timedelta(days=1)
        counted += CALENDAR.is_working_day(day) and day not in excluded
    assert clock(consulted(receipt, spans), CALENDAR).due == day


@given(receipts, consultations, st.tuples(near, near, st.booleans()))
def test_a_further_consultation_never_brings_the_due_day_forward(
    receipt: date, spans: list[tuple[int, int, bool]], more: tuple[int, int, bool]
) -> None:
    before, after = (clock(consulted(receipt, each), CALENDAR).due for each in (spans, [*spans, more]))
    assert before is not None
    assert after is not None
    assert before <= after


@given(receipts, receipts)
def test_later_received_is_not_earlier_due(a: date, b: date) -> None:
    first, second = (clock([Event(EventType.RECEIVED, day)], CALENDAR).due for day in sorted((a, b)))
    assert first is not None
    assert second is not None
    assert first <= second


@given(receipts, st.integers(1, 20), st.integers(0, 30))
def test_an_extension_adds_exactly_its_working_days(receipt: date, more: int, after: int) -> None:
    received = Event(EventType.RECEIVED, receipt)
    plain = clock([received], CALENDAR).due
    assert plain is not None
    on = min(receipt + timedelta(days=after), plain)
    extended = clock([received, Event(EventType.EXTENDED, on, working_days=more)], CALENDAR).due
    assert extended == CALENDAR.add_working_days(plain, more)


@given(receipts, consultations, st.integers(-5, 120))
def test_the_daily_account_agrees_with_the_due_day(
    receipt: date, spans: list[tuple[int, int, bool]], offset: int
) -> None:
    result = clock(consulted(receipt, spans), CALENDAR)
    assert result.due is not None
    account = list(term_days(result, CALENDAR))
    assert (account[-1].on, account[-1].number) == (result.due, 20)
    as_of = receipt + timedelta(days=offset)
    left = counted_days_left(result, CALENDAR, as_of)
    if as_of <= result.due:
        assert left == sum(day.kind.counts for day in account if day.on > as_of)
    else:
        assert left is not None
        assert left <= 0


events = st.builds(
    Event,
    st.sampled_from(EventType),
    st.one_of(st.dates(date(2026, 3, 1), date(2026, 4, 30)), st.dates()),
    until=st.none() | st.dates(date(2026, 3, 1), date(2026, 8, 1)),
    working_days=st.none() | st.integers(-1, 25),
    sent=st.none() | st.dates(date(2026, 2, 20), date(2026, 4, 30)),
    ref=st.none() | st.sampled_from(["a", 1]),
    co_maker=st.none() | st.booleans(),
)
near_events = st.builds(
    Event,
    st.sampled_from([each for each in EventType if each not in (EventType.RECEIVED, EventType.ANSWERED)]),
    st.dates(date(2026, 3, 2), date(2026, 4, 10)),
    until=st.dates(date(2026, 4, 10), date(2026, 8, 1)),
    working_days=st.integers(1, 20),
    ref=st.none() | st.sampled_from(["a", "b"]),
    co_maker=st.none() | st.booleans(),
)


def tried(sequence: list[Event]) -> Clock | None:
    try:
        return clock(sequence, CALENDAR, date(2026, 4, 1))
    except ClockError as error:
        assert str(error)
        return None


@given(st.lists(events, max_size=8))
def test_no_sequence_of_events_raises_anything_but_a_clock_error(sequence: list[Event]) -> None:
    tried(sequence)
    tried(sorted(sequence, key=lambda event: event.on))


@given(st.lists(near_events, max_size=7))
def test_a_lawful_case_is_consistent(sequence: list[Event]) -> None:
    received = Event(EventType.RECEIVED, date(2026, 3, 2))
    result = tried([received, *sorted(sequence, key=lambda event: event.on)])
    if result is None:
        return
    assert (result.overdue is None) == (result.due is None)
    if result.stopped is not None:
        assert result.due is None
    if result.due is not None:
        assert result.due > result.day0
    for before, after in zip(result.excluded, result.excluded[1:], strict=False):
        assert before.upto is not None
        assert before.upto < after.after


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just("2026-03-02"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "on", "until", "ref", "working_days"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_no_json_value_raises_anything_but_a_clock_error(content: object) -> None:
    try:
        clock(events_from_json(content), CALENDAR)
    except ClockError as error:
        assert str(error).isprintable()
