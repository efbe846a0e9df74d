"""The page tags of 国办发〔2017〕47号 (rulebook 7.1): which are required on which page, and the check.

A page that lacks a required tag is not written.
"""

from dataclasses import dataclass

import lxml.html

SITE = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
# On a content page the column is named and typed; its description and keywords stand on its own page.
ARTICLE = ("ColumnName", "ColumnType", "ArticleTitle", "PubDate", "ContentSource")
REQUIRED = {"site": SITE, "column": SITE + COLUMN, "article": SITE + ARTICLE}


@dataclass
class TagsMissing(ValueError):
    """A page lacks tags that the site guide requires."""

    page: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: 缺少必选网页标签 {'、'.join(self.names)}（国办发〔2017〕47号）"


def missing(html: str, level: str) -> tuple[str, ...]:
    """Required tags of `level` (site, column, article) that the page's head lacks or leaves empty."""
    root = lxml.html.document_fromstring(html)
    there = {
        tag.get("name") for tag in root.iterfind("head/meta[@name]") if (tag.get("content") or "").strip()
    }
    return tuple(name for name in REQUIRED[level] if name not in there)


def require(html: str, level: str, page: str) -> None:
    """Raise TagsMissing unless the page has every tag required of its level."""
    if names := missing(html, level):
        raise TagsMissing(page, names)
