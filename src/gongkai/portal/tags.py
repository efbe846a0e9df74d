"""The page tags of 国办发〔2017〕47号 (rulebook 7.1): which are required on which page, and the check.

A page that lacks a required tag is not written, and an export stops at one. Which tags are required is data: the table
of the rulebook, which an administrator changes by a setting of the top agency.
"""

from dataclasses import dataclass

import lxml.html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import TEXT, Option
from gongkai.agencies.policy import Refused
from gongkai.channels.identity import top_agency
from gongkai.rulebook import page_tags

GROUP = gettext_lazy("Public site")
_KEY = "page_tags_{level}"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in page_tags.joined(text).split(";") if name)


def _check(agency: Agency | None, text: str) -> None:
    unknown = [name for name in _names(text) if name not in page_tags.BY_NAME]
    if unknown:
        known = "、".join(page_tags.BY_NAME)
        words = _("“%(name)s” is no page tag; the names are, exactly so: %(known)s.")
        raise Refused(words % {"name": unknown[0], "known": known}, page_tags.LAW)


options.declare(
    *(
        Option(
            _KEY.format(level=level), GROUP, label, TEXT, ";".join(page_tags.required(level)), law=page_tags.LAW,
            words=gettext_lazy("Names divided by “;”. A page without one of them is not published; only the settings of the top agency count."),
            check=_check,
        )
        for level, label in (
            ("site", gettext_lazy("Page tags required on every page")),
            ("column", gettext_lazy("Page tags required on pages of columns")),
            ("article", gettext_lazy("Page tags required on pages of content")),
        )
    )
)  # fmt: skip


@dataclass
class TagsMissing(ValueError):
    """A page lacks tags that the site guide requires, or has them in a wrong form."""

    page: str
    faults: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: 网页标签{'、'.join(self.faults)}（{page_tags.LAW}）"


def required(level: str) -> tuple[str, ...]:
    """The tags that a page of this kind must carry on this site."""
    agency = top_agency()
    if agency is None:
        return page_tags.required(level)
    return _names(str(options.read(agency, _KEY.format(level=level))))


def values(html: str | bytes) -> dict[str, str]:
    """The named tags in the head of a page."""
    root = lxml.html.document_fromstring(html if isinstance(html, str) else html.decode())
    return {tag.get("name", ""): tag.get("content") or "" for tag in root.iterfind("head/meta[@name]")}


def require(html: str, level: str, page: str) -> None:
    """Raise TagsMissing unless the page has every tag required of its level, each in its form."""
    if found := page_tags.faults(values(html), required(level)):
        raise TagsMissing(page, tuple(found))


def level_of(path: str, there: dict[str, str]) -> str:
    """The kind of a page by where it stands, and for pages of other places by what it says of itself."""
    parts = path.split("/")
    if parts[-1] == "index.html" and parts[0] == "items":
        return "article"
    if parts[0] == "columns":
        return "column"
    if "ArticleTitle" in there:
        return "article"
    return "column" if "ColumnName" in there else "site"


def faults_of(path: str, page: bytes) -> list[str]:
    """What is wrong with the tags of a file of the site; nothing for a file that is no page of ours."""
    if not path.endswith(".html") or "/files/" in path:
        return []
    there = values(page)
    return page_tags.faults(there, required(level_of(path, there)))
