"""The day an application counts as received (条例 art. 31, rulebook 4.2), by channel and evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType

from gongkai.rulebook.norms import cite, norm

_LETTER = norm("receipt_letter").number


class Channel(Enum):
    """How an application came in."""

    COUNTER = "counter"
    ORAL = "oral"
    REGISTERED_MAIL = "registered_mail"
    ORDINARY_MAIL = "ordinary_mail"
    FAX = "fax"
    WEB = "web"
    EMAIL = "email"

    @property
    def label(self) -> str:
        return CHANNELS[self].label

    @property
    def report_channel(self) -> "ReportChannel":
        """Its place among the annual report's four."""
        return CHANNELS[self].report_channel


class ReportChannel(Enum):
    """The four channels that an annual report counts; `label` is the word it prints."""

    IN_PERSON = "in_person"
    FAX = "fax"
    NETWORK = "network"
    LETTER = "letter"

    @property
    def label(self) -> str:
        return {"in_person": "当面", "fax": "传真", "network": "网络", "letter": "信函"}[self.value]


class Evidence(Enum):
    """What makes the receipt day."""

    SUBMITTED = "提交之日"
    SIGNED = "行政机关签收之日"
    CONFIRMED = "与申请人确认之日"
    MUTUALLY_CONFIRMED = "双方确认之日"


class Addressee(Enum):
    """To whom a mailing was addressed."""

    AGENCY = "agency"
    """The agency or its disclosure office."""
    OTHER = "other"
    """Another unit of the agency, or a named person."""


class ReceiptError(ValueError):
    """Evidence that contradicts itself; the text is for users."""


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """A channel: `basic` ones may never be refused, the others bind once the Guide announces them."""

    label: str
    report_channel: ReportChannel
    evidence: Evidence
    basic: bool
    law: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is recorded of an incoming application; a day not yet known is None.

    `arrived`: submitted at the counter, put into the mailbox, came out of the fax machine or over the net.
    `signed`: signed for by the mail room of the agency. `confirmed`: the applicant confirmed it to the disclosure
    office or, for mail to another addressee, the office received and confirmed it.
    """

    arrived: date
    signed: date | None = None
    confirmed: date | None = None
    addressee: Addressee = Addressee.AGENCY


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt day, or None with what is still missing; the explanation is for users either way."""

    on: date | None
    explanation: str
    law: str


def receipt_date(channel: Channel, arrival: Arrival) -> Receipt:
    """The receipt day of an application that came by `channel`.

    Until the required evidence exists the application is registered and its clock does not run. ReceiptError
    where a signature or confirmation is earlier than the arrival.
    """
    rule = CHANNELS[channel]
    for day, what in ((arrival.signed, "签收"), (arrival.confirmed, "确认")):
        if day is not None and day < arrival.arrived:
            raise ReceiptError(f"{what}之日 {day} 早于申请到达之日 {arrival.arrived}，请核对。")
    if rule.evidence is Evidence.SUBMITTED:
        return Receipt(arrival.arrived, f"{rule.label}，以提交之日为收到申请之日。", rule.law)
    if rule.report_channel is ReportChannel.LETTER and arrival.addressee is Addressee.OTHER:
        return _evidenced(
            arrival.confirmed,
            "邮件寄给机关的其他机构或者个人，以公开工作机构实际收到并确认之日为收到申请之日",
            "等待公开工作机构实际收到并确认",
            f"{rule.law}、{_LETTER}",
        )
    if rule.evidence is Evidence.SIGNED:
        return _evidenced(
            arrival.signed,
            f"{rule.label}，以{rule.evidence.value}为收到申请之日",
            "等待行政机关签收",
            rule.law,
        )
    return _evidenced(
        arrival.confirmed,
        f"{rule.label}，以{rule.evidence.value}为收到申请之日",
        "等待与申请人确认，联系不上的先登记，恢复联系并确认后起算",
        rule.law,
    )


def _evidenced(day: date | None, reason: str, missing: str, law: str) -> Receipt:
    if day is None:
        return Receipt(None, f"{reason}；{missing}。", law)
    return Receipt(day, f"{reason}。", law)


CHANNELS: Mapping[Channel, ChannelRule] = MappingProxyType(
    {
        Channel.COUNTER: ChannelRule(
            "当面提交", ReportChannel.IN_PERSON, Evidence.SUBMITTED, True, cite("regulation", 31, None, 1)
        ),
        Channel.ORAL: ChannelRule(
            "口头申请（代为填写）",
            ReportChannel.IN_PERSON,
            Evidence.SUBMITTED,
            True,
            f"{cite('regulation', 29, 1)}、{cite('regulation', 31, None, 1)}",
        ),
        Channel.REGISTERED_MAIL: ChannelRule(
            "邮寄（需签收）", ReportChannel.LETTER, Evidence.SIGNED, True, cite("regulation", 31, None, 2)
        ),
        Channel.ORDINARY_MAIL: ChannelRule(
            "平常信函（无需签收）",
            ReportChannel.LETTER,
            Evidence.CONFIRMED,
            True,
            cite("regulation", 31, None, 2),
        ),
        Channel.FAX: ChannelRule(
            "传真", ReportChannel.FAX, Evidence.MUTUALLY_CONFIRMED, False, cite("regulation", 31, None, 3)
        ),
        Channel.WEB: ChannelRule(
            "互联网渠道",
            ReportChannel.NETWORK,
            Evidence.MUTUALLY_CONFIRMED,
            False,
            cite("regulation", 31, None, 3),
        ),
        Channel.EMAIL: ChannelRule(
            "电子邮件",
            ReportChannel.NETWORK,
            Evidence.MUTUALLY_CONFIRMED,
            False,
            cite("regulation", 31, None, 3),
        ),
    }
)
