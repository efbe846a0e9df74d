from datetime import timedelta

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "gongkai.channels"
    verbose_name = "渠道"

    def ready(self) -> None:
        from gongkai.channels import (
            entries,
            exports,
            ledger,
            midnight,
            package_views,
            packages,
            parts,
            redirect_views,
            redirects,
            rounds,
            site,
            site_views,
            subscription_mails,
            together,
            visit_pages,
            visits,
        )
        from gongkai.journal import outbox, sweeping
        from gongkai.search import entries as search_entries

        search_entries.register("item", entries.item_entry, variety=entries.variety_label)
        outbox.subscribe("review.released", "channels.site", site.on_release)
        outbox.subscribe("review.withdrawn", "channels.site", site.on_release)
        outbox.subscribe("review.together", "channels.site", together.on_together)
        outbox.subscribe("agency.changed", "channels.site", lambda payload: site.settle_standing())
        outbox.subscribe("item.changed", "channels.site", site.on_item_changed)
        parts.provide(redirects.redirect_parts)
        site.also(redirects.follow_item)
        site.also(together.follow_item)
        redirect_views.register()
        ledger.after_change(exports.push)
        outbox.subscribe("review.released", "channels.packages", packages.on_release)
        outbox.subscribe("review.withdrawn", "channels.packages", packages.on_release)
        outbox.subscribe("review.together", "channels.packages", packages.on_together)
        outbox.subscribe("item.changed", "channels.packages", packages.on_item_changed)
        sweeping.register("packages", timedelta(hours=6), packages.sweep)
        site_views.register()
        package_views.register()
        outbox.subscribe("review.released", "channels.subscriptions", subscription_mails.on_release)
        # Somebody who waits at the page for the link looks into the mailbox at once.
        sweeping.register("subscriptions", timedelta(seconds=5), subscription_mails.sweep)
        sweeping.register("visits", timedelta(minutes=1), visits.sweep)
        visit_pages.register()
        sweeping.register("exports", timedelta(minutes=2), exports.sweep)
        sweeping.register("day", timedelta(seconds=30), midnight.bring_to_the_day)
        # Whatever differs all the same.
        sweeping.register("site", timedelta(seconds=30), rounds.go_on)
