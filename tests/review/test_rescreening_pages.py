"""The page of what was found: masked, with the two decisions; and what nobody gets past it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from gongkai.agencies.policy import Refused
from gongkai.disclosure.models import Item
from gongkai.journal import clock
from gongkai.journal.models import Entry as JournalEntry
from gongkai.review import rescreening
from gongkai.review.models import (
    Dismissal,
    NewFinding,
    Release,
    Rescreening,
    RescreeningRound,
    ScreenedRelease,
    Withdrawal,
)
from gongkai.supervision.models import Entry, EntryEvent
from tests.invariants.attacks import SQLITE, database_refuses, neighbour
from tests.items import released
from tests.review.rules import a_dictionary

PHONE = "13987604321"
TEXT = {"body": f"<p>本次征收涉及洛河七号工程，联系{PHONE[:3]}-{PHONE[3:7]}-{PHONE[7:]}。</p>"}


@pytest.fixture
def found(committed, at, monkeypatch):
    """An item whose telephone number no detector of its day knew, and a term that its office learnt later."""
    from gongkai import screening
    from gongkai.review import submission

    with at(2021, 3, 2):
        with monkeypatch.context() as then:
            real = screening.screen_html
            then.setattr(
                submission.screening,
                "screen_html",
                lambda *args, **more: [
                    each for each in real(*args, **more) if each.kind is not screening.Kind.MOBILE_NUMBER
                ],
            )
            item = released(committed, **TEXT)
        a_dictionary(committed, committed.agency, ["洛河七号工程"])
        rescreening.sweep()
        yield committed, item, Release.objects.get(subject_id=item.pk)


def client(office, name):
    made = Client()
    made.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return made


def test_it_is_withdrawn_by_one_click_with_the_reason_preset(found):
    office, item, release = found
    address = reverse("review:rescreened", args=[release.pk])
    page = client(office, "handler").get(address)
    form = page.context["withdraw_form"]
    # A blocking finding is taken for a leak.
    assert form["reason"].value() == "leak"
    answer = client(office, "handler").post(
        address, {"act": "withdraw", "withdraw-reason": "leak", "withdraw-note": "复查发现"}
    )
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.state == Item.State.WITHDRAWN
    assert Withdrawal.objects.get().person == office.people["handler"]
    assert Entry.objects.get(kind="rescreening").state == "withdrawn"


def test_the_reviewer_says_that_it_is_no_problem_and_a_ground_is_needed(found):
    office, _item, release = found
    address = reverse("review:rescreened", args=[release.pk])
    reviewer = client(office, "reviewer")
    again = reviewer.post(address, {"act": "dismiss", "dismiss-ground": ""})
    assert again.status_code == 200 and again.context["dismiss_form"].errors
    reviewer.post(address, {"act": "dismiss", "dismiss-ground": "号码系公开的服务热线"})
    assert Dismissal.objects.get().ground == "号码系公开的服务热线"
    # Nobody else is offered it, and it does not help them to send it.
    for name in ("handler", "approver", "head", "supervisor"):
        assert "dismiss-ground" not in client(office, name).get(address).content.decode()
        client(office, name).post(address, {"act": "dismiss", "dismiss-ground": "无妨"})
    assert Dismissal.objects.count() == 1


def test_excerpts_stay_masked_in_page_list_export_task_and_journal(found):
    office, _item, release = found
    assert {row.kind for row in NewFinding.objects.all()} == {"mobile_number", "wording"}
    reader = client(office, "reviewer")
    texts = [
        reader.get(reverse("review:rescreened", args=[release.pk])).content.decode(),
        reader.get(reverse("review:rescreenings")).content.decode(),
        b"".join(reader.get(reverse("review:rescreenings"), {"export": "csv"}).streaming_content).decode(),
        *(str((row.fields, row.subject)) for row in Entry.objects.all()),
        *(str((row.old, row.new, row.note)) for row in EntryEvent.objects.all()),
        *JournalEntry.objects.values_list("data", flat=True),
        *(str((row.excerpt, row.location, row.why)) for row in NewFinding.objects.all()),
    ]
    # Digests, ids and tokens are drawn at random, and now and then one holds these digits.
    shown = re.sub(r"[0-9A-Za-z-]{30,}", "", "".join(texts))
    for spelling in (PHONE, f"{PHONE[:3]}-{PHONE[3:7]}-{PHONE[7:]}", PHONE[3:7]):
        assert spelling not in shown
    assert release.revision.title in texts[1]


def test_a_screening_afterwards_changes_and_releases_nothing(found):
    office, item, release = found
    before = Item.objects.filter(pk=item.pk).values().get()
    for n in range(3):
        a_dictionary(office, None, [f"又一个词语{n}"])
        rescreening.sweep()
    assert Item.objects.filter(pk=item.pk).values().get() == before
    assert list(Release.objects.values_list("pk", flat=True)) == [release.pk]
    assert not Withdrawal.objects.exists()


def test_another_agency_sees_and_decides_nothing(found):
    office, _item, release = found
    neighbour(office)
    row = Rescreening.objects.get(result="new")
    address = reverse("review:rescreened", args=[release.pk])
    for name in ("their_handler", "their_reviewer", "their_approver", "their_supervisor"):
        assert client(office, name).get(address).status_code == 404
        assert (
            client(office, name).post(address, {"act": "withdraw", "withdraw-reason": "leak"}).status_code
            == 404
        )
        with pytest.raises(Refused):
            rescreening.dismiss(office.actor(name), row, "无妨")
        assert (
            release.revision.title
            not in client(office, name).get(reverse("review:rescreenings")).content.decode()
        )


def test_the_database_takes_no_dismissal_of_another_and_none_of_a_mark(found):
    office, _item, _release = found
    row = Rescreening.objects.get(result="new")

    def dismissal(name, role, ground="无妨"):
        who = office.people[name]
        held = who.appointments.get(role=role)
        values = (row.pk, who.pk.hex if SQLITE else who.pk, held.pk, ground)
        return (
            "INSERT INTO review_dismissal (rescreening_id, person_id, appointment_id, ground, on_day, at) "
            "VALUES (%s, %s, %s, %s, '2021-03-02', '2021-03-02 09:00:00')",
            *values,
        )

    database_refuses(*dismissal("handler", "handler"), saying="only the confidentiality reviewer")
    database_refuses(*dismissal("reviewer", "reviewer", " "), saying="gives its ground")


def test_a_mark_is_never_dismissed(committed, at, monkeypatch):
    from gongkai.review import submission

    with at(2021, 3, 2):
        with monkeypatch.context() as then:
            then.setattr(submission.screening, "screen_html", lambda *args, **more: [])
            item = released(committed, body="<p>机密★10年</p><p>正文。</p>")
        a_dictionary(committed, None, ["并不出现的词语"])
        rescreening.sweep()
        row = Rescreening.objects.get(result="new")
        assert "classification_mark" in row.findings.values_list("kind", flat=True)
        with pytest.raises(Refused, match="国家秘密标志"):
            rescreening.dismiss(committed.actor("reviewer"), row, "无妨")
        who = committed.people["reviewer"]
        database_refuses(
            "INSERT INTO review_dismissal (rescreening_id, person_id, appointment_id, ground, on_day, at) "
            "VALUES (%s, %s, %s, '无妨', '2021-03-02', '2021-03-02 09:00:00')",
            row.pk,
            who.pk.hex if SQLITE else who.pk,
            who.appointments.get().pk,
            saying="a classification mark is never dismissed",
        )
        page = client(committed, "reviewer").get(reverse("review:rescreened", args=[item.live_id]))
        assert "dismiss-ground" not in page.content.decode()


def test_the_page_shows_how_far_the_rounds_are(found):
    office, _item, _release = found
    with_rounds = client(office, "supervisor").get(reverse("review:rescreenings"))
    shown = {
        (line["round"].reason, line["round"].done, line["most"]) for line in with_rounds.context["rounds"]
    }
    assert ("rules", 1, 1) in shown
    assert "2021-W09" in with_rounds.content.decode()
    # The moment of the list is a day as in every list, not what an export writes.
    assert [row["cells"][-1] for row in with_rounds.context["table"]["rows"]] == [
        row.at for row in Rescreening.objects.filter(result="new")
    ]
    assert "+00:00" not in with_rounds.content.decode()


def plans(queries):
    with connection.cursor() as cursor:
        for query in queries:
            sql, params = query.query.sql_with_params()
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            yield " / ".join(row[3] for row in cursor.fetchall())


@pytest.mark.skipif(not SQLITE, reason="the words of SQLite's plans")
def test_the_next_releases_of_a_round_and_the_list_are_read_along_an_index(office, at):
    with at(2021, 3, 2):
        moment = clock.now()
        waiting = ScreenedRelease.objects.filter(looked_at__lt=moment).order_by("looked_at", "pk")
        queries = [
            waiting[:20],
            waiting.filter(agency=office.agency)[:20],
            ScreenedRelease.objects.filter(draw__gte=0, draw__lt=500).order_by(),
            Rescreening.objects.filter(agency=office.agency, result="new").order_by("-pk")[:30],
            RescreeningRound.objects.filter(reason="rules", agency=None).order_by("-pk")[:1],
        ]
        for plan in plans(queries):
            assert "SCAN review_" not in plan and "TEMP B-TREE" not in plan, plan


def test_sweep_and_page_ask_the_same_number_of_questions_for_one_release_and_for_twenty(
    office, at, django_assert_max_num_queries
):
    with at(2021, 3, 1):
        for n in range(6):
            released(office, title=f"第{n}件")
    with at(2021, 3, 2):
        rescreening.sweep()
        with django_assert_max_num_queries(20):
            # Nothing is due: what is public is not looked through.
            assert rescreening.sweep() == 0
