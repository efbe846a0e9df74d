"""Disclosure on application: intake, case events, decisions and letters."""
