from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def seed(**_sent: Any) -> None:
    """After a migration: the sub-reasons that the decision page offers."""
    from gongkai.applications import reasons

    reasons.load()


class ApplicationsConfig(AppConfig):
    name = "gongkai.applications"
    verbose_name = "依申请公开"

    def ready(self) -> None:
        from gongkai.applications import (
            events,
            evidence,
            guards,
            likeness,
            menu,
            rendering,
            sending_menu,
        )
        from gongkai.applications.archiving import CaseArchive
        from gongkai.applications.letterkind import LetterKind
        from gongkai.files.archives import kinds as archive_kinds
        from gongkai.journal import chain, outbox, sweeping
        from gongkai.journal import guards as journal_guards
        from gongkai.review import subjects

        subjects.register(LetterKind())
        journal_guards.declare(guards.guards)
        archive_kinds.register(CaseArchive())
        outbox.subscribe("review.released", "applications.letters", rendering.make)
        outbox.subscribe("calendar.loaded", "applications.calendar", events.refresh_open)
        chain.also_verify(evidence.faults)
        sweeping.register("applications.likeness", timedelta(minutes=5), likeness.catch_up)
        sweeping.register("applications.common_features", timedelta(days=1), likeness.count_common)
        menu.register()
        sending_menu.register()
        post_migrate.connect(seed, sender=self, dispatch_uid="applications.seed")
