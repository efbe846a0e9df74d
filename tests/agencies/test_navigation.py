"""The navigation of the staff: what one may do, in order, with the addresses of this server and the place where one is."""

import pytest
from django.urls import set_script_prefix

from gongkai.agencies import navigation


@pytest.fixture
def shown(office):
    def links(name, current=""):
        groups = navigation.links_for(office.actor(name), current)
        return {link["url"]: link for group in groups for link in group["links"] + group["more"]}

    return links


def test_each_sees_the_entries_of_their_acts(shown):
    assert "/workbench/items/" in shown("handler") and "/workbench/journal/" not in shown("handler")
    assert "/workbench/journal/" in shown("audit")


def test_the_entry_of_the_page_is_marked_and_no_other(shown):
    marked = [url for url, link in shown("handler", "/workbench/items/").items() if link["current"]]
    assert marked == ["/workbench/items/"]
    # A page below an entry belongs to it.
    below = [url for url, link in shown("handler", "/workbench/items/begin/").items() if link["current"]]
    assert below and all("/workbench/items/begin/".startswith(url) for url in below)


def test_under_a_prefix_of_the_server_addresses_have_it_and_without_it_they_do_not(shown):
    assert "/workbench/items/" in shown("handler")
    set_script_prefix("/gongkai/")
    try:
        assert all(url.startswith("/gongkai/workbench/") for url in shown("handler"))
    finally:
        set_script_prefix("/")
    assert "/workbench/items/" in shown("handler")
