"""Public addresses that Django answers: search, and the forms of applications and correspondence."""

from importlib.util import find_spec

from django.urls import include, path

from gongkai.portal import views

app_name = "portal"
FORMS = ("gongkai.portal.apply_urls", "gongkai.portal.mailbox_urls")
urlpatterns = [
    path("search/", views.results, name="search"),
    *(path("", include(forms)) for forms in FORMS if find_spec(forms)),
]
