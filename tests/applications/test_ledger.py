"""The ledger: whose a case is, what is next, what is late; every figure opens to exactly the cases it counts."""

import csv
import io
import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from gongkai.agencies.models import Agency
from gongkai.applications import assigning, figures, ledger, ledger_year
from gongkai.applications.models import APPLICANT_KINDS, OPEN_STATES, Application, CaseEvent, Letter, Matter
from gongkai.journal import clock
from gongkai.rulebook.outcomes import OUTCOMES
from tests.applications.cases import decided, released, sent, web

BACKEND = "django.contrib.auth.backends.ModelBackend"
LEDGER = "/workbench/applications/"


@pytest.fixture
def log_in(office, client):
    def enter(name):
        client.force_login(office.people[name], backend=BACKEND)
        return client

    return enter


def numbers(client, query=""):
    """The numbers on the first page of the ledger."""
    page = client.get(f"{LEDGER}?{query}").content.decode()
    return re.findall(r'<td class="main"[^>]*><a href="[^"]*">([^<]*)</a>', page)


def stored(office, n, *, agency=None, **more):
    """A case as its cache stands, without its events: for counting only."""
    return Application.objects.create(
        agency=agency or office.agency,
        number=f"{(agency or office.agency).code}-{n:04d}",
        submission=uuid4(),
        channel=more.pop("channel", "online"),
        applicant_kind=more.pop("applicant_kind", "natural_person"),
        arrived_on=date(2021, 1, 1),
        case_key=uuid4(),
        registered_at=clock.now(),
        state=more.pop("state", "processing"),
        **more,
    )


def year_of_cases(office):
    """Cases of 2020 to 2022 of every kind of applicant and of many outcomes, for two agencies, some still open."""
    kinds = [key for key, _label in APPLICANT_KINDS]
    outcomes = sorted(OUTCOMES)
    for n in range(60):
        received = date(2020 + n % 3, 1 + n % 12, 1 + n % 28)
        done = n % 4 != 0
        outcome = outcomes[n % len(outcomes)] if done else ""
        stored(
            office,
            n,
            agency=office.district if n % 5 == 0 else office.agency,
            applicant_kind=kinds[n % len(kinds)],
            received_on=received,
            due_on=date(received.year, received.month, 28),
            answered_on=date(received.year + n % 2, 12, 1 + n % 28) if done else None,
            state="closed" if done else "processing",
            outcome=outcome,
            row=OUTCOMES[outcome].row.key if done else "",
            handler=office.people[("handler", "second_handler")[n % 2]] if n % 3 else None,
            matter=Matter.AMENDMENT if n == 59 else Matter.INFORMATION,
        )


def test_the_list_says_whose_it_is_what_is_next_and_how_long(office, at, log_in):
    with at(2021, 3, 1):
        mine, nobodys = web(office), web(office)
        assigning.assign(office.actor("head"), mine, office.people["handler"])
        letter = decided(office, mine)
        page = log_in("handler").get(LEDGER).content.decode()
        row = page[page.index(mine.number) : page.index("</tr>", page.index(mine.number))]
        assert office.people["handler"].name in row and "20" in row
        assert str(ledger.STEPS["processing"]) not in row
        assert ledger.next_step(ledger.with_steps(Application.objects.all()).get(pk=nobodys.pk)) == str(
            ledger.STEPS["processing"]
        )
        first = ledger.next_step(ledger.with_steps(Application.objects.all()).get(pk=mine.pk))
        released(office, letter)
        then = ledger.next_step(ledger.with_steps(Application.objects.all()).get(pk=mine.pk))
        assert first != then and escape(then) in log_in("handler").get(LEDGER).content.decode()
        assert nobodys.number in numbers(log_in("handler"), "handler=nobody")
        assert numbers(log_in("handler"), "handler=mine") == [mine.number]
        assert numbers(log_in("second_handler"), "handler=mine") == []
        assert numbers(log_in("head"), f"handler={office.people['handler'].pk}") == [mine.number]


def test_overdue_due_this_week_and_within_working_days(office, at, log_in):
    # 1 October to 7 October 2021 are days off, 26 September and 9 October are worked on.
    days = [date(2021, 9, 27), date(2021, 9, 28), date(2021, 10, 3), date(2021, 10, 8), date(2021, 10, 9)]
    with at(2021, 9, 28):
        for n, day in enumerate(days):
            stored(office, n, received_on=date(2021, 9, 1), due_on=day)
        stored(office, 9, received_on=date(2021, 9, 1), due_on=days[0], state="closed", answered_on=days[0])
        client = log_in("handler")

        def found(query):
            return sorted(int(number[-1]) for number in numbers(client, query))

        assert found("term=overdue") == [0]
        assert found("term=week") == [1, 2]
        assert found("within=0") == [1]
        assert found("within=2") == [1]
        assert found("within=3") == [1, 2, 3]
        assert found("within=4") == [1, 2, 3, 4]
        assert found("open=true&sort=due_on") == [0, 1, 2, 3, 4]
        # What the address does not know is left aside; no cell is no case.
        assert len(found("within=x&term=never&handler=elsewhere")) == 6
        assert found("cell=2021.r9.total") == found("cell=nothing") == []


