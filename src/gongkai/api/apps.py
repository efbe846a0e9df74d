from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "gongkai.api"
    verbose_name = "接口"

    def ready(self) -> None:
        from gongkai.agencies import navigation
        from gongkai.agencies.navigation import Link
        from gongkai.api import integrations
        from gongkai.api.guards import guards
        from gongkai.journal import guards as journal_guards

        assert integrations
        journal_guards.declare(guards)
        navigation.add(Link(_("Administration"), _("Programs"), "integrations:list", "api.read", 95))
