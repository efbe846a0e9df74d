"""The figures that the narrative parts of a report state, with nothing inferred."""

import re
from collections.abc import Sequence

from gongkai.rulebook.report_rules import ProseFigures

_NUMBER = r"(\d{1,9})"
# The ways in which reports name the channels, under the name they have in the form's instructions.
_CHANNELS = {
    "当面": r"(?:当面|现场|窗口)",
    "传真": r"传真",
    "网络": r"(?:网络|网上|网站|在线|互联网|平台|电子邮件|邮箱)",
    "信函": r"(?:信函|邮寄|信件|函件|邮政|来信)",
    "其他": r"(?:其他|其它)(?:方式|渠道|形式|途径)",
}
_ACT = r"(?:方式|渠道|形式|途径)?(?:申请|提交|提出|递交|受理|收到)?(?:的)?(?:申请)?"
_RECEIVED = re.compile(
    rf"(?:受理|收到|新收|接收|收到和处理)(?:的)?(?:政府|政务)?(?:信息)?(?:公开)?(?:依)?申请(?:公开)?(?:共|共计)?{_NUMBER}件"
)
_CHANNEL = {
    name: re.compile(rf"{words}{_ACT}(?:共|共计)?{_NUMBER}(?:件|份|次)") for name, words in _CHANNELS.items()
}
_ITEMS = re.compile(rf"主动公开(?:各类)?(?:政府|政务)?信息(?:共|共计)?{_NUMBER}余?(?:项|条|件)")
_MAILBOX = re.compile(
    rf"(?:区长|市长|县长|省长|领导|局长|主任)信箱(?:来信|信件|留言)?(?:共|共计)?{_NUMBER}(?:件|条|封)"
)
_MEDIA_LINE = re.compile(rf"政府连线(?:共|共计)?{_NUMBER}(?:件|条)")
_ASSIGNED = re.compile(rf"领导交办(?:事项|任务)?(?:共|共计)?{_NUMBER}(?:件|项)")
_FEES = re.compile(r"信息处理费|收费通知|收取.{0,12}费")


def read_prose(general: Sequence[str], others: Sequence[str] | None) -> ProseFigures:
    """The figures of part one (`general`) and whether part six (`others`, None if missing) mentions fees.

    A figure that is stated twice with different numbers is left out: which one counts is not ours to say.
    """
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", re.sub(r"\s", "", "".join(general)))
    sentences = [sentence for sentence in re.split(r"[。；;]", text) if "申请" in sentence]
    about_channels = [
        sentence for sentence in sentences if sum(bool(p.search(sentence)) for p in _CHANNEL.values()) > 1
    ]
    channels = {
        name: number
        for name, pattern in _CHANNEL.items()
        if (number := _only(pattern, about_channels)) is not None
    }
    return ProseFigures(
        received=_only(_RECEIVED, sentences),
        channels=channels,
        items=_only(_ITEMS, [text]),
        mailbox=_only(_MAILBOX, [text]),
        media_line=_only(_MEDIA_LINE, [text]),
        assigned=_only(_ASSIGNED, [text]),
        mentions_fees=None if others is None else bool(_FEES.search(re.sub(r"\s", "", "".join(others)))),
    )


def _only(pattern: re.Pattern[str], texts: Sequence[str]) -> int | None:
    numbers = {int(number) for text in texts for number in pattern.findall(text)}
    return numbers.pop() if len(numbers) == 1 else None
