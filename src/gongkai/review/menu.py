"""Navigation of the rules of screening and of what is screened after publication."""

from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Link
from gongkai.review import rescreening_views, screening_rules


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(
            _("Disclosure"),
            _("Screening after publication"),
            "review:rescreenings",
            rescreening_views.READ,
            28,
        ),
        Link(_("Disclosure"), _("Import manifests"), "review:manifests", "review.read", 24),
        Link(_("Disclosure"), _("Policy of screening"), "review:screening_policy", screening_rules.READ, 29),
        Link(_("Disclosure"), _("Dictionaries"), "review:dictionaries", screening_rules.READ, 29),
    )
