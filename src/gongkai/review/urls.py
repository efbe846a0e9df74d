from django.urls import path

from gongkai.review import (
    confidentiality_views,
    dictionary_views,
    manifest_views,
    rescreening_views,
    rule_views,
    views,
)

app_name = "review"
urlpatterns = [
    path("workbench/review/referrals/", confidentiality_views.ReferralList.as_view(), name="referrals"),
    path(
        "workbench/review/referrals/<int:pk>/answer/",
        confidentiality_views.referral_answer,
        name="referral_answer",
    ),
    path(
        "workbench/review/consultations/<int:pk>/answer/",
        confidentiality_views.consultation_answer,
        name="consultation_answer",
    ),
    path("workbench/review/roster/", confidentiality_views.rosters, name="rosters"),
    path("workbench/review/roster/<uuid:pk>/", confidentiality_views.roster_page, name="roster"),
    path("workbench/review/roster/<uuid:pk>/roster.pdf", confidentiality_views.roster_pdf, name="roster_pdf"),
    path("workbench/review/<uuid:pk>/refer/", confidentiality_views.refer, name="refer"),
    path("workbench/review/<uuid:pk>/consult/", confidentiality_views.consult, name="consult"),
    path("workbench/screening/policy/", rule_views.policy, name="screening_policy"),
    path("workbench/screening/dictionaries/", dictionary_views.dictionary_list, name="dictionaries"),
    path("workbench/screening/dictionaries/begin/", dictionary_views.begin, name="dictionary_begin"),
    path("workbench/screening/dictionaries/<uuid:pk>/", dictionary_views.dictionary, name="dictionary"),
    path(
        "workbench/screening/dictionaries/<uuid:pk>/import/",
        dictionary_views.import_,
        name="dictionary_import",
    ),
    path("workbench/screening/dictionaries/<uuid:pk>/take/", dictionary_views.take, name="dictionary_take"),
    path("workbench/screening/dictionaries/<uuid:pk>/term/", dictionary_views.term, name="dictionary_term"),
    path("workbench/screening/dictionaries/<uuid:pk>/drop/", dictionary_views.drop, name="dictionary_drop"),
    path(
        "workbench/screening/dictionaries/<uuid:pk>/switch/",
        dictionary_views.switch,
        name="dictionary_switch",
    ),
    path("workbench/rescreening/", rescreening_views.FoundList.as_view(), name="rescreenings"),
    path("workbench/rescreening/<int:pk>/", rescreening_views.page, name="rescreened"),
    path("workbench/manifests/", manifest_views.ManifestList.as_view(), name="manifests"),
    path("workbench/manifests/<uuid:pk>/", manifest_views.page, name="manifest"),
    path("workbench/manifests/<uuid:pk>/submit/", manifest_views.submit, name="manifest_submit"),
    path("workbench/manifests/<uuid:pk>/out/", manifest_views.take_out, name="manifest_out"),
    path("workbench/manifests/<uuid:pk>/again/", manifest_views.again, name="manifest_again"),
    path("workbench/manifests/<uuid:pk>/withdraw/", manifest_views.withdraw, name="manifest_withdraw"),
    path("workbench/review/<uuid:pk>/", views.page, name="page"),
    path("workbench/review/<uuid:pk>/recall/", views.recall, name="recall"),
    path("workbench/review/<uuid:pk>/sheet.pdf", views.review_sheet, name="sheet"),
    path("workbench/review/findings/<int:pk>/dispute/", views.dispute, name="dispute"),
    path("workbench/review/findings/<int:pk>/resolve/", views.resolve, name="resolve"),
]
