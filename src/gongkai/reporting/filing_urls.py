"""Addresses of the filing with the supervising agency."""

from django.urls import path

from gongkai.reporting import collecting_views, filing_views

YEAR = "workbench/report-collection/<int:year>/"
ONE = "workbench/report-filings/<int:pk>/"
urlpatterns = [
    path("workbench/report-collection/", filing_views.now, name="collection_now"),
    path(YEAR, filing_views.Collection.as_view(), name="collection"),
    path(f"{YEAR}check/", filing_views.check_all, name="check_all"),
    path(f"{YEAR}accept/", filing_views.accept_all, name="accept_all"),
    path("workbench/report-collecting/<str:code>/", collecting_views.setting, name="collecting"),
    path(ONE, filing_views.filed, name="filed"),
    path(f"{ONE}accept/", filing_views.accept, name="filing_accept"),
    path(f"{ONE}return/", filing_views.give_back, name="filing_return"),
    path(f"{ONE}unawaited/", filing_views.unawaited, name="unawaited"),
]
