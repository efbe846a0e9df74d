from django.urls import path

from gongkai.disclosure import (
    normative_views,
    participation_views,
    redaction_views,
    reexamination_views,
    views,
)

app_name = "disclosure"
urlpatterns = [
    path("workbench/items/", views.ItemList.as_view(), name="items"),
    path("workbench/items/new/", views.begin, name="begin"),
    path("workbench/items/withheld/", reexamination_views.WithheldList.as_view(), name="withheld"),
    path("workbench/items/<uuid:pk>/", views.item, name="item"),
    path("workbench/items/<uuid:pk>/reexamine/", reexamination_views.reexamine, name="reexamine"),
    path("workbench/items/<uuid:pk>/edit/", views.edit, name="edit"),
    path("workbench/items/<uuid:pk>/files/", views.attach, name="attach"),
    path("workbench/items/<uuid:pk>/files/<uuid:attachment>/remove/", views.detach, name="detach"),
    path("workbench/items/<uuid:pk>/files/<uuid:attachment>/redact/", redaction_views.redact, name="redact"),
    path("workbench/items/<uuid:pk>/files/<uuid:attachment>/mask/", redaction_views.mask, name="mask"),
    path("workbench/items/<uuid:pk>/files/<uuid:attachment>/made/", redaction_views.made, name="made"),
    path("workbench/items/<uuid:pk>/text/redact/", redaction_views.redact_text, name="redact_text"),
    path("workbench/items/<uuid:pk>/pictures/", views.picture, name="picture"),
    path("workbench/items/<uuid:pk>/closed/", views.closed, name="closed"),
    path("workbench/items/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("workbench/items/files/<str:digest>/", views.revision_file, name="revision_file"),
    path("workbench/participation/", participation_views.ParticipationList.as_view(), name="participations"),
    path("workbench/participation/<uuid:pk>/", participation_views.participation, name="participation"),
    path("workbench/participation/<uuid:pk>/result/", participation_views.draft_result, name="draft_result"),
    path(
        "workbench/participation/<uuid:pk>/register/",
        participation_views.register_opinion,
        name="register_opinion",
    ),
    path("workbench/opinions/", participation_views.OpinionList.as_view(), name="opinions"),
    path("workbench/opinions/<uuid:pk>/", participation_views.opinion, name="opinion"),
    path("workbench/opinions/<uuid:pk>/file/", participation_views.opinion_file, name="opinion_file"),
    path("workbench/normative/", normative_views.NormativeList.as_view(), name="normative_list"),
    path("workbench/normative/<int:pk>/", normative_views.document, name="normative"),
]
