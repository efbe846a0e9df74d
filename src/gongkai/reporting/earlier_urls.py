"""Addresses of taking over reports of earlier years, as part of the room's."""

from django.urls import path

from gongkai.reporting import earlier_taken, earlier_views

HERE = "workbench/reports/earlier/"
urlpatterns = [
    path(HERE, earlier_views.earlier, name="earlier"),
    path(f"{HERE}next/", earlier_views.read_next, name="earlier_next"),
    path(f"{HERE}taken/", earlier_taken.EarlierList.as_view(), name="earlier_list"),
    path(f"{HERE}taken/<int:pk>/", earlier_taken.taken, name="earlier_taken"),
    path(f"{HERE}<uuid:pk>/", earlier_views.file, name="earlier_file"),
]
