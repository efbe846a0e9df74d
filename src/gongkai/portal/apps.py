from datetime import timedelta

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "gongkai.portal"
    verbose_name = "公开平台"

    def ready(self) -> None:
        from gongkai.channels import redirects
        from gongkai.channels.renderers import (
            PublicKind,
            Standing,
            check_pages_with,
            register,
            render_columns_with,
            stand,
        )
        from gongkai.disclosure import column_state
        from gongkai.disclosure import key_fields as of_key_fields
        from gongkai.disclosure import projects as of_projects
        from gongkai.disclosure import standards as of_standards
        from gongkai.journal import outbox, sweeping
        from gongkai.portal import (
            design,
            elsewhere,
            english,
            figures,
            interpretation,
            item_documents,
            items,
            key_fields,
            letters_public,
            machine_page,
            moved,
            notices,
            policies,
            projects,
            questions,
            readers,
            report_data,
            reports,
            services,
            standards,
            standing,
            statistics,
            tags,
            varieties,
        )
        from gongkai.search import entries

        sweeping.register("documents", timedelta(hours=24), item_documents.forget)
        register(
            PublicKind(
                "item",
                items.folder,
                items.pages,
                items.tombstone,
                related=varieties.related,
                beside=varieties.lists_beside,
                until=items.until,
            )
        )
        design.register()
        policies.register()
        interpretation.register()
        questions.register()
        letters_public.register()
        statistics.register()
        readers.register()
        register(
            PublicKind(
                "report", reports.folder, reports.pages, reports.tombstone, beside=english.reports_beside
            )
        )
        entries.register("report", reports.entry)
        render_columns_with(standing.column)
        redirects.render_with(moved.page)
        check_pages_with(tags.faults_of)
        machine_page.register()
        elsewhere.register()
        english.register()
        notices.register()
        services.register()
        standards.register()
        projects.register()
        for topic, name, handler in (
            (of_standards.CHANGED, "portal.standards", standards.changed),
            (of_projects.CHANGED, "portal.projects", projects.changed),
            (column_state.CHANGED, "portal.columns", key_fields.column_changed),
            (of_key_fields.CHANGED, "portal.key_fields", key_fields.chosen),
            ("review.released", "portal.documents", item_documents.on_release),
            ("review.withdrawn", "portal.documents", item_documents.on_release),
            ("review.erased", "portal.documents", item_documents.on_release),
            ("review.together", "portal.documents", item_documents.on_together),
        ):
            outbox.subscribe(topic, name, handler)
        figures.provide("disclosure", figures.disclosure)
        figures.provide("applications", figures.applications)
        for name, pages, follows in (
            ("home", standing.home, True),
            ("catalogue", standing.catalogue, True),
            ("rules", standing.rules, True),
            ("guide", standing.guide, False),
            ("reports", report_data.board, False),
            ("report-schemas", report_data.schemas, False),
            ("sitemap", standing.site_map, True),
            ("fixed", standing.fixed, False),
        ):
            stand(Standing(name, pages, follows))
