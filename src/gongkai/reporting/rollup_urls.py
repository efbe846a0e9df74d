from django.urls import path

from gongkai.reporting import rollup_intake_views, rollup_views

HERE = "workbench/reports/<str:code>/<int:year>/"
urlpatterns = [
    path("workbench/rollups/", rollup_views.first, name="rollups"),
    path(f"{HERE}members/", rollup_views.members, name="members"),
    path(f"{HERE}members/say/", rollup_views.member, name="member"),
    path(f"{HERE}members/add/", rollup_views.outside, name="outside"),
    path(f"{HERE}members/towns/", rollup_views.towns, name="towns"),
    path(f"{HERE}members/files/<str:name>", rollup_views.tables, name="side_by_side"),
    path(f"{HERE}members/reports/<uuid:pk>/", rollup_intake_views.taken_in, name="taken_in"),
    path(f"{HERE}members/reword/", rollup_views.reword, name="reword"),
    path(f"{HERE}intake/", rollup_intake_views.intake, name="intake"),
    path(f"{HERE}intake/next/", rollup_intake_views.read_next, name="read_next"),
    path(f"{HERE}intake/<uuid:pk>/", rollup_intake_views.upload, name="upload"),
    path(f"{HERE}sums/<str:key>/", rollup_views.opened, name="sum"),
]
