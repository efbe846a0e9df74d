"""Public addresses that Django answers: search, and the forms of applications and correspondence."""

from django.urls import include, path

from gongkai.portal import design, item_documents, machine_search, views

app_name = "portal"
urlpatterns = [
    path("workbench/design/", design.page, name="design"),
    path("documents/<str:name>", item_documents.document, name="document"),
    path("search/", views.results, name="search"),
    path("search/suggest/", views.suggest, name="suggest"),
    path("search/api/", machine_search.answer, name="search_api"),
    path("", include("gongkai.portal.apply_urls")),
    path("", include("gongkai.portal.mailbox_urls")),
    path("", include("gongkai.portal.participation_urls")),
    path("", include("gongkai.portal.subscribe_urls")),
]
