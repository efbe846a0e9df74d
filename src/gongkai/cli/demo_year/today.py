"""What is open today: three of each kind of work, so that a visitor finds a full inbox."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from gongkai.agencies import calendars
from gongkai.applications.personal import Request
from gongkai.cli.demo_year import application, letters
from gongkai.cli.demo_year.cast import Cast, morning
from gongkai.correspondence import complaints, handling, replies
from gongkai.correspondence.models import Topic
from gongkai.correspondence.procedure import Kind
from gongkai.correspondence.writer import Letter
from gongkai.disclosure import items
from gongkai.disclosure.content import KIND
from gongkai.supervision import entries

NOTE = "<p>（本件为演示内容。）</p>"


def ago(working_days: int) -> date:
    """The working day so many working days before today."""
    day, left = timezone.localdate(), working_days
    while left:
        day -= timedelta(days=1)
        left -= calendars.current().is_working_day(day)
    return day


def build(cast: Cast) -> None:
    """Items at each step, applications, letters, matters, tickets and tasks, with days left from few to many."""
    _items(cast)
    _applications(cast)
    _letters(cast)
    _complaint(cast)
    _tasks(cast)


def _items(cast: Cast) -> None:
    plans = (
        ("演示片区一竣工验收情况", 18, 0),
        ("安置房分批交付安排（第二批）", 12, 0),
        ("冬季施工安全检查情况", 6, 1),
        ("棚改安置政策问答（续）", 3, 2),
    )
    for title, days, steps in plans:
        with morning(ago(days)):
            said = {
                "title": title,
                "summary": f"{title}的说明。",
                "body": f"<p>{title}。具体内容由经办人补充。</p>{NOTE}",
                "attribute": "proactive",
                "column": "housing",
                "formed_on": ago(days).isoformat(),
                "source": cast.office.name,
            }
            item, _draft = items.begin(cast.actor("jingban"), cast.office, said)
            if days < 18:
                cast.review(cast.submit(KIND, item.pk), upto=steps)


def _applications(cast: Cast) -> None:
    wanted = (
        (19, "natural_person", Request(title="演示片区二安置房竣工验收备案表")),
        (11, "natural_person", Request(description="演示片区三房屋征收补偿费用专户存储证明")),
        (
            4,
            "natural_person",
            Request(description="2026年棚户区改造项目资金安排文件", form="paper", way="pick_up"),
        ),
    )
    for days, kind, request in wanted:
        with morning(ago(days)):
            application.apply(cast, request, kind)


def _letters(cast: Cast) -> None:
    rows: list[dict[str, Any]] = [
        {"kind": Kind.MAILBOX, "topic": "resettlement", "subject": "询问第二批交付时间", "text": "请问第二批安置房什么时候交付？", "title": "第二批安置房交付时间"},
        {"kind": Kind.MAILBOX, "topic": "property", "subject": "小区路灯不亮", "text": "安置小区东门路灯不亮，请督促维修。", "title": "安置小区路灯维修"},
        {"kind": Kind.MAILBOX, "topic": "policy", "subject": "咨询过渡费", "text": "请问过渡费本季度什么时候发放？", "title": "本季度过渡费发放"},
        {"kind": Kind.MEDIA_LINE, "topic": "environment", "source": "本地网络问政栏目（演示）", "source_number": "演示2026-201", "text": "网民反映工地出入口道路有泥土。", "title": "网民反映工地出入口道路保洁"},
        {"kind": Kind.MEDIA_LINE, "topic": "property", "source": "本地网络问政栏目（演示）", "source_number": "演示2026-207", "text": "网民反映安置小区停车难。", "title": "网民反映安置小区停车"},
        {"kind": Kind.MEDIA_LINE, "topic": "resettlement", "source": "本地网络问政栏目（演示）", "source_number": "演示2026-212", "text": "网民询问选房进度。", "title": "网民询问选房进度"},
        {"kind": Kind.ASSIGNED, "topic": "renewal", "source": "区政府领导（演示）", "source_number": "演示批〔2026〕41号", "text": "请报告演示片区一收尾情况。", "title": "演示片区一收尾情况"},
        {"kind": Kind.ASSIGNED, "topic": "resettlement", "source": "区政府领导（演示）", "source_number": "演示批〔2026〕44号", "text": "请提出第二批交付方案。", "title": "第二批交付方案"},
        {"kind": Kind.ASSIGNED, "topic": "environment", "source": "区政府领导（演示）", "source_number": "演示批〔2026〕45号", "text": "请核查冬季扬尘治理情况。", "title": "冬季扬尘治理核查"},
        {"kind": Kind.HOTLINE, "topic": "property", "source": "12345热线（演示）", "source_number": "演示26110001", "text": "来电反映暖气不热。", "title": "来电反映供暖"},
        {"kind": Kind.HOTLINE, "topic": "policy", "source": "12345热线（演示）", "source_number": "演示26110002", "text": "来电咨询安置政策。", "title": "来电咨询安置政策"},
        {"kind": Kind.HOTLINE, "topic": "environment", "source": "12345热线（演示）", "source_number": "演示26110003", "text": "来电反映夜间施工。", "title": "来电反映夜间施工"},
    ]  # fmt: skip
    for number, row in enumerate(rows):
        with morning(ago(1 + number % 3)):
            matter = letters.receive(cast, row)
            # One of each kind is registered, one in hand, one with its reply in review.
            if number % 3 == 0:
                continue
            _in_hand(cast, matter, row)
            if number % 3 == 2:
                matter.refresh_from_db()
                reply, _draft = replies.begin(
                    cast.actor("jingban"), matter, letters.said(row, "正在办理，现答复如下。")
                )
                cast.review(cast.submit(replies.KIND, reply.pk), upto=1)


def _in_hand(cast: Cast, matter: Any, row: dict[str, Any]) -> None:
    if row["kind"] == Kind.HOTLINE:
        handling.sign(cast.actor("jingban"), matter)
        matter.refresh_from_db()
    if row["kind"] == Kind.ASSIGNED:
        handling.propose(cast.actor("jingban"), matter, words="由综合科牵头办理。")
        matter.refresh_from_db()
    decider = "zonghe" if row["kind"] == Kind.ASSIGNED else "jingban"
    handling.assign(cast.actor(decider), matter, lead=cast.people["jingban"], title=row["title"])


def _complaint(cast: Cast) -> None:
    with morning(ago(2)):
        complaints.receive(
            cast.office,
            Letter(
                text="我认为贵区城改办没有按时更新公开指南中的联系方式（演示）。",
                name="投诉群众（演示）",
                phone=letters.WRITER_PHONE,
            ),
            topic=Topic.UNPUBLISHED,
        )


def _tasks(cast: Cast) -> None:
    for days, subject in (
        (-2, "核对公开指南的联系方式"),
        (2, "公开第三季度监督检查情况"),
        (8, "准备年度报告材料"),
    ):
        with morning(ago(10)):
            due = ago(-days) if days < 0 else calendars.current().add_working_days(timezone.localdate(), days)
            entries.open_entry(
                cast.actor("zonghe"),
                "task",
                cast.office,
                subject,
                fields={"requirement": f"{subject}，完成后报告。"},
                responsible=cast.people["jingban"],
                due_on=due,
            )
