from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "gongkai.search"
    verbose_name = "检索"

    def ready(self) -> None:
        from datetime import timedelta

        from gongkai.files import erasing
        from gongkai.journal import outbox, sweeping
        from gongkai.search import erased, filetexts, follow, menu

        outbox.subscribe("review.released", "search", follow.on_release)
        outbox.subscribe("review.withdrawn", "search", follow.on_release)
        outbox.subscribe("review.together", "search", follow.on_together)
        outbox.subscribe("item.changed", "search", follow.on_item_changed)
        outbox.subscribe("review.erased", "search", erased.on_erased)
        erasing.also_forget(filetexts.forget)
        sweeping.register("erased entries", timedelta(minutes=1), erased.sweep)
        sweeping.register("search.files", timedelta(seconds=15), follow.read_files)
        menu.register()
