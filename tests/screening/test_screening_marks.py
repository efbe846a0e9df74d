"""Marks against prose, papers and addresses of a person, wording."""

import time

import pytest

from gongkai.screening import screen_html, screen_text
from gongkai.screening.child import screen
from tests.screening.planting import ID


def kinds(text: str) -> list[str]:
    return [str(finding.kind) for finding in screen_text(text, location="正文")]


@pytest.mark.parametrize(
    "mark",
    [
        "机密★1年",
        "秘密★3年",
        "绝密★30年",
        "机密★",
        "绝密★长期",
        "机 密 ★ 1 0 年",
        "秘密☆3年",
        "秘密★３年",
        "机密⭐1年",
        "機密★5年",
        "机密★三年",
        "机密★6个月",
        "秘密级★3年",
        "秘密*3年",
        "机\n密\n★\n1\n年",
        "绝密",
        "机 密",
        "【秘密】",
        "（机密）",
        "机密级",
        "绝密文件",
        "密级：机密",
        "密 级： 秘密",
        "密级：秘密★3年",
        "秘密 3年",
        "000001　　　　机密★1年　　　　特急",
        "机密　特急",
        "秘密　　　　　份号：000012",
        "关于报送有关情况的通知（秘密）",
        "本文件属于国家秘密，请按规定保管。",
        "份号：000123",
        "000003\n西工区城市改造办公室文件",
        "秘密▲3年",
        "秘密●3年",
        "〔秘密〕",
        "絕\n密\n★\n3\n0\n年",
        "密級：機密",
        "保密级别：机密",
        "涉密等级：秘密",
        "定密：秘密",
        "密级 机密",
        "秘密（保密期限：3年）",
        "秘密★（3年）",
        "机密 保密期限1年",
        "机密，3年",
        "机密─5年",
        "机密【★】1年",
        "绝密★启用前",
        "機密 長期",
        "密件",
        "【涉密】",
        "（涉密）",
        "涉密文件",
        "【国家秘密】",
        "名单（秘密★3年）",
        "附件：名册（机密）",
        "[机密★1年]",
    ],
)
def test_a_classification_mark(mark: str) -> None:
    text = (
        f"{mark}\n西工区城市改造办公室\n关于印发工作方案的通知\n" if not mark.startswith("000003") else mark
    )
    assert "classification_mark" in kinds(text)
    assert set(kinds(text)) == {"classification_mark"}


@pytest.mark.parametrize(
    "prose",
    [
        "贯彻落实《中华人民共和国保守国家秘密法》，做到上网信息不涉密、涉密信息不上网。",
        "国家秘密的密级分为绝密、机密、秘密三级。",
        "国家秘密的密级分为绝密、机密、秘密三级。绝密级国家秘密是最重要的国家秘密，",
        "依法确定为国家秘密的政府信息，法律、行政法规禁止公开的政府信息",
        "涉及商业秘密、个人隐私等公开会对第三方合法权益造成损害的政府信息",
        "泄露国家\n秘密。\n第二条",
        "严守党和国家\n秘密，\n",
        "国家秘密（机密）事项的确定",
        "密级评定工作办法",
        "不属于国家秘密的，本信息不属于国家秘密，可以公开。",
        "本文件不属于国家秘密。",
        "秘密级以上的载体应当登记。",
        "机密级计算机不得接入互联网",
        "《机密》等影片",
        "邮编 471000\n地址 洛阳市西工区",
        "471000\n洛阳市西工区城市改造办公室",
        "评为★★★★★五星级",
        "十大机密档案展览开幕",
        "国家秘密的密级分为：\n绝密\n机密\n秘密\n",
        "密级\t最长期限\n绝密\t30年\n机密\t20年\n秘密\t10年\n",
        "密级：绝密、机密、秘密",
        "密级：□绝密 □机密 □秘密 □非密",
        "密级：公开",
        "是否涉密：否",
        "机密文件的管理\n第一条",
        "（商业秘密）",
        "商业秘密★",
        "无记名投票（秘密投票）",
        "《绝密★行动》放映",
        "（涉密信息除外）",
        "第一节 国家秘密\n第二节 商业秘密\n第三节 工作秘密",
        "未经保密审查，不得公开涉密文件、资料。",
    ],
)
def test_prose_about_secrecy_is_no_mark(prose: str) -> None:
    assert kinds(prose) == []


