"""Policy documents: validity, what they end, and that document, plan and interpretation go together (三同步)."""

from datetime import date

import pytest

from gongkai.agencies.policy import Refused
from gongkai.disclosure import interpretations, joint_releases, normative, relations
from gongkai.disclosure.models import Interpretation, NormativeDocument
from gongkai.journal.models import Entry
from gongkai.review import caches, submission
from gongkai.review.models import Release
from tests.items import approve, submitted
from tests.policies import MORE, NUMBER, PLANNED, TITLE, explained, former, passed, policy


def document(number=NUMBER):
    return NormativeDocument.objects.get(document_number=number)


def test_a_policy_says_its_kind_number_and_whether_it_is_interpreted(office, at):
    with at(2021, 3, 2):
        item = policy(office, {"level": "", "interpret": ""}, document_number="")
        with pytest.raises(submission.Incomplete) as refusal:
            submitted(office, item)
    fields = {problem.field for problem in refusal.value.problems}
    assert {"more_level", "more_interpret", "document_number"} <= fields


def test_it_enters_the_register_with_its_days_and_lapses_by_itself(office, at):
    with at(2021, 3, 2):
        passed(office, policy(office, {"level": "rules", "expires_on": "2021-12-31"}))
    row = document()
    assert (row.kind, row.expires_on) == ("rules", date(2021, 12, 31))
    with at(2021, 11, 1):
        waits = [each.title for each in relations.lapsing(office.actor("handler"))]
        assert waits == [TITLE]
        assert normative.lapse() == 0
    assert normative.validity(row, date(2021, 12, 31)) == "valid"
    assert normative.validity(row, date(2022, 1, 1)) == "invalid"
    with at(2022, 1, 1):
        assert normative.lapse() == 1
        assert normative.lapse() == 0
    event = row.events.get()
    assert (event.kind, event.on, event.paper) == ("invalid", date(2022, 1, 1), "有效期届满")
    assert normative.counts(office.agency, 2021)["rules"]["in_force"] == 1
    assert normative.counts(office.agency, 2022)["rules"] == {"made": 0, "repealed": 1, "in_force": 0}


def test_other_policy_documents_have_a_validity_and_are_not_counted(office, at):
    with at(2021, 3, 2):
        passed(office, policy(office, {"level": "other"}))
    assert normative.validity(document(), date(2021, 4, 1)) == "valid"
    assert normative.counts(office.agency, 2021)["normative"]["made"] == 0


def test_its_release_repeals_the_documents_it_names_in_any_brackets_and_once(office, at):
    with at(2019, 3, 2):
        old = former(office)
    with at(2021, 3, 2):
        item = policy(office, {"repeals": "西城改[2019]1号"}, effective_on="2021-04-01")
        passed(office, item)
        event = old.normative.events.get()
        assert (event.kind, event.on, event.by) == ("repealed", date(2021, 4, 1), item)
        assert event.paper == f"《{TITLE}》（{NUMBER}）"
    assert normative.validity(old.normative, date(2021, 3, 31)) == "valid"
    assert normative.validity(old.normative, date(2021, 4, 1)) == "repealed"


def test_a_number_that_is_in_no_register_is_named(office, at):
    with at(2021, 3, 2), pytest.raises(submission.Incomplete, match="西城改〔1999〕9号"):
        submitted(office, policy(office, {"repeals": "西城改〔1999〕9号"}))


def test_a_paper_of_another_agency_or_a_withdrawn_one_ends_nothing(office, at):
    with at(2021, 3, 2):
        passed(office, policy(office))
        draft = policy(office, document_number="西城改〔2021〕4号", title="尚未公开")
        with pytest.raises(Refused):
            normative.happen(
                office.actor("handler"), document(), "repealed", on=date(2021, 3, 2), paper="某文", by=draft
            )


# 三同步


def test_a_document_that_wants_an_interpretation_is_not_submitted_without_it(office, at):
    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        with pytest.raises(submission.Incomplete) as refusal:
            submitted(office, item)
        assert {problem.field for problem in refusal.value.problems} == {"more_interpret"}
        told = interpretations.begin(office.actor("handler"), item)
        with pytest.raises(submission.Incomplete):
            submitted(office, item)
        assert Interpretation.objects.get(item=told).policy == item


@pytest.mark.parametrize("first", ["policy", "interpretation"])
def test_whichever_is_approved_first_waits_and_both_go_out_in_one_act(office, at, first):
    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        told = explained(office, item)
        one, other = (item, told) if first == "policy" else (told, item)
        held = passed(office, one)
        assert (held.state.state, one.live_id) == ("held", None)
        assert not caches.differences()
        last = submitted(office, other)
        approve(office, last, 1)
        approve(office, last, 2)
        assert not Release.objects.exists()
        approve(office, last, 3)
    item.refresh_from_db()
    told.refresh_from_db()
    assert item.live_id and told.live_id
    assert not caches.differences()


def test_nothing_goes_with_the_other_that_its_own_three_people_have_not_approved(office, at):
    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        told = explained(office, item)
        held = passed(office, item)
        half = passed(office, told, 1, 2)
        assert half.state.state == "step3"
        assert joint_releases.release_freed() == 0
        joint_releases.release_alone(office.actor("approver"), held, "防汛紧急，先行发布。")
    told.refresh_from_db()
    assert told.live_id is None
    assert [row.subject_id for row in Release.objects.all()] == [item.pk]
    said = Entry.objects.get(action="policy.released_alone")
    assert "防汛" in str(said.data)
    with at(2021, 3, 3):
        waits = relations.missing(office.actor("handler"))
    assert [(each.title, each.due_on) for each in waits] == [(TITLE, date(2021, 3, 5))]


