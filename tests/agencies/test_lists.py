"""What every staff list offers: saved views, files that no spreadsheet runs, acts on several rows."""

import csv
import io
import json
import re

import django_tables2 as tables
import openpyxl
import pytest

from gongkai.agencies import bulk, exporting, saved
from gongkai.agencies.bulk import Bulk
from gongkai.agencies.models import Person, SavedView
from gongkai.agencies.policy import Refused
from gongkai.journal.models import Entry

BACKEND = "django.contrib.auth.backends.ModelBackend"
PEOPLE = "/workbench/people/"


@pytest.fixture
def log_in(office, client):
    def enter(name):
        client.force_login(office.people[name], backend=BACKEND)
        return client

    return enter


def save(client, name, query="q=a&page=2", path=PEOPLE, **more):
    return client.post("/workbench/views/new/", {"list": path, "query": query, "name": name} | more)


def chips(client, query=""):
    return client.get(f"{PEOPLE}?{query}").context["views"]


def test_a_filter_and_order_get_a_name_that_stands_above_the_list(log_in):
    client = log_in("handler")
    page = client.get(f"{PEOPLE}?sort=-name&q=演示").content.decode()
    assert "/workbench/views/new/?list=/workbench/people/&amp;query=" in page
    answer = save(client, "演示人员", "sort=-name&q=演示&is_active=&page=3")
    assert answer.url == f"{PEOPLE}?q=%E6%BC%94%E7%A4%BA&sort=-name"
    (chip,) = chips(client)
    assert (chip.label, chip.url, chip.current) == ("演示人员", answer.url, False)
    (current,) = chips(client, "sort=-name&q=演示&page=1")
    assert current.current
    assert 'aria-current="true"' in client.get(answer.url).content.decode()
    # The next person sees nothing of it.
    assert chips(log_in("reviewer")) == []


def test_the_head_shares_a_view_and_the_agency_sees_it(office, log_in):
    client = log_in("head")
    assert save(client, "在职", "is_active=true", agency=str(office.agency.pk)).status_code == 302
    assert Entry.objects.get(action="view.shared").agency == str(office.agency.pk)
    (chip,) = chips(log_in("handler"))
    assert chip.shared
    # Who does not head the office cannot change it, share, or find its page.
    client = log_in("handler")
    assert client.get(f"/workbench/views/{chip.view.pk}/").status_code == 404
    assert client.post(f"/workbench/views/{chip.view.pk}/delete/").status_code == 404
    save(client, "也共享", "is_active=true", agency=str(office.agency.pk))
    assert SavedView.objects.get(name="也共享").agency is None
    with pytest.raises(Refused):
        saved.save(office.actor("handler"), PEOPLE, "q=a", "共享", office.agency)
    # The supervisor has no seat in the office.
    assert chips(log_in("supervisor")) == []


def test_a_view_is_renamed_and_deleted(log_in):
    client = log_in("handler")
    save(client, "甲")
    view = SavedView.objects.get()
    page = client.get(f"/workbench/views/?list={PEOPLE}").content.decode()
    assert f"/workbench/views/{view.pk}/" in page and "甲" in page
    save(client, "乙", "q=b")
    taken = client.post(f"/workbench/views/{view.pk}/", {"name": "乙"})
    assert taken.context["form"].errors["name"] and taken.context["form"]["name"].value() == "乙"
    client.post(f"/workbench/views/{view.pk}/", {"name": "丙"})
    view.refresh_from_db()
    assert view.name == "丙"
    client.post(f"/workbench/views/{view.pk}/delete/")
    assert [each.label for each in chips(client)] == ["乙"]


@pytest.mark.parametrize(
    ("query", "path", "status"),
    [
        ("", PEOPLE, 200),
        ("page=2&export=csv", PEOPLE, 200),
        ("q=" + "长" * 200, PEOPLE, 200),
        ("q=a", "/workbench/journal/", 403),
        ("q=a", "/workbench/", 403),
        ("q=a", "//elsewhere.example/workbench/people/", 403),
        ("q=a", "", 403),
    ],
)
def test_what_is_no_view_is_refused_and_kept(log_in, query, path, status):
    answer = save(log_in("handler"), "视图", query, path)
    assert answer.status_code == status
    assert not SavedView.objects.exists()
    if status == 200:
        assert answer.context["form"].non_field_errors() and answer.context["form"]["name"].value() == "视图"


def test_one_name_and_so_many_views_for_each_list(office, log_in):
    client = log_in("handler")
    save(client, "甲")
    assert "甲" in save(client, "甲", "q=b").context["form"].non_field_errors()[0]
    for n in range(1, saved.MOST):
        save(client, f"视图{n}")
    assert str(saved.MOST) in save(client, "再一个").context["form"].non_field_errors()[0]


