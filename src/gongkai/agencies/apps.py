from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "gongkai.agencies"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from gongkai.agencies import appointing
        from gongkai.journal import guards

        guards.declare(appointing.guards)
