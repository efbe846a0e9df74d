"""Addresses of the mailbox and of complaints, at the root of the site; included by portal.urls."""

from django.urls import path

from gongkai.portal import complaint_views
from gongkai.portal import mailbox_views as views

urlpatterns = [
    path("mailbox/", views.write, name="mailbox"),
    path("mailbox/done/", views.done, {"door": views.MAILBOX}, name="mailbox_done"),
    path("mailbox/track/", views.track, {"door": views.MAILBOX}, name="mailbox_track"),
    path("complaints/", complaint_views.write, name="complaint"),
    path("complaints/done/", views.done, {"door": views.COMPLAINTS}, name="complaint_done"),
    path("complaints/track/", views.track, {"door": views.COMPLAINTS}, name="complaint_track"),
    path("mailbox/letters/", views.letters, name="mailbox_letters"),
    path("mailbox/letters/<uuid:pk>/", views.letters, name="mailbox_letter"),
]
