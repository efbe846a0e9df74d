from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    name = "gongkai.agencies"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from gongkai.agencies import appointing, evidence, navigation, options
        from gongkai.agencies.navigation import Link
        from gongkai.journal import chain, guards

        guards.declare(appointing.guards)
        chain.also_verify(evidence.faults)
        group = _("Administration")
        navigation.add(
            Link(group, _("People"), "agencies:people", "people.read", 90),
            Link(group, _("Appointments"), "agencies:appointments", "people.read", 91),
            Link(group, _("Agencies"), "agencies:agencies", "people.read", 92),
            Link(group, _("Settings"), "agencies:settings", options.CHANGE, 93),
            Link(group, _("Holiday notices"), "agencies:calendar", "configuration.edit", 94),
            Link(group, _("Journal"), "agencies:journal", "journal.read", 95),
        )
