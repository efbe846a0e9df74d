"""Resident ids, mobile numbers and bank cards: every written form found, nothing else taken for one."""

import random
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from gongkai.screening import Finding, screen_text
from gongkai.screening.numbers import PROVINCES, is_resident_id


def found(text: str) -> list[tuple[str, str]]:
    """(kind, text of the stretch) of each finding."""
    return [(str(f.kind), text[f.start : f.end]) for f in screen_text(text, location="正文")]


def resident_id(province: str = "41", born: str = "19900307", serial: str = "123") -> str:
    head = f"{province}0305{born}{serial}"
    return head + ric.calc_check_digit(head + "0")


def card(head: str, length: int = 19) -> str:
    body = head.ljust(length - 1, "7")
    return body + luhn.calc_check_digit(body)


ID = resident_id()


@st.composite
def ids(draw: st.DrawFn) -> str:
    province = draw(st.sampled_from(sorted(PROVINCES)))
    district = draw(st.integers(0, 9999))
    born = draw(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
    serial = draw(st.integers(0, 999))
    head = f"{province}{district:04}{born:%Y%m%d}{serial:03}"
    return head + ric.calc_check_digit(head + "0")


_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@given(ids(), st.integers(1, 17), st.sampled_from([" ", "-", "　", "\n", " \n ", "—", "\u200b", "－"]))
def test_an_id_is_found_in_every_broken_form(number: str, at: int, gap: str) -> None:
    for written in (number, number.lower(), number.translate(_WIDE), number[:at] + gap + number[at:]):
        assert ("resident_id", written) in found(f"经查，{written}，属实")


@given(ids(), st.integers(0, 17), st.integers(1, 9))
def test_an_id_with_a_wrong_digit_is_none(number: str, at: int, step: int) -> None:
    digit = 10 if number[at] == "X" else int(number[at])
    changed = number[:at] + str((digit + step) % 10) + number[at + 1 :]
    if not is_resident_id(changed):
        assert "resident_id" not in [kind for kind, _ in found(f"（{changed}）")]


@given(ids())
def test_no_output_shows_more_than_six_and_two(number: str) -> None:
    for text in (f"张三{number}李四", f"{number[:9]} {number[9:]} 13812345678 {number}"):
        for finding in screen_text(text, location="正文"):
            for run in re.findall(r"[0-9X*]+", finding.excerpt):
                assert re.fullmatch(r"[0-9]{0,6}\*+[0-9X]{0,2}", run)


@pytest.mark.parametrize(
    "text",
    [
        f"1 {ID} 13812345678",
        f"序号3 {ID}",
        f"{ID[:6]}-{ID[6:14]}-{ID[14:]}",
        " ".join(ID),
        f"{ID[:10]}\n{ID[10:]}",
        f"ID{ID}",
        f"身份证{ID}住西工区",
        f"3.{ID}",
        f"名单\n12.{ID}",
        f"id={ID}&",
        f"0379-63912345,{ID}",
        f"姓名\t{chr(9).join(ID)}\t备注",
        f"公民身份号码\n{ID[:8]}-\n{ID[8:]}",
    ],
)
def test_an_id_among_other_figures(text: str) -> None:
    assert "resident_id" in [kind for kind, _ in found(text)]


@pytest.mark.parametrize(
    "text",
    [
        f"{ID[:6]}\n{ID[6:12]}\n{ID[12:]}",  # two line breaks
        "990305199003071236",  # no such province
        "410305199002301239",  # 30 February
        f"0.{ID}",
        f"9{ID}",
        f"{ID}00",
        "410305900307123",  # fifteen digits without a word for identity
    ],
)
def test_what_is_no_id(text: str) -> None:
    assert "resident_id" not in [kind for kind, _ in found(text)]


def test_an_id_of_the_first_generation_needs_a_word_beside_it() -> None:
    assert found("身份证号：410305900307123") == [("resident_id", "410305900307123")]
    assert found("410305 900307 123（居民身份证）")[0][0] == "resident_id"
    assert found("身份证号：410305901307123") == []  # month 13


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "１３８１２３４５６７８",
        "1381234\n5678",
        "1 3 8 1 2 3 4 5 6 7 8",
    ],
)
def test_a_mobile_number_in_every_written_form(written: str) -> None:
    assert found(f"联系人张三{written}。") == [("mobile_number", written)]


@pytest.mark.parametrize(
    "text",
    [
        "138.1234.5678",
        "（138）1234-5678",
        "手机:138 12345678",
        "电话 138 123 45678",
        "手機號碼13812345678",
        "0379-63912345，13812345678",
        "13812345678/0379-63912345",
        "联系电话13812345678万主任",
        "13812345678户主张三",
        "手机号13812345678股东",
        "13812345678@163.com",
    ],
)
def test_a_mobile_number_among_other_words(text: str) -> None:
    assert [kind for kind, _ in found(text)] == ["mobile_number"]


@pytest.mark.parametrize(
    "text", ["+8613812345678", "+86 13812345678", "008613812345678", "电话013812345678", "tel13812345678"]
)
def test_a_mobile_number_with_a_prefix(text: str) -> None:
    assert [kind for kind, _ in found(text)] == ["mobile_number"]


