"""The user guide names buttons and menus as the interface does."""

import json
import re
from pathlib import Path

import polib
import pytest
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "gongkai"
GUIDE = ROOT / "docs" / "user-guide"
PAGES = sorted(GUIDE.glob("*.md"))
QUESTION = re.compile(r"^\*\*[^*]+[。？]\*\*", re.M)


def interface() -> set[str]:
    """Every Chinese text as the interface shows it, with the words of the ledger's kinds."""
    entries = [
        entry
        for file in SOURCE.glob("*/locale/zh_Hans/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(file))
    ]
    with translation.override("zh-hans"):
        # Asked for as a page asks: another catalogue may come before ours.
        words = {
            translation.pgettext(entry.msgctxt, entry.msgid)
            if entry.msgctxt
            else translation.gettext(entry.msgid)
            for entry in entries
        }

    def labels(value: object) -> None:
        if isinstance(value, dict):
            words.update(str(value[key]) for key in ("name", "label") if key in value)
            for below in value.values():
                labels(below)
        elif isinstance(value, list):
            for below in value:
                labels(below)

    labels(json.loads((SOURCE / "supervision" / "data" / "kinds.json").read_text("utf-8")))
    # The button of a kind below another one names that kind.
    return words | {f"新建下级“{word}”" for word in words}


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_what_is_bold_is_a_word_of_the_interface(page: Path) -> None:
    text = QUESTION.sub("", page.read_text("utf-8"))
    named = set(re.findall(r"\*\*([^*]+)\*\*", text))
    assert sorted(named - interface()) == []


def test_every_role_has_its_page_named_in_the_table() -> None:
    text = (GUIDE / "README.md").read_text("utf-8")
    assert [page.name for page in PAGES if page.name != "README.md" and f"({page.name})" not in text] == []
