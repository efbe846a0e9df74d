"""The page tags of the site guide (国办发〔2017〕47号, rulebook 7.1): names, meaning, on which pages they are required."""

import re
from dataclasses import dataclass

from gongkai.rulebook.datafiles import load

LAW = "国办发〔2017〕47号"
LEVELS = ("site", "column", "article")


@dataclass(frozen=True, slots=True)
class PageTag:
    """One tag. group: site, column or article; required: the kinds of page that must carry it; several: whether it may
    have several values, divided by ";"; form: a pattern of its value."""

    name: str
    group: str
    label: str
    required: tuple[str, ...]
    several: bool
    form: str = ""


TAGS = tuple(PageTag(**{**row, "required": tuple(row["required"])}) for row in load("page_tags")["tags"])
BY_NAME = {tag.name: tag for tag in TAGS}
# How offices divide words where the guide wants ";".
_DIVIDERS = re.compile(r"[；，、,\s]+")
_WRONG = re.compile(r"[；，、,]")


def required(level: str) -> tuple[str, ...]:
    """Names of the tags that a page of this kind (site, column, article) must carry by the table."""
    return tuple(tag.name for tag in TAGS if level in tag.required)


def joined(words: str) -> str:
    """Several values as the tags want them: “补偿、征收” → “补偿;征收”."""
    return ";".join(part for part in _DIVIDERS.sub(";", words).split(";") if part)


def faults(values: dict[str, str], needed: tuple[str, ...]) -> list[str]:
    """What is wrong with the tags of a page, as short Chinese words: missing, misspelt, or of a wrong form.

    values: name → content as they stand in the head; needed: names that must be there.
    """
    found = [f"缺少{name}" for name in needed if not values.get(name, "").strip()]
    spelt = {tag.name.lower(): tag.name for tag in TAGS}
    for name, value in values.items():
        right = spelt.get(name.lower())
        # “keywords” and “description” in small letters are tags of HTML itself.
        if right and name != right and name not in ("keywords", "description", "author"):
            found.append(f"{name}应写作{right}")
        tag = BY_NAME.get(name)
        if tag is None or not value.strip():
            continue
        if tag.form and not re.fullmatch(tag.form, value):
            found.append(f"{name}的格式不对：{value[:30]}")
        if tag.several and _WRONG.search(value) and name in ("Keywords", "ColumnKeywords"):
            found.append(f"{name}的多个值应以“;”分开：{value[:30]}")
    return found
