"""Navigation of the rules of screening and of what is screened after publication."""

from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Link
from gongkai.review import rescreening_views, screening_rules


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(
            _("Review and screening"),
            _("Screening after publication"),
            "review:rescreenings",
            rescreening_views.READ,
            28,
        ),
        Link(_("Public site"), _("Import manifests"), "review:manifests", "review.read", 59, seldom=True),
        Link(
            _("Review and screening"),
            _("Policy of screening"),
            "review:screening_policy",
            screening_rules.READ,
            29,
            seldom=True,
        ),
        Link(
            _("Review and screening"),
            _("Dictionaries"),
            "review:dictionaries",
            screening_rules.READ,
            29,
            seldom=True,
        ),
    )
