"""The agencies and people of the demonstration."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gongkai.agencies import appointing, policy
from gongkai.agencies.models import Agency, Person, Role
from gongkai.cli.demo_year import PASSWORD
from gongkai.disclosure import columns, key_fields, standards
from gongkai.journal import clock
from gongkai.journal.chain import Who
from gongkai.review import approvals, drafts, examination, subjects, submission
from gongkai.review.models import Revision
from gongkai.supervision import kinds

ZONE = ZoneInfo("Asia/Shanghai")
SINCE = date(2019, 6, 3)


@dataclass(frozen=True)
class Player:
    """A person of the demonstration: log-in name, name, position, agency (office or district), roles."""

    username: str
    name: str
    position: str
    where: str
    roles: tuple[str, ...]


PEOPLE = (
    Player("jingban", "李静（演示）", "经办人，兼系统管理员", "office", (Role.HANDLER, Role.SYSTEM_ADMIN)),
    Player("zonghe", "王海（演示）", "公开工作机构负责人，兼安全管理员", "office", (Role.DISCLOSURE_HEAD, Role.HANDLER, Role.SECURITY_ADMIN)),
    Player("fenguan", "赵敏（演示）", "副主任，保密审查领导小组分管领导", "office", (Role.REVIEWER,)),
    Player("zhuren", "陈国栋（演示）", "主任，主要领导", "office", (Role.APPROVER,)),
    Player("keyuan", "孙丽（演示）", "科员", "office", ()),
    Player("quban", "周宁（演示）", "区政府办，政府信息公开工作主管部门", "district", (Role.SUPERVISOR,)),
    Player("qujingban", "林晓（演示）", "区政府办政务公开科，区政府年报经办人", "district", (Role.HANDLER,)),
    Player("qufenguan", "何平（演示）", "区政府办副主任，保密审查领导小组分管领导", "district", (Role.REVIEWER,)),
    Player("quzhang", "高远（演示）", "副区长，分管政府信息公开工作", "district", (Role.APPROVER,)),
    Player("shenji", "吴刚（演示）", "审计管理员", "district", (Role.AUDIT_ADMIN,)),
)  # fmt: skip


@dataclass
class Cast:
    """The two agencies and the people by log-in name."""

    district: Agency
    office: Agency
    people: dict[str, Person]

    def actor(self, username: str, hat: str = policy.BUSINESS) -> policy.Actor:
        """The person acting, with the appointments of the day that the clock shows."""
        return policy.actor_for(self.people[username], hat)

    def review(self, revision: Revision, *, upto: int = 3, opinion: str = "同意。") -> None:
        """Three people take their steps, a few hours apart."""
        for step, username in ((1, "jingban"), (2, "fenguan"), (3, "zhuren"))[:upto]:
            clock.advance(2 * 3600)
            kind = subjects.kind_of(revision.subject_kind)
            approvals.approve(
                self.actor(username),
                revision,
                step=step,
                opinion=opinion,
                checklist={key: True for key, _words in kind.asked(step)},
                statement=examination.nothing_in_the_way(revision) if kind.examined(step) else None,
            )

    def submit(self, kind: str, subject_id: Any, username: str = "jingban") -> Revision:
        """Submit the draft of a subject."""
        draft = drafts.draft_of(kind, subject_id)
        assert draft is not None
        return submission.submit(self.actor(username), draft, version=draft.version)


def morning(day: str | date, hour: int = 9) -> AbstractContextManager[None]:
    """The clock set to that day's morning."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return clock.at(datetime(on.year, on.month, on.day, hour, tzinfo=ZONE))


def assemble() -> Cast:
    """Agencies, people and appointments, as they stood in 2019."""
    with morning(SINCE):
        columns.load()
        standards.load()
        key_fields.load()
        kinds.load()
        district = Agency.objects.create(
            name="洛阳市西工区人民政府",
            short_name="区政府",
            code="XG0001",
            government=True,
            document_mark="西政",
            disclosure_office="西工区人民政府办公室（演示）",
            address="洛阳市西工区（演示地址）",
            hours="工作日9:00—12:00，13:30—17:30",
            phone="0379-00000010（演示）",
            fax="0379-00000011（演示）",
            email="district@example.invalid",
            postcode="471000",
            reconsideration_body="洛阳市人民政府",
            court="洛阳市中级人民法院",
            options={"site_id_code": "0000000000", "site_domain": "demo.example.invalid"},
        )
        office = Agency.objects.create(
            name="西工区城市改造办公室",
            short_name="区城改办",
            code="XG0123",
            parent=district,
            document_mark="西城改",
            disclosure_office="综合科（演示）",
            address="洛阳市西工区（演示地址）",
            hours="工作日9:00—12:00，13:30—17:30",
            phone="0379-00000000（演示）",
            fax="0379-00000001（演示）",
            email="demo@example.invalid",
            postcode="471000",
            functions="负责辖区棚户区改造和旧城改造的计划编报、项目推进、安置协调和政策宣传。",
            reconsideration_body="洛阳市西工区人民政府",
            superior_department="洛阳市住房和城乡建设局",
            court="洛阳铁路运输法院",
        )
        where = {"office": office, "district": district}
        people = {
            one.username: Person.objects.create_user(
                one.username,
                PASSWORD,
                name=one.name,
                position=one.position,
                agency=where[one.where],
                full_time=one.username == "jingban",
                joined_on=SINCE,
            )
            for one in PEOPLE
        }
        appointing.found(
            Who("system:demonstration", "演示"),
            [
                (people[one.username], where[one.where], role, "演示任职文件", SINCE)
                for one in PEOPLE
                for role in one.roles
            ],
        )
    return Cast(district, office, people)
