"""Reports of earlier years once they are taken over: replaced with a reason, listed, compared with, followed up."""

from dataclasses import replace

import pytest
from django.urls import reverse

from gongkai.agencies.policy import Refused
from gongkai.files.models import Attachment
from gongkai.reporting import content as contents
from gongkai.reporting import earlier_intake, previous
from gongkai.reporting.models import EarlierReport
from gongkai.review import drafts
from tests.invariants.attacks import neighbour
from tests.reporting.report_rendering import as_lines, blocks
from tests.reporting.reports import begun
from tests.reporting.test_jumps import EMPTY, LICENCES, licences
from tests.reporting.test_report_review import faults

pytestmark = pytest.mark.django_db
REASON = "原报告经更正后重新公布"


@pytest.fixture
def handler(office, at):
    with at(2022, 1, 10):
        yield office.actor("handler")


def sent(handler, office, tables, name="2020年年报.txt"):
    """The tables as a file that is read and waits."""
    words = as_lines(blocks(tables, office.agency.name, 2020))
    # Part five names a problem.
    before, five, after = words.partition("五、存在的主要问题及改进情况\n")
    words = before + five + "（一）存在的主要问题\n公开内容的针对性不强。\n（二）改进情况\n" + after
    earlier_intake.receive(handler, office.agency, [(name, words.encode())])
    while earlier_intake.read_next(earlier_intake.waiting(office.agency)):
        pass
    return earlier_intake.waiting(office.agency)[-1]


def carried(number):
    """A report whose last row says that so many applications are carried over."""
    row = (number, 0, 0, 0, 0, 0, number)
    return replace(EMPTY, applications={**EMPTY.applications, "r1": row, "r4": row})


def test_one_replaces_another_only_with_a_reason_and_both_stay(handler, office, client):
    first = earlier_intake.take_over(handler, sent(handler, office, licences(60)))
    row = sent(handler, office, licences(70), "更正.txt")
    for reason in ("", "  ", "字" * 301):
        with pytest.raises(Refused, match=r"理由|缩短"):
            earlier_intake.take_over(handler, row, reason=reason)
    client.force_login(office.people["handler"])
    page = reverse("reporting:earlier_file", args=[row.pk])
    assert "60" in client.get(page).content.decode(), "what the file changes is shown"
    assert client.post(page, {}).context["form"].errors["reason"]
    assert client.post(page, {"reason": REASON}).status_code == 302
    assert EarlierReport.objects.count() == 2
    second = previous.taken_over(office.agency, 2020)
    assert (second.reason, first.reason) == (REASON, "")
    assert previous.tables(office.agency, 2020).disclosure["licences"] == (70,)
    assert faults() == []


def test_the_list_says_who_took_over_what_and_the_file_stays_closed(handler, office, client):
    row = earlier_intake.take_over(handler, sent(handler, office, licences(60)))
    earlier_intake.take_over(handler, sent(handler, office, licences(70), "更正.txt"), reason=REASON)
    client.force_login(office.people["handler"])
    here = reverse("reporting:earlier_list")
    page = client.get(here).content.decode()
    for words in ("2020年年报.txt", "更正.txt", REASON, office.people["handler"].name, row.digest[:12]):
        assert words in page
    assert "更正.txt" not in client.get(here + "?year=2019").content.decode()
    exported = b"".join(client.get(here + "?export=csv").streaming_content).decode("utf-8-sig")
    assert row.digest in exported and office.agency.name in exported
    opened = client.get(reverse("reporting:earlier_taken", args=[row.pk])).content.decode()
    assert "不再使用" in opened and ">60<" in opened
    file = Attachment.objects.get(file_id=row.digest)
    assert reverse("files:attachment", args=[file.pk]) in opened
    assert client.get(reverse("files:attachment", args=[file.pk])).status_code == 200
    # To an office beside it neither the report nor its file exists.
    neighbour(office)
    client.force_login(office.people["their_handler"])
    for path in (
        reverse("reporting:earlier_taken", args=[row.pk]),
        reverse("files:attachment", args=[file.pk]),
    ):
        assert client.get(path).status_code in (403, 404)
    assert "更正.txt" not in client.get(here).content.decode()


def test_the_report_page_leads_there_and_then_compares_and_carries_over(handler, office, client):
    report, _draft = begun(office)
    client.force_login(office.people["handler"])
    page = reverse("reporting:report", args=[office.agency.code, 2021])
    shown = client.get(page).content.decode()
    assert f'href="{reverse("reporting:earlier")}"' in shown and "载入上一年度报告" in shown
    both = replace(carried(3), disclosure={**EMPTY.disclosure, "licences": (60,)})
    earlier_intake.take_over(handler, sent(handler, office, both))
    now = contents.standing(report, drafts.draft_of(contents.KIND, report.pk).content)
    # The carry-over is not what last year's report says (C4); the licences fell by sixty.
    assert {one.rule for one in now.findings} >= {"C4", "PREVIOUS"}
    answer = client.get(page)
    assert (
        any(LICENCES in row["cells"][0]["url"] for row in answer.context["comparison"]["rows"])
        and "载入上一年度报告" not in answer.content.decode()
    )
    assert contents.last_problems(report) == ("公开内容的针对性不强",)
