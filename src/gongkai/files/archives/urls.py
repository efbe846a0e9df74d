from django.urls import path

from gongkai.files.archives import disposal_views, views

app_name = "archives"
_ROOT = "workbench/archives/"
_LIST = f"{_ROOT}destruction/<uuid:pk>/"
urlpatterns = [
    path(f"{_ROOT}ready/", views.ReadyList.as_view(), name="ready"),
    path(f"{_ROOT}ready/<str:kind>/<uuid:pk>/", views.file, name="file"),
    path(f"{_ROOT}files/", views.FilingList.as_view(), name="filings"),
    path(f"{_ROOT}files/<uuid:pk>/", views.filing, name="filing"),
    path(f"{_ROOT}files/<uuid:pk>/build/", views.build, name="build"),
    path(f"{_ROOT}packages/<int:pk>/check/", views.check, name="check"),
    path(f"{_ROOT}packages/<int:pk>/<str:part>", views.package, name="package"),
    path(f"{_ROOT}verify/", views.verify, name="verify"),
    path(f"{_ROOT}appraisals/", disposal_views.AppraisalList.as_view(), name="appraisals"),
    path(f"{_ROOT}appraisals/new/", disposal_views.appraise, name="appraise"),
    path(f"{_ROOT}appraisals/<uuid:pk>/", disposal_views.appraisal, name="appraisal"),
    path(f"{_ROOT}destruction/", disposal_views.DestructionLists.as_view(), name="lists"),
    path(f"{_ROOT}destruction/new/", disposal_views.make_list, name="make_list"),
    path(_LIST, disposal_views.destruction_list, name="list"),
    path(f"{_LIST}list.pdf", disposal_views.list_pdf, name="list_pdf"),
    path(f"{_LIST}carry-out/", disposal_views.carry_out, name="carry_out"),
    path(f"{_LIST}<str:step>/", disposal_views.step, name="step"),
]
