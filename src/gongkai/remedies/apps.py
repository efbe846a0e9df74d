from django.apps import AppConfig


class RemediesConfig(AppConfig):
    name = "gongkai.remedies"
    verbose_name = "复议诉讼"

    def ready(self) -> None:
        from gongkai.journal import chain
        from gongkai.remedies import archiving, menu, standing

        archiving.register()
        chain.also_verify(standing.faults)
        menu.register()
