from django.urls import include, path

from gongkai.files import views

app_name = "files"
urlpatterns = [
    path("workbench/files/<uuid:pk>/", views.attachment, name="attachment"),
    path("", include("gongkai.files.archives.urls")),
]
