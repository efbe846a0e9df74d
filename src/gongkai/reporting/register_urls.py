"""Addresses of a single decision and of filling a register from a file, as part of the room's."""

from django.urls import path

from gongkai.reporting import entry_views, register_views

ENTRIES = "workbench/reports/entries/"
urlpatterns = [
    path("workbench/report-decisions/<int:pk>/", entry_views.decision, name="decision"),
    path(f"{ENTRIES}import/", register_views.send_in, name="import"),
    path(f"{ENTRIES}import/<uuid:pk>/", register_views.preview, name="import_preview"),
    path(f"{ENTRIES}template/<str:register>.xlsx", register_views.template, name="import_template"),
]
