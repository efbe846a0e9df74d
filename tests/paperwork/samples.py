"""Documents of a made-up office, and a way to measure pages: demonstration data, no real person."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pypdfium2

from gongkai.paperwork.document import Contact, FormalReply, Letter, Paragraph
from gongkai.paperwork.report import (
    ApplicationTable,
    GroundBlock,
    RemedyTable,
    ReportDocument,
    Row,
    RowGroup,
)
from gongkai.paperwork.sheets import Fact, Receipt, ReviewPoint, ReviewSheet, ReviewStep

OFFICE = "西工区城市改造办公室"


def letter(**changes: object) -> Letter:
    values: dict = {
        "mark": OFFICE,
        "number": "西城改公复〔2021〕1号",
        "title": "关于政府信息公开申请的答复",
        "addressee": "张某某",
        "body": (
            Paragraph(text="本机关于2021年6月15日收到你提交的政府信息公开申请，现答复如下："),
            Paragraph(text="一、办理情况", level=1),
            Paragraph(text="你所申请公开的信息本机关已经主动公开。"),
            Paragraph(text="（一）获取途径", level=2),
            Paragraph(text="请到瀍河区图书馆查阅，联系人赵喆。"),
        ),
        "attachments": ("房屋征收补偿方案", "材料清单"),
        "signatory": OFFICE,
        "date": datetime.date(2021, 7, 5),
        "contact": Contact(person="李某", phone="0379-00000000"),
        "notes": ("此件依申请公开",),
    }
    return Letter(**(values | changes))


def reply(**changes: object) -> FormalReply:
    base = letter()
    values: dict = {name: getattr(base, name) for name in base.__dataclass_fields__}
    values |= {
        "mark": OFFICE + "文件",
        "copies": ("区政府办公室", "区信访局"),
        "printed_by": OFFICE,
        "printed_on": datetime.date(2021, 7, 6),
    }
    return FormalReply(**(values | changes))


def row(label: str, *values: int, width: int = 7) -> Row:
    return Row(label=label, values=values or (0,) * width)


ONE = (1, 0, 0, 0, 0, 0, 1)


def report(**changes: object) -> ReportDocument:
    def group(label: str, *rows: str) -> RowGroup:
        return RowGroup(label=label, rows=tuple(row(name) for name in rows))

    decisions = ("本年处理决定数量",)
    values: dict = {
        "title": f"{OFFICE}\n2021年政府信息公开工作年度报告",
        "overview": (Paragraph(text="截至2021年底累计主动公开政府信息9项。"),),
        "disclosure": (
            GroundBlock(
                ground="第二十条第（一）项",
                columns=("本年制发件数", "本年废止件数", "现行有效件数"),
                rows=(row("规章", width=3), row("行政规范性文件", 2, 1, 5)),
            ),
            GroundBlock(ground="第二十条第（五）项", columns=decisions, rows=(row("行政许可", 31),)),
            GroundBlock(
                ground="第二十条第（六）项", columns=decisions, rows=(row("行政处罚", 0), row("行政强制", 0))
            ),
            GroundBlock(
                ground="第二十条第（八）项",
                columns=("本年收费金额（单位：万元）",),
                rows=(Row(label="行政事业性收费", values=("0.0000",)),),
            ),
        ),
        "applications": ApplicationTable(
            before=(row("一、本年新收政府信息公开申请数量", *ONE), row("二、上年结转政府信息公开申请数量")),
            results=(
                row("（一）予以公开"),
                row("（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
                group(
                    "（三）不予公开",
                    "1.属于国家秘密",
                    "2.其他法律行政法规禁止公开",
                    "3.危及“三安全一稳定”",
                    "4.保护第三方合法权益",
                    "5.属于三类内部事务信息",
                    "6.属于四类过程性信息",
                    "7.属于行政执法案卷",
                    "8.属于行政查询事项",
                ),
                group(
                    "（四）无法提供",
                    "1.本机关不掌握相关政府信息",
                    "2.没有现成信息需要另行制作",
                    "3.补正后申请内容仍不明确",
                ),
                group(
                    "（五）不予处理",
                    "1.信访举报投诉类申请",
                    "2.重复申请",
                    "3.要求提供公开出版物",
                    "4.无正当理由大量反复申请",
                    "5.要求行政机关确认或重新出具已获取信息",
                ),
                RowGroup(
                    label="（六）其他处理",
                    rows=(
                        row("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
                        row("2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
                        row("3.其他", *ONE),
                    ),
                ),
                row("（七）总计", *ONE),
            ),
            after=(row("四、结转下年度继续办理"),),
        ),
        "remedies": RemedyTable(
            reconsideration=(1, 2, 3, 4, 10), direct=(0,) * 5, after_reconsideration=(0,) * 5
        ),
        "problems": (Paragraph(text="公开实效有待进一步提升。"),),
        "other": (Paragraph(text="无需要说明的其他事项。"),),
        "date": datetime.date(2022, 1, 20),
        "signatory": OFFICE,
    }
    return ReportDocument(**(values | changes))


def review_sheet(**changes: object) -> ReviewSheet:
    values: dict = {
        "agency": OFFICE,
        "subject": "房屋征收补偿方案（征求意见稿）",
        "number": "审〔2021〕9号",
        "points": tuple(ReviewPoint(question=f"第{n}项", answer="否", remark="已核对") for n in range(1, 11)),
        "steps": (
            ReviewStep(
                role="经办人确认",
                person="张某",
                opinion="可以公开。",
                time=datetime.datetime(2021, 6, 1, 9, 5),
            ),
            ReviewStep(
                role="分管领导复核",
                person="李某",
                opinion="同意。",
                time=datetime.datetime(2021, 6, 1, 15, 30),
            ),
            ReviewStep(role="主要领导审批"),
        ),
        "conclusion": "公开",
        "digest": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "qr": "gongkai:66c7f0f4",
        "made_on": datetime.datetime(2021, 6, 1, 16, 0),
        "facts": (Fact(name="公开渠道", value="区政府门户网站"),),
    }
    return ReviewSheet(**(values | changes))


def receipt(**changes: object) -> Receipt:
    values: dict = {
        "agency": OFFICE,
        "number": "西城改公申〔2021〕1号",
        "applicant": "张某某",
        "received_on": datetime.date(2021, 6, 15),
        "channel": "网络",
        "content": "房屋征收补偿方案",
        "due": datetime.date(2021, 7, 13),
        "query_code": "K7Q2M9XD4F8H",
        "date": datetime.date(2021, 6, 15),
        "materials": ("申请表", "身份证复印件"),
    }
    return Receipt(**(values | changes))


MM = 72 / 25.4
SCALE = 10  # pixels a millimetre
RED = bytes((0x12, 0x00, 0xE6))  # blue, green, red


@dataclass(frozen=True)
class Glyph:
    """One character with the box of its ink, in mm from the upper left corner of the page."""

    character: str
    left: float
    top: float
    right: float
    bottom: float


class Pages:
    """A PDF opened to be measured."""

    def __init__(self, data: bytes) -> None:
        self.pdf = pypdfium2.PdfDocument(data)

    def __len__(self) -> int:
        return len(self.pdf)

    def text(self, page: int | None = None) -> str:
        """The text of one page or all, without spaces and line ends."""
        numbers = range(len(self.pdf)) if page is None else [page]
        whole = "".join(self.pdf[number].get_textpage().get_text_range() for number in numbers)
        return "".join(whole.split())

    def glyphs(self, page: int) -> list[Glyph]:
        sheet = self.pdf[page]
        text = sheet.get_textpage()
        height = sheet.get_height()
        found = []
        for number in range(text.count_chars()):
            character = text.get_text_range(number, 1)
            if character.strip():
                left, bottom, right, top = text.get_charbox(number)
                found.append(
                    Glyph(character, left / MM, (height - top) / MM, right / MM, (height - bottom) / MM)
                )
        return found

    def red_rows(self, page: int) -> list[tuple[float, float, float]]:
        """Rows of the page with red ink: distance from the upper edge, first and last red point, in mm."""
        bitmap = self.pdf[page].render(scale=SCALE / MM)
        data, stride, width = bytes(bitmap.buffer), bitmap.stride, bitmap.width
        size = bitmap.n_channels
        rows = []
        for number in range(bitmap.height):
            line = data[number * stride : number * stride + width * size]
            first = line.find(RED)
            if first >= 0:
                last = line.rfind(RED)
                rows.append((number / SCALE, first / size / SCALE, (last / size + 1) / SCALE))
        return rows
