"""The 2021 report: compiled from the records, written, reviewed and published in January 2022; from the report on 2022
on the district collects them before they are published."""

from gongkai.cli.demo_year.cast import Cast, morning
from gongkai.reporting import collecting, reports

PROBLEMS = """（一）存在的主要问题
一是公开的针对性有待提升，安置进度类信息公开频次不够；二是解读形式较为单一。
（二）改进情况
一是按季度公开项目进展和安置安排；二是对群众关心的政策采用问答形式解读；三是将参训人员范围扩展到全体人员，本年度已经实现全员培训。
（本报告文字为演示内容。）"""


def build(cast: Cast) -> None:
    """Begin, write, submit, three people, published."""
    with morning("2022-01-10"):
        row, draft = reports.begin(cast.actor("zonghe"), cast.office, 2021)
        draft = reports.save(
            cast.actor("zonghe"), row, draft.content | {"problems": PROBLEMS}, version=draft.version
        )
        revision = reports.submit(cast.actor("zonghe"), row, version=draft.version)
        cast.review(revision)
    with morning("2022-11-15"):
        collecting.set_rule(
            cast.actor("quban"), cast.district, collects=True, first_year=2022, basis="演示通知"
        )
