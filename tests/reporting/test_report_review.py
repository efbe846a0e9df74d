"""A report from its draft to its publication: checked, frozen with its records, three people, files."""

import io
import json
from datetime import date, datetime
from decimal import Decimal

import docx
import pytest

from gongkai.agencies.policy import Refused
from gongkai.journal import chain
from gongkai.reporting import content as contents
from gongkai.reporting import document, manual, narrative, previous, publication, reports
from gongkai.reporting.models import AnnualReport, EarlierReport, FrozenFigure, ManualDecision
from gongkai.reporting.reading.textreport import read_report
from gongkai.review import approvals, drafts, releases, submission
from gongkai.review.models import ReviewState
from gongkai.rulebook.report_form import ReportTables
from tests import items
from tests.applications import cases
from tests.conftest import SHARED
from tests.correspondence import letters
from tests.reporting.reports import another, begun, case, published, submitted, taken_over

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwritten")]
REFERENCE = SHARED / "domain" / "000_d134efd7659efa26.txt"


def faults():
    return [fault.message for fault in chain.verify() if "链头" not in fault.message]


def messages(error):
    return [problem.message for problem in error.value.problems]


@pytest.fixture
def reference_year(office, at):
    """The office's year 2021: 9 items, one application withdrawn, 11 letters, 2 of the media line, 1 assigned."""
    with at(2021, 3, 1):
        for n in range(9):
            items.released(office, title=f"棚户区改造公告第{n + 1}号（演示）")
        for _n in range(11):
            letters.answered(office)
        for _n in range(2):
            letters.answered(office, "media_line")
        letters.answered(office, "assigned")
    with at(2021, 4, 23):
        asked = cases.web(office)
    with at(2021, 5, 10):
        letter = cases.decided(office, asked, "other", sub_reason="withdrawn")
    with at(2021, 5, 12):
        cases.sent(office, letter, date(2021, 5, 12), way="electronic")
    return office


def test_the_reference_year_comes_out_as_its_report_was_printed(reference_year, at):
    office = reference_year
    with at(2022, 1, 10):
        report = published(office)
    content = submission.content_of(report.live.digest)
    said = publication.data(content, report.live)
    printed = read_report(REFERENCE).tables.to_json()
    assert {name: said[name] for name in printed} == printed
    stated = {
        key: said["narrative_figures"][key] for key in ("items_released", "mailbox", "media_line", "assigned")
    }
    assert stated == {"items_released": 9, "mailbox": 11, "media_line": 2, "assigned": 1}
    channels = [said["narrative_figures"][key] for key in ("by_counter", "by_fax", "by_web", "by_post")]
    assert channels == [0, 0, 1, 0]
    assert said["narrative_figures"]["replies"] == 14
    assert (
        "主动公开政府信息9项，回应区长信箱11件、政府连线2件、领导交办事项1件" in said["narrative"]["overview"]
    )
    assert said["frozen"]["digest"] == report.live.digest
    assert report.state == AnnualReport.State.PUBLIC
    assert faults() == []


def test_our_own_files_read_back_as_the_same_tables(office, at, tmp_path):
    case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 5))
    case(office, date(2021, 12, 30))
    with at(2022, 1, 10):
        report = published(office)
        built = publication.build(office.agency, 2021)
    assert built.released
    files = dict(built.files)
    assert list(files) == ["report.json", "report.html", "report.docx", "report.pdf"]
    tables = json.loads(files["report.json"])
    for name in ("report.html", "report.docx"):
        path = tmp_path / name
        path.write_bytes(files[name])
        read = read_report(path)
        assert (read.status, read.agency, read.year) == ("complete", office.agency.name, 2021), name
        got = read.tables.to_json()
        assert got["applications"] == tables["applications"], name
        assert got["remedies"] == tables["remedies"], name
        assert got["disclosure"]["normative_documents"] == [0, 0, 0], name
    assert report.live.released_at == datetime.fromisoformat(tables["frozen"]["released"])


