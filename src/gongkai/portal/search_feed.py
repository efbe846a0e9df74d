"""The feed of a search: GET /search/feed.xml with what the address of the search page holds; its newest results."""

import lxml.etree as etree
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.channels import atom
from gongkai.channels.identity import identity
from gongkai.disclosure.models import Item
from gongkai.portal import views
from gongkai.review.models import Release
from gongkai.search import index
from gongkai.search.query import DATE, Results

SECONDS = 60


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest twenty of what the search finds with all words; items alone, as the feeds of columns have them."""
    chosen = views.chosen_of(request) | {"sort": DATE}
    try:
        found = views.searched(request.GET.get("q", ""), chosen, 1)
    except index.IndexMissing:
        response = HttpResponse(
            _("Search is being prepared"), status=503, content_type="text/plain; charset=utf-8"
        )
        response["Retry-After"] = "60"
        return response
    site = identity()
    here = views.address(chosen | {"sort": ""})
    label = chosen["q"] or _("Search")
    own = site.origin + here.replace("/search/", "/search/feed.xml", 1)
    root = atom.root_of(own, f"{label} - {site.name}", site.origin + here, own, site)
    atom.fill(root, [] if found.loose else _items(found), [], site)
    response = HttpResponse(
        etree.tostring(root, xml_declaration=True, encoding="UTF-8"), content_type=atom.TYPE
    )
    patch_cache_control(response, public=True, max_age=SECONDS)
    return response


def _items(found: Results) -> list[Item]:
    """The items of the results, in their order, as far as they are public."""
    of = dict(
        Release.objects.filter(pk__in=[hit.release for hit in found.hits], subject_kind="item").values_list(
            "pk", "subject_id"
        )
    )
    items = Item.objects.filter(state=Item.State.PUBLIC).in_bulk(list(of.values()))
    return [items[of[hit.release]] for hit in found.hits if of.get(hit.release) in items]
