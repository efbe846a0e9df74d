"""The address of a page as a QR code, by which messengers on a telephone take it over; nothing is loaded from elsewhere."""

from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.disclosure.models import Item
from gongkai.portal import lists, qr, rendering

LONGEST = 100


@require_safe
def share(request: HttpRequest, name: str) -> HttpResponse:
    """GET /share/<folder of an item>/: its address in words and as a picture. 404 for what is not public now."""
    if len(name) > LONGEST or not (settings.INSTANCE.home / "site" / "items" / name / "index.html").is_file():
        raise Http404
    places = [at for at, char in enumerate(name) if char == "-"]
    numbers = [name, *(f"{name[:at]}/{name[at + 1 :]}" for at in places)]
    item = Item.objects.filter(index_number__in=numbers, state=Item.State.PUBLIC).first()
    if item is None:
        raise Http404
    url = f"{rendering.site_origin()}/items/{quote(name)}/"
    context = {
        "site": rendering.site(),
        "item": item,
        "item_url": lists.item_url(item),
        "url": url,
        "picture": qr.shared(url),
        "breadcrumb": [{"label": item.title[:40], "url": lists.item_url(item)}, {"label": _("Share")}],
    }
    response = render(request, "portal/share.html", context)
    response["Cache-Control"] = "no-cache"
    return response
