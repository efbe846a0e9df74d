"""What is withheld stands in a register, is looked at again each year, and is opened when it can be (art. 18)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from gongkai.agencies import navigation, options
from gongkai.agencies.policy import Refused
from gongkai.disclosure import items, reexamination
from gongkai.disclosure.models import Item, Reexamination
from gongkai.journal import chain
from gongkai.review import drafts
from tests.items import approve, drafted, submitted

REASON = "执法案件尚未办结"


def filed(office, attribute="withheld", ground="enforcement_file"):
    item = drafted(office, title="执法案卷摘要")
    items.file_closed(office.actor("handler"), item, attribute=attribute, ground=ground, reason=REASON)
    item.refresh_from_db()
    return item


def client(office, name="head"):
    one = Client()
    one.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return one


def tasks(office):
    return [
        (row.title, row.due_on)
        for row in navigation.waiting(office.actor("head"))
        if row.url.endswith("/reexamine/")
    ]


def test_a_withheld_item_is_a_task_thirty_days_before_its_year_is_over(office, at):
    with at(2021, 3, 2):
        filed(office)
    due = date(2022, 3, 2)
    with at(2022, 1, 30):
        assert tasks(office) == []
    with at(2022, 1, 31):
        assert tasks(office) == [("执法案卷摘要", due)]
    with at(2023, 1, 1):
        assert tasks(office) == [("执法案卷摘要", due)]


def test_what_stays_withheld_is_looked_at_again_a_year_later(office, at):
    with at(2021, 3, 2):
        item = filed(office)
    with at(2022, 3, 1):
        with pytest.raises(Refused, match="第十四条至第十六条"):
            reexamination.examine(office.actor("head"), item, outcome="withheld", reason="未办结")
        row = reexamination.examine(
            office.actor("head"), item, outcome="withheld", ground="enforcement_file", reason="未办结"
        )
        assert row.next_on == date(2023, 3, 1)
        assert "第十八条" in row.articles and "第十六条第二款" in row.articles
        assert tasks(office) == []
    with at(2023, 2, 1):
        assert tasks(office) == [("执法案卷摘要", date(2023, 3, 1))]
    item.refresh_from_db()
    assert item.state == "withheld"


def test_the_agency_sets_the_interval(office, at):
    with at(2021, 3, 2):
        options.change(office.actor("head"), office.agency, {items.EXAMINATION: "6"})
        filed(office)
    with at(2021, 8, 10):
        assert tasks(office) == [("执法案卷摘要", date(2021, 9, 2))]


def test_what_may_be_opened_goes_out_through_the_review_and_by_no_other_way(committed, at):
    office = committed
    with at(2021, 3, 2):
        item = filed(office)
        draft = drafts.draft_of("item", item.pk)
        assert draft.content["attribute"] == "proactive"
        with pytest.raises(Refused, match="先复查"):
            submitted(office, item)
    with at(2022, 3, 1):
        page = client(office)
        url = reverse("disclosure:reexamine", args=[item.pk])
        missing = page.post(url, {"outcome": "open", "reason": " "})
        assert missing.status_code == 200 and missing.context["form"].errors["reason"]
        done = page.post(url, {"outcome": "open", "reason": "案件已经办结"}, follow=True)
        assert done.redirect_chain[-1][0] == reverse("disclosure:edit", args=[item.pk])
        assert "改为主动公开" in done.content.decode()
        item.refresh_from_db()
        assert (item.state, item.attribute) == ("draft", "")
        assert tasks(office) == []
        # Whoever looked at it again has not written in it.
        assert {row.person for row in drafts.draft_of("item", item.pk).editors.all()} == {
            office.people["handler"]
        }
        revision = submitted(office, item)
        for step in (1, 2, 3):
            approve(office, revision, step)
        item.refresh_from_db()
        assert item.state == "public"
        shown = client(office).get(reverse("disclosure:item", args=[item.pk])).content.decode()
        assert "案件已经办结" in shown and "第十八条" in shown
    assert list(chain.verify()) == []


def test_what_is_closed_anew_is_counted_from_then(office, at):
    with at(2021, 3, 2):
        item = filed(office)
    with at(2022, 3, 1):
        reexamination.examine(office.actor("head"), item, outcome="open", reason="可以公开")
    with at(2022, 6, 1):
        items.file_closed(
            office.actor("handler"), item, attribute="withheld", ground="deliberative", reason="改为请示稿"
        )
        row = reexamination.withheld().get()
        assert (row.examined_next, row.ground, row.looked_at) == (date(2023, 6, 1), "deliberative", None)


def test_only_what_is_withheld_is_looked_at_again_and_only_by_this_agency(office, at):
    from tests.invariants.attacks import neighbour

    neighbour(office)
    with at(2021, 3, 2):
        item = drafted(office)
        with pytest.raises(Refused, match="不在不予公开信息台账中"):
            reexamination.examine(office.actor("head"), item, outcome="open", reason="x")
        item = filed(office)
        for name in ("supervisor", "their_handler"):
            with pytest.raises(Refused):
                reexamination.examine(office.actor(name), item, outcome="open", reason="x")
            assert (
                client(office, name).get(reverse("disclosure:reexamine", args=[item.pk])).status_code == 404
            )


def test_a_row_that_stays_withheld_has_a_next_day(office, at):
    with at(2021, 3, 2):
        item = filed(office)
        decision = item.attribute_decisions.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Reexamination.objects.create(
                decision=decision, item=item, outcome="withheld", articles="x", reason="x",
                person=office.people["head"], on=date(2021, 3, 2), at=decision.item.created_at,
            )  # fmt: skip


def test_the_register_filters_sorts_and_exports(office, at):
    with at(2021, 3, 2):
        filed(office)
        on_application = filed(office, "on_application", "")
        Item.objects.filter(pk=on_application.pk).update(title="征求意见汇总")
    with at(2022, 3, 3):
        page = client(office)
        url = reverse("disclosure:withheld")
        text = page.get(url).content.decode()
        assert "执法案卷摘要" in text and "征求意见汇总" in text and REASON in text
        assert "条例》第十六条第二款" in text and "逾期" in text
        only = page.get(url + "?attribute=on_application").content.decode()
        assert "征求意见汇总" in only and "执法案卷摘要" not in only
        assert "执法案卷摘要" in page.get(url + "?ground=enforcement_file&due=overdue").content.decode()
        assert "执法案卷摘要" not in page.get(url + "?year=2022").content.decode()
        for column in ("title", "ground", "decided_on", "looked_at", "-examined_next"):
            assert page.get(url + f"?sort={column}").status_code == 200
        rows = b"".join(page.get(url + "?export=csv").streaming_content).decode()
        assert "执法案卷摘要" in rows and "2022-03-02" in rows