def test_among_many_agencies_a_number_is_looked_up_from_its_beginning(office, log_in):
    one, other = stored(office, 1), stored(office, 12, agency=office.district)
    client = log_in("supervisor")
    assert numbers(client, f"q={other.number}") == numbers(client, f"q={other.number[:9]}") == [other.number]
    assert numbers(client, "q=0012") == []
    assert numbers(client, f"q=0012&agency={office.district.pk}") == [other.number]
    assert numbers(log_in("handler"), "q=0001") == [one.number]


@pytest.mark.parametrize("name", ["handler", "supervisor"])
def test_cases_of_a_year_stand_in_the_order_of_its_days(office, log_in, name):
    days = {1: date(2021, 5, 6), 2: date(2021, 3, 4), 3: date(2021, 5, 6), 4: date(2020, 12, 31)}
    for n, day in days.items():
        stored(office, n, received_on=day, state="closed", answered_on=day, row="r3_1", outcome="provided")
    client = log_in(name)

    def found(query):
        return [int(number[-1]) for number in numbers(client, query)]

    assert found("") == [4, 3, 2, 1]
    assert found("received=2021") == found("answered_from=2021-01-01") == [3, 1, 2]
    assert found("cell=2021.r1.total") == found("cell=2021.r3_1.natural_person") == [3, 1, 2]
    assert found("received=2021&sort=number") == [1, 2, 3]
    assert found("late=false&open=false") == [4, 3, 2, 1]


def test_split_joined_matter_and_reason(office, log_in):
    whole = stored(office, 1)
    part = stored(office, 2, origin=whole)
    lead = stored(office, 3)
    follower = stored(office, 4, lead=lead)
    anew = stored(office, 5, origin=lead, matter=Matter.REDO)
    odd = stored(office, 6, sub_reason="withdrawn")
    client = log_in("handler")
    for query, case in (
        ("joint=part", part),
        ("joint=split", whole),
        ("joint=follower", follower),
        ("joint=lead", lead),
        ("matter=redo", anew),
        ("sub_reason=withdrawn", odd),
    ):
        assert numbers(client, query) == [case.number], query


def test_several_cases_are_handed_over_at_once_and_each_refusal_is_told(office, at, log_in):
    with at(2021, 3, 1):
        one, two, three = web(office), web(office), web(office)
        second = office.people["second_handler"]
        assigning.assign(office.actor("head"), two, second)
        client = log_in("head")
        page = client.get(LEDGER).content.decode()
        boxes = dict(re.findall(r'name="row" form="bulk" value="(([0-9a-f-]{36})~[0-9a-f-]*)"', page))
        values = {pk: value for value, pk in boxes.items()}
        # In the meantime somebody gives the third one away.
        assigning.assign(office.actor("head"), three, office.people["handler"])
        chosen = [values[str(case.pk)] for case in (one, two, three)]
        said = {"bulk": "assign", "row": chosen, "assign-to": str(second.pk), "assign-reason": "出差"}
        answer = client.post(f"{LEDGER}?open=true", said)
        assert answer.url == f"{LEDGER}?open=true"
        outcome = client.get(answer.url).context["outcome"]
        assert outcome["done"] == 1
        assert {number for number, _reason in outcome["refused"]} == {two.number, three.number}
        one.refresh_from_db()
        three.refresh_from_db()
        assert one.handler == second and three.handler == office.people["handler"]
        assert CaseEvent.objects.filter(type="assigned").count() == 3
        # It is told once.
        assert client.get(answer.url).context["outcome"] is None


def test_a_bulk_act_without_rows_or_person_keeps_what_was_chosen(office, at, log_in):
    with at(2021, 3, 1):
        case = web(office)
        client = log_in("handler")
        value = f"{case.pk}~"
        answer = client.post(LEDGER, {"bulk": "assign", "row": [value], "assign-reason": "出差"})
        page = answer.content.decode()
        assert f'value="{value}" aria-label' in page and "checked" in page and "出差" in page
        none = client.post(LEDGER, {"bulk": "assign", "assign-to": str(office.people["handler"].pk)})
        assert none.context["bulk"][0]["form"].non_field_errors()
        made_up = {
            "bulk": "assign",
            "row": ["x", str(uuid4())],
            "assign-to": str(office.people["handler"].pk),
        }
        assert client.post(LEDGER, made_up).status_code == 302
        assert client.post(LEDGER, {"bulk": "burn", "row": [value]}).status_code == 403
        # Who may not hand over is offered no boxes, and refused.
        client = log_in("supervisor")
        assert 'name="row"' not in client.get(LEDGER).content.decode()
        assert client.post(LEDGER, {"bulk": "assign", "row": [value]}).status_code == 403


