from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class JournalConfig(AppConfig):
    name = "gongkai.journal"
    verbose_name = "日志"

    def ready(self) -> None:
        from gongkai.journal import guards, sweeping  # noqa: F401

        def before_migration(using: str, plan: list[Any], **kwargs: Any) -> None:
            if plan:
                guards.remove(using)

        def after_migration(using: str, **kwargs: Any) -> None:
            guards.install(using)

        # Django sends each signal for every app, before the first migration and after the last: one is enough.
        pre_migrate.connect(before_migration, sender=self, dispatch_uid="gongkai.journal.unguard", weak=False)
        post_migrate.connect(after_migration, sender=self, dispatch_uid="gongkai.journal.guards", weak=False)
