from django.urls import path

from gongkai.reporting import (
    earlier_urls,
    entry_views,
    figure_views,
    filing_urls,
    frozen_views,
    register_urls,
    rollup_urls,
    views,
    writing_views,
)

app_name = "reporting"
HERE = "workbench/reports/<str:code>/<int:year>/"
urlpatterns = [
    path("workbench/reports/", views.ReportList.as_view(), name="reports"),
    path("workbench/reports/new/", views.begin, name="begin"),
    path("workbench/reports/entries/", entry_views.EntryList.as_view(), name="entries"),
    path("workbench/reports/entries/new/", entry_views.enter, name="enter"),
    path("workbench/report-figures/<int:pk>/", figure_views.decide, name="decide"),
    path(HERE, views.report, name="report"),
    path(f"{HERE}edit/", writing_views.edit, name="edit"),
    path(f"{HERE}edit/beside/", writing_views.beside, name="beside"),
    path(f"{HERE}preview/", views.preview, name="preview"),
    path(f"{HERE}files/<str:name>", views.file, name="file"),
    path(f"{HERE}by/<str:part>/", figure_views.by_parts, name="by_parts"),
    path(f"{HERE}figures/<str:key>/", figure_views.figure, name="figure"),
    path(f"{HERE}figures/<str:key>/frozen/", frozen_views.figure, name="frozen_figure"),
    *register_urls.urlpatterns,
    *earlier_urls.urlpatterns,
    *rollup_urls.urlpatterns,
    *filing_urls.urlpatterns,
]
