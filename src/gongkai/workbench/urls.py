from django.urls import path

from gongkai.workbench import views

app_name = "workbench"
urlpatterns = [
    path("workbench/", views.inbox, name="inbox"),
    path("workbench/login/", views.LogIn.as_view(), name="login"),
    path("workbench/logout/", views.log_out, name="logout"),
    path("workbench/hat/", views.hat, name="hat"),
    path("workbench/password/", views.ChangePassword.as_view(), name="password"),
    path("workbench/setup/", views.set_up, name="setup"),
]
