from datetime import timedelta

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "gongkai.files"
    verbose_name = "文件"

    def ready(self) -> None:
        from gongkai.files import erasing, evidence, guards
        from gongkai.files.archives import kept, menu, standing
        from gongkai.journal import chain, sweeping
        from gongkai.journal import guards as journal_guards

        journal_guards.declare(guards.guards)
        chain.also_verify(evidence.faults)
        chain.also_verify(evidence.key_faults)
        chain.also_verify(standing.faults)
        sweeping.register("erased files", timedelta(minutes=10), erasing.sweep)
        sweeping.register("destructions", timedelta(minutes=10), kept.keep)
        menu.register()
