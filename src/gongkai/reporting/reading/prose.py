"""The figures that the narrative parts of a report state, with nothing inferred.

A sentence is taken only where its own words say what its figure counts; a figure of another year, of a quarter or
of one kind of many is left alone. Which cells a figure must agree with is `rulebook.prose_checks`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.rulebook.report_form import APPLICATION_ROWS
from gongkai.rulebook.report_rules import Enumeration, Figure, ProseFigures, Statement
from gongkai.rulebook.text import fold_width

_UNIT = "(?:件|宗|份|条|例|起|项|次|个|部|封)"
_CASE = "(?:件|宗|份|条|例|起|次)"
_NUMBER = r"(\d{1,9})"
_IN_ALL = "(?:一?共计?|共有|总计|合计|累计|总数)?(?:为|是|有)?"
# The ways in which reports name the channels, under the name they have in the form's instructions.
_CHANNELS = {
    "当面": r"(?:当面|现场|窗口)",
    "传真": r"传真",
    "网络": r"(?:网络|网上|网站|在线|互联网|平台|电子邮件|邮箱)",
    "信函": r"(?:信函|邮寄|信件|函件|邮政|来信)",
    "其他": r"(?:其他|其它)(?:方式|渠道|形式|途径)",
}
_ACT = r"(?:方式|渠道|形式|途径)?(?:申请|提交|提出|递交|受理|收到)?(?:的)?(?:申请)?"
_CHANNEL = {
    name: re.compile(rf"{words}{_ACT}(?:共|共计)?{_NUMBER}(?:件|份|次)") for name, words in _CHANNELS.items()
}
_ANY_CHANNEL = re.compile("|".join(_CHANNELS.values()))
_APPLICATION = "(?:政府|政务)?(?:信息)?(?:公开)?(?:依)?申请(?:公开)?(?:政府信息)?(?:事项|数量|件)?"
_RECEIVE = "(?:受理|收到|新收|接收|收到和处理|接到)"
_NIL_RECEIVED = re.compile(
    rf"(?:未|没有|无){_RECEIVE}(?:任何|过)?(?:公民|法人|其他组织|[、和或])*(?:提出)?(?:的)?(?:政府)?信息公开(?:的)?申请"
)
_NIL_REMEDIES = re.compile(
    r"(?:未|没有|无)(?:发生|出现|收到|产生|被提起)?(?:因)?(?:政府)?(?:信息公开)?(?:工作)?(?:而)?(?:被)?(?:引起|引发|提起)?(?:的)?"
    r"(?:申请)?行政复议(?:案件)?(?:[、和或及](?:被)?(?:提起)?(行政)?诉讼)?"
)
_ITEMS = re.compile(rf"主动公开(?:各类)?(?:政府|政务)?信息(?:共|共计)?{_NUMBER}余?(?:项|条|件)")
_MAILBOX = re.compile(
    rf"(?:区长|市长|县长|省长|领导|局长|主任)信箱(?:来信|信件|留言)?(?:共|共计)?{_NUMBER}(?:件|条|封)"
)
_MEDIA_LINE = re.compile(rf"政府连线(?:共|共计)?{_NUMBER}(?:件|条)")
_ASSIGNED = re.compile(rf"领导交办(?:事项|任务)?(?:共|共计)?{_NUMBER}(?:件|项)")
_FEES = re.compile(r"信息处理费|收费通知|收取.{0,12}费")

_YEAR = re.compile(r"((?:19|20)\d\d)年")
# Between these words and a figure stands what is compared with this year, or a part of the year.
_NOT_THIS_YEAR = re.compile(
    r"(?:上一?年(?!度?结转)|去年|前年|往年|历年|同比|环比|季度|半年|每月|月均|年均|[1-9]月份|"
    r"超过|近|约|达到历史|目标|计划|力争|十三五|十四五|以来累计|自\D{0,6}(?:19|20)\d\d年)"
)
_SCOPE = re.compile(
    r"全[市区县省州旗盟镇乡]|全系统|各(?:级行政机关|级|部门|单位|县区|区县|县市区|县|区|乡镇|镇街|街道)|(?:市|区|县|省|州)(?:直|级)(?:各)?(?:部门|单位)|"
    r"[市区县省州]本级|本机关|本级政府|下属单位|所属单位|(?:市|区|县|省)政府(?:及其?办公[室厅])?(?=共?(?:受理|收到|新收|接收|办理))"
)
_OTHER_MATTER = re.compile(r"信箱|热线|留言|提案|建议|议案|咨询|信访|工单|解读|12345|网民")
_PAGE = re.compile(r"[-—–·]\s*\d{1,4}\s*[-—–·]|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?")
_LONGEST = 2_000
_SENTENCE_END = re.compile(r"[。；;！!？?]")
_OPENING = re.compile(r"[,，:：、;；。()（）]")


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of words that states a figure in its first group; `within` must stand in the sentence too."""

    subject: str
    words: re.Pattern[str]
    within: str = ""