def test_a_case_of_another_agency_is_not_reached_by_its_key(office, at, log_in):
    with at(2021, 3, 1):
        foreign = stored(office, 1, agency=office.district)
        said = {"bulk": "assign", "row": [f"{foreign.pk}~"], "assign-to": str(office.people["handler"].pk)}
        log_in("head").post(LEDGER, said)
        foreign.refresh_from_db()
        assert foreign.handler is None


def test_the_export_has_the_columns_of_the_page_and_more(office, at, log_in):
    with at(2021, 3, 1):
        case = web(office)
        body = log_in("handler").get(f"{LEDGER}?export=csv").getvalue().decode("utf-8-sig")
        head, row = csv.reader(io.StringIO(body))
        assert case.number in row and "20" in row and "2021-03-29" in row
        assert len(head) == len(row) == 12


def test_the_ledger_asks_as_often_for_many_cases_as_for_few(office, at, log_in):
    with at(2021, 3, 1):
        client = log_in("head")

        def asked():
            client.get(LEDGER)
            with CaptureQueriesContext(
                connection,
            ) as seen:
                client.get(LEDGER)
            return len(seen)

        for n in range(2):
            case = stored(office, n, received_on=date(2021, 3, 1), due_on=date(2021, 3, 29))
            write_letter(office, case)
        few = asked()
        for n in range(2, 25):
            case = stored(office, n, received_on=date(2021, 3, 1), due_on=date(2021, 3, 29))
            write_letter(office, case)
        assert asked() == few


def write_letter(office, case):
    return Letter.objects.create(
        application=case, agency=case.agency, kind=20, act="answer", created_by=office.people["handler"],
        created_at=clock.now(),
    )  # fmt: skip


def opened(client, url):
    """How many cases the address shows, all pages together."""
    return len(list(csv.reader(io.StringIO(client.get(f"{url}&export=csv").getvalue().decode())))) - 1


@pytest.mark.parametrize("name", ["head", "supervisor"])
def test_every_figure_of_the_load_opens_to_what_it_counts(office, at, log_in, name):
    year_of_cases(office)
    with at(2022, 3, 16):
        client = log_in(name)
        answer = client.get(f"{LEDGER}load/?first=2020-12-01&last=2022-12-31")
        rows = answer.context["table"]["rows"]
        assert len(rows) >= 4
        checked = 0
        for row in rows:
            for cell in row["cells"][1:6]:
                if isinstance(cell, dict):
                    assert opened(client, cell["url"]) == cell["text"], cell
                    checked += 1
        assert checked > 10
        # The last row is the sum of the others.
        for column in range(1, 6):
            parts = [row["cells"][column] for row in rows]
            values = [part["text"] if isinstance(part, dict) else part for part in parts]
            assert sum(values[:-1]) == values[-1]


def test_working_days_used_are_those_of_the_calendar(office, at):
    handler = office.people["handler"]
    with at(2021, 10, 31):
        # Over the days off of October 2021: 28 September to 11 October are six working days.
        for n, day in enumerate((date(2021, 9, 29), date(2021, 10, 11), date(2021, 10, 11))):
            stored(
                office, n, received_on=date(2021, 9, 28), due_on=date(2021, 10, 9), answered_on=day,
                state="closed", handler=handler,
            )  # fmt: skip
        rows = ledger.loads(office.agency, date(2021, 1, 1), date(2021, 12, 31))
        (mine, total) = rows
        assert (mine.name, mine.answered, mine.late, mine.median_days) == (handler.name, 3, 2, 5)
        assert (total.answered, total.open) == (3, 0)


@pytest.mark.parametrize("name", ["handler", "reviewer", "audit"])
def test_the_load_of_others_is_for_the_head_and_the_supervisor(office, log_in, name):
    assert log_in(name).get(f"{LEDGER}load/").status_code == 403


