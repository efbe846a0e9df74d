"""What the law wants published of an expropriation project, point by point (国务院令第590号, rulebook 9.4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from gongkai.rulebook.datafiles import load

AREA = "area"
LAW = "《国有土地上房屋征收与补偿条例》"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the procedure at which something becomes public.

    article: of the regulation, as citation. audience: all, or AREA: only within the area, never on a site. window:
    fewest calendar days of an opinion window, 0 for none. contains: groups of words of which the text must bear one
    each. after: the point that makes this one due. optional: only where the case arises.
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

    @property
    def restricted(self) -> bool:
        """Whether it is published within the area only."""
        return self.audience == AREA


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
    return Point(**said)  # type: ignore[arg-type]


_DATA = load("expropriation")
_POINTS = {name: tuple(_point(row) for row in rows) for name, rows in _DATA["points"].items()}
KINDS: Mapping[str, Kind] = MappingProxyType(
    {row["code"]: Kind(row["code"], row["label"], _POINTS[row["points"]]) for row in _DATA["kinds"]}
)


def lacking(point: Point, text: str) -> list[str]:
    """What an announcement must contain and does not: the first word of each group."""
    return [group[0] for group in point.contains if not any(word in text for word in group)]


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
    for row in done:
        first[row.point] = min(row.on, first.get(row.point, row.on))
        if row.until:
            ends[row.point] = max(row.until, ends.get(row.point, row.until))
    found = []
    for place, point in enumerate(kind.points):
        if point.code in first:
            found += _window(point, first[point.code], ends.get(point.code), today)
            continue
        if point.optional:
            continue
        if point.after and point.after in first:
            ended = ends.get(point.after)
            if ended is None or ended < today:
                words = f"“{point.label}”尚未公布：征求意见已经公布，请及时公布其情况和修改情况。"
                found.append(Breach(point.code, words, point.article))
                continue
        later = next((each for each in kind.points[place + 1 :] if each.code in first), None)
        if later is not None:
            way = "登记在征收范围内公布的情况" if point.restricted else "补充公布"
            words = f"“{point.label}”没有记录，而其后的“{later.label}”已经公布：请{way}。"
            found.append(Breach(point.code, words, point.article))
    return found


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