def test_figures_are_frozen_with_their_records_and_stay(office, at):
    with at(2021, 3, 1):
        first = items.released(office)
    with at(2022, 1, 10):
        report, draft = begun(office)
        revision = submitted(office, report, draft)
        assert report.state == AnnualReport.State.REVIEW
        kept = FrozenFigure.objects.get(revision=revision, key="items_released")
        assert (kept.value, kept.behind, kept.manual) == (1, [str(first.pk)], False)
        # A record that is entered later changes the report as it stands, never the frozen one.
        with at(2021, 12, 30):
            items.released(office)
        for step in (1, 2, 3):
            items.approve(office, revision, step)
        report.refresh_from_db()
        content = submission.content_of(report.live.digest)
        assert "主动公开政府信息1项" in document.text_of(content, "overview")
        assert contents.standing(report, draft.content).compiled.value("items_released") == 2
    assert FrozenFigure.objects.filter(revision=revision).count() == len(content["figures"])
    assert faults() == []


def test_a_figure_that_does_not_cross_foot_is_shown_and_submission_refused(office, at):
    case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 5))
    with at(2022, 1, 10):
        report, draft = begun(office)
        with another("applications.r3_1.total", records=lambda agency, period: AnnualReport.objects.none()):
            found = contents.standing(report, draft.content).findings
            with pytest.raises(submission.Incomplete) as error:
                reports.submit(office.actor("handler"), report, version=draft.version)
        [c2] = [one for one in found if one.rule == "C2"]
        assert (c2.where.row, c2.where.column, c2.left, c2.right) == ("r3_1", "总计", 0, 1)
        assert any("总计0，不等于自然人1" in message for message in messages(error))
        [c3] = [one for one in found if one.rule == "C3"]
        assert (c3.where.column, c3.left, c3.right) == ("总计", 1, 0)
        assert not ReviewState.objects.filter(subject_kind="report").exists()


def test_a_closed_case_without_a_row_is_named_by_its_number(office, at):
    row = case(office, date(2021, 3, 1), row="", answered=date(2021, 3, 5))
    with at(2022, 1, 10):
        report, draft = begun(office)
        with pytest.raises(submission.Incomplete) as error:
            reports.submit(office.actor("handler"), report, version=draft.version)
    assert any(f"“{row.number}”没有计入任何一项办理结果" in message for message in messages(error))


def test_a_cell_nobody_counts_is_blank_and_blocks(office, at):
    with at(2022, 1, 10):
        report, draft = begun(office)
        half = another("disclosure.licences.decisions", measure=lambda rows, agency, period: Decimal("1.5"))
        with half, pytest.raises(submission.Incomplete) as error:
            reports.submit(office.actor("handler"), report, version=draft.version)
    assert any("行政许可" in message and "空白" in message for message in messages(error))


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"overview": "本年度收到政府信息公开申请3件。"}, "3件，不等于"),
        ({"overview": "当面申请1件，网络申请1件。"}, "不等于"),
        ({"overview": "截至年底主动公开政府信息7项。"}, "7"),
        ({"overview": "共{{no_such_figure}}件。"}, "no_such_figure"),
        ({"problems": "（一）存在的主要问题\n【请写明问题】"}, "【请写明问题】"),
        ({"problems": " "}, ""),
        ({"other": ""}, ""),
    ],
)
def test_prose_that_says_otherwise_or_is_not_written_is_refused(office, at, said, complaint):
    with at(2022, 1, 10):
        report, draft = begun(office, **said)
        with pytest.raises(submission.Incomplete) as error:
            reports.submit(office.actor("handler"), report, version=draft.version)
    assert any(complaint in message for message in messages(error))


def test_a_year_that_has_not_ended_is_not_reported(office, at):
    with at(2021, 12, 31):
        report, draft = begun(office)
        with pytest.raises(submission.Incomplete) as error:
            reports.submit(office.actor("handler"), report, version=draft.version)
        assert any("2021-12-31" in message for message in messages(error))
        with pytest.raises(Refused):
            reports.begin(office.actor("handler"), office.agency, 2022)
        with pytest.raises(Refused):
            reports.begin(office.actor("handler"), office.agency, 2021)
        with pytest.raises(Refused):
            reports.begin(office.actor("handler"), office.agency, 2018)
        with pytest.raises(Refused) as earlier:
            reports.begin(office.actor("handler"), office.agency, 2020)
        assert "2021" in earlier.value.article


