from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "gongkai.channels"
    verbose_name = "渠道"

    def ready(self) -> None:
        from gongkai.channels import entries, site
        from gongkai.journal import outbox
        from gongkai.search import entries as search_entries

        search_entries.register("item", entries.item_entry)
        outbox.subscribe("review.released", "channels.site", site.on_release)
        outbox.subscribe("review.withdrawn", "channels.site", site.on_release)
        outbox.subscribe("item.changed", "channels.site", site.on_item_changed)