def _forms() -> Iterator[_Form]:
    def form(subject: str, words: str, within: str = "") -> _Form:
        return _Form(subject, re.compile(words), within)

    yield form("received", rf"{_RECEIVE}(?:的)?(?:各类)?{_APPLICATION}{_IN_ALL}{_NUMBER}{_CASE}")
    yield form(
        "received", rf"{_RECEIVE}(?:的)?(?:各类)?{_NUMBER}{_CASE}(?:政府|政务)?(?:信息)?公开(?:的)?申请"
    )
    yield form("carried_over", rf"上一?年度?结转(?:的)?(?:{_APPLICATION})?{_IN_ALL}{_NUMBER}{_CASE}")
    forward = r"(?:结转|顺延|转)(?:至|到|入)?(?:下|次)一?年度?"
    yield form(
        "carried_forward",
        rf"{forward}(?:继续)?(?:办理|答复|处理)?(?:的)?(?:申请)?{_IN_ALL}{_NUMBER}{_CASE}",
        "申请",
    )
    yield form(
        "carried_forward", rf"{_NUMBER}{_CASE}(?:申请)?(?:正在办理[,，]?)?{forward}(?!\D{{0,8}}\d)", "申请"
    )
    yield form(
        "dealt_with",
        rf"(?:办结|答复|办理完毕)(?:的)?(?:政府信息公开)?(?:申请)?{_IN_ALL}{_NUMBER}{_CASE}",
        "申请",
    )
    yield form("dealt_with", rf"(?:已|均)?(?:按期|依法|按时|全部)?(?:办结|答复){_NUMBER}{_CASE}", "申请")
    labels = ("予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理")
    for number, label in enumerate(labels, 1):
        before = "(?<!部分)(?<!不)" if number == 1 else ""
        quoted = rf"{before}[“\"‘]?{label}[”\"’]?"
        yield form(f"outcome_{number}", rf"{quoted}(?:的)?(?:申请)?{_IN_ALL}{_NUMBER}{_CASE}")
        yield form(f"outcome_{number}", rf"{_NUMBER}{_CASE}(?:申请)?(?:为|属于|系|作出)?{quoted}(?!的?\d)")
    for row in APPLICATION_ROWS:
        if row.group and row.label != "3.其他":
            label = re.escape(re.sub(r"^\d\.|[“”]", "", row.label)).replace("三安全", '[“"]?三安全')
            label = label.replace("一稳定", '一稳定[”"]?')
            yield form(row.key, rf"{label}(?:的)?{_IN_ALL}{_NUMBER}{_CASE}")
    yield form(
        "natural_persons",
        rf"(?:公民|自然人)(?:申请人)?(?:申请|提出|提交)?(?:的)?(?:申请)?{_IN_ALL}{_NUMBER}{_CASE}",
        "申请",
    )
    yield form(
        "organisations",
        rf"法人(?:或|和|及|与)?(?:者)?其[他它]组织(?:申请|提出|提交)?(?:的)?(?:申请)?{_IN_ALL}{_NUMBER}{_CASE}",
        "申请",
    )
    made = "(?:制发|制定|印发|出台|新制定)(?:了)?"
    for row_key, name in (
        ("normative_documents", "(?:行政)?规范性文件"),
        ("rules", "(?<!其)(?:政府|部门)?规章"),
    ):
        for column, verb in (
            ("made", made),
            ("repealed", "(?:废止|失效)(?:了)?"),
            ("in_force", "现行有效(?:的)?"),
        ):
            yield form(f"{row_key}.{column}", rf"{verb}{name}{_IN_ALL}{_NUMBER}(?:件|份|个|部)")
            yield form(f"{row_key}.{column}", rf"{verb}{_NUMBER}(?:件|份|个|部){name}")
    for row_key, name in (
        ("licences", "行政许可"),
        ("penalties", "行政处罚"),
        ("coercive_measures", "行政强制"),
    ):
        yield form(
            row_key,
            rf"(?:作出|办理|实施|办结)(?:各类)?{name}(?:处理)?(?:决定|事项|案件)?{_IN_ALL}{_NUMBER}{_UNIT}",
        )
        yield form(row_key, rf"{name}处理决定(?:数量)?{_IN_ALL}{_NUMBER}{_UNIT}")
    yield form(
        "charges",
        rf"行政事业性收费(?:金额|总额)?{_IN_ALL}(\d{{1,9}}(?:\.\d{{1,6}})?)((?:万|亿)?元)",
    )