def test_only_the_leader_lets_it_go_alone_and_with_a_reason(office, at):
    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        explained(office, item)
        held = passed(office, item)
        for name in ("handler", "reviewer", "supervisor", "system"):
            with pytest.raises(Refused):
                joint_releases.release_alone(office.actor(name), held, "紧急")
        with pytest.raises(Refused):
            joint_releases.release_alone(office.actor("approver"), held, " ")


def test_an_agency_that_does_without_has_no_waiting_and_what_waited_goes_out(office, at):
    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        explained(office, item)
        passed(office, item)
        office.agency.options = {"interpretation_together": False}
        office.agency.save()
        assert joint_releases.release_freed() == 1
    item.refresh_from_db()
    assert item.live_id


def test_a_correction_of_a_public_document_waits_for_nothing(office, at):
    from gongkai.disclosure import content as contents
    from gongkai.disclosure import items
    from gongkai.review import drafts

    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        told = explained(office, item)
        passed(office, item)
        passed(office, told)
        draft = drafts.draft_of("item", item.pk)
        said = contents.EMPTY | draft.content | {"summary": "更正摘要。"}
        items.save(office.actor("handler"), item, said, version=draft.version)
        assert passed(office, item).state.state == "released"


def test_the_link_of_a_public_interpretation_does_not_move_with_a_draft(office, at):
    from gongkai.disclosure import content as contents
    from gongkai.disclosure import items
    from gongkai.review import drafts

    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        told = explained(office, item)
        passed(office, item)
        passed(office, told)
        other = policy(office, document_number="西城改〔2021〕8号", title="另一办法")
        told.refresh_from_db()
        draft = drafts.draft_of("item", told.pk)
        said = contents.EMPTY | draft.content
        said["more"] = said["more"] | {"policy": str(other.pk)}
        items.save(office.actor("handler"), told, said, version=draft.version)
    assert Interpretation.objects.get(item=told).policy == item


def test_the_time_of_a_release_is_not_set_while_it_waits_for_the_other(office, at):
    from datetime import timedelta

    from gongkai.journal import clock

    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        explained(office, item)
        revision = submitted(office, item)
        approve(office, revision, 1)
        approve(office, revision, 2)
        with pytest.raises(Refused, match="政策解读"):
            approve(office, revision, 3, release_at=clock.now() + timedelta(days=1))


def test_the_plan_is_reviewed_with_the_document(office, at):
    from gongkai.disclosure.kind import ItemKind

    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        explained(office, item)
        revision = submitted(office, item)
    content = submission.content_of(revision.digest)
    places = {part.location: part.text for part in ItemKind().parts(content)}
    assert places["解读方案：提纲"] == PLANNED["plan_outline"]
    assert MORE["no_ground"] not in str(content)


def test_a_document_of_another_agency_is_neither_interpreted_nor_let_out(office, at):
    from gongkai.disclosure.models import Item
    from gongkai.journal import clock
    from tests.items import drafted

    with at(2021, 3, 2):
        foreign = Item.objects.create(
            agency=office.district,
            title="区政府办法",
            variety="policy",
            created_by=office.people["supervisor"],
            created_at=clock.now(),
        )
        more = {
            "policy": str(foreign.pk),
            "form": "text",
            "by": "征收科",
            "who": "",
            "other": "",
            "points": "",
        }
        item = drafted(office, column="interpretation", variety="interpretation", more=more)
        assert Interpretation.objects.get(item=item).policy is None
        with pytest.raises(submission.Incomplete) as refusal:
            submitted(office, item)
        assert [problem.field for problem in refusal.value.problems] == ["more_policy"]
        with pytest.raises(Refused):
            interpretations.begin(office.actor("handler"), foreign)


def test_the_pages_lead_through_the_set(office, at):
    from django.test import Client
    from django.urls import reverse

    def logged_in(name):
        client = Client()
        client.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    with at(2021, 3, 2):
        item = policy(office, PLANNED)
        handler, leader = logged_in("handler"), logged_in("approver")
        page = reverse("disclosure:item", args=[item.pk])
        assert reverse("disclosure:interpret", args=[item.pk]) in handler.get(page).content.decode()
        begun = handler.post(reverse("disclosure:interpret", args=[item.pk]))
        told = Interpretation.objects.get(policy=item).item
        assert begun["Location"] == reverse("disclosure:edit", args=[told.pk])
        said = handler.get(begun["Location"]).content.decode()
        assert TITLE in said and "要点" in said
        told.delete()
        told = explained(office, item)
        revision = passed(office, item, 1, 2)
        review = leader.get(reverse("review:page", args=[revision.pk])).content.decode()
        assert told.title in review and "与另一件同时发布" in review
        approve(office, revision, 3)
        assert "等待与另一件同时发布" in leader.get(page).content.decode()
        alone = reverse("disclosure:alone", args=[item.pk])
        assert alone in leader.get(page).content.decode()
        assert alone not in handler.get(page).content.decode()
        assert handler.post(alone, {"reason": "紧急"}).status_code in (200, 403)
        item.refresh_from_db()
        assert item.live_id is None
        assert leader.post(alone, {"reason": "防汛紧急"}).status_code == 302
        item.refresh_from_db()
        assert item.live_id
        old = reverse("disclosure:normative", args=[item.normative.pk])
        sent = handler.post(
            old, {"kind": "amended", "on": "2021-03-02", "paper": "某文件", "by": "西城改〔1999〕1号"}
        ).content.decode()
        assert "西城改〔1999〕1号" in sent and not item.normative.events.exists()
