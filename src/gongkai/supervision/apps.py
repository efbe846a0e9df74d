from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "gongkai.supervision"
    verbose_name = "监督保障"

    def ready(self) -> None:
        from gongkai.journal import chain, sweeping
        from gongkai.supervision import complaints, history, menu, rescreened, shortfalls

        chain.also_verify(history.faults)
        menu.register()
        complaints.register()
        rescreened.listen()
        sweeping.register("shortfalls", shortfalls.EVERY, shortfalls.follow)
