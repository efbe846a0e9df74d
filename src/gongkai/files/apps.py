from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "gongkai.files"
    verbose_name = "文件"

    def ready(self) -> None:
        from gongkai.files import evidence
        from gongkai.journal import chain

        chain.also_verify(evidence.faults)
