from django.urls import path

from gongkai.remedies import figure_views, views

app_name = "remedies"
urlpatterns = [
    path("workbench/remedies/", views.RemedyList.as_view(), name="cases"),
    path("workbench/remedies/new/", views.register, name="register"),
    path("workbench/remedies/table-four/", figure_views.table_four, name="table_four"),
    path("workbench/remedies/table-four/cases/", figure_views.counted, name="counted"),
    path("workbench/remedies/<uuid:pk>/", views.remedy, name="remedy"),
    path("workbench/remedies/<uuid:pk>/change/", views.change, name="change"),
    path("workbench/remedies/<uuid:pk>/answer/", views.answer, name="answer"),
    path("workbench/remedies/<uuid:pk>/decision/", views.decide, name="decide"),
    path("workbench/remedies/<uuid:pk>/appeal/", views.appeal, name="appeal"),
    path("workbench/remedies/<uuid:pk>/redo/", views.redo, name="redo"),
    path("workbench/remedies/<uuid:pk>/opinion/", views.opinion, name="opinion"),
    path("workbench/remedies/<uuid:pk>/rectified/", views.rectified, name="rectified"),
    path("workbench/remedies/<uuid:pk>/events/<int:event>/strike/", views.strike, name="strike"),
    path("workbench/remedies/<uuid:pk>/files/", views.add_file, name="files"),
]
