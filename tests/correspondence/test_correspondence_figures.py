"""The figures of the report (S20–S24): counted from answered matters, and open to them."""

from datetime import date

from gongkai.correspondence import figures, handling, tracking
from tests.correspondence import letters

YEAR = date(2021, 1, 1), date(2021, 12, 31)


def test_the_year_counts_what_was_answered_in_it_by_kind(office, at, client):
    with at(2020, 12, 30):
        early = letters.in_hand(office)
        letters.answered(office, title="上一年")
    with at(2021, 1, 6):
        letters.send(office, letters.cleared(office, early))
    with at(2021, 3, 1):
        monday = letters.in_hand(office, "media_line")
        letters.in_hand(office, "mailbox")
        letters.registered(office, "hotline")
        letters.answered(office, "assigned")
    with at(2021, 3, 4):
        letters.send(office, letters.cleared(office, monday))
    with at(2021, 12, 31):
        late = letters.in_hand(office)
        approved = letters.cleared(office, late)
    with at(2022, 1, 4):
        letters.send(office, approved)
        counts = figures.answered_counts(office.agency, *YEAR)
        assert counts == {"mailbox": 1, "media_line": 1, "assigned": 1, "hotline": 0, "complaint": 0}
        assert set(figures.answered(office.agency, *YEAR)) == {early, monday, *figures.answered(
            office.agency, *YEAR, "assigned"
        )}  # fmt: skip
        # early: 30 December to 6 January is 4 working days (1 January off); monday: 3; assigned: 0.
        assert figures.median_working_days(office.agency, *YEAR) == 3
        assert figures.median_working_days(office.district, *YEAR) is None
        client.force_login(office.people["handler"])
        page = client.get(figures.records_url(*YEAR, "mailbox"))
        assert page.context["count"] == 1
        assert early.number in page.content.decode()


def test_the_latest_grade_of_a_matter_counts_once(office, at):
    with at(2021, 3, 1):
        matter = letters.answered(office)
        handling.call_back(office.actor("handler"), matter, grade="dissatisfied")
        handling.call_back(office.actor("handler"), matter, grade="satisfied")
        letters.answered(office, "media_line")
        found = figures.satisfaction(office.agency, *YEAR)
    assert (found.satisfied, found.fair, found.dissatisfied, found.rated) == (1, 0, 0, 1)
    assert list(figures.rated(office.agency, *YEAR, "satisfied")) == [matter]


def test_a_matter_handled_again_is_answered_once(office, at):
    with at(2021, 3, 1):
        matter = letters.answered(office)
        handling.reopen(office.actor("approver"), matter, words="再办")
        letters.send(office, letters.cleared(office, matter))
        assert figures.answered(office.agency, *YEAR).count() == 1
        assert tracking.latest_grade(matter) == ""
