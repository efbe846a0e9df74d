from django.urls import path

from gongkai.correspondence import reply_views, views
from gongkai.correspondence.procedure import Kind

app_name = "correspondence"
_ROOT = "workbench/correspondence/"
urlpatterns = [
    *(path(f"{_ROOT}{kind.value}/", views.MatterList.as_view(kind=kind), name=kind.value) for kind in Kind),
    path(f"{_ROOT}all/", views.MatterList.as_view(), name="matters"),
    path(f"{_ROOT}<str:kind>/new/", views.register, name="intake"),
    path(f"{_ROOT}<uuid:pk>/", views.matter, name="matter"),
    path(f"{_ROOT}<uuid:pk>/letter/", views.letter, name="letter"),
    path(f"{_ROOT}<uuid:pk>/files/<uuid:file>/", views.enclosure, name="enclosure"),
    path(f"{_ROOT}<uuid:pk>/do/<str:event>/", views.happen, name="happen"),
    path(f"{_ROOT}<uuid:pk>/reply/", reply_views.begin, name="reply_begin"),
    path(f"{_ROOT}<uuid:pk>/publish/", reply_views.publish, name="publish"),
    path(f"{_ROOT}<uuid:pk>/unpublish/", reply_views.unpublish, name="unpublish"),
    path(f"{_ROOT}replies/<uuid:pk>/", reply_views.edit, name="reply"),
    path(f"{_ROOT}replies/<uuid:pk>/send/", reply_views.send, name="send"),
    path(f"{_ROOT}replies/<uuid:pk>/recall/", reply_views.recall, name="reply_recall"),
    path(f"{_ROOT}documents/<uuid:pk>/", reply_views.document, name="document"),
]
