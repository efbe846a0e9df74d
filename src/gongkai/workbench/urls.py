from django.urls import path

from gongkai.workbench import reminder_views, views

app_name = "workbench"
urlpatterns = [
    path("workbench/", views.inbox, name="inbox"),
    path("workbench/login/", views.LogIn.as_view(), name="login"),
    path("workbench/logout/", views.log_out, name="logout"),
    path("workbench/hat/", views.hat, name="hat"),
    path("workbench/password/", views.ChangePassword.as_view(), name="password"),
    path("workbench/setup/", views.set_up, name="setup"),
    path("workbench/reminders/", reminder_views.mine, name="reminders"),
    path("workbench/reminders/put-away/", reminder_views.put_away, name="put_away"),
    path("workbench/reminders/<int:pk>/", reminder_views.open_reminder, name="open_reminder"),
    path("workbench/feed/issue/", reminder_views.issue_feed, name="issue_feed"),
    path("workbench/feed/revoke/", reminder_views.revoke_feed, name="revoke_feed"),
    path("workbench/feed/<str:token>.ics", reminder_views.feed, name="feed"),
    path("workbench/messages/", reminder_views.MessageList.as_view(), name="messages"),
]
