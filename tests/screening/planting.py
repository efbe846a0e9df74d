"""What is planted into generated files: one leak of each kind, and decoys that must stay unseen."""

import random
from datetime import date, timedelta

from stdnum import luhn
from stdnum.cn import ric

from gongkai.screening.numbers import PROVINCES

ID = "41030519900307123" + "0"

# kind → what is planted; each stands in a paragraph, cell or field of its own.
LEAKS = {
    "resident_id": f"身份证{ID}",
    "bank_card": "卡号 6222 0212 3456 7890 128",
    "mobile_number": "联系13812345678",
    "passport": "护照E12345678",
    "classification_mark": "机密★1年",
    "internal_mark": "内部资料　注意保存",
    "vehicle_plate": "车牌豫C12345",
    "home_address": "住中州中路12号院3号楼2单元501室",
}

DECOYS = [
    "西政办〔2021〕15号",
    "统一社会信用代码：11410305005405329C",
    "咨询电话：0379-63912345",
    "ISBN 978-7-5093-1234-5",
    "总投资13800000000元",
    "订单号：202103150012345678",
    "保守国家秘密法；上网信息不涉密，涉密信息不上网",
    "索引号：000014349/2017-00110",
    "金额 1,381,234,567.80 元",
    "截至2021年12月31日",
]

# More of them: each layer gets a share of these alone, and all of them together.
MORE_DECOYS = [
    "洛西改办〔2021〕第 3 号",
    "（2021）豫0305民初1234号",
    "DB41/T 1381—2021",
    "豫ICP备13012345678号",
    "豫公网安备 41030502000123号",
    "网站标识码：4103050001",
    "项目代码：2103-410305-04-01-138123",
    "受理编号：410305202103150012345",
    "宗地编号：410305001001GB00012",
    "豫（2021）洛阳市不动产权第0012345号",
    "组织机构代码：00540532-9",
    "发票代码041002100111，发票号码13812345",
    "收款单位：西工区财政局，账号：2500012345678900",
    "准考证号：202103150013812345",
    "学号：15012345678",
    "商品条码：6901234567892",
    "东经112.4513812345678，北纬34.6213812345678",
    "X=3831381.234，Y=13812345.678",
    "共13812345678户",
    "￥13812345678",
    "118,381,234,567.80元",
    "投诉电话：12345、12315、96598",
    "咨询电话：400-138-1234",
    "传真：（0379）63912345转8001",
    "邮编：471000",
    "办公时间：8:30—12:00，15:00—18:30",
    "2021年3月15日至2021年12月31日",
    "20210315102030",
    "138.1234.56789",
    "行政许可138件，行政处罚1234件，行政强制5678件",
    "国家秘密的密级分为绝密、机密、秘密三级",
    "涉及国家秘密、工作秘密、商业秘密、个人隐私的信息不予公开",
    "无记名投票（秘密投票）",
    "加强内部资料管理，完善文件传阅制度",
    "内部资料性出版物管理办法",
    "本通知不属于工作秘密",
    "个人信息应当妥善保管，不得外传。",
    "《西工区棚户区改造实施办法（征求意见稿）》公开征求意见",
    "此件公开发布",
    "办公地址：西工区政府机关3号楼502室",
    "征收范围涉及12号院、15号院共320户",
    "G30连霍高速、G310国道",
    "设备型号E12345678",
    "持居民身份证、护照或者港澳通行证办理",
]

_WIDE = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")
_BORN = date(1930, 1, 1)
_CARDS = (("622202", 19), ("621700", 19), ("622588", 16), ("955880", 19), ("436742", 16), ("625912", 16))


def resident_id(draw: random.Random) -> str:
    """An id of nobody: random, with a right check digit (GB 11643)."""
    born = _BORN + timedelta(days=draw.randrange(32_000))
    head = (
        f"{draw.choice(sorted(PROVINCES))}{draw.randrange(10_000):04}{born:%Y%m%d}{draw.randrange(1000):03}"
    )
    return head + ric.calc_check_digit(head + "0")


def bank_card(draw: random.Random) -> str:
    """A card of nobody: the prefix of an issuer and a right check digit."""
    head, length = draw.choice(_CARDS)
    body = head + "".join(draw.choice("0123456789") for _ in range(length - len(head) - 1))
    return body + luhn.calc_check_digit(body)


def mobile_number(draw: random.Random) -> str:
    """A number in a range of mobile telephones."""
    return f"1{draw.choice('3456789')}{draw.randrange(10**9):09}"


def grouped(number: str, sizes: tuple[int, ...], gap: str) -> str:
    """A number parted into groups; the last takes what is left."""
    at = 0
    parts = []
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return gap.join([*parts, number[at:]])


def written_forms(kind: str, number: str) -> list[str]:
    """How people write it: plain, wide, with blanks, with hyphens."""
    sizes = {"resident_id": (6, 8), "bank_card": (4, 4, 4), "mobile_number": (3, 4)}[kind]
    if kind == "bank_card" and len(number) > 16:
        sizes = (4, 4, 4, 4)
    return [
        number,
        number.translate(_WIDE),
        grouped(number, sizes, " "),
        grouped(number, sizes, "-"),
        grouped(number, sizes, "－"),
        grouped(number, sizes, "　"),
    ]
