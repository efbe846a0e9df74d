from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    name = "gongkai.workbench"
    verbose_name = "工作台"

    def ready(self) -> None:
        from datetime import timedelta

        from gongkai.agencies import navigation
        from gongkai.agencies.navigation import Link
        from gongkai.journal import sweeping
        from gongkai.workbench import delivery, gateways, rights
        from gongkai.workbench import reminders as due
        from gongkai.workbench.outlets import email, file, webhook

        for kind, outlet in (("email", email), ("webhook", webhook), ("file", file)):
            gateways.register(kind, outlet.build)
        sweeping.register("reminders", timedelta(minutes=15), due.sweep)
        sweeping.register("messages", timedelta(seconds=30), delivery.sweep)
        navigation.add(
            Link("", _("Inbox"), "workbench:inbox", "", 1),
            Link(rights.ADMINISTRATION, _("Outgoing messages"), "workbench:messages", "message.read", 95),
        )
