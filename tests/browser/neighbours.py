"""Two more agencies of the demonstration's district, each with three people, whose reports on a year are filed:
python tests/browser/neighbours.py FOLDER YEAR, while the instance is served or not."""

import sys
from datetime import date
from pathlib import Path

from gongkai.cli import frame

SINCE = date(2019, 6, 3)
AGENCIES = (("XG0201", "西工区教育局", "jiaoyu"), ("XG0202", "西工区民政局", "minzheng"))
PROBLEMS = {
    "XG0201": "（一）存在的主要问题\n招生政策解读集中在暑期，平时更新较少。\n（二）改进情况\n每学期初集中公开入学政策问答（演示）。",
    "XG0202": "（一）存在的主要问题\n救助标准调整后，旧标准没有及时注明失效。\n（二）改进情况\n调整当日同步标注新旧标准（演示）。",
}


def main(home: Path, year: int) -> None:
    """Found the agencies and bring their reports as far as the district's desk."""
    frame.start(home)
    from gongkai.agencies import appointing, policy
    from gongkai.agencies.models import Agency, Person, Role
    from gongkai.cli.demo_year import PASSWORD
    from gongkai.journal import outbox
    from gongkai.reporting import reports
    from gongkai.review import approvals, examination, subjects

    district = Agency.objects.get(code="XG0001")
    system, security = (
        policy.actor_for(Person.objects.get(username=name), policy.ADMINISTRATION)
        for name in ("jingban", "zonghe")
    )
    roles = (Role.HANDLER, Role.REVIEWER, Role.APPROVER)
    for code, name, letters in AGENCIES:
        agency = Agency.objects.create(code=code, name=name, parent=district)
        people = [
            Person.objects.create_user(f"{letters}{n}", PASSWORD, name=f"演示{name}{n}", agency=agency)
            for n in (1, 2, 3)
        ]
        for who, role in zip(people, roles, strict=True):
            row = appointing.propose(system, who, agency, role, paper="演示任职文件", starts_on=SINCE)
            appointing.confirm(security, row)
        handler = policy.actor_for(people[0])
        report, draft = reports.begin(handler, agency, year)
        draft = reports.save(
            handler, report, draft.content | {"problems": PROBLEMS[code]}, version=draft.version
        )
        revision = reports.submit(handler, report, version=draft.version)
        kind = subjects.kind_of("report")
        for step, who in enumerate(people, 1):
            approvals.approve(
                policy.actor_for(who),
                revision,
                step=step,
                opinion="同意。",
                checklist={key: True for key, _words in kind.asked(step)},
                statement=examination.nothing_in_the_way(revision) if kind.examined(step) else None,
            )
    outbox.sweep()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
