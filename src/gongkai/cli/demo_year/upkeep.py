"""Supervision in 2021: rules, posts, accounts, meetings, tasks, an inspection with its rectification, training,
assessment; no accountability case."""

from datetime import date
from typing import Any

from gongkai.cli.demo_year.cast import Cast, morning
from gongkai.supervision import attendance, entries, moves
from gongkai.supervision.models import Entry

EVIDENCE = "（演示）会议材料和照片存档。".encode()


def build(cast: Cast) -> None:
    """Open the entries of the year and take their moves."""
    with morning("2021-01-11"):
        _registers(cast)
    with morning("2021-02-18"):
        _deployment(cast)
    with morning("2021-06-30"):
        _done_task(cast)
    with morning("2021-09-15"):
        _inspection(cast)
    with morning("2021-11-18"):
        _training(cast)
    with morning("2021-12-20"):
        _assessment(cast)


def _open(
    cast: Cast, kind: str, subject: str, fields: dict[str, Any], by: str = "zonghe", **more: Any
) -> Entry:
    return entries.open_entry(cast.actor(by), kind, cast.office, subject, fields=fields, **more)


def _registers(cast: Cast) -> None:
    _open(
        cast, "post", "政府信息公开经办岗",
        {"post": "经办岗", "person": str(cast.people["jingban"].pk), "time": "full", "duties": "起草、确认、登记、归档"},
    )  # fmt: skip
    for platform, handle in (("wechat", "西工城改（演示）"), ("meipian", "西工城改美篇（演示）")):
        _open(
            cast, "account", handle,
            {"platform": platform, "handle": handle, "sponsor": cast.office.name, "filing": "2021年1月报区政府办备案（演示）"},
            responsible=cast.people["jingban"],
        )  # fmt: skip
    rule = _open(
        cast, "rule", "政府信息主动公开工作制度",
        {"category": "proactive", "edition": "第1版", "text": "主动公开的范围、程序、时限和责任（演示）。"},
    )  # fmt: skip
    rule = moves.take(cast.actor("zhuren"), rule, "approve", fields={"document_number": "西城改〔2021〕1号"})
    moves.take(cast.actor("zonghe"), rule, "enforce", fields={"effective_on": "2021-01-11"})
    _open(
        cast, "ideology", "落实网络意识形态责任制",
        {"type": "duty", "content": "明确责任人和账号清单，每季度排查风险。"},
        responsible=cast.people["zonghe"], due_on=date(2021, 12, 31),
    )  # fmt: skip


def _deployment(cast: Cast) -> None:
    meeting = _open(
        cast, "meeting", "研究部署2021年政府信息公开工作",
        {"type": "deployment", "place": "会议室", "agenda": "研究部署棚改信息公开工作，分解年度要点"},
        responsible=cast.people["zonghe"],
    )  # fmt: skip
    moves.take(
        cast.actor("zonghe"), meeting, "hold", fields={"minutes": "确定年度计划、责任人和时限（演示）。"}
    )
    _open(
        cast, "key_point", "加大重大建设项目批准和实施信息公开力度",
        {"level": "district", "source": "2021年区政务公开工作要点（演示）", "requirement": "每半年公开一次项目进展"},
    )  # fmt: skip


def _done_task(cast: Cast) -> None:
    point = Entry.objects.get(kind="key_point")
    task = _open(
        cast, "task", "公开上半年棚户区改造项目进展",
        {"requirement": "汇总形象进度和投资完成情况，经三级审查后公开"},
        responsible=cast.people["jingban"], due_on=date(2021, 7, 20), parent=point,
    )  # fmt: skip
    with morning("2021-07-19"):
        entries.add_evidence(cast.actor("jingban"), task, EVIDENCE, "说明.txt")
        task.refresh_from_db()
        task = moves.take(cast.actor("jingban"), task, "report", outcome="已于7月16日公开。")
        moves.take(cast.actor("zonghe"), task, "confirm")
        point.refresh_from_db()
        moves.take(cast.actor("zonghe"), point, "finish", outcome="上半年、年末各公开一次。")


def _inspection(cast: Cast) -> None:
    check = entries.open_entry(
        cast.actor("quban"), "inspection", cast.office, "察访核验：栏目更新和保密审查记录",
        fields={"scope": "timeliness", "objects": cast.office.name, "checklist": "抽查五件信息的时限和审查表"},
    )  # fmt: skip
    entries.add_evidence(cast.actor("quban"), check, EVIDENCE, "检查记录.txt")
    check.refresh_from_db()
    moves.take(cast.actor("quban"), check, "carry_out", outcome="审查记录齐全，一个栏目更新间隔偏长。")
    found = entries.open_entry(
        cast.actor("quban"), "finding", cast.office, "“监督检查”栏目更新间隔偏长",
        fields={"source": "inspection", "severity": "minor", "problem": "该栏目上半年没有更新"},
        responsible=cast.people["jingban"], due_on=date(2021, 10, 29),
        parent=Entry.objects.get(pk=check.pk),
    )  # fmt: skip
    with morning("2021-10-29", 16):
        entries.add_evidence(cast.actor("jingban"), found, EVIDENCE, "整改说明.txt")
        found.refresh_from_db()
        found = moves.take(
            cast.actor("jingban"), found, "claim",
            outcome="已公开物业和质量监督检查情况。", fields={"measures": "按季度公开监督检查情况"},
        )  # fmt: skip
        moves.take(cast.actor("quban"), found, "accept")


def _training(cast: Cast) -> None:
    session = _open(
        cast, "training", "《政府信息公开条例》全员培训",
        {"form": "central", "teacher": "区政府办（演示）", "place": "会议室", "hours": "3",
         "material": "《政府信息公开条例》第十三条至第十八条、第二十七条至第四十五条"},
    )  # fmt: skip
    attendance.everyone(cast.actor("zonghe"), session)
    session.refresh_from_db()
    moves.take(cast.actor("zonghe"), session, "hold")
    course = _open(
        cast, "secondment", "到区政府办以干代训",
        {"person": str(cast.people["keyuan"].pk), "host": "区政府办（演示）", "until": "2021-12-17", "task": "参与依申请公开办理"},
    )  # fmt: skip
    with morning("2021-12-17"):
        moves.take(cast.actor("zonghe"), course, "complete", fields={"appraisal": "能独立办理登记和补正。"})


def _assessment(cast: Cast) -> None:
    for section, subject, full, score in (
        ("disclosure", "政府信息公开落实情况", "50", "48"),
        ("e_government", "电子政务落实情况", "20", "19"),
        ("open_affairs", "政务公开落实情况", "30", "29"),
    ):
        row = entries.open_entry(
            cast.actor("quban"), "indicator", cast.office, subject,
            fields={"section": section, "full": full, "standard": "按年度绩效评估办法评分（演示）"}, year=2021,
        )  # fmt: skip
        moves.take(cast.actor("quban"), row, "score", fields={"score": score, "ground": "日常检查和年末核验"})
    survey = _open(
        cast, "evaluation", "2021年社会评议", {"method": "questionnaire"}, year=2021,
    )  # fmt: skip
    moves.take(
        cast.actor("zonghe"), survey, "publish",
        fields={"sample": "60", "satisfied": "57", "findings": "希望更多公开安置进度（演示）。"},
    )  # fmt: skip
