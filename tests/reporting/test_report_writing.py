"""Writing: bound figures that cannot drift, paragraphs from the records, last year's problems, remarks, autosave."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.agencies.policy import Refused
from gongkai.reporting import content as contents
from gongkai.reporting import document, followups, narrative, proposals, reports
from gongkai.reporting.compiling import Counted
from gongkai.reporting.models import AnnualReport
from gongkai.review import drafts, submission
from gongkai.review.submission import content_of
from gongkai.supervision import kinds
from gongkai.supervision.models import Entry, Kind
from tests import items
from tests.reporting.reports import WRITTEN, begun, case, published, submitted, taken_over

pytestmark = pytest.mark.usefixtures("unwritten")

HERE = "/workbench/reports/XG0123/2021/"
WORDS = narrative.Words("甲局", 2021, date(2021, 12, 31))
COUNTED = {"n": Counted("n", 12), "none": Counted("none", None)}


@pytest.fixture
def desk(client, office, at, db):
    client.force_login(office.people["handler"])
    with at(2022, 1, 10):
        yield client


def form_of(office, **changes):
    draft = drafts.draft_of(contents.KIND, AnnualReport.objects.get(year=2021).pk)
    said = {name: draft.content[name] for name in narrative.PARTS} | {"carry_over": ""}
    return said | {"version": draft.version} | changes


def finding(office, problem, *, on=date(2021, 9, 1), done=None, outcome=""):
    """A problem of the ledger as its events leave it."""
    kinds.load()
    number = Entry.objects.count() + 1
    return Entry.objects.create(
        kind=Kind.objects.get(pk="finding"), number=f"整改〔{on.year}〕{number}号", agency=office.agency,
        issuer=office.agency, subject=problem, fields={"problem": problem, "source": "inspection"},
        occurred_on=on, year=on.year, state="rectified" if done else "open",
        closed_as="done" if done else "", closed_on=done, outcome=outcome, created_at=f"{on}T09:00:00+08:00",
    )  # fmt: skip


# Bound figures ---------------------------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from(["甲", "\n", "12件", "{{n}}", "{{ n }}", "｛｛n｝｝", "{{none}}", "{", "。"]))
)
def test_every_character_of_the_printed_text_knows_where_it_was_typed(pieces):
    text = "".join(pieces)
    filled = narrative.traced(text, COUNTED, WORDS)
    assert filled.text == narrative.filled(text, COUNTED, WORDS)
    for place, character in enumerate(filled.text):
        start, end = filled.typed(place, place + 1)
        assert 0 <= start < end <= len(text)
        if not filled.bound_at(place, place + 1):
            assert text[start:end] == character


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("共{{applications}件。", "花括号"),
        ("共｛applications｝件。", "花括号"),
        ("共{{{{applications}}}}件。", "花括号"),
        ("共{{Applications}}件。", "Applications"),
        ("考核得分{{assessment_score}}分。", "算不出"),
    ],
)
def test_what_binds_nothing_is_refused_before_it_is_printed(office, at, typed, complaint):
    with at(2022, 1, 10):
        report, draft = begun(office, problems=WRITTEN["problems"] + typed)
        with pytest.raises(submission.Incomplete) as error:
            reports.submit(office.actor("handler"), report, version=draft.version)
    assert any(
        complaint in problem.message and problem.field == "problems" for problem in error.value.problems
    )


@pytest.mark.django_db
def test_a_figure_follows_the_records_until_it_is_frozen_and_then_stands(office, at):
    with at(2022, 1, 10):
        report, draft = begun(office, problems=WRITTEN["problems"] + "\n收到申请｛｛applications｝｝件。")
        case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 5))
        revision = submitted(office, report, draft)
        frozen = content_of(revision.digest)
        case(office, date(2021, 4, 1), row="r3_1", answered=date(2021, 4, 5))
        assert "收到申请1件。" in document.text_of(frozen, "problems")
        assert "本年度收到政府信息公开申请1件" in document.html(frozen)
        assert "收到申请2件。" in contents.standing(report, draft.content).text("problems")


# Paragraphs from the records --------------------------------------------------------------------------------


def proposed(report):
    now = contents.standing(report, drafts.draft_of(contents.KIND, report.pk).content)
    return now, {one.key: one for one in proposals.proposals(report.agency, now.compiled)}


@pytest.mark.django_db
def test_paragraphs_bind_what_the_records_hold_and_leave_out_what_they_do_not(office, at):
    with at(2021, 6, 1):
        items.released(office)
        items.released(office, title="政策解读一则", column="interpretation")
    for row in ("r3_1", "r3_3_4", "r3_3_7"):
        case(office, date(2021, 3, 1), row=row, answered=date(2021, 3, 5))
    finding(office, "安置进度公开不及时", done=date(2021, 10, 8))
    with at(2022, 1, 10):
        report, _draft = begun(office)
        now, found = proposed(report)
        said = {
            key: narrative.filled(one.text, now.compiled.counted, now.words) for key, one in found.items()
        }
    assert said["columns"].startswith("全年主动公开政府信息2项，其中")
    assert "“政策解读”1项" in said["columns"] and said["columns"].count("1项") == 2
    with at(2022, 1, 10):
        draft = drafts.draft_of(contents.KIND, report.pk)
        since = draft.content | {"starts": {"items_released": "2020-01-01"}}
        reports.save(office.actor("handler"), report, since, version=draft.version)
        assert "items_released" not in proposed(report)[1]["columns"].text
    assert said["handled"].startswith("本年度办结的3件申请中，予以公开1件、不予公开2件。")
    assert said["inspections"] == "发现问题1个，完成整改1个。"
    assert {"training", "media", "assessment", "evaluation", "rules", "correspondence"}.isdisjoint(found)
    problem = next(one for key, one in found.items() if key.startswith("findings."))
    assert problem.text == "安置进度公开不及时。" and problem.records[0].url.startswith("/workbench/")
    for one in found.values():
        assert not narrative.unknown(one.text, now.compiled, now.words), one.key
        assert not {"、。", "，。", "、，", "[", "]"} & {one.text[at : at + 2] for at in range(len(one.text))}


@pytest.mark.django_db
def test_a_paragraph_is_inserted_by_a_press_and_never_without_one(desk, office):
    case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 5))
    begun(office)
    before = form_of(office)["overview"]
    page = desk.get(f"{HERE}edit/").content.decode()
    assert 'name="insert" value="handled"' in page and form_of(office)["overview"] == before
    typed = before.replace("（三）政府信息管理", "（三）政府信息管理\n另写一句。")
    answer = desk.post(f"{HERE}edit/", form_of(office, overview=typed, insert="handled"))
    assert answer["Location"] == f"{HERE}edit/#part-1"
    text = form_of(office)["overview"]
    lines = text.splitlines()
    assert "另写一句。" in lines and lines[lines.index("（三）政府信息管理") - 1].startswith("本年度办结的")
    # A second press changes nothing, and the page says that it stands there.
    desk.post(f"{HERE}edit/", form_of(office, insert="handled"))
    assert form_of(office)["overview"] == text
    assert 'value="handled"' not in desk.get(f"{HERE}edit/").content.decode()
    answer = desk.post(f"{HERE}edit/", form_of(office, insert="no-such"))
    assert "不再有这一段建议" in answer.content.decode()


@given(st.text(alphabet="甲（一二）主动公开\n。", max_size=40))
def test_inserting_keeps_every_line_that_was_typed(text):
    one = proposals.Proposal("k", "overview", "（一）主动公开", "t", "新段。", ())
    lines = proposals.inserted(text, one).splitlines()
    lines.remove("新段。")
    kept = text.rstrip().splitlines()
    assert lines in (kept, [*kept, "（一）主动公开"])


# Last year's problems ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (WRITTEN["problems"], ("公开内容的针对性有待进一步提升",)),
        (
            "（一）存在的主要问题\n一是解读形式较为单一；二是公开不够及时。\n（二）改进情况\n一是加强培训。",
            ("解读形式较为单一", "公开不够及时"),
        ),
        (
            "（一）存在的主要问题\n主要有以下问题：\n1.解读形式较为单一。\n2.公开不够及时，更新有延迟。\n（二）改进措施\n3.培训。",
            ("解读形式较为单一", "公开不够及时，更新有延迟"),
        ),
        # What became of the problems before is no problem.
        (f"解读形式较为单一。\n{followups.HEADING}\n1.关于“更新有延迟”：已完成整改。", ("解读形式较为单一",)),
        ("无。", ()),
        ("", ()),
    ],
)
def test_single_problems_are_read_from_part_five(text, problems):
    assert followups.problems_in(text) == problems


@pytest.mark.django_db
def test_the_problems_of_a_report_taken_over_are_known(office, at):
    from tests.conftest import SHARED

    reference = SHARED / "domain" / "000_d134efd7659efa26.txt"
    if not reference.exists():
        pytest.skip("the reference report is not beside the repository")
    with at(2023, 1, 10):
        taken_over(office, reference)
        report, _draft = begun(office, 2022)
        named = contents.last_problems(report)
        assert named == (
            "公开随意性大、针对性不强，公开实效有待进一步提升",
            "公开制度化规范化程度不高、制度建设相对滞后",
            "公开机构和队伍建设薄弱",
        )
        assert len(warned(report)) == len(named)


def warned(report):
    now = contents.standing(report, drafts.draft_of(contents.KIND, report.pk).content)
    return [one for one in now.findings if one.rule == followups.RULE]


@pytest.mark.django_db
def test_a_problem_of_last_year_is_followed_up_from_the_ledger(desk, office, at):
    published(office)
    entry = finding(
        office, "公开内容针对性不强", on=date(2021, 11, 1), done=date(2022, 3, 4), outcome="按月核对目录"
    )
    with at(2023, 1, 10):
        # The same problem again is no word on what became of the old one.
        report, _draft = begun(office, 2022)
        assert [one.severity for one in warned(report)] == ["warning"]
        page = HERE.replace("2021", "2022") + "edit/"
        [field] = desk.get(page).context["followups"]
        assert field["problem"] == "公开内容的针对性有待进一步提升" and field["likely"] == entry
        draft = drafts.draft_of(contents.KIND, report.pk)
        said = {name: draft.content[name] for name in narrative.PARTS} | {"version": draft.version}
        chosen, _answer = (one.html_name for one in field["fields"])
        desk.post(page, said | {chosen: entry.number})
        assert not warned(report)
        draft = drafts.draft_of(contents.KIND, report.pk)
        printed = contents.standing(report, draft.content).text("problems")
        assert "已于2022年3月4日完成整改：按月核对目录。" in printed
        frozen = content_of(submitted(office, report, draft).digest)
    assert document.text_of(frozen, "problems") == printed
    with pytest.raises(Refused):
        reports.save(
            office.actor("handler"), report, {"followups": [{"problem": "x"}]}, version=draft.version
        )


# The page ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_says_what_is_missing_and_marks_passages(desk, office):
    for n in range(7):
        case(office, date(2021, 3, 1 + n), row="r3_1", answered=date(2021, 3, 10))
    reports.begin(office.actor("handler"), office.agency, 2021)
    desk.post(f"{HERE}edit/", form_of(office, other="本年收到申请7件，截止2021年底。\r\n无其他事项。"))
    answer = desk.get(f"{HERE}edit/")
    state = {part["id"]: part["left"] for part in answer.context["parts"]}
    assert state["part-5"] >= 1 and answer.context["next"]["id"] == "part-5"
    other = next(part for part in answer.context["parts"] if part.get("name") == "other")
    typed = form_of(office)["other"]
    marked = {typed[one.start : one.end]: one for one in other["remarks"] if one.start >= 0}
    assert "applications" in marked["7件"].keys
    assert any("截止" in passage for passage in marked)
    assert "<mark>7件</mark>" in answer.content.decode()
    beside = desk.get(f"{HERE}edit/beside/").content.decode()
    assert 'id="beside-part-6"' in beside and 'id="progress"' in beside


@pytest.mark.django_db
def test_autosave_answers_the_version_and_tells_an_overtaken_writer(desk, office):
    begun(office)
    quiet = {"HTTP_X_AUTOSAVE": "1"}
    said = form_of(office, other="甲。")
    answer = desk.post(f"{HERE}edit/", said, **quiet)
    assert answer.json() == {"version": said["version"] + 1} and form_of(office)["other"] == "甲。"
    answer = desk.post(f"{HERE}edit/", said | {"other": "乙。"}, **quiet)
    assert answer.status_code == 409 and answer.json()["error"]
    answer = desk.post(f"{HERE}edit/", form_of(office, version="x"), **quiet)
    assert answer.status_code == 400 and form_of(office)["other"] == "甲。"


@pytest.mark.django_db
def test_who_may_not_write_sees_no_editor(desk, office, client):
    begun(office)
    client.force_login(office.people["supervisor"])
    for page in ("edit/", "edit/beside/"):
        assert client.get(HERE + page).status_code == 404
