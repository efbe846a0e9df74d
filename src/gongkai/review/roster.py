"""The leading group for confidentiality review of an agency, made from the appointments in force (明确审查机构).

组长 is the principal leader, 副组长 the leader in charge of confidentiality review, members are the handlers and the
head of the disclosure office; a deputy is marked 代.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency, Appointment, Role
from gongkai.agencies.papers import in_chinese
from gongkai.agencies.policy import Refused, effective
from gongkai.journal import clock
from gongkai.paperwork import pdf as printed
from gongkai.paperwork.errors import PaperworkError
from gongkai.paperwork.registers import Column, Register, line
from gongkai.review.examination import body_of
from gongkai.rulebook.norms import cite

# As the roster reads from the top: role → the place in the group.
PLACES = {
    Role.APPROVER: "组长",
    Role.REVIEWER: "副组长（分管保密审查）",
    Role.DISCLOSURE_HEAD: "成员（公开工作机构负责人）",
    Role.HANDLER: "成员（经办人）",
}


@dataclass(frozen=True)
class Member:
    """One line of the roster. until: None where the appointment has no end."""

    place: str
    name: str
    position: str
    paper: str
    since: date
    until: date | None


def title(agency: Agency) -> str:
    """The name of the roster."""
    return f"{body_of(agency)}名单"


def members(agency: Agency) -> list[Member]:
    """Everybody in the group today, from the top."""
    rows = Appointment.objects.filter(effective(clock.today()), agency=agency, role__in=PLACES)
    order = list(PLACES)
    return [
        Member(
            PLACES[Role(row.role)] + ("（代）" if row.deputy else ""),
            row.person.name,
            row.person.position,
            row.paper,
            row.starts_on,
            row.ends_on,
        )
        for row in sorted(
            rows.select_related("person"),
            key=lambda row: (order.index(Role(row.role)), row.deputy, row.starts_on, row.pk),
        )
    ]


def lacking(agency: Agency) -> list[str]:
    """The places among the first two, and of a handler, that nobody holds: then nothing can be released."""
    held = set(
        Appointment.objects.filter(effective(clock.today()), agency=agency).values_list("role", flat=True)
    )
    return [place for role, place in PLACES.items() if role != Role.DISCLOSURE_HEAD and role not in held]


def pdf(agency: Agency) -> bytes:
    """The roster as a paper of today. Raises Refused where it cannot be set."""
    try:
        return printed.register_pdf(_register(agency))
    except PaperworkError as error:
        raise Refused(_("The roster cannot be printed: %(why)s") % {"why": error}) from error


@in_chinese
def _register(agency: Agency) -> Register:
    columns = (("小组职务", 24), ("姓名", 16), ("职务", 20), ("任职文件", 26), ("起", 14), ("止", 14))
    return Register(
        title=title(agency),
        agency=agency.name,
        date=clock.today(),
        columns=tuple(Column(name=name, share=share) for name, share in columns),
        lines=tuple(
            line(
                each.place,
                each.name,
                each.position,
                each.paper,
                each.since.isoformat(),
                each.until.isoformat() if each.until else "",
            )
            for each in members(agency)
        ),
        remarks=(f"依据：{cite('secrecy_rules', 42)}。本名单由任职、授权记录生成，随任免变动。",),
        landscape=True,
    )
