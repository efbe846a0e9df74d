"""Standard catalogues: what is published for each entry, import of an edition, who answers which field."""

import io
from datetime import date

import openpyxl
import pytest

from gongkai.agencies.policy import Refused
from gongkai.disclosure import standard_sheet, standards
from gongkai.disclosure.forms import ItemForm
from gongkai.disclosure.models import (
    StandardAnswer,
    StandardCount,
    StandardEdition,
    StandardEntry,
    StandardField,
)
from gongkai.review import releases
from gongkai.review.models import Release
from tests.items import drafted, released

DECISION = "expropriation-07"


@pytest.fixture
def catalogues(office):
    standards.load()
    return StandardField.objects.get(code="expropriation")


def counted(code=DECISION):
    return list(StandardCount.objects.filter(code=code).values_list("public", "late"))


def workbook(*rows, head=("一级事项", "二级事项", "公开内容（要素）", "公开时限", "公开方式")):
    book = openpyxl.Workbook()
    book.active.append(["国有土地上房屋征收与补偿领域基层政务公开标准目录"])
    book.active.append(list(head))
    for row in rows:
        book.active.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_loading_twice_changes_nothing(catalogues):
    assert StandardField.objects.count() == 26
    assert standards.load() == 0
    assert StandardEdition.objects.count() == 1
    assert StandardEntry.objects.count() == 12


def test_a_release_counts_for_its_entry_and_a_withdrawal_takes_it_back(office, at, catalogues):
    with at(2021, 3, 10):
        item = released(office, standard=DECISION)
    assert counted() == [(1, 0)]
    assert StandardAnswer.objects.get(item=item).code == DECISION
    with at(2021, 3, 11):
        releases.withdraw(office.actor("reviewer"), Release.objects.get(subject_id=item.pk), reason="error")
    assert counted() == [(0, 0)]
    assert not StandardAnswer.objects.exists()


def test_what_came_after_the_term_of_its_entry_counts_as_late(office, at, catalogues):
    with at(2021, 4, 20):
        released(office, standard=DECISION, formed_on="2021-03-01")
    assert counted() == [(1, 1)]


def test_a_draft_is_counted_nowhere(office, at, catalogues):
    with at(2021, 3, 10):
        drafted(office, standard=DECISION)
    assert counted() == []


def test_the_form_offers_the_fields_that_the_agency_answers(office, catalogues):
    item = drafted(office)
    offered = dict(ItemForm(item=item).fields["standard"].choices[1:])
    assert list(offered) == ["国有土地上房屋征收与补偿"]
    standards.set_duties(office.actor("head"), office.agency, [StandardField.objects.get(code="tax")])
    # Nothing to choose from is no question.
    assert "standard" not in ItemForm(item=item).fields
    kept = ItemForm(item=item, initial={"standard": DECISION}).fields["standard"].choices
    assert kept[-1][0] == DECISION


def test_a_published_form_is_read_with_its_merged_matters(office, at, catalogues):
    data = workbook(
        ("法规政策", "国家层面", "法律法规", "20个工作日内", "主动"),
        (None, "地方层面", "规范性文件", "20个工作日内", "主动"),
        ("补偿", "安置房分配", "房源和分配结果", "及时", "依申请公开"),
    )
    with at(2021, 5, 1):
        plan, digest = standards.read(office.actor("system", "administration"), catalogues, "目录.xlsx", data)
        assert plan.faults == ()
        assert [row["code"] for row in plan.rows][:2] == ["expropriation-01", "expropriation-02"]
        assert plan.added == ("补偿·安置房分配",)
        assert "征收·房屋征收决定" in plan.gone
        standards.take(
            office.actor("system", "administration"),
            catalogues,
            plan.rows,
            starts_on=date(2021, 6, 1),
            name="目录.xlsx",
            digest=digest,
        )
        assert standards.entry("expropriation-12", date(2021, 5, 31)) is not None
    assert [str(row) for row in standards.entries(date(2021, 6, 1), ["expropriation"])] == [
        "法规政策·国家层面",
        "法规政策·地方层面",
        "补偿·安置房分配",
    ]
    # A code that was given once means the same matter for ever.
    assert standards.entries(date(2021, 6, 1), ["expropriation"]).last().code == "expropriation-13"


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        ([("征收", "", "公告", "及时", "主动")], "B3单元格", "“二级事项”不能为空"),
        ([("征收", "决定", "公告", "及时", "看情况")], "E3单元格", "不是公开方式"),
        ([("征收", "决定", "公告", "", ""), ("征收", "决定", "公告", "", "")], "第4行", "重复"),
    ],
)
def test_a_wrong_cell_is_named(rows, place, words):
    faults = standard_sheet.parse(workbook(*rows)).faults
    assert faults[0][0] == place
    assert words in faults[0][1]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"nothing", "不是xlsx文件"), (b"PK\x03\x04broken", "已损坏"), (workbook(), "没有任何行")],
)
def test_a_file_that_is_no_catalogue_is_refused_in_one_sentence(data, words):
    with pytest.raises(standard_sheet.SheetError, match=words):
        standard_sheet.parse(data)


def test_an_edition_never_begins_before_one_that_is_there(office, at, catalogues):
    with at(2021, 5, 1), pytest.raises(Refused, match="版本"):
        standards.take(
            office.actor("system", "administration"),
            catalogues,
            [],
            starts_on=date(2000, 1, 1),
            name="旧目录.xlsx",
            digest="",
        )


def test_only_administrators_import_and_only_the_head_says_what_is_answered(office, catalogues):
    with pytest.raises(Refused):
        standards.read(office.actor("handler"), catalogues, "x.xlsx", b"")
    with pytest.raises(Refused):
        standards.set_duties(office.actor("handler"), office.agency, [catalogues])


def test_coverage_has_a_row_for_each_agency_and_entry(office, catalogues):
    from gongkai.agencies.models import Agency

    standards.set_duties(office.actor("head"), office.agency, [catalogues])
    rows = standards.coverage(catalogues.editions.get().starts_on, Agency.objects.all())
    assert rows.count() == 10
    assert {row.duty_name for row in rows} == {office.agency.name}
