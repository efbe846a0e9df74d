"""Addresses of the forms of taking part, at the root of the site; included by portal.urls. The board is a file."""

from django.urls import path

from gongkai.portal import participation_views as views

urlpatterns = [
    path("opinions/done/", views.done, name="participation_done"),
    path("opinions/track/", views.track, name="participation_track"),
    path("opinions/<uuid:pk>/", views.take_part, name="take_part"),
]
