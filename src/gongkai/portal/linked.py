"""What search engines read of a page: schema.org as JSON-LD, made from what the page itself shows.

It stands in the head as a script of the type application/ld+json. That is data and never executed, so the content
security policy lets it be; it cannot end its element, since no “<” is in it.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from gongkai.channels.identity import Identity
from gongkai.channels.validity import Standing
from gongkai.disclosure import body, questions, services
from gongkai.disclosure.models import Item
from gongkai.review.subjects import Content

HOME = "portal/home.html"
ARTICLE, NEWS = "Article", "NewsArticle"
# 有效、尚未施行、已修改、废止、失效 in the words of schema.org.
FORCE = {
    "in_force": "InForce",
    "none": "NotInForce",
    "amended": "PartiallyInForce",
    "repealed": "NotInForce",
    "expired": "NotInForce",
}
_UNSAFE = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
Node = dict[str, Any]


def script(template: str, context: Mapping[str, Any], site: Identity) -> SafeString:
    """The content of the script element; empty for a page of which there is nothing to say."""
    nodes = [
        node
        for node in (
            _site(site) if template == HOME else None,
            _trail(context.get("breadcrumb") or (), site),
            _article(context, site),
        )
        if node
    ]
    if not nodes:
        return SafeString("")
    said = {"@context": "https://schema.org", "@graph": nodes}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=str)
    return mark_safe(text.translate(_UNSAFE))  # noqa: S308


def publisher(site: Identity) -> Node:
    """The agency whose site this is."""
    node: Node = {
        "@type": "GovernmentOrganization",
        "@id": f"{site.origin}/#publisher",
        "name": site.sponsor or site.name,
        "url": f"{site.origin}/",
    }
    if site.contact:
        node["telephone"] = site.contact
    if site.address:
        node["address"] = site.address
    return node


def of_item(item: Item, content: Content, standing: Standing | None) -> dict[str, Any]:
    """What the page of an item gives besides: `schema_type` and `schema_more`.

    A policy document is Legislation with its number, days and force; a service guide a GovernmentService; a question
    with its answer an FAQPage; what stands in the column of news a NewsArticle; the rest an Article.
    """
    author = {"@type": "GovernmentOrganization", "name": item.agency.name}
    if item.variety == services.CODE:
        return {"schema_type": "GovernmentService", "schema_more": {"serviceOperator": author}}
    if item.variety == questions.CODE:
        said = content.get("more") or {}
        answer = "\n".join(body.text_lines(content["body"]))
        question = {
            "@type": "Question",
            "name": str(said.get("question") or content["title"]),
            "acceptedAnswer": {"@type": "Answer", "text": answer, "author": author},
        }
        return {"schema_type": "FAQPage", "schema_more": {"author": author, "mainEntity": [question]}}
    if standing is not None:
        force = f"https://schema.org/{FORCE[standing.code]}"
        law: Node = {"author": author, "legislationLegalForce": force}
        if content["document_number"]:
            law["legislationIdentifier"] = content["document_number"]
        if item.formed_on:
            law["legislationDate"] = item.formed_on.isoformat()
        if content["effective_on"]:
            law["legislationDateOfApplicability"] = content["effective_on"]
        return {"schema_type": "Legislation", "schema_more": law}
    news = item.column is not None and item.column.code == "news"
    return {"schema_type": NEWS if news else ARTICLE, "schema_more": {"author": author}}


def _site(site: Identity) -> Node:
    return {
        "@type": "WebSite",
        "@id": f"{site.origin}/#site",
        "name": site.name,
        "url": f"{site.origin}/",
        "inLanguage": "zh-Hans",
        "publisher": publisher(site),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{site.origin}/search/?q={{q}}"},
            "query-input": "required name=q",
        },
    }


def _trail(steps: Any, site: Identity) -> Node | None:
    found = [{"label": "首页", "url": "/"}, *steps]
    if len(found) < 2:
        return None
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": number,
                "name": str(step["label"]),
                **({"item": site.origin + step["url"]} if step.get("url") else {}),
            }
            for number, step in enumerate(found, 1)
        ],
    }


def _article(context: Mapping[str, Any], site: Identity) -> Node | None:
    article = context.get("article")
    if not article:
        return None
    node: Node = {
        "@type": context.get("schema_type") or ARTICLE,
        "@id": article["url"],
        "url": article["url"],
        "name": article["title"],
        "headline": article["title"][:110],
        "datePublished": timezone.localtime(article["published"]).isoformat(timespec="seconds"),
        "inLanguage": "zh-Hans",
        "publisher": publisher(site),
        "isAccessibleForFree": True,
    }
    if article.get("description"):
        node["description"] = article["description"]
    if article.get("keywords"):
        node["keywords"] = article["keywords"].split(";")
    return {**node, **(context.get("schema_more") or {})}
