"""Pages as bytes: always in Chinese, nothing of a visitor in them, the same state gives the same bytes."""

from dataclasses import asdict
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from gongkai.channels.identity import identity
from gongkai.portal import linked, tags

LANGUAGE = "zh-hans"


def page(template: str, *, level: str = "site", **context: Any) -> bytes:
    """Render a page of the site. level: whose tags it must carry (site, column, article).

    Raises tags.TagsMissing: such a page is not written.
    """
    named = identity()
    with translation.override(LANGUAGE):
        told = linked.script(template, context, named)
        html = render_to_string(template, {"site": asdict(named), "linked": told, **context})
    tags.require(html, level, template)
    return html.encode()


def site() -> dict[str, Any]:
    """The variable `site` for pages that Django serves."""
    return asdict(identity())


def site_origin() -> str:
    """Scheme and host of the site's addresses."""
    return identity().origin
