"""The settings of an agency: one page, checked values, a trail; what the rooms read follows at once."""

import json

import pytest

from gongkai.agencies import number_forms, options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import NUMBER, TEXT, Option
from gongkai.agencies.policy import Refused
from gongkai.correspondence import terms

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def desk(office, client):
    client.force_login(office.people["head"], backend=BACKEND)
    return client


def page_of(office):
    return f"/workbench/settings/{office.agency.pk}/"


def typed(office, **changes):
    """The form as the browser sends it back, with some fields typed anew."""
    now = {option.key: options.read(office.agency, option.key) for option in options.known()}
    said = {"seen": json.dumps(now)}
    for option in options.known():
        if option.kind != options.FLAG:
            said[option.key] = options.shown(option, now[option.key])
        elif now[option.key]:
            said[option.key] = "on"
    return said | changes


def test_every_declared_setting_stands_on_the_page_with_its_default(office, desk):
    page = desk.get(page_of(office)).content.decode()
    for option in options.known():
        assert f'name="{option.key}"' in page, option.key
    assert "第四十四条" in page and "{code}-XX{year}-{n:04d}" in page
    assert desk.get("/workbench/settings/").url == page_of(office)


def test_a_change_is_in_force_at_once_and_stands_in_the_trail(office, desk):
    answer = desk.post(page_of(office), typed(office, mailbox_working_days="7"))
    assert answer.url == page_of(office)
    office.agency.refresh_from_db()
    assert terms.term_for(office.agency, "mailbox") == 7
    assert set(office.agency.options) == {"mailbox_working_days"}
    (change,) = options.trail(office.agency)
    assert change.who == office.people["head"].name
    assert [(before, after) for _label, before, after in change.settings] == [("5", "7")]
    page = desk.get(page_of(office)).content.decode()
    assert office.people["head"].name in page[page.index('id="trail"') :]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("mailbox_working_days", "many", "1"),
        ("mailbox_working_days", "", ""),
        ("mailbox_working_days", "0", "60"),
        ("mailbox_number_form", "", "{n}"),
        ("mailbox_number_form", "XX-{n}", "{year}"),
        ("mailbox_number_form", "{year}-{n}-{person}", "person"),
        ("mailbox_number_form", "{year}-{n", "{n}"),
        ("mailbox_number_form", "{year}-{n:09999d}", "{n:04d}"),
        ("mailbox_number_form", "{year}-{n!r}", "{n:04d}"),
        ("mailbox_number_form", "{year.__class__}-{n}", "year.__class__"),
        ("mailbox_number_form", "{mark:04d}-{year}-{n}", "{year}"),
        ("mailbox_number_form", "函" * 75 + "{year}-{n}", "80"),
        ("reply_mark", "红头\t文件", ""),
    ],
)
def test_what_is_refused_is_kept_with_one_sentence_and_changes_nothing(office, desk, key, value, told):
    answer = desk.post(page_of(office), typed(office, **{key: value, "hotline_working_days": "6"}))
    assert answer.status_code == 200
    (sentence,) = answer.context["form"].errors[key]
    assert told in sentence
    assert answer.context["form"][key].value() == value
    office.agency.refresh_from_db()
    assert office.agency.options == {}


def test_two_series_of_one_space_may_not_write_the_same_numbers(office, desk):
    with pytest.raises(Refused, match=office.district.name):
        Agency.objects.filter(pk=office.district.pk).update(options={"hotline_number_form": "R{year}-{n}"})
        options.change(office.actor("head"), office.agency, {"mailbox_number_form": "R{year}-{n}"})
    options.change(office.actor("head"), office.agency, {"mailbox_number_form": "M{year}-{n}"})


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(office, desk):
    opened = typed(office, hotline_working_days="9")
    options.change(
        office.actor("head"), office.agency, {"hotline_working_days": 8, "mailbox_working_days": 6}
    )
    answer = desk.post(page_of(office), opened)
    assert "8" in answer.context["form"].non_field_errors()[0]
    # What this person left alone is not set back to what they saw.
    desk.post(page_of(office), opened | {"hotline_working_days": "5", "assigned_working_days": "12"})
    office.agency.refresh_from_db()
    assert office.agency.options["mailbox_working_days"] == 6
    assert office.agency.options["assigned_working_days"] == 12


def test_an_emptied_text_with_a_derived_default_is_the_default_again(office):
    actor = office.actor("head")
    options.change(actor, office.agency, {"reply_mark": "西工区人民政府文件"})
    assert options.read(office.agency, "reply_mark") == "西工区人民政府文件"
    options.change(actor, office.agency, {"reply_mark": ""})
    assert options.read(office.agency, "reply_mark") == f"{office.agency.name}文件"


@pytest.mark.parametrize("name", ["handler", "reviewer", "approver", "supervisor"])
def test_only_the_head_and_the_system_administrator_open_it(office, client, name):
    client.force_login(office.people[name], backend=BACKEND)
    assert client.get(page_of(office)).status_code == 404
    assert client.post(page_of(office), typed(office)).status_code == 404
    assert client.get("/workbench/settings/").status_code == 403


def test_the_system_administrator_chooses_the_agency(office, client):
    client.force_login(office.people["system"], backend=BACKEND)
    page = client.get("/workbench/settings/").content.decode()
    assert page_of(office) in page and f"/workbench/settings/{office.district.pk}/" in page
    agency = client.get(f"/workbench/agencies/{office.agency.pk}/").content.decode()
    assert page_of(office) in agency


def test_a_default_that_the_setting_would_refuse_is_no_setting():
    with pytest.raises(ValueError, match="days"):
        options.declare(Option("days", "", "days", NUMBER, 400, most=30))
    with pytest.raises(ValueError, match="form"):
        options.declare(number_forms.option("form", "form", "{n}", space="test"))
    with pytest.raises(KeyError):
        options.read(Agency(), "nobody_declared_this")
    assert options.shown(Option("a", "", "a", TEXT, ""), "x") == "x"
