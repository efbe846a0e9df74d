"""Forms of the office as values: the confidentiality review sheet and the receipt of an application."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from gongkai.paperwork.text import labelled


@dataclass(frozen=True, kw_only=True)
class ReviewPoint:
    """One of the ten points of the sheet (rulebook 6.6): the question, the answer, and its ground or remark."""

    question: str = field(metadata=labelled("审查项目", limit=200))
    answer: str = field(metadata=labelled("审查结果", required=False, limit=200))
    remark: str = field(default="", metadata=labelled("依据和说明", required=False, limit=3000))


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line of the sheet's head or of its records, such as 公开渠道: 区政府门户网站."""

    name: str = field(metadata=labelled("名称", limit=60))
    value: str = field(metadata=labelled("内容", required=False, limit=2000))


@dataclass(frozen=True, kw_only=True)
class ReviewStep:
    """What one of the three people did; an open step has no time and is left for ink."""

    role: str = field(metadata=labelled("审查职责", limit=60))
    person: str = field(default="", metadata=labelled("姓名", required=False, limit=60))
    opinion: str = field(default="", metadata=labelled("意见", required=False, limit=2000))
    time: datetime.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReviewSheet:
    """政府信息公开审查呈批单 of one revision (rulebook 5.3, sheet 31).

    digest: the digest of the frozen content, in hexadecimal; qr: what the QR code says (the sheet's address or
    the digest). conclusion: 公开, 部分公开, 不公开 or 报请确定, with its article. facts: further lines of the
    head (examining body, channel, column, planned time). records: what the screening found and how each was
    resolved, whom was consulted, what was referred upward. made_on: the time on the sheet's foot.
    """

    agency: str = field(metadata=labelled("机关", limit=60))
    subject: str = field(metadata=labelled("信息名称", limit=500))
    number: str = field(metadata=labelled("编号", required=False, limit=60))
    points: tuple[ReviewPoint, ...] = field(metadata=labelled("审查"))
    steps: tuple[ReviewStep, ...] = field(metadata=labelled("审批"))
    conclusion: str = field(metadata=labelled("审查结论", required=False, limit=500))
    digest: str = field(metadata=labelled("内容摘要值", limit=200))
    qr: str = field(metadata=labelled("二维码", limit=500))
    made_on: datetime.datetime
    facts: tuple[Fact, ...] = field(default=(), metadata=labelled("基本情况", required=False))
    records: tuple[Fact, ...] = field(default=(), metadata=labelled("筛查、协商和报请确定", required=False))
    title: str = field(default="政府信息公开审查呈批单", metadata=labelled("标题", limit=60))


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """登记回执 (rulebook 5.3, letter 2): what the applicant takes home.

    applicant and content are printed as given. materials: what was handed in. due: the last day of the first
    term, with due_note for its explanation (a year without holiday notice makes it provisional). query_code:
    printed in groups of four, for the tracking page named in query_address.
    """

    agency: str = field(metadata=labelled("机关", limit=60))
    number: str = field(metadata=labelled("登记编号", limit=60))
    applicant: str = field(metadata=labelled("申请人", limit=1500))
    received_on: datetime.date
    channel: str = field(metadata=labelled("接收渠道", limit=60))
    content: str = field(metadata=labelled("申请内容", limit=5000))
    due: datetime.date
    query_code: str = field(metadata=labelled("查询码", limit=60))
    date: datetime.date
    materials: tuple[str, ...] = field(default=(), metadata=labelled("材料", required=False, limit=300))
    due_note: str = field(default="", metadata=labelled("期限说明", required=False, limit=500))
    query_address: str = field(default="", metadata=labelled("查询网址", required=False, limit=300))
    contact: str = field(default="", metadata=labelled("联系方式", required=False, limit=300))
    title: str = field(default="政府信息公开申请登记回执", metadata=labelled("标题", limit=60))
