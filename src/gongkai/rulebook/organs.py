"""What the full name of an organ tells of it: its level, and whether it is the government itself.

Municipalities, provinces and autonomous regions are told by their names; whether a 市 is a city with districts or a
county-level city only a list tells (data/cities.json, entered from memory: an administrator checks it).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from gongkai.rulebook.datafiles import load

Level = Literal["state", "province", "city", "county", "town"]

MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
REGIONS = ("内蒙古自治区", "广西壮族自治区", "西藏自治区", "宁夏回族自治区", "新疆维吾尔自治区")
PROVINCES = tuple(
    f"{name}省"
    for name in [
        "河北",
        "山西",
        "辽宁",
        "吉林",
        "黑龙江",
        "江苏",
        "浙江",
        "安徽",
        "福建",
        "江西",
        "山东",
        "河南",
        "湖北",
        "湖南",
        "广东",
        "海南",
        "四川",
        "贵州",
        "云南",
        "陕西",
        "甘肃",
        "青海",
        "台湾",
    ]
)
LEVEL_LABELS: Mapping[Level, str] = {
    "state": "国务院部门",
    "province": "省级",
    "city": "设区的市级",
    "county": "县级",
    "town": "乡级",
}
_GOVERNMENT = "人民政府"
_PROVINCE = re.compile("|".join((*PROVINCES, *REGIONS, *MUNICIPALITIES)))
_COUNTY = re.compile(
    r"[^省市县]{1,14}?(?:自治县|自治旗|(?<!小)(?<!街)(?<!社)(?<!园)(?<!开发)(?<!新)区|新区|县|旗)"
)
_TOWN = re.compile(r"[^省市县区]{1,12}?(?:街道办事处|街道|镇|乡)(?=人民政府|办事处|$|党政|综合)")


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ by its name.

    `place` is the part that names its territory; `province` the one it lies in, '' where the name does not tell.
    """

    name: str
    level: Level | None
    government: bool
    province: str = ""
    place: str = ""

    @property
    def own_words(self) -> str:
        """How such an organ speaks of its territory: 我省, 我市, 我县, 我区 …; '' where the name does not tell."""
        ends = {"county": "县区市旗", "city": "市州盟", "province": "省市区", "town": "镇乡街"}
        if self.level is None or self.level == "state":
            return ""
        return self.place[-1:] if self.place[-1:] in ends[self.level] else ""


@cache
def _cities() -> Mapping[str, frozenset[str]]:
    """Province → the names of its cities with districts and of the four cities without, with 市."""
    return {
        province: frozenset(f"{name}市" for name in names)
        for province, names in load("cities")["cities"].items()
    }


@cache
def _prefectures() -> frozenset[str]:
    return frozenset(f"{name}自治州" for name in load("cities")["autonomous_prefectures"])


def is_city(name: str, province: str = "") -> bool:
    """Whether 淮安市 is on the list of cities, in that province where one is named."""
    if province:
        return name in _cities().get(province, frozenset())
    return any(name in names for names in _cities().values())


def is_prefecture(name: str) -> bool:
    """Whether 延边朝鲜族自治州 is on the list of autonomous prefectures."""
    return name in _prefectures()


def organ(name: str) -> Organ:
    """What the name tells. The level is None where it does not, as for a 市 that is on no list."""
    rest = re.sub(r"\s", "", name)
    rest = re.sub(r"^(?:中华人民共和国|国家\w{2,6}?(?:总局|局))(?=\w*[省市县区州旗])", "", rest)
    government = rest.endswith(_GOVERNMENT)
    province = level = ""
    place = ""
    if found := _PROVINCE.match(rest):
        province = place = found[0]
        level, rest = "province", rest[found.end() :]
    if (city := _city(rest, province)) is not None:
        place, rest = city, rest[len(city) :]
        level, province = "city", province or _province_of(city)
    elif found := re.match(r"[^省市县区]{1,6}市", rest):
        # A 市 on no list: below a municipality or a listed city it is of the county level.
        level, place, rest = ("county" if level else ""), found[0], rest[found.end() :]
        if province and province not in MUNICIPALITIES:
            level = ""
    if level == "city" and (found := re.match(r"[^省市县区]{1,6}市", rest)):
        level, place, rest = "county", found[0], rest[found.end() :]
    if found := _COUNTY.match(rest):
        level, place, rest = "county", found[0], rest[found.end() :]
    if found := _TOWN.match(rest):
        level, place = "town", found[0]
    if not place and re.search(r"^(?:国家|国务院)|[^省市县区]部$|^(?:审计署|海关总署|中国人民银行)", name):
        level = "state"
    return Organ(name, level or None, government, province, place)  # type: ignore[arg-type]


def _province_of(city: str) -> str:
    """The province of a listed city; '' for an autonomous prefecture."""
    return next((province for province, names in _cities().items() if city in names), "")


def _city(rest: str, province: str) -> str | None:
    """The listed city or autonomous prefecture with which the rest of a name begins."""
    if (found := re.match(r"[^省市县区]{1,6}市", rest)) and is_city(found[0], province):
        return found[0]
    if (found := re.match(r"[^省市县区]{1,14}自治州", rest)) and is_prefecture(found[0]):
        return found[0]
    return None
