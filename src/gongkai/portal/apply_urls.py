"""Addresses of the applications for information, at the root of the site; included by portal.urls."""

from django.urls import path

from gongkai.portal import amend_views
from gongkai.portal import apply_views as views

urlpatterns = [
    path("apply/", views.apply, name="apply"),
    path("apply/published/", views.published, name="apply_published"),
    path("apply/found/", views.found, name="apply_found"),
    path("apply/amendment/", amend_views.amend, name="amend"),
    path("apply/done/", views.done, name="apply_done"),
    path("apply/done/receipt.pdf", views.receipt, name="apply_receipt"),
    path("apply/done/form.pdf", views.filed_form, name="apply_form"),
    path("track/", views.track, name="track"),
]