_FORMS = tuple(_forms())
_OUTCOMES = frozenset(form.subject for form in _FORMS if form.subject.startswith(("outcome_", "r3_")))
_REMEDY = re.compile(r"未经复议直接起诉|复议后起诉|行政复议|行政诉讼")
_REMEDY_KEYS = {
    "未经复议直接起诉": "direct_litigation",
    "复议后起诉": "litigation_after_reconsideration",
    "行政复议": "reconsideration",
    "行政诉讼": "litigation",
}
_REMEDY_FIGURE = re.compile(
    rf"(?P<kind>未经复议直接起诉|复议后起诉|行政复议|行政诉讼)(?:的)?(?:案件|申请|案)?{_IN_ALL}(?P<total>\d{{1,9}}){_CASE}"
    rf"|(?P<before>\d{{1,9}}){_CASE}(?P<named>行政复议|行政诉讼)(?!申请人)"
    rf"|(?P<result>结果维持|结果纠正|其他结果|其它结果|尚未审结)(?:的)?{_IN_ALL}(?P<number>\d{{1,9}}){_CASE}"
)
_RESULTS = {
    "结果维持": "upheld",
    "结果纠正": "corrected",
    "其他结果": "other_result",
    "其它结果": "other_result",
    "尚未审结": "pending",
}
_SCOPE_UNSAID = "未写明是政府信息公开案件"
_CARRIED_TOO = re.compile(r"^[(（,，]?(?:其中)?(?:包?含|包括)(?:了)?上一?年度?结转")


