"""Addresses of the mailbox, at the root of the site; included by portal.urls."""

from django.urls import path

from gongkai.portal import mailbox_views as views

urlpatterns = [
    path("mailbox/", views.write, name="mailbox"),
    path("mailbox/done/", views.done, name="mailbox_done"),
    path("mailbox/track/", views.track, name="mailbox_track"),
    path("mailbox/letters/", views.letters, name="mailbox_letters"),
    path("mailbox/letters/<uuid:pk>/", views.letters, name="mailbox_letter"),
]
