"""The living page of the design system: every component of the public pages in every state, from their own templates.

Each sample is drawn by the partial that the pages use, under the style sheets that the pages load, so that it cannot
differ from them; tests hold that no partial and no class of the style sheets is missing. Staff read it below
/workbench/: it is no page of the site, needs a log-in and is never exported, and where it is served the header's
switches show every sample in elder mode and high contrast.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Link
from gongkai.agencies.pages import staff_only
from gongkai.channels import site_views
from gongkai.portal import design_samples, rendering, tokens
from gongkai.portal.design_samples import Component

ACCENTS = ("red", "blue", "green")


@dataclass(frozen=True)
class Drawn:
    """A component as the page shows it: samples is a list of (what state, template, HTML)."""

    key: str
    label: object
    samples: list[tuple[str, str, str]]


@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """GET /workbench/design/?accent=red|blue|green: tokens and components."""
    accent = request.GET.get("accent", "")
    site: dict[str, Any] = rendering.site()
    if accent in ACCENTS:
        site["accent"] = accent
    drawn = [_drawn(component) for component in design_samples.components()]
    headings = [("colours", _("Colours")), ("type", _("Typefaces and sizes")), ("gaps", _("Gaps"))]
    contents = [*headings, *((each.key, str(each.label)) for each in drawn)]
    context = {
        "site": site,
        "components": drawn,
        "colours": list(tokens.colours(tokens.MODES["red"])),
        "contrasts": [
            {"front": front, "back": back, "least": least, "ratios": [f"{ratio:.1f}" for ratio in ratios]}
            for front, back, least, ratios in tokens.contrasts()
        ],
        "modes": [_("Red"), _("Blue"), _("Green"), _("High contrast")],
        "sizes": list(tokens.lengths("text-").items()),
        "gaps": list(tokens.lengths("gap-").items()),
        "facets": [
            {
                "label": _("On this page"),
                "options": [
                    {"label": label, "url": f"#{key}", "count": None, "current": False}
                    for key, label in contents
                ],
            },
            {
                "label": _("Accent"),
                "options": [
                    {
                        "label": label,
                        "url": f"?accent={name}",
                        "count": None,
                        "current": name == (site["accent"] or "red"),
                    }
                    for name, label in zip(ACCENTS, (_("Red"), _("Blue"), _("Green")), strict=True)
                ],
            },
        ],
        "dates": {"from": "", "to": ""},
        "breadcrumb": [{"label": _("Design of the public pages")}],
    }
    return render(request, "portal/design/page.html", context)


def _drawn(component: Component) -> Drawn:
    samples = [
        (
            str(sample.state),
            sample.template,
            # Drawn by the templates of the pages, which escape what they are given.
            mark_safe(render_to_string(sample.template, sample.context)),  # noqa: S308
        )
        for sample in component.samples
    ]
    return Drawn(component.key, component.label, samples)


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(
            gettext_lazy("Public site"),
            gettext_lazy("Design of the public pages"),
            "portal:design",
            site_views.READ,
            95,
            seldom=True,
        )
    )
