from datetime import timedelta

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "gongkai.reporting"
    verbose_name = "年度报告"

    def ready(self) -> None:
        from gongkai.files.archives import kinds as archive_kinds
        from gongkai.journal import chain, guards, outbox, sweeping
        from gongkai.reporting import (
            earlier_intake,
            filing_checks,
            filing_guards,
            filing_menu,
            manual_guards,
            menu,
            reports,
            rollup_frozen,
            rollup_intake,
            sources,
        )
        from gongkai.reporting.archiving import ReportArchive
        from gongkai.reporting.kind import ReportKind
        from gongkai.review import subjects

        sources.declare()
        guards.declare(filing_guards.guards)
        guards.declare(manual_guards.guards)
        subjects.register(ReportKind())
        archive_kinds.register(ReportArchive())
        outbox.subscribe("review.submitted", "reporting.frozen_figures", reports.after_submission)
        outbox.subscribe("review.submitted", "reporting.frozen_members", rollup_frozen.after_submission)
        chain.also_verify(rollup_frozen.faults)
        menu.register()
        filing_menu.register()
        sweeping.register("filing checks", timedelta(seconds=15), filing_checks.work)
        sweeping.register("member reports", timedelta(seconds=15), rollup_intake.read_waiting)
        sweeping.register("earlier reports", timedelta(seconds=15), earlier_intake.read_waiting)
