"""Addresses of the staff pages of this room."""

from django.urls import include, path

from gongkai.channels import package_views, site_views, visit_pages

app_name = "channels"
urlpatterns = [
    path("", include("gongkai.channels.redirect_urls")),
    path("workbench/site/", site_views.TamperingList.as_view(), name="site"),
    path("workbench/site/tampering/<int:pk>/", site_views.tampering, name="tampering"),
    *visit_pages.URLS,
    path("workbench/packages/", package_views.PackageList.as_view(), name="packages"),
    path("workbench/packages/<int:pk>/", package_views.package, name="package"),
    path("workbench/packages/<int:pk>/file/", package_views.download, name="package_file"),
    path("workbench/packages/<int:pk>/place/", package_views.place, name="package_place"),
    path("workbench/packages/<int:pk>/check/", package_views.check, name="package_check"),
    path("workbench/packages/<int:pk>/removed/", package_views.removed, name="package_removed"),
]