def test_bound_figures_follow_the_records(office, at):
    with at(2022, 1, 10):
        report, draft = begun(
            office, overview="收到政府信息公开申请{{ applications }}件，{{agency}}{{year}}年。"
        )
        assert contents.standing(report, draft.content).text("overview") == (
            "收到政府信息公开申请0件，西工区城市改造办公室2021年。"
        )
        case(office, date(2021, 3, 1))
        now = contents.standing(report, draft.content)
        assert now.text("overview").startswith("收到政府信息公开申请1件")
        assert [one for one in now.findings if one.severity == "error"] == []


def test_every_figure_of_the_proposed_texts_is_counted(office, at):
    with at(2022, 1, 10):
        report, _draft = begun(office)
        now = contents.standing(report, contents.proposed(office.agency, 2021))
        for part in narrative.PARTS:
            assert narrative.unknown(narrative.proposed(part), now.compiled, now.words) == []


def test_a_manual_figure_needs_a_reason_and_the_leader_and_is_shown_as_manual(office, at):
    with at(2022, 1, 10):
        report, draft = begun(office)
        key, handler = "disclosure.licences.decisions", office.actor("handler")
        with pytest.raises(Refused):
            manual.propose(handler, report, key, Decimal(5), reason="  ")
        row = manual.propose(handler, report, key, Decimal(5), reason="区行政审批局提供")
        assert contents.standing(report, draft.content).compiled.value(key) == 0
        with pytest.raises(submission.Incomplete):
            reports.submit(handler, report, version=draft.version)
        with pytest.raises(Refused):
            manual.decide(handler, row, approved=True)
        manual.decide(office.actor("approver"), row, approved=True)
        with pytest.raises(Refused):
            manual.decide(office.actor("approver"), row, approved=False)
        now = contents.standing(report, draft.content)
        assert now.compiled.tables.disclosure["licences"] == (5,)
        assert now.compiled.counted[key].manual.approver == office.people["approver"].name
        revision = submitted(office, report, draft)
        assert FrozenFigure.objects.get(revision=revision, key=key).manual
        said = publication.data(submission.content_of(revision.digest))
        assert said["manual_figures"] == {key: {"value": 5, "reason": "区行政审批局提供"}}
        back = manual.propose(handler, report, key, None, reason="许可台账已补登")
        manual.decide(office.actor("approver"), back, approved=True)
        assert contents.standing(report, draft.content).compiled.counted[key].manual is None
    assert ManualDecision.objects.count() == 2
    assert faults() == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("applications.r1.total", "-1"),
        ("applications.r1.total", "1.5"),
        ("disclosure.licences.decisions", "0.5"),
        ("disclosure.charges.amount", "0.00001"),
        ("no.such.figure", "1"),
        ("items_released", "NaN"),
    ],
)
def test_a_manual_figure_that_no_cell_can_hold_is_refused(office, at, key, value):
    with at(2022, 1, 10):
        report, _draft = begun(office)
        with pytest.raises(Refused):
            manual.propose(office.actor("handler"), report, key, Decimal(value), reason="说明")


def test_a_manual_figure_differs_from_the_records_openly_and_still_must_balance(office, at):
    with at(2022, 1, 10):
        report, draft = begun(office)
        for key in ("applications.r4.natural_person", "applications.r4.total"):
            row = manual.propose(office.actor("handler"), report, key, Decimal(1), reason="移交一件")
            manual.decide(office.actor("approver"), row, approved=True)
        found = contents.standing(report, draft.content).findings
    assert {one.severity for one in found if one.rule == "C13"} == {"warning"}
    assert {one.severity for one in found if one.rule == "C1"} == {"error"}


def test_the_carry_over_must_be_last_years_unless_it_is_explained(office, at):
    case(office, date(2021, 12, 1))
    with at(2022, 1, 10):
        published(office, 2021)
    case(office, date(2021, 12, 2))
    with at(2023, 1, 10):
        report, draft = begun(office, 2022)
        now = contents.standing(report, draft.content)
        wrong = [one for one in now.findings if one.rule == "C4"]
        assert {(one.where.column, one.left, one.right) for one in wrong} == {
            ("自然人", 2, 1),
            ("总计", 2, 1),
        }
        with pytest.raises(submission.Incomplete):
            reports.submit(office.actor("handler"), report, version=draft.version)
        said = draft.content | {"carry_over": "上年一件申请补登，本年结转数相应调整。"}
        draft = reports.save(office.actor("handler"), report, said, version=draft.version)
        revision = submitted(office, report, draft)
    content = submission.content_of(revision.digest)
    assert document.text_of(content, "other").endswith("上年一件申请补登，本年结转数相应调整。")


