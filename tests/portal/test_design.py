"""The living page of the design system holds every component: no partial, no class, no token is missing on it."""

import re
from pathlib import Path

import pytest

from gongkai.portal import design_samples, tokens

ROOM = Path(tokens.__file__).parent
TEMPLATES, SHEETS = ROOM / "templates", ROOM / "static" / "portal"
INCLUDE = re.compile(r'{% include "([^"]+)"')
# What a page has once, which is its own frame or head, and no component to look at.
FRAME = {"portal/partials/page_tags.html", "portal/apply/proof.html", "portal/partials/challenge.html"}
# Pieces of letters and cases, which their rooms show on both faces.
OTHER_ROOMS = {
    "applications/days.html",
    "correspondence/letter_preview.html",
    "reporting/partials/table.html",
}
# Classes that only the script or the reader's answer brings about, or that stand inside an element of FRAME.
PASSING = {"field__error", "page--filters"}
ADDRESS = "/workbench/design/"


@pytest.fixture
def shown(client, office):
    client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
    return client.get(ADDRESS)


def test_every_partial_of_the_public_pages_is_drawn(shown):
    included = {
        name
        for page in TEMPLATES.rglob("*.html")
        if "design" not in page.parts
        for name in INCLUDE.findall(page.read_text())
    }
    partials = {str(page.relative_to(TEMPLATES)) for page in (TEMPLATES / "portal/partials").iterdir()}
    drawn = {template.name for template in shown.templates}
    assert included | partials
    assert sorted((included | partials) - drawn - FRAME - OTHER_ROOMS) == []


def test_every_class_of_the_style_sheets_is_shown(shown):
    page = shown.content.decode()
    worn = {name for value in re.findall(r'class="([^"]*)"', page) for name in value.split()}
    worn |= {name for value in re.findall(r"class='([^']*)'", page) for name in value.split()}
    styled = {
        name
        for sheet in ("components.css", "document.css", "portal.css")
        for name in re.findall(
            r"\.([a-z][a-z0-9_-]*)", re.sub(r"/\*.*?\*/", "", _selectors(sheet), flags=re.S)
        )
    }
    missing = styled - worn - PASSING - STAFF
    assert " ".join(missing) == ""


def _selectors(sheet: str) -> str:
    return " ".join(re.findall(r"([^{}]+)\{", (SHEETS / sheet).read_text()))


# Shared with the workbench, whose pages alone wear them.
STAFF = {"cell__note", "short", "plain", "input", "form__heading", "meta"}


def test_no_class_of_the_public_pages_is_without_a_style():
    """A class that only the staff's style sheet knows is bare on a page of the site."""
    sheets = [*SHEETS.glob("*.css"), *(ROOM.parent / "reporting/static/reporting").glob("*.css")]
    styled = {name for sheet in sheets for name in re.findall(r"\.([a-z][a-z0-9_-]*)", sheet.read_text())}
    worn = {
        name
        for page in TEMPLATES.rglob("*.html")
        for value in re.findall(r'class="([^"]*)"', page.read_text())
        for name in re.sub(r"{[{%].*?[%}]}", " ", re.sub(r"--{%.*", "--", value)).split()
    }
    assert sorted(name for name in worn - styled if not name.endswith("--")) == []


def test_every_token_is_shown(shown):
    page, sheet = shown.content.decode(), (SHEETS / "design.css").read_text()
    for name in tokens.colours(tokens.MODES["red"]):
        assert f'data-token="{name}"' in page
        assert f'[data-token="{name}"] {{ background: var(--{name}); }}' in sheet
    for kind, prefix in (("size", "text-"), ("gap", "gap-")):
        for name, value in tokens.lengths(prefix).items():
            assert f"--{prefix}{name} {value}" in page
            assert f'[data-{kind}="{name}"]' in sheet


def test_it_is_a_page_for_staff_and_no_page_of_the_site(client, shown):
    assert "noindex" in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    client.logout()
    assert client.get(ADDRESS).headers["Location"].startswith("/workbench/login/")


def test_the_accents_can_be_tried_and_nothing_else_is_taken_from_the_address(client, shown):
    assert 'data-accent="green"' in client.get(f"{ADDRESS}?accent=green").content.decode()
    assert 'data-accent="red"' in client.get(f'{ADDRESS}?accent=">x').content.decode()


def test_every_component_has_samples_and_an_id_of_its_own(office):
    found = design_samples.components()
    assert all(each.samples for each in found)
    assert len({each.key for each in found}) == len(found)