@pytest.mark.parametrize(("name", "query"), [("handler", ""), ("supervisor", "&agency={district}&below=on")])
def test_every_cell_of_the_year_opens_to_its_cases(office, at, log_in, name, query):
    year_of_cases(office)
    with at(2022, 3, 16):
        client = log_in(name)
        page = client.get(f"{LEDGER}year/?year=2021" + query.format(district=office.district.pk))
        scope = office.agency if name == "handler" else Agency.objects.all()
        counts = figures.table(scope, 2021)
        rows = page.context["rows"]
        assert counts["r1"]["total"] and counts["r2"]["total"]
        seen = 0
        for row, key in zip(rows, figures_rows(), strict=True):
            for cell, column in zip(row["cells"], figures.COLUMNS, strict=True):
                shown = cell["text"] if isinstance(cell, dict) else cell
                assert shown == counts[key][column], (key, column)
                if isinstance(cell, dict) and (column == "total" or key == "r1"):
                    assert opened(client, cell["url"]) == shown
                    assert figures.cases(scope, 2021, key, column).count() == shown
                    seen += 1
        assert seen > 15
        assert [check.satisfied for check in page.context["checks"]] == [True, True, True]
        for measure in page.context["measures"]:
            for cell in measure["cells"]:
                if isinstance(cell, dict):
                    assert opened(client, cell["url"]) == cell["text"], cell


def figures_rows():
    from gongkai.rulebook.report_form import APPLICATION_ROWS

    return [row.key for row in APPLICATION_ROWS]


def test_the_sum_of_a_subtree_asks_no_more_than_one_agency(office):
    year_of_cases(office)

    def asked(scope):
        with CaptureQueriesContext(connection) as seen:
            figures.table(scope, 2021)
        return len(seen)

    assert asked(office.agency) == asked(office.district.subtree()) == 4
    whole = figures.table(office.district.subtree(), 2021)
    parts = [figures.table(agency, 2021) for agency in (office.agency, office.district)]
    assert all(whole[r][c] == sum(p[r][c] for p in parts) for r in figures.ROWS for c in figures.COLUMNS)


def test_a_table_that_does_not_balance_says_where():
    counts = {row: dict.fromkeys(figures.COLUMNS, 0) for row in figures.ROWS}
    assert all(check.satisfied for check in ledger_year.checks(counts))
    counts["r1"]["natural_person"] = 1
    broken = {check.rule: check for check in ledger_year.checks(counts)}
    assert not broken["C1"].satisfied and not broken["C2"].satisfied and broken["C3"].satisfied
    assert "自然人" in broken["C1"].findings[0].message


def test_the_year_so_far_stands_beside_the_same_days_of_the_year_before(office, at, log_in):
    for n, day in enumerate((date(2020, 2, 3), date(2020, 6, 1), date(2021, 2, 1), date(2021, 3, 1))):
        stored(office, n, received_on=day)
    with at(2021, 3, 1):
        spans = ledger_year.spans(office.agency, 2021, clock.today())
        assert [span.counts["received"] for span in spans] == [2, 1, 2]
        assert [span.counts["open"] for span in spans] == [4, 1, 2]
        assert [(s.first, s.last) for s in spans][1] == (date(2020, 1, 1), date(2020, 3, 1))
        past = ledger_year.spans(office.agency, 2020, clock.today())
        assert [span.counts["received"] for span in past] == [2, 0]
        # A year to come is this one.
        assert log_in("handler").get(f"{LEDGER}year/?year=2050").context["year"] == 2021
    with at(2024, 2, 29):
        assert ledger_year.spans(office.agency, 2024, clock.today())[1].last == date(2023, 2, 28)


def test_the_year_is_a_file_and_a_page_to_print(office, at, log_in):
    year_of_cases(office)
    with at(2022, 3, 16):
        client = log_in("handler")
        body = client.get(f"{LEDGER}year/?year=2021&export=csv").getvalue().decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(body)))
        counts = figures.table(office.agency, 2021)
        assert [str(counts["r1"][column]) for column in figures.COLUMNS] == lines[2][1:]
        assert client.get(f"{LEDGER}year/?year=2021&export=xlsx").content.startswith(b"PK")
        printed = client.get(f"{LEDGER}year/?year=2021&print=1").content.decode()
        assert "<nav" not in printed[printed.index("<main") :] and 'class="filter-bar"' not in printed


def test_the_letters_not_sent_are_those_still_to_be_sent(office, at, log_in):
    with at(2021, 3, 1):
        case = stored(office, 1)
        waiting, dropped = write_letter(office, case), write_letter(office, case)
        Letter.objects.filter(pk=dropped.pk).update(dropped=True)
        gone = sent(office, decided(office, web(office)), date(2021, 3, 1))
        # What the lists of open cases rest on: with its answer sent, a case is open no more.
        answered = Application.objects.filter(answered_on__isnull=False)
        assert answered.count() == 1 and not answered.filter(state__in=OPEN_STATES).exists()
        client = log_in("handler")
        page = client.get("/workbench/letters/?sent=false").content.decode()
        assert str(waiting.pk) in page and str(dropped.pk) not in page and str(gone.pk) not in page
        page = client.get("/workbench/letters/?sent=true").content.decode()
        assert str(gone.pk) in page and str(waiting.pk) not in page and "2021-03-01" in page
