from django.urls import path

from gongkai.applications import act_views, letter_views, likeness_views, views

app_name = "applications"
urlpatterns = [
    path("workbench/applications/", views.CaseList.as_view(), name="list"),
    path("workbench/applications/new/", views.register, name="register"),
    path("workbench/applications/<uuid:pk>/", views.case, name="case"),
    path("workbench/applications/<uuid:pk>/receipt.pdf", views.receipt, name="receipt"),
    path("workbench/applications/<uuid:pk>/files/<uuid:attachment>/", views.file, name="file"),
    path("workbench/applications/<uuid:pk>/decide/", act_views.decide, name="decide"),
    path("workbench/applications/<uuid:pk>/act/convert/", likeness_views.convert, name="convert"),
    path("workbench/applications/<uuid:pk>/alike/", likeness_views.alike, name="alike"),
    path("workbench/applications/<uuid:pk>/alike/decline/", likeness_views.decline, name="wish_decline"),
    path("workbench/applications/wishes/", likeness_views.WishList.as_view(), name="wishes"),
    path("workbench/applications/<uuid:pk>/act/<slug:key>/", act_views.act, name="act"),
    path("workbench/letters/", letter_views.LetterList.as_view(), name="letters"),
    path("workbench/letters/<uuid:pk>/", letter_views.letter, name="letter"),
    path("workbench/letters/<uuid:pk>/edit/", letter_views.edit, name="letter_edit"),
    path("workbench/letters/<uuid:pk>/files/", letter_views.attach, name="letter_attach"),
    path(
        "workbench/letters/<uuid:pk>/files/<uuid:attachment>/remove/",
        letter_views.detach,
        name="letter_detach",
    ),
    path("workbench/letters/<uuid:pk>/send/", letter_views.send, name="letter_send"),
    path("workbench/letters/<uuid:pk>/served/", letter_views.served, name="letter_served"),
    path("workbench/letters/<uuid:pk>/give-up/", letter_views.give_up, name="letter_give_up"),
    path("workbench/letters/<uuid:pk>/<str:form>/", letter_views.paper, name="letter_paper"),
]
