from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JournalConfig(AppConfig):
    name = "gongkai.journal"
    verbose_name = "日志"

    def ready(self) -> None:
        from gongkai.journal import guards, sweeping  # noqa: F401

        def after_migration(using: str, **kwargs: Any) -> None:
            guards.install(using)

        # Django sends the signal for every app when all migrations have run: one is enough.
        post_migrate.connect(after_migration, sender=self, dispatch_uid="gongkai.journal.guards", weak=False)
