"""Coverage of the standard catalogues by agency, field and entry; tasks for what is missing (S7, S85, S96, S97)."""

from datetime import date

import pytest

from gongkai.agencies.policy import Refused
from gongkai.disclosure import standards
from gongkai.disclosure.models import StandardField
from gongkai.supervision import coverage, kinds
from gongkai.supervision.models import Entry
from tests.items import released

DAY = date(2021, 6, 1)


@pytest.fixture
def answering(office, at):
    """The office answers expropriation; its decision is public in time, the notice of laws came late."""
    standards.load()
    kinds.load()
    field = StandardField.objects.get(code="expropriation")
    standards.set_duties(office.actor("head"), office.agency, [field])
    with at(2021, 3, 10):
        released(office, standard="expropriation-07")
    with at(2021, 5, 20):
        released(office, standard="expropriation-01", formed_on="2021-03-01")
    return office


def test_the_coverage_counts_entries_owed_answered_missing_and_late(answering):
    row = coverage.by_duty(DAY).get()
    assert (row.total, row.answered, row.missing, row.late) == (10, 2, 8, 1)


def test_each_entry_tells_what_is_public_for_it(answering):
    rows = {row.code: (row.held, row.late) for row in coverage.by_entry(answering.agency, DAY)}
    assert rows["expropriation-07"] == (1, 0)
    assert rows["expropriation-01"] == (1, 1)
    assert rows["expropriation-02"] == (0, 0)
    # What is open on application is not owed.
    assert "expropriation-03" not in rows


def test_a_missing_entry_becomes_one_task_with_person_and_day(answering, at):
    row = coverage.by_entry(answering.agency, DAY).get(code="expropriation-02")
    said = {"responsible": answering.people["handler"], "due_on": date(2021, 6, 30)}
    with at(2021, 6, 1):
        task = coverage.open_task(answering.actor("head"), answering.agency, row, said)
        assert "法规政策·地方层面" in task.subject
        assert task.responsible == answering.people["handler"]
        with pytest.raises(Refused):
            coverage.open_task(answering.actor("head"), answering.agency, row, said)
    assert Entry.objects.count() == 1


def test_the_list_opens_tasks_for_the_rows_chosen(answering, at, client):
    client.force_login(answering.people["head"])
    with at(2021, 6, 1):
        address = f"/workbench/coverage/{answering.agency.pk}/?state=missing"
        page = client.get(address).content.decode()
        assert "补偿方案" in page
        assert "房屋征收决定公告" not in page
        row = coverage.by_entry(answering.agency, DAY).get(code="expropriation-06")
        client.post(
            address,
            {
                "bulk": "task",
                "row": f"{row.pk}~",
                "responsible": str(answering.people["handler"].pk),
                "due_on": "2021-06-30",
            },
        )
    assert Entry.objects.count() == 1


def test_a_supervisor_sees_the_offices_below(answering, at, client):
    client.force_login(answering.people["supervisor"])
    with at(2021, 6, 1):
        page = client.get("/workbench/coverage/").content.decode()
    assert answering.agency.short_name in page
    assert "20%" in page
