from django.urls import path

from gongkai.search import views

app_name = "search"
urlpatterns = [
    path("workbench/synonyms/", views.SynonymList.as_view(), name="synonyms"),
    path("workbench/synonyms/new/", views.edit, name="synonyms_new"),
    path("workbench/synonyms/<int:pk>/", views.edit, name="synonyms_edit"),
]
