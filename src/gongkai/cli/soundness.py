"""Whether an instance is sound: what `gongkai check` looks at."""

from gongkai.channels import exports, site, watching
from gongkai.disclosure import counts, kept
from gongkai.journal import clock, guards, outbox, schema
from gongkai.journal.models import Outbox
from gongkai.reporting import open_data, statistics
from gongkai.review import caches, rescreening
from gongkai.review.models import ReviewState
from gongkai.search import compared


def problems(*, repair: bool = False) -> list[str]:
    """What is wrong, one Chinese sentence each; with `repair`, what could be mended is, and is not listed."""
    found: list[str] = []
    lacking = schema.pending()
    if lacking and repair:
        schema.bring_up()
    elif lacking:
        found.append(f"有{lacking}项数据库迁移未执行；运行 gongkai check --repair。")
        return found
    if repair:
        guards.install()
    found += [f"触发器 {name} 缺失或被改动；运行 gongkai check --repair 重建。" for name in guards.missing()]
    if repair:
        outbox.sweep()
    stale = Outbox.objects.filter(done_at__isnull=True, created_at__lt=clock.now() - outbox.CLAIM)
    found += [
        f"消息 {row.topic} → {row.subscriber} 未送达：{row.last_error or '尚未处理'}" for row in stale[:20]
    ]
    found += caches.differences(repair=repair)
    found += rescreening.differences(repair=repair)
    found += open_data.differences(repair=repair)
    late = ReviewState.objects.filter(
        state=ReviewState.State.SCHEDULED, release_at__lt=clock.now() - outbox.CLAIM
    ).select_related("revision")
    found += [f"“{row.revision.title}”已到定时发布时间而未能发布；请查看日志输出。" for row in late[:20]]
    found += counts.differences(repair=repair)
    found += kept.differences(repair=repair)
    found += statistics.differences(repair=repair)
    found += site.differences(repair=repair)
    found += exports.problems()
    found += watching.problems()
    found += compared.differences(repair=repair)
    return found
