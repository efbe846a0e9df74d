"""Inbox, navigation and dashboards of the staff interface."""
