from datetime import timedelta

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "gongkai.review"
    verbose_name = "审查与发布"

    def ready(self) -> None:
        from gongkai.agencies import navigation
        from gongkai.journal import chain, sweeping
        from gongkai.journal import guards as journal_guards
        from gongkai.review import (
            confidentiality_guards,
            erasing,
            evidence,
            guards,
            manifest_guards,
            manifests,
            menu,
            releases,
            rescreening,
            rule_guards,
            subjects,
            waiting,
        )

        journal_guards.declare(guards.guards)
        journal_guards.declare(confidentiality_guards.guards)
        journal_guards.declare(rule_guards.guards)
        journal_guards.declare(manifest_guards.guards)
        subjects.register(manifests.ManifestKind())
        chain.also_verify(evidence.faults)
        navigation.provide("review", waiting.provide)
        navigation.provide("referrals", waiting.referred)
        navigation.provide("manifests", waiting.listed)
        waiting.register()
        menu.register()
        sweeping.register("releases", timedelta(seconds=30), releases.release_due)
        sweeping.register("manifests", timedelta(seconds=5), manifests.release_waiting)
        sweeping.register("rescreening", timedelta(minutes=1), rescreening.sweep)
        sweeping.register("erasures", timedelta(minutes=10), erasing.keep_list)
