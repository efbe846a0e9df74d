"""Addresses: each room names its own; staff pages stand under /workbench/, public ones at the root."""

from django.urls import include, path
from django.views.i18n import set_language

ROOMS = (
    "workbench",
    "agencies",
    "files",
    "review",
    "disclosure",
    "applications",
    "correspondence",
    "remedies",
    "supervision",
    "reporting",
    "search",
    "channels",
    "api",
    "portal",
)

urlpatterns = [
    path("language/", set_language, name="set_language"),
    *(path("", include(f"gongkai.{room}.urls")) for room in ROOMS),
]

handler400 = "gongkai.config.errors.not_taken"
handler404 = "gongkai.config.errors.not_found"
handler500 = "gongkai.config.errors.broken"
