from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "gongkai.disclosure"
    verbose_name = "主动公开"

    def ready(self) -> None:
        from gongkai.disclosure import (
            columns_menu,
            guards,
            import_menu,
            menu,
            notice_watch,
            notices,
            opinion_menu,
            projects,
            relations,
            results,
            services,
        )
        from gongkai.disclosure.archiving import ItemArchive
        from gongkai.disclosure.kind import ItemKind
        from gongkai.files.archives import kinds as archive_kinds
        from gongkai.journal import guards as journal_guards
        from gongkai.journal import sweeping
        from gongkai.review import subjects

        journal_guards.declare(guards.guards)
        subjects.register(ItemKind())
        archive_kinds.register(ItemArchive())
        menu.register()
        import_menu.register()
        relations.register()
        notices.register()
        results.register()
        opinion_menu.register()
        services.register()
        projects.register()
        columns_menu.register()
        sweeping.register("notices", notice_watch.EVERY, notice_watch.bring_to_the_day)
