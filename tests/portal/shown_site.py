"""A site as a visitor meets it: some forty items of an office of urban renewal, marked as demonstration."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gongkai.channels import site
from gongkai.disclosure import items, normative
from gongkai.disclosure.models import NormativeDocument
from gongkai.journal import clock
from gongkai.review import releases
from gongkai.review.models import Release
from tests.items import approve, drafted, released, submitted
from tests.portal import shown_more, sites

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = {
    "title": "西工区国有土地上房屋征收与补偿实施办法",
    "summary": "规定本区国有土地上房屋征收的程序、补偿标准、评估和产权调换。",
    "column": "20-01",
    "normative": True,
    "theme": "城乡建设、环境保护",
    "genre": "通知",
    "keywords": "房屋征收，补偿，产权调换",
    "body": (
        "<h2>第一章　总则</h2>"
        "<p>第一条　为了规范国有土地上房屋征收与补偿活动，维护公共利益，保障被征收房屋所有权人的合法权益，"
        "根据《国有土地上房屋征收与补偿条例》，结合本区实际，制定本办法。</p>"
        "<p>第二条　房屋征收与补偿应当遵循决策民主、程序正当、结果公开的原则。</p>"
        "<h2>第二章　补偿</h2>"
        "<p>第三条　被征收人可以选择货币补偿，也可以选择房屋产权调换。补偿标准按照下表执行，"
        "停产停业损失的补偿另行评估确定。</p>"
        "<table><caption>补偿和补助标准</caption><thead><tr><th>项目</th><th>标准</th><th>说明</th></tr></thead><tbody>"
        "<tr><td>搬迁费</td><td>每户2000元</td><td>产权调换的，按两次计算</td></tr>"
        "<tr><td>临时安置费</td><td>每月每平方米12元</td><td>按证载建筑面积计算</td></tr>"
        "<tr><td>提前签约奖励</td><td>每户10000元</td><td>在签约期限前15日内签约</td></tr></tbody></table>"
        "<p>第四条　本办法自公布之日起施行。</p>"
        '<p class="right">西工区人民政府</p><p class="right">2020年5月20日</p>'
    ),
}
STREETS = [
    "健康路",
    "王城大道",
    "解放路",
    "中州中路",
    "九都路",
    "唐宫路",
    "体育场路",
    "行署路",
    "纱厂南路",
    "凯旋路",
    "玻璃厂路",
    "定鼎路",
]
ACTS = (
    ("房屋征收决定公告", "公布征收范围、征收部门、签约期限和救济途径。"),
    ("征收补偿方案（征求意见稿）公示", "公布征收补偿方案征求意见稿，征求意见期限三十日。"),
    ("房屋调查登记结果公示", "公布被征收房屋的权属、用途、建筑面积等调查结果。"),
)
OTHERS = (
    ("2021年度西工区棚户区改造计划执行情况（第一季度）", "housing", "公布本年度棚改项目开工、基本建成套数。"),
    ("关于老旧小区物业服务收费标准的公告", "20-08", "公布老旧小区物业服务的收费项目、依据和标准。"),
    ("2021年部门预算公开", "20-07", "公布部门收支预算总表、财政拨款支出表和“三公”经费预算。"),
    ("《西工区国有土地上房屋征收与补偿实施办法》解读", "interpretation", "说明补偿方式、标准和办理流程。"),
    ("城市改造办公室机构职能", "20-02", "公布职能、内设机构、办公地址、办公时间、联系方式和负责人姓名。"),
    ("安置房分配工作推进会召开", "news", "部署安置房选房、分配和交付工作。"),
    ("西工区政府信息公开审查制度", "rules", "规定政府信息公开前的三级审查程序。"),
)


def make(office: Any) -> dict[str, str]:
    """Release the items and write the whole site, once, at the end; three withdrawn, each in another way.

    The addresses of the pages that have no fixed one, by name.
    """
    sites.fresh()
    sites.name_site(office)
    # An item has its place in the column from its release on, also when it is withdrawn later.
    with sites.unwritten():
        found = _released(office)
    with clock.at(shown_more.SEEN):
        site.write_all()
    return found


def _released(office: Any) -> dict[str, str]:
    for name, value in {
        "disclosure_office": "办公室（政务公开科）",
        "address": "河南省洛阳市西工区（演示地址）",
        "hours": "工作日 8:30—12:00，15:00—18:00",
        "phone": "0379-00000000",
        "fax": "0379-00000001",
        "email": "demo@example.gov.cn",
        "functions": "负责全区棚户区改造、国有土地上房屋征收与补偿、安置房建设和分配的组织实施。",
    }.items():
        setattr(office.agency, name, value)
    office.agency.save()
    day = datetime(2020, 6, 1, 9, 20, tzinfo=SHANGHAI)
    with clock.at(day):
        rules = released(office, **RULES, formed_on="2020-05-20", document_number="西政〔2020〕15号")
    made = []
    for place, street in enumerate(STREETS):
        for step, (act, summary) in enumerate(ACTS):
            day = datetime(2020, 9 + place // 4, 1 + place % 4 * 7 + step, 10, 5 + place, tzinfo=SHANGHAI)
            with clock.at(day):
                made.append(
                    released(
                        office,
                        title=f"西工区{street}片区棚户区改造项目{act}",
                        summary=summary,
                        formed_on=day.date().isoformat(),
                        document_number=f"西政征〔2020〕{place + 1}号" if step == 0 else "",
                    )
                )
    for place, (title, column, summary) in enumerate(OTHERS):
        with clock.at(datetime(2021, 1 + place, 8, 9, 30, tzinfo=SHANGHAI)):
            released(office, title=title, column=column, summary=summary, formed_on=f"2021-{1 + place:02}-05")
    with clock.at(datetime(2021, 9, 6, 8, 40, tzinfo=SHANGHAI)):
        item = drafted(
            office,
            title="西工区国有土地上房屋征收与补偿实施办法（2021年修订）",
            **{name: value for name, value in RULES.items() if name != "title"},
            formed_on="2021-09-01",
            document_number="西政〔2021〕20号",
            effective_on="2021-10-01",
        )
        items.attach(office.actor("handler"), item, "补偿标准对照".encode(), "补偿标准新旧对照表.txt")
        revision = submitted(office, item)
        for step in (1, 2, 3):
            approve(office, revision, step)
    with clock.at(datetime(2021, 10, 8, 9, 0, tzinfo=SHANGHAI)):
        normative.happen(
            office.actor("handler"),
            NormativeDocument.objects.get(item=rules),
            "repealed",
            on=clock.today(),
            paper="西政〔2021〕20号",
        )
        for gone, reason, title in (
            (made[0], "expired", True),
            (made[4], "error", False),
            (made[8], "leak", False),
        ):
            releases.withdraw(
                office.actor("reviewer"),
                Release.objects.get(subject_id=gone.pk),
                reason=reason,
                show_title=title,
            )
    return shown_more.make(office)