# The text of a part, without what a page adds ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    """Lines as one text without spaces, and for each character the index of its line."""

    text: str
    lines: tuple[int, ...]

    @classmethod
    def of(cls, lines: Sequence[str], numbers: Sequence[int] | None) -> "_Text":
        chars: list[str] = []
        places: list[int] = []
        for number, line in enumerate(lines):
            if _PAGE.fullmatch(line.strip()):
                continue
            compact = re.sub(r"\s", "", fold_width(line)).replace("\x1f", "，")
            chars.append(compact)
            places += [numbers[number] if numbers is not None else number] * len(compact)
        text = "".join(chars)
        separators = {found.start() for found in re.finditer(r"(?<=\d),(?=\d{3}(?!\d))", text)}
        kept = [place for place in range(len(text)) if place not in separators]
        return cls("".join(text[place] for place in kept), tuple(places[place] for place in kept))

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Each sentence with the offset at which it begins; one that is no sentence by its length in pieces."""
        ends = [*_SENTENCE_END.finditer(self.text)]
        starts = [0, *(end.end() for end in ends)]
        stops = [*(end.start() for end in ends), len(self.text)]
        for start, stop in zip(starts, stops, strict=True):
            for piece in range(start, max(stop, start + 1), _LONGEST):
                yield piece, self.text[piece : min(piece + _LONGEST, stop)]

    def line(self, offset: int) -> int:
        return self.lines[min(offset, len(self.lines) - 1)] if self.lines else -1


def read_prose(
    general: Sequence[str],
    others: Sequence[str] | None,
    *,
    year: int | None = None,
    numbers: Sequence[int] | None = None,
) -> ProseFigures:
    """The figures of part one (`general`) and whether part six (`others`, None if missing) mentions fees.

    `year`: the year of the report; figures of another year are left alone. `numbers`: for each line of `general`
    its index in the file, for the places of what is found. As one figure (`received`, `channels` …) a figure that
    is stated twice with different numbers is left out: which one counts is not ours to say.
    """
    text = _Text.of(general, numbers)
    about = [(start, sentence) for start, sentence in text.sentences() if "申请" in sentence]
    by_channel = [
        (start, sentence)
        for start, sentence in about
        if sum(bool(p.search(sentence)) for p in _CHANNEL.values()) > 1
    ]
    channels = {
        name: number
        for name, pattern in _CHANNEL.items()
        if (number := _only(pattern, [sentence for _, sentence in by_channel])) is not None
    }
    statements = tuple(dict.fromkeys(_statements(text, year)))
    received = {one.number for one in statements if one.subject == "received"}
    return ProseFigures(
        received=int(received.pop()) if len(received) == 1 else None,
        channels=channels,
        items=_only(_ITEMS, [text.text]),
        mailbox=_only(_MAILBOX, [text.text]),
        media_line=_only(_MEDIA_LINE, [text.text]),
        assigned=_only(_ASSIGNED, [text.text]),
        mentions_fees=None if others is None else bool(_FEES.search(re.sub(r"\s", "", "".join(others)))),
        statements=statements,
        enumerations=tuple(_enumerations(text)),
        channel_lines=tuple(
            text.line(start + found.start())
            for start, sentence in by_channel[:1]
            for pattern in _CHANNEL.values()
            if (found := pattern.search(sentence))
        )[:1],
    )


def _only(pattern: re.Pattern[str], texts: Sequence[str]) -> int | None:
    numbers = {int(number) for text in texts for number in pattern.findall(text)}
    return numbers.pop() if len(numbers) == 1 else None


# Statements ----------------------------------------------------------------------------------------------


def _statements(text: _Text, year: int | None) -> Iterator[Statement]:
    for start, sentence in text.sentences():
        if not re.search(r"\d|未|无|没有", sentence):
            continue
        for form in _FORMS:
            if form.within not in sentence:
                continue
            for found in form.words.finditer(sentence):
                if not _stands(form, sentence, found, year):
                    continue
                scope = _scope(sentence, found)
                yield Statement(
                    form.subject,
                    _figure(found),
                    _clause(sentence, found),
                    text.line(start + found.start(1)),
                    scope,
                )
        yield from _remedies(text, start, sentence, year)
        yield from _nil(text, start, sentence, year)


def _figure(found: re.Match[str]) -> Figure:
    if found.re.groups == 1:
        return int(found[1])
    factor = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}[found[2]]
    return (Decimal(found[1]) * factor).normalize()


def _stands(form: _Form, sentence: str, found: re.Match[str], year: int | None) -> bool:
    """Whether the figure is one of this year, of the whole, and of the matter that the words say."""
    if found.start(1) and sentence[found.start(1) - 1] in "0123456789.":
        return False
    clause = _before(sentence, found.start())
    if _NOT_THIS_YEAR.search(clause + found[0]) or _of_another_year(sentence[: found.start()], year):
        return False
    if form.subject in ("received", "dealt_with"):
        # "其中网络平台收到申请3件" is a part of what was received.
        if _ANY_CHANNEL.search(clause) or "其中" in clause or re.search("自然人|公民|法人|组织", clause):
            return False
        return not _OTHER_MATTER.search(clause + found[0]) and not re.search(
            "复议|诉讼|补正|当场|首次", clause
        )
    if form.subject in _OUTCOMES:
        return not re.search("复议|诉讼|复议机关|法院", sentence[: found.start()]) and "主动" not in clause
    if form.subject in ("licences", "penalties", "coercive_measures"):
        return not re.search("公开|公示|发布|归集|信息|双公示", clause + found[0])
    return True


def _before(sentence: str, offset: int) -> str:
    """What stands in the same clause before the figure's words."""
    marks = [mark.end() for mark in _OPENING.finditer(sentence, 0, offset)]
    return sentence[marks[-1] if marks else 0 : offset]


def _of_another_year(before: str, year: int | None) -> bool:
    years = [int(found[1]) for found in _YEAR.finditer(before)]
    if not years:
        return False
    return years[-1] != year if year is not None else len(set(years)) > 1


def _clause(sentence: str, found: re.Match[str]) -> str:
    return (_before(sentence, found.start()) + found[0])[-40:]


def _scope(sentence: str, found: re.Match[str]) -> str:
    wide = [one[0] for one in _SCOPE.finditer(sentence, 0, found.start())]
    scope = wide[-1] if wide else ""
    return scope + "（含上年结转）" if _CARRIED_TOO.match(sentence[found.end() :]) else scope


