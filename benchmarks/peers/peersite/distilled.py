"""The texts below /items/ for django-distill: a URL for each, our template, one query each. Settings: PEER=distill.

python -m django distill generate --output-directory DIR --force --quiet --exclude-staticfiles
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django_distill import distill_path

from peersite.models import Text


def text(request, slug):
    """One query, the template of an item."""
    return render(request, "plain.html", {"page": get_object_or_404(Text, slug=slug)})


def slugs():
    for slug in Text.objects.order_by("pk").values_list("slug", flat=True).iterator():
        yield {"slug": slug}


urlpatterns = [
    path("ready/", lambda request: HttpResponse("ready")),
    distill_path(
        "items/<slug:slug>/",
        text,
        name="text",
        distill_func=slugs,
        distill_file="items/{slug}/index.html",
    ),
]