@pytest.mark.parametrize(
    ("query", "chosen"), [("", ""), ("?is_active=true", "true"), ("?is_active=false", "false")]
)
def test_a_yes_or_no_filter_shows_what_is_chosen(log_in, query, chosen):
    page = log_in("handler").get(f"{PEOPLE}{query}").content.decode()
    options = page[page.index('name="is_active"') : page.index("</select>", page.index('name="is_active"'))]
    assert re.findall(r'<option value="(\w*)" selected', options) == [chosen]


HOSTILE = ["=1+1", "+86", "-2", "@SUM(A1)", "＝1+1", "\tx", " =1+1", "平常"]


class Hostile(tables.Table):
    text = tables.Column()
    left = tables.Column()
    acts = tables.Column()


def hostile():
    return Hostile([{"text": text, "left": -3, "acts": "button"} for text in HOSTILE])


def test_a_csv_opens_in_a_spreadsheet_and_runs_nothing():
    body = b"".join(exporting.export("csv", hostile(), "表"))
    assert body.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    assert head == ["Text", "Left"]
    assert [row[0] for row in rows] == [f"'{text}" for text in HOSTILE[:-1]] + ["平常"]
    assert {row[1] for row in rows} == {"-3"}


def test_in_a_workbook_texts_are_texts_and_numbers_numbers():
    answer = exporting.export("xlsx", hostile(), "a/b：表")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(min_row=2))
    assert [row[0].value for row in rows] == HOSTILE
    assert {row[0].data_type for row in rows} == {"s"}
    assert {row[1].value for row in rows} == {-3}


def test_a_file_that_is_cut_says_so(monkeypatch):
    monkeypatch.setitem(exporting.MOST, "csv", 2)
    lines = b"".join(exporting.export("csv", hostile(), "表")).decode().splitlines()
    assert len(lines) == 4 and "2" in lines[-1]


def test_the_export_follows_filter_and_rights_and_stands_in_the_journal(office, log_in):
    client = log_in("handler")
    answer = client.get(f"{PEOPLE}?q=approver&export=csv")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert [row[0] for row in rows[1:]] == [office.people["approver"].name]
    entry = Entry.objects.get(action="list.exported")
    data = json.loads(entry.data)
    assert (entry.subject_id, data["form"], data["by"]) == (PEOPLE, "csv", ["q"])
    assert "approver" not in entry.data
    everybody = client.get(f"{PEOPLE}?export=csv").getvalue().decode()
    assert office.people["supervisor"].name not in everybody
    assert client.get(f"{PEOPLE}?export=xlsx").content.startswith(b"PK")
    # An unknown form is the list.
    assert client.get(f"{PEOPLE}?export=exe").context["title"]


def act(function=lambda actor, row, data, seen: None, **more):
    return Bulk("act", "act", "people.read", function, **more)


def test_each_row_is_done_or_refused_for_itself(office):
    def refuse_the_approver(actor, row, data, seen):
        if row.username == "approver":
            raise Refused("no", "art. 1")
        done.append((row.username, data["why"], seen))

    done = []
    rows = [office.people["handler"], office.people["approver"], office.people["head"]]
    seen = {str(rows[0].pk): "x"}
    outcome = bulk.run(office.actor("head"), act(refuse_the_approver), rows, {"why": "because"}, seen)
    assert done == [("handler", "because", "x"), ("head", "because", "")]
    assert (outcome.done, outcome.refused) == (2, ((office.people["approver"].name, "no（art. 1）"),))


def test_a_box_carries_the_state_in_which_its_row_was_seen():
    one, two = act(state=lambda row: row.username), Bulk("two", "two", "people.read", print)
    person = Person(username="li")
    value = bulk.value_of((one, two), person)
    assert bulk.chosen([value], (one, two), one) == {str(person.pk): "li"}
    assert bulk.chosen([value], (one, two), two) == {str(person.pk): ""}
    assert bulk.chosen(["made up"], (one, two), one) == {"made up": ""}
    with pytest.raises(Refused):
        bulk.chosen([], (one,), one)
    with pytest.raises(Refused, match=str(bulk.MOST)):
        bulk.chosen(["x"] * (bulk.MOST + 1), (one,), one)


@pytest.mark.parametrize(
    "query",
    [
        "received=99999999",
        "received=2021.5",
        "answered=0",
        "received=abc",
        "per_page=-1",
        "per_page=0",
        "page=-3",
    ],
)
def test_an_address_that_nobody_typed_shows_the_list_all_the_same(office, log_in, query):
    """Years that no calendar has, pages of no rows: ignored like any value that is not known."""
    assert log_in("handler").get(f"/workbench/applications/?{query}").status_code == 200


def test_no_address_asks_for_a_whole_list_on_one_page(office, log_in):
    page = log_in("handler").get(f"{PEOPLE}?per_page=1000000")
    assert page.context["page_obj"].paginator.per_page == 100
