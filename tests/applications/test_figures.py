"""Table three and the clock of a case, against a count and a clock that know nothing of the database."""

from datetime import date, timedelta
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.agencies import calendars
from gongkai.applications import events, figures, incoming, notices, states
from gongkai.applications.models import APPLICANT_KINDS, Application, CaseEvent
from gongkai.journal import clock as now
from gongkai.rulebook import clock as law
from gongkai.rulebook.events import ClockError, events_from_json
from gongkai.rulebook.outcomes import OUTCOMES
from gongkai.rulebook.receipt import Arrival, Channel, ReportChannel
from gongkai.rulebook.report_form import LEAF_ROWS
from tests.applications.cases import came, decided, sent, web

KINDS = [key for key, _label in APPLICANT_KINDS]
DAYS = st.dates(date(2020, 11, 1), date(2022, 2, 28))
CASES = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from([channel.value for channel in Channel]),
        st.none() | DAYS,
        st.none() | st.tuples(st.integers(0, 200), st.sampled_from(sorted(OUTCOMES))),
    ),
    max_size=25,
)


def _stored(office, rows):
    made = []
    for n, (kind, channel, received, answer) in enumerate(rows):
        answered = received + timedelta(days=answer[0]) if received and answer else None
        made.append(
            Application(
                agency=office.agency,
                number=f"N{n}",
                submission=uuid4(),
                channel=channel,
                applicant_kind=kind,
                arrived_on=date(2021, 1, 1),
                case_key=uuid4(),
                registered_at=now.now(),
                received_on=received,
                answered_on=answered,
                outcome=answer[1] if answered else "",
                row=OUTCOMES[answer[1]].row.key if answered else "",
            )
        )
    return Application.objects.bulk_create(made)


@settings(max_examples=25)
@given(rows=CASES)
def test_the_table_is_what_a_count_by_hand_gives(office, rows):
    Application.objects.all().delete()
    made = _stored(office, rows)
    first, last = date(2021, 1, 1), date(2021, 12, 31)
    table = figures.table(office.agency, 2021)
    for column in figures.COLUMNS:
        mine = [each for each in made if column in ("total", each.applicant_kind) and each.received_on]
        expected = {
            "r1": [c for c in mine if c.received_on.year == 2021],
            "r2": [
                c for c in mine if c.received_on < first and not (c.answered_on and c.answered_on < first)
            ],
            "r3_7": [c for c in mine if c.answered_on and c.answered_on.year == 2021],
            "r4": [
                c for c in mine if c.received_on <= last and not (c.answered_on and c.answered_on <= last)
            ],
        }
        expected |= {row: [c for c in expected["r3_7"] if c.row == row] for row in LEAF_ROWS}
        for row, wanted in expected.items():
            assert table[row][column] == len(wanted), (row, column)
            assert set(figures.cases(office.agency, 2021, row, column)) == set(wanted)
        # C1 and C3 of the report hold whatever the cases are.
        assert table["r1"][column] + table["r2"][column] == table["r3_7"][column] + table["r4"][column]
        assert table["r3_7"][column] == sum(table[row][column] for row in LEAF_ROWS)
    assert sum(figures.channels(office.agency, 2021).values()) == table["r1"]["total"]


def test_the_four_channels(office, at):
    with at(2021, 4, 23):
        web(office)
        today = date(2021, 4, 23)
        for channel in (Channel.COUNTER, Channel.ORAL, Channel.REGISTERED_MAIL, Channel.EMAIL):
            came(office, channel, Arrival(today, signed=today, confirmed=today))
    assert figures.channels(office.agency, 2021) == {
        ReportChannel.IN_PERSON: 2,
        ReportChannel.FAX: 0,
        ReportChannel.NETWORK: 2,
        ReportChannel.LETTER: 1,
    }


def test_a_case_answered_in_the_next_year_is_carried_over(office, at):
    with at(2021, 12, 28):
        case = web(office, kind="natural_person")
    with at(2022, 1, 5):
        sent(office, decided(office, case), date(2022, 1, 5))
    before, after = figures.table(office.agency, 2021), figures.table(office.agency, 2022)
    assert [before[row]["total"] for row in ("r1", "r2", "r3_7", "r4")] == [1, 0, 0, 1]
    assert [after[row]["total"] for row in ("r1", "r2", "r3_7", "r4")] == [0, 1, 1, 0]
    assert after["r3_1"]["natural_person"] == 1


def test_fee_notices_of_the_year(office, at):
    with at(2021, 4, 23):
        case = web(office)
        letter = notices.notify_fee(
            office.actor("handler"), case, ladder="by_pages", units=100, payment="财政专户"
        )
        sent(office, letter, date(2021, 4, 23))
        assert figures.fee_notices(office.agency, 2021) == (1, 700, 0)
        incoming.receive_fee(office.actor("handler"), case, date(2021, 4, 23))
    assert figures.fee_notices(office.agency, 2021) == (1, 700, 700)
    assert figures.fee_notices(office.agency, 2022) == (0, 0, 0)


OFFSETS = st.integers(0, 45)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("correction_requested"), OFFSETS, st.just({"until": "2021-12-01"})),
        st.tuples(st.just("correction_received"), OFFSETS, st.just({})),
        st.tuples(st.just("third_party_asked"), OFFSETS, st.just({"ref": "a"})),
        st.tuples(st.just("third_party_answered"), OFFSETS, st.just({"ref": "a"})),
        st.tuples(st.just("agency_consulted"), OFFSETS, st.just({"ref": "b", "co_maker": False})),
        st.tuples(st.just("agency_answered"), OFFSETS, st.just({"ref": "b"})),
        st.tuples(st.just("extended"), OFFSETS, st.just({"working_days": 10})),
        st.tuples(st.just("fee_notified"), OFFSETS, st.just({"amount": 100})),
        st.tuples(st.just("fee_paid"), OFFSETS, st.just({})),
        st.tuples(st.just("answered"), OFFSETS, st.just({})),
    ),
    max_size=6,
)


@given(steps=STEPS)
@settings(max_examples=60)
def test_the_clock_of_a_case_is_the_rulebook_s_over_its_events(office, steps):
    """Whatever the order of entry: either both refuse, or state, due day and answer agree."""
    start = date(2021, 4, 23)
    rows = [CaseEvent(seq=1, type="registered", on=start), CaseEvent(seq=2, type="received", on=start)]
    for n, (type, offset, data) in enumerate(steps, start=3):
        rows.append(CaseEvent(seq=n, type=type, on=start + timedelta(days=offset), data=data))
    plain = sorted(rows[1:], key=lambda row: (row.on, row.seq))
    content = [{"type": row.type, "on": row.on.isoformat()} | row.data for row in plain]
    try:
        expected = law.clock(events_from_json(content), calendars.current())
    except ClockError as error:
        expected = error
    try:
        cached = events.cached(rows)
    except ClockError as error:
        assert isinstance(expected, ClockError) and str(error) == str(expected)
        return
    assert (cached["due_on"], cached["answered_on"], cached["received_on"]) == (
        expected.due,
        expected.answered,
        expected.received,
    )
    stopped = {"等待补正": "correcting", "等待缴费": "paying", "已答复": "answered"}
    assert states.standing(rows).state == stopped.get(expected.state.value, "processing")
