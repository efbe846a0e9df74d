from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path
from wagtail import urls as wagtail_urls

from peersite.models import LENGTH, Text


def text(request, slug):
    """One query, the template of an item."""
    return render(request, "plain.html", {"page": get_object_or_404(Text, slug=slug)})


def section(request):
    """One query, the template of a column."""
    found = Text.objects.order_by("-on").values("slug", "title", "on")[:LENGTH]
    rows = [{"url": f"/plain/{row['slug']}/", "title": row["title"], "on": row["on"]} for row in found]
    return render(request, "section.html", {"rows": rows})


def ready(request):
    return HttpResponse("ready")


urlpatterns = [
    path("ready/", ready),
    path("plain/", section),
    path("plain/<slug:slug>/", text),
    path("", include(wagtail_urls)),
]
