"""Navigation and inbox of the import of former sites; its rows read, and gone in the end, in the background."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Link
from gongkai.disclosure import import_closing, import_erased, imports
from gongkai.journal import outbox, sweeping


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(
            _("Public site"), _("Items of a former site"), "disclosure:imports", "item.read", 59, seldom=True
        )
    )
    navigation.provide("imports", import_closing.waiting)
    sweeping.register("closed imports", timedelta(hours=24), import_closing.forget)
    sweeping.register("imports", timedelta(seconds=5), imports.read_waiting)
    outbox.subscribe("review.erased", "disclosure.imports", import_erased.on_erased)