@pytest.mark.parametrize(
    "mark",
    [
        "内部资料",
        "内部资料　注意保存",
        "（内部资料，注意保存）",
        "内部文件 不得外传",
        "★内部资料★",
        "工作秘密",
        "【工作秘密】",
        "工作秘密★3年",
        "严禁外传",
        "仅供内部参考",
        "阅后收回",
        "内部资料　　　　　　第3期",
        "性质：内部资料",
        "本材料为内部资料，请妥善保管。",
        "内 部 资 料",
        "内部使用",
        "仅供内部参考",
        "会后收回",
        "用后收回",
        "阅后即焚",
        "限内部",
        "传阅件",
        "请勿外传",
        "請勿外傳",
        "名单（内部）",
        "通讯录【内部】",
        "此件不公开",
        "（此件不予公开）",
        "仅供参考，不得外传",
        "请注意保存",
        "内部明电",
        "内部材料、用后收回",
        "内部情况通报　不得外传",
        "此件严禁上网",
        "工作秘密 3年",
    ],
)
def test_an_internal_mark(mark: str) -> None:
    assert set(kinds(f"{mark}\n棚户区改造情况通报\n各街道办事处：")) == {"internal_mark"}


@pytest.mark.parametrize(
    "prose",
    [
        "加强内部资料管理，完善内部文件流转制度。",
        "不得泄露国家秘密、工作秘密、商业秘密和个人隐私。",
        "涉及工作秘密的内部资料、内部文件不得上网。",
        "机关内部文件传阅制度进一步健全",
        "个人信息要妥善保管，不得外传。",
        "请将回执注意保存备查。",
        "本通知不属于工作秘密。",
        "一、工作秘密的管理",
        "工作秘密管理办法",
        "内部资料性出版物管理办法",
        "妥善保管\n",
        "版权所有　禁止复制",
        "文件传阅制度",
        "传阅：办公室",
        "此件公开发布",
        "（此件主动公开）",
        "此件依申请公开",
        "属于内部事务信息（内部管理）的",
        "内部工作流程（工作秘密）的",
        "属于\n工作秘密\n的信息，",
    ],
)
def test_prose_about_internal_papers_is_no_mark(prose: str) -> None:
    assert kinds(prose) == []


@pytest.mark.parametrize(
    "mark",
    [
        "征求意见稿",
        "（讨论稿）",
        "送审稿",
        "草稿",
        "过程稿",
        "代拟稿",
        "初稿",
        "第二稿",
        "上会稿",
        "討論稿",
        "（草案）",
        "征求意见稿（第二次）",
        "DRAFT",
    ],
)
def test_a_draft_mark_on_a_line_of_its_own(mark: str) -> None:
    assert kinds(f"西工区棚户区改造实施方案\n{mark}\n第一条") == ["draft_mark"]


def test_a_step_of_how_papers_go_round_is_no_mark() -> None:
    html = "<table><tr><td>收文</td><td>登记</td><td>传阅</td><td>归档</td></tr></table>"
    assert screen_html(html, location="正文") == []


@pytest.mark.parametrize(
    "name,kind",
    [
        ("机密_名单.txt", "classification_mark"),
        ("拆迁户名册（秘密）.txt", "classification_mark"),
        ("通讯录（内部）.txt", "internal_mark"),
        ("内部资料-名册.txt", "internal_mark"),
    ],
)
def test_a_mark_in_the_name_of_a_file(name: str, kind: str) -> None:
    result = screen("办公室\n".encode(), name)
    assert [(f.kind, f.location) for f in result.findings] == [(kind, "文件名")]
    assert screen("办公室\n".encode(), "保守国家秘密法宣传.txt").findings == ()


