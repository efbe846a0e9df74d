"""What the law wants published of an expropriation project, point by point (国务院令第590号, rulebook 9.4)."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from gongkai.rulebook.datafiles import load

ALL, AREA, RECORD = "all", "area", "record"
LAW = "《国有土地上房屋征收与补偿条例》"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the procedure at which something becomes public.

    article: of the regulation, as citation. audience: ALL, AREA: only within the area, never on a site, or RECORD: a
    step that is put on record and published nowhere. window: fewest calendar days of an opinion window, 0 for none.
    longest_months: for how long a measure lasts at most, 0 for no limit. contains: groups of words of which the text
    must bear one each. requires: points that must be on record before a text for this one is submitted. after: the point that makes this one due. optional: only where the case arises.
    """

    code: str
    label: str
    article: str
    audience: str
    words: str
    window: int = 0
    contains: tuple[tuple[str, ...], ...] = ()
    after: str = ""
    optional: bool = False
    longest_months: int = 0
    requires: tuple[str, ...] = ()

    @property
    def restricted(self) -> bool:
        """Whether it is published within the area only."""
        return self.audience == AREA

    @property
    def recorded(self) -> bool:
        """Whether it is put on record and published nowhere."""
        return self.audience == RECORD


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of project and its points in the order of the procedure."""

    code: str
    label: str
    points: tuple[Point, ...]

    def point(self, code: str) -> Point | None:
        return next((point for point in self.points if point.code == code), None)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done of a point: its first day, and the last day of an opinion window where it had one."""

    point: str
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a project breaks: at which point, in one sentence with its cure, and the article."""

    point: str
    words: str
    law: str


_NUMERALS = "零一二三四五六七八九"


def _article(number: str) -> str:
    if not number:
        return "《政府信息公开条例》第二十条第十项"
    tens, ones = divmod(int(number), 10)
    head = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return f"{LAW}第{head}{_NUMERALS[ones] if ones else ''}条"


def _point(row: Mapping[str, object]) -> Point:
    said = dict(row)
    said["article"] = _article(str(row["article"]))
    contains: Iterable[Iterable[str]] = row.get("contains", ())  # type: ignore[assignment]
    said["contains"] = tuple(tuple(group) for group in contains)
    requires: Iterable[str] = row.get("requires", ())  # type: ignore[assignment]
    said["requires"] = tuple(requires)
    return Point(**said)  # type: ignore[arg-type]


_DATA = load("expropriation")
_POINTS = {name: tuple(_point(row) for row in rows) for name, rows in _DATA["points"].items()}
KINDS: Mapping[str, Kind] = MappingProxyType(
    {row["code"]: Kind(row["code"], row["label"], _POINTS[row["points"]]) for row in _DATA["kinds"]}
)


def lacking(point: Point, text: str) -> list[str]:
    """What an announcement must contain and does not: the first word of each group."""
    return [group[0] for group in point.contains if not any(word in text for word in group)]


def ends_by(point: Point, start: date) -> date | None:
    """The last day of a measure that began on `start`; None where the law sets no limit.

    The day with the same number, or the last of its month (《民法典》第二百零一条、第二百零二条).
    """
    if not point.longest_months:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + point.longest_months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def unrecorded(kind: Kind, point: Point, done: Iterable[Done]) -> list[Point]:
    """What must be on record before a text for a point is submitted, and is not."""
    there = {row.point for row in done}
    return [each for each in kind.points if each.code in point.requires and each.code not in there]


def window_days(start: date, end: date) -> int:
    """Days of an opinion window; the day on which it is published is not counted."""
    return (end - start).days


def breaches(kind: Kind, done: Sequence[Done], today: date) -> list[Breach]:
    """What is wrong with the points of a project as they stand on a day, in the order of the procedure.

    A window that is too short; a point that became due and is not published; a point that was passed over while a
    later one is published.
    """
    first: dict[str, date] = {}
    ends: dict[str, date] = {}
    latest: dict[str, date] = {}
    for row in done:
        first[row.point] = min(row.on, first.get(row.point, row.on))
        if row.until:
            ends[row.point] = max(row.until, ends.get(row.point, row.until))
            latest[row.point] = row.until
    found = []
    for place, point in enumerate(kind.points):
        if point.code in first:
            found += _window(point, first[point.code], ends.get(point.code), today)
            found += _measure(point, first[point.code], latest.get(point.code), today)
            continue
        if point.optional:
            continue
        if point.after and point.after in first:
            ended = ends.get(point.after)
            if ended is None or ended < today:
                words = f"“{point.label}”尚未公布：征求意见已经公布，请及时公布其情况和修改情况。"
                found.append(Breach(point.code, words, point.article))
                continue
        following = (each for each in kind.points[place + 1 :] if not each.recorded)
        later = next((each for each in following if each.code in first), None)
        if later is not None:
            way = _CURES[point.audience]
            words = f"“{point.label}”没有记录，而其后的“{later.label}”已经公布：请{way}。"
            found.append(Breach(point.code, words, point.article))
    return found


_CURES = {ALL: "补充公布", AREA: "登记在征收范围内公布的情况", RECORD: "登记办理情况"}


def _measure(point: Point, on: date, until: date | None, today: date) -> list[Breach]:
    """Whether a measure says its end, within the longest that the law allows."""
    last = ends_by(point, on)
    if last is None:
        return []
    longest = f"最长不超过{point.longest_months // 12}年，至{last.isoformat()}止"
    if until is None:
        return [
            Breach(point.code, f"“{point.label}”没有写明截止日期：{longest}，请补充登记。", point.article)
        ]
    if until > last:
        return [
            Breach(point.code, f"“{point.label}”的期限过长：{longest}，请改正后重新登记。", point.article)
        ]
    return []


def _window(point: Point, on: date, until: date | None, today: date) -> list[Breach]:
    if not point.window:
        return []
    if until is None:
        words = f"“{point.label}”没有写明截止日期：期限不得少于{point.window}日，请补充截止日期。"
        return [Breach(point.code, words, point.article)]
    days = window_days(on, until)
    if days >= point.window:
        return []
    cure = "请延长截止日期" if until >= today else "请重新公布征求意见"
    words = f"“{point.label}”的期限只有{days}日，不得少于{point.window}日：{cure}。"
    return [Breach(point.code, words, point.article)]
