"""The two editions of the pages that always stand: Chinese at their addresses, English below /en/.

Records stay as they were released, in Chinese; what is English is the frame, the guide, the catalogue, the board of
reports, the statistics and the page on accessibility. A page with a twin names it (`twin`), every other page leads to
the front of the other edition.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils import translation

CHINESE, ENGLISH = "zh-hans", "en"
FOLDER = "en"
# Tags of languages as HTML and search engines want them.
TAGS = {CHINESE: "zh-Hans", ENGLISH: "en"}
NAMES = {CHINESE: "中文", ENGLISH: "English"}
_MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
_TWIN = re.compile(
    r'href="(/(?:(?:guide|reports|statistics|catalogue|accessibility)/)?|/guide/[^"/]+/|/statistics/\d{4}/)"'
)
# English names of the columns that every instance begins with, by code; what an agency adds keeps its own name.
COLUMNS = {
    "20-01": "Rules and normative documents",
    "20-02": "Organisation and contacts",
    "20-03": "Plans and programmes",
    "20-04": "Statistics",
    "20-05": "Permits and services",
    "20-06": "Penalties and enforcement",
    "20-07": "Budgets and accounts",
    "20-08": "Fees",
    "20-09": "Government procurement",
    "20-10": "Major construction projects",
    "20-11": "Poverty relief, education, health, social security and employment",
    "20-12": "Emergency plans and warnings",
    "20-13": "Inspections of environment, health, work safety, food, drugs and products",
    "20-14": "Recruitment of civil servants",
    "20-15": "Other information that the law requires",
    "21-c1": "Municipal construction",
    "21-c2": "Public services",
    "21-c3": "Public welfare undertakings",
    "21-c4": "Expropriation of land",
    "21-c5": "Expropriation of houses",
    "21-c6": "Public security",
    "21-c7": "Social relief",
    "guide": "Guides to open government information",
    "rules": "Rules of open government information",
    "interpretation": "Interpretations of policies",
    "questions": "Questions and answers",
    "news": "News of the work",
    "notice": "Public notices",
    "housing": "Renewal of shanty towns",
}
_edition: ContextVar[str] = ContextVar("gongkai_edition", default=CHINESE)


def language() -> str:
    """The language of the edition that is being written: Chinese unless inside `writing`."""
    return _edition.get()


@contextmanager
def writing(edition: str) -> Iterator[None]:
    """Write pages of another edition inside the block."""
    token = _edition.set(edition)
    try:
        yield
    finally:
        _edition.reset(token)


def column_name(code: str, name: str) -> str:
    """The name of a column in the language of now."""
    return COLUMNS.get(code, name) if translation.get_language() == ENGLISH else name


def links(twin: str | None, origin: str) -> dict[str, Any]:
    """`languages` of the frame, and `alternates` for the head: none where the other edition has no such page.

    twin: the address of the page in the Chinese edition where both have it, as /guide/.
    """
    here = language()
    addresses = {CHINESE: twin or "/", ENGLISH: f"/{FOLDER}{twin or '/'}"}
    shown = [
        {"code": TAGS[code], "name": NAMES[code], "url": address, "current": code == here}
        for code, address in addresses.items()
    ]
    alternates = [{"code": each["code"], "url": origin + str(each["url"])} for each in shown] if twin else []
    return {"languages": shown, "alternates": alternates}


def led(html: str) -> str:
    """The text of an English page with its links leading to English pages where there are such."""

    def lead(main: re.Match[str]) -> str:
        return _TWIN.sub(rf'href="/{FOLDER}\1"', main[0])

    return _MAIN.sub(lead, html)