@pytest.mark.parametrize(
    "head,length", [("622202", 19), ("621700", 19), ("622588", 16), ("955880", 19), ("436742", 16)]
)
def test_a_bank_card(head: str, length: int) -> None:
    number = card(head, length)
    assert found(f"收款{number}，") == [("bank_card", number)]
    fours = " ".join(number[at : at + 4] for at in range(0, length, 4))
    assert found(f"收款{fours}，") == [("bank_card", fours)]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert found(f"收款{wrong}，") == []


def test_a_card_of_no_known_issuer_needs_a_word_for_an_account() -> None:
    number = card("880011", 18)
    assert found(f"凭证{number}") == []
    assert found(f"银行账号：{number}") == [("bank_card", number)]


def test_a_card_named_as_one_is_found_however_it_is_parted() -> None:
    number = card("622202", 19)
    for parts in ([5, 5, 5, 4], [8, 11], [6, 13], [4, 4, 4, 7]):
        at = iter(number)
        written = " ".join("".join(next(at) for _ in range(size)) for size in parts)
        assert found(f"银行卡 {written}") == [("bank_card", written)]
        if parts not in ([6, 13],):
            assert found(f"合计 {written}") == []


def test_an_account_of_an_office_is_none_of_a_person() -> None:
    account = card("103305", 18)
    assert found(f"收款单位：西工区财政局，账号：{account}") == []
    assert found(f"户名：张三，账号：{account}") == [("bank_card", account)]
    # A card is one also where an office is named.
    assert found(f"收款单位：西工区财政局，账号：{card('622202')}")[0][0] == "bank_card"


@pytest.mark.parametrize(
    "text",
    [
        "西政办〔2021〕15号",
        "洛西改办〔2021〕第 3 号 2021 年 12 月 31 日",
        "咨询电话：0379-63912345",
        "办公室电话 0379-63912345 0379-63912346",
        "400-820-8820",
        "统一社会信用代码：91410305MA44T1CQ2B",
        "统一社会信用代码 11410305005405329C",
        "组织机构代码：00540532-9",
        "ISBN 978-7-5093-1234-5",
        "ISBN 9787509312346",
        "金额13800000000元",
        "总投资 13812345678.50 元",
        "1,381,234,567,800 元",
        "订单号：13812345678",
        "订单号202103150012345678",
        "工单编号：13812345678",
        "项目代码：2103-410305-04-01-123456",
        "索引号：000014349/2017-00110",
        "http://www.xigong.gov.cn/html/13812345678.html",
        "经度112.45389012345678 纬度34.61381234567",
        "2021031513000012",
        "行政处罚 3985758 行政强制 88283 行政许可 138",
        "11 0 0 0 0 0 11 1 3 8 1 2 3",
        "A4103051990030712364F",
        "138****5678",
        "邮编471000 传真0379-63912345",
        "热线12345",
        "96598",
        "95588",
        "400-138-1234",
        "4001381234",
        "电话：0379-12345678转8001",
        "（0379）63912345",
        "传真：86-379-63912345",
        "037963912345",
        "京ICP备13012345678号",
        "豫公网安备 41030502000123号",
        "政府网站标识码：4103050001",
        "￥13812345678",
        "13812345678号令",
        "合计13812345678户",
        "(2021)豫0305民初1234号",
        "洛西征决〔2021〕1号",
        "41030520210315001",
        "410305202103150012345",
        "20210315102030",
        "DB41/T 1381-2021",
        "CN41-1381/D",
        "112.4513812345678,34.6213812345678",
        "34.13812345678",
        "坐标 X=3831381.234 Y=13812345.678",
        "2103-410305-04-01-138123",
        "豫（2021）洛阳市不动产权第0012345号",
        "考号：13812345678",
        "学号15012345678",
        "QQ：13812345678",
        "宗地编号：410305001001GB00012",
        "面积 138.12 345.67 平方米",
        "138 139 140 141 142 143",
        "2021 2020 2019 2018 2017",
        "财政专户 账号：2500012345678900",
        "发票代码 041002100111 发票号码 13812345",
        "商品条码 6901234567892",
        "4103052021031512",
        "4103052021000125",
        "138.1234.56789",
        "IP 138.123.45.67",
    ],
)
def test_figures_of_an_office_are_none_of_these(text: str) -> None:
    assert found(text) == []


def test_a_credit_code_of_digits_alone_is_no_id() -> None:
    # The check of GB 32100 holds as well as that of GB 11643; its label decides.
    from stdnum.cn import uscc

    rng = random.Random(7)
    while True:
        head = f"11410119{rng.randrange(101, 132)}".ljust(11, "0") + f"{rng.randrange(10**6):06}"
        code = next((head + last for last in "0123456789" if uscc.is_valid(head + last)), None)
        if code and is_resident_id(code):
            break
    assert found(f"统一社会信用代码：{code}") == []
    assert found(f"身份证号：{code}") == [("resident_id", code)]


def test_offsets_point_into_the_text_and_survive_json() -> None:
    text = f"第一行\n第二行　身份证{ID}完"
    (finding,) = screen_text(text, location="说明")
    assert text[finding.start : finding.end] == ID
    assert finding.location == "说明，第 2 行"
    assert Finding.from_json(finding.to_json()) == finding
