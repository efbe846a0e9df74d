from django.apps import AppConfig


class RemediesConfig(AppConfig):
    name = "gongkai.remedies"
    verbose_name = "复议诉讼"

    def ready(self) -> None:
        from gongkai.journal import chain
        from gongkai.remedies import menu, standing

        chain.also_verify(standing.faults)
        menu.register()
