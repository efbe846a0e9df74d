"""Addresses: the interface under /api/v1/, the pages of the administrators under /workbench/integrations/."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from gongkai.api import document, views
from gongkai.api.problems import Problem, answer, by_status


def missing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address under /api/."""
    return answer(Problem(404, by_status(404)))


app_name = "integrations"
urlpatterns = [
    path("workbench/integrations/", views.IntegrationList.as_view(), name="list"),
    path("workbench/integrations/new/", views.propose, name="propose"),
    path("workbench/integrations/<uuid:pk>/", views.integration, name="integration"),
    path("workbench/integrations/<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("workbench/integrations/<uuid:pk>/token/", views.issue, name="issue"),
    path("workbench/integrations/<uuid:pk>/revoke/", views.revoke, name="revoke"),
    path("api/v1/", document.page, name="document"),
    path("api/v1/openapi.json", document.openapi, name="openapi"),
    path("api/v1/", document.api.urls),
    path("api/", missing),
    path("api/<path:rest>", missing),
]
