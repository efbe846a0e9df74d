"""The proposed text of a government's report says what all members state, and is worded otherwise where one does not."""

import random
from dataclasses import replace

import pytest
from django.urls import reverse

from gongkai.reporting import content as contents
from gongkai.reporting import narrative, reports, rollup_members, rollup_text
from gongkai.reporting.reading.textreport import read_report
from gongkai.reporting.rollup_intake import stated
from gongkai.review import drafts, submission
from tests.reporting.districts import all_published, district_of, taken_in
from tests.reporting.report_rendering import as_lines, balanced, blocks
from tests.reporting.reports import WRITTEN, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwritten")]
OUTSIDE = "西工区供销合作社"
PLACE = "【请写明对所属部门的工作考核、社会评议和责任追究结果】"


@pytest.fixture
def district(office, at):
    with at(2022, 1, 10):
        made = district_of(office, agencies=1)
        all_published(made)
        yield made


def outside(district, **said):
    rollup_members.add_outside(district.supervisor, district.agency, 2021, OUTSIDE, group="department")
    tables = balanced(random.Random(1))
    return taken_in(district, OUTSIDE, tables, applications=str(tables.applications["r1"][-1]), **said)


def begun(district):
    return reports.begin(district.government.actor("handler"), district.agency, 2021)


def sums_not_said(report, draft):
    """Findings that the text binds what cannot be summed."""
    now = contents.standing(report, draft.content)
    return [one.message for one in now.findings if one.rule == "C14" and "文字中引用" in one.message]


def test_where_every_member_states_all_the_proposal_says_all(district):
    _report, draft = begun(district)
    assert "回应区长信箱{{mailbox}}件" in draft.content["overview"]
    assert "发出收费通知{{fee_notices}}件" in draft.content["other"]
    assert "[[" not in "".join(draft.content[part] for part in narrative.PARTS)


def test_the_proposal_leaves_out_what_an_outside_office_does_not_state(district):
    """All that the handler still writes is what no record can say: the appraisal (art. 50)."""
    outside(district, items_released="4", fee_collected="0")
    report, draft = begun(district)
    text = draft.content["overview"]
    assert "主动公开政府信息{{items_released}}项" in text and "{{hotline}}" not in text
    assert "本年度实际收取信息处理费{{fee_collected}}元" in draft.content["other"]
    assert sums_not_said(report, draft) == []
    said = draft.content | WRITTEN | {"overview": text.replace(PLACE, "已对所属部门完成年度考核。")}
    draft = reports.save(district.government.actor("handler"), report, said, version=draft.version)
    revision = submitted(district.government, report, draft)
    printed = submission.content_of(revision.digest)
    assert "hotline" not in printed["overview"]


def test_every_wording_of_the_proposal_reads_on(district):
    """Whatever is not stated, no stop stands double and no clause hangs in the air."""
    _report, draft = begun(district)
    whole = contents.standing(_report, draft.content).whole
    keys = [key for part in ("overview", "other") for key in narrative.bound(draft.content[part])]
    for key in [*keys, None]:
        out = dict.fromkeys(keys if key is None else [key], (OUTSIDE,))
        texts = rollup_text.reworded(draft.content, whole_without(whole, out))
        for text in texts.values():
            assert not any(pair in text for pair in ("，，", "，。", "。。", "；。", "，；", "[[", "||")), (
                text
            )


def whole_without(whole, out):
    """The sums with one more member that does not state these figures."""
    given = replace(whole.given[0], member=replace(whole.given[0].member, name=OUTSIDE))
    return replace(whole, given=(*whole.given, given), incomplete=out)


def test_a_draft_that_began_before_is_worded_otherwise_by_a_press(district, client):
    report, draft = begun(district)
    mine = draft.content["overview"] + "\n另有专题培训{{training_sessions}}次。"
    draft = reports.save(
        district.government.actor("handler"),
        report,
        draft.content | {"overview": mine},
        version=draft.version,
    )
    outside(district, items_released="4")
    assert any("12345" in message for message in sums_not_said(report, draft))
    client.force_login(district.government.people["handler"])
    page = reverse("reporting:report", args=["410303", 2021])
    text = client.get(page).content.decode()
    assert "改写为不含这些数字" in text and f"：{OUTSIDE}" in text, "the page names who does not state it"
    client.post(reverse("reporting:reword", args=["410303", 2021]))
    draft = drafts.draft_of("report", report.pk)
    assert "{{hotline}}" not in draft.content["overview"]
    # The handler's own sentence stays, and is the handler's to mend.
    assert "另有专题培训{{training_sessions}}次。" in draft.content["overview"]
    [left] = sums_not_said(report, draft)
    assert "培训" in left and OUTSIDE in left
    assert "改写为不含这些数字" not in client.get(page).content.decode()
    assert PLACE in draft.content["overview"]


def test_only_who_writes_the_report_words_it_otherwise(district, office, client):
    begun(district)
    for person in (office.people["supervisor"], office.people["handler"]):
        client.force_login(person)
        assert client.post(reverse("reporting:reword", args=["410303", 2021])).status_code == 404


def test_what_a_file_says_in_the_words_of_the_proposal_is_read(tmp_path):
    """An office that writes as we propose states all that the government's text binds."""
    text = as_lines(blocks(balanced(random.Random(1)), OUTSIDE)).replace(
        "主动公开政府信息9项。",
        "主动公开政府信息9项，回应区长信箱1件、政府连线2件、领导交办事项3件、12345热线工单4件，共10件，均以正式文稿形式答复。"
        "本年度开展政府信息公开培训5次，参加培训60人，因政府信息公开工作被追究责任0起。",
    )
    file = tmp_path / "年报.txt"
    file.write_text(text.replace("收取信息处理费0元", "本年度没有收取信息处理费"), "utf-8")
    said = stated(read_report(file))
    assert {key: said[key] for key in ("hotline", "replies", "training_sessions", "trained")} == {
        "hotline": "4",
        "replies": "10",
        "training_sessions": "5",
        "trained": "60",
    }
    assert (said["accountability_cases"], said["fee_collected"]) == ("0", "0")
    assert "fee_notices" not in said, "who took no fee may have sent notices"
