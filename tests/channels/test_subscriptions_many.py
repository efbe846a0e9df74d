"""A hundred thousand kept searches: a release asks the few that may find it."""

import itertools
import os
import time

import pytest

from gongkai.channels import subscription_mails
from gongkai.channels.subscription_models import Anchor, Notification, Subscription, Wanted
from gongkai.journal import clock
from gongkai.review.models import Release
from gongkai.search import follow, percolating
from tests.items import released
from tests.portal import sites

MANY = int(os.environ.get("GONGKAI_MANY_SEARCHES", "100000"))
PLACES = [f"{a}{b}" for a in "东西南北中城关河江湖山岭田园桥" for b in "街路巷村镇乡坊里庄屯营寨店集口湾坡沟"]
MATTERS = [f"{a}{b}" for a in ("征收", "拆迁", "改造", "供水", "供暖", "道路", "学校", "医院", "绿化", "停车", "公交", "低保", "住房", "食品", "环保", "消防", "招聘", "采购", "预算", "审计") for b in ("补偿", "公告", "方案", "通知", "结果", "计划", "标准", "规定", "意见", "检查", "名单", "报告", "收费", "许可", "处罚", "解读", "目录", "指南", "费用")]  # fmt: skip


@pytest.mark.parametrize("many", [2_000, pytest.param(MANY, marks=pytest.mark.soak)])
def test_a_release_is_matched_with_the_few_of_very_many_searches_that_could_fit(committed, many):
    office = sites.written(committed)
    # A site on which 征收, 补偿 and 方案 are everyday words, and places are not.
    released(office, title="演示片区房屋征收补偿方案公告")
    follow.rebuild()
    queries = itertools.islice((f"{place}{matter}" for matter in MATTERS for place in PLACES), many)
    wanted = [Wanted(digest=query, query=query) for query in queries]
    Wanted.objects.bulk_create(wanted, batch_size=2000)
    begun = time.perf_counter()
    anchors = [Anchor(wanted=row, term=term) for row in wanted for term in percolating.anchors(row.query, {})]
    each = (time.perf_counter() - begun) / len(wanted)
    Anchor.objects.bulk_create(anchors, batch_size=2000)
    now = clock.now()
    Subscription.objects.bulk_create(
        (
            Subscription(
                wanted=row, address="x", print=f"{n}", frequency="daily", asked_at=now, confirmed_at=now
            )
            for n, row in enumerate(wanted)
        ),
        batch_size=2000,
    )
    item = released(office, title="西街征收补偿方案公告")
    release = Release.objects.get(subject_id=item.pk)
    begun = time.perf_counter()
    found = subscription_mails.match(release)
    took = time.perf_counter() - begun
    entry = subscription_mails.entry_of(release)
    candidates = set()
    for terms in subscription_mails._groups(percolating.terms("item", entry), 800):
        candidates.update(Anchor.objects.filter(term__in=terms).values_list("wanted_id", flat=True))
    print(f"{len(wanted)} searches, {each * 1000:.2f} ms to keep one, {len(candidates)} candidates, "
          f"{found} found, {took:.3f} s")  # fmt: skip
    told = set(Notification.objects.values_list("subscription__wanted__query", flat=True))
    assert {"西街征收补偿", "西街征收公告", "西街征收方案"} <= told
    assert not {query for query in told if "街" not in query}
    # What is looked at does not grow with what is subscribed to, but with what could fit.
    assert len(candidates) < len(wanted) / 10
