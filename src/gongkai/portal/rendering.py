"""Pages as bytes: in the language of their edition, nothing of a visitor in them, the same state gives the same bytes."""

from dataclasses import asdict
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from gongkai.channels.identity import identity
from gongkai.portal import editions, linked, tags

LANGUAGE = editions.CHINESE


def page(template: str, *, level: str = "site", twin: str | None = None, **context: Any) -> bytes:
    """Render a page of the site. level: whose tags it must carry (site, column, article). twin: its address in the
    Chinese edition where the English one has it too.

    Raises tags.TagsMissing: such a page is not written.
    """
    named = identity()
    language = editions.language()
    with translation.override(language):
        # What search engines read of the site is said once, by the edition in which its records are.
        told = linked.script(template, context, named) if language == LANGUAGE else ""
        frame = {"site": asdict(named), "linked": told, **editions.links(twin, named.origin)}
        html = render_to_string(template, frame | context)
    if language != LANGUAGE:
        html = editions.led(html)
    tags.require(html, level, template)
    return html.encode()


def site() -> dict[str, Any]:
    """The variable `site` for pages that Django serves."""
    return asdict(identity())


def site_origin() -> str:
    """Scheme and host of the site's addresses."""
    return identity().origin