def test_a_draft_mark_counts_alone_and_not_in_a_title() -> None:
    assert kinds("征求意见稿\n关于棚户区改造的实施方案") == ["draft_mark"]
    assert kinds("关于棚户区改造的实施方案\n（送审稿）\n第一条") == ["draft_mark"]
    assert kinds("西工区棚户区改造实施方案（征求意见稿）\n现向社会公开征求意见。") == []
    assert kinds("关于《办法（草案）》征求意见稿公开征求意见的公告") == []


@pytest.mark.parametrize(
    "text",
    [
        "护照号码：E12345678",
        "持EA1234567入境",
        "passport no. G12345678",
        "通行证 H12345678",
        "护照号码：E1234 5678",
        "台胞证12345678",
    ],
)
def test_a_passport(text: str) -> None:
    assert kinds(text) == ["passport"]


@pytest.mark.parametrize(
    "text", ["设备型号E12345678", "标准GB12345678", "H12345678", "合同编号：G12345678", "AE12345678"]
)
def test_a_code_is_no_passport(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize("text", ["车牌豫C12345", "豫C·A1234", "豫 C12345", "豫CD12345", "豫C1234学"])
def test_a_plate(text: str) -> None:
    found = kinds(text)
    assert found == ["vehicle_plate"]


@pytest.mark.parametrize("text", ["甘A类企业", "豫C20211231号", "新B2级", "豫政办〔2021〕15号", "苏C类"])
def test_what_is_no_plate(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "张三，住洛阳市西工区中州中路12号院3号楼2单元501室",
        "西工区春晴小区3幢1单元502",
        "家庭住址：九都路58号院",
        "红山乡东村3组12号",
        "凯旋花园5号楼1203室",
        "王城路恒大绿洲12-2-1503",
    ],
)
def test_a_home_address_down_to_the_door(text: str) -> None:
    assert kinds(text) == ["home_address"]
    (finding,) = screen_text(text, location="正文")
    assert finding.severity == "warn"


@pytest.mark.parametrize(
    "text",
    [
        "办公地址：洛阳市西工区政府机关3号楼502室",
        "受理地点：西工区行政服务中心2号楼301室",
        "征收范围：东至王城大道，西至纱厂路，涉及12号院、15号院共320户。",
        "2021-12-31",
        "拟建3号楼、5号楼，总户数1203户",
        "红山乡东村",
    ],
)
def test_an_office_or_a_project_is_no_home(text: str) -> None:
    assert kinds(text) == []


def test_wording_before_a_date_only() -> None:
    (finding,) = screen_text("截止2021年底，收到1件。", location="正文")
    assert (finding.kind, finding.severity) == ("wording", "warn")
    assert "截至" in finding.why
    assert kinds("截止日期为2021年12月31日。报名于12月31日截止。截至2021年底") == []


def test_radicals_that_pdf_files_write_for_characters_are_read() -> None:
    assert kinds("截⽌2021年底累计主动公开政府信息9项") == ["wording"]
    assert kinds("机密★⻓期") == ["classification_mark"]
    assert kinds("⼯作秘密") == ["internal_mark"]


def test_severities_follow_the_policy() -> None:
    from gongkai.screening import Kind, Policy, Rules, Severity

    strict = Policy.from_json({"wording": "block", "mobile_number": "warn"})
    found = screen_text("截止2021年底 13812345678", location="正文", rules=Rules(strict))
    assert {f.kind: f.severity for f in found} == {
        Kind.WORDING: Severity.BLOCK,
        Kind.MOBILE_NUMBER: Severity.WARN,
    }
    assert Policy.from_json(strict.to_json()) == strict
    with pytest.raises(ValueError, match="nonsense"):
        Policy.from_json({"nonsense": "block"})


@pytest.mark.parametrize(
    "unit",
    ["1 ", "1", "1\n", "6222 ", f"{ID} ", "秘密\n", "内部资料 ", "本文件属", "住址路1号", "份    ", "征 求 "],
)
def test_one_megabyte_of_anything_takes_seconds_at_most(unit: str) -> None:
    text = (unit * 1_000_000)[:1_000_000]
    began = time.process_time()
    screen_text(text, location="正文")
    assert time.process_time() - began < 15
