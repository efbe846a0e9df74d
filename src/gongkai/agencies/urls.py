from django.urls import path

from gongkai.agencies import saved_views, setting_views, views

app_name = "agencies"
urlpatterns = [
    path("workbench/people/", views.PersonList.as_view(), name="people"),
    path("workbench/people/new/", views.add_person, name="add_person"),
    path("workbench/people/<uuid:pk>/", views.person, name="person"),
    path("workbench/people/<uuid:pk>/close/", views.close_person, name="close_person"),
    path("workbench/people/<uuid:pk>/password/ask/", views.ask_password, name="ask_password"),
    path("workbench/people/<uuid:pk>/password/issue/", views.issue_password, name="issue_password"),
    path("workbench/people/<uuid:pk>/appoint/", views.appoint, name="appoint"),
    path("workbench/appointments/", views.AppointmentList.as_view(), name="appointments"),
    path("workbench/appointments/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("workbench/appointments/<int:pk>/end/", views.end, name="end"),
    path("workbench/agencies/", views.AgencyList.as_view(), name="agencies"),
    path("workbench/agencies/<uuid:pk>/", views.agency, name="agency"),
    path("workbench/views/", saved_views.manage, name="saved_views"),
    path("workbench/views/new/", saved_views.save, name="save_view"),
    path("workbench/views/<int:pk>/", saved_views.change, name="saved_view"),
    path("workbench/views/<int:pk>/delete/", saved_views.remove, name="delete_view"),
    path("workbench/settings/", setting_views.SettingsList.as_view(), name="settings"),
    path("workbench/settings/<uuid:pk>/", setting_views.settings_of, name="settings_of"),
    path("workbench/calendar/", views.NoticeList.as_view(), name="calendar"),
    path("workbench/calendar/load/", views.load_notice, name="load_notice"),
    path("workbench/journal/", views.JournalList.as_view(), name="journal"),
]
