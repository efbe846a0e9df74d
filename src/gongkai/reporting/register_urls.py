"""Addresses of filling a register from a file, as part of the room's."""

from django.urls import path

from gongkai.reporting import register_views

ENTRIES = "workbench/reports/entries/"
urlpatterns = [
    path(f"{ENTRIES}import/", register_views.send_in, name="import"),
    path(f"{ENTRIES}import/<uuid:pk>/", register_views.preview, name="import_preview"),
    path(f"{ENTRIES}template/<str:register>.xlsx", register_views.template, name="import_template"),
]
