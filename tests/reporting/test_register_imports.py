"""Registers filled from a spreadsheet: shown first, each wrong cell named, all or nothing, once."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from gongkai.agencies.policy import Refused
from gongkai.disclosure.models import DecisionCount, NormativeDocument, RegisterImport
from gongkai.journal.chain import verify
from gongkai.journal.models import Entry
from gongkai.reporting import compiling, entries, register_imports
from gongkai.reporting.figures import Period
from gongkai.reporting.models import Upload
from gongkai.reporting.reading import registers
from gongkai.reporting.reading.registers import RegisterError

pytestmark = pytest.mark.django_db
HEAD = ["种类", "决定文号", "决定日期", "收费金额（万元）"]
LICENCES = "disclosure.licences.decisions"


@pytest.fixture(autouse=True)
def january(at):
    with at(2022, 1, 10):
        yield


def book(*rows, head=HEAD, title="决定"):
    made = openpyxl.Workbook()
    made.active.title = title
    for row in (head, *rows):
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def sent(office, data, register="decisions", name="台账.xlsx", who="handler"):
    return register_imports.send_in(office.actor(who), office.agency, register, name, data)


def taken(office, data, register="decisions", **more):
    upload = sent(office, data, register, **more)
    return register_imports.confirm(office.actor("handler"), upload, mark=register_imports.plan(upload).mark)


def counted(office, key=LICENCES):
    return compiling.compile_figures(office.agency, Period.of_year(2021)).counted[key]


def test_single_decisions_are_counted_by_their_day_and_the_cell_opens_to_them(office):
    done = taken(
        office,
        book(
            ["行政许可", "西许〔2021〕1号", date(2021, 3, 5), None],
            ["许可", "西许〔2021〕2号", "2021年12月31日", None],
            ["行政许可", "西许〔2022〕1号", "2022-01-04", None],
            ["收费", "票0001", "2021/6/1", "1.2345"],
        ),
    )
    assert (done.added, done.changed) == (4, 0)
    assert counted(office).value == len(counted(office).records) == 2
    assert counted(office, "disclosure.charges.amount").value == Decimal("1.2345")
    row = DecisionCount.objects.get(number="西许〔2021〕1号")
    assert row.source == "台账.xlsx 工作表‘决定’第2行"
    assert [one for one in verify() if "链头" not in one.message] == []


def test_the_journal_covers_a_large_file_without_a_query_for_each_row(office, django_assert_max_num_queries):
    upload = sent(office, book(*(["行政许可", f"{n}号", date(2021, 3, 5), None] for n in range(400))))
    mark = register_imports.plan(upload).mark
    with django_assert_max_num_queries(60):
        register_imports.confirm(office.actor("handler"), upload, mark=mark)
    covered = Entry.objects.get(action="report.register_imported").data.count("disclosure_decisioncount")
    assert covered == DecisionCount.objects.count() == 400
    assert [one for one in verify() if "链头" not in one.message] == []


def test_the_journal_keeps_the_digest_of_the_file(office):
    data = book(["行政许可", "1号", date(2021, 3, 5), None])
    done = taken(office, data)
    entry = Entry.objects.get(action="report.register_imported")
    assert done.digest in entry.data and "台账.xlsx" in entry.data
    assert not Upload.objects.exists()


def test_the_same_file_again_changes_nothing_and_a_new_day_changes_one(office):
    first = [["行政许可", f"{n}号", date(2021, 3, n), None] for n in (1, 2)]
    taken(office, book(*first))
    again = taken(office, book(*first))
    assert (again.added, again.changed) == (0, 0)
    moved = taken(office, book(first[0], ["行政许可", "2号", date(2020, 12, 30), None]))
    assert (moved.added, moved.changed) == (0, 1)
    assert counted(office).value == 1


def test_each_wrong_cell_is_named_with_its_sheet_and_nothing_is_taken(office):
    upload = sent(
        office,
        book(
            ["行政许可", "1号", date(2021, 3, 5), None],
            ["行政奖励", "2号", date(2021, 3, 5), None],
            ["行政许可", None, date(2021, 3, 5), None],
            ["行政许可", "4号", "三月五日", None],
            ["行政许可", "5号", date(2099, 3, 5), None],
            ["行政许可", "1号", date(2021, 3, 6), None],
            ["行政许可", "7号", date(2021, 3, 6), 3],
        ),
    )
    plan = register_imports.plan(upload)
    assert sorted(place for place, _why in plan.faults) == [
        "工作表‘决定’A3单元格",
        "工作表‘决定’B4单元格",
        "工作表‘决定’C5单元格",
        "工作表‘决定’第6行",
        "工作表‘决定’第7行",
        "工作表‘决定’第8行",
    ]
    with pytest.raises(Refused):
        register_imports.confirm(office.actor("handler"), upload, mark=plan.mark)
    assert not DecisionCount.objects.exists() and not RegisterImport.objects.exists()


def test_no_name_of_a_party_is_kept(office):
    upload = sent(office, book(["行政许可", "1号", date(2021, 3, 5), "某某公司"], head=[*HEAD[:3], "当事人"]))
    assert register_imports.plan(upload).ignored == ("当事人",)
    assert "某某公司" not in str(upload.said)


def test_a_month_is_counted_by_number_or_singly_and_never_both(office):
    actor = office.actor("handler")
    month = {"month": date(2021, 3, 1), "source": "台账"}
    entries.enter(actor, office.agency, "licences", amount=Decimal(4), **month)
    data = book(["行政许可", "1号", date(2021, 3, 5), None])
    [(place, why)] = register_imports.plan(sent(office, data)).faults
    assert place == "工作表‘决定’第2行" and "2021-03" in why
    entries.enter(actor, office.agency, "licences", amount=Decimal(0), **month)
    taken(office, data)
    assert counted(office).value == 1
    with pytest.raises(Refused, match="2021-03"):
        entries.enter(actor, office.agency, "licences", amount=Decimal(4), **month)
    head = ["种类", "月份", "数量或金额（万元）"]
    [(_place, why)] = register_imports.plan(
        sent(office, book(["许可", "2021-03", 4], head=head), "months")
    ).faults
    assert "2021-03" in why


def test_numbers_by_month_come_from_a_file_too(office):
    head = ["种类", "月份", "数量或金额（万元）", "数字来源"]
    rows = [["行政处罚", "2021年1月", 3, "处罚台账"], ["处罚", date(2021, 2, 1), "1,200", None]]
    assert taken(office, book(*rows, head=head), "months").added == 2
    assert counted(office, "disclosure.penalties.decisions").value == 1203
    assert taken(office, book(*rows, head=head), "months").added == 0


def test_normative_documents_with_their_end(office):
    head = ["文件名称", "发文字号", "印发日期", "施行日期", "终止方式（废止或失效）", "终止日期", "终止依据"]
    rows = [
        ["甲办法", "西政〔2019〕1号", date(2019, 7, 1), None, "废止", date(2021, 8, 1), "西政〔2021〕9号"],
        ["乙办法", "西政〔2021〕2号", date(2021, 5, 1), date(2021, 6, 1), None, None, None],
    ]
    assert taken(office, book(*rows, head=head), "normative").added == 2
    assert taken(office, book(*rows, head=head), "normative").changed == 0
    found = compiling.compile_figures(office.agency, Period.of_year(2021)).tables
    assert found.disclosure["normative_documents"] == (1, 1, 1)
    half = ["丙办法", "西政〔2021〕3号", date(2021, 5, 1), None, "废止", None, None]
    assert len(register_imports.plan(sent(office, book(half, head=head), "normative")).faults) == 1
    assert NormativeDocument.objects.count() == 2


def test_what_is_confirmed_is_what_was_shown(office):
    upload = sent(office, book(["行政许可", "1号", date(2021, 3, 5), None]))
    mark = register_imports.plan(upload).mark
    other = sent(office, book(["行政许可", "1号", date(2021, 4, 5), None]), who="second_handler")
    register_imports.confirm(office.actor("second_handler"), other, mark=register_imports.plan(other).mark)
    with pytest.raises(Refused):
        register_imports.confirm(office.actor("handler"), upload, mark=mark)
    with pytest.raises(Refused):
        register_imports.confirm(office.actor("second_handler"), upload, mark=mark)


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "a.xlsx", "模板"),
        (b"PK\x03\x04broken", "a.xlsx", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xls", "xlsx"),
        ("种类,文号\n".encode(), "a.csv", "表头"),
        (b"\xff\xfe\x00\x80\x81", "a.csv", "编码"),
        (book(), "a.xlsx", "没有任何行"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_sentence(data, name, why):
    with pytest.raises(RegisterError, match=why) as error:
        registers.read(data, name, "decisions")
    assert str(error.value).endswith("。") and str(error.value).count("。") == 1


def test_macros_and_hidden_rows_are_refused():
    made = openpyxl.load_workbook(io.BytesIO(book(["许可", "1号", "2021-03-05", None])))
    made.active.row_dimensions[2].hidden = True
    stream = io.BytesIO()
    made.save(stream)
    with pytest.raises(RegisterError, match="隐藏"):
        registers.read(stream.getvalue(), "a.xlsx", "decisions")
    import zipfile

    stream = io.BytesIO(book(["许可", "1号", "2021-03-05", None]))
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/vbaProject.bin", b"0")
    with pytest.raises(RegisterError, match="宏"):
        registers.read(stream.getvalue(), "a.xlsx", "decisions")


def test_a_csv_of_wps_is_read_too(office):
    text = "种类,决定文号,决定日期\n行政强制,强1号,2021-3-5\n"
    assert taken(office, text.encode("gb18030"), name="台账.csv").added == 1


def test_the_pages_show_the_plan_and_take_it(office, client):
    client.force_login(office.people["handler"])
    template = client.get("/workbench/reports/entries/template/decisions.xlsx")
    filled = openpyxl.load_workbook(io.BytesIO(template.content))
    filled.worksheets[0].append(["行政许可", "1号", "2021-03-05"])
    stream = io.BytesIO()
    filled.save(stream)
    stream.seek(0)
    stream.name = "decisions.xlsx"
    answer = client.post(
        "/workbench/reports/entries/import/",
        {"agency": str(office.agency.pk), "register": "decisions", "file": stream},
        follow=True,
    )
    assert "1号" in answer.text and DecisionCount.objects.count() == 0
    upload = Upload.objects.get()
    mark = register_imports.plan(upload).mark
    answer = client.post(f"/workbench/reports/entries/import/{upload.pk}/", {"mark": mark}, follow=True)
    assert DecisionCount.objects.get().number == "1号"
    client.force_login(office.people["second_handler"])
    other = sent(office, book(["许可", "2号", "2021-03-05", None]))
    assert client.get(f"/workbench/reports/entries/import/{other.pk}/").status_code == 404


def test_a_mistaken_decision_is_struck_out_and_the_same_file_does_not_bring_it_back(office):
    rows = [["行政许可", f"{n}号", date(2021, 3, n), None] for n in (1, 2)]
    taken(office, book(*rows))
    struck = entries.strike_out(
        office.actor("handler"), DecisionCount.objects.get(number="2号"), reason="重复登记"
    )
    assert counted(office).value == 1
    assert struck.source == "重复登记" and DecisionCount.objects.filter(number="2号").count() == 2
    assert "重复登记" in Entry.objects.get(action="report.decision_struck_out").data
    assert [one for one in verify() if "链头" not in one.message] == []
    upload = sent(office, book(*rows))
    again = register_imports.plan(upload)
    assert [(one.act, one.now) for one in again.changes] == [
        ("same", "2021-03-01：1"),
        ("struck", "已划去：重复登记"),
    ]
    register_imports.confirm(office.actor("handler"), upload, mark=again.mark)
    assert counted(office).value == 1
    # On another day it is another decision, and is shown as a change of what was struck out.
    moved = taken(office, book(["行政许可", "2号", date(2021, 4, 2), None]))
    assert (moved.added, moved.changed, counted(office).value) == (0, 1, 2)


def test_a_decision_struck_out_counts_again_as_it_stood(office):
    actor = office.actor("handler")
    taken(office, book(["收费", "票1", date(2021, 3, 5), "1.25"]))
    first = DecisionCount.objects.get()
    struck = entries.strike_out(actor, first, reason="误登")
    assert counted(office, "disclosure.charges.amount").value == 0
    for stale in (first, struck):
        with pytest.raises(Refused, match="变化"):
            entries.strike_out(actor, stale, reason="再划一次")
    again = entries.restore(actor, struck, reason="核对无误")
    assert again.amount == Decimal("1.25") and counted(office, "disclosure.charges.amount").value == Decimal(
        "1.25"
    )


def test_striking_out_needs_a_reason_a_single_decision_and_a_right(office):
    taken(office, book(["许可", "1号", date(2021, 3, 5), None]))
    one = DecisionCount.objects.get()
    with pytest.raises(Refused, match="理由"):
        entries.strike_out(office.actor("handler"), one, reason=" ")
    with pytest.raises(Refused):
        entries.strike_out(office.actor("supervisor"), one, reason="误登")
    said = {"month": date(2021, 5, 1), "amount": Decimal(3), "source": "台账"}
    month = entries.enter(office.actor("handler"), office.agency, "licences", **said)
    with pytest.raises(Refused, match="该月"):
        entries.strike_out(office.actor("handler"), month, reason="误登")
    # A month that was entered by number meanwhile is not counted twice by restoring.
    struck = entries.strike_out(office.actor("handler"), one, reason="误登")
    said["month"] = date(2021, 3, 1)
    entries.enter(office.actor("handler"), office.agency, "licences", **said)
    with pytest.raises(Refused, match="2021-03"):
        entries.restore(office.actor("handler"), struck, reason="核对无误")


def test_the_page_of_a_decision_strikes_it_out_and_keeps_what_was_typed(office, client):
    taken(office, book(["许可", "1号", date(2021, 3, 5), None]))
    row = DecisionCount.objects.get()
    path = f"/workbench/report-decisions/{row.pk}/"
    client.force_login(office.people["handler"])
    assert path in client.get("/workbench/reports/entries/").text
    stale = client.post(path, {"reason": "当事人重复", "seen": str(row.pk + 1)})
    assert "当事人重复" in stale.text and DecisionCount.objects.count() == 1
    done = client.post(path, {"reason": "当事人重复", "seen": str(row.pk)}, follow=True)
    assert "已划去" in done.text and "恢复计数" in done.text and "当事人重复" in done.text
    # Who only reads sees the decision and no button.
    client.force_login(office.people["supervisor"])
    seen = client.get(path)
    assert "当事人重复" in seen.text and "恢复计数" not in seen.text
    assert client.get("/workbench/report-decisions/999999/").status_code == 404
