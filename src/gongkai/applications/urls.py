from django.urls import path

from gongkai.applications import (
    act_views,
    ledger_views,
    letter_views,
    likeness_views,
    paper_views,
    public_views,
    register_views,
    seal_register_views,
    sending_views,
    sub_reason_views,
    views,
    wizard_views,
    wording_views,
)

app_name = "applications"
urlpatterns = [
    path("workbench/applications/", ledger_views.Ledger.as_view(), name="list"),
    path("workbench/applications/load/", ledger_views.load, name="load"),
    path("workbench/applications/year/", ledger_views.year, name="year"),
    path("workbench/applications/new/", register_views.register, name="register"),
    path(
        "workbench/applications/new/amendment/",
        register_views.register_amendment,
        name="register_amendment",
    ),
    path("workbench/applications/new/receipt-day/", register_views.receipt_day, name="receipt_day"),
    path("workbench/applications/found/", public_views.DivertedList.as_view(), name="diverted"),
    path(
        "workbench/applications/satisfaction/", public_views.SatisfactionList.as_view(), name="satisfaction"
    ),
    path("workbench/applicants/", public_views.find, name="find"),
    path("workbench/applications/<uuid:pk>/satisfaction/", public_views.rating, name="rating"),
    path("workbench/applications/<uuid:pk>/", views.case, name="case"),
    path("workbench/applications/moved/", views.MovedList.as_view(), name="moved"),
    path(
        "workbench/applications/<uuid:pk>/same-applicant/",
        views.SameApplicantList.as_view(),
        name="same_applicant",
    ),
    path("workbench/applications/<uuid:pk>/receipt.pdf", views.receipt, name="receipt"),
    path(
        "workbench/applications/<uuid:pk>/application-form.pdf",
        paper_views.application_form,
        name="application_form",
    ),
    path("workbench/applications/<uuid:pk>/oral-record.pdf", paper_views.oral_record, name="oral_record"),
    path("workbench/applications/<uuid:pk>/files/<uuid:attachment>/", views.file, name="file"),
    path("workbench/applications/<uuid:pk>/decide/", wizard_views.decide, name="decide"),
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
    path("workbench/letters/<uuid:pk>/send/", sending_views.send, name="letter_send"),
    path("workbench/letters/<uuid:pk>/served/", sending_views.served, name="letter_served"),
    path("workbench/letters/<uuid:pk>/endorse/", sending_views.endorse, name="letter_endorse"),
    path(
        "workbench/letters/<uuid:pk>/endorse/<uuid:attachment>/",
        sending_views.endorse_file,
        name="letter_endorse_file",
    ),
    path("workbench/letters/<uuid:pk>/offer/", sending_views.offer, name="letter_offer"),
    path("workbench/letters/<uuid:pk>/stamp/", sending_views.stamp, name="letter_stamp"),
    path("workbench/letters/<uuid:pk>/kept/<uuid:attachment>/", sending_views.kept, name="letter_kept"),
    path("workbench/seal-register/", seal_register_views.SealRegister.as_view(), name="seal_register"),
    path("workbench/letters/<uuid:pk>/renew/", sending_views.renew, name="letter_renew"),
    path("workbench/letters/<uuid:pk>/give-up/", letter_views.give_up, name="letter_give_up"),
    path("workbench/letters/<uuid:pk>/reply-form.pdf", paper_views.reply_form, name="reply_form"),
    path(
        "workbench/letters/<uuid:pk>/proof-of-service.pdf",
        paper_views.proof_of_service,
        name="proof_of_service",
    ),
    path("workbench/letters/<uuid:pk>/<str:form>/", letter_views.paper, name="letter_paper"),
    path("workbench/wordings/", wording_views.wordings, name="wordings"),
    path("workbench/wordings/<uuid:agency>/<int:kind>/", wording_views.wording, name="wording"),
    path("workbench/wordings/<uuid:agency>/<int:kind>/edit/", wording_views.edit, name="wording_edit"),
    path(
        "workbench/wordings/<uuid:agency>/<int:kind>/restore/", wording_views.restore, name="wording_restore"
    ),
    path(
        "workbench/wordings/<uuid:agency>/<int:kind>/sample.pdf", wording_views.sample, name="wording_sample"
    ),
    path("workbench/sub-reasons/", sub_reason_views.sub_reasons, name="sub_reasons"),
    path("workbench/sub-reasons/new/", sub_reason_views.edit, name="sub_reason_new"),
    path("workbench/sub-reasons/<slug:key>/", sub_reason_views.edit, name="sub_reason"),
]
