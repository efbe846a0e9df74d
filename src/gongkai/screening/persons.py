"""Rows of lists that name a person.

One name is seldom a leak; a list of them may be. What each row tells may be public while all of them
together are not (保守国家秘密法实施条例第四十三条), and publishing personal data wants an assessment of
its effects first (个人信息保护法第五十五条). So the rows are counted, and a number beside a name says so.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from gongkai.screening.anchors import Anchor
from gongkai.screening.hits import Page

# The common surnames; of a rarer one a column headed 姓名 still tells.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严赖覃洪武莫孔汤向常温康施文牛樊"
    "葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳"
    "管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟"
    "邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼"
    "蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮普闪"
)
_DOUBLE = "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|钟离|长孙|宇文|司徒|鲜于|司空|令狐"
_HAN = "一-鿿"
_NAME = re.compile(
    rf"(?:(?:{_DOUBLE})[{_HAN}]{{1,2}}|[{_SURNAMES}][{_HAN}]{{1,2}}|[{_HAN}]{{2,8}}(?:[·•.-][{_HAN}]{{2,10}}){{1,2}})"
)
# Under a column headed 姓名 whatever is as short as a name is one, but for these.
_SHORT = re.compile(rf"[{_HAN}]{{2,4}}|{_NAME.pattern}")
_NO_NAME = re.compile(
    r".*某|姓名|名字|合计|小计|总计|共计|备注|说明|无|略|匿名|保密|不详|待定|签[名字章]|单位|户主|本人|业主|"
    r".*(?:公司|单位|学校|中心|部门|街道|社区|委员会|项目|工程|[省市区县镇乡村局厅处科室组队院所站办])"
)
_SURE = re.compile(rf"(?:^|[ (/、])[{_HAN}]{{0,8}}(?:姓 ?名|名 ?字)(?=$|[ )(/、])")
_LIKELY = re.compile(
    r"(?:^|[ (/、])(?:户 ?主|业 ?主|房 ?主|申 ?请 ?人|共同申请人|家庭成员|产权人|权利人|所有权人|被征收人|被拆迁人|被安置人|承租人|"
    r"当事人|受助人|受益人|被处罚人|投诉人|举报人|信访人|来信人|患 ?者|学 ?生|考 ?生|职 ?工|残疾人|"
    r"(?:救助|保障|补贴|补助|资助|帮扶|发放|安置)对象)(?=$|[ )(/、])"
)
_ANY_HEADING = re.compile(rf"{_SURE.pattern}|{_LIKELY.pattern}", re.MULTILINE)
_PARTED = re.compile(r"[ |,;]+")
_COLUMN = re.compile(
    r"序号|编号|性别|年龄|民族|身份证|证件|电话|手机|联系|住址|地址|单位|金额|面积|备注|户籍|班级|学校|卡号|账号|帐号|银行|人数|人口|类别|等级|时间|日期"
)
# After so many lines without a name a list has ended; where each cell has a line, rows are that much longer.
_IDLE_ROWS, _IDLE_CELLS = 4, 30
_CELL, _LONGEST_CELL = 10, 60
_ROW_END = "\t\n"


@lru_cache(maxsize=4096)
def _heads_names(heading: str) -> re.Pattern[str] | None:
    """What counts as a name under this heading; None if it does not head names."""
    if _SURE.search(heading):
        return _SHORT
    return _NAME if _LIKELY.search(heading) else None


def _is_name(text: str, form: re.Pattern[str]) -> bool:
    written = "".join(text.split())
    return bool(form.fullmatch(written)) and not _NO_NAME.fullmatch(written)


def named_rows(page: Page) -> list[tuple[int, int]]:
    """Start and end of every row of a table, or line of a list, that names a person; ascending.

    A masked name (张某某, 张*) names nobody. Names in running text are not looked for.
    """
    passage = page.passage
    if any(_heads_names(place.heading) for place in passage.places if place.heading):
        return list(_rows_of_tables(page))
    return list(_lines_of_lists(page.folded)) if any(page.near(Anchor.NAME, _ANY_HEADING)) else []


def _rows_of_tables(page: Page) -> Iterator[tuple[int, int]]:
    text = page.folded
    starts = [place.start for place in page.passage.places] + [len(text)]
    row_start = row_end = 0
    told = -1
    for place, (start, end) in zip(page.passage.places, pairwise(starts), strict=True):
        while start >= row_end and row_end < len(text):
            row_start, found = row_end, text.find(_ROW_END, row_end)
            row_end = len(text) if found < 0 else found + len(_ROW_END)
        form = _heads_names(place.heading) if place.heading else None
        if form and told != row_start and _is_name(text[start:end], form):
            told = row_start
            yield row_start, row_end


def _lines_of_lists(text: str) -> Iterator[tuple[int, int]]:
    """Lines under a line of headings, as a list is left when its table was lost (pdf, plain text)."""
    left = start = 0
    above = ""
    column = False
    for line in text.split("\n"):
        end = start + len(line)
        words = [word for word in _PARTED.split(line.replace("\t", " ")) if word]
        joined = " ".join(words)
        heads = bool(joined) and len(joined) <= 200 and _ANY_HEADING.search(joined)
        if heads and _COLUMN.search(joined):
            left, column = _IDLE_ROWS, False
        elif heads and len(joined) <= _CELL and 0 < len(above) <= _CELL:
            # Each cell has a line of its own: 考号⏎姓名⏎性别⏎…
            left, column = _IDLE_CELLS, True
        elif left and joined:
            left -= 1
            found = (
                _is_name(joined, _NAME)
                if column
                else len(words) > 1 and any(_is_name(word, _NAME) for word in words)
            )
            if found:
                left = _IDLE_CELLS if column else _IDLE_ROWS
                yield start, end
            elif column and len(joined) > _LONGEST_CELL:
                left = 0
        above, start = joined, end + 1
