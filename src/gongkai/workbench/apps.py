from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    name = "gongkai.workbench"
    verbose_name = "工作台"

    def ready(self) -> None:
        from gongkai.agencies import navigation
        from gongkai.agencies.navigation import Link

        navigation.add(Link("", _("Inbox"), "workbench:inbox", "", 1))
