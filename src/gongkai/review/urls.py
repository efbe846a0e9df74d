from django.urls import path

from gongkai.review import views

app_name = "review"
urlpatterns = [
    path("workbench/review/<uuid:pk>/", views.page, name="page"),
    path("workbench/review/<uuid:pk>/recall/", views.recall, name="recall"),
    path("workbench/review/<uuid:pk>/sheet.pdf", views.review_sheet, name="sheet"),
    path("workbench/review/findings/<int:pk>/dispute/", views.dispute, name="dispute"),
    path("workbench/review/findings/<int:pk>/resolve/", views.resolve, name="resolve"),
]
