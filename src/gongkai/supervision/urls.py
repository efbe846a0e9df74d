from django.urls import path

from gongkai.supervision import coverage_views, kind_views, screens, views

app_name = "supervision"
urlpatterns = [
    path("workbench/ledger/", views.overview, name="overview"),
    path("workbench/ledger/<slug:code>/", views.EntryList.as_view(), name="ledger"),
    path("workbench/ledger/<slug:code>/open/", views.open_entry, name="open"),
    path("workbench/entries/<uuid:pk>/", views.entry, name="entry"),
    path("workbench/entries/<uuid:pk>/change/", views.change, name="change"),
    path("workbench/entries/<uuid:pk>/steps/<slug:code>/", views.move, name="move"),
    path("workbench/entries/<uuid:pk>/notes/", views.note, name="note"),
    path("workbench/entries/<uuid:pk>/evidence/", views.evidence, name="evidence"),
    path("workbench/entries/<uuid:pk>/private/", views.private, name="private"),
    path("workbench/entries/<uuid:pk>/attendance/", screens.session, name="session"),
    path("workbench/tasks/", screens.tasks, name="tasks"),
    path("workbench/plan/", screens.plan, name="plan"),
    path("workbench/training/", screens.training, name="training"),
    path("workbench/accountability/", screens.accountability, name="accountability"),
    path("workbench/supervision-figures/", screens.records, name="records"),
    path("workbench/coverage/", coverage_views.CoverageList.as_view(), name="coverage"),
    path("workbench/coverage/<uuid:pk>/", coverage_views.OwedList.as_view(), name="coverage_of"),
    path("workbench/kinds/", kind_views.kinds, name="kinds"),
    path("workbench/kinds/new/", kind_views.edit, name="kind_new"),
    path("workbench/kinds/<slug:code>/", kind_views.edit, name="kind"),
]
