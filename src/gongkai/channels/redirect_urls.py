"""Addresses of the staff pages of moved addresses."""

from django.urls import path

from gongkai.channels import redirect_views

urlpatterns = [
    path("workbench/redirects/", redirect_views.RedirectList.as_view(), name="redirects"),
    path("workbench/redirects/new/", redirect_views.add, name="redirect_add"),
    path("workbench/redirects/table/", redirect_views.take_many, name="redirect_import"),
    path("workbench/redirects/<int:pk>/end/", redirect_views.retire, name="redirect_retire"),
]
