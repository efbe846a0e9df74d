"""The rest of the shown site: one of each information type, project, letters, questions, figures, report, an old address."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gongkai.channels import redirects
from gongkai.correspondence import publication
from gongkai.disclosure import key_fields, opinions, projects, standards
from gongkai.journal import clock, outbox
from gongkai.reporting import statistics
from gongkai.review import submission
from tests.applications import cases
from tests.correspondence import letters
from tests.disclosure.opinions import PERIOD as SOLICITED
from tests.disclosure.test_notices import MORE as POSTED
from tests.items import approve, released
from tests.policies import PLANNED, explained, passed, policy
from tests.projects import recorded
from tests.reporting import reports

SHANGHAI = ZoneInfo("Asia/Shanghai")
# The day on which the site is looked at: a notice and a solicitation run.
SEEN = datetime(2022, 1, 24, 9, 0, tzinfo=SHANGHAI)
PLACE = "城市改造办公室征收科，0379-00000001，凯旋路1号"
GUIDE = {
    "basis": "《国有土地上房屋征收与补偿条例》第二十一条",
    "who": "已经签订补偿协议、选择房屋产权调换的被征收人",
    "bring": "补偿协议原件\n被征收人身份证明\n委托他人办理的，委托书和受托人身份证明",
    "steps": "持材料到窗口登记\n按签约顺序号到现场选房\n签订安置房确认书",
    "where": "区政务服务中心三楼12号窗口",
    "hours": "工作日 8:30—12:00，15:00—18:00",
    "phone": "0379-00000000",
    "fee": "不收费",
}
CARD = {
    "name": "健康路片区棚户区改造",
    "place": "东至王城大道，西至健康路，南至九都路，北至中州中路",
    "stage": "签约阶段",
    "households": 320,
    "signed": 256,
    "figures_on": "2021-10-31",
    "figures_source": "项目指挥部签约台账",
}
DECISION = (
    "<p>因旧城区改建需要，决定征收下列范围内国有土地上的房屋。</p>"
    "<p>附：征收补偿方案。被征收人对本决定不服的，可以自公告之日起六十日内依法申请行政复议，"
    "也可以自公告之日起六个月内依法提起行政诉讼。</p>"
)
# A text long enough to begin with its contents.
ARTICLES = (
    "安置房按照先签约先选房的原则分配，选房顺序号以签订补偿协议并搬迁交房的时间为准，由征收部门当场编号并公示，编号不得转让。",
    "选房在公证机构监督下进行，选房结果当场登记、当日公布；放弃选房的，顺序号顺延，被征收人可以参加下一批选房。",
    "安置房交付前应当通过竣工验收，具备供水、供电、供气和通行条件；交付时向被征收人出示验收文件和面积实测报告。",
)
LONG_TEXT = "".join(
    f"<h2>{chapter}</h2>"
    + "".join(f"<p>第{number}条　{words}</p>" for number, words in zip(numbers, ARTICLES * 2, strict=False))
    for chapter, numbers in (
        ("第一章　总则", "一二三四"),
        ("第二章　分配顺序", "五六七八"),
        ("第三章　选房程序", "九十"),
        ("第四章　交付和管理", ("十一", "十二", "十三", "十四")),
        ("第五章　监督和责任", ("十五", "十六", "十七", "十八")),
        ("第六章　附则", ("十九", "二十")),
    )
)
QUESTIONS = (
    ("过渡费什么时候发放？", "expropriation", "每季度第一个月的20日前发放，遇节假日顺延。"),
    ("租住公房的住户可以补偿吗？", "expropriation", "与公房管理单位签订租赁合同的，按照补偿方案第八条办理。"),
)
LETTERS = (
    (
        "过渡费何时发放",
        "我家是健康路片区的住户，过渡费还没有收到，什么时候发放？",
        "第三季度过渡费已于10月20日发放。",
    ),
    (
        "安置房何时交付",
        "唐宫路安置房原定十月交付，现在到了哪一步？",
        "工程已完成主体验收，预计12月底前交付。",
    ),
)


def _day(month: int, day: int, year: int = 2021) -> Any:
    return clock.at(datetime(year, month, day, 9, 30, tzinfo=SHANGHAI))


def make(office: Any) -> dict[str, str]:
    """Release and publish it all, each on its day; the addresses by name."""
    standards.load()
    key_fields.load()
    found: dict[str, str] = {}
    _texts(office, found)
    _project(office, found)
    _taking_part(office, found)
    _letters(office, found)
    with _day(11, 8):
        case = cases.web(office)
        cases.web(office)
        cases.searched(office, case)
        cases.sent(office, cases.decided(office, case), date(2021, 11, 8))
    with clock.at(SEEN):
        statistics.refresh()
        outbox.sweep()
    return found


def address(item: Any) -> str:
    """Where the page of an item stands."""
    item.refresh_from_db()
    return f"/items/{item.index_number.replace('/', '-')}/"


def _texts(office: Any, found: dict[str, str]) -> None:
    with _day(10, 11):
        document = policy(
            office,
            PLANNED | {"expires_on": "2026-10-11"},
            title="西工区保障性安居工程安置房分配和管理规定",
            summary="规定安置房的分配顺序、选房程序和后续管理。",
            document_number="西政规〔2021〕3号",
            formed_on="2021-10-08",
            body=LONG_TEXT,
        )
        told = explained(office, document, formed_on="2021-10-08")
        passed(office, document)
        passed(office, told)
    found |= {"item-policy": address(document), "item-interpretation": address(told)}
    with _day(10, 12):
        guide = released(
            office,
            title="安置房选房办理",
            summary="说明选房需要的材料、步骤、地点和时间。",
            column="20-05",
            variety="service",
            more=GUIDE,
            formed_on="2021-10-10",
        )
        found["item-service"] = address(guide)
        for words, subject, answer in QUESTIONS:
            asked = released(
                office,
                title=words,
                summary=words,
                body=f"<p>{answer}</p>",
                column="questions",
                variety="question",
                more={"question": words, "subject": subject, "origin": "hotline", "policy": ""},
                formed_on="2021-10-10",
            )
        found["item-question"] = address(asked)
        redirects.add(None, "/html/2021/1012/8848.html", guide)


def _project(office: Any, found: dict[str, str]) -> None:
    with _day(10, 13):
        project = projects.begin(
            office.actor("handler"),
            office.agency,
            kind="expropriation",
            name=CARD["name"],
            place=CARD["place"],
            begun_on=date(2021, 9, 1),
        )
        recorded(office, project)
        decision = released(
            office,
            title="西工区人民政府关于健康路片区棚户区改造项目房屋征收的决定",
            summary="公布征收范围、征收部门、签约期限和救济途径。",
            body=DECISION,
            formed_on="2021-10-12",
            document_number="西政征〔2021〕13号",
            standard="expropriation-07",
            project_point=f"{project.code}/decision",
        )
        found["item-decision"] = address(decision)
    with _day(11, 2):
        card = released(
            office,
            title="健康路片区棚户区改造项目进展",
            summary="公布签约户数和所处阶段。",
            variety="project",
            more=CARD | {"project": project.code},
            formed_on="2021-11-01",
        )
        found["item-project"] = address(card)
        found["project"] = f"/projects/{project.code}/"


def _taking_part(office: Any, found: dict[str, str]) -> None:
    with _day(1, 10, 2022):
        running = released(
            office,
            title="健康路片区棚户区改造项目分户补偿情况公示",
            summary="公示被征收人的分户补偿情况，接受监督。",
            body="<p>现将第一批分户补偿情况予以公示。</p>",
            column="21-c5",
            formed_on="2022-01-07",
            variety="notice",
            more=POSTED
            | {
                "begins": "2022-01-10",
                "ends": "2022-02-08",
                "contact": PLACE,
                "after": "<p>公示期满，未收到异议。</p>",
                "after_summary": "公示已经结束，未收到异议。",
            },
        )
        draft = released(
            office,
            title="西工区既有住宅加装电梯补助办法（征求意见稿）",
            summary="就补助对象、标准和申请程序公开征求意见。",
            body="<p>第一条　加装电梯的，每部补助15万元。</p>",
            column="21-c5",
            formed_on="2022-01-07",
            variety="solicitation",
            more=SOLICITED
            | {
                "begins": "2022-01-10",
                "ends": "2022-02-10",
                "contact": PLACE,
                "explanation": "<p>起草依据、主要内容和需要说明的问题见下。</p>",
            },
        )
        found |= {
            "item-notice": address(running),
            "item-solicitation": address(draft),
            "opinion": f"/opinions/{draft.pk}/",
        }
    with _day(1, 12, 2022):
        opinions.receive(
            draft,
            opinions.Said(text="建议提高一层住户的补助。", name="演示", contact="13900001111"),
            stance="change",
            address="192.0.2.1",
        )


def _letters(office: Any, found: dict[str, str]) -> None:
    for place, (title, question, answer) in enumerate(LETTERS):
        with _day(10, 20 + place):
            letter = replace(letters.LETTER, subject=title, text=question)
            matter = letters.registered(office, "mailbox", letter=letter).matter
            letters.take_up(office, matter)
            letters.send(office, letters.cleared(office, matter, body=f"来信收悉。\n{answer}"))
            matter.refresh_from_db()
            said = {"title": title, "question": question, "answer": answer}
            text = publication.begin(office.actor("handler"), matter, said)
            revision = submission.submit(office.actor("handler"), text, version=text.version)
            for step in (1, 2, 3):
                approve(office, revision, step)
            matter.refresh_from_db()
            found["letter"] = f"/letters/{revision.subject_id}/"
    with _day(1, 17, 2022):
        reports.published(office)
