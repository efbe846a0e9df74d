"""The forms and records of a case beside its letters (rulebook 5.3): 1, 3, 8 and 30; as PDF/A.

Each is a list of entries, and each entry names the element of the rulebook that it prints. An entry with a
value is printed, one with room is left for ink; a paper that has neither for an element is refused. The other
records have rooms of their own: 2 receipts.py, 31 review/sheet.py, 32 files/archives/packages.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.papers import in_chinese
from gongkai.agencies.policy import Refused
from gongkai.applications import letters, personal, receipts
from gongkai.applications.enclosed import WITH_FORM
from gongkai.applications.models import APPLICANT_KINDS, Application, CaseEvent, Dispatch, Letter, Way
from gongkai.applications.wording import TEMPLATES
from gongkai.files import sealing
from gongkai.paperwork import pdf
from gongkai.paperwork.errors import PaperworkError
from gongkai.paperwork.forms import Form, FormLine
from gongkai.paperwork.registers import printable
from gongkai.paperwork.text import chinese_time
from gongkai.review.submission import content_of
from gongkai.rulebook.letters import LETTER_KINDS, missing_elements
from gongkai.rulebook.receipt import Channel

APPLICATION, ORAL, REPLY, SERVICE = 1, 3, 8, 30
BLANK = "（未填写）"
LONGEST = 5000
WAYS = {
    Way.DIRECT: "直接送达",
    Way.ENTRUSTED: "委托送达",
    Way.POST: "邮政寄送",
    Way.ELECTRONIC: "电子送达",
    Way.EXCHANGE: "公文交换",
}
# Where the applicant's signature is found; of every other channel it stands on the original.
_SIGNED = {
    Channel.WEB: "申请人在网上填写并确认提交",
    Channel.ORAL: f"申请人签名见《{LETTER_KINDS[ORAL].title}》",
}
_WHEN = "____年____月____日____时____分"


@dataclass(frozen=True)
class Entry:
    """One line of a paper. element: its key in the rulebook, empty for a further line; room: mm for ink."""

    element: str
    label: str
    value: str = ""
    room: int = 0


def make(
    kind: int,
    agency: Agency,
    entries: Sequence[Entry],
    *,
    day: date,
    number: str = "",
    remarks: Sequence[str] = (),
) -> bytes:
    """A paper of that kind as PDF. Raises Refused, naming each element that it would not show."""
    title = LETTER_KINDS[kind].title
    there = {each.element for each in entries if each.value.strip() or each.room}
    if lacking := missing_elements(kind, there | {"title"}):
        names = "、".join(f"“{each.label}”" for each in lacking)
        raise Refused(
            _("The %(title)s cannot be made: it would lack %(names)s.") % {"title": title, "names": names}
        )
    lines = tuple(
        FormLine(name=each.label, value=printable(each.value)[:LONGEST], room=each.room) for each in entries
    )
    form = Form(title=title, agency=agency.name, number=number, lines=lines, remarks=tuple(remarks), date=day)
    try:
        return pdf.form_pdf(form)
    except PaperworkError as error:
        raise Refused(str(error)) from error


def application_form(case: Application) -> bytes:
    """Paper 1, as it was filed: from the data sealed at registration. For a use case that writes its journal
    entry. Raises Refused, sealing.Sealed."""
    day = timezone.localtime(case.registered_at).date()
    return make(
        APPLICATION,
        case.agency,
        application_entries(case),
        day=day,
        number=case.number,
        remarks=("本表由登记时密封保存的数据打印；申请人提交书面原件的，原件另附。",),
    )


@in_chinese
def application_entries(case: Application) -> list[Entry]:
    """The lines of paper 1; what the applicant left out is said to be left out (it is completed by art. 30)."""
    person, wanted = personal.person(case), personal.request(case)
    others = [
        Entry("", "代理人" if role == personal.AGENT else "其他申请人、代表人", party.described)
        for role, party in person.others
    ]
    asked = (
        ("名称", wanted.title),
        ("文号", wanted.number),
        ("特征性描述", wanted.description),
    )
    return [
        Entry("applicant_type", "申请人类型", dict(APPLICANT_KINDS)[case.applicant_kind]),
        Entry("identity", "姓名或者名称", person.name or BLANK),
        Entry("identity", "身份证明", identity_of(person)),
        Entry("identity", "联系电话", person.phone or BLANK),
        Entry(
            "address",
            "通信地址和电子邮箱",
            "，".join(part for part in (person.postcode, person.address, person.email) if part) or BLANK,
        ),
        *others,
        Entry(
            "description",
            "所需政府信息",
            "\n".join(f"{name}：{text}" for name, text in asked if text.strip()) or BLANK,
        ),
        Entry("form_of_access", "形式要求", access_of(wanted)),
        Entry("assistance", "需要的帮助", "阅读困难、视听障碍，需要帮助" if case.reading_help else "不需要"),
        Entry("", "附件", "\n".join(wanted.materials) or "无"),
        Entry(
            "signature",
            "签名和时间",
            f"{_SIGNED.get(Channel(case.channel), '申请人签名见原件')}；{Channel(case.channel).label}，"
            f"{chinese_time(timezone.localtime(case.registered_at))}登记",
        ),
    ]


@in_chinese
def identity_of(person: personal.Person) -> str:
    """The identity document of the first applicant, as a paper writes it."""
    if not person.identity_number:
        return BLANK
    return f"{personal.IDENTITIES.get(person.identity, '')} {person.identity_number}"


@in_chinese
def access_of(wanted: personal.Request) -> str:
    """Form and way of access (art. 29(2) no. 3), a line each."""
    form = personal.FORMS.get(wanted.form, wanted.form)
    return f"提供形式：{form}\n获取方式、途径：{personal.WAYS.get(wanted.way, wanted.way)}"


def oral_record(case: Application) -> bytes:
    """Paper 3: what was filled in for the applicant, by whom and when, read back and confirmed (art. 29(1)).
    Raises Refused for an application that came in otherwise."""
    if Channel(case.channel) is not Channel.ORAL:
        raise Refused(_("Only an oral application has this record."))
    filed = CaseEvent.objects.select_related("person").get(application=case, seq=1)
    at = timezone.localtime(filed.at)
    person, wanted = personal.person(case), personal.request(case)
    entries = [
        Entry("", "申请人", receipts.named(person)),
        Entry("", "身份证明", identity_of(person)),
        Entry("", "联系电话", person.phone or BLANK),
        Entry("", "申请内容", wanted.excerpt or BLANK),
        Entry("", "形式要求", access_of(wanted)),
        Entry("clerk", "代填人员", filed.person.name if filed.person else ""),
        Entry("time", "代填时间", chinese_time(at)),
        Entry(
            "read_back",
            "宣读和确认",
            "以上内容已向申请人宣读，申请人确认无误。" if filed.data.get("read_back") else "",
        ),
        Entry("", "申请人签名（按指印）", "", 18),
    ]
    return make(ORAL, case.agency, entries, day=at.date(), number=case.number)


def reply_form(letter: Letter) -> bytes:
    """Paper 8: what the asked party fills in and sends back; it goes out with letters 7 and 11. It names the
    information, never the applicant."""
    content = content_of(letter.release.digest) if letter.release else letters.draft_of(letter).content
    if content is None:
        raise Refused(_("The content of this letter was erased."))
    written = letters.opened(content)
    asked = LETTER_KINDS[letter.kind].title
    entries = [
        Entry("", "征求意见的文书", f"《{asked}》{letter.number or '（文号在签发时生成）'}"),
        Entry("", "被征求意见的单位或者个人", written.addressee),
        Entry("", "所涉信息", written.elements.get("information", "")),
        Entry("opinion", "意见", "□ 同意公开　　□ 部分同意公开　　□ 不同意公开"),
        Entry("opinion_reasons", "理由（部分同意的，写明不同意公开的部分）", "", 45),
        Entry("opinion_seal", "签章和日期", "", 25),
    ]
    agency = letter.agency
    back = "，".join(
        part
        for part in (agency.name, agency.disclosure_office, agency.address, agency.postcode, agency.phone)
        if part
    )
    return make(
        REPLY,
        agency,
        entries,
        day=letter.dated or timezone.localtime(letter.created_at).date(),
        remarks=(f"请在收到征求意见的文书之日起15个工作日内填写并寄回：{back}。",),
    )


def proof_of_service(letter: Letter) -> bytes:
    """Paper 30, filled in as far as known, to be signed on handing over. Raises Refused before the letter has
    its number."""
    if not letter.number or letter.dated is None:
        raise Refused(_("A proof of service names the number of the letter: it is given with the release."))
    content = content_of(letter.release.digest) if letter.release else None
    written = letters.opened(content) if content else letters.Written("", {})
    sent: Dispatch | None = getattr(letter, "dispatch", None)
    proof = getattr(letter, "proof", None)
    boxes = [f"{'■' if sent and sent.way == way else '□'} {words}" for way, words in WAYS.items()]
    ways = "\n".join(("　　".join(boxes[:3]), "　　".join(boxes[3:])))
    day = proof.on if proof else None
    how = sealing.unseal(proof.sealed) if proof and proof.sealed else ""
    number = f"邮件号：{sent.tracking}" if sent and sent.tracking else ""
    entries = [
        Entry("served_document", "送达文书名称和文号", f"{LETTER_KINDS[letter.kind].title}\n{letter.number}"),
        Entry("recipient", "受送达人", written.addressee),
        Entry("", "送达地址", personal.person(letter.application).address if _own(letter) else "", 6),
        Entry("service_way", "送达方式", ways),
        Entry("service_time", "送达时间", letters.prose(day) if day else _WHEN),
        Entry(
            "service_proof",
            "受送达人签名（盖章）或者邮政特快专递单号",
            "\n".join(part for part in (number, how) if part),
            18,
        ),
        Entry("", "代收人签名、与受送达人的关系", "", 14),
        Entry("server", "送达人签名", sent.person.name if sent else "", 14),
        Entry("", "备注", "", 10),
    ]
    return make(SERVICE, letter.agency, entries, day=letter.dated, number=letter.application.number)


def _own(letter: Letter) -> bool:
    return TEMPLATES[letter.kind].recipient == "applicant"


def links(case: Application) -> list[dict[str, Any]]:
    """The papers of a case that can be printed now, as the file list of its page takes them."""
    found = [(APPLICATION, "applications:application_form")]
    if Channel(case.channel) is Channel.ORAL:
        found.append((ORAL, "applications:oral_record"))
    return [
        {"name": LETTER_KINDS[kind].title, "url": reverse(name, args=[case.pk]), "kind": "pdf", "size": None}
        for kind, name in found
    ]


def letter_links(letter: Letter) -> list[dict[str, Any]]:
    """The papers that belong to a letter: the form that goes with it, and its proof of service."""
    found = []
    if letter.kind in WITH_FORM and not letter.dropped:
        found.append((REPLY, "applications:reply_form"))
    if letter.number and not letter.dropped:
        found.append((SERVICE, "applications:proof_of_service"))
    return [
        {
            "name": LETTER_KINDS[kind].title,
            "url": reverse(name, args=[letter.pk]),
            "kind": "pdf",
            "size": None,
        }
        for kind, name in found
    ]