def test_last_years_report_is_taken_over_from_its_file(office, at):
    with at(2022, 6, 1):
        row = taken_over(office, REFERENCE)
        with pytest.raises(Refused):
            taken_over(office, SHARED / "domain" / "holidays-2019-2026.json")
    assert EarlierReport.objects.get() == row
    assert previous.tables(office.agency, 2021).applications["r3_6_3"] == (1, 0, 0, 0, 0, 0, 1)
    assert isinstance(previous.tables(office.agency, 2021), ReportTables)
    assert previous.tables(office.agency, 2020) is None
    assert faults() == []


def test_a_correction_leaves_the_published_report_until_its_successor_is_out(office, at):
    with at(2022, 1, 10):
        report = published(office)
    first = report.live
    with at(2022, 2, 1):
        draft = drafts.draft_of(contents.KIND, report.pk)
        said = draft.content | {
            "problems": "（一）存在的主要问题\n更正后的文字。",
            "correction": "第五部分漏写一项问题，现予补充。",
        }
        draft = reports.save(office.actor("handler"), report, said, version=draft.version)
        revision = submitted(office, report, draft)
        assert (report.state, report.live) == (AnnualReport.State.PUBLIC, first)
        approvals.return_(office.actor("handler"), revision, step=1, opinion="再核对一次数字")
        report.refresh_from_db()
        assert (report.state, report.live) == (AnnualReport.State.PUBLIC, first)
        releases.withdraw(office.actor("approver"), first, reason="error")
        report.refresh_from_db()
        assert (report.state, report.live) == (AnnualReport.State.WITHDRAWN, None)


def test_a_returned_report_goes_back_to_its_writer(office, at):
    with at(2022, 1, 10):
        report, draft = begun(office)
        revision = submitted(office, report, draft)
        assert revision.state.due_on == date(2022, 1, 31)
        approvals.return_(office.actor("handler"), revision, step=1, opinion="第五部分请写具体")
        report.refresh_from_db()
        assert report.state == AnnualReport.State.DRAFT


def test_a_start_day_is_kept_only_for_figures_of_the_text(office, at):
    with at(2022, 1, 10):
        report, draft = begun(office)
        for starts in (
            {"applications.r1.total": "2019-01-01"},
            {"items_released": "gestern"},
            {"items_released": "2022-01-01"},
            {"nothing": "2019-01-01"},
        ):
            with pytest.raises(Refused):
                said = draft.content | {"starts": starts}
                reports.save(office.actor("handler"), report, said, version=draft.version)
        said = draft.content | {"starts": {"items_released": "2019-05-15"}}
        draft = reports.save(office.actor("handler"), report, said, version=draft.version)
        assert contents.standing(report, draft.content).compiled.starts == {
            "items_released": date(2019, 5, 15)
        }


def test_who_is_not_of_the_agency_neither_writes_nor_approves(office, at):
    with at(2022, 1, 10):
        report, draft = begun(office)
        row = manual.propose(
            office.actor("handler"), report, "items_released", Decimal(3), reason="并入旧站信息"
        )
        supervisor = office.actor("supervisor")
        for act in (
            lambda: reports.begin(supervisor, office.agency, 2022),
            lambda: reports.save(supervisor, report, draft.content, version=draft.version),
            lambda: reports.submit(supervisor, report, version=draft.version),
            lambda: manual.propose(supervisor, report, "items_released", Decimal(1), reason="说明"),
            lambda: manual.decide(supervisor, row, approved=True),
        ):
            with pytest.raises(Refused):
                act()


def test_the_word_file_has_the_six_parts_in_order(office, at):
    with at(2022, 1, 10):
        published(office)
        files = dict(publication.build(office.agency, 2021).files)
    read = docx.Document(io.BytesIO(files["report.docx"]))
    headings = [p.text for p in read.paragraphs if p.style.name == "Heading 1"]
    assert [text[0] for text in headings] == list("一二三四五六")
    assert len(read.tables) == 3
    assert files["report.pdf"].startswith(b"%PDF")
