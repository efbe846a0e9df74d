from django.urls import include, path

from gongkai.files import views

app_name = "files"
urlpatterns = [
    path("workbench/files/<uuid:pk>/", views.attachment, name="attachment"),
    path("workbench/files/originals/<uuid:pk>/", views.original, name="original"),
    path("", include("gongkai.files.archives.urls")),
]
