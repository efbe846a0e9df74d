"""What goes to the public is examined by ten points; referrals and consultations hold it up, never its term."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.policy import Refused
from gongkai.disclosure.models import Item
from gongkai.journal import chain, clock
from gongkai.review import approvals, consultations, examination, referrals, releases, roster, sheet
from gongkai.review.models import Approval, Examination, Finding, ReviewState
from gongkai.rulebook.examination import Said
from tests.invariants.attacks import appoint, person
from tests.items import approve, drafted, examined, submitted, ticked
from tests.paperwork.samples import Pages

MARKED = {"body": "<p>机密★3年</p><p>棚改资金安排。</p>"}


def client(office, name):
    one = Client()
    one.force_login(office.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return one


def saying(revision, conclusion="open", grounds=(), **answers):
    """The sheet without anything in the way, but for these points."""
    clear = examination.nothing_in_the_way(revision)
    changed = {key: Said(value, "已核对") for key, value in answers.items()}
    return replace(clear, answers=clear.answers | changed, conclusion=conclusion, grounds=grounds)


def referred(office, revision, **more):
    terms = {
        "question": "secret",
        "matter": "附表中的管线走向是否属于国家秘密",
        "addressee_kind": "secrecy",
        "addressee": "西工区国家保密局",
        "sent_on": date(2021, 3, 2),
    }
    return referrals.refer(office.actor("handler"), revision, **(terms | more))


def answered(office, referral, outcome="open", level="provincial", **more):
    terms = {
        "body": "河南省国家保密局",
        "answered_on": date(2021, 3, 2),
        "document_number": "豫密〔2021〕9号",
    }
    return referrals.answer(office.actor("handler"), referral, outcome=outcome, level=level, **(terms | more))


def at_step_two(office, **content):
    revision = submitted(office, drafted(office, **content))
    approve(office, revision, 1)
    return revision


def posted(revision, conclusion="open", **changes):
    """The fields of the review page, as somebody fills them in who found nothing."""
    values = {f"answer_{key}": said.answer for key, said in examined(revision, 1).answers.items()}
    values |= {f"check_{key}": "on" for key in ticked(revision.subject_kind, 1)}
    return values | {"conclusion": conclusion, "decision": "approve"} | changes


def page(office, name, revision):
    return client(office, name).get(reverse("review:page", args=[revision.pk])).content.decode()


def test_without_the_sheet_neither_handler_nor_reviewer_passes_a_public_text(committed, at):
    office = committed
    with at(2021, 3, 2):
        revision = submitted(office, drafted(office))
        with pytest.raises(Refused, match="审查呈批单"):
            approve(office, revision, 1, statement=None)
        approve(office, revision, 1)
        with pytest.raises(Refused, match="审查呈批单") as refused:
            approve(office, revision, 2, statement=None)
        assert "保守国家秘密法实施条例》第四十二条" in refused.value.article
        approve(office, revision, 2)
        approve(office, revision, 3)
    assert Examination.objects.count() == 2
    assert list(chain.verify()) == []


def test_the_reviewer_finds_the_handlers_answers_in_the_form_and_what_differs_is_on_record(office, at):
    with at(2021, 3, 2):
        revision = submitted(office, drafted(office))
        handler, reviewer = client(office, "handler"), client(office, "reviewer")
        url = reverse("review:page", args=[revision.pk])
        handler.post(
            url, posted(revision, answer_third_party="consented", note_third_party="户主书面同意，见附件")
        )
        shown = reviewer.get(url)
        form = shown.context["sheet_form"]
        assert form["answer_third_party"].value() == "consented"
        assert "经办人意见：" in shown.content.decode()
        reviewer.post(
            url,
            posted(revision, answer_third_party="required", note_third_party="征收条例第二十九条", remark="照此公开"),
        )  # fmt: skip
        lines = {line.point.key: line for line in examination.lines(revision)}
        assert lines["third_party"].differs and not lines["state_secret"].differs
        assert "征收条例第二十九条" in lines["third_party"].reviewer
        assert "与经办人不同" in page(office, "approver", revision)
        approve(office, revision, 3)
        text = Pages(sheet.pdf(revision)).text()
    for words in ("政府信息公开审查呈批单", "户主书面同意", "征收条例第二十九条", "照此公开", "保密审查工作领导小组"):  # fmt: skip
        assert words in text.replace("\n", "").replace(" ", ""), words


def test_a_sheet_that_does_not_fit_is_shown_again_with_the_reason_beside_its_point(office, at):
    with at(2021, 3, 2):
        revision = submitted(office, drafted(office))
        url = reverse("review:page", args=[revision.pk])
        again = client(office, "handler").post(
            url, posted(revision, answer_safety="uncertain", note_safety="涉及管网", opinion="请核")
        )
        assert again.status_code == 200
        form = again.context["sheet_form"]
        assert "请报请确定" in form.errors["answer_safety"][0]
        # Nothing typed is lost.
        assert form["note_safety"].value() == "涉及管网" and "请核" in again.content.decode()
        assert not Approval.objects.exists()


def test_what_the_reviewer_finds_closed_goes_back_and_becomes_withheld(committed, at):
    office = committed
    with at(2021, 3, 2):
        revision = at_step_two(office)
        reviewer = client(office, "reviewer")
        url = reverse("review:page", args=[revision.pk])
        closed = posted(
            revision, "withheld", answer_internal="yes", note_internal="请示稿", opinion="属于过程性信息"
        )
        without_ground = reviewer.post(url, closed)
        assert "第十四条至第十六条" in str(without_ground.context["sheet_form"].errors)
        reviewer.post(url, closed | {"grounds": ["deliberative"]})
        item = Item.objects.get()
        assert ReviewState.objects.get().state == "returned"
        assert item.state == "withheld" and item.attribute == "withheld"
        decision = item.attribute_decisions.get()
        assert decision.ground == "deliberative" and decision.reason == "属于过程性信息"
        assert decision.next_examination == date(2022, 3, 2)
        with pytest.raises(Refused, match="先复查"):
            submitted(office, item)
    assert list(chain.verify()) == []


def test_a_text_with_such_a_conclusion_does_not_go_to_the_leader(office, at):
    with at(2021, 3, 2):
        revision = at_step_two(office)
        for conclusion, more in (
            ("withheld", {"internal": "yes"}),
            ("referred", {"safety": "uncertain"}),
        ):
            said = saying(revision, conclusion, ("deliberative",), **more)
            with pytest.raises(Refused, match="不送主要领导"):
                approve(office, revision, 2, statement=said)
        assert Examination.objects.filter(step=2).count() == 0


def test_a_doubt_is_referred_and_the_review_waits_while_the_term_runs_on(committed, at):
    office = committed
    with at(2021, 3, 2):
        revision = at_step_two(office)
        reviewer = client(office, "reviewer")
        doubtful = posted(revision, "referred", answer_safety="uncertain", note_safety="管网走向")
        asked = reviewer.post(reverse("review:page", args=[revision.pk]), doubtful)
        assert asked.url == reverse("review:refer", args=[revision.pk])
        said = {
            "question": "disclosure",
            "matter": "管网走向能否公开",
            "addressee_kind": "competent",
            "addressee": "西工区人民政府办公室",
            "document_number": "西城改〔2021〕4号",
            "sent_on": "2021-03-02",
        }
        reviewer.post(asked.url, said)
        referral = revision.referrals.get()
        with pytest.raises(Refused, match="已于2021年3月2日向西工区人民政府办公室报请确定"):
            approve(office, revision, 2)
    with at(2021, 3, 22):
        words = "报请确定中，公开期限不中止（条例第二十六条），还有5个工作日"
        assert words in page(office, "reviewer", revision)
        handler = client(office, "handler")
        assert words in handler.get(reverse("disclosure:item", args=[revision.subject_id])).content.decode()
        assert words in handler.get(reverse("disclosure:items")).content.decode()
        assert words in handler.get(reverse("review:referrals")).content.decode()
        waiting = navigation.waiting(office.actor("reviewer"))
        assert [row.step for row in waiting] == [words]
        handler.post(
            reverse("review:referral_answer", args=[referral.pk]),
            {"outcome": "open", "level": "competent", "body": "西工区人民政府办公室", "answered_on": "2021-03-22"},
        )  # fmt: skip
        # The answer settles the doubt: the same point may stay in doubt on the sheet.
        approve(office, revision, 2, statement=saying(revision, safety="uncertain"))
        approve(office, revision, 3)
    assert Item.objects.get().state == "public"
    assert list(chain.verify()) == []


def test_the_text_may_be_returned_while_a_referral_is_open(office, at):
    with at(2021, 3, 2):
        revision = at_step_two(office)
        referred(office, revision)
        approvals.return_(office.actor("reviewer"), revision, step=2, opinion="先改附表")
        assert navigation.waiting(office.actor("reviewer")) == []
        rows = client(office, "handler").get(reverse("review:referrals") + "?state=ended")
        assert "审查已结束" in rows.content.decode()


def test_a_scheduled_release_waits_for_a_referral_too(office, at):
    with at(2021, 3, 2):
        revision = at_step_two(office)
        approve(office, revision, 2)
        approve(office, revision, 3, release_at=clock.now() + timedelta(hours=1))
        referral = referred(office, revision)
    with at(2021, 3, 3):
        assert releases.release_due() == 0 and Item.objects.get().state == "draft"
        answered(office, referral, answered_on=date(2021, 3, 3))
        assert releases.release_due() == 1


@pytest.mark.parametrize("level", ["county", "municipal", "competent"])
def test_a_lower_body_does_not_say_what_is_a_state_secret(office, at, level):
    with at(2021, 3, 2):
        revision = at_step_two(office)
        referral = referred(office, revision)
        refused = client(office, "reviewer").post(
            reverse("review:referral_answer", args=[referral.pk]),
            {"outcome": "open", "level": level, "body": "西工区国家保密局", "answered_on": "2021-03-02"},
        )
        assert "只有国家或者省、自治区、直辖市保密行政管理部门能够确定" in refused.content.decode()
        assert not hasattr(revision.referrals.get(), "answer")


def test_what_was_determined_closed_cannot_go_out(office, at):
    with at(2021, 3, 2):
        revision = at_step_two(office)
        answered(office, referred(office, revision), "withheld")
        with pytest.raises(Refused, match="不得公开"):
            approve(office, revision, 2)
        said = saying(revision, "withheld", ("state_secret",), state_secret="yes")
        approvals.withhold(office.actor("reviewer"), revision, said, opinion="")
        assert Item.objects.get().state == "withheld"


def test_a_classification_mark_goes_only_by_the_answer_of_who_may_determine_it(office, at):
    with at(2021, 3, 2):
        revision = submitted(office, drafted(office, **MARKED))
        mark = Finding.objects.get(kind="classification_mark")
        handler, reviewer = office.actor("handler"), office.actor("reviewer")
        with pytest.raises(Refused, match="国家秘密标志"):
            approvals.dispute(handler, mark, "已经解密")
        referral = referred(office, revision)
        with pytest.raises(Refused, match="国家秘密标志"):
            approvals.dispute(handler, mark, "已经报请")
        answered(office, referral)
        approvals.dispute(handler, mark, "豫密〔2021〕9号：可以公开")
        approve(office, revision, 1)
        approvals.resolve(reviewer, mark, "豫密〔2021〕9号：可以公开")
        approve(office, revision, 2)
        approve(office, revision, 3)
    assert Item.objects.get().state == "public"


def test_an_answer_of_another_content_or_another_question_takes_no_mark_away(office, at):
    with at(2021, 3, 2):
        item = drafted(office, **MARKED)
        first = submitted(office, item)
        answered(office, referred(office, first))
        second = submitted(office, item)
        mark = Finding.objects.get(kind="classification_mark", screening__revision=second)
        with pytest.raises(Refused, match="国家秘密标志"):
            approvals.dispute(office.actor("handler"), mark, "上一稿已有答复")
        other = referred(office, second, question="disclosure", addressee_kind="competent")
        answered(office, other, level="competent")
        with pytest.raises(Refused, match="国家秘密标志"):
            approvals.dispute(office.actor("handler"), mark, "主管部门同意")


def test_another_agency_is_waited_for_and_its_consent_to_a_joint_document_is_written(office, at):
    with at(2021, 3, 2):
        revision = at_step_two(office)
        handler = client(office, "handler")
        handler.post(
            reverse("review:consult", args=[revision.pk]),
            {"consulted": "西工区财政局", "joint": "on", "asked_on": "2021-03-02"},
        )
        asked = revision.consultations.get()
        with pytest.raises(Refused, match="西工区财政局尚未同意"):
            approve(office, revision, 2)
        url = reverse("review:consultation_answer", args=[asked.pk])
        oral = handler.post(url, {"consents": "yes", "answered_on": "2021-03-02"})
        assert "书面同意" in oral.content.decode()
        handler.post(url, {"consents": "no", "note": "数字未核对", "answered_on": "2021-03-02"})
        with pytest.raises(Refused, match="西工区财政局尚未同意"):
            approve(office, revision, 2)
        again = consultations.ask(
            office.actor("handler"), revision, consulted="西工区财政局", asked_on=date(2021, 3, 2)
        )
        consultations.answer(office.actor("handler"), again, consents=True, answered_on=date(2021, 3, 2))
        with pytest.raises(Refused, match="第7项不能选“不涉及”"):
            approve(office, revision, 2, statement=saying(revision, other_agencies="no"))
        approve(office, revision, 2)
        approve(office, revision, 3)
        assert "西工区财政局" in Pages(sheet.pdf(revision)).text()


def test_many_persons_need_a_word_on_what_comes_together(office, at):
    rows = "<tr><td>姓名</td><td>人口</td></tr>" + "<tr><td>张伟</td><td>3</td></tr>" * 60
    with at(2021, 3, 2):
        revision = submitted(office, drafted(office, body=f"<table><tbody>{rows}</tbody></table>"))
        assert "行个人信息：请在第9项说明" in page(office, "handler", revision)
        with pytest.raises(Refused, match="第9项请说明"):
            approve(office, revision, 1)
        said = examination.nothing_in_the_way(revision, note="仅公示姓名和户数")
        approve(office, revision, 1, statement=said)


def test_the_leading_group_is_made_from_the_appointments(office, at):
    with at(2021, 3, 2):
        deputy = person(office, "deputy")
        appoint(office, deputy, Role.REVIEWER, deputy=True, ends_on=date(2021, 3, 31))
        members = [(each.place, each.name) for each in roster.members(office.agency)]
        assert members[0] == ("组长", "演示·approver")
        assert members[1:3] == [
            ("副组长（分管保密审查）", "演示·reviewer"),
            ("副组长（分管保密审查）（代）", "演示·deputy"),
        ]
        shown = client(office, "handler").get(reverse("review:rosters")).content.decode()
        assert "任职文件" in shown and "2021-03-31" in shown
        printed = client(office, "handler").get(reverse("review:roster_pdf", args=[office.agency.pk]))
        assert "演示·deputy" in Pages(printed.content).text().replace("\n", "")
    with at(2021, 4, 1):
        assert "演示·deputy" not in [each.name for each in roster.members(office.agency)]


def test_the_list_of_referrals_filters_and_exports(office, at):
    with at(2021, 3, 2):
        revision = at_step_two(office)
        referral = referred(office, revision)
        reader = client(office, "reviewer")
        url = reverse("review:referrals")
        assert revision.title in reader.get(url + "?state=open&to=保密局").content.decode()
        assert revision.title not in reader.get(url + "?state=answered").content.decode()
        answered(office, referral)
        assert revision.title in reader.get(url + "?state=answered").content.decode()
        csv = b"".join(reader.get(url + "?export=csv").streaming_content).decode()
        assert "西工区国家保密局" in csv and "可以公开" in csv
