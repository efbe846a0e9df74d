from django.apps import AppConfig


class RemediesConfig(AppConfig):
    name = "gongkai.remedies"
    verbose_name = "复议诉讼"

    def ready(self) -> None:
        from gongkai.applications.events import ANSWERED_AS_ORDERED
        from gongkai.journal import chain, outbox
        from gongkai.remedies import archiving, beside_cases, cases, menu, standing

        archiving.register()
        beside_cases.register()
        chain.also_verify(standing.faults)
        outbox.subscribe(ANSWERED_AS_ORDERED, "remedies.anew", cases.answered_as_ordered)
        menu.register()
