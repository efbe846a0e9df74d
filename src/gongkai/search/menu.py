"""Navigation of the synonyms."""

from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Link


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(_("Administration"), _("Synonyms of the search"), "search:synonyms", "configuration.edit", 94)
    )
