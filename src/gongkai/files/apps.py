from datetime import timedelta

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "gongkai.files"
    verbose_name = "文件"

    def ready(self) -> None:
        from gongkai.files import erasing, evidence
        from gongkai.journal import chain, sweeping

        chain.also_verify(evidence.faults)
        sweeping.register("erased files", timedelta(minutes=10), erasing.sweep)
