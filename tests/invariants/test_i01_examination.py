"""I1: nothing public without its examination, nothing past an open referral or another agency, by whatever door."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import get_resolver, reverse

from gongkai.agencies.models import Appointment, Role
from gongkai.agencies.policy import Refused
from gongkai.journal import clock
from gongkai.review import approvals, consultations, drafts, examination, referrals
from gongkai.review.models import (
    Approval,
    Consultation,
    Examination,
    Finding,
    Referral,
    ReferralAnswer,
    Release,
    Resolution,
    ReviewState,
)
from gongkai.rulebook.examination import nothing_found
from tests.invariants.attacks import database_refuses, neighbour
from tests.items import approve, drafted, submitted

MARKED = {"body": "<p>机密★3年</p><p>棚改资金安排。</p>"}
DAY = date(2021, 3, 2)


@pytest.fixture
def day(at):
    with at(2021, 3, 2):
        yield


@contextmanager
def refused(saying):
    """The database refuses what follows, saying so, and keeps nothing of it."""
    with pytest.raises(DatabaseError, match=saying), transaction.atomic():
        yield


def seat(office, name, role):
    return Appointment.objects.get(person=office.people[name], role=role)


def forged_examination(office, revision, step=2, name="reviewer", role=Role.REVIEWER, **changes):
    """The row as somebody writes it in the shell."""
    values = {
        "revision": revision,
        "digest": revision.digest,
        "step": step,
        "person": office.people[name],
        "appointment": seat(office, name, role),
        "answers": {key: {"answer": said.answer} for key, said in nothing_found().items()},
        "conclusion": "open",
        "body": "某小组",
        "on_day": clock.today(),
        "at": clock.now(),
    }
    return Examination.objects.create(**(values | changes))


def forged_approval(office, revision, step=2, name="reviewer", role=Role.REVIEWER, **changes):
    values = {
        "revision": revision,
        "digest": revision.digest,
        "step": step,
        "decision": "passed",
        "person": office.people[name],
        "appointment": seat(office, name, role),
        "opinion": "同意",
        "on_day": clock.today(),
        "at": clock.now(),
    }
    return Approval.objects.create(**(values | changes))


def forged_release(revision):
    return Release.objects.create(
        subject_kind=revision.subject_kind,
        subject_id=revision.subject_id,
        agency=revision.agency,
        revision=revision,
        digest=revision.digest,
        released_at=clock.now(),
    )


def at_step(office, step, **content):
    revision = submitted(office, drafted(office, **content))
    for number in range(1, step):
        approve(office, revision, number)
    return revision


def refer(office, revision, **more):
    terms = {
        "question": "secret",
        "matter": "管线走向",
        "addressee_kind": "secrecy",
        "addressee": "西工区国家保密局",
        "sent_on": DAY,
    }
    return referrals.refer(office.actor("handler"), revision, **(terms | more))


def answer(office, referral, outcome="open"):
    return referrals.answer(
        office.actor("handler"),
        referral,
        outcome=outcome,
        level="provincial",
        body="河南省国家保密局",
        answered_on=DAY,
    )


def test_no_step_is_passed_in_the_shell_without_its_examination(office, day):
    revision = submitted(office, drafted(office))
    with refused("not examined by this person"):
        forged_approval(office, revision, 1, "handler", Role.HANDLER)
    approve(office, revision, 1)
    with refused("not examined by this person"):
        forged_approval(office, revision)


def test_the_examination_of_another_step_conclusion_or_person_does_not_count(office, day):
    revision = at_step(office, 2)
    # The handler's own, of step one, is there.
    with refused("not examined by this person"):
        forged_approval(office, revision)
    for conclusion in ("withheld", "referred"):
        with refused("not examined by this person"):
            forged_examination(office, revision, conclusion=conclusion)
            forged_approval(office, revision)
    # A later one takes the place of an earlier one.
    with refused("not examined by this person"):
        forged_examination(office, revision)
        forged_examination(office, revision, conclusion="referred")
        forged_approval(office, revision)


def test_an_examination_is_made_by_the_person_appointed_to_that_step(office, day):
    neighbour(office)
    revision = at_step(office, 2)
    for name, role in (
        ("handler", Role.HANDLER),
        ("approver", Role.APPROVER),
        ("head", Role.DISCLOSURE_HEAD),
        ("their_reviewer", Role.REVIEWER),
        ("security", Role.SECURITY_ADMIN),
    ):
        with refused("does not cover this examination"):
            forged_examination(office, revision, name=name, role=role)
    with refused("does not cover this examination"):
        forged_examination(
            office,
            revision,
            name="approver",
            role=Role.APPROVER,
            appointment=seat(office, "reviewer", Role.REVIEWER),
        )


def test_an_examination_speaks_of_exactly_this_content_in_its_turn(office, day):
    first = submitted(office, drafted(office))
    with refused("after the handler"):
        forged_examination(office, first)
    with refused("another content"):
        forged_examination(office, first, digest="0" * 64)
    approve(office, first, 1)
    approve(office, first, 2)
    with refused("is taken already"):
        forged_examination(office, first, conclusion="withheld")
    approvals.return_(office.actor("approver"), first, step=3, opinion="再改")
    for step, name, role in ((1, "handler", Role.HANDLER), (2, "reviewer", Role.REVIEWER)):
        with refused("has ended"):
            forged_examination(office, first, step, name, role)


def test_a_reviewer_who_wrote_the_text_does_not_examine_it(office, day):
    item = drafted(office)
    draft = drafts.draft_of("item", item.pk)
    drafts.save(office.actor("reviewer"), "item", item.pk, item.agency, draft.content, version=draft.version)
    revision = at_step_of(office, item)
    with refused("does not examine it"):
        forged_examination(office, revision)
    with pytest.raises(Refused):
        said = examination.nothing_in_the_way(revision)
        examination.write(office.actor("reviewer"), revision, 2, said)


def at_step_of(office, item):
    revision = submitted(office, item)
    approve(office, revision, 1)
    return revision


def test_examinations_are_never_changed(office, day):
    revision = at_step(office, 3)
    database_refuses("UPDATE review_examination SET conclusion = 'withheld'", saying="never changed")
    database_refuses("DELETE FROM review_examination", saying="never changed")
    assert examination.latest(revision, 2).conclusion == "open"


@pytest.mark.parametrize("step", [2, 3])
def test_nothing_passes_an_open_referral(office, day, step):
    revision = at_step(office, step)
    referral = refer(office, revision)
    name, role = {2: ("reviewer", Role.REVIEWER), 3: ("approver", Role.APPROVER)}[step]
    with pytest.raises(Refused):
        approve(office, revision, step)
    with refused("a referral is open"):
        if step == 2:
            forged_examination(office, revision)
        forged_approval(office, revision, step, name, role)
    answer(office, referral)
    approve(office, revision, step)


def later():
    return clock.now() + timedelta(days=1)


def test_a_scheduled_release_is_refused_when_its_hour_comes(office, at):
    """The hour alone is no reason any more: the approvals are whole, and still the row is refused."""
    with at(2021, 3, 2):
        revision = at_step(office, 3)
        approve(office, revision, 3, release_at=later())
        referral = refer(office, revision)
        asked = at_step(office, 3, title="第二件")
        approve(office, asked, 3, release_at=later())
        consultations.ask(office.actor("handler"), asked, consulted="西工区财政局", asked_on=DAY)
    with at(2021, 3, 5):
        with refused("a referral is open"):
            forged_release(revision)
        with refused("another agency has not agreed"):
            forged_release(asked)
        answer(office, referral, "withheld")
        with refused("not to be disclosed"):
            forged_release(revision)


def test_nothing_passes_an_agency_that_was_asked_and_has_not_agreed(office, day):
    revision = at_step(office, 2)
    asked = consultations.ask(office.actor("handler"), revision, consulted="西工区财政局", asked_on=DAY)
    with refused("another agency has not agreed"):
        forged_examination(office, revision)
        forged_approval(office, revision)
    consultations.answer(office.actor("handler"), asked, consents=False, answered_on=DAY, note="数字未核对")
    with refused("another agency has not agreed"):
        forged_examination(office, revision)
        forged_approval(office, revision)


def test_a_mark_is_not_resolved_without_its_answer_or_by_that_of_another_content(office, day):
    item = drafted(office, **MARKED)
    first = submitted(office, item)
    answer(office, refer(office, first))
    second = submitted(office, item)
    mark = Finding.objects.get(screening__revision=second, kind="classification_mark")

    def resolve():
        return Resolution.objects.create(
            finding=mark,
            person=office.people["reviewer"],
            appointment=seat(office, "reviewer", Role.REVIEWER),
            ground="已经解密",
            on_day=clock.today(),
            at=clock.now(),
        )

    with refused("never resolved by a ground"):
        resolve()
    referral = refer(office, second)
    with refused("never resolved by a ground"):
        resolve()
    with refused("never resolved by a ground"):
        answer(office, referral, "withheld")
        resolve()
    answer(office, referral)
    resolve()


def test_no_lower_body_determines_in_the_shell_what_is_a_state_secret(office, day):
    revision = at_step(office, 2)
    referral = refer(office, revision)
    for level in ("municipal", "county", "competent"):
        with refused("only the national or a provincial"):
            ReferralAnswer.objects.create(
                referral=referral,
                outcome="open",
                level=level,
                body="西工区国家保密局",
                answered_on=DAY,
                person=office.people["handler"],
                at=clock.now(),
            )
    with refused("does not come before its referral"):
        ReferralAnswer.objects.create(
            referral=referral,
            outcome="open",
            level="national",
            body="国家保密局",
            answered_on=date(2021, 3, 1),
            person=office.people["handler"],
            at=clock.now(),
        )


def test_referral_and_consultation_speak_of_the_content_that_is_under_review(office, day):
    revision = at_step(office, 2)
    common = {"revision": revision, "person": office.people["handler"], "at": clock.now()}
    about = {
        "question": "secret",
        "matter": "x",
        "addressee_kind": "secrecy",
        "addressee": "x",
        "sent_on": DAY,
    }
    asking = {"consulted": "x", "asked_on": DAY}
    with refused("another content"):
        Referral.objects.create(digest="0" * 64, **common, **about)
    with refused("another content"):
        Consultation.objects.create(digest="0" * 64, **common, **asking)
    approvals.return_(office.actor("reviewer"), revision, step=2, opinion="再改")
    with refused("has ended"):
        Referral.objects.create(digest=revision.digest, **common, **about)
    with refused("has ended"):
        Consultation.objects.create(digest=revision.digest, **common, **asking)


def test_no_state_set_in_the_shell_spares_the_examination(office, day):
    """The cache of states counts for lists, never for a release."""
    revision = at_step(office, 2)
    ReviewState.objects.filter(revision=revision).update(state="step3")
    with pytest.raises(Refused):
        approve(office, revision, 3)
    with refused("the step before is missing"):
        forged_approval(office, revision, 3, "approver", Role.APPROVER)
    with refused("three approvals"):
        forged_release(revision)


def test_no_call_of_a_program_leads_into_a_review():
    """The interface for programs offers no act of a review: neither steps, examinations nor referrals."""

    def paths(patterns, head=""):
        for each in patterns:
            where = head + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from paths(each.url_patterns, where)
            else:
                yield where

    calls = [path for path in paths(get_resolver().url_patterns) if path.startswith("api/")]
    assert calls and not [
        path
        for path in calls
        if any(word in path for word in ("review", "referral", "examin", "consultation/"))
    ]


@pytest.mark.parametrize("name", ["approver", "supervisor", "second_handler", "head"])
def test_the_page_examines_only_for_the_person_of_the_step(office, day, client, name):
    revision = at_step(office, 2)
    client.force_login(office.people[name])
    said = {f"answer_{key}": each.answer for key, each in nothing_found().items()}
    client.post(
        reverse("review:page", args=[revision.pk]), said | {"conclusion": "open", "decision": "approve"}
    )
    assert Examination.objects.filter(step=2).count() == 0
    assert Approval.objects.filter(step=2).count() == 0
