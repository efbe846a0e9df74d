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
        from gongkai.portal import (
            elsewhere,
            figures,
            interpretation,
            items,
            letters_public,
            machine_page,
            moved,
            notices,
            policies,
            questions,
            report_data,
            reports,
            standing,
            tags,
            statistics,
            varieties,
        )
        from gongkai.search import entries

        register(
            PublicKind(
                "item",
                items.folder,
                items.pages,
                items.tombstone,
                related=varieties.related,
                beside=varieties.lists_beside,
            )
        )
        policies.register()
        elsewhere.register()
        interpretation.register()
        questions.register()
        letters_public.register()
        statistics.register()
        notices.register()
        register(
            PublicKind("report", reports.folder, reports.pages, reports.tombstone, beside=report_data.beside)
        )
        entries.register("report", reports.entry)
        render_columns_with(standing.column)
        redirects.render_with(moved.page)
        check_pages_with(tags.faults_of)
        machine_page.register()
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
