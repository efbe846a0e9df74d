from django.urls import path

from gongkai.review import rescreening_views, views

app_name = "review"
urlpatterns = [
    path("workbench/rescreening/", rescreening_views.FoundList.as_view(), name="rescreenings"),
    path("workbench/rescreening/<int:pk>/", rescreening_views.page, name="rescreened"),
    path("workbench/review/<uuid:pk>/", views.page, name="page"),
    path("workbench/review/<uuid:pk>/recall/", views.recall, name="recall"),
    path("workbench/review/<uuid:pk>/sheet.pdf", views.review_sheet, name="sheet"),
    path("workbench/review/findings/<int:pk>/dispute/", views.dispute, name="dispute"),
    path("workbench/review/findings/<int:pk>/resolve/", views.resolve, name="resolve"),
]