def _remedies(text: _Text, start: int, sentence: str, year: int | None) -> Iterator[Statement]:
    if "复议" not in sentence and "诉讼" not in sentence and "起诉" not in sentence:
        return
    unsaid = "" if re.search("信息公开|政务公开|申请", sentence) else _SCOPE_UNSAID
    kind = ""
    for found in _REMEDY_FIGURE.finditer(sentence):
        named = [one[0] for one in _REMEDY.finditer(sentence, 0, found.end())]
        kind = named[-1] if named else kind
        if not kind or _of_another_year(sentence[: found.start()], year):
            continue
        clause = _before(sentence, found.start())
        if _NOT_THIS_YEAR.search(clause + found[0]) or ("其中" in clause and found["result"] is None):
            continue
        key = _REMEDY_KEYS[kind]
        if found["result"]:
            subject, number = f"{key}.{_RESULTS[found['result']]}", int(found["number"])
        else:
            subject, number = f"{key}.total", int(found["total"] or found["before"])
        words = _clause(sentence, found)
        if kind not in words:
            words = f"{kind}……{words}"
        scope = _scope(sentence, found) or unsaid
        yield Statement(subject, number, words, text.line(start + found.start()), scope)


def _nil(text: _Text, start: int, sentence: str, year: int | None) -> Iterator[Statement]:
    """Sentences that say there was none: 未收到政府信息公开申请, 未发生行政复议、行政诉讼."""
    for pattern, subjects in ((_NIL_RECEIVED, ("received",)), (_NIL_REMEDIES, ("reconsideration.total",))):
        for found in pattern.finditer(sentence):
            clause = _before(sentence, found.start())
            if _of_another_year(sentence[: found.start()], year) or _NOT_THIS_YEAR.search(clause):
                continue
            line, scope = text.line(start + found.start()), _scope(sentence, found)
            for subject in (*subjects, *(("litigation.total",) if "诉讼" in found[0] else ())):
                yield Statement(subject, 0, _clause(sentence, found), line, scope)


# Lists that must add up ----------------------------------------------------------------------------------

_TOTAL = re.compile(
    rf"{_NUMBER}{_CASE}(?P<how>[,，]?(?:其中|包括|分别(?:为|是))[:：,，]?|[:：]|[(（](?:其中)?[:：]?)"
)
_PART = re.compile(r"([^\d,，、:：()（）+＋]{1,18}?)(\d{1,9})(?:件|宗|份|条|例|起|次)")
_FORMULA = re.compile(r"[:：(（=＝]?(\d{1,9}(?:[+＋]\d{1,9})+)")
_BETWEEN = re.compile(r"[,，、和及以:：]*(?:其中)?")
_PERSONS = re.compile("自然人|公民|法人")


def _enumerations(text: _Text) -> Iterator[Enumeration]:
    for start, sentence in text.sentences():
        for found in _TOTAL.finditer(sentence):
            rest = sentence[found.end() :]
            if "(" in found["how"] or "（" in found["how"]:
                rest = re.split(r"[)）]", rest)[0]
            parts = _parts(rest)
            words = (_before(sentence, found.start()) + sentence[found.start() :])[:60]
            line = text.line(start + found.start())
            if formula := _FORMULA.match(rest):
                numbers = [int(one) for one in re.split("[+＋]", formula[1])]
                yield Enumeration(int(found[1]), tuple(("", one) for one in numbers), words, line)
            elif _complete(parts, found["how"], int(found[1])):
                yield Enumeration(int(found[1]), tuple(parts), words, line)


def _parts(rest: str) -> list[tuple[str, int]]:
    """The parts that follow one another, each a name and a number."""
    parts: list[tuple[str, int]] = []
    place = 0
    while found := _PART.match(rest, _BETWEEN.match(rest, place).end()):  # type: ignore[union-attr]
        parts.append((found[1], int(found[2])))
        place = found.end()
    return parts


def _complete(parts: Sequence[tuple[str, int]], how: str, total: int) -> bool:
    """Whether the parts are of one kind and meant as all of the total; else nothing can be said of their sum."""
    names = [name for name, _ in parts]
    if len(parts) < 2 or len(set(names)) < len(names):
        return False
    channels = [next((c for c, words in _CHANNELS.items() if re.search(words, name)), None) for name in names]
    if all(channels):
        return len(set(channels)) == len(channels)
    if all(_PERSONS.search(name) for name in names):
        return len(names) == 2 and "法人" in names[0] + names[1]
    if all(any(result in name for result in _RESULTS) for name in names):
        return len(names) == 4 or sum(number for _, number in parts) > total
    return "其中" not in how and ("包括" in how or "分别" in how)
