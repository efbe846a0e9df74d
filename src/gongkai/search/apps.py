from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "gongkai.search"
    verbose_name = "检索"

    def ready(self) -> None:
        from gongkai.journal import outbox
        from gongkai.search import follow

        outbox.subscribe("review.released", "search", follow.on_release)
        outbox.subscribe("review.withdrawn", "search", follow.on_release)
        outbox.subscribe("review.together", "search", follow.on_together)
        outbox.subscribe("item.changed", "search", follow.on_item_changed)
