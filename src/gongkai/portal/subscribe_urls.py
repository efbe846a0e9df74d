"""Addresses of subscriptions and of sharing, at the root of the site; included by portal.urls."""

from django.urls import path

from gongkai.portal import search_feed, share_views, subscribe_views

urlpatterns = [
    path("subscribe/", subscribe_views.subscribe, name="subscribe"),
    path("subscribe/sent/", subscribe_views.sent, name="subscribe_sent"),
    path("subscribe/confirm/<str:token>/", subscribe_views.confirm, name="subscribe_confirm"),
    path("subscribe/manage/<str:token>/", subscribe_views.manage, name="subscribe_manage"),
    path("subscribe/end/<str:token>/", subscribe_views.end, name="subscribe_end"),
    path("share/<str:name>/", share_views.share, name="share"),
    path("search/feed.xml", search_feed.feed, name="search_feed"),
]
